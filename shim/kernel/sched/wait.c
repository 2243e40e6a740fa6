// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues: a list of entries under the queue's spinlock. A wake-up calls
 * each entry's function; the usual one makes the entry's task runnable.
 */
#include <linux/export.h>
#include <linux/wait.h>

void __init_waitqueue_head(struct wait_queue_head *wq, const char *name,
			   struct lock_class_key *key)
{
	__spin_lock_init(&wq->lock, name, key);
	INIT_LIST_HEAD(&wq->head);
}
EXPORT_SYMBOL(__init_waitqueue_head);

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int flags, void *key)
{
	struct task_struct *task = entry->private;

	if (!(READ_ONCE(task->__state) & mode))
		return 0;
	return wake_up_process(task);
}
EXPORT_SYMBOL(default_wake_function);

int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			     int flags, void *key)
{
	int woken = default_wake_function(entry, mode, flags, key);

	if (woken)
		list_del_init(&entry->entry);
	return woken;
}
EXPORT_SYMBOL(autoremove_wake_function);

void __add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_add(&entry->entry, &wq->head);
}
EXPORT_SYMBOL(__add_wait_queue);

void __remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_del(&entry->entry);
}
EXPORT_SYMBOL(__remove_wait_queue);

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock(&wq->lock);
	list_add(&entry->entry, &wq->head);
	spin_unlock(&wq->lock);
}
EXPORT_SYMBOL(add_wait_queue);

void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock(&wq->lock);
	list_add_tail(&entry->entry, &wq->head);
	spin_unlock(&wq->lock);
}
EXPORT_SYMBOL(add_wait_queue_exclusive);

void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	spin_lock(&wq->lock);
	list_del(&entry->entry);
	spin_unlock(&wq->lock);
}
EXPORT_SYMBOL(remove_wait_queue);

static void prepare(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state,
		    bool exclusive)
{
	spin_lock(&wq->lock);
	if (list_empty(&entry->entry)) {
		if (exclusive) {
			entry->flags |= WQ_FLAG_EXCLUSIVE;
			list_add_tail(&entry->entry, &wq->head);
		} else {
			entry->flags &= ~WQ_FLAG_EXCLUSIVE;
			list_add(&entry->entry, &wq->head);
		}
	}
	um_set_current_state(state);
	spin_unlock(&wq->lock);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state)
{
	prepare(wq, entry, state, false);
}
EXPORT_SYMBOL(prepare_to_wait);

void prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			       int state)
{
	prepare(wq, entry, state, true);
}
EXPORT_SYMBOL(prepare_to_wait_exclusive);

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	um_set_current_state(TASK_RUNNING);
	spin_lock(&wq->lock);
	list_del_init(&entry->entry);
	spin_unlock(&wq->lock);
}
EXPORT_SYMBOL(finish_wait);

static void wake_common(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &wq->head, entry) {
		unsigned int flags = entry->flags;

		if (entry->func(entry, mode, 0, key) &&
		    (flags & WQ_FLAG_EXCLUSIVE) && !--nr)
			break;
	}
}

void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	spin_lock(&wq->lock);
	wake_common(wq, mode, nr, key);
	spin_unlock(&wq->lock);
}
EXPORT_SYMBOL(__wake_up);

void __wake_up_locked_key(struct wait_queue_head *wq, unsigned int mode, void *key)
{
	wake_common(wq, mode, 1, key);
}
EXPORT_SYMBOL(__wake_up_locked_key);
