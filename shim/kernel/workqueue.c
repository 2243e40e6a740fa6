// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work queues. Each queue has its own workers, started when there is work
 * and none is idle, up to max_active of them (at most UM_MAX_WORKERS). Every
 * queueing of an item has a unique number: a flush waits until no pending
 * and no running item carries the number it saw, so an item that queues
 * itself again does not hold it up, and one that frees itself is not touched
 * after its function returned.
 *
 * Leaves out: CPUs, priorities, rescuers, freezing.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/workqueue.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "kernel/sched/wait.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"

#define UM_MAX_WORKERS 8

struct worker {
	struct list_head node;
	struct workqueue_struct *wq;
	struct task_struct *task;
	struct work_struct *current_work;
	u64 current_seq;		/* 0: idle */
};

struct workqueue_struct {
	struct list_head all;
	struct list_head pending;
	struct list_head workers;
	unsigned int n_workers, n_idle, max_workers;
	unsigned int drainers;		/* only its own items may queue meanwhile */
	bool stop;
	char name[32];
	struct lock_class_key key;
	struct lockdep_map lockdep_map;
};

struct workqueue_struct *system_wq;
EXPORT_SYMBOL(system_wq);
struct workqueue_struct *system_unbound_wq;
EXPORT_SYMBOL(system_unbound_wq);

static LIST_HEAD(all_wqs);
static u64 next_seq = 1;

/* ---- workers: everything below with the inner lock held, but the item's function ---- */

static struct worker *runs_work(struct workqueue_struct *wq, const struct work_struct *work)
{
	struct worker *w;

	list_for_each_entry(w, &wq->workers, node)
		if (w->current_seq && w->current_work == work)
			return w;
	return NULL;
}

/* An item runs on one worker at a time: one that is running waits in the list. */
static struct work_struct *next_work(const struct workqueue_struct *wq)
{
	struct work_struct *work;

	list_for_each_entry(work, &wq->pending, entry)
		if (!runs_work((struct workqueue_struct *)wq, work))
			return work;
	return NULL;
}

static bool has_work(const void *arg)
{
	const struct workqueue_struct *wq = arg;

	return wq->stop || next_work(wq);
}

static void run_work(struct worker *w, struct work_struct *work)
{
	struct workqueue_struct *wq = w->wq;
	work_func_t func = work->func;
	struct lockdep_map map = work->lockdep_map;
	char does[128];

	list_del_init(&work->entry);
	work->pending = false;
	w->current_work = work;
	w->current_seq = work->seq;
	um_sched_unlock();
	um_hb_acquire(work);
	lock_map_acquire(&wq->lockdep_map);
	lock_map_acquire(&map);
	func(work);
	lock_map_release(&map);
	lock_map_release(&wq->lockdep_map);
	if (unlikely(um_locks_held() || in_atomic())) {
		scnprintf(does, sizeof(does), "work function %ps ends", (void *)func);
		um_no_locks_left(does);
	}
	um_hb_release(wq);
	um_sched_lock();
	w->current_seq = 0;
	w->current_work = NULL;
	um_wake(wq);
}

static void worker_main(void *arg)
{
	struct worker *w = arg;
	struct workqueue_struct *wq = w->wq;
	struct um_why why = { .kind = "work", .object = wq, .name = wq->name, .idle = true };
	struct work_struct *work;

	um_sched_lock();
	w->task = current;
	for (;;) {
		wq->n_idle++;
		um_wait_until(has_work, wq, &why, UM_FOREVER);
		wq->n_idle--;
		work = next_work(wq);
		if (work)
			run_work(w, work);
		else if (wq->stop)
			break;
	}
	um_sched_unlock();
}

/* Inner lock not held. Without memory for a worker the process ends (host_need()). */
static void add_worker(struct workqueue_struct *wq)
{
	struct worker *w = host_need(sizeof(*w));
	char name[TASK_COMM_LEN];
	struct task_struct *task;

	w->wq = wq;
	um_sched_lock();
	list_add_tail(&w->node, &wq->workers);
	um_sched_unlock();
	host_snprintf(name, sizeof(name), "kworker/%.7s", wq->name);
	task = um_kthread(name, worker_main, w);
	um_sched_lock();
	w->task = task;
	um_sched_unlock();
}

/* ---- queueing --------------------------------------------------------------------------- */

/**
 * um_init_work() - make a work item; called as INIT_WORK()
 * @work: where
 * @func: called by a worker; may free the item
 * @name: for reports, not copied
 * @key:  class of its running function, which a flush waits for
 *
 * Context: any.
 */
