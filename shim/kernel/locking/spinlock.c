// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and rwlocks. Holding one is atomic context. A waiting task is
 * parked instead of spinning; a kernel could not tell. A waiting writer keeps
 * new readers out, as queued rwlocks do: a reader that nests can deadlock.
 * The variants for interrupts and bottom halves are made of this and
 * local_irq_save() and its like (linux/spinlock.h), as where there is one
 * processor.
 *
 * Leaves out: queueing order.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "check/op.h"
#include "kernel/locking/lock.h"
#include "kernel/sched/wait.h"

static const struct um_lock_sort spinlocks = {
	.exclusive = "spinlock",
	.misuse = "bad magic: spinlock %p was never initialised, or was moved",
};

static const struct um_lock_sort rwlocks = {
	.exclusive = "rwlock for writing", .shared = "rwlock for reading",
	.misuse = "bad magic: spinlock %p was never initialised, or was moved",
};

/**
 * __spin_lock_init() - make a spinlock, unlocked; called as spin_lock_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 */
void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	um_lock_init(&lock->um, &lock->dep_map, name, key);
}
EXPORT_SYMBOL(__spin_lock_init);

/**
 * spin_lock_nested() - take a spinlock; spin_lock() is subclass 0
 * @lock:     initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * A lock that the caller has ends the process with a report.
 *
 * Context: atomic until spin_unlock(): nothing that sleeps may be called. Not
 * for a lock that an interrupt takes, with interrupts on.
 */
void spin_lock_nested(spinlock_t *lock, int subclass)
{
	struct um_lock_how how = { .subclass = subclass, .ip = _RET_IP_ };

	um_atomic_add(1, _RET_IP_);
	um_lock_take(&lock->um, &lock->dep_map, &spinlocks, &how);
}
EXPORT_SYMBOL(spin_lock_nested);

/**
 * spin_trylock() - take a spinlock if it is free
 * @lock: initialised, or there is a splat
 *
 * Context: atomic until spin_unlock() if it was taken.
 * Return: 1 with the lock taken, 0 without.
 */
int spin_trylock(spinlock_t *lock)
{
	bool got;

	um_atomic_add(1, _RET_IP_);
	got = um_lock_try(&lock->um, &lock->dep_map, &spinlocks, false, _RET_IP_);
	if (!got)
		um_atomic_add(-1, _RET_IP_);
	return got;
}
EXPORT_SYMBOL(spin_trylock);

/**
 * spin_unlock() - give a spinlock back
 * @lock: held by the caller, or there is a splat and it stays as it is
 */
void spin_unlock(spinlock_t *lock)
{
	if (!um_lock_give(&lock->um, &lock->dep_map, &spinlocks, false, _RET_IP_))
		return;
	um_atomic_add(-1, _RET_IP_);
	um_end(UM_UNLOCK, 0, .object = lock);
}
EXPORT_SYMBOL(spin_unlock);

/**
 * spin_is_locked() - does anybody hold it?
 * @lock: the spinlock
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: non-zero when somebody does.
 */
int spin_is_locked(spinlock_t *lock)
{
	return um_lock_is_taken(&lock->um);
}
EXPORT_SYMBOL(spin_is_locked);

/**
 * __rwlock_init() - make a reader-writer lock; called as rwlock_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 */
void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key)
{
	um_lock_init(&lock->um, &lock->dep_map, name, key);
}
EXPORT_SYMBOL(__rwlock_init);

static void rw_take(rwlock_t *lock, bool shared, unsigned long ip)
{
	struct um_lock_how how = { .shared = shared, .ip = ip };

	um_atomic_add(1, ip);
	um_lock_take(&lock->um, &lock->dep_map, &rwlocks, &how);
}

static void rw_give(rwlock_t *lock, bool shared, unsigned long ip)
{
	if (!um_lock_give(&lock->um, &lock->dep_map, &rwlocks, shared, ip))
		return;
	um_atomic_add(-1, ip);
	um_end(UM_UNLOCK, 0, .object = lock, .read = shared);
}

/**
 * read_lock() - take for reading
 * @lock: initialised, or there is a splat
 *
 * Waits for a writer, and for one that waits: a reader that takes it twice
 * can deadlock.
 *
 * Context: atomic until read_unlock().
 */
void read_lock(rwlock_t *lock)
{
	rw_take(lock, true, _RET_IP_);
}
EXPORT_SYMBOL(read_lock);

/**
 * write_lock() - take for writing
 * @lock: initialised, or there is a splat
 *
 * Context: atomic until write_unlock(); not with the lock held for reading.
 */
void write_lock(rwlock_t *lock)
{
	rw_take(lock, false, _RET_IP_);
}
EXPORT_SYMBOL(write_lock);

/**
 * read_unlock() - give back what read_lock() took
 * @lock: with a reader, or there is a splat
 */
void read_unlock(rwlock_t *lock)
{
	rw_give(lock, true, _RET_IP_);
}
EXPORT_SYMBOL(read_unlock);

/**
 * write_unlock() - give back what write_lock() took
 * @lock: the caller is its writer, or there is a splat and it stays as it is
 */
void write_unlock(rwlock_t *lock)
{
	rw_give(lock, false, _RET_IP_);
}
EXPORT_SYMBOL(write_unlock);
