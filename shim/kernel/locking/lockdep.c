// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's side of the lock checker: maps of locks, and what drivers say by
 * themselves of what is like a lock. Who checks is in check/lockdep.c.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>

#include "check/op.h"

struct lock_class_key __lockdep_no_validate__;
EXPORT_SYMBOL(__lockdep_no_validate__);

/**
 * lockdep_init_map() - what the checker knows of a lock
 * @map:      in the lock
 * @name:     for reports, not copied
 * @key:      class of the lock; &__lockdep_no_validate__: no order is checked
 * @subclass: added to that of each taking
 */
void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass)
{
	map->name = name;
	map->of = NULL;
	map->key = key;
	map->subclass = subclass;
	map->class = 0;
	map->novalidate = key == &__lockdep_no_validate__;
	map->one_users = false;
}
EXPORT_SYMBOL(lockdep_init_map);

/**
 * lockdep_register_key() - a key in memory that is not static
 * @key: the key; what is known of an earlier one at its place is forgotten
 *
 * Any address makes a key here, registered or not.
 */
void lockdep_register_key(struct lock_class_key *key)
{
	um_begin(UM_KEYS_GONE, .start = key, .size = sizeof(*key));
}
EXPORT_SYMBOL(lockdep_register_key);

/**
 * lockdep_unregister_key() - before the memory of a key is freed
 * @key: the key; what is known of its classes is forgotten
 *
 * Context: locks of the class are not used any more.
 */
void lockdep_unregister_key(struct lock_class_key *key)
{
	um_begin(UM_KEYS_GONE, .start = key, .size = sizeof(*key));
}
EXPORT_SYMBOL(lockdep_unregister_key);

/**
 * lock_acquire() - a lock is wanted, or was got by a trylock
 * @map:      of the lock
 * @subclass: tells locks of one class apart that are held together
 * @trylock:  non-zero: it was got, and nobody waited
 * @read:     0: exclusively, 1: shared, 2: shared, and may recurse
 * @check:    0: held, and of no order
 * @nest:     of a lock under which any number of this class may be taken, or
 *	NULL
 * @ip:       where the caller of the lock function is, for reports
 *
 * Called before the wait, so that a deadlock is told before it happens. A lock
 * that the task has ends the process, unless both are shared. With the
 * detectors off it does nothing.
 */
void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock,
		  int read, int check, struct lockdep_map *nest, unsigned long ip)
{
	um_begin(UM_ENTER, .map = map, .subclass = subclass, .trylock = trylock, .read = read,
		 .unchecked = !check, .nest = nest, .ip = ip);
}
EXPORT_SYMBOL(lock_acquire);

/**
 * lock_release() - a lock is given back
 * @map: of the lock; nothing happens when the task does not have it
 * @ip:  where the caller of the lock function is
 */
void lock_release(struct lockdep_map *map, unsigned long ip)
{
	um_begin(UM_LEAVE, .map = map, .ip = ip);
}
EXPORT_SYMBOL(lock_release);

/**
 * lock_is_held_type() - does this task have a lock?
 * @map:  of the lock
 * @read: -1: in any way, 0: exclusively, 1: shared
 *
 * Return: 1 or 0; -1, which means perhaps, with the detectors off.
 */
int lock_is_held_type(const struct lockdep_map *map, int read)
{
	enum um_decision d = um_begin(UM_HELD, .map = (struct lockdep_map *)map, .read = read);

	return d == UM_GO_ON ? -1 : d == UM_TAKEN;
}
EXPORT_SYMBOL(lock_is_held_type);
