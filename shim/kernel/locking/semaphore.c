// SPDX-License-Identifier: GPL-2.0-only
/* Counting semaphores. They have no owner, so no order is checked. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

#include "kernel/sched/wait.h"

static bool has_count(const void *arg)
{
	return ((const struct semaphore *)arg)->count > 0;
}

static int take(struct semaphore *sem, unsigned int state, s64 ns)
{
	struct um_why why = {
		.kind = "semaphore", .object = sem,
		.interruptible = state & TASK_INTERRUPTIBLE,
		.killable = state & TASK_WAKEKILL,
	};
	int err;

	might_sleep();
	um_switch_point(sem);
	um_sched_lock();
	err = um_wait_until(has_count, sem, &why, ns);
	if (!err)
		sem->count--;
	um_sched_unlock();
	if (!err)
		um_hb_acquire(sem);
	return err;
}

void sema_init(struct semaphore *sem, int val)
{
	sem->count = val;
}
EXPORT_SYMBOL(sema_init);

void down(struct semaphore *sem)
{
	take(sem, TASK_UNINTERRUPTIBLE, UM_FOREVER);
}
EXPORT_SYMBOL(down);

int down_interruptible(struct semaphore *sem)
{
	return take(sem, TASK_INTERRUPTIBLE, UM_FOREVER);
}
EXPORT_SYMBOL(down_interruptible);

int down_killable(struct semaphore *sem)
{
	return take(sem, TASK_KILLABLE, UM_FOREVER);
}
EXPORT_SYMBOL(down_killable);

int down_timeout(struct semaphore *sem, long timeout)
{
	return take(sem, TASK_UNINTERRUPTIBLE, um_jiffies_to_ns(timeout));
}
EXPORT_SYMBOL(down_timeout);

int down_trylock(struct semaphore *sem)
{
	bool got;

	um_switch_point(sem);
	um_sched_lock();
	got = sem->count > 0;
	if (got)
		sem->count--;
	um_sched_unlock();
	if (got)
		um_hb_acquire(sem);
	return !got;
}
EXPORT_SYMBOL(down_trylock);

void up(struct semaphore *sem)
{
	um_hb_release(sem);
	um_sched_lock();
	sem->count++;
	um_wake(sem);
	um_sched_unlock();
	um_switch_point(sem);
}
EXPORT_SYMBOL(up);
