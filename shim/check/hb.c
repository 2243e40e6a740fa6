// SPDX-License-Identifier: GPL-2.0-only
/*
 * Happens-before for TSan: which step of one task is seen by which of another.
 *
 * The locks of the models are not TSan's, and what lies below them is hidden
 * from it; so each kind of operation is here in the table, with what it gives
 * before its effect and what it takes after. Atomic operations are not, nor what
 * counts references by them: TSan sees the compiler's own. Nothing in other builds.
 *
 * A kind can be left out (um_hb_forget()), to show that TSan tells the race
 * that is one then: a forgotten line of the table does not go unseen.
 */
#include "check/hb.h"
#include "check/subscriber.h"

#ifdef UMDEV_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);

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

static struct um_subscriber hb = {
	.rank = UM_RANK_HB,
	.begins = GIVES_BEFORE | TAKES_BEFORE, .ends = TAKES_AFTER | GIVES_AFTER,
	.begin = begin, .end = end,
};
UM_SUBSCRIBER(hb)

void um_hb_forget(u64 kinds)
{
	forgotten = kinds;
}
#else
void um_hb_forget(u64 kinds)
{
}
#endif
