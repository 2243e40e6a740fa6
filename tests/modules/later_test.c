// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is put off, asked over sysfs: timers, work items and RCU, as the steps (steps.h)
 * of the device "later".
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "items.h"
#include "mdev_test.h"
#include "steps.h"

#define LONG_TIME	(1000 * HZ)

/* ---- timers --------------------------------------------------------------------------------- */

static DECLARE_COMPLETION(fired);
static int order;

struct numbered {
	struct timer_list timer;
	int number;
};

static void numbered_fn(struct timer_list *timer)
{
	struct numbered *n = from_timer(n, timer, timer);

	order = order * 10 + n->number;
	complete(&fired);
}

/* Armed last, due first. Anew, if the second may have been due before the first was armed. */
static long do_timer_order(void)
{
	static struct numbered first = { .number = 1 }, second = { .number = 2 };
	unsigned long base;

	timer_setup(&first.timer, numbered_fn, 0);
	timer_setup(&second.timer, numbered_fn, 0);
	do {
		del_timer_sync(&first.timer);
		del_timer_sync(&second.timer);
		reinit_completion(&fired);
		order = 0;
		base = jiffies;
		second.timer.expires = base + 3;
		add_timer(&second.timer);
		mod_timer(&first.timer, base + 2);
	} while (time_after(jiffies, base + 1));
	wait_for_completion(&fired);
	wait_for_completion(&fired);
	del_timer_sync(&first.timer);
	del_timer_sync(&second.timer);
	return order;
}

static void never_fn(struct timer_list *timer)
{
}
static DEFINE_TIMER(never, never_fn);

static long do_timer_pending(void)
{
	long seen = 0;

	seen |= timer_pending(&never) ? 0 : 1;
	seen |= mod_timer(&never, jiffies + LONG_TIME) ? 0 : 2;
	seen |= timer_pending(&never) ? 4 : 0;
	seen |= mod_timer(&never, jiffies + 2 * LONG_TIME) ? 8 : 0;
	seen |= del_timer(&never) ? 16 : 0;
	seen |= del_timer(&never) ? 0 : 32;
	seen |= del_timer_sync(&never) ? 0 : 64;
	seen |= timer_pending(&never) ? 0 : 128;
	return seen;
}

static int ticks;

static void tick_fn(struct timer_list *timer)
{
	ticks++;
	mod_timer(timer, jiffies + 1);
	complete(&fired);
}
static DEFINE_TIMER(tick, tick_fn);

/* Arms itself again and again: only a delete that waits ends it. */
static long do_timer_rearms(void)
{
	int before;

	mod_timer(&tick, jiffies + 1);
	wait_for_completion(&fired);
	wait_for_completion(&fired);
	del_timer_sync(&tick);
	reinit_completion(&fired);
	before = ticks;
	schedule_timeout_uninterruptible(3);
	return before >= 2 && ticks == before && !timer_pending(&tick);
}

/* ---- work -------------------------------------------------------------------------------------- */

static struct workqueue_struct *wq;		/* one item at a time */
static atomic_t runs;
static DECLARE_COMPLETION(counted);

static void block_fn(struct work_struct *work)
{
	mdev_test_hold("work_in");
}
static DECLARE_WORK(block, block_fn);

static void count_fn(struct work_struct *work)
{
	atomic_inc(&runs);
	complete(&counted);
}
static DECLARE_WORK(count_work, count_fn);
static struct delayed_work count_later;

/* An item that passes a point, and one that queues another when it has. */
static DECLARE_COMPLETION(held_started);
static atomic_t held_runs;

static void held_fn(struct work_struct *work)
{
	complete(&held_started);
	mdev_test_hold("held_in");
	atomic_inc(&held_runs);
}
static DECLARE_WORK(held_work, held_fn);

static void chain_fn(struct work_struct *work)
{
	complete(&held_started);
	mdev_test_hold("held_in");
	queue_work(wq, &count_work);
}
static DECLARE_WORK(chain_work, chain_fn);

/* Returns when it runs. */
static long do_held_start(void)
{
	long queued = queue_work(wq, &held_work);

	wait_for_completion(&held_started);
	return queued;
}

static long do_chain_start(void)
{
	long queued = queue_work(wq, &chain_work);

	wait_for_completion(&held_started);
	return queued;
}

