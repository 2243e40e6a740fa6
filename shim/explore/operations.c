// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an operation of the task that runs makes of a schedule: it may be the point at
 * which another goes on, an alternative that it fails, or a place to mark; and others
 * may have come meanwhile.
 */
#include <linux/kernel.h>

#include "check/subscriber.h"
#include "explore/schedule_internal.h"
#include "host/fiber.h"
#include "host/host.h"
#include "host/snapshot.h"
#include "kernel/irq.h"
#include "kernel/sched/driver.h"

#define BEFORE (UM_ON(UM_LOCK) | UM_ON(UM_TRYLOCK) | UM_ON(UM_WAIT) | UM_ON(UM_WORK_QUEUE) | \
		UM_ON(UM_TIMER_ARM) | UM_ON(UM_RCU_LOCK) | UM_ON(UM_RCU_CALL) |		\
		UM_ON(UM_REF_GET) | UM_ON(UM_REF_TRYGET) | UM_ON(UM_REF_PUT) |		\
		UM_ON(UM_MODULE_GET) | UM_ON(UM_MODULE_TRYGET) | UM_ON(UM_MODULE_PUT) |	\
		UM_ON(UM_ACTIVE_GET) | UM_ON(UM_ACTIVE_PUT) | UM_ON(UM_ATOMIC) |	\
		UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE) | UM_ON(UM_LIST_ADD) |	\
		UM_ON(UM_LIST_DEL) | UM_ON(UM_UEVENT) | UM_ON(UM_IRQS_ON))
#define AFTER (UM_ON(UM_UNLOCK) | UM_ON(UM_WAKE))
/* No preemption points, but what they do may matter to others (explore/reduce.c). */
#define TOUCH (UM_ON(UM_GIVE) | UM_ON(UM_TAKE) | UM_ON(UM_RCU_UNLOCK) | UM_ON(UM_DOWNGRADE) |	\
	       UM_ON(UM_TASK_START) | UM_ON(UM_FREE) | UM_ON(UM_PAGES_FREE) |		\
	       UM_ON(UM_AREA_FREE) | UM_ON(UM_MODULE_LOADED) | UM_ON(UM_MODULE_EXITED) |	\
	       UM_ON(UM_MODULE_GONE))
#define TOUCH_AFTER UM_ON(UM_TASK_JOIN)
#define ARRIVAL (UM_ON(UM_WORK_RUN) | UM_ON(UM_TIMER_RUN) | UM_ON(UM_TASK_RUN))

/* A schedule that has come so far does not end. */
#define MAX_STEPS (1u << 17)

/* Where each operation of the last schedule was, as far as there is room. */
static u64 places[1 << 15];

static bool is_chosen(const struct um_op_task *t)
{
	return t == um_now.op && t && !t->quiet;
}

/* Kernel threads run until they arrive, which makes them alternatives; then it goes on. */
static void make_way(void)
{
	unsigned int before = um_now.arrivals;

	um_now.next = um_now.running;
	um_op_models.hold();
	um_now.has_rival |= um_now.arrivals != before;
}

/* Something is still to be chosen behind it. */
static bool wants_mark(void)
{
	if (um_now.preemptions >= um_explore_run.sh->bound &&
	    um_now.faults >= um_explore_run.x->faults)
		return false;
	return um_is_far_from_mark();
}

/* From here on is what a later schedule that goes back to the mark does, too. */
static noinline void stop_for_mark(void)
{
	um_now.next = um_now.running;
	um_now.marking = true;
	um_op_models.hold();
}

static void __noreturn never_ends(void)
{
	um_die("livelock", "after %u operations the tasks have not ended", MAX_STEPS);
}

/* Of the operation before which @pos others were: what the schedule before has done is known. */
static noinline u64 place_of(u32 pos, const void *object)
{
	void *pc[UM_PLACE_FRAMES];
	u64 place, returns;

	if (pos < um_explore_run.repeats && pos < ARRAY_SIZE(places))
		return places[pos];
	returns = host_fiber_returns(__builtin_frame_address(0), UM_OP_FRAMES + 1, UM_PLACE_FRAMES);
	place = um_known_place(object, returns);
	if (unlikely(!place))
		place = um_place(returns, pc, host_stack(pc, UM_PLACE_FRAMES, UM_OP_FRAMES + 2));
	if (pos < ARRAY_SIZE(places))
		places[pos] = place;
	return place;
}

static bool each_is_a_point(void)
{
	const struct um_exploration *x = um_explore_run.x;

	return um_explore_run.replay || x->shards > 1 || x->blocks;
}

/*
 * What it does to whom is not known before it has run. A load or store with order is for
 * what lies elsewhere, and so is always one.
 */
static bool is_point(u32 pos, enum um_kind kind, const struct um_op *op, u64 place)
{
	const um_kinds ordered = UM_ON(UM_STORE_RELEASE) | UM_ON(UM_LOAD_ACQUIRE);
	const void *object = UM_ON(kind) & ordered ? NULL : op->object;

	return pos < um_now.known || each_is_a_point() ||
	       um_meet(pos, object, um_now.running, place) || um_now.has_rival;
}

