// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reader-writer semaphores: many readers or one writer; a waiting writer
 * keeps new readers out; a trylock never waits.
 *
 * Leaves out: handing over to waiters in order, reader owners.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "kernel/sched/wait.h"

/**
 * __init_rwsem() - make a semaphore, unlocked; called as init_rwsem()
 * @sem:  where
 * @name: for reports, not copied
 * @key:  class of the lock
 *
 * Context: any.
 */
void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	sem->writer = NULL;
	sem->readers = 0;
	sem->writers_waiting = 0;
	sem->readers_waiting = 0;
	sem->magic = sem;
	lockdep_init_map(&sem->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__init_rwsem);

static void check_magic(struct rw_semaphore *sem)
{
	if (unlikely(sem->magic != sem))
		um_splat("lock", "rwsem %p is used but was never initialised, or was moved",
			 sem);
}

static struct task_struct *rwsem_writer(const void *arg)
{
	return ((const struct rw_semaphore *)arg)->writer;
}

static bool may_read(const void *arg)
{
	const struct rw_semaphore *sem = arg;

	return !sem->writer && !sem->writers_waiting;
}

static bool may_write(const void *arg)
{
	const struct rw_semaphore *sem = arg;

	return !sem->writer && !sem->readers;
}

static int take_read(struct rw_semaphore *sem, int subclass, unsigned int state,
		     unsigned long ip)
{
	struct um_why why = {
		.kind = "rwsem for reading", .object = sem, .name = sem->dep_map.name,
		.owner = rwsem_writer, .interruptible = state & TASK_INTERRUPTIBLE,
		.killable = state & TASK_WAKEKILL,
	};
	int err;

	might_sleep();
	check_magic(sem);
	um_switch_point(sem);
	lock_acquire(&sem->dep_map, subclass, 0, 1, 1, NULL, ip);
	um_sched_lock();
	sem->readers_waiting++;
	err = um_wait_until(may_read, sem, &why, UM_FOREVER);
	sem->readers_waiting--;
	if (!err)
		sem->readers++;
	um_sched_unlock();
	if (err)
		lock_release(&sem->dep_map, ip);
	else
		um_hb_acquire(sem);
	return err;
}

/* Inner lock held. */
static void set_writer(struct rw_semaphore *sem, unsigned long ip)
{
	sem->writer = current;
	sem->taken_at = ip;
}

static int take_write(struct rw_semaphore *sem, int subclass, unsigned int state,
		      unsigned long ip)
{
	struct um_why why = {
		.kind = "rwsem for writing", .object = sem, .name = sem->dep_map.name,
		.owner = rwsem_writer, .interruptible = state & TASK_INTERRUPTIBLE,
		.killable = state & TASK_WAKEKILL,
	};
	int err;

	might_sleep();
	check_magic(sem);
	um_switch_point(sem);
	lock_acquire(&sem->dep_map, subclass, 0, 0, 1, NULL, ip);
	um_sched_lock();
	sem->writers_waiting++;
	err = um_wait_until(may_write, sem, &why, UM_FOREVER);
	sem->writers_waiting--;
	if (!err)
		set_writer(sem, ip);
	else
		um_wake(sem);
	um_sched_unlock();
	if (err)
		lock_release(&sem->dep_map, ip);
	else
		um_hb_acquire(sem);
	return err;
}

/**
 * down_read_nested() - take for reading; down_read() is subclass 0
 * @sem:      initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * Waits for a writer, and for one that waits: a reader that takes it twice
 * can deadlock.
 *
 * Context: may sleep.
 */
