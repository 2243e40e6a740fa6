/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads of a driver (kernel/kthread.c). Left out: parking, freezing, binding
 * to a CPU, and the workers of kthread_worker.
 */
#ifndef _LINUX_KTHREAD_H
#define _LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

#include "compat/levels.h"

struct completion;

/* Sleeps until wake_up_process(); an ERR_PTR: -ENOMEM. @name is a format. */
__printf(4, 5)
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data,
					   int node, const char name[], ...);
#define kthread_create(threadfn, data, name, ...)			\
	kthread_create_on_node(threadfn, data, -1, name, ##__VA_ARGS__)

/* And is woken. */
#define kthread_run(threadfn, data, name, ...)				\
({									\
	struct task_struct *__k =					\
		kthread_create(threadfn, data, name, ##__VA_ARGS__);	\
									\
	if (!IS_ERR(__k))						\
		wake_up_process(__k);					\
	__k;								\
})

int kthread_stop(struct task_struct *k);
bool kthread_should_stop(void);
void *kthread_data(struct task_struct *k);
#if !KAPI_COMPLETE_AND_EXIT
void kthread_exit(long result) __noreturn;
void kthread_complete_and_exit(struct completion *comp, long code) __noreturn;
#endif

#endif
