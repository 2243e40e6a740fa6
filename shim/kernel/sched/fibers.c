// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks on one thread: each is a fiber, and runs until it waits or yields; then
 * the next one does, in the order in which they could go on. Nothing depends on
 * the host: the same program runs the same way each time.
 *
 * Time is virtual. When nobody can run it jumps to the first that waits for a
 * time; it passes with each turn of a loop that yields (TURN_NS) and each look
 * at the clock (LOOK_NS), or a loop that waits for a time would never end; and
 * with each delay. A million such turns in which nobody was woken is a livelock.
 *
 * A deadlock, a livelock or a BUG is a verdict on the function that um_try()
 * runs: all tasks that it has started are abandoned, where they are and with
 * what they hold. Without um_try() it ends the process, as free running.
 *
 * Left out: threads that the shim did not start; choosing who is next.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/string.h>

#include "host/fiber.h"
#include "kernel/sched/driver.h"
#include "umdev/umdev.h"

#define TURN_NS		1000
#define LOOK_NS		10
#define MAX_TURNS	1000000

struct run {
	struct run *outer;
	struct um_sched_task *task;
	pid_t first_pid;		/* of those that it has started */
	enum um_verdict verdict;
	char *report;
	size_t size;
};

static struct {
	struct um_sched_task *running;
	struct list_head runnable;	/* by um_sched_task.turn; first come, first run */
	struct list_head sleeping;	/* by um_sched_task.turn; those with a time */
	struct list_head abandoned;	/* by um_sched_task.all */
	u64 now;
	unsigned long turns;		/* of loops, since somebody was woken */
	struct run *run;
} f = {
	.runnable = LIST_HEAD_INIT(f.runnable),
	.sleeping = LIST_HEAD_INIT(f.sleeping),
	.abandoned = LIST_HEAD_INIT(f.abandoned),
	.now = 1,
};

/* ---- who is next; called by a task that is quiet ------------------------------- */

static void make_runnable(struct um_sched_task *t)
{
	list_del_init(&t->turn);
	list_add_tail(&t->turn, &f.runnable);
}

static void wake_sleepers(void)
{
	struct um_sched_task *t, *next;

	list_for_each_entry_safe(t, next, &f.sleeping, turn)
		if (t->wake_at <= f.now)
			make_runnable(t);
}

static void pass_time(u64 ns)
{
	f.now += ns;
	wake_sleepers();
}

static bool jump_to_first_sleeper(void)
{
	struct um_sched_task *t;
	u64 first = U64_MAX;

	list_for_each_entry(t, &f.sleeping, turn)
		first = min(first, t->wake_at);
	if (first == U64_MAX)
		return false;
	f.now = max(f.now, first);
	wake_sleepers();
	return true;
}

bool um_fibers_others_run(void)
{
	return !list_empty(&f.runnable);
}

bool um_fibers_sleeps(void)
{
	return !list_empty(&f.sleeping);
}

bool um_fibers_pass_time(void)
{
	bool passed;

	f.running->op.quiet++;
	passed = jump_to_first_sleeper();
	f.running->op.quiet--;
	return passed;
}

static struct um_sched_task *next_task(void)
{
	struct um_sched_task *t;

	if (list_empty(&f.runnable) && !jump_to_first_sleeper())
		um_die("deadlock", "no task can run");
	t = list_first_entry(&f.runnable, struct um_sched_task, turn);
	list_del_init(&t->turn);
	f.running = t;
	host_task_set(&t->op);
	return t;
}

static void run_next(void)
{
	struct um_sched_task *self = f.running, *t = next_task();

	if (t != self)
		host_fiber_switch(t->fiber);
}

/* ---- the driver ------------------------------------------------------------------- */

static void adopt(struct um_sched_task *t)
{
	INIT_LIST_HEAD(&t->turn);
	if (f.running) {
		static const char text[] =
			"umdev: a thread that the shim did not start enters it: with UMDEV_TASKS=fibers there can be none\n";

		host_write(2, text, sizeof(text) - 1);
		host_abort();
	}
	host_thread_is_alone();
	t->fiber = host_fiber_adopt();
	f.running = t;
}

static void fiber_main(void *arg)
{
	um_task_main(arg);
	f.running->op.quiet++;
	host_fiber_leave(next_task()->fiber);
}

static void start(struct um_sched_task *t)
{
	INIT_LIST_HEAD(&t->turn);
	f.running->op.quiet++;
	t->fiber = host_fiber_new(fiber_main, t);
	f.turns = 0;
	make_runnable(t);
	f.running->op.quiet--;
}

static void ending(struct um_sched_task *t)
{
}

/* One that was abandoned has none any more. */
static void join(struct um_sched_task *t)
{
	if (t->fiber)
		host_fiber_free(t->fiber);
}

