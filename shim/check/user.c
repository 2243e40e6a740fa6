// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies between a driver and user memory, looked at before they are made.
 *
 * A copy is wrong when the driver's side of it is not all one live object,
 * whatever the user's side is (as CONFIG_HARDENED_USERCOPY has it; of objects
 * on stacks and of static ones ASan alone knows the size); and when, inside of
 * a read() or write(), it begins in the user's buffer and goes on behind it: the
 * memory there is the user's too, a kernel could not tell. (A driver that
 * follows a user pointer is caught by host/memory.c.)
 *
 * Nor may a user get what nobody has written, which may be anything: by a copy,
 * or in a page that is mapped to him (as KMSAN has it; host/unwritten.c says
 * what is seen in which build). That is told, and the copy is made.
 */
#include <linux/kernel.h>

#include "check/object.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/subscriber.h"
#include "host/memory.h"
#include "host/sanitizer.h"

#ifdef UM_ASAN
void *__asan_region_is_poisoned(void *begin, size_t size);

static ssize_t room_of_object(const char *kernel, unsigned long n)
{
	const char *bad = n ? __asan_region_is_poisoned((void *)kernel, n) : NULL;

	return bad ? bad - kernel : -1;
}
#else
static ssize_t room_of_object(const char *kernel, unsigned long n)
{
	return um_block_room(kernel);
}
#endif

static bool is_drivers_own(const char *what, const char *kernel, unsigned long n)
{
	struct um_report r = { 0 };
	char headline[160];
	ssize_t room = room_of_object(kernel, n);

	if (room < 0)
		room = um_op_models.page_room(kernel);
	if (likely(room < 0 || n <= room))
		return true;
	host_snprintf(headline, sizeof(headline),
		      "%s() of %lu bytes, of which only %zd are the driver's own object", what, n,
		      room);
	um_block_story(&r, kernel);
	um_splat_report("user memory", headline, &r);
	um_report_free(&r);
	return false;
}

/* ---- what nobody has written ---------------------------------------------------- */

/* Where what @addr lies in was allocated. */
static void add_origin(struct um_report *r, const void *addr)
{
	void *pc[HOST_FINDING_DEPTH];
	unsigned int n = host_allocated_at(addr, pc, ARRAY_SIZE(pc));

	if (n) {
		um_text_add(&r->lines, "    allocated at\n");
		um_report_stack(r, "allocated", "", "        ", pc, n);
		return;
	}
	um_block_story(r, addr);
}

static void tell_unwritten(const char *how, const struct um_op *op, size_t at, size_t n)
{
	struct um_report r = { 0 };
	char headline[160];

	host_snprintf(headline, sizeof(headline),
		      "%s gives a user %zu byte%s that nobody has written, at byte %zu of %zu",
		      how, n, n == 1 ? "" : "s", at, op->size);
	if (op->object)
		um_object_birth(&r, op->object);
	else
		add_origin(&r, (const char *)op->start + at);
	um_splat_report("uninitialised memory", headline, &r);
	um_report_free(&r);
}

static void look_for_unwritten(const char *how, const struct um_op *op)
{
	size_t n, at = host_memory_find_unwritten(op->start, op->size, &n);

	if (unlikely(n))
		tell_unwritten(how, op, at, n);
}

/* ---- copies --------------------------------------------------------------------- */

static enum um_decision begin_copy(struct um_op *op)
{
	const struct um_op_task *t = um_op_task();
	unsigned long at = op->user - t->user_start;

	if (unlikely(t->user_size && at <= t->user_size && op->size > t->user_size - at)) {
		um_splat("user memory",
			 "%s() of %lu bytes at byte %lu of a user's buffer, which has %lu",
			 op->what, op->size, at, t->user_size);
		return UM_REFUSE;
	}
	if (!is_drivers_own(op->what, op->start, op->size))
		return UM_REFUSE;
	if (op->to_user)
		look_for_unwritten("copy_to_user()", op);
	return UM_GO_ON;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	switch (kind) {
	case UM_USER_COPY:
		return begin_copy(op);
	case UM_USER_MAP:
		look_for_unwritten("mmap()", op);
		return UM_GO_ON;
	default:
		host_memory_sent(op->start, op->size);
		return UM_GO_ON;
	}
}

static struct um_subscriber user = {
	.name = "user", .rank = UM_RANK_USER,
	.begins = UM_ON(UM_USER_COPY) | UM_ON(UM_USER_SENT) | UM_ON(UM_USER_MAP),
	.begin = begin,
};
UM_SUBSCRIBER(user)
