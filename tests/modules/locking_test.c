// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks, waits, timers, work and RCU, asked over sysfs.
 *
 * The device "locking" of the class mdev_test has the files run and end: the
 * name of a step written to one is taken by the writing task, and
 * "<step> <result>" goes to the log of the device "control". Steps that end
 * another's wait go to the file end: who waits in run keeps it from being
 * removed, and a removal would keep others out. Whatever a step takes it gives
 * back. A step that is to hold something for a while passes the point
 * "<what>_in" of mdev_test_hold(), so that a test can keep it there.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mdev_test.h"

#define LONG_TIME	(1000 * HZ)

/* ---- mutex --------------------------------------------------------------- */

static DEFINE_MUTEX(mutex);

static long in_mutex(int err)
{
	if (err)
		return err;
	mdev_test_hold("mutex_in");
	mutex_unlock(&mutex);
	return 0;
}

static long do_mutex(void)
{
	mutex_lock(&mutex);
	return in_mutex(0);
}

static long do_mutex_interruptible(void)
{
	return in_mutex(mutex_lock_interruptible(&mutex));
}

static long do_mutex_killable(void)
{
	return in_mutex(mutex_lock_killable(&mutex));
}

static long do_mutex_trylock(void)
{
	if (!mutex_trylock(&mutex))
		return 0;
	mutex_unlock(&mutex);
	return 1;
}

static long do_mutex_is_locked(void)
{
	return mutex_is_locked(&mutex);
}

/* ---- semaphore: two may be in ---------------------------------------------- */

static struct semaphore pair;
static struct semaphore signal_sem;

static long in_pair(int err)
{
	if (err)
		return err;
	mdev_test_hold("pair_in");
	up(&pair);
	return 0;
}

static long do_down(void)
{
	down(&pair);
	return in_pair(0);
}

static long do_down_interruptible(void)
{
	return in_pair(down_interruptible(&pair));
}

static long do_down_killable(void)
{
	return in_pair(down_killable(&pair));
}

static long do_down_past(void)
{
	return in_pair(down_timeout(&pair, -9L));
}

static long do_down_timeout(void)
{
	return in_pair(down_timeout(&pair, 1));
}

static long do_down_trylock(void)
{
	int failed = down_trylock(&pair);

	if (!failed)
		up(&pair);
	return failed;
}

/* Taken by one task, given back by another: nobody owns a semaphore. */
static long do_signal_down(void)
{
	down(&signal_sem);
	return 0;
}

static long do_signal_up(void)
{
	up(&signal_sem);
	return 0;
}

/* ---- rwsem ------------------------------------------------------------------ */

static DECLARE_RWSEM(rwsem);

static long in_read(int err)
{
	if (err)
		return err;
	mdev_test_hold("read_in");
	up_read(&rwsem);
	return 0;
}

static long in_write(int err)
{
	if (err)
		return err;
	mdev_test_hold("write_in");
	up_write(&rwsem);
	return 0;
}

static long do_read(void)
{
	down_read(&rwsem);
	return in_read(0);
}

static long do_read_interruptible(void)
{
	return in_read(down_read_interruptible(&rwsem));
}

static long do_read_killable(void)
{
	return in_read(down_read_killable(&rwsem));
}

static long do_write(void)
{
	down_write(&rwsem);
	return in_write(0);
}

static long do_write_killable(void)
{
	return in_write(down_write_killable(&rwsem));
}

static long do_read_trylock(void)
{
	if (!down_read_trylock(&rwsem))
		return 0;
	up_read(&rwsem);
	return 1;
}

static long do_write_trylock(void)
{
	if (!down_write_trylock(&rwsem))
		return 0;
	up_write(&rwsem);
	return 1;
}

static long do_downgrade(void)
{
	down_write(&rwsem);
	mdev_test_hold("write_in");
	downgrade_write(&rwsem);
	return in_read(0);
}