void down_read_nested(struct rw_semaphore *sem, int subclass)
{
	take_read(sem, subclass, TASK_UNINTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(down_read_nested);

/**
 * down_read_interruptible() - down_read() that a signal ends
 * @sem: initialised, or there is a splat
 *
 * Context: may sleep.
 * Return: 0, or -EINTR without the lock.
 */
int down_read_interruptible(struct rw_semaphore *sem)
{
	return take_read(sem, 0, TASK_INTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(down_read_interruptible);

/**
 * down_read_killable() - down_read() that a fatal signal ends
 * @sem: initialised, or there is a splat
 *
 * Context: may sleep.
 * Return: 0, or -EINTR without the lock.
 */
int down_read_killable(struct rw_semaphore *sem)
{
	return take_read(sem, 0, TASK_KILLABLE, _RET_IP_);
}
EXPORT_SYMBOL(down_read_killable);

/**
 * down_write_nested() - take for writing; down_write() is subclass 0
 * @sem:      initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * Context: may sleep.
 */
void down_write_nested(struct rw_semaphore *sem, int subclass)
{
	take_write(sem, subclass, TASK_UNINTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(down_write_nested);

/**
 * down_write_killable() - down_write() that a fatal signal ends
 * @sem: initialised, or there is a splat
 *
 * Context: may sleep.
 * Return: 0, or -EINTR without the lock, and readers may come again.
 */
int down_write_killable(struct rw_semaphore *sem)
{
	return take_write(sem, 0, TASK_KILLABLE, _RET_IP_);
}
EXPORT_SYMBOL(down_write_killable);

/**
 * down_read_trylock() - take for reading if that needs no wait
 * @sem: initialised, or there is a splat
 *
 * Context: does not sleep.
 * Return: 1 with the lock taken; 0 without, also when only a writer waits.
 */
int down_read_trylock(struct rw_semaphore *sem)
{
	bool got;

	check_magic(sem);
	um_switch_point(sem);
	um_sched_lock();
	got = may_read(sem);
	if (got)
		sem->readers++;
	um_sched_unlock();
	if (got) {
		lock_acquire(&sem->dep_map, 0, 1, 1, 1, NULL, _RET_IP_);
		um_hb_acquire(sem);
	}
	return got;
}
EXPORT_SYMBOL(down_read_trylock);

/**
 * down_write_trylock() - take for writing if nobody has it
 * @sem: initialised, or there is a splat
 *
 * Context: does not sleep.
 * Return: 1 with the lock taken, 0 without.
 */
int down_write_trylock(struct rw_semaphore *sem)
{
	bool got;

	check_magic(sem);
	um_switch_point(sem);
	um_sched_lock();
	got = may_write(sem);
	if (got)
		set_writer(sem, _RET_IP_);
	um_sched_unlock();
	if (got) {
		lock_acquire(&sem->dep_map, 0, 1, 0, 1, NULL, _RET_IP_);
		um_hb_acquire(sem);
	}
	return got;
}
EXPORT_SYMBOL(down_write_trylock);

/**
 * up_read() - give back what down_read() took
 * @sem: with a reader, or there is a splat
 *
 * Readers are counted and not known: that it is this task's own reading that
 * ends is not checked.
 *
 * Context: does not sleep.
 */
void up_read(struct rw_semaphore *sem)
{
	check_magic(sem);
	if (unlikely(!sem->readers)) {
		um_bad_unlock("rwsem for reading", &sem->dep_map, NULL, 0);
		return;
	}
	lock_release(&sem->dep_map, _RET_IP_);
	um_hb_release(sem);
	um_sched_lock();
	sem->readers--;
	um_wake(sem);
	um_sched_unlock();
	um_switch_point(sem);
}
EXPORT_SYMBOL(up_read);

/**
 * up_write() - give back what down_write() took
 * @sem: the caller is its writer, or there is a splat; then another's is
 *	ended nevertheless
 *
 * Context: does not sleep.
 */
void up_write(struct rw_semaphore *sem)
{
	check_magic(sem);
	if (unlikely(sem->writer != current)) {
		um_bad_unlock("rwsem for writing", &sem->dep_map, sem->writer, sem->taken_at);
		if (!sem->writer)
			return;
	}
	lock_release(&sem->dep_map, _RET_IP_);
	um_hb_release(sem);
	um_sched_lock();
	sem->writer = NULL;
	um_wake(sem);
	um_sched_unlock();
	um_switch_point(sem);
}
EXPORT_SYMBOL(up_write);

/**
 * downgrade_write() - from the writer to a reader, with nobody between
 * @sem: the caller is its writer, or there is a splat
 *
 * Other readers come in, unless a writer waits.
 *
 * Context: does not sleep. up_read() follows.
 */
void downgrade_write(struct rw_semaphore *sem)
{
	check_magic(sem);
	if (unlikely(sem->writer != current)) {
		um_bad_unlock("rwsem for writing", &sem->dep_map, sem->writer, sem->taken_at);
		return;
	}
	lock_release(&sem->dep_map, _RET_IP_);
	um_hb_release(sem);
	um_sched_lock();
	sem->writer = NULL;
	sem->readers++;
	um_wake(sem);
	um_sched_unlock();
	lock_acquire(&sem->dep_map, 0, 1, 1, 1, NULL, _RET_IP_);
}
EXPORT_SYMBOL(downgrade_write);

/**
 * rwsem_is_locked() - does anybody hold it?
 * @sem: the semaphore
 *
 * Context: any; true or not, it may have changed already.
 * Return: non-zero when there is a writer or a reader.
 */
int rwsem_is_locked(struct rw_semaphore *sem)
{
	return READ_ONCE(sem->writer) || READ_ONCE(sem->readers);
}
EXPORT_SYMBOL(rwsem_is_locked);

/**
 * rwsem_is_contended() - does anybody wait for it?
 * @sem: the semaphore
 *
 * Context: any; true or not, it may have changed already.
 * Return: non-zero when a writer or a reader waits.
 */
int rwsem_is_contended(struct rw_semaphore *sem)
{
	return READ_ONCE(sem->writers_waiting) || READ_ONCE(sem->readers_waiting);
}
EXPORT_SYMBOL(rwsem_is_contended);