/* No preemption is left, and it is known that one was not tried. */
static bool may_be_stopped(void)
{
	return !um_is_exhausted() || !um_explore_run.sh->cut ||
	       um_explore_run.sh->pos <= um_explore_run.repeats;
}

/* Of the task that was chosen. */
static noinline bool pass(enum um_kind kind, const struct um_op *op)
{
	bool meets, stops;
	u64 place;
	u32 pos;

	if (um_fibers_others_run())
		make_way();
	if (wants_mark())
		stop_for_mark();
	pos = um_explore_run.sh->pos++;
	if (pos == MAX_STEPS)
		never_ends();
	place = place_of(pos, op->object);
	if (unlikely(um_now.handlers != READ_ONCE(um_irq_handlers))) {
		um_now.handlers = READ_ONCE(um_irq_handlers);
		um_now.has_rival = true;
	}
	meets = is_point(pos, kind, op, place);
	um_now.has_rival = kind == UM_TIMER_ARM;
	if (meets && um_explore_run.trace)
		um_trace_op(um_now.running, kind, op);
	if (um_now.reduces && UM_ON(kind) & AFTER)
		um_step_ends(um_now.running, kind, op);
	else if (um_now.reduces)
		um_step_begins(um_now.running, kind, op);
	stops = meets && may_be_stopped() && um_is_stopped_for_another(place);
	if (!stops && um_now.reduces && UM_ON(kind) & BEFORE)
		um_step_touches(um_now.running);
	return stops;
}

static bool call_fails(const struct um_op *op)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .kind = UM_AT_FAULT, .n = 2, .task = { -1, -2 },
	};

	if (!is_chosen(host_task_get()))
		return false;
	/* several may come between two operations */
	um_explore_run.sh->pos++;
	if (!um_explore_run.replay && um_now.faults >= um_explore_run.x->faults)
		return false;
	if (!um_choose(&c))
		return false;
	um_now.faults++;
	if (um_explore_run.trace)
		um_trace_op(um_now.running, UM_FALLIBLE, op);
	return true;
}

/* Whoever looks again and again for what another is to do lets it. */
static bool gives_way(void)
{
	struct um_choice c = {
		.pos = um_explore_run.sh->pos, .kind = UM_AT_STOP, .needed = true,
	};

	if (!is_chosen(host_task_get()))
		return false;
	if (um_explore_run.sh->pos++ == MAX_STEPS)
		never_ends();
	um_step_begins(um_now.running, UM_YIELD, &(struct um_op){ });
	if (um_now.reduces)
		um_touch_all(um_now.running);
	um_add_who_could_run(&c, um_now.running);
	if (!c.n)
		return false;
	um_now.next = c.task[um_choose(&c)];
	if (um_explore_run.trace)
		um_trace_switch(um_now.running, um_now.next, "gives way");
	return true;
}

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_FALLIBLE)
		return call_fails(op) ? UM_FAIL : UM_GO_ON;
	if (UM_ON(kind) & TOUCH) {
		if (is_chosen(host_task_get()))
			um_touch(um_now.running, kind, op);
		return UM_GO_ON;
	}
	if (UM_ON(kind) & ARRIVAL)
		return um_arrives(kind, op) ? UM_SWITCH : UM_GO_ON;
	/* what has come meanwhile comes now */
	if (kind == UM_IRQS_ON && (um_now.lines_came >= UM_EXPLORE_INTERRUPTS || !um_line(0)))
		return UM_GO_ON;
	if (kind == UM_YIELD)
		return gives_way() ? UM_SWITCH : UM_GO_ON;
	return is_chosen(host_task_get()) && pass(kind, op) ? UM_SWITCH : UM_GO_ON;
}

static void end(enum um_kind kind, int outcome, struct um_op *op)
{
	if (UM_ON(kind) & ARRIVAL)
		um_leaves(kind);
	else if (UM_ON(kind) & TOUCH_AFTER) {
		if (is_chosen(host_task_get()))
			um_touch(um_now.running, kind, op);
	} else if (is_chosen(host_task_get()) && pass(kind, op)) {
		um_op_models.hold();
	}
}

static struct um_subscriber explorer = {
	.rank = UM_RANK_EXPLORER, .when_asked = true,
	.begins = BEFORE | ARRIVAL | UM_ON(UM_YIELD) | UM_ON(UM_FALLIBLE),
	.ends = AFTER | ARRIVAL, .begin = begin, .end = end,
};
UM_SUBSCRIBER(explorer)

void um_explorer_begin(void)
{
	if (explorer.on)
		return;
	if (um_explore_run.x->blocks)
		explorer.begins |= UM_ON(UM_BLOCK);
	if (um_now.reduces) {
		explorer.begins |= TOUCH;
		explorer.ends |= TOUCH_AFTER;
	}
	um_op_subscribe(&explorer, true);
}

void um_keep_operations(void)
{
	host_snapshot_keep(places, sizeof(places));
}