static void park(struct um_sched_task *t, s64 ns)
{
	t->op.quiet++;
	if (!t->unparked) {
		t->parked = true;
		if (ns >= 0) {
			t->wake_at = f.now + ns;
			list_add_tail(&t->turn, &f.sleeping);
		}
		run_next();
		t->parked = false;
	}
	t->unparked = false;
	t->op.quiet--;
}

static void unpark(struct um_sched_task *t)
{
	f.running->op.quiet++;
	f.turns = 0;
	if (t->parked && !t->unparked)
		make_runnable(t);
	t->unparked = true;
	f.running->op.quiet--;
}

static void give_way(struct um_sched_task *t)
{
	if (++f.turns > MAX_TURNS) {
		f.turns = 0;
		um_die("livelock", "tasks go on and nothing changes: %s looked %u times for what does not come",
		       t->op.comm, MAX_TURNS);
	}
	t->op.quiet++;
	pass_time(TURN_NS);
	make_runnable(t);
	run_next();
	t->op.quiet--;
}

static void delay(u64 until)
{
	u64 now = um_time_ns();

	f.running->op.quiet++;
	if (now < until)
		pass_time(until - now);
	f.running->op.quiet--;
}

static u64 now(void)
{
	return f.now += LOOK_NS;
}

/* ---- verdicts ----------------------------------------------------------------------- */

static bool verdict(const char *kind, const char *report)
{
	struct run *r = f.run;

	if (!r || r->verdict)
		return false;
	r->verdict = !strcmp(kind, "deadlock") ? UM_DEADLOCK :
		     !strcmp(kind, "livelock") ? UM_LIVELOCK : UM_BUG;
	if (r->size)
		host_snprintf(r->report, r->size, "%s", report);
	um_step(UM_GIVE, r);
	return true;
}

static void __noreturn abandon(void)
{
	f.running->op.quiet++;
	um_sched_lock();
	um_wake(f.run->task);
	um_sched_unlock();
	host_fiber_leave(next_task()->fiber);
}

static bool run_is_over(const void *arg)
{
	const struct run *r = arg;

	return r->verdict || r->task->ended;
}

static bool belongs_to(const struct um_sched_task *t, const struct run *r)
{
	if (t->task.pid < r->first_pid)
		return false;
	/* a kernel thread serves others as well, unless it is stuck in this */
	return !t->kthread || !t->is_waiting || !t->why->idle;
}

static void leave_behind(struct um_sched_task *t)
{
	list_del_init(&t->turn);
	um_task_abandon(t);
	list_add_tail(&t->all, &f.abandoned);
	host_fiber_free(t->fiber);
	t->fiber = NULL;
}

struct leaving {
	const struct run *run;
	struct um_sched_task *found;
};

static void find_one(struct um_sched_task *t, void *arg)
{
	struct leaving *l = arg;

	if (t != f.running && belongs_to(t, l->run))
		l->found = t;
}

static void leave_all_behind(const struct run *r)
{
	struct leaving l = { .run = r };

	um_sched_lock();
	do {
		l.found = NULL;
		um_for_each_task(find_one, &l);
		if (l.found)
			leave_behind(l.found);
	} while (l.found);
	um_sched_unlock();
	um_deadlock_again();
}

enum um_verdict um_try(const char *name, long (*fn)(void *arg), void *arg, long *result,
		       char *report, size_t size)
{
	struct run r = { .report = report, .size = size, .outer = f.run };
	struct um_task *task = um_task_start(name, fn, arg);
	struct um_why why = { .kind = "verdict", .object = task, .name = name, .idle = true };
	long ret;

	if (um_driver != &um_fibers) {
		ret = um_task_join(task);
		if (result)
			*result = ret;
		return UM_RAN;
	}
	r.task = (struct um_sched_task *)task;
	r.first_pid = r.task->task.pid;
	f.run = &r;
	um_sched_lock();
	um_wait_until(run_is_over, &r, &why, UM_FOREVER);
	um_sched_unlock();
	f.run = r.outer;
	if (r.verdict) {
		um_step(UM_TAKE, &r);
		leave_all_behind(&r);
		return r.verdict;
	}
	ret = um_task_join(task);
	if (result)
		*result = ret;
	return UM_RAN;
}

/* It was left where it made way to others, or has never run. */
static unsigned int look(struct um_sched_task *t, void **pc, unsigned int max)
{
	return t->op.frame ? host_stack_at((void *)t->op.frame, pc, max) : 0;
}

const struct um_driver um_fibers = {
	.adopt = adopt, .start = start, .ending = ending, .join = join,
	.park = park, .unpark = unpark, .give_way = give_way, .delay = delay,
	.now = now, .verdict = verdict, .abandon = abandon, .look = look,
};
