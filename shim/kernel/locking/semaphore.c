// SPDX-License-Identifier: GPL-2.0-only
/* Counting semaphores. They have no owner, so no order is checked. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

#include "check/op.h"
#include "kernel/sched/wait.h"

static bool has_count(const void *arg)
{
	return ((const struct semaphore *)arg)->count > 0;
}

static int take(struct semaphore *sem, unsigned int state, s64 ns, unsigned long ip)
{
	struct um_why why = {
		.kind = "semaphore", .object = sem,
		.interruptible = state & TASK_INTERRUPTIBLE,
		.killable = state & TASK_WAKEKILL,
	};
	int err;

	um_begin(UM_LOCK, .object = sem, .sleeps = true, .ip = ip);
	um_sched_lock();
	err = um_wait_until(has_count, sem, &why, ns);
	if (!err)
		sem->count--;
	um_sched_unlock();
	um_end(UM_LOCK, err, .object = sem);
	return err;
}

/**
 * sema_init() - make a semaphore
 * @sem: where
 * @val: how many may be inside
 */
void sema_init(struct semaphore *sem, int val)
{
	sem->count = val;
}
EXPORT_SYMBOL(sema_init);

/**
 * down() - take one
 * @sem: the semaphore
 *
 * Who of several that wait is next is not said.
 *
 * Context: may sleep.
 */
void down(struct semaphore *sem)
{
	take(sem, TASK_UNINTERRUPTIBLE, UM_FOREVER, _RET_IP_);
}
EXPORT_SYMBOL(down);

/**
 * down_interruptible() - down() that a signal ends
 * @sem: the semaphore
 *
 * Context: may sleep.
 * Return: 0, or -EINTR with nothing taken.
 */
int down_interruptible(struct semaphore *sem)
{
	return take(sem, TASK_INTERRUPTIBLE, UM_FOREVER, _RET_IP_);
}
EXPORT_SYMBOL(down_interruptible);

/**
 * down_killable() - down() that a fatal signal ends
 * @sem: the semaphore
 *
 * Context: may sleep.
 * Return: 0, or -EINTR with nothing taken.
 */
int down_killable(struct semaphore *sem)
{
	return take(sem, TASK_KILLABLE, UM_FOREVER, _RET_IP_);
}
EXPORT_SYMBOL(down_killable);

/**
 * down_timeout() - down() for a limited time
 * @sem:     the semaphore
 * @timeout: jiffies, below 0 as 0; MAX_SCHEDULE_TIMEOUT is for ever
 *
 * Context: may sleep.
 * Return: 0, or -ETIME with nothing taken.
 */
int down_timeout(struct semaphore *sem, long timeout)
{
	return take(sem, TASK_UNINTERRUPTIBLE, um_jiffies_to_ns(timeout), _RET_IP_);
}
EXPORT_SYMBOL(down_timeout);

/**
 * down_trylock() - take one if that needs no wait
 * @sem: the semaphore
 *
 * Return: 0 when one was taken, 1 when not: the other way round than
 * mutex_trylock().
 */
int down_trylock(struct semaphore *sem)
{
	bool got;

	um_step(UM_TRYLOCK, sem);
	um_sched_lock();
	got = sem->count > 0;
	if (got)
		sem->count--;
	um_sched_unlock();
	um_end(UM_TRYLOCK, !got, .object = sem);
	return !got;
}
EXPORT_SYMBOL(down_trylock);

/**
 * up() - give one back
 * @sem: the semaphore; who gives back need not be who took
 */
void up(struct semaphore *sem)
{
	um_step(UM_UNLOCK, sem);
	um_sched_lock();
	sem->count++;
	um_wake(sem);
	um_sched_unlock();
	um_end(UM_UNLOCK, 0, .object = sem);
}
EXPORT_SYMBOL(up);
