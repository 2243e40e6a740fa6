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
#include <linux/string.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "kernel/sched/wait.h"

/**
 * __mutex_init() - make a mutex, unlocked; called as mutex_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 *
 * Context: any.
 */
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	lock->owner = NULL;
	lock->magic = lock;
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__mutex_init);

static bool mutex_is_free(const void *arg)
{
	return !((const struct mutex *)arg)->owner;
}

static struct task_struct *mutex_owner(const void *arg)
{
	return ((const struct mutex *)arg)->owner;
}

static void check_magic(struct mutex *lock)
{
	if (unlikely(lock->magic != lock))
		um_splat("lock", "mutex %p is used but was never initialised, or was moved",
			 lock);
}

/* Inner lock held. */
static void set_owner(struct mutex *lock, unsigned long ip)
{
	WRITE_ONCE(lock->owner, current);
	lock->taken_at = ip;
}

static int lock_mutex(struct mutex *lock, unsigned int subclass, unsigned int state,
		      struct lockdep_map *nest, unsigned long ip)
{
	struct um_why why = {
		.kind = "mutex", .object = lock, .name = lock->dep_map.name,
		.owner = mutex_owner, .interruptible = state & TASK_INTERRUPTIBLE,
		.killable = state & TASK_WAKEKILL,
	};
	int err;

	might_sleep();
	check_magic(lock);
	um_switch_point(lock);
	lock_acquire(&lock->dep_map, subclass, 0, 0, 1, nest, ip);
	um_sched_lock();
	err = um_wait_until(mutex_is_free, lock, &why, UM_FOREVER);
	if (!err)
		set_owner(lock, ip);
	um_sched_unlock();
	if (err) {
		lock_release(&lock->dep_map, ip);
		return err;
	}
	um_hb_acquire(lock);
	return 0;
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
 * Context: does not sleep.
 * Return: 1 with the lock taken, 0 without. That is the sense of
 * spin_trylock(), not of down_trylock().
 */
int mutex_trylock(struct mutex *lock)
{
	bool got;

	check_magic(lock);
	um_switch_point(lock);
	um_sched_lock();
	got = !lock->owner;
	if (got)
		set_owner(lock, _RET_IP_);
	um_sched_unlock();
	if (got) {
		lock_acquire(&lock->dep_map, 0, 1, 0, 1, NULL, _RET_IP_);
		um_hb_acquire(lock);
	}
	return got;
}
EXPORT_SYMBOL(mutex_trylock);

/**
 * mutex_unlock() - give a mutex back
 * @lock: held by the caller, or there is a splat; then one that another task
 *	holds is unlocked nevertheless
 *
 * Context: does not sleep.
 */
void mutex_unlock(struct mutex *lock)
{
	struct task_struct *owner = READ_ONCE(lock->owner);

	check_magic(lock);
	if (unlikely(owner != current)) {
		um_bad_unlock("mutex", &lock->dep_map, owner, lock->taken_at);
		if (!owner)
			return;
	}
	lock_release(&lock->dep_map, _RET_IP_);
	um_hb_release(lock);
	um_sched_lock();
	WRITE_ONCE(lock->owner, NULL);
	um_wake(lock);
	um_sched_unlock();
	um_switch_point(lock);
}
EXPORT_SYMBOL(mutex_unlock);

/**
 * mutex_is_locked() - does anybody hold it?
 * @lock: the mutex
 *
 * Context: any; true or not, it may have changed already.
 * Return: whether somebody does.
 */
bool mutex_is_locked(struct mutex *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}
EXPORT_SYMBOL(mutex_is_locked);

/**
 * mutex_destroy() - a mutex will not be used any more
 * @lock: held by nobody, or there is a splat; used later there is one too
 *
 * Context: any.
 */
void mutex_destroy(struct mutex *lock)
{
	if (mutex_is_locked(lock))
		um_splat("lock", "mutex %s is destroyed while %s holds it",
			 lock->dep_map.name, READ_ONCE(lock->owner)->comm);
	lock->magic = NULL;
}
EXPORT_SYMBOL(mutex_destroy);
