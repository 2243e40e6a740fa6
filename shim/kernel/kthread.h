/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_KTHREAD_H
#define UMDEV_KERNEL_KTHREAD_H

#include <linux/types.h>

struct completion;
struct um_functions;
struct task_struct;
struct timer_list;

/* As linux/kernel.h has them at early levels. */
void do_exit(long code) __noreturn;
void complete_and_exit(struct completion *comp, long code) __noreturn;

/* Its function has returned, and nobody had called kthread_stop(). */
bool um_kthread_ended(const struct task_struct *task);

/* What is left of threads that ended by themselves goes. */
void um_kthreads_free(void);

/* Of what is queued for workers. */
void um_kthread_work_in(struct um_functions *found);
/* The function of a delayed work whose timer it is; NULL: it is none's. */
const void *um_kthread_timer_leads_to(const struct timer_list *timer);
/* That timer will not come: it was told, and is out of use. */
void um_kthread_timer_undone(const struct timer_list *timer);

#endif
