// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks, waits and sleeping, asked over sysfs: the steps (steps.h) of the device
 * "locking". What is put off is in later_test.c.
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
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "mdev_test.h"
#include "steps.h"

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

/* When the mutex can be had; a signal that comes before is kept for it. */
static long wait_behind_mutex(long timeout)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	return wait_for_completion_interruptible_timeout(&done, timeout);
}

static long do_behind_mutex(void)
{
	return wait_behind_mutex(0);
}

static long do_behind_mutex_past(void)
{
	return wait_behind_mutex(-1L);
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

static long do_sleep_longest(void)
{
	return sign(schedule_timeout_interruptible(MAX_JIFFY_OFFSET));
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

/* ---- the file ---------------------------------------------------------------------------------------- */

static const struct step steps[] = {
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
	STEP(behind_mutex), STEP(behind_mutex_past), STEP(completion_done), STEP(complete),
	STEP(complete_all), STEP(reinit),
	STEP(event), STEP(event_interruptible), STEP(event_killable), STEP(event_timeout),
	STEP(event_past), STEP(event_long), STEP(set_flag), STEP(clear_flag), STEP(queue_active),
	STEP(queued), STEP(queued_exclusive), STEP(queued_first), STEP(added), STEP(added_exclusive),
	STEP(callback), STEP(wake), STEP(wake_interruptible), STEP(wake_all),
	STEP(sleep), STEP(wake_sleeper), STEP(wake_self), STEP(sleep_a_tick), STEP(sleep_past),
	STEP(sleep_long), STEP(sleep_longest),
	STEP(msleep_interruptible), STEP(msleep_short), STEP(delays),
};
STEP_FILES(steps);

static struct device *locking;

static int __init locking_test_init(void)
{
	sema_init(&pair, 2);
	sema_init(&signal_sem, 0);
	locking = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, step_groups,
					    "locking");
	return PTR_ERR_OR_ZERO(locking);
}

static void __exit locking_test_exit(void)
{
	device_unregister(locking);
}

module_init(locking_test_init);
module_exit(locking_test_exit);
MODULE_DESCRIPTION("Locks and waits over sysfs");
MODULE_LICENSE("GPL v2");
