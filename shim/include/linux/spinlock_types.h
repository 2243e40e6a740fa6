/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks and rwlocks with an owner to check. A raw spinlock is the same:
 * there is no realtime variant.
 */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/um_lock.h>

typedef struct spinlock {
	struct um_lock um;
	struct lockdep_map dep_map;
} spinlock_t;
typedef spinlock_t raw_spinlock_t;

typedef struct rwlock {
	struct um_lock um;
	struct lockdep_map dep_map;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(lockname) __UM_LOCK_UNLOCKED(lockname)
#define __RW_LOCK_UNLOCKED(lockname) __SPIN_LOCK_UNLOCKED(lockname)
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define DEFINE_RAW_SPINLOCK(x) raw_spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define DEFINE_RWLOCK(x) rwlock_t x = __RW_LOCK_UNLOCKED(x)

#endif
