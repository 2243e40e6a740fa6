/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_RCU_H
#define UMDEV_KERNEL_RCU_H

#include <linux/types.h>

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
 * A function in this range that is still to be called, or was queued after @since
 * and no rcu_barrier() has waited for it: NULL for none.
 */
const void *um_rcu_find_in(const void *start, size_t size, u64 since);
/* The code there is gone; what comes to lie there is another. */
void um_rcu_forget(const void *start, size_t size);

/* Runs the callbacks still queued and ends RCU, at shutdown. */
void um_rcu_stop(void);

#endif
