/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside kernel/locking/: what all locks do. */
#ifndef UMDEV_LOCKING_LOCK_H
#define UMDEV_LOCKING_LOCK_H

#include <linux/um_lock.h>

struct um_lock_sort {
	const char *exclusive, *shared;	/* names for reports */
	const char *misuse;		/* of one that was never initialised: a format */
	bool sleeps;
	bool forced;	/* one that another task has alone is released nevertheless */
};

struct um_lock_how {
	bool shared;
	unsigned int state;	/* TASK_UNINTERRUPTIBLE and so on */
	unsigned int subclass;
	struct lockdep_map *nest;
	unsigned long ip;	/* of whoever called the lock function */
};

void um_lock_init(struct um_lock *l, struct lockdep_map *map, const char *name,
		  struct lock_class_key *key);
int um_lock_take(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		 const struct um_lock_how *how);
bool um_lock_try(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		 bool shared, unsigned long ip);
/* False when it stays as it is: the caller had no right to. That was told. */
bool um_lock_give(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		  bool shared, unsigned long ip);
void um_lock_downgrade(struct um_lock *l, struct lockdep_map *map,
		       const struct um_lock_sort *sort, unsigned long ip);

static inline bool um_lock_is_taken(const struct um_lock *l)
{
	return READ_ONCE(l->owner) || READ_ONCE(l->sharers);
}

#endif
