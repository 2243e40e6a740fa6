/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_RCU_H
#define UMDEV_KERNEL_RCU_H

#include <linux/types.h>

struct um_functions;

/*
 * Grace periods of tasks that are being waited for, and the object to wake when
 * a task sleeps or ends. Read without the inner lock by um_rcu_tasks_left().
 */
extern unsigned int um_rcu_tasks_waiting;
/* The task has just left the kernel. */
void um_rcu_tasks_left(void);

/* How many callbacks call_rcu() was given so far. */
u64 um_rcu_queued(void);
/*
 * The functions that are still to be called, or were queued after @since, and no
 * rcu_barrier() has waited for them.
 */
void um_rcu_in(struct um_functions *found, u64 since);
/* The code there is gone; what comes to lie there is another. */
void um_rcu_forget(const void *start, size_t size);

/* Runs the callbacks still queued and ends RCU, at shutdown. */
void um_rcu_stop(void);

#endif
