/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads of a driver (kernel/kthread.c). Left out: freezing, binding to a CPU.
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
bool kthread_should_park(void);
void kthread_parkme(void);
int kthread_park(struct task_struct *k);
void kthread_unpark(struct task_struct *k);
void *kthread_data(struct task_struct *k);
#if !KAPI_COMPLETE_AND_EXIT
void kthread_exit(long result) __noreturn;
void kthread_complete_and_exit(struct completion *comp, long code) __noreturn;
#endif

/* ---- workers (kernel/kthread_worker.c) ------------------------------------------ */

struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);

struct kthread_worker {
	unsigned int flags;
	raw_spinlock_t lock;
	struct list_head work_list;	/* to be done, in this order */
	struct list_head delayed_work_list;	/* when their time has come */
	struct task_struct *task;
	struct kthread_work *current_work;
};

struct kthread_work {
	struct list_head node;
	kthread_work_func_t func;
	struct kthread_worker *worker;
	int canceling;			/* how many do so: it is not queued again */
	struct list_head um_queued;	/* with those of all workers */
};

struct kthread_delayed_work {
	struct kthread_work work;
	struct timer_list timer;
};

#define KTHREAD_WORK_INIT(work, fn) { .node = LIST_HEAD_INIT((work).node), .func = (fn) }
#define DEFINE_KTHREAD_WORK(work, fn) struct kthread_work work = KTHREAD_WORK_INIT(work, fn)

void __kthread_init_worker(struct kthread_worker *worker, const char *name,
			   struct lock_class_key *key);
#define kthread_init_worker(worker)					\
do {									\
	static struct lock_class_key __key;				\
									\
	__kthread_init_worker((worker), "(" #worker ")->lock", &__key);	\
} while (0)

void kthread_delayed_work_timer_fn(struct timer_list *t);

static inline void kthread_init_work(struct kthread_work *work, kthread_work_func_t fn)
{
	um_begin(UM_INIT, .object = work);
	*work = (struct kthread_work){ .func = fn };
	INIT_LIST_HEAD(&work->node);
}

#define kthread_init_delayed_work(dwork, fn)				\
do {									\
	timer_setup(&(dwork)->timer, kthread_delayed_work_timer_fn, 0);	\
	kthread_init_work(&(dwork)->work, (fn));			\
} while (0)

int kthread_worker_fn(void *worker_ptr);
__printf(2, 3)
struct kthread_worker *um_kthread_create_worker(unsigned int flags, const char name[], ...);
#define kthread_create_worker(flags, name, ...)	\
	um_kthread_create_worker(flags, name, ##__VA_ARGS__)
#define kthread_create_worker_on_cpu(cpu, flags, name, ...)	\
	um_kthread_create_worker(flags, name, ##__VA_ARGS__)

bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work);
bool kthread_queue_delayed_work(struct kthread_worker *worker,
				struct kthread_delayed_work *dwork, unsigned long delay);
bool kthread_mod_delayed_work(struct kthread_worker *worker,
			      struct kthread_delayed_work *dwork, unsigned long delay);
void kthread_flush_work(struct kthread_work *work);
void kthread_flush_worker(struct kthread_worker *worker);
bool kthread_cancel_work_sync(struct kthread_work *work);
bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *dwork);
void kthread_destroy_worker(struct kthread_worker *worker);

#endif
