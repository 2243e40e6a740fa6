/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_RCU_H
#define UMDEV_KERNEL_RCU_H

/*
 * Grace periods of tasks that are being waited for, and the object to wake when
 * a task sleeps or ends. Read without the inner lock by um_rcu_tasks_left().
 */
extern unsigned int um_rcu_tasks_waiting;
/* The task has just left the kernel. */
void um_rcu_tasks_left(void);

/* Runs the callbacks still queued and ends RCU, at shutdown. */
void um_rcu_stop(void);

#endif