void um_init_work(struct work_struct *work, work_func_t func, const char *name,
		  struct lock_class_key *key)
{
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->wq = NULL;
	work->pending = false;
	work->canceling = 0;
	work->seq = 0;
	lockdep_init_map(&work->lockdep_map, name, key, 0);
}
EXPORT_SYMBOL(um_init_work);

/* Inner lock held. */
static bool is_in_worker_of(const struct workqueue_struct *wq)
{
	struct um_sched_task *t = host_task_get();
	struct worker *w;

	list_for_each_entry(w, &wq->workers, node)
		if (t && w->task == &t->task)
			return true;
	return false;
}

enum inserted { DONE, NEEDS_WORKER, IS_DRAINED, NEVER_INITIALISED };

/* Inner lock held. The result is for after_insert(), without it. */
static enum inserted insert_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (unlikely(wq->drainers) && !is_in_worker_of(wq))
		return IS_DRAINED;
	if (unlikely(!list_empty(&work->entry)))
		return NEVER_INITIALISED;
	work->wq = wq;
	work->seq = next_seq++;
	list_add_tail(&work->entry, &wq->pending);
	um_wake(wq);
	if (wq->n_idle || wq->n_workers >= wq->max_workers)
		return DONE;
	wq->n_workers++;
	return NEEDS_WORKER;
}

static void after_insert(struct workqueue_struct *wq, enum inserted how)
{
	if (how == NEEDS_WORKER)
		add_worker(wq);
	WARN_ON_ONCE(how == IS_DRAINED);
	WARN_ON(how == NEVER_INITIALISED);
}

/**
 * queue_work() - have an item's function called by a worker of a queue
 * @wq:   the queue
 * @work: of INIT_WORK(); not to be freed before it has begun
 *
 * An item that runs is called once more, afterwards, by another worker or the
 * same.
 *
 * Context: any. What was written before is seen by the function.
 * Return: false when it was pending already, or is just being cancelled by
 * cancel_work_sync(), and so not queued.
 */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	enum inserted how = DONE;
	bool queued = false;

	um_switch_point(work);
	um_hb_release(work);
	um_sched_lock();
	if (!work->pending && !work->canceling) {
		work->pending = true;
		queued = true;
		how = insert_work(wq, work);
	}
	um_sched_unlock();
	after_insert(wq, how);
	return queued;
}
EXPORT_SYMBOL(queue_work);

static void delayed_work_expired(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);
	struct workqueue_struct *wq = dwork->wq;
	enum inserted how;

	um_sched_lock();
	how = insert_work(wq, &dwork->work);
	um_sched_unlock();
	after_insert(wq, how);
}

/**
 * um_init_delayed_work() - make a delayed item; called as INIT_DELAYED_WORK()
 * @dwork: where
 * @func:  called by a worker with the work_struct in it
 * @name:  for reports, not copied
 * @key:   class of its running function, which a flush waits for
 *
 * Context: any.
 */
void um_init_delayed_work(struct delayed_work *dwork, work_func_t func, const char *name,
			  struct lock_class_key *key)
{
	um_init_work(&dwork->work, func, name, key);
	timer_setup(&dwork->timer, delayed_work_expired, 0);
	dwork->wq = NULL;
}
EXPORT_SYMBOL(um_init_delayed_work);

/**
 * queue_delayed_work() - queue_work() after some time
 * @wq:    the queue
 * @dwork: of INIT_DELAYED_WORK()
 * @delay: jiffies; 0: at once
 *
 * Context: any.
 * Return: false when it was pending already, with its time unchanged, or is
 * just being cancelled.
 */
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	bool queued = false;

	if (!delay)
		return queue_work(wq, &dwork->work);
	if (WARN_ON_ONCE(dwork->timer.function != delayed_work_expired))
		return false;
	um_timers_start();
	um_hb_release(&dwork->work);
	um_sched_lock();
	if (!dwork->work.pending && !dwork->work.canceling) {
		dwork->work.pending = true;
		dwork->work.wq = wq;
		dwork->wq = wq;
		queued = true;
		/* in one step: pending and not armed, nobody could cancel it */
		um_timer_arm(&dwork->timer, um_jiffies() + delay);
	}
	um_sched_unlock();
	return queued;
}
EXPORT_SYMBOL(queue_delayed_work);

/**
 * mod_delayed_work() - queue_delayed_work() with the time changed if need be
 * @wq:    the queue
 * @dwork: of INIT_DELAYED_WORK()
 * @delay: jiffies from now; 0: at once
 *
 * Context: any.
 * Return: whether it was pending.
 */
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay)
{
	bool was_pending = cancel_delayed_work(dwork);

	queue_delayed_work(wq, dwork, delay);
	return was_pending;
}
EXPORT_SYMBOL(mod_delayed_work);

