// SPDX-License-Identifier: GPL-2.0-only
/*
 * One schedule: the tasks run one at a time, and each choice is asked for.
 *
 * The task that is told to go on does so until it waits, ends, or comes to an
 * operation at which another is chosen; there it is held, and the other goes
 * on. A task that waits is held where it waits, so nobody runs who was not chosen.
 * When nobody could, time passes to the first that waits for one; when nobody
 * does, all are let go, and the wait primitive tells of a deadlock.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/quarantine.h"
#include "explore/schedule_internal.h"
#include "host/fiber.h"
#include "host/host.h"
#include "host/snapshot.h"
#include "kernel/irq.h"
#include "kernel/sched/driver.h"

/*
 * To ask for a thread's time takes as long as some ten operations: behind the first schedules, of
 * which some take long, one of so many is timed and stands for all of them.
 */
#define ALL_TIMED 130
#define TIMED 13

struct um_schedule um_now;

struct start {
	long (*fn)(void *arg);
	void *arg;
};

/* Held at its very beginning until it is chosen for the first time. */
static long run_task(void *arg)
{
	const struct start *start = arg;

	um_op_models.hold();
	return start->fn(start->arg);
}

static void start_tasks(struct start *start)
{
	const struct um_exploration *x = um_explore_run.x;
	unsigned int i;

	for (i = 0; i < x->tasks; i++) {
		start[i] = (struct start){ x->run[i], x->run_arg[i] ?: x->arg };
		um_now.task[i] = (struct um_sched_task *)
			um_task_start(x->task_name[i] ?: "task", run_task, &start[i]);
		um_task_run_alone((struct um_task *)um_now.task[i]);
	}
	um_now.n = x->tasks;
}

/* A kernel thread whose work is done does what else it has to do. */
static void run_until_stopped(unsigned int who)
{
	struct um_sched_task *t = um_now.task[who];

	um_task_run_alone((struct um_task *)t);
	if (t->ended)
		um_wait_quiet();
	if (um_slot_of(&t->op) < 0)
		um_task_resume((struct um_task *)t);
}

static void take_mark(void)
{
	BUILD_BUG_ON(sizeof(um_now) > UM_SCHEDULE_STATE);
	um_now.marking = false;
	um_take_mark(&um_now, sizeof(um_now), um_now.depth);
}

static void run_tasks(int next)
{
	while (next >= 0) {
		if (next >= UM_SLOTS) {
			next = um_choose_after(next);
			continue;
		}
		um_step_goes_on(next);
		um_now.running = next;
		um_now.op = &um_now.task[next]->op;
		if (next < (int)um_now.n)
			um_now.last = next;
		um_now.next = -1;
		run_until_stopped(next);
		if (um_now.next < 0 && um_now.task[next] && !um_now.task[next]->ended)
			um_step_waits(next);
		if (um_now.marking)
			take_mark();
		next = um_now.next >= 0 ? um_now.next : um_choose_next();
	}
}

static void join_tasks(long *result)
{
	unsigned int i, n = um_now.n;

	/* from here on nothing is chosen */
	um_now.n = 0;
	um_now.op = NULL;
	for (i = 0; i < UM_SLOTS; i++)
		if (um_now.task[i])
			um_task_resume((struct um_task *)um_now.task[i]);
	for (i = 0; i < n; i++)
		result[i] = um_task_join((struct um_task *)um_now.task[i]);
}

void um_keep_schedule(void)
{
	host_snapshot_keep(&um_now, sizeof(um_now));
	um_keep_operations();
	um_keep_marks();
	um_keep_touches();
}

/* False when it cannot be set up. */
static bool set_up(void)
{
	const struct um_exploration *x = um_explore_run.x;

	um_explorer_begin();
	/* a thread that is made in a schedule could not be unmade */
	um_interrupts_start();
	um_wait_quiet();
	if (x->setup && x->setup(x->arg))
		return false;
	/* what the setup has others do is no choice */
	um_wait_quiet();
	return true;
}

