/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks and rwlocks with an owner to check. A raw spinlock is the same:
 * there is no realtime variant.
 */
#ifndef _LINUX_SPINLOCK_TYPES_H
#define _LINUX_SPINLOCK_TYPES_H

#include <linux/lockdep.h>

struct task_struct;

typedef struct spinlock {
	struct task_struct *owner;
	unsigned long taken_at;
	const void *magic;
	struct lockdep_map dep_map;
} spinlock_t;
typedef spinlock_t raw_spinlock_t;

typedef struct rwlock {
	struct task_struct *writer;
	unsigned long taken_at;		/* by the writer */
	unsigned int readers, writers_waiting;
	const void *magic;
	struct lockdep_map dep_map;
} rwlock_t;

#define __SPIN_LOCK_UNLOCKED(lockname)					\
	{ .magic = &(lockname), .dep_map = { .name = #lockname,		\
	  .key = (void *)&(lockname).dep_map } }
#define __RW_LOCK_UNLOCKED(lockname) __SPIN_LOCK_UNLOCKED(lockname)
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define DEFINE_RAW_SPINLOCK(x) raw_spinlock_t x = __SPIN_LOCK_UNLOCKED(x)
#define DEFINE_RWLOCK(x) rwlock_t x = __RW_LOCK_UNLOCKED(x)

#endif