static long do_held_queue(void)
{
	return queue_work(wq, &held_work);
}

static long do_held_flush(void)
{
	flush_work(&held_work);
	return atomic_read(&held_runs);
}

static long do_held_cancel_sync(void)
{
	return cancel_work_sync(&held_work);
}

static long do_block(void)
{
	return queue_work(wq, &block);
}

static long do_queue(void)
{
	return queue_work(wq, &count_work);
}

static long do_cancel(void)
{
	return cancel_work(&count_work);
}

static long do_flush(void)
{
	flush_workqueue(wq);
	return atomic_read(&runs);
}

static long do_drain(void)
{
	drain_workqueue(wq);
	return atomic_read(&runs);
}

static long do_later(void)
{
	return queue_delayed_work(wq, &count_later, LONG_TIME);
}

/* By the timer; and it is over when the item has run. */
static long do_soon(void)
{
	reinit_completion(&counted);
	queue_delayed_work(wq, &count_later, 1);
	wait_for_completion(&counted);
	return atomic_read(&runs);
}

static long do_now(void)
{
	return queue_delayed_work(wq, &count_later, 0);
}

static long do_mod_later(void)
{
	return mod_delayed_work(wq, &count_later, LONG_TIME);
}

static long do_mod_now(void)
{
	return mod_delayed_work(wq, &count_later, 0);
}

static long do_later_pending(void)
{
	return delayed_work_pending(&count_later);
}

/* What the flush returns depends on who is faster, the worker or it. */
static long do_flush_later(void)
{
	flush_delayed_work(&count_later);
	return atomic_read(&runs);
}

static long do_cancel_later(void)
{
	return cancel_delayed_work(&count_later);
}

static long do_cancel_later_sync(void)
{
	return cancel_delayed_work_sync(&count_later);
}

/* ---- items and queues of their own ----------------------------------------------------------------- */

static void first_waits_for_second(void)
{
	struct workqueue_struct *two = alloc_workqueue("two", WQ_UNBOUND, 0);

	if (!two)
		return;
	make_items();
	/* from here on one worker is idle */
	queue_work(two, &nothing);
	flush_work(&nothing);
	queue_work(two, &waits);
	queue_work(two, &completes);
	flush_work(&waits);
	flush_work(&completes);
	destroy_workqueue(two);
}

/* An idle worker that is on its way to the first item is none for the second. */
static long do_next(void)
{
	int i;

	for (i = 0; i < 100; i++)
		first_waits_for_second();
	return i;
}

struct link {
	struct work_struct work;
	struct completion done;
	struct link *next;
};

static void link_fn(struct work_struct *work)
{
	struct link *l = container_of(work, struct link, work);

	if (l->next)
		wait_for_completion(&l->next->done);
	complete(&l->done);
}

/* So many that each waits for the one behind it. */
static long do_links(void)
{
	struct workqueue_struct *chain = alloc_workqueue("chain", WQ_UNBOUND, 0);
	const int n = 64;
	struct link *links = kcalloc(n, sizeof(*links), GFP_KERNEL);
	int i;

	for (i = 0; chain && links && i < n; i++) {
		INIT_WORK(&links[i].work, link_fn);
		init_completion(&links[i].done);
		links[i].next = i + 1 < n ? &links[i + 1] : NULL;
	}
	for (i = 0; chain && links && i < n; i++)
		queue_work(chain, &links[i].work);
	if (i)
		wait_for_completion(&links[0].done);
	if (chain)
		destroy_workqueue(chain);
	kfree(links);
	return i;
}

/* Whether it was found pending, by either. */
static long do_cancel_gone(void)
{
	struct workqueue_struct *gone = alloc_workqueue("gone", WQ_UNBOUND, 1);

	if (!gone)
		return -ENOMEM;
	INIT_WORK(&nothing, nothing_fn);
	queue_work(gone, &nothing);
	destroy_workqueue(gone);
	return cancel_work_sync(&nothing) || flush_work(&nothing);
}

static int running, most;

static void alone_fn(struct work_struct *work)
{
	most = max(most, ++running);
	cond_resched();
	running--;
}

