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

/* How many callbacks call_rcu() and call_srcu() were given so far. */
u64 um_rcu_queued(void);
/*
 * The functions that are still to be called, or were queued after @since, and no
 * barrier has waited for them. @sleepable: by SRCU.
 */
void um_rcu_in(struct um_functions *found, u64 since, bool sleepable);
/* The functions of callbacks that are queued, wherever these lie. */
void um_rcu_heads_in(struct um_functions *found);
void um_srcu_heads_in(struct um_functions *found);
/* The code there is gone; what comes to lie there is another. */
void um_rcu_forget(const void *start, size_t size);

/*
 * A domain of SRCU defined in this range that has readers: its name, or NULL. All
 * domains there are forgotten; what those without readers have to do is waited for.
 */
const char *um_srcu_find_in(const void *start, size_t size, unsigned int *readers);

/* Runs the callbacks still queued and ends RCU, at shutdown. */
void um_rcu_stop(void);
void um_srcu_stop(void);

#endif
