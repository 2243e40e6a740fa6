// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes: one owner, no recursion, released by the owner. What a kernel
 * with lock debugging shouts about is a splat here too: a lock never
 * initialised, a second lock by the owner, an unlock by anybody else, a
 * lock freed while held.
 *
 * Leaves out: FIFO order among waiters, optimistic spinning.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "check/op.h"
#include "kernel/locking/lock.h"

static const struct um_lock_sort mutexes = {
	.exclusive = "mutex", .sleeps = true, .forced = true,
	.misuse = "mutex %p is used but was never initialised, or was moved",
};

/**
 * __mutex_init() - make a mutex, unlocked; called as mutex_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 */
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	um_lock_init(&lock->um, &lock->dep_map, name, key);
}
EXPORT_SYMBOL(__mutex_init);

static int lock_mutex(struct mutex *lock, unsigned int subclass, unsigned int state,
		      struct lockdep_map *nest, unsigned long ip)
{
	struct um_lock_how how = {
		.state = state, .subclass = subclass, .nest = nest, .ip = ip,
	};

	return um_lock_take(&lock->um, &lock->dep_map, &mutexes, &how);
}

/**
 * mutex_lock_nested() - take a mutex; mutex_lock() is subclass 0
 * @lock:     initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * Who of several that wait is next is not said. A lock that the caller has
 * ends the process with a report.
 *
 * Context: may sleep.
 */
void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	lock_mutex(lock, subclass, TASK_UNINTERRUPTIBLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_nested);

/**
 * um_mutex_lock_nest() - take one of many under a common lock
 * @lock: initialised, or there is a splat
 * @nest: of the lock whose holder may take any number of @lock's class
 *
 * Called as mutex_lock_nest_lock().
 *
 * Context: may sleep.
 */
void um_mutex_lock_nest(struct mutex *lock, struct lockdep_map *nest)
{
	lock_mutex(lock, 0, TASK_UNINTERRUPTIBLE, nest, _RET_IP_);
}
EXPORT_SYMBOL(um_mutex_lock_nest);

/**
 * mutex_lock_interruptible_nested() - mutex_lock_nested() that a signal ends
 * @lock:     initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * Context: may sleep.
 * Return: 0, or -EINTR without the lock. A mutex that is free is taken in any
 * case.
 */
int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_mutex(lock, subclass, TASK_INTERRUPTIBLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_interruptible_nested);

/**
 * mutex_lock_killable_nested() - mutex_lock_nested() that a fatal signal ends
 * @lock:     initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * Context: may sleep.
 * Return: 0, or -EINTR without the lock.
 */
int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_mutex(lock, subclass, TASK_KILLABLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_killable_nested);

/**
 * mutex_trylock() - take a mutex if it is free
 * @lock: initialised, or there is a splat
 *
 * Return: 1 with the lock taken, 0 without. That is the sense of
 * spin_trylock(), not of down_trylock().
 */
int mutex_trylock(struct mutex *lock)
{
	return um_lock_try(&lock->um, &lock->dep_map, &mutexes, false, _RET_IP_);
}
EXPORT_SYMBOL(mutex_trylock);

/**
 * mutex_unlock() - give a mutex back
 * @lock: held by the caller, or there is a splat; then one that another task
 *	holds is unlocked nevertheless
 */
void mutex_unlock(struct mutex *lock)
{
	if (um_lock_give(&lock->um, &lock->dep_map, &mutexes, false, _RET_IP_))
		um_end(UM_UNLOCK, 0, .object = lock);
}
EXPORT_SYMBOL(mutex_unlock);

/**
 * mutex_is_locked() - does anybody hold it?
 * @lock: the mutex
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: whether somebody does.
 */
bool mutex_is_locked(struct mutex *lock)
{
	return um_lock_is_taken(&lock->um);
}
EXPORT_SYMBOL(mutex_is_locked);

/**
 * mutex_destroy() - a mutex will not be used any more
 * @lock: held by nobody, or there is a splat; used later there is one too
 */
void mutex_destroy(struct mutex *lock)
{
	if (mutex_is_locked(lock))
		um_splat("lock", "mutex %s is destroyed while %s holds it",
			 lock->dep_map.name, READ_ONCE(lock->um.owner)->comm);
	lock->um.magic = NULL;
}
EXPORT_SYMBOL(mutex_destroy);