/* The state that a schedule starts with: noted by the first, put back for each that follows. */
static bool begin_schedule(void)
{
	if (um_explore_run.snapshots && !um_restore()) {
		um_no_marks();
		if (um_meet_back_to(um_explore_run.repeats))
			um_now.known = um_explore_run.repeats;
		else
			um_meet_nobody();
		return true;
	}
	um_meet_nobody();
	um_no_marks();
	if (!set_up())
		return false;
	um_explore_run.snapshots = um_explore_run.snapshots && !um_snapshot();
	return true;
}

static bool go_back_to_mark(void)
{
	if (!um_go_back_to_mark(&um_now, sizeof(um_now)))
		return false;
	um_now.known = um_explore_run.repeats;
	return true;
}

/* Its end is looked at. Returns whether something is wrong. */
static bool look_at_end(void)
{
	const struct um_exploration *x = um_explore_run.x;
	long result[UM_EXPLORE_TASKS] = { 0 };
	long wrong = 0;
	bool bad;

	join_tasks(result);
	if (x->check)
		wrong = x->check(x->arg, result, um_now.faults);
	um_explore_run.sh->renew = wrong == UM_EXPLORE_RENEW;
	bad = wrong && wrong != UM_EXPLORE_RENEW;
	/* nobody is left who could use what was freed; where that is undone it is looked at below */
	if (!host_snapshot_is_active())
		um_quarantine_end();
	return (um_check_splats() > 0) | bad;
}

/* False when it cannot be set up. Who goes on is in @next, -1: nobody could. */
static bool begin_or_go_on(int *next)
{
	static struct start start[UM_EXPLORE_TASKS];

	if (go_back_to_mark()) {
		*next = um_now.running;
		um_explore_run.sh->state = UM_RUN_ON;
		return true;
	}
	memset(&um_now, 0, sizeof(um_now));
	um_now.reduces = um_reduces();
	um_now.listed = -1;
	um_now.began = -1;
	um_explore_run.sh->pos = 0;
	um_touch_begin();
	if (!begin_schedule())
		return false;
	if (um_explore_run.x->how == UM_PCT)
		um_draw_priorities();
	um_explore_run.sh->state = UM_RUN_ON;
	/* those of the schedule before were joined */
	host_fiber_all_ended();
	start_tasks(start);
	*next = um_choose_next();
	return true;
}

/* For how many a schedule stands; 0: it is not timed. */
static u64 timed_for(unsigned long schedule)
{
	if (schedule < ALL_TIMED)
		return 1;
	return schedule % TIMED ? 0 : TIMED;
}

static u64 time_if(u64 timed)
{
	return timed ? host_thread_ns() : 0;
}

/* Without what it takes to ask. */
static void add_times(u64 timed, u64 begins, u64 runs, u64 ends)
{
	struct um_explored *sum = &um_explore_run.sh->sum;
	u64 ended = time_if(timed), asks = time_if(timed) - ended;

	sum->begin_ns += timed * (runs - begins - min(asks, runs - begins));
	sum->run_ns += timed * (ends - runs - min(asks, ends - runs));
	sum->end_ns += timed * (ended - ends - min(asks, ended - ends));
}

void um_run_schedule(void)
{
	struct um_explore_shared *sh = um_explore_run.sh;
	u64 timed = timed_for(sh->sum.schedules), begins = time_if(timed), runs, ends;
	bool bad;
	int next;

	if (!begin_or_go_on(&next)) {
		sh->state = UM_RUN_SETUP;
		return;
	}
	runs = time_if(timed);
	run_tasks(next);
	ends = time_if(timed);
	bad = look_at_end();
	if (um_now.depth < sh->n_choices)
		um_note_difference(um_now.depth, NULL);
	sh->n_choices = min(sh->n_choices, um_now.depth);
	sh->sum.points = max_t(unsigned long, sh->sum.points, sh->pos);
	sh->pct_length = max(sh->pct_length, sh->pos);
	add_times(timed, begins, runs, ends);
	sh->state = bad ? UM_RUN_BAD : UM_RUN_NEXT;
}
