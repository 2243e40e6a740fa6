/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who runs the tasks. The wait primitive (kernel/sched/core.c) knows tasks,
 * what they wait for and until when; a driver has them run. Free running, each
 * task is a thread, time is the host's, and what cannot go on ends the process
 * (kernel/sched/threads.c). On fibers, all tasks share one thread, one at a time,
 * time is virtual, and what cannot go on is abandoned if somebody asked for the
 * verdict (kernel/sched/fibers.c).
 */
#ifndef UMDEV_SCHED_DRIVER_H
#define UMDEV_SCHED_DRIVER_H

#include "kernel/sched/sched.h"

struct um_driver {
	/* The calling thread has become this task. */
	void (*adopt)(struct um_sched_task *t);
	/* um_task_main() is to run for it; it has ended; its last step was taken. */
	void (*start)(struct um_sched_task *t);
	void (*ending)(struct um_sched_task *t);
	void (*join)(struct um_sched_task *t);
	/* Until unpark(), or @ns (< 0: for ever) have passed; perhaps earlier. */
	void (*park)(struct um_sched_task *t, s64 ns);
	void (*unpark)(struct um_sched_task *t);
	/* Others may run; the calling task waits for something, and looks for it. */
	void (*give_way)(struct um_sched_task *t);
	/* Time passes until then, and the calling task does not sleep. */
	void (*delay)(u64 until);
	u64 (*now)(void);
	/*
	 * The stack of a task that does not wait, innermost first; 0: it has entered no
	 * code, or cannot be looked at. Inner lock held.
	 */
	unsigned int (*look)(struct um_sched_task *t, void **pc, unsigned int max);
	/*
	 * "deadlock", "livelock" or another end: true when somebody asked for it,
	 * who has a copy of the report; then abandon() ends the calling task.
	 */
	bool (*verdict)(const char *kind, const char *report);
	void (*abandon)(void) __noreturn;
};

extern const struct um_driver um_threads, um_fibers;
extern const struct um_driver *um_driver;

/* Could another task run, if this one waited? */
bool um_fibers_others_run(void);
/* Does somebody wait for a time? */
bool um_fibers_sleeps(void);
/* Time jumps to the first that waits for one. False: nobody does. */
bool um_fibers_pass_time(void);

/* What a driver has a task run. */
void um_task_main(void *task);
/* It never runs again: nothing of it is waited for. Inner lock held; its memory stays. */
void um_task_abandon(struct um_sched_task *t);
/* The next deadlock is told again. */
void um_deadlock_again(void);

#endif