/* ---- waiting for items ---------------------------------------------------------------------- */

struct instance {
	const struct workqueue_struct *wq;
	u64 seq;		/* this one, or with @older all up to it */
	bool older;
};

static bool same_instance(const struct instance *i, u64 seq)
{
	return i->older ? seq && seq <= i->seq : seq == i->seq;
}

static bool instance_gone(const void *arg)
{
	const struct instance *i = arg;
	struct work_struct *work;
	struct worker *w;

	list_for_each_entry(work, &i->wq->pending, entry)
		if (same_instance(i, work->seq))
			return false;
	list_for_each_entry(w, &i->wq->workers, node)
		if (same_instance(i, w->current_seq))
			return false;
	return true;
}

/* Inner lock held. */
static void wait_instance(struct workqueue_struct *wq, u64 seq, bool older, const char *kind)
{
	struct instance i = { .wq = wq, .seq = seq, .older = older };
	struct um_why why = { .kind = kind, .object = wq, .name = wq->name };

	um_wait_until(instance_gone, &i, &why, UM_FOREVER);
	um_hb_acquire(wq);
}

/**
 * flush_work() - wait until an item, as it was queued last, has run
 * @work: of INIT_WORK()
 *
 * One that queues itself again is not waited for a second time.
 *
 * Context: may sleep. No lock may be held that the function takes, which the
 * lock checker tells. Not from the function itself.
 * Return: false when there was nothing to wait for.
 */
bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq;
	struct worker *w = NULL;
	u64 seq = 0;

	might_sleep();
	if (WARN_ON(!work->func))
		return false;
	lock_map_acquire(&work->lockdep_map);
	lock_map_release(&work->lockdep_map);
	um_sched_lock();
	wq = work->wq;
	if (wq) {
		w = runs_work(wq, work);
		if (!list_empty(&work->entry))
			seq = work->seq;
		else if (w)
			seq = w->current_seq;
	}
	if (seq)
		wait_instance(wq, seq, false, "flush of a work item");
	um_sched_unlock();
	if (wq)
		um_hb_acquire(wq);
	return seq != 0;
}
EXPORT_SYMBOL(flush_work);

/* Inner lock held. */
static bool dequeue(struct work_struct *work)
{
	/* of an item that was never initialised the list is not even empty */
	if (!work->wq || list_empty(&work->entry))
		return false;
	list_del_init(&work->entry);
	work->pending = false;
	um_wake(work->wq);
	return true;
}

/**
 * cancel_work() - take an item off its queue; its function may be running
 * @work: of INIT_WORK()
 *
 * Context: any.
 * Return: whether it was pending.
 */
bool cancel_work(struct work_struct *work)
{
	bool was_pending;

	um_sched_lock();
	was_pending = dequeue(work);
	um_sched_unlock();
	return was_pending;
}
EXPORT_SYMBOL(cancel_work);

/**
 * cancel_work_sync() - take an item off its queue, and wait for its function
 * @work: of INIT_WORK(); afterwards it neither is queued nor runs, and cannot
 *	have queued itself
 *
 * Context: as flush_work().
 * Return: whether it was pending.
 */
bool cancel_work_sync(struct work_struct *work)
{
	bool was_pending;
	struct worker *w;

	might_sleep();
	if (WARN_ON(!work->func))
		return false;
	lock_map_acquire(&work->lockdep_map);
	lock_map_release(&work->lockdep_map);
	um_sched_lock();
	was_pending = dequeue(work);
	work->canceling++;
	w = work->wq ? runs_work(work->wq, work) : NULL;
	if (w)
		wait_instance(work->wq, w->current_seq, false, "end of a work item");
	work->canceling--;
	um_sched_unlock();
	if (work->wq)
		um_hb_acquire(work->wq);
	return was_pending;
}
EXPORT_SYMBOL(cancel_work_sync);

/*
 * Waits for the timer's function, which does not sleep: else an item on its
 * way from the timer to the queue would be found in neither.
 */
static bool cancel_timer(struct delayed_work *dwork)
{
	bool was_pending = del_timer_sync(&dwork->timer);

	if (was_pending) {
		um_sched_lock();
		dwork->work.pending = false;
		um_sched_unlock();
	}
	return was_pending;
}

/**
 * cancel_delayed_work() - disarm or dequeue; the function may be running
 * @dwork: of INIT_DELAYED_WORK()
 *
 * Context: any.
 * Return: whether it was pending.
 */
bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel_timer(dwork) || cancel_work(&dwork->work);
}
EXPORT_SYMBOL(cancel_delayed_work);

