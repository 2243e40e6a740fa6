// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interleavings of two tasks, complete to one preemption of the first.
 *
 * The first task is started anew for each of its points and held there, while
 * the second runs. From then on they alternate: the one that runs does so
 * until it ends or waits (um_task_run_alone()), so that nothing but the state
 * of the modelled locks decides who is next. Two tasks that wait for each
 * other are let go, and the wait primitive reports the deadlock.
 *
 * Leaves out: preempting the second task, more than one preemption, more than
 * two tasks; replay, but by the order in which schedules are run.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/points.h"
#include "check/report.h"
#include "check/watch.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "umdev/umdev.h"

static struct {
	const struct um_interleaving *what;	/* NULL: none is being run */
	unsigned long schedule;			/* from 1 on: the point, too */
	unsigned long waited;			/* schedules in which the second had to wait */
	/* the first task's point, in this schedule */
	bool held;
	void *pc[UM_STACK_DEPTH];
	unsigned int depth;
} run;

static void line_out(const char *line)
{
	if (run.what->report) {
		run.what->report(line, run.what->arg);
		return;
	}
	host_write(2, line, strlen(line));
	host_write(2, "\n", 1);
}

static void report_simply(const char *how)
{
	char line[320];

	host_snprintf(line, sizeof(line), how, run.what->name, run.schedule);
	line_out(line);
}

static void report_function(void *data, const char *function)
{
	char line[520];

	host_snprintf(line, sizeof(line), "    %s", function);
	line_out(line);
}

static void report_point(void)
{
	if (!run.held) {
		report_simply("umdev: %s: fails in schedule %lu, one after the other");
		return;
	}
	report_simply("umdev: %s: fails in schedule %lu; the first task was held in");
	um_report_frames(run.pc, run.depth, report_function, NULL);
}

/* The process ends, and a sanitizer or a splat has said why. */
static void report_death(void)
{
	if (run.what)
		report_point();
}

static void report_all(void)
{
	char line[256];

	host_snprintf(line, sizeof(line),
		      "umdev: %s: complete to 1 preemption of the first task, 2 tasks, %lu schedules (in %lu the second waits)",
		      run.what->name, run.schedule, run.waited);
	line_out(line);
}

static void note_point(struct um_task *first)
{
	const struct um_op_task *t = &((struct um_sched_task *)first)->op;

	run.depth = um_points_held_at(t, run.pc);
	run.held = t->points >= t->hold_at;
}

/* Runs both to their ends, @second first; or until neither can go on. */
static void alternate(struct um_task *first, struct um_task *second)
{
	int a = 0, b = um_task_run_alone(second);
	bool moved;

	run.waited += b <= 0;
	do {
		moved = false;
		if (a <= 0) {
			a = um_task_run_alone(first);
			note_point(first);
			moved |= a >= 0;
		}
		if (b <= 0) {
			b = um_task_run_alone(second);
			moved |= b >= 0;
		}
	} while (moved);
	um_task_resume(first);
	um_task_resume(second);
}

/* Returns whether all went well. */
static bool run_schedule(const struct um_interleaving *s)
{
	struct um_task *first, *second;
	long a, b;

	first = um_task_start_held("first", s->first, s->arg, run.schedule);
	um_task_wait_held(first);
	note_point(first);
	second = um_task_start("second", s->second, s->arg);
	alternate(first, second);
	a = um_task_join(first);
	b = um_task_join(second);
	return !s->check(s->arg, a, b) && !um_check_splats();
}

long um_interleave(const struct um_interleaving *s)
{
	bool bad;

	host_on_death(report_death);
	run.what = s;
	run.schedule = 0;
	run.waited = 0;
	/* what splatted before is told, and is no schedule's */
	um_check_splats();
	do {
		run.schedule++;
		run.held = false;
		bad = s->setup && s->setup(s->arg);
		if (bad) {
			report_simply("umdev: %s: setting up schedule %lu fails");
			break;
		}
		bad = !run_schedule(s);
		if (bad)
			report_point();
	} while (run.held && !bad);
	if (!bad)
		report_all();
	run.what = NULL;
	return bad ? -ECANCELED : run.schedule;
}
