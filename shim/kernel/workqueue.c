// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work queues. All share one pool of workers without a bound: one that takes an
 * item while another could be taken starts the next worker before it runs it,
 * so items that may run at once do, whatever they wait for. A queue has no
 * workers of its own, only a number of items that may run at once.
 *
 * Every queueing of an item has a unique number: a flush waits until no pending
 * and no running item carries the number it saw, so an item that queues
 * itself again does not hold it up, and one that frees itself is not touched
 * after its function has begun. What runs has forgotten its queue, which may be
 * destroyed when it has ended.
 *
 * Leaves out: CPUs, priorities, rescuers, freezing; workers that go when there
 * is nothing to do.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/cut.h"
#include "kernel/module/functions.h"
#include "kernel/sched/sched.h"
#include "kernel/sched/wait.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"

#define ITEM	"work item"	/* to whom it must not vanish */

struct worker {
	struct list_head node;
	struct task_struct *task;
	struct workqueue_struct *wq;	/* of the item it runs */
	struct work_struct *work;
	u64 seq;			/* of that; 0: idle */
	work_func_t func;		/* the item may be freed while it runs */
};

struct workqueue_struct {
	unsigned int active, max_active;
	unsigned int drainers;		/* only its own items may queue meanwhile */
	char name[32];
	struct lock_class_key key;
	struct lockdep_map lockdep_map;
};

struct workqueue_struct *system_wq;
EXPORT_SYMBOL(system_wq);
struct workqueue_struct *system_unbound_wq;
EXPORT_SYMBOL(system_unbound_wq);

/* Guarded by the inner lock. */
static struct {
	struct list_head items;		/* pending ones of all queues, in order */
	struct list_head workers;
	unsigned int n_idle;		/* workers that look for an item, or soon will */
	u64 next_seq;
	bool stop;
} pool = {
	.items = LIST_HEAD_INIT(pool.items),
	.workers = LIST_HEAD_INIT(pool.workers),
	.next_seq = 1,
};

/* ---- workers: everything below with the inner lock held, but the item's function ---- */

static struct worker *runs_work(const struct work_struct *work)
{
	struct worker *w;

	list_for_each_entry(w, &pool.workers, node)
		if (w->seq && w->work == work)
			return w;
	return NULL;
}

/* A domain of SRCU that lies in a module's data has its work waited for when that goes. */
static const void *place_of(const struct work_struct *work, work_func_t func)
{
	return func == um_srcu_work ? NULL : work;
}

void um_work_in(struct um_functions *found)
{
	const struct work_struct *work;
	const struct worker *w;

	um_sched_lock();
	list_for_each_entry(work, &pool.items, entry)
		um_functions_add(found, place_of(work, work->func), work->func);
	list_for_each_entry(w, &pool.workers, node)
		if (w->seq)
			um_functions_add(found, place_of(w->work, w->func), w->func);
	um_sched_unlock();
}

/* An item runs on one worker at a time: one that is running waits in the list. */
static struct work_struct *next_work(void)
{
	struct work_struct *work;

	list_for_each_entry(work, &pool.items, entry)
		if (work->wq->active < work->wq->max_active && !runs_work(work))
			return work;
	return NULL;
}

static bool has_work(const void *unused)
{
	return pool.stop || next_work();
}

static void take_work(struct worker *w, struct work_struct *work)
{
	list_del_init(&work->entry);
	um_begin(UM_IDLE, .object = work, .what = ITEM);
	w->wq = work->wq;
	w->work = work;
	w->func = work->func;
	w->seq = work->seq;
	w->wq->active++;
	host_snprintf(w->task->comm, sizeof(w->task->comm), "kworker/%.7s", w->wq->name);
	work->wq = NULL;
	work->pending = false;
}

/* Inner lock not held. Any number of items of a queue run, but of an ordered one. */
static void run_work(struct worker *w)
{
	struct workqueue_struct *wq = w->wq;
	struct work_struct *work = w->work;
	work_func_t func = work->func;
	struct lockdep_map map = work->lockdep_map;

	/* on an ordered queue after all that ran there before */
	um_begin(UM_WORK_RUN, .object = work, .start = wq->max_active == 1 ? wq : NULL,
		 .map = &map, .nest = &wq->lockdep_map, .read = wq->max_active == 1 ? 0 : 2,
		 .ip = (unsigned long)func + 1);
	func(work);
	um_end(UM_WORK_RUN, 0, .object = work, .start = wq, .map = &map,
	       .nest = &wq->lockdep_map);
	um_task_ends("work function", func);
}

