// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a module leaves when it goes: objects that its code made, or that lie in its
 * data, and that are still alive.
 *
 * A task inside a system call may hold one for a moment, by itself or by what
 * hangs on it, as a kernel allows. So what is found while others are inside
 * is a suspect only: it is looked at again when every system call that ran
 * then has come to its end, and told if it is still there.
 *
 * Representation: each system call has a number, and a slot where the numbers
 * of those under way are found; more calls than slots are not waited for.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/object_internal.h"
#include "check/subscriber.h"
#include "host/host.h"

#define CALLS	256

struct suspects {
	struct suspects *next;
	char module[64];
	u64 calls;		/* what ran then has a number up to this */
	unsigned int n;
	u64 *seq;		/* of the objects */
};

static struct {
	u64 running[CALLS];	/* numbers of system calls; 0: free */
	u64 last;
	struct host_lock lock;	/* guards @suspects */
	struct suspects *suspects;
} calls;

/* ---- system calls under way ------------------------------------------------------- */

static void call_begins(void)
{
	struct um_op_task *t = um_op_task();
	u64 number = __atomic_add_fetch(&calls.last, 1, __ATOMIC_SEQ_CST), none;
	unsigned int i;

	t->call = 0;
	for (i = 0; i < CALLS; i++) {
		u64 *slot = &calls.running[(number + i) % CALLS];

		none = 0;
		if (!__atomic_compare_exchange_n(slot, &none, number, false, __ATOMIC_SEQ_CST,
						 __ATOMIC_SEQ_CST))
			continue;
		t->call = (number + i) % CALLS + 1;
		return;
	}
}

/* One that began up to @last, but for the caller's own. */
static bool call_runs(u64 last)
{
	unsigned int i, own = um_op_task()->call;
	u64 number;

	for (i = 0; i < CALLS; i++) {
		number = __atomic_load_n(&calls.running[i], __ATOMIC_SEQ_CST);
		if (number && number <= last && i + 1 != own)
			return true;
	}
	return false;
}

/* ---- reports ----------------------------------------------------------------------- */

static void tell(const char *module, struct object **found, unsigned int n)
{
	struct um_report r = { 0 };
	char headline[256], holder[64];

	um_objects_tell(&um_registry, &r, found, n, holder, sizeof(holder));
	if (*holder && strcmp(holder, module))
		host_snprintf(headline, sizeof(headline),
			      "module %s holds %u object%s of module %s, which is unloaded",
			      holder, n, n == 1 ? "" : "s", module);
	else
		host_snprintf(headline, sizeof(headline),
			      "module %s is unloaded and leaves %u object%s alive", module, n,
			      n == 1 ? "" : "s");
	um_splat_report("reference", headline, &r);
	um_report_free(&r);
}

static bool is_suspect(const struct object *o, const void *arg)
{
	const struct suspects *s = arg;
	unsigned int i;

	for (i = 0; i < s->n; i++)
		if (o->seq == s->seq[i])
			return true;
	return false;
}

static void judge(struct suspects *s)
{
	struct object **found;
	unsigned int n = um_objects_gather(is_suspect, s, &found);

	if (n)
		tell(s->module, found, n);
	um_objects_release(found, n);
	host_free(s->seq);
	host_free(s);
}

/* Takes out one for which nothing has to be waited for any more. */
static struct suspects *next_to_judge(void)
{
	struct suspects **p, *s;

	host_lock(&calls.lock);
	for (p = &calls.suspects; (s = *p) && call_runs(s->calls); p = &s->next)
		;
	if (s)
		*p = s->next;
	host_unlock(&calls.lock);
	return s;
}

static void judge_all(void)
{
	struct suspects *s;

	if (likely(!READ_ONCE(calls.suspects)))
		return;
	while ((s = next_to_judge()))
		judge(s);
}

static void call_ends(void)
{
	struct um_op_task *t = um_op_task();

	if (t->call)
		__atomic_store_n(&calls.running[t->call - 1], 0, __ATOMIC_SEQ_CST);
	t->call = 0;
	judge_all();
}

static void suspect(const char *module, u64 last, struct object **found, unsigned int n)
{
	struct suspects *s = host_need(sizeof(*s));

	host_snprintf(s->module, sizeof(s->module), "%s", module);
	s->calls = last;
	s->seq = host_need(n * sizeof(*s->seq));
	for (s->n = 0; s->n < n; s->n++)
		s->seq[s->n] = found[s->n]->seq;
	host_lock(&calls.lock);
	s->next = calls.suspects;
	WRITE_ONCE(calls.suspects, s);
	host_unlock(&calls.lock);
}

/* ---- the module goes ---------------------------------------------------------------- */

/* The shim's own image: frames in it made nothing for themselves. */
extern const char __ehdr_start[] __attribute__((__visibility__("hidden")));
extern const char _end[] __attribute__((__visibility__("hidden")));

struct range {
	unsigned long start, size;
};

static bool made_in(const struct object *o, const void *arg)
{
	const struct range *r = arg;
	unsigned int i;

	/* one that this module's code had loaded is not its own */
	if (!strncmp(o->kind, "module", 6))
		return false;
	/* whoever made it, it goes with the image */
	if (~o->hidden - r->start < r->size)
		return true;
	for (i = 0; i < o->born->depth; i++) {
		unsigned long pc = (unsigned long)o->born->pc[i];

		if (pc >= (unsigned long)__ehdr_start && pc < (unsigned long)_end)
			continue;
		return pc - r->start < r->size;
	}
	return false;
}

/* The image is about to go; but not before what holds something for now has ended. */
static enum um_decision module_exits(const struct um_op *op)
{
	struct range image = { .start = (unsigned long)op->start, .size = op->size };
	u64 last = __atomic_load_n(&calls.last, __ATOMIC_SEQ_CST);
	/* asked first: a call that ends meanwhile may have held what is found */
	bool busy = call_runs(last);
	struct object **found;
	unsigned int n;

	n = um_objects_gather(made_in, &image, &found);
	if (n && op->settled && busy)
		suspect(op->what, last, found, n);
	else if (n && op->settled)
		tell(op->what, found, n);
	um_objects_release(found, n);
	judge_all();
	return n && !op->settled ? UM_AGAIN : UM_GO_ON;
}

/* ---- the subscriber ----------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_MODULE_EXITED)
		return module_exits(op);
	call_begins();
	return UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	call_ends();
}

/* On and off with the registry. */
static struct um_subscriber unload = {
	.name = "holders", .rank = UM_RANK_UNLOAD,
	.begins = UM_ON(UM_MODULE_EXITED) | UM_ON(UM_CALL),
	.ends = UM_ON(UM_CALL),
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(unload)
