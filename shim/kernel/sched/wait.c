// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues: a list of entries under the queue's spinlock. A wake-up calls
 * each entry's function; the usual one makes the entry's task runnable.
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "check/op.h"
#include "kernel/sched/sched.h"

/* ---- the detectors ------------------------------------------------------------------ */

static bool has_entries(const void *object)
{
	const struct wait_queue_head *wq = object;

	return !list_empty(&wq->head);
}

static void entered(const struct wait_queue_head *wq)
{
	um_begin(UM_ACTIVE, .object = wq, .what = "wait queue", .in_use = has_entries);
}

static void left(const struct wait_queue_head *wq)
{
	um_begin(UM_IDLE, .object = wq, .what = "wait queue");
}

/* ---- queues -------------------------------------------------------------------------- */

/**
 * __init_waitqueue_head() - make an empty queue
 * @wq:   where
 * @name: of its lock, for reports; not copied
 * @key:  class of its lock
 *
 * Called as init_waitqueue_head().
 */
void __init_waitqueue_head(struct wait_queue_head *wq, const char *name,
			   struct lock_class_key *key)
{
	/* told: those who wait there are still to be woken */
	if (um_begin(UM_INIT, .object = wq, .what = "wait queue") == UM_REFUSE)
		return;
	__spin_lock_init(&wq->lock, name, key);
	INIT_LIST_HEAD(&wq->head);
}
EXPORT_SYMBOL(__init_waitqueue_head);

/**
 * default_wake_function() - wake the task of an entry
 * @entry: its private is the task
 * @mode:  states of a task, any of which it must be in
 * @flags: ignored
 * @key:   ignored
 *
 * Context: the queue's lock is held.
 * Return: non-zero when it was woken.
 */
int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int flags, void *key)
{
	struct task_struct *task = entry->private;

	if (!(READ_ONCE(task->__state) & mode))
		return 0;
	return wake_up_process(task);
}
EXPORT_SYMBOL(default_wake_function);

/**
 * autoremove_wake_function() - wake the task, and take the entry off its queue
 * @entry: its private is the task; stays on the queue unless the task is woken
 * @mode:  states of a task, any of which it must be in
 * @flags: ignored
 * @key:   ignored
 *
 * Context: the queue's lock is held.
 * Return: non-zero when it was woken.
 */
int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			     int flags, void *key)
{
	int woken = default_wake_function(entry, mode, flags, key);

	if (woken)
		list_del_init(&entry->entry);
	return woken;
}
EXPORT_SYMBOL(autoremove_wake_function);

/**
 * __add_wait_queue() - put an entry at the front of a queue
 * @wq:    the queue
 * @entry: the caller's, on no queue
 *
 * Context: the queue's lock is held.
 */
void __add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_add(&entry->entry, &wq->head);
	entered(wq);
}
EXPORT_SYMBOL(__add_wait_queue);

/**
 * __remove_wait_queue() - take an entry off a queue
 * @wq:    the queue
 * @entry: on it
 *
 * Context: the queue's lock is held.
 */
void __remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_del(&entry->entry);
	left(wq);
}
EXPORT_SYMBOL(__remove_wait_queue);

/**
 * add_wait_queue() - put an entry at the front of a queue
 * @wq:    the queue
 * @entry: the caller's, on no queue; every wake-up calls it
 *
 * Context: takes the queue's lock: not with it held.
 */
void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add(&entry->entry, &wq->head);
	entered(wq);
	spin_unlock_irqrestore(&wq->lock, flags);
}
EXPORT_SYMBOL(add_wait_queue);

/**
 * add_wait_queue_exclusive() - put an entry at the end of a queue, exclusively
 * @wq:    the queue
 * @entry: the caller's, on no queue; a wake-up counts it
 *
 * Context: takes the queue's lock: not with it held.
 */
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add_tail(&entry->entry, &wq->head);
	entered(wq);
	spin_unlock_irqrestore(&wq->lock, flags);
}
EXPORT_SYMBOL(add_wait_queue_exclusive);

/**
 * remove_wait_queue() - take an entry off a queue
 * @wq:    the queue
 * @entry: on it; afterwards no wake-up calls it
 *
 * Context: takes the queue's lock: not with it held.
 */
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del(&entry->entry);
	left(wq);
	spin_unlock_irqrestore(&wq->lock, flags);
}
EXPORT_SYMBOL(remove_wait_queue);

