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

#include "check/op.h"
#include "kernel/locking/lock.h"

static const struct um_lock_sort rwsems = {
	.exclusive = "rwsem for writing", .shared = "rwsem for reading", .sleeps = true,
	.forced = true, .misuse = "rwsem %p is used but was never initialised, or was moved",
};

/**
 * __init_rwsem() - make a semaphore, unlocked; called as init_rwsem()
 * @sem:  where
 * @name: for reports, not copied
 * @key:  class of the lock
 */
void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	um_lock_init(&sem->um, &sem->dep_map, name, key);
}
EXPORT_SYMBOL(__init_rwsem);

static int take(struct rw_semaphore *sem, bool shared, int subclass, unsigned int state,
		unsigned long ip)
{
	struct um_lock_how how = {
		.shared = shared, .state = state, .subclass = subclass, .ip = ip,
	};

	return um_lock_take(&sem->um, &sem->dep_map, &rwsems, &how);
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
	take(sem, true, subclass, TASK_UNINTERRUPTIBLE, _RET_IP_);
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
	return take(sem, true, 0, TASK_INTERRUPTIBLE, _RET_IP_);
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
	return take(sem, true, 0, TASK_KILLABLE, _RET_IP_);
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
	take(sem, false, subclass, TASK_UNINTERRUPTIBLE, _RET_IP_);
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
	return take(sem, false, 0, TASK_KILLABLE, _RET_IP_);
}
EXPORT_SYMBOL(down_write_killable);

/**
 * down_read_trylock() - take for reading if that needs no wait
 * @sem: initialised, or there is a splat
 *
 * Return: 1 with the lock taken; 0 without, also when only a writer waits.
 */
int down_read_trylock(struct rw_semaphore *sem)
{
	return um_lock_try(&sem->um, &sem->dep_map, &rwsems, true, _RET_IP_);
}
EXPORT_SYMBOL(down_read_trylock);

/**
 * down_write_trylock() - take for writing if nobody has it
 * @sem: initialised, or there is a splat
 *
 * Return: 1 with the lock taken, 0 without.
 */
int down_write_trylock(struct rw_semaphore *sem)
{
	return um_lock_try(&sem->um, &sem->dep_map, &rwsems, false, _RET_IP_);
}
EXPORT_SYMBOL(down_write_trylock);

/**
 * up_read() - give back what down_read() took
 * @sem: with a reader, or there is a splat
 *
 * Readers are counted and not known: that it is this task's own reading that
 * ends is not checked.
 */
void up_read(struct rw_semaphore *sem)
{
	if (um_lock_give(&sem->um, &sem->dep_map, &rwsems, true, _RET_IP_))
		um_end(UM_UNLOCK, 0, .object = sem, .read = 1);
}
EXPORT_SYMBOL(up_read);

/**
 * up_write() - give back what down_write() took
 * @sem: the caller is its writer, or there is a splat; then another's is
 *	ended nevertheless
 */
void up_write(struct rw_semaphore *sem)
{
	if (um_lock_give(&sem->um, &sem->dep_map, &rwsems, false, _RET_IP_))
		um_end(UM_UNLOCK, 0, .object = sem);
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
	um_lock_downgrade(&sem->um, &sem->dep_map, &rwsems, _RET_IP_);
}
EXPORT_SYMBOL(downgrade_write);

/**
 * rwsem_is_locked() - does anybody hold it?
 * @sem: the semaphore
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: non-zero when there is a writer or a reader.
 */
int rwsem_is_locked(struct rw_semaphore *sem)
{
	return um_lock_is_taken(&sem->um);
}
EXPORT_SYMBOL(rwsem_is_locked);

/**
 * rwsem_is_contended() - does anybody wait for it?
 * @sem: the semaphore
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: non-zero when a writer or a reader waits.
 */
int rwsem_is_contended(struct rw_semaphore *sem)
{
	return READ_ONCE(sem->um.owners_waiting) || READ_ONCE(sem->um.sharers_waiting);
}
EXPORT_SYMBOL(rwsem_is_contended);
