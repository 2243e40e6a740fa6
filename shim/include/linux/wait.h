/* SPDX-License-Identifier: GPL-2.0-only */
/* Wait queues (kernel/sched/wait.c), with entries that have a callback. */
#ifndef _LINUX_WAIT_H_SHIM
#define _LINUX_WAIT_H_SHIM

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <asm/current.h>
#include_next <linux/wait.h>

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE 0x01

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED((name).lock), .head = LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) \
	struct wait_queue_head name = (*({ init_waitqueue_head(&name); &name; }))

void __init_waitqueue_head(struct wait_queue_head *wq, const char *name,
			   struct lock_class_key *key);
#define init_waitqueue_head(wq)						\
do {									\
	static struct lock_class_key __key;				\
	__init_waitqueue_head((wq), #wq, &__key);			\
} while (0)

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			     int flags, void *key);

#define DEFINE_WAIT_FUNC(name, function)				\
	struct wait_queue_entry name = { .private = current, .func = function, \
		.entry = LIST_HEAD_INIT((name).entry) }
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

static inline void init_waitqueue_entry(struct wait_queue_entry *entry,
					struct task_struct *task)
{
	entry->flags = 0;
	entry->private = task;
	entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *entry,
					     wait_queue_func_t func)
{
	entry->flags = 0;
	entry->private = NULL;
	entry->func = func;
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
/* wq->lock held */
void __add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void __remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			       int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key);
void __wake_up_locked_key(struct wait_queue_head *wq, unsigned int mode, void *key);

static inline int waitqueue_active(struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *wq)
{
	smp_mb();
	return waitqueue_active(wq);
}

#define wake_up(x) __wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr) __wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x) __wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(x) __wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(x) __wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_poll(x, m) __wake_up(x, TASK_NORMAL, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible_poll(x, m) \
	__wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(unsigned long)(m))
#define wake_up_locked_poll(x, m) __wake_up_locked_key(x, TASK_NORMAL, (void *)(unsigned long)(m))

/* Evaluates to the time left, at least 1 if @condition is true; or -ERESTARTSYS. */
#define ___wait_event(wq, condition, state, timeout)			\
({									\
	long __ret = (timeout);						\
	DEFINE_WAIT(__wait);						\
	might_sleep();							\
	for (;;) {							\
		prepare_to_wait(&(wq), &__wait, (state));		\
		if (condition) {					\
			if (!__ret)					\
				__ret = 1;				\
			break;						\
		}							\
		if (!__ret)						\
			break;						\
		if (signal_pending_state(state, current)) {		\
			__ret = -ERESTARTSYS;				\
			break;						\
		}							\
		__ret = schedule_timeout(__ret);			\
	}								\
	finish_wait(&(wq), &__wait);					\
	__ret;								\
})
#define wait_event(wq, condition) \
	((void)___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT))
#define wait_event_timeout(wq, condition, timeout) \
	___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible(wq, condition)				\
	(___wait_event(wq, condition, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT) < 0 ? \
	 -ERESTARTSYS : 0)
#define wait_event_interruptible_timeout(wq, condition, timeout) \
	___wait_event(wq, condition, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable(wq, condition)				\
	(___wait_event(wq, condition, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT) < 0 ? \
	 -ERESTARTSYS : 0)

#endif
