/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mutexes, rwsems, spinlocks and rwlocks have in common: one who has it
 * alone, or several who share it (kernel/locking/lock.c).
 */
#ifndef _LINUX_UM_LOCK_H
#define _LINUX_UM_LOCK_H

#include <linux/lockdep.h>
#include <linux/types.h>

struct task_struct;

struct um_lock {
	struct task_struct *owner;	/* who has it alone */
	unsigned long taken_at;		/* by the owner */
	unsigned int sharers;
	unsigned int owners_waiting, sharers_waiting;
	const void *magic;
};

#define __UM_LOCK_UNLOCKED(lockname)					\
	{ .um = { .magic = &(lockname) }, .dep_map = { .name = #lockname,	\
	  .key = (void *)&(lockname).dep_map } }

#endif