/**
 * cancel_delayed_work_sync() - disarm or dequeue, and wait for the function
 * @dwork: of INIT_DELAYED_WORK(); afterwards it neither is armed nor queued
 *	nor runs
 *
 * Context: as flush_work().
 * Return: whether it was pending.
 */
bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was_pending;

	/* an item that queues itself again while it runs must not find the timer free */
	um_sched_lock();
	dwork->work.canceling++;
	um_sched_unlock();
	was_pending = cancel_timer(dwork);
	was_pending |= cancel_work_sync(&dwork->work);
	um_sched_lock();
	dwork->work.canceling--;
	um_sched_unlock();
	return was_pending;
}
EXPORT_SYMBOL(cancel_delayed_work_sync);

/**
 * flush_delayed_work() - queue it at once if it waits for its time; wait for it
 * @dwork: of INIT_DELAYED_WORK()
 *
 * Context: as flush_work().
 * Return: false when there was nothing to wait for.
 */
bool flush_delayed_work(struct delayed_work *dwork)
{
	if (cancel_timer(dwork))
		queue_work(dwork->wq, &dwork->work);
	return flush_work(&dwork->work);
}
EXPORT_SYMBOL(flush_delayed_work);

/**
 * flush_workqueue() - wait until all items queued so far have run
 * @wq: the queue
 *
 * Items that still wait for their time are not queued yet.
 *
 * Context: may sleep. No lock may be held that one of the functions takes,
 * which the lock checker tells. Not from an item of the queue.
 */
void flush_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	lock_map_acquire(&wq->lockdep_map);
	lock_map_release(&wq->lockdep_map);
	um_sched_lock();
	wait_instance(wq, next_seq - 1, true, "flush of a work queue");
	um_sched_unlock();
}
EXPORT_SYMBOL(flush_workqueue);

/**
 * drain_workqueue() - wait until a queue is empty, also of what its items queue
 * @wq: the queue
 *
 * Others who queue items meanwhile get a warning, and the items are lost, as
 * in Linux.
 *
 * Context: may sleep. Not from an item of the queue.
 */
void drain_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	um_sched_lock();
	wq->drainers++;
	wait_instance(wq, U64_MAX, true, "drain of a work queue");
	wq->drainers--;
	um_sched_unlock();
}
EXPORT_SYMBOL(drain_workqueue);

/* ---- queues ------------------------------------------------------------------------------------ */

/**
 * alloc_workqueue() - make a queue
 * @fmt:        format of its name, for its workers and for reports
 * @flags:      ignored: there are no priorities and no CPUs
 * @max_active: items that may run at once, at most 8; 0 is 8
 * @...:        arguments of @fmt
 *
 * Workers are started when they are needed, and end with the queue.
 *
 * Context: may sleep.
 * Return: the queue, for destroy_workqueue(), or NULL.
 */
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list ap;

	if (!wq)
		return NULL;
	va_start(ap, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, ap);
	va_end(ap);
	if (max_active <= 0 || max_active > UM_MAX_WORKERS)
		max_active = UM_MAX_WORKERS;
	wq->max_workers = max_active;
	INIT_LIST_HEAD(&wq->pending);
	INIT_LIST_HEAD(&wq->workers);
	lockdep_register_key(&wq->key);
	lockdep_init_map(&wq->lockdep_map, wq->name, &wq->key, 0);
	um_sched_lock();
	list_add_tail(&wq->all, &all_wqs);
	um_sched_unlock();
	return wq;
}
EXPORT_SYMBOL(alloc_workqueue);

/**
 * destroy_workqueue() - wait until a queue is empty, and free it
 * @wq: used by nobody any more; delayed items must have been cancelled
 *
 * Context: may sleep. Not from an item of the queue.
 */
void destroy_workqueue(struct workqueue_struct *wq)
{
	struct worker *w, *next;

	drain_workqueue(wq);
	um_sched_lock();
	wq->stop = true;
	list_del(&wq->all);
	um_wake(wq);
	um_sched_unlock();
	list_for_each_entry_safe(w, next, &wq->workers, node) {
		um_kthread_join(w->task);
		host_free(w);
	}
	lockdep_unregister_key(&wq->key);
	kfree(wq);
}
EXPORT_SYMBOL(destroy_workqueue);

static int __init workqueue_init(void)
{
	system_wq = alloc_workqueue("events", 0, 0);
	system_unbound_wq = alloc_workqueue("events_unbound", WQ_UNBOUND, 0);
	return system_wq && system_unbound_wq ? 0 : -ENOMEM;
}
core_initcall(workqueue_init);

void um_workqueues_stop(void)
{
	destroy_workqueue(system_wq);
	destroy_workqueue(system_unbound_wq);
	system_wq = NULL;
	system_unbound_wq = NULL;
}
