// SPDX-License-Identifier: GPL-2.0-only
/*
 * What lies on a stack: it is set up by what says so (INIT_WORK_ONSTACK() and the
 * like), as debug objects of Linux want it, and what does not lie there is not; and
 * nobody uses it when its function has returned.
 *
 * That has happened when the task has left what it was called for, or has ended; or
 * when it waits, or is the caller, and the frame in which the object was is none of
 * its stack any more. Of a task that runs elsewhere nothing is known, and nobody is
 * accused.
 *
 * Representation: the last RECORDS objects that were set up on their task's stack,
 * whatever has become of them; one that is set up where it was takes its record.
 *
 * Left out: what is on a stack and is never set up (a copy, zeros); ASan's fake
 * stacks, where a variable lies on none.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/report.h"
#include "check/stacks.h"
#include "check/subscriber.h"
#include "check/watch.h"
#include "host/host.h"

#define RECORDS	64

struct record {
	const void *object;		/* NULL: free */
	const char *sort;
	const struct um_op_task *task;	/* NULL: it has ended */
	char comm[16];
	const struct stack *set_up;
	/* the frame in which it lies, and where that returns to; 0: not found */
	uintptr_t frame;
	void *returns;
	/* what the task has come to the end of, as in UM_RETURN; NULL: not yet */
	const char *ended;
	const void *function;
};

static struct {
	struct host_lock lock;		/* guards all of it */
	struct record at[RECORDS];
	unsigned int next;		/* is written over */
	unsigned int n;
} records;

/* Lock held; or NULL. */
static struct record *find(const void *object)
{
	unsigned int i;

	for (i = 0; i < RECORDS; i++)
		if (records.at[i].object == object)
			return &records.at[i];
	return NULL;
}

static void forget(const void *object)
{
	struct record *r;

	if (!READ_ONCE(records.n))
		return;
	host_lock(&records.lock);
	r = find(object);
	if (r) {
		r->object = NULL;
		WRITE_ONCE(records.n, records.n - 1);
	}
	host_unlock(&records.lock);
}

static noinline void note(const struct um_op *op)
{
	struct um_op_task *t = um_op_task();
	const struct stack *stack = um_stack_here(UM_OP_FRAMES + 2);
	struct record *r;

	host_lock(&records.lock);
	r = find(op->object);
	if (!r) {
		r = &records.at[records.next++ % RECORDS];
		WRITE_ONCE(records.n, records.n + !r->object);
	}
	*r = (struct record){
		.object = op->object, .sort = op->what, .task = t, .set_up = stack,
	};
	r->frame = host_frame_of((uintptr_t)__builtin_frame_address(0), um_watch()->stack.high,
				 (uintptr_t)op->object, &r->returns);
	host_snprintf(r->comm, sizeof(r->comm), "%s", t->comm);
	host_unlock(&records.lock);
}

/* ---- set up as what it is -------------------------------------------------------- */

static void check_place(const struct um_op *op, bool on_stack)
{
	if (op->placed == UM_ANYWHERE || on_stack == (op->placed == UM_ON_STACK))
		return;
	if (on_stack)
		um_splat("active", "a %s on the stack of task %s is not set up as one: that is done by the function of that name with _ONSTACK or _on_stack",
			 op->what, um_op_task()->comm);
	else
		um_splat("active", "a %s is set up as one on the stack of task %s, where it does not lie",
			 op->what, um_op_task()->comm);
}

static void initialised(const struct um_op *op)
{
	const struct host_range *r;
	bool on_stack;

	if (!op->what)
		return;
	r = &um_watch()->stack;
	on_stack = (uintptr_t)op->object - r->low < r->high - r->low;
	/* nothing is known of this stack, or it is not the one of its variables */
	if (r->high && !host_on_fake_stack(op->object))
		check_place(op, on_stack);
	if (on_stack)
		note(op);
	else
		forget(op->object);
}

/* ---- used when it is not there any more ------------------------------------------- */

static void add_end(struct um_text *t, const struct record *r)
{
	char name[256];

	if (r->function) {
		host_symbolize((const char *)r->function + 1, name, sizeof(name));
		um_text_add(t, "    before %s %s ended\n", r->ended, name);
	} else if (r->ended) {
		um_text_add(t, "    before %s returned to user space (%s)\n", r->comm, r->ended);
	} else if (!r->task) {
		um_text_add(t, "    before the task ended\n");
	}
}

