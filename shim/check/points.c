// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points: where a task can be held while others run. Each operation that
 * another task could see or be seen by is one: before a lock is taken, a wait
 * begins or a count changes, after a lock is released or somebody woken, and
 * at the beginning of each basic block of a module in a build with sanitizers.
 *
 * Points are counted for each task alone. Off until somebody asks for their
 * number or wants a task held: then every atomic operation costs a call.
 */
#include "check/watch.h"
#include "host/host.h"
#include "umdev/umdev.h"

#define BEFORE (UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_WAIT) | UM_ON(UM_WORK_QUEUE) | \
		UM_ON(UM_TIMER_ARM) | UM_ON(UM_RCU_LOCK) | UM_ON(UM_RCU_CALL) | UM_ON(UM_YIELD) |		\
		UM_ON(UM_REF_GET) | UM_ON(UM_REF_TRYGET) | UM_ON(UM_REF_PUT) |		\
		UM_ON(UM_MODULE_GET) | UM_ON(UM_MODULE_TRYGET) | UM_ON(UM_MODULE_PUT) |	\
		UM_ON(UM_ACTIVE_GET) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_ATOMIC) |	\
		UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE) | UM_ON(UM_LIST_ADD) |	\
		UM_ON(UM_LIST_DEL) | UM_ON(UM_UEVENT) | UM_ON(UM_BLOCK))
#define AFTER (UM_ON(UM_UNLOCK) | UM_ON(UM_WAKE))

static noinline enum um_decision pass_point(void)
{
	struct um_op_task *t = host_task_get();

	if (!t || t->quiet)
		return UM_GO_ON;
	return likely(++t->points != READ_ONCE(t->hold_at)) ? UM_GO_ON : UM_SWITCH;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	return pass_point();
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (pass_point() == UM_SWITCH)
		um_op_models.hold();
}

static struct um_subscriber points = {
	.rank = UM_RANK_POINTS, .when_asked = true,
	.begins = BEFORE, .ends = AFTER, .begin = begin, .end = end,
};
UM_SUBSCRIBER(points)

unsigned long um_point_count(void)
{
	struct um_op_task *t = um_op_task();
	struct um_watch *w = um_watch();
	unsigned long n = t->points - w->counted;

	um_op_points();
	w->counted = t->points;
	return n;
}