static void add_worker(void);

static void worker_main(void *arg)
{
	static const struct um_why why = { .kind = "work", .object = &pool, .idle = true };
	struct worker *w = arg;
	struct work_struct *work;
	bool more;

	um_sched_lock();
	w->task = current;
	for (;;) {
		um_wait_until(has_work, NULL, &why, UM_FOREVER);
		work = next_work();
		if (!work)
			break;
		take_work(w, work);
		more = !--pool.n_idle && next_work();
		pool.n_idle += more;
		um_sched_unlock();
		if (more)
			add_worker();
		run_work(w);
		um_sched_lock();
		w->wq->active--;
		w->wq = NULL;
		w->work = NULL;
		w->seq = 0;
		pool.n_idle++;
		um_wake(&pool);
	}
	um_sched_unlock();
}

/* Inner lock not held; counted already. Without memory for one the process ends. */
static void add_worker(void)
{
	struct worker *w = host_need(sizeof(*w));
	struct task_struct *task;

	um_sched_lock();
	list_add_tail(&w->node, &pool.workers);
	um_sched_unlock();
	task = um_kthread("kworker", worker_main, w);
	um_sched_lock();
	w->task = task;
	um_sched_unlock();
}

/* ---- queueing --------------------------------------------------------------------------- */

/**
 * um_init_work() - make a work item; called as INIT_WORK() or INIT_WORK_ONSTACK()
 * @work: where
 * @func: called by a worker; may free the item
 * @on_stack: a variable of the caller's, who ends its use by destroy_work_on_stack()
 * @name: for reports, not copied
 * @key:  class of its running function, which a flush waits for
 */
void um_init_work(struct work_struct *work, work_func_t func, bool on_stack, const char *name,
		  struct lock_class_key *key)
{
	um_begin(UM_INIT, .object = work, .what = ITEM,
		 .placed = on_stack ? UM_ON_STACK : UM_NOT_ON_STACK);
	INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->wq = NULL;
	work->pending = false;
	work->um_dropped = false;
	work->canceling = 0;
	work->seq = 0;
	lockdep_init_map(&work->lockdep_map, name, key, 0);
}
EXPORT_SYMBOL(um_init_work);

/* Inner lock held: is this task running an item of the queue? */
static bool is_in_item_of(const struct workqueue_struct *wq)
{
	struct um_sched_task *t = um_this();
	struct worker *w;

	list_for_each_entry(w, &pool.workers, node)
		if (w->task == &t->task)
			return w->wq == wq;
	return false;
}

static void dequeue_told(const void *object)
{
	const struct work_struct *work = object;

	um_sched_lock();
	if (um_list_cut(&pool.items, &work->entry))
		um_wake(&pool);
	um_sched_unlock();
}

enum inserted { DONE, NEEDS_WORKER, IS_DRAINED, NEVER_INITIALISED };

/* Inner lock held. The result is for after_insert(), without it. */
static enum inserted insert_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (unlikely(wq->drainers) && !is_in_item_of(wq)) {
		work->um_dropped = true;
		return IS_DRAINED;
	}
	if (unlikely(!list_empty(&work->entry)))
		return NEVER_INITIALISED;
	work->wq = wq;
	work->seq = pool.next_seq++;
	list_add_tail(&work->entry, &pool.items);
	um_begin(UM_ACTIVE, .object = work, .what = ITEM, .start = work->func,
		 .undo = dequeue_told);
	um_wake(&pool);
	if (pool.n_idle)
		return DONE;
	pool.n_idle++;
	return NEEDS_WORKER;
}

/* The queue may be gone by now. */
static void after_insert(enum inserted how)
{
	if (how == NEEDS_WORKER)
		add_worker();
	WARN_ON_ONCE(how == IS_DRAINED);
	WARN_ON(how == NEVER_INITIALISED);
}

/**
 * queue_work() - have an item's function called by a worker
 * @wq:   the queue
 * @work: of INIT_WORK(); not to be freed before it has begun
 *
 * An item that runs is called once more, afterwards, by another worker or the
 * same.
 *
 * Context: interrupts, too. What was written before is seen by the function.
 * Return: false when it was pending already, or is just being cancelled by
 * cancel_work_sync(), and so not queued.
 */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	enum inserted how = DONE;
	bool queued = false;

	um_use(work, "queue_work()");
	um_step(UM_WORK_QUEUE, work);
	um_sched_lock();
	if (!work->pending && !work->canceling) {
		work->pending = true;
		queued = true;
		how = insert_work(wq, work);
	}
	um_sched_unlock();
	after_insert(how);
	return queued;
}
EXPORT_SYMBOL(queue_work);