static void tell(const struct record *r, const char *user)
{
	struct um_report report = { .place = NULL };
	char headline[512], where[256];

	host_symbolize(um_report_place(r->set_up->pc, r->set_up->depth), where, sizeof(where));
	host_snprintf(headline, sizeof(headline), "%s of a %s on the stack of task %s, in a frame that %s has left",
		      user, r->sort, r->comm, where);
	um_text_add(&report.lines, "    set up at\n");
	um_report_stack(&report, "set up", "", "        ", r->set_up->pc, r->set_up->depth);
	add_end(&report.lines, r);
	um_splat_report("use after return", headline, &report);
	um_report_free(&report);
}

/* Is its frame still one of those from @from on? */
static bool is_there(const struct record *r, uintptr_t from)
{
	void *returns = NULL;

	return host_frame_of(from, r->task->watch->stack.high, (uintptr_t)r->object, &returns) ==
	       r->frame && returns == r->returns;
}

/* Lock held. What was read while the task went on counts for nothing. */
static bool is_left(const struct record *r)
{
	unsigned long waits;
	uintptr_t from;
	bool there;

	if (!r->task)
		return true;
	if (!r->frame)
		return r->ended;
	if (r->task == um_op_task())
		return !is_there(r, (uintptr_t)__builtin_frame_address(0));
	waits = __atomic_load_n(&r->task->waits, __ATOMIC_ACQUIRE);
	from = READ_ONCE(r->task->frame);
	if (!from)
		return r->ended;
	there = is_there(r, from);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !there && READ_ONCE(r->task->waits) == waits;
}

static void used(const struct um_op *op)
{
	struct record copy, *r;
	bool left;

	host_lock(&records.lock);
	r = find(op->object);
	left = r && is_left(r);
	if (left)
		copy = *r;
	host_unlock(&records.lock);
	if (left)
		tell(&copy, op->what);
}

/* The task goes from what it was called for. */
static void returns(const struct um_op *op)
{
	const struct um_op_task *t = um_op_task();
	struct record *r;

	host_lock(&records.lock);
	for (r = records.at; r < records.at + RECORDS; r++) {
		if (!r->object || r->task != t || (uintptr_t)r->object >= op->frame || r->ended)
			continue;
		r->ended = op->what;
		r->function = op->start;
	}
	host_unlock(&records.lock);
}

static void task_ended(struct um_op_task *t)
{
	unsigned int i;

	host_lock(&records.lock);
	for (i = 0; i < RECORDS; i++)
		if (records.at[i].task == t)
			records.at[i].task = NULL;
	host_unlock(&records.lock);
}

/* What comes to lie there may be anything, and is set up by nobody. */
static void range_is_new(const struct um_op *op)
{
	unsigned int i;

	host_lock(&records.lock);
	for (i = 0; i < RECORDS; i++) {
		struct record *r = &records.at[i];

		if (!r->object || (uintptr_t)r->object - (uintptr_t)op->start >= op->size)
			continue;
		r->object = NULL;
		WRITE_ONCE(records.n, records.n - 1);
	}
	host_unlock(&records.lock);
}

/* ---- the subscriber ---------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_INIT)
		initialised(op);
	else if (kind == UM_OFF_STACK)
		forget(op->object);
	else if (!READ_ONCE(records.n))
		return UM_GO_ON;
	else if (kind == UM_USE)
		used(op);
	else if (kind == UM_RETURN)
		returns(op);
	else
		range_is_new(op);
	return UM_GO_ON;
}

/* On and off with what is in use. */
static struct um_subscriber on_stack = {
	.name = "active", .rank = UM_RANK_ON_STACK,
	.begins = UM_ON(UM_INIT) | UM_ON(UM_OFF_STACK) | UM_ON(UM_USE) | UM_ON(UM_RETURN) |
		  UM_ON(UM_MODULE_LOADED),
	.begin = begin, .forget = task_ended,
};
UM_SUBSCRIBER(on_stack)
