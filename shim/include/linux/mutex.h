/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel/locking/mutex.c: owner known, no recursion, unlock by the owner. */
#ifndef _LINUX_MUTEX_H
#define _LINUX_MUTEX_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/um_lock.h>
#include <asm/barrier.h>

struct mutex {
	struct um_lock um;
	struct lockdep_map dep_map;
};

#define __MUTEX_INITIALIZER(lockname) __UM_LOCK_UNLOCKED(lockname)
#define DEFINE_MUTEX(m) struct mutex m = __MUTEX_INITIALIZER(m)

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
#define mutex_init(lock)						\
do {									\
	static struct lock_class_key __key;				\
	__mutex_init((lock), #lock, &__key);				\
} while (0)

void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int __must_check mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
int __must_check mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
#define mutex_lock(lock) mutex_lock_nested(lock, 0)
#define mutex_lock_interruptible(lock) mutex_lock_interruptible_nested(lock, 0)
#define mutex_lock_killable(lock) mutex_lock_killable_nested(lock, 0)
void um_mutex_lock_nest(struct mutex *lock, struct lockdep_map *nest);
/* Several of one class, which @nest, held, keeps others from taking crosswise. */
#define mutex_lock_nest_lock(lock, nest) um_mutex_lock_nest(lock, &(nest)->dep_map)
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);
void mutex_destroy(struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)

#endif