/**
 * delayed_work_timer_fn() - the function of the timer in a delayed item
 * @timer: which has expired
 *
 * Named by DECLARE_DELAYED_WORK(); not to be called.
 */
void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);
	struct workqueue_struct *wq = dwork->wq;
	enum inserted how;

	um_sched_lock();
	how = insert_work(wq, &dwork->work);
	um_sched_unlock();
	after_insert(how);
}
EXPORT_SYMBOL(delayed_work_timer_fn);

const void *um_timer_leads_to(const struct timer_list *timer)
{
	const struct delayed_work *dwork = container_of(timer, struct delayed_work, timer);

	return timer->function == delayed_work_timer_fn ? (const void *)dwork->work.func :
							  (const void *)timer->function;
}

/**
 * um_init_delayed_work() - make a delayed item; called as INIT_DELAYED_WORK() or
 *	INIT_DELAYED_WORK_ONSTACK()
 * @dwork: where
 * @func:  called by a worker with the work_struct in it
 * @on_stack: a variable of the caller's, who ends its use by
 *	destroy_delayed_work_on_stack()
 * @name:  for reports, not copied
 * @key:   class of its running function, which a flush waits for
 */
void um_init_delayed_work(struct delayed_work *dwork, work_func_t func, bool on_stack,
			  const char *name, struct lock_class_key *key)
{
	static struct lock_class_key timer_key;

	um_init_work(&dwork->work, func, on_stack, name, key);
	um_timer_make(&dwork->timer, delayed_work_timer_fn, UM_ANYWHERE, "&dwork->timer",
		      &timer_key);
	dwork->wq = NULL;
}
EXPORT_SYMBOL(um_init_delayed_work);

/**
 * destroy_work_on_stack() - an item on the stack goes with its function
 * @work: of INIT_WORK_ONSTACK(); not pending, or that is told
 */
void destroy_work_on_stack(struct work_struct *work)
{
	um_begin(UM_OFF_STACK, .object = work);
}
EXPORT_SYMBOL_GPL(destroy_work_on_stack);

/**
 * destroy_delayed_work_on_stack() - a delayed item on the stack goes with its function
 * @dwork: of INIT_DELAYED_WORK_ONSTACK(); not pending, or that is told
 */
void destroy_delayed_work_on_stack(struct delayed_work *dwork)
{
	destroy_timer_on_stack(&dwork->timer);
	destroy_work_on_stack(&dwork->work);
}
EXPORT_SYMBOL_GPL(destroy_delayed_work_on_stack);

/**
 * queue_delayed_work() - queue_work() after some time
 * @wq:    the queue
 * @dwork: of INIT_DELAYED_WORK()
 * @delay: jiffies; 0: at once
 *
 * Return: false when it was pending already, with its time unchanged, or is
 * just being cancelled.
 */
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay)
{
	bool queued = false;

	if (!delay)
		return queue_work(wq, &dwork->work);
	if (WARN_ON_ONCE(dwork->timer.function != delayed_work_timer_fn))
		return false;
	um_use(&dwork->work, "queue_delayed_work()");
	um_timers_start();
	um_step(UM_WORK_QUEUE, &dwork->work);
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
	const struct workqueue_struct *wq;	/* any of its items with @older */
	u64 seq;		/* this one, or with @older all up to it */
	bool older;
};

static bool same_instance(const struct instance *i, const struct workqueue_struct *wq, u64 seq)
{
	return i->older ? wq == i->wq && seq <= i->seq : seq == i->seq;
}

/* The queue and the item may be gone when somebody asks. */
static bool instance_gone(const void *arg)
{
	const struct instance *i = arg;
	struct work_struct *work;
	struct worker *w;

	list_for_each_entry(work, &pool.items, entry)
		if (same_instance(i, work->wq, work->seq))
			return false;
	list_for_each_entry(w, &pool.workers, node)
		if (w->seq && same_instance(i, w->wq, w->seq))
			return false;
	return true;
}

