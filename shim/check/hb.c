// SPDX-License-Identifier: GPL-2.0-only
/*
 * Happens-before for TSan: which step of one task is seen by which of another.
 *
 * The locks of the models are not TSan's, and what lies below them is hidden
 * from it; so each kind of operation is here in the table, with what it gives
 * before its effect and what it takes after. Atomic operations are not, nor what
 * counts references by them: TSan sees the compiler's own. Nothing in other builds.
 *
 * Barriers, of which TSan knows nothing, are paired as the language pairs its
 * fences: what a task wrote before smp_wmb() is seen after smp_rmb() by who has
 * read between what the task stored behind it, by WRITE_ONCE() and READ_ONCE().
 * So it is one place in memory that orders, such as the index of a ring, and
 * not the barrier: another ring's index orders nothing of this one.
 *
 * A kind can be left out (um_hb_forget()), to show that TSan tells the race
 * that is one then: a forgotten line of the table does not go unseen.
 */
#include <linux/export.h>

#include "check/hb.h"
#include "check/subscriber.h"
#include "host/host.h"

#ifdef UMDEV_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned int flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned int flags);
#define NO_SYNC 1

/* Before it takes effect, its task gives what it has written. */
#define GIVES_BEFORE (UM_ON(UM_UNLOCK) | UM_ON(UM_DOWNGRADE) | UM_ON(UM_WAKE) | UM_ON(UM_GIVE) | \
		      UM_ON(UM_WORK_QUEUE) | UM_ON(UM_TIMER_ARM) | UM_ON(UM_RCU_UNLOCK) |	\
		      UM_ON(UM_RCU_CALL) | UM_ON(UM_TASK_START) | UM_ON(UM_ACTIVE_PUT))
/* Before it begins, what was given for its object is taken, and for what it runs on. */
#define TAKES_BEFORE (UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_RCU_RUN) |	\
		      UM_ON(UM_TASK_RUN) | UM_ON(UM_TAKE))
/* When it has taken effect. */
#define TAKES_AFTER (UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_WAIT) | UM_ON(UM_TASK_JOIN))
/* When it has run, for those who wait for its end, or for that of what it ran in. */
#define GIVES_AFTER (UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_TASK_RUN))

static u64 forgotten;

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (forgotten & UM_ON(kind))
		return UM_GO_ON;
	if (GIVES_BEFORE & UM_ON(kind))
		__tsan_release((void *)op->object);
	if (TAKES_BEFORE & UM_ON(kind)) {
		__tsan_acquire((void *)op->object);
		if (op->start)
			__tsan_acquire((void *)op->start);
	}
	return UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (outcome || forgotten & UM_ON(kind))
		return;
	if (TAKES_AFTER & UM_ON(kind))
		__tsan_acquire((void *)op->object);
	if (GIVES_AFTER & UM_ON(kind)) {
		__tsan_release((void *)op->object);
		if (op->start)
			__tsan_release((void *)op->start);
	}
}

/*
 * Two clocks of a task, each that of a fiber which never runs: TSan gives clocks
 * to nothing else. @given is the task's own as it was at its last barrier before
 * stores, @taken what its loads have come upon and a barrier is to give it.
 * They pass through the members' own addresses.
 */
struct um_clocks {
	void *given, *taken;	/* NULL until one is needed */
};

static void forget_clocks(struct um_op_task *task)
{
	if (!task->clocks)
		return;
	if (task->clocks->given)
		__tsan_destroy_fiber(task->clocks->given);
	if (task->clocks->taken)
		__tsan_destroy_fiber(task->clocks->taken);
	host_free(task->clocks);
	task->clocks = NULL;
}

static struct um_subscriber hb = {
	.rank = UM_RANK_HB,
	.begins = GIVES_BEFORE | TAKES_BEFORE, .ends = TAKES_AFTER | GIVES_AFTER,
	.begin = begin, .end = end, .forget = forget_clocks,
};
UM_SUBSCRIBER(hb)

void um_hb_forget(u64 kinds)
{
	forgotten = kinds;
}

/* ---- barriers ------------------------------------------------------------------ */

/* A mark for each place that a store behind a barrier was made to, by its hash. */
static u8 ordered[4096];

static u8 *mark(const volatile void *where)
{
	return &ordered[((unsigned long)where >> 1 ^ (unsigned long)where >> 13) % sizeof(ordered)];
}

/* As if the other one had done it; nothing is called between that TSan sees. */
static void do_as(void *fiber, void (*what)(void *addr), const volatile void *where)
{
	void *self = __tsan_get_current_fiber();

	__tsan_switch_to_fiber(fiber, NO_SYNC);
	what((void *)where);
	__tsan_switch_to_fiber(self, NO_SYNC);
}

static struct um_clocks *clocks_of(struct um_op_task *task)
{
	if (!task->clocks)
		task->clocks = host_need(sizeof(*task->clocks));
	return task->clocks;
}

/* A new one has seen what the task has. */
static void *clock(void **at)
{
	if (!*at)
		*at = __tsan_create_fiber(NO_SYNC);
	return *at;
}

/**
 * um_hb_fence() - the calling task has come to a barrier
 * @order: of the language's fence that it is
 *
 * For headers, as those that follow.
 */
void um_hb_fence(int order)
{
	struct um_clocks *c = clocks_of(um_op_task());

	if (order != __ATOMIC_RELEASE && c->taken) {
		do_as(c->taken, __tsan_release, &c->taken);
		__tsan_acquire(&c->taken);
	}
	if (order != __ATOMIC_ACQUIRE) {
		__tsan_release(&c->given);
		do_as(clock(&c->given), __tsan_acquire, &c->given);
	}
}
EXPORT_SYMBOL(um_hb_fence);

/**
 * um_hb_store() - the calling task is about to store by WRITE_ONCE()
 * @where: the place
 */
void um_hb_store(const volatile void *where)
{
	struct um_op_task *task = host_task_get();

	if (!task || !task->clocks || !task->clocks->given)
		return;
	__atomic_store_n(mark(where), 1, __ATOMIC_RELAXED);
	do_as(task->clocks->given, __tsan_release, where);
}
EXPORT_SYMBOL(um_hb_store);

/**
 * um_hb_load() - the calling task has loaded by READ_ONCE()
 * @where: the place
 */
void um_hb_load(const volatile void *where)
{
	struct um_op_task *task;

	if (!__atomic_load_n(mark(where), __ATOMIC_RELAXED))
		return;
	task = host_task_get();
	if (task)
		do_as(clock(&clocks_of(task)->taken), __tsan_acquire, where);
}
EXPORT_SYMBOL(um_hb_load);
#else
void um_hb_forget(u64 kinds)
{
}
#endif
