// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spinlocks and rwlocks. Holding one is atomic context. A waiting task is
 * parked instead of spinning; a kernel could not tell.
 *
 * Leaves out: queueing order, interrupts (the irq variants are the same).
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "check/check.h"
#include "kernel/sched/wait.h"

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

void spin_lock_nested(spinlock_t *lock, int subclass)
{
	struct um_why why = {
		.kind = "spinlock", .object = lock, .name = lock->dep_map.name,
		.owner = spin_owner, .spin = true,
	};

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	lock_acquire(&lock->dep_map, subclass, 0, 0, 1, NULL, _RET_IP_);
	preempt_disable();
	um_sched_lock();
	um_wait_until(spin_is_free, lock, &why, UM_FOREVER);
	WRITE_ONCE(lock->owner, current);
	um_sched_unlock();
	um_hb_acquire(lock);
}
EXPORT_SYMBOL(spin_lock_nested);

int spin_trylock(spinlock_t *lock)
{
	bool got;

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	um_sched_lock();
	got = !lock->owner;
	if (got)
		WRITE_ONCE(lock->owner, current);
	um_sched_unlock();
	if (got) {
		preempt_disable();
		lock_acquire(&lock->dep_map, 0, 1, 0, 1, NULL, _RET_IP_);
		um_hb_acquire(lock);
	}
	return got;
}
EXPORT_SYMBOL(spin_trylock);

void spin_unlock(spinlock_t *lock)
{
	check_magic(lock, lock->magic);
	if (unlikely(READ_ONCE(lock->owner) != current)) {
		um_splat("lock", "bad unlock balance: spinlock %s is not held by %s",
			 lock->dep_map.name, current->comm);
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

int spin_is_locked(spinlock_t *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}
EXPORT_SYMBOL(spin_is_locked);

void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key)
{
	lock->writer = NULL;
	lock->readers = 0;
	lock->magic = lock;
	lockdep_init_map(&lock->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__rwlock_init);

static bool rw_may_read(const void *arg)
{
	return !((const rwlock_t *)arg)->writer;
}

static bool rw_may_write(const void *arg)
{
	return !((const rwlock_t *)arg)->writer && !((const rwlock_t *)arg)->readers;
}

static void rw_take(rwlock_t *lock, bool (*may)(const void *), bool write)
{
	struct um_why why = {
		.kind = write ? "rwlock for writing" : "rwlock for reading",
		.object = lock, .name = lock->dep_map.name, .spin = true,
	};

	check_magic(lock, lock->magic);
	um_switch_point(lock);
	preempt_disable();
	um_sched_lock();
	um_wait_until(may, lock, &why, UM_FOREVER);
	if (write)
		lock->writer = current;
	else
		lock->readers++;
	um_sched_unlock();
	um_hb_acquire(lock);
}

void read_lock(rwlock_t *lock)
{
	lock_acquire(&lock->dep_map, 0, 0, 2, 1, NULL, _RET_IP_);
	rw_take(lock, rw_may_read, false);
}
EXPORT_SYMBOL(read_lock);

void write_lock(rwlock_t *lock)
{
	lock_acquire(&lock->dep_map, 0, 0, 0, 1, NULL, _RET_IP_);
	rw_take(lock, rw_may_write, true);
}
EXPORT_SYMBOL(write_lock);

void read_unlock(rwlock_t *lock)
{
	lock_release(&lock->dep_map, _RET_IP_);
	um_hb_release(lock);
	um_sched_lock();
	lock->readers--;
	um_wake(lock);
	um_sched_unlock();
	preempt_enable();
}
EXPORT_SYMBOL(read_unlock);

void write_unlock(rwlock_t *lock)
{
	if (unlikely(READ_ONCE(lock->writer) != current))
		um_splat("lock", "bad unlock balance: rwlock %s is not held by %s",
			 lock->dep_map.name, current->comm);
	lock_release(&lock->dep_map, _RET_IP_);
	um_hb_release(lock);
	um_sched_lock();
	lock->writer = NULL;
	um_wake(lock);
	um_sched_unlock();
	preempt_enable();
}
EXPORT_SYMBOL(write_unlock);
