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
 */
#include <linux/kernel.h>

#include "check/check.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/user.h"
#include "kernel/sched/sched.h"
#include "mm/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
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
		room = um_page_room(kernel);
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

void um_user_buffer_set(unsigned long start, unsigned long size, struct um_user_buffer *old)
{
	struct um_sched_task *t = um_this();

	old->start = t->user_start;
	old->size = t->user_size;
	t->user_start = start;
	t->user_size = size;
}

void um_user_buffer_restore(const struct um_user_buffer *old)
{
	struct um_sched_task *t = um_this();

	t->user_start = old->start;
	t->user_size = old->size;
}

bool um_check_user_copy(const char *what, unsigned long user, const void *kernel,
			unsigned long n)
{
	struct um_sched_task *t = um_this();

	if (um_detectors_off)
		return true;
	if (unlikely(t->user_size && user - t->user_start <= t->user_size &&
		     n > t->user_size - (user - t->user_start))) {
		um_splat("user memory",
			 "%s() of %lu bytes at byte %lu of a user's buffer, which has %lu",
			 what, n, user - t->user_start, t->user_size);
		return false;
	}
	return is_drivers_own(what, kernel, n);
}