static long do_rwsem_is_locked(void)
{
	return rwsem_is_locked(&rwsem);
}

static long do_rwsem_is_contended(void)
{
	return rwsem_is_contended(&rwsem);
}

/* ---- spinlock and rwlock: what one task can see -------------------------------- */

static long do_spin(void)
{
	static DEFINE_SPINLOCK(spin);
	unsigned long flags;
	long seen = 0;

	seen |= spin_is_locked(&spin) ? 0 : 1;
	spin_lock_irqsave(&spin, flags);
	seen |= spin_is_locked(&spin) ? 2 : 0;
	seen |= spin_trylock(&spin) ? 0 : 4;
	seen |= in_atomic() ? 8 : 0;
	spin_unlock_irqrestore(&spin, flags);
	if (spin_trylock(&spin)) {
		seen |= 16;
		spin_unlock(&spin);
	}
	return seen;
}

static long do_rwlock(void)
{
	unsigned long flags;
	long seen = 0;
	rwlock_t lock;

	rwlock_init(&lock);
	read_lock(&lock);
	seen |= in_atomic() ? 1 : 0;
	read_unlock(&lock);
	write_lock_irqsave(&lock, flags);
	seen |= in_atomic() ? 2 : 0;
	write_unlock_irqrestore(&lock, flags);
	seen |= in_atomic() ? 0 : 4;
	return seen;
}

/* ---- completion ------------------------------------------------------------------ */

static DECLARE_COMPLETION(done);

/* A time-out's result is a number of jiffies: only its sign can be compared. */
static long sign(long left)
{
	return left > 0 ? 1 : left;
}

static long do_wait(void)
{
	wait_for_completion(&done);
	return 0;
}

static long do_wait_interruptible(void)
{
	return wait_for_completion_interruptible(&done);
}

static long do_wait_killable(void)
{
	return wait_for_completion_killable(&done);
}

static long do_wait_timeout(void)
{
	return sign(wait_for_completion_timeout(&done, 1));
}

static long do_wait_long(void)
{
	return sign(wait_for_completion_interruptible_timeout(&done, LONG_TIME));
}

/* Time-outs that have passed before they begin. */
static long do_wait_past(void)
{
	return wait_for_completion_timeout(&done, -5L);
}

static long do_wait_past_interruptible(void)
{
	return wait_for_completion_interruptible_timeout(&done, -6L);
}

static long do_try_wait(void)
{
	return try_wait_for_completion(&done);
}

static long do_completion_done(void)
{
	return completion_done(&done);
}

static long do_complete(void)
{
	complete(&done);
	return 0;
}

static long do_complete_all(void)
{
	complete_all(&done);
	return 0;
}

static long do_reinit(void)
{
	reinit_completion(&done);
	return 0;
}

/* ---- wait queue --------------------------------------------------------------------- */

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool flag;

static long do_event(void)
{
	wait_event(queue, READ_ONCE(flag));
	return 0;
}

static long do_event_interruptible(void)
{
	return wait_event_interruptible(queue, READ_ONCE(flag));
}

static long do_event_killable(void)
{
	return wait_event_killable(queue, READ_ONCE(flag));
}

static long do_event_timeout(void)
{
	return sign(wait_event_timeout(queue, READ_ONCE(flag), 1));
}

static long do_event_past(void)
{
	return wait_event_timeout(queue, READ_ONCE(flag), -7L);
}

static long do_event_long(void)
{
	return sign(wait_event_interruptible_timeout(queue, READ_ONCE(flag), LONG_TIME));
}

static long do_set_flag(void)
{
	WRITE_ONCE(flag, true);
	wake_up_all(&queue);
	return 0;
}

static long do_clear_flag(void)
{
	WRITE_ONCE(flag, false);
	return 0;
}

static long do_queue_active(void)
{
	return waitqueue_active(&queue);
}

/* Once in the queue, until woken, whatever for. */
static long do_queued(void)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	return 0;
}