/* Returns whether the entry was put on an empty queue. */
static bool prepare(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state,
		    bool exclusive, unsigned long ip)
{
	bool was_empty = false;
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&entry->entry)) {
		was_empty = list_empty(&wq->head);
		if (exclusive) {
			entry->flags |= WQ_FLAG_EXCLUSIVE;
			list_add_tail(&entry->entry, &wq->head);
		} else {
			entry->flags &= ~WQ_FLAG_EXCLUSIVE;
			list_add(&entry->entry, &wq->head);
		}
		entered(wq);
	}
	um_set_state(state, ip);
	spin_unlock_irqrestore(&wq->lock, flags);
	return was_empty;
}

/**
 * prepare_to_wait() - be on the queue and in the state, before the condition
 * @wq:    the queue
 * @entry: of the current task, of DEFINE_WAIT(); put in front unless it is on
 *	the queue already
 * @state: TASK_INTERRUPTIBLE or another
 *
 * A wake-up from here on makes the next schedule() return at once.
 *
 * Context: takes the queue's lock: not with it held. finish_wait() follows.
 */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state)
{
	prepare(wq, entry, state, false, _RET_IP_);
}
EXPORT_SYMBOL(prepare_to_wait);

/**
 * prepare_to_wait_exclusive() - prepare_to_wait() as one of whom one is woken
 * @wq:    the queue
 * @entry: of the current task, of DEFINE_WAIT(); put at the end unless it is
 *	on the queue already
 * @state: TASK_INTERRUPTIBLE or another
 *
 * Context: takes the queue's lock: not with it held. finish_wait() follows.
 * Return: whether it was put on a queue with nobody before it.
 */
bool prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			       int state)
{
	return prepare(wq, entry, state, true, _RET_IP_);
}
EXPORT_SYMBOL(prepare_to_wait_exclusive);

/**
 * finish_wait() - the task runs, and its entry is on no queue
 * @wq:    the queue
 * @entry: as given to prepare_to_wait()
 *
 * Context: takes the queue's lock: not with it held.
 */
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	um_set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&wq->lock, flags);
	if (!list_empty(&entry->entry)) {
		list_del_init(&entry->entry);
		left(wq);
	}
	spin_unlock_irqrestore(&wq->lock, flags);
}
EXPORT_SYMBOL(finish_wait);

/* Returns what the function does, which may take the entry off the queue, and free it. */
static int call_entry(struct wait_queue_head *wq, struct wait_queue_entry *entry,
		      unsigned int mode, void *key)
{
	struct list_head *here = &entry->entry, *next = here->next;
	int woken = entry->func(entry, mode, 0, key);

	if (next->prev != here)
		left(wq);
	return woken;
}

static void wake_common(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &wq->head, entry) {
		unsigned int flags = entry->flags;

		if (call_entry(wq, entry, mode, key) &&
		    (flags & WQ_FLAG_EXCLUSIVE) && !--nr)
			break;
	}
}

/**
 * __wake_up() - call the entries of a queue; called as wake_up() and its like
 * @wq:   the queue
 * @mode: states of a task, any of which it must be in to be woken
 * @nr:   how many exclusive waiters at most; 0: all
 * @key:  passed to the entries: for poll, the events
 *
 * Those that are not exclusive are woken in any case, if they come before the
 * last exclusive one that is.
 *
 * Context: takes the queue's lock, under which entries are called: they must
 * not sleep.
 */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	unsigned long flags;

	um_use(wq, "wake_up()");
	spin_lock_irqsave(&wq->lock, flags);
	wake_common(wq, mode, nr, key);
	spin_unlock_irqrestore(&wq->lock, flags);
}
EXPORT_SYMBOL(__wake_up);

/**
 * __wake_up_locked_key() - __wake_up() of one, by who has the lock
 * @wq:   the queue
 * @mode: states of a task, any of which it must be in to be woken
 * @key:  passed to the entries: for poll, the events
 *
 * Context: the queue's lock is held.
 */
void __wake_up_locked_key(struct wait_queue_head *wq, unsigned int mode, void *key)
{
	wake_common(wq, mode, 1, key);
}
EXPORT_SYMBOL(__wake_up_locked_key);
