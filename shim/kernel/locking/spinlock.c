// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and rwlocks. Holding one is atomic context. A waiting task is
 * parked instead of spinning; a kernel could not tell. A waiting writer keeps
 * new readers out, as queued rwlocks do: a reader that nests can deadlock.
 *
 * Leaves out: queueing order, interrupts (the irq variants are the same).
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "kernel/sched/wait.h"

/**
 * __spin_lock_init() - make a spinlock, unlocked; called as spin_lock_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 *
 * Context: any.
 */
void __spin_lock_init(spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	lock->owner = NULL;
	lock->magic = lock;
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__spin_lock_init);

static bool spin_is_free(const void *arg)
{
	return !((const spinlock_t *)arg)->owner;
}

static struct task_struct *spin_owner(const void *arg)
{
	return ((const spinlock_t *)arg)->owner;
}

static void check_magic(const void *lock, const void *magic)
{
	if (unlikely(lock != magic))
		um_splat("lock", "bad magic: spinlock %p was never initialised, or was moved",
			 lock);
}

/* Inner lock held. */
static void set_owner(spinlock_t *lock, unsigned long ip)
{
	WRITE_ONCE(lock->owner, current);
	lock->taken_at = ip;
}

/**
 * spin_lock_nested() - take a spinlock; spin_lock() is subclass 0
 * @lock:     initialised, or there is a splat
 * @subclass: tells locks of one class apart that are held together
 *
 * The variants that turn interrupts off do just this: there are none. A lock
 * that the caller has ends the process with a report.
 *
 * Context: any; atomic until spin_unlock(): nothing that sleeps may be called.
 */
void spin_lock_nested(spinlock_t *lock, int subclass)
{
	struct um_why why = {
		.kind = "spinlock", .object = lock, .name = lock->dep_map.name,
		.owner = spin_owner, .spin = true,
	};

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	lock_acquire(&lock->dep_map, subclass, 0, 0, 1, NULL, _RET_IP_);
	um_atomic_add(1, _RET_IP_);
	um_sched_lock();
	um_wait_until(spin_is_free, lock, &why, UM_FOREVER);
	set_owner(lock, _RET_IP_);
	um_sched_unlock();
	um_hb_acquire(lock);
}
EXPORT_SYMBOL(spin_lock_nested);

/**
 * spin_trylock() - take a spinlock if it is free
 * @lock: initialised, or there is a splat
 *
 * Context: any; atomic until spin_unlock() if it was taken.
 * Return: 1 with the lock taken, 0 without.
 */
int spin_trylock(spinlock_t *lock)
{
	bool got;

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	um_sched_lock();
	got = !lock->owner;
	if (got)
		set_owner(lock, _RET_IP_);
	um_sched_unlock();
	if (got) {
		um_atomic_add(1, _RET_IP_);
		lock_acquire(&lock->dep_map, 0, 1, 0, 1, NULL, _RET_IP_);
		um_hb_acquire(lock);
	}
	return got;
}
EXPORT_SYMBOL(spin_trylock);

/**
 * spin_unlock() - give a spinlock back
 * @lock: held by the caller, or there is a splat and it stays as it is
 *
 * Context: any.
 */
void spin_unlock(spinlock_t *lock)
{
	check_magic(lock, lock->magic);
	if (unlikely(READ_ONCE(lock->owner) != current)) {
		um_bad_unlock("spinlock", &lock->dep_map, lock->owner, lock->taken_at);
		return;
	}
	lock_release(&lock->dep_map, _RET_IP_);
	um_hb_release(lock);
	um_sched_lock();
	WRITE_ONCE(lock->owner, NULL);
	um_wake(lock);
	um_sched_unlock();
	preempt_enable();
	um_switch_point(lock);
}
EXPORT_SYMBOL(spin_unlock);

/**
 * spin_is_locked() - does anybody hold it?
 * @lock: the spinlock
 *
 * Context: any; true or not, it may have changed already.
 * Return: non-zero when somebody does.
 */
