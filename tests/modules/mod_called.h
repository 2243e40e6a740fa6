/* SPDX-License-Identifier: GPL-2.0-only */
/* What mod_called gives mod_data: functions to be called, and places to queue what calls them. */
#ifndef MOD_CALLED_H
#define MOD_CALLED_H

#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/srcu.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

void called_timer(struct timer_list *timer);
enum hrtimer_restart called_hrtimer(struct hrtimer *timer);
void called_work(struct work_struct *work);
void called_kwork(struct kthread_work *work);
void called_tasklet(struct tasklet_struct *tasklet);
void called_rcu(struct rcu_head *head);
irqreturn_t called_handler(int irq, void *dev_id);

/* Nothing behind what it runs now comes to run. */
extern struct workqueue_struct *called_queue;
/* It has no thread. */
extern struct kthread_worker called_worker;
extern struct srcu_struct called_srcu;
/* That may be shared. */
extern int called_irq;

/* A thread that waits, until it is let go: for @done or, NULL, on @waiters. */
int called_wait(struct completion *done, struct wait_queue_head *waiters);
void called_let_go(void);
/* Makes @kobj, and adds it. */
int called_add(struct kobject *kobj);

#endif
