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

void mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	lock_mutex(lock, subclass, TASK_UNINTERRUPTIBLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_nested);

void um_mutex_lock_nest(struct mutex *lock, struct lockdep_map *nest)
{
	lock_mutex(lock, 0, TASK_UNINTERRUPTIBLE, nest, _RET_IP_);
}
EXPORT_SYMBOL(um_mutex_lock_nest);

int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_mutex(lock, subclass, TASK_INTERRUPTIBLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_interruptible_nested);

int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_mutex(lock, subclass, TASK_KILLABLE, NULL, _RET_IP_);
}
EXPORT_SYMBOL(mutex_lock_killable_nested);

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

bool mutex_is_locked(struct mutex *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}
EXPORT_SYMBOL(mutex_is_locked);

void mutex_destroy(struct mutex *lock)
{
	if (mutex_is_locked(lock))
		um_splat("lock", "mutex %s is destroyed while %s holds it",
			 lock->dep_map.name, READ_ONCE(lock->owner)->comm);
	lock->magic = NULL;
}
EXPORT_SYMBOL(mutex_destroy);
