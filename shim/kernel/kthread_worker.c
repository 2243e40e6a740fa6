// SPDX-License-Identifier: GPL-2.0-only
/*
 * Workers: a thread of a driver that does what is queued for it, one after the other,
 * in order. A work belongs to the worker that it was first queued for. One that is
 * queued must not be freed; while it runs it may be queued again. Whose a work is,
 * and what a worker's thread is, are written under the worker's lock, and read by
 * those who wait for them without it.
 *
 * Left out: freezing, binding to a CPU.
 */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>

#include "check/op.h"
#include "kernel/kthread.h"
#include "kernel/module/functions.h"
#include "kernel/sched/wait.h"

#define WORK	"kthread_work"	/* to whom it must not vanish */

/**
 * __kthread_init_worker() - make a worker whose thread will call kthread_worker_fn();
 *	called as kthread_init_worker()
 * @worker: where
 * @name:   of its lock, for reports; not copied
 * @key:    class of its lock
 */
void __kthread_init_worker(struct kthread_worker *worker, const char *name,
			   struct lock_class_key *key)
{
	memset(worker, 0, sizeof(*worker));
	raw_spin_lock_init(&worker->lock);
	lockdep_set_class_and_name(&worker->lock, key, name);
	INIT_LIST_HEAD(&worker->work_list);
	INIT_LIST_HEAD(&worker->delayed_work_list);
}
EXPORT_SYMBOL_GPL(__kthread_init_worker);

/* Those of all workers, and those that wait for their time. Guarded by the inner lock. */
static LIST_HEAD(queued);
static LIST_HEAD(delayed);

/* Worker's lock held, as below. */
static void is_queued(struct kthread_work *work, struct list_head *among)
{
	um_sched_lock();
	list_add_tail(&work->um_queued, among);
	um_sched_unlock();
}

static void take_out(struct kthread_work *work)
{
	list_del_init(&work->node);
	um_begin(UM_IDLE, .object = work, .what = WORK);
	um_sched_lock();
	list_del_init(&work->um_queued);
	um_sched_unlock();
}

static void take_out_told(const void *object)
{
	struct kthread_work *work = (struct kthread_work *)object;
	struct kthread_worker *worker = READ_ONCE(work->worker);
	unsigned long flags;

	raw_spin_lock_irqsave(&worker->lock, flags);
	if (!list_empty(&work->node))
		take_out(work);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}

static void insert(struct kthread_worker *worker, struct kthread_work *work,
		   struct list_head *before)
{
	um_begin(UM_ACTIVE, .object = work, .what = WORK, .start = work->func,
		 .undo = take_out_told);
	list_add_tail(&work->node, before);
	is_queued(work, &queued);
	WRITE_ONCE(work->worker, worker);
	if (!worker->current_work && worker->task)
		wake_up_process(worker->task);
}

static struct kthread_work *next_work(struct kthread_worker *worker)
{
	struct kthread_work *work;

	raw_spin_lock_irq(&worker->lock);
	work = list_first_entry_or_null(&worker->work_list, struct kthread_work, node);
	if (work)
		take_out(work);
	worker->current_work = work;
	raw_spin_unlock_irq(&worker->lock);
	return work;
}

/**
 * kthread_worker_fn() - what a worker's thread does, until it is stopped
 * @worker_ptr: the worker
 *
 * Context: a thread's function.
 * Return: 0.
 */
int kthread_worker_fn(void *worker_ptr)
{
	struct kthread_worker *worker = worker_ptr;
	struct kthread_work *work;
	kthread_work_func_t func;

	raw_spin_lock_irq(&worker->lock);
	WARN_ON(worker->task && worker->task != current);
	WRITE_ONCE(worker->task, current);
	raw_spin_unlock_irq(&worker->lock);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		work = next_work(worker);
		if (!work) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		func = work->func;
		func(work);
	}
	__set_current_state(TASK_RUNNING);
	raw_spin_lock_irq(&worker->lock);
	WRITE_ONCE(worker->task, NULL);
	raw_spin_unlock_irq(&worker->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(kthread_worker_fn);

/**
 * um_kthread_create_worker() - make a worker with its thread; called as
 *	kthread_create_worker()
 * @flags: ignored
 * @name:  format of the thread's name
 * @...:   for that
 *
 * Context: may sleep.
 * Return: the worker, for kthread_destroy_worker(); or an ERR_PTR: -ENOMEM.
 */
struct kthread_worker *um_kthread_create_worker(unsigned int flags, const char name[], ...)
{
	struct kthread_worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);
	char comm[TASK_COMM_LEN];
	struct task_struct *task;
	va_list args;

	if (!worker)
		return ERR_PTR(-ENOMEM);
	kthread_init_worker(worker);
	va_start(args, name);
	vsnprintf(comm, sizeof(comm), name, args);
	va_end(args);
	task = kthread_create(kthread_worker_fn, worker, "%s", comm);
	if (IS_ERR(task)) {
		kfree(worker);
		return ERR_CAST(task);
	}
	worker->flags = flags;
	worker->task = task;
	wake_up_process(task);
	return worker;
}
EXPORT_SYMBOL(um_kthread_create_worker);

