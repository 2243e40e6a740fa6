/* SPDX-License-Identifier: GPL-2.0-only */
/* A task as the scheduler sees it. Private to the models. */
#ifndef UMDEV_SCHED_SCHED_H
#define UMDEV_SCHED_SCHED_H

#include <linux/list.h>
#include <linux/sched.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/sched/wait.h"

#define UM_WAIT_STACK	24

/* A task that has a frame in code of a range. */
struct um_found_task {
	const void *pc[4];		/* such frames, innermost first */
	unsigned int depth;
	char comm[16];
	const char *kind;		/* of what it waits for; NULL: it runs */
};

struct um_task;

struct um_sched_task {
	struct um_op_task op;		/* first: what host_task_get() gives */
	struct task_struct task;
	struct list_head all;		/* every task */
	/* of the driver; none for threads the shim did not start */
	struct host_thread *thread;
	u64 tid;			/* the host's; 0: it has not begun */
	struct host_park park;
	struct host_fiber *fiber;
	struct list_head turn;
	bool parked, unparked;
	u64 wake_at;
	long (*fn)(void *arg);
	void *arg;
	long result;
	void *own;			/* the program's: um_task_own() */
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
	void *wait_stack[UM_WAIT_STACK];
	unsigned int wait_depth;
	bool stopped;			/* waits even if what it waits for has come */

	unsigned int rcu_depth;
	unsigned long rcu_left;		/* how often an outermost section ended */
	bool radix_preloaded;		/* its next radix_tree_insert() has memory */
};

struct um_sched_task *um_this(void);
/* Of a task that was stopped: would it run if it were let go? Nobody else runs. */
bool um_could_run(const struct um_sched_task *t);
/* Until every other task waits for what has not come. */
void um_wait_quiet(void);
/* set_current_state() by the code at @ip. */
void um_set_state(unsigned int state, unsigned long ip);
/* Calls @fn for every task, inner lock held. */
void um_for_each_task(void (*fn)(struct um_sched_task *t, void *arg), void *arg);
/* Of all tasks but the caller's; how many, at most @max. */
unsigned int um_tasks_in(const void *start, size_t size, struct um_found_task *found,
			 unsigned int max);
bool um_all_tasks(bool (*test)(struct um_sched_task *t, const void *arg), const void *arg);

/* The task is in no section of RCU any more; set by kernel/rcu/tree.c. */
extern void (*um_rcu_sections_end)(struct um_sched_task *t);

#endif
