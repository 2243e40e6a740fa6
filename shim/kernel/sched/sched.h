/* SPDX-License-Identifier: GPL-2.0-only */
/* A task as the scheduler and the detectors see it. Private to the shim. */
#ifndef UMDEV_SCHED_SCHED_H
#define UMDEV_SCHED_SCHED_H

#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "host/host.h"
#include "kernel/sched/wait.h"

#define UM_STACK_DEPTH	24
#define UM_MAX_HELD	48
#define UM_LOCK_STACK	12

struct um_fault_site;
struct um_task;

struct um_lock_stack {
	unsigned int depth;
	void *pc[UM_LOCK_STACK];
};

/* One lock that a task holds (check/lockdep.c). */
struct um_held {
	struct lockdep_map *map;
	unsigned int subclass;
	unsigned int class;		/* 0: no order is checked */
	int read;
	bool trylock;
	unsigned long ip;
	struct um_lock_stack stack;	/* from whoever took it */
};

struct um_sched_task {
	struct task_struct task;
	struct list_head all;		/* every task */
	struct host_thread *thread;	/* NULL for threads the shim did not start */
	struct host_park park;
	long (*fn)(void *arg);
	void *arg;
	long result;
	bool kthread;
	bool ended;
	bool interrupted;		/* a signal is pending */
	bool killed;			/* it is one that ends the process */

	/* waiting: linked while inside um_wait_until() */
	struct list_head waiting;
	bool is_waiting;
	bool (*ready)(const void *arg);
	const void *ready_arg;
	const struct um_why *why;
	s64 deadline;			/* absolute; UM_FOREVER */
	unsigned long switches;		/* waits so far, but those for a spinlock or held */
	void *wait_stack[UM_STACK_DEPTH];
	unsigned int wait_depth;

	/* points (um_switch_point()) */
	unsigned long points;		/* passed so far */
	unsigned long counted;		/* of these um_point_count() has told */
	unsigned long hold_at;		/* the one before which it is held; 0: none */
	bool stopped;			/* waits even if what it waits for has come */
	void *hold_stack[UM_STACK_DEPTH];
	unsigned int hold_depth;

	int atomic;			/* preempt count */
	unsigned long atomic_ip;	/* who made it other than 0 */
	unsigned int rcu_depth;
	unsigned long rcu_left;		/* how often an outermost section ended */

	struct um_held held[UM_MAX_HELD];
	unsigned int n_held;
	bool in_lockdep;		/* the checker itself runs */

	/* buffer of the read() or write() it is in (check/user.c) */
	unsigned long user_start, user_size;

	/* faults (check/fault.c) */
	unsigned int fault_in;		/* calls until one fails; 0 disarmed */
	bool fault_every;
	bool fault_armed;
	unsigned int fallible;
	const struct um_fault_site *fault_fired;
	char fault_text[256];
	void *fault_stack[UM_STACK_DEPTH];
	unsigned int fault_depth;
};

struct um_sched_task *um_this(void);
/* Calls @fn for every task, inner lock held. */
void um_for_each_task(void (*fn)(struct um_sched_task *t, void *arg), void *arg);
/*
 * Whether a task that was started held has come to its point, and where that
 * was: @pc has room for UM_STACK_DEPTH. The task does not run.
 */
bool um_task_held_at(struct um_task *task, void **pc, unsigned int *depth);
bool um_all_tasks(bool (*test)(struct um_sched_task *t, const void *arg), const void *arg);

#endif