int spin_is_locked(spinlock_t *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}
EXPORT_SYMBOL(spin_is_locked);

/**
 * __rwlock_init() - make a reader-writer lock; called as rwlock_init()
 * @lock: where
 * @name: for reports, not copied
 * @key:  class of the lock
 *
 * Context: any.
 */
void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key)
{
	lock->writer = NULL;
	lock->readers = 0;
	lock->writers_waiting = 0;
	lock->magic = lock;
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__rwlock_init);

static struct task_struct *rw_writer(const void *arg)
{
	return ((const rwlock_t *)arg)->writer;
}

static bool rw_may_read(const void *arg)
{
	const rwlock_t *lock = arg;

	return !lock->writer && !lock->writers_waiting;
}

static bool rw_may_write(const void *arg)
{
	const rwlock_t *lock = arg;

	return !lock->writer && !lock->readers;
}

static void rw_take(rwlock_t *lock, bool write, unsigned long ip)
{
	struct um_why why = {
		.kind = write ? "rwlock for writing" : "rwlock for reading",
		.object = lock, .name = lock->dep_map.name, .owner = rw_writer, .spin = true,
	};

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	lock_acquire(&lock->dep_map, 0, 0, write ? 0 : 1, 1, NULL, ip);
	um_atomic_add(1, ip);
	um_sched_lock();
	lock->writers_waiting += write;
	um_wait_until(write ? rw_may_write : rw_may_read, lock, &why, UM_FOREVER);
	lock->writers_waiting -= write;
	if (write) {
		lock->writer = current;
		lock->taken_at = ip;
	} else {
		lock->readers++;
	}
	um_sched_unlock();
	um_hb_acquire(lock);
}

/**
 * read_lock() - take for reading
 * @lock: initialised, or there is a splat
 *
 * Waits for a writer, and for one that waits: a reader that takes it twice
 * can deadlock.
 *
 * Context: any; atomic until read_unlock().
 */
void read_lock(rwlock_t *lock)
{
	rw_take(lock, false, _RET_IP_);
}
EXPORT_SYMBOL(read_lock);

/**
 * write_lock() - take for writing
 * @lock: initialised, or there is a splat
 *
 * Context: any; atomic until write_unlock().
 */
void write_lock(rwlock_t *lock)
{
	rw_take(lock, true, _RET_IP_);
}
EXPORT_SYMBOL(write_lock);

static void rw_release(rwlock_t *lock, bool write, unsigned long ip)
{
	lock_release(&lock->dep_map, ip);
	um_hb_release(lock);
	um_sched_lock();
	if (write)
		lock->writer = NULL;
	else
		lock->readers--;
	um_wake(lock);
	um_sched_unlock();
	preempt_enable();
	um_switch_point(lock);
}

/**
 * read_unlock() - give back what read_lock() took
 * @lock: with a reader, or there is a splat
 *
 * Context: any.
 */
void read_unlock(rwlock_t *lock)
{
	check_magic(lock, lock->magic);
	if (unlikely(!READ_ONCE(lock->readers))) {
		um_bad_unlock("rwlock for reading", &lock->dep_map, NULL, 0);
		return;
	}
	rw_release(lock, false, _RET_IP_);
}
EXPORT_SYMBOL(read_unlock);

/**
 * write_unlock() - give back what write_lock() took
 * @lock: the caller is its writer, or there is a splat and it stays as it is
 *
 * Context: any.
 */
void write_unlock(rwlock_t *lock)
{
	check_magic(lock, lock->magic);
	if (unlikely(READ_ONCE(lock->writer) != current)) {
		um_bad_unlock("rwlock for writing", &lock->dep_map, lock->writer,
			      lock->taken_at);
		return;
	}
	rw_release(lock, true, _RET_IP_);
}
EXPORT_SYMBOL(write_unlock);