static long do_queued_exclusive(void)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&queue, &wait, TASK_UNINTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	return 0;
}

/* Who is told to be the first in the queue? */
static long do_queued_first(void)
{
	DEFINE_WAIT(first);
	DEFINE_WAIT(second);
	long seen = 0;

	seen |= prepare_to_wait_exclusive(&queue, &first, TASK_INTERRUPTIBLE) ? 1 : 0;
	seen |= prepare_to_wait_exclusive(&queue, &second, TASK_INTERRUPTIBLE) ? 2 : 0;
	seen |= prepare_to_wait_exclusive(&queue, &first, TASK_INTERRUPTIBLE) ? 4 : 0;
	finish_wait(&queue, &second);
	finish_wait(&queue, &first);
	return seen;
}

/* With an entry that a wake-up leaves in the queue. */
static long do_added(void)
{
	wait_queue_entry_t wait;

	init_waitqueue_entry(&wait, current);
	add_wait_queue(&queue, &wait);
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	remove_wait_queue(&queue, &wait);
	return 0;
}

static long do_added_exclusive(void)
{
	wait_queue_entry_t wait;

	init_waitqueue_entry(&wait, current);
	add_wait_queue_exclusive(&queue, &wait);
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	remove_wait_queue(&queue, &wait);
	return 0;
}

static int calls;

static int count_call(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	calls += (unsigned long)key;
	return 0;
}

/* An entry with a function of its own, put in and called under the queue's lock. */
static long do_callback(void)
{
	wait_queue_entry_t wait;
	unsigned long irq;

	init_waitqueue_func_entry(&wait, count_call);
	wait.flags = 0;
	spin_lock_irqsave(&queue.lock, irq);
	__add_wait_queue(&queue, &wait);
	wake_up_locked_poll(&queue, 5);
	__remove_wait_queue(&queue, &wait);
	wake_up_locked_poll(&queue, 5);
	spin_unlock_irqrestore(&queue.lock, irq);
	return calls;
}

static long do_wake(void)
{
	wake_up(&queue);
	return 0;
}

static long do_wake_interruptible(void)
{
	wake_up_interruptible(&queue);
	return 0;
}

static long do_wake_all(void)
{
	wake_up_all(&queue);
	return 0;
}

/* ---- sleeping and time ------------------------------------------------------------------ */

static struct task_struct *sleeper;

static long do_sleep(void)
{
	smp_store_release(&sleeper, current);
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	return 0;
}

static long do_wake_sleeper(void)
{
	return wake_up_process(smp_load_acquire(&sleeper));
}

/* Not asleep: the wake-up finds nothing to do, and schedule() comes back at once. */
static long do_wake_self(void)
{
	long woken;

	set_current_state(TASK_INTERRUPTIBLE);
	woken = wake_up_process(current);
	schedule();
	return woken + 2 * wake_up_process(current);
}

static long do_sleep_a_tick(void)
{
	return schedule_timeout_uninterruptible(1);
}

static long do_sleep_past(void)
{
	return schedule_timeout_uninterruptible(-8L);
}

static long do_sleep_long(void)
{
	return sign(schedule_timeout_interruptible(LONG_TIME));
}

static long do_msleep_interruptible(void)
{
	return sign(msleep_interruptible(1000 * MSEC_PER_SEC));
}

static long do_msleep_short(void)
{
	return msleep_interruptible(1);
}

/*
 * How long a busy loop lasts is not asked: its calibration is wrong where the
 * machine's speed changes, as in an emulator. A sleep is never too short.
 */
static long do_delays(void)
{
	long seen = 0;
	u64 start;

	ndelay(100);
	udelay(2);
	mdelay(1);
	start = ktime_get_ns();
	usleep_range(50, 60);
	seen |= ktime_get_ns() - start >= 50000 ? 1 : 0;
	/* of the calendar, not of the boot */
	seen |= ktime_get_real_ns() > ktime_get_ns() + 1000000000ULL * 365 * 24 * 3600 ? 2 : 0;
	return seen;
}

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