/* Inner lock held. */
static void wait_instance(const struct instance *i, const char *kind)
{
	struct um_why why = { .kind = kind, .object = &pool };

	um_wait_until(instance_gone, i, &why, UM_FOREVER);
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
	struct workqueue_struct *wq = NULL;
	struct lockdep_map queue = { };
	struct instance i = { };
	struct worker *w;

	if (WARN_ON(!work->func))
		return false;
	um_sched_lock();
	w = runs_work(work);
	if (work->wq && !list_empty(&work->entry)) {
		i.seq = work->seq;
		wq = work->wq;
	} else if (w) {
		i.seq = w->seq;
		wq = w->wq;
	}
	/* on an ordered queue it is behind all that run there */
	if (wq && wq->max_active == 1)
		queue = wq->lockdep_map;
	um_sched_unlock();
	um_begin(UM_WAIT, .object = work, .map = &queue, .ip = _RET_IP_);
	um_begin(UM_WAIT, .object = work, .map = &work->lockdep_map, .sleeps = true,
		 .ip = _RET_IP_);
	um_sched_lock();
	if (i.seq)
		wait_instance(&i, "flush of a work item");
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = work);
	return i.seq != 0;
}
EXPORT_SYMBOL(flush_work);

/* Inner lock held. */
static bool dequeue(struct work_struct *work)
{
	/* of an item that was never initialised the list is not even empty */
	if (!work->wq || list_empty(&work->entry))
		return false;
	list_del_init(&work->entry);
	um_begin(UM_IDLE, .object = work, .what = ITEM);
	work->wq = NULL;
	work->pending = false;
	um_wake(&pool);
	return true;
}

/* It stays pending: Linux looks for a queue that has it, over and over. */
static void check_dropped(struct work_struct *work)
{
	bool dropped;

	um_sched_lock();
	dropped = work->um_dropped;
	if (dropped)
		work->pending = false;
	work->um_dropped = false;
	um_sched_unlock();
	if (dropped)
		um_splat("workqueue", "a work item is cancelled that a queue dropped while it was drained: that never ends");
}

/**
 * cancel_work() - take an item off its queue; its function may be running
 * @work: of INIT_WORK(); one that was dropped because its queue was drained is a
 *	splat, as Linux does not return
 *
 * Return: whether it was pending.
 */
bool cancel_work(struct work_struct *work)
{
	bool was_pending;

	check_dropped(work);
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
	struct instance i = { };
	bool was_pending;
	struct worker *w;

	if (WARN_ON(!work->func))
		return false;
	check_dropped(work);
	um_begin(UM_WAIT, .object = work, .map = &work->lockdep_map, .sleeps = true,
		 .ip = _RET_IP_);
	um_sched_lock();
	was_pending = dequeue(work);
	work->canceling++;
	w = runs_work(work);
	if (w) {
		i.seq = w->seq;
		wait_instance(&i, "end of a work item");
	}
	work->canceling--;
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = work);
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
	struct instance i = { .wq = wq, .older = true };

	um_begin(UM_WAIT, .object = wq, .map = &wq->lockdep_map, .sleeps = true, .ip = _RET_IP_);
	um_sched_lock();
	i.seq = pool.next_seq - 1;
	wait_instance(&i, "flush of a work queue");
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = wq);
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
	struct instance i = { .wq = wq, .seq = U64_MAX, .older = true };

	um_begin(UM_WAIT, .object = wq, .map = &wq->lockdep_map, .sleeps = true, .ip = _RET_IP_);
	um_sched_lock();
	wq->drainers++;
	wait_instance(&i, "drain of a work queue");
	wq->drainers--;
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = wq);
}
EXPORT_SYMBOL(drain_workqueue);

/* ---- queues ------------------------------------------------------------------------------------ */

/**
 * alloc_workqueue() - make a queue
 * @fmt:        format of its name, for its workers and for reports
 * @flags:      ignored: there are no priorities and no CPUs
 * @max_active: items that may run at once, at most WQ_MAX_ACTIVE; 0 is
 *	WQ_DFL_ACTIVE
 * @...:        arguments of @fmt
 *
 * Workers are started when they are needed, for all queues.
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
	wq->max_active = max_active > 0 ? min(max_active, WQ_MAX_ACTIVE) : WQ_DFL_ACTIVE;
	lockdep_register_key(&wq->key);
	lockdep_init_map(&wq->lockdep_map, wq->name, &wq->key, 0);
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
	drain_workqueue(wq);
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
	struct worker *w, *next;

	destroy_workqueue(system_wq);
	destroy_workqueue(system_unbound_wq);
	system_wq = NULL;
	system_unbound_wq = NULL;
	um_sched_lock();
	pool.stop = true;
	um_wake(&pool);
	um_sched_unlock();
	list_for_each_entry_safe(w, next, &pool.workers, node) {
		um_kthread_join(w->task);
		host_free(w);
	}
	INIT_LIST_HEAD(&pool.workers);
}
