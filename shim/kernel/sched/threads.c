// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that run freely: each is a thread, time is the host's. Whatever cannot
 * go on has been told and ends the process.
 */
#include "kernel/sched/driver.h"

static void adopt(struct um_sched_task *t)
{
	t->tid = host_tid();
}

static void run(void *task)
{
	struct um_sched_task *t = task;

	WRITE_ONCE(t->tid, host_tid());
	um_task_main(t);
}

static void start(struct um_sched_task *t)
{
	t->thread = host_thread_start(run, t);
}

/* The starter joins and frees; from here on the thread touches nothing of it. */
static void ending(struct um_sched_task *t)
{
	host_task_set(NULL);
}

static void join(struct um_sched_task *t)
{
	host_thread_join(t->thread);
}

static void park(struct um_sched_task *t, s64 ns)
{
	host_park(&t->park, ns);
}

static void unpark(struct um_sched_task *t)
{
	host_unpark(&t->park);
}

static void give_way(struct um_sched_task *t)
{
	host_cpu_relax();
}

static void delay(u64 until)
{
	while (um_time_ns() < until)
		host_cpu_relax();
}

static bool verdict(const char *kind, const char *report)
{
	return false;
}

/* A thread of the program's own is left alone while it is outside. */
static unsigned int look(struct um_sched_task *t, void **pc, unsigned int max)
{
	u64 tid = READ_ONCE(t->tid);

	if (!tid || (!t->thread && !READ_ONCE(t->task.um_syscall)))
		return 0;
	return host_stack_of(tid, &t->op, pc, max);
}

const struct um_driver um_threads = {
	.adopt = adopt, .start = start, .ending = ending, .join = join,
	.park = park, .unpark = unpark, .give_way = give_way, .delay = delay,
	.now = host_monotonic_ns, .verdict = verdict, .look = look,
};