#define STEP(name) { #name, do_##name }
static const struct {
	const char *name;
	long (*fn)(void);
} steps[] = {
	STEP(mutex), STEP(mutex_interruptible), STEP(mutex_killable), STEP(mutex_trylock),
	STEP(mutex_is_locked),
	STEP(down), STEP(down_interruptible), STEP(down_killable), STEP(down_timeout),
	STEP(down_past),
	STEP(down_trylock), STEP(signal_down), STEP(signal_up),
	STEP(read), STEP(read_interruptible), STEP(read_killable), STEP(write),
	STEP(write_killable), STEP(read_trylock), STEP(write_trylock), STEP(downgrade),
	STEP(rwsem_is_locked), STEP(rwsem_is_contended),
	STEP(spin), STEP(rwlock),
	STEP(wait), STEP(wait_interruptible), STEP(wait_killable), STEP(wait_timeout),
	STEP(wait_past), STEP(wait_past_interruptible), STEP(wait_long), STEP(try_wait),
	STEP(completion_done), STEP(complete),
	STEP(complete_all), STEP(reinit),
	STEP(event), STEP(event_interruptible), STEP(event_killable), STEP(event_timeout),
	STEP(event_past), STEP(event_long), STEP(set_flag), STEP(clear_flag), STEP(queue_active),
	STEP(queued), STEP(queued_exclusive), STEP(queued_first), STEP(added), STEP(added_exclusive),
	STEP(callback), STEP(wake), STEP(wake_interruptible), STEP(wake_all),
	STEP(sleep), STEP(wake_sleeper), STEP(wake_self), STEP(sleep_a_tick), STEP(sleep_past),
	STEP(sleep_long),
	STEP(msleep_interruptible), STEP(msleep_short), STEP(delays),
	STEP(timer_order), STEP(timer_pending), STEP(timer_rearms),
	STEP(block), STEP(queue), STEP(cancel), STEP(flush), STEP(drain), STEP(later),
	STEP(soon), STEP(now), STEP(mod_later), STEP(mod_now), STEP(later_pending), STEP(flush_later),
	STEP(cancel_later), STEP(cancel_later_sync),
	STEP(rcu),
};

static ssize_t take_step(const char *buf, size_t count)
{
	char result[24];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (!sysfs_streq(buf, steps[i].name))
			continue;
		snprintf(result, sizeof(result), "%ld", steps[i].fn());
		mdev_test_call(steps[i].name, result);
		return count;
	}
	return -EINVAL;
}

static ssize_t run_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	return take_step(buf, count);
}
static DEVICE_ATTR_WO(run);

static ssize_t end_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	return take_step(buf, count);
}
static DEVICE_ATTR_WO(end);

static struct attribute *locking_attrs[] = { &dev_attr_run.attr, &dev_attr_end.attr, NULL };
ATTRIBUTE_GROUPS(locking);

static struct device *locking;

static int __init locking_test_init(void)
{
	sema_init(&pair, 2);
	sema_init(&signal_sem, 0);
	INIT_DELAYED_WORK(&count_later, count_fn);
	wq = alloc_ordered_workqueue("locking_test", 0);
	if (!wq)
		return -ENOMEM;
	locking = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
					    locking_groups, "locking");
	if (IS_ERR(locking)) {
		destroy_workqueue(wq);
		return PTR_ERR(locking);
	}
	return 0;
}

static void __exit locking_test_exit(void)
{
	device_unregister(locking);
	cancel_delayed_work_sync(&count_later);
	destroy_workqueue(wq);
	/* kfree_rcu() needs no code of ours, callbacks do */
	rcu_barrier();
}

module_init(locking_test_init);
module_exit(locking_test_exit);
MODULE_DESCRIPTION("Locks, waits, timers, work and RCU over sysfs");
MODULE_LICENSE("GPL v2");