/* Lock held. Somebody cancels it, or it is queued already. */
static bool is_busy(const struct kthread_work *work)
{
	return !list_empty(&work->node) || work->canceling;
}

static bool is_for(const struct kthread_worker *worker, const struct kthread_work *work)
{
	return !WARN_ON_ONCE(work->worker && work->worker != worker);
}

/**
 * kthread_queue_work() - have a worker do something
 * @worker: the worker
 * @work:   what; that it is of another worker is a warning
 *
 * Return: false if it is queued already, or is being cancelled.
 */
bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = !is_busy(work) && is_for(worker, work);
	if (queued)
		insert(worker, work, &worker->work_list);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}
EXPORT_SYMBOL_GPL(kthread_queue_work);

/* ---- delayed ---------------------------------------------------------------------- */

/**
 * kthread_delayed_work_timer_fn() - the time of a work has come
 * @t: its timer
 *
 * Context: of a timer.
 */
void kthread_delayed_work_timer_fn(struct timer_list *t)
{
	struct kthread_delayed_work *dwork = container_of(t, struct kthread_delayed_work, timer);
	struct kthread_work *work = &dwork->work;
	struct kthread_worker *worker = READ_ONCE(work->worker);
	unsigned long flags;

	if (WARN_ON_ONCE(!worker))
		return;
	raw_spin_lock_irqsave(&worker->lock, flags);
	if (!list_empty(&work->node)) {
		take_out(work);
		if (!work->canceling)
			insert(worker, work, &worker->work_list);
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}
EXPORT_SYMBOL(kthread_delayed_work_timer_fn);

static struct kthread_delayed_work *delayed_of(const struct timer_list *timer)
{
	return timer->function == kthread_delayed_work_timer_fn ?
	       container_of(timer, struct kthread_delayed_work, timer) : NULL;
}

const void *um_kthread_timer_leads_to(const struct timer_list *timer)
{
	const struct kthread_delayed_work *dwork = delayed_of(timer);

	return dwork ? dwork->work.func : NULL;
}

/* What it is the timer of may be none of these, and memory that is something else by now. */
void um_kthread_timer_undone(const struct timer_list *timer)
{
	struct kthread_work *work;
	bool found = false;

	um_sched_lock();
	list_for_each_entry(work, &delayed, um_queued) {
		found = &container_of(work, struct kthread_delayed_work, work)->timer == timer;
		if (found)
			break;
	}
	um_sched_unlock();
	if (found)
		take_out_told(work);
}

void um_kthread_work_in(struct um_functions *found)
{
	const struct kthread_work *work;

	um_sched_lock();
	list_for_each_entry(work, &queued, um_queued)
		um_functions_add(found, work, work->func);
	um_sched_unlock();
}

/* Lock held. */
static void queue_delayed(struct kthread_worker *worker, struct kthread_delayed_work *dwork,
			  unsigned long delay)
{
	struct kthread_work *work = &dwork->work;

	if (!delay) {
		insert(worker, work, &worker->work_list);
		return;
	}
	list_add(&work->node, &worker->delayed_work_list);
	is_queued(work, &delayed);
	WRITE_ONCE(work->worker, worker);
	mod_timer(&dwork->timer, jiffies + delay);
}

/**
 * kthread_queue_delayed_work() - have a worker do something later
 * @worker: the worker
 * @dwork:  what
 * @delay:  in jiffies
 *
 * Return: as kthread_queue_work().
 */
bool kthread_queue_delayed_work(struct kthread_worker *worker,
				struct kthread_delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool queued;

	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = !is_busy(&dwork->work) && is_for(worker, &dwork->work);
	if (queued)
		queue_delayed(worker, dwork, delay);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}
EXPORT_SYMBOL_GPL(kthread_queue_delayed_work);

/*
 * Lock held, and dropped to wait for the timer, which wants it. Whether it was queued,
 * and is not any more.
 */
static bool unqueue(struct kthread_worker *worker, struct kthread_work *work,
		    struct timer_list *timer, unsigned long *flags)
{
	if (timer) {
		work->canceling++;
		raw_spin_unlock_irqrestore(&worker->lock, *flags);
		del_timer_sync(timer);
		raw_spin_lock_irqsave(&worker->lock, *flags);
		work->canceling--;
	}
	if (list_empty(&work->node))
		return false;
	take_out(work);
	return true;
}

/**
 * kthread_mod_delayed_work() - have a worker do something at another time
 * @worker: the worker
 * @dwork:  what, queued or not
 * @delay:  in jiffies, from now on
 *
 * Return: whether it was queued, or is being cancelled, which ends it.
 */
bool kthread_mod_delayed_work(struct kthread_worker *worker,
			      struct kthread_delayed_work *dwork, unsigned long delay)
{
	struct kthread_work *work = &dwork->work;
	unsigned long flags;
	bool was = false;

	raw_spin_lock_irqsave(&worker->lock, flags);
	if (work->worker && is_for(worker, work))
		was = unqueue(worker, work, &dwork->timer, &flags);
	if (work->canceling)
		was = true;
	else
		queue_delayed(worker, dwork, delay);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return was;
}
EXPORT_SYMBOL_GPL(kthread_mod_delayed_work);

/* ---- waiting ------------------------------------------------------------------------ */

struct flush_work {
	struct kthread_work work;
	struct completion done;
};

static void flush_fn(struct kthread_work *work)
{
	complete(&container_of(work, struct flush_work, work)->done);
}

static void init_flush(struct flush_work *f)
{
	kthread_init_work(&f->work, flush_fn);
	init_completion(&f->done);
}

/**
 * kthread_flush_work() - wait until a work that is queued, or runs, has been done
 * @work: the work
 *
 * Context: may sleep; not of its worker.
 */
void kthread_flush_work(struct kthread_work *work)
{
	struct kthread_worker *worker = READ_ONCE(work->worker);
	struct flush_work f;
	bool waits = true;

	if (!worker)
		return;
	init_flush(&f);
	raw_spin_lock_irq(&worker->lock);
	if (!list_empty(&work->node))
		insert(worker, &f.work, work->node.next);
	else if (worker->current_work == work)
		insert(worker, &f.work, worker->work_list.next);
	else
		waits = false;
	raw_spin_unlock_irq(&worker->lock);
	if (waits)
		wait_for_completion(&f.done);
}
EXPORT_SYMBOL_GPL(kthread_flush_work);

/**
 * kthread_flush_worker() - wait until all that is queued now has been done
 * @worker: the worker
 *
 * Context: may sleep; not of that worker.
 */
void kthread_flush_worker(struct kthread_worker *worker)
{
	struct flush_work f;

	init_flush(&f);
	kthread_queue_work(worker, &f.work);
	wait_for_completion(&f.done);
}
EXPORT_SYMBOL_GPL(kthread_flush_worker);

static bool cancel(struct kthread_work *work, struct timer_list *timer)
{
	struct kthread_worker *worker = READ_ONCE(work->worker);
	unsigned long flags;
	bool was;

	if (!worker)
		return false;
	raw_spin_lock_irqsave(&worker->lock, flags);
	was = unqueue(worker, work, timer, &flags);
	if (worker->current_work == work) {
		/* it must not queue itself again while it is waited for */
		work->canceling++;
		raw_spin_unlock_irqrestore(&worker->lock, flags);
		kthread_flush_work(work);
		raw_spin_lock_irqsave(&worker->lock, flags);
		work->canceling--;
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return was;
}

/**
 * kthread_cancel_work_sync() - a work is not done, or has been
 * @work: the work
 *
 * Context: may sleep; not of its worker.
 * Return: whether it was queued.
 */
bool kthread_cancel_work_sync(struct kthread_work *work)
{
	return cancel(work, NULL);
}
EXPORT_SYMBOL_GPL(kthread_cancel_work_sync);

/**
 * kthread_cancel_delayed_work_sync() - the same of one that waits for its time
 * @dwork: the work
 *
 * Context: may sleep; not of its worker.
 * Return: whether it was queued.
 */
bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *dwork)
{
	return cancel(&dwork->work, &dwork->timer);
}
EXPORT_SYMBOL_GPL(kthread_cancel_delayed_work_sync);

/**
 * kthread_destroy_worker() - undo kthread_create_worker(), behind all that is queued
 * @worker: the worker; works that wait for their time are a warning
 *
 * Context: may sleep; not of that worker.
 */
void kthread_destroy_worker(struct kthread_worker *worker)
{
	struct task_struct *task = READ_ONCE(worker->task);

	if (WARN_ON(!task))
		return;
	kthread_flush_worker(worker);
	kthread_stop(task);
	WARN_ON(!list_empty(&worker->delayed_work_list));
	WARN_ON(!list_empty(&worker->work_list));
	kfree(worker);
}
EXPORT_SYMBOL(kthread_destroy_worker);
