/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_KTHREAD_H
#define UMDEV_KERNEL_KTHREAD_H

#include <linux/types.h>

struct completion;
struct task_struct;

/* As linux/kernel.h has them at early levels. */
void do_exit(long code) __noreturn;
void complete_and_exit(struct completion *comp, long code) __noreturn;

/* Its function has returned, and nobody had called kthread_stop(). */
bool um_kthread_ended(const struct task_struct *task);

/* What is left of threads that ended by themselves goes. */
void um_kthreads_free(void);

#endif
