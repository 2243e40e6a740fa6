/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel/workqueue.c: an item runs on at most one worker at a time; flush and
 * cancel wait as the kernel's do.
 */
#ifndef _LINUX_WORKQUEUE_H
#define _LINUX_WORKQUEUE_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/timer.h>

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
	struct workqueue_struct *wq;	/* pending on; NULL when it is not */
	bool pending;
	bool um_dropped;		/* pending, and in no list */
	unsigned int canceling;
	u64 seq;			/* of this queueing: unique */
	struct lockdep_map lockdep_map;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

void um_init_work(struct work_struct *work, work_func_t func, bool on_stack, const char *name,
		  struct lock_class_key *key);
void um_init_delayed_work(struct delayed_work *dwork, work_func_t func, bool on_stack,
			  const char *name, struct lock_class_key *key);
#define __um_init_work(init, work, fn, on_stack)			\
do {									\
	static struct lock_class_key __key;				\
	init((work), (fn), (on_stack), #work, &__key);			\
} while (0)
#define INIT_WORK(work, fn)	__um_init_work(um_init_work, work, fn, false)
#define INIT_WORK_ONSTACK(work, fn) __um_init_work(um_init_work, work, fn, true)
#define INIT_DELAYED_WORK(work, fn) __um_init_work(um_init_delayed_work, work, fn, false)
#define INIT_DELAYED_WORK_ONSTACK(work, fn) __um_init_work(um_init_delayed_work, work, fn, true)
void destroy_work_on_stack(struct work_struct *work);
void destroy_delayed_work_on_stack(struct delayed_work *dwork);
#define __WORK_INITIALIZER(n, f)					\
	{ .entry = LIST_HEAD_INIT((n).entry), .func = (f),		\
	  .lockdep_map = STATIC_LOCKDEP_MAP_INIT(#n, &(n)) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
void delayed_work_timer_fn(struct timer_list *timer);
#define __DELAYED_WORK_INITIALIZER(n, f)				\
	{ .work = __WORK_INITIALIZER((n).work, (f)),			\
	  .timer = { .entry = LIST_HEAD_INIT((n).timer.entry),		\
		     .function = delayed_work_timer_fn,			\
		     .lockdep_map = STATIC_LOCKDEP_MAP_INIT(#n ".timer", &(n).timer) } }
#define DECLARE_DELAYED_WORK(n, f)					\
	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f)

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

#define WQ_MAX_ACTIVE		512
#define WQ_DFL_ACTIVE		(WQ_MAX_ACTIVE / 2)

#define WQ_UNBOUND		(1 << 1)
#define WQ_FREEZABLE		(1 << 2)
#define WQ_MEM_RECLAIM		(1 << 3)
#define WQ_HIGHPRI		(1 << 4)
#define __WQ_ORDERED		(1 << 17)

extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_unbound_wq;
#define system_long_wq system_wq
#define system_highpri_wq system_wq

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...) __printf(1, 4);
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, (flags) | WQ_UNBOUND | __WQ_ORDERED, 1, ##args)
#define create_workqueue(name) alloc_workqueue("%s", WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) \
	alloc_ordered_workqueue("%s", WQ_MEM_RECLAIM, name)
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);
bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
bool flush_delayed_work(struct delayed_work *dwork);
#define schedule_work(work) queue_work(system_wq, work)
#define schedule_delayed_work(dwork, delay) queue_delayed_work(system_wq, dwork, delay)
#define flush_scheduled_work() flush_workqueue(system_wq)
#define work_pending(work) ((work)->pending)
#define delayed_work_pending(w) work_pending(&(w)->work)

#endif