/* How many ran at once. */
static long do_ordered(void)
{
	struct workqueue_struct *ordered = alloc_ordered_workqueue("ordered", 0);
	static struct work_struct items[8];
	unsigned int i;

	if (!ordered)
		return -ENOMEM;
	most = 0;
	for (i = 0; i < ARRAY_SIZE(items); i++) {
		INIT_WORK(&items[i], alone_fn);
		queue_work(ordered, &items[i]);
	}
	destroy_workqueue(ordered);
	return most;
}

static int counted_by_timer;

static void count_timer_fn(struct timer_list *timer)
{
	counted_by_timer++;
}

/* What the function wrote is seen by who has waited for it: how often of 20. */
static long do_read_after_delete(void)
{
	static DEFINE_TIMER(timer, count_timer_fn);
	long seen = 0;
	int i;

	for (i = 0; i < 20; i++) {
		counted_by_timer = 0;
		mod_timer(&timer, jiffies);
		/* where softirqs have a thread of their own, it may be waiting for this one */
		while (timer_pending(&timer))
			cond_resched();
		del_timer_sync(&timer);
		seen += counted_by_timer;
	}
	return seen;
}

/* ---- RCU ------------------------------------------------------------------------------------------ */

struct item {
	struct rcu_head rcu;
	int value;
};

static struct item __rcu *published;
static atomic_t freed;

static void free_item(struct rcu_head *head)
{
	atomic_inc(&freed);
	kfree(container_of(head, struct item, rcu));
}

static struct item *publish(int value)
{
	struct item *item = NULL, *old = rcu_dereference_protected(published, 1);

	if (value) {
		item = kzalloc(sizeof(*item), GFP_KERNEL);
		if (!item)
			return NULL;
		item->value = value;
	}
	rcu_assign_pointer(published, item);
	return old;
}

static int read_item(void)
{
	struct item *item;
	int value;

	rcu_read_lock();
	rcu_read_lock();
	item = rcu_dereference(published);
	value = item ? item->value : 0;
	rcu_read_unlock();
	rcu_read_unlock();
	return value;
}

/* Each way to free an old version: by a callback, after waiting, without a callback. */
static long do_rcu(void)
{
	struct item *old;
	long seen;

	publish(1);
	seen = read_item();
	old = publish(2);
	seen = 10 * seen + read_item();
	call_rcu(&old->rcu, free_item);
	rcu_barrier();
	seen = 10 * seen + atomic_read(&freed);
	old = publish(3);
	seen = 10 * seen + read_item();
	kfree_rcu(old, rcu);
	old = publish(0);
	synchronize_rcu();
	kfree(old);
	return 10 * seen + read_item();
}

/* ---- the file ---------------------------------------------------------------------------------------- */

static const struct step steps[] = {
	STEP(timer_order), STEP(timer_pending), STEP(timer_rearms),
	STEP(block), STEP(queue), STEP(cancel), STEP(flush), STEP(drain), STEP(later),
	STEP(soon), STEP(now), STEP(mod_later), STEP(mod_now), STEP(later_pending), STEP(flush_later),
	STEP(cancel_later), STEP(cancel_later_sync),
	STEP(held_start), STEP(held_queue), STEP(held_flush), STEP(held_cancel_sync),
	STEP(chain_start), STEP(next), STEP(links), STEP(cancel_gone), STEP(ordered),
	STEP(read_after_delete),
	STEP(rcu),
};
STEP_FILES(steps);

static struct device *later;

static int __init later_test_init(void)
{
	INIT_DELAYED_WORK(&count_later, count_fn);
	wq = alloc_ordered_workqueue("later_test", 0);
	if (!wq)
		return -ENOMEM;
	later = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, step_groups, "later");
	if (IS_ERR(later)) {
		destroy_workqueue(wq);
		return PTR_ERR(later);
	}
	return 0;
}

static void __exit later_test_exit(void)
{
	device_unregister(later);
	cancel_delayed_work_sync(&count_later);
	destroy_workqueue(wq);
	/* kfree_rcu() needs no code of ours, callbacks do */
	rcu_barrier();
}

module_init(later_test_init);
module_exit(later_test_exit);
MODULE_DESCRIPTION("Timers, work and RCU over sysfs");
MODULE_LICENSE("GPL v2");
