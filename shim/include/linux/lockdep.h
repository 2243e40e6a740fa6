/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock checker's side of every lock: classes by initialisation site plus
 * subclass, and a stack of held locks per task (check/lockdep.c).
 */
#ifndef _LINUX_LOCKDEP_H
#define _LINUX_LOCKDEP_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/bug.h>
#include <linux/llist.h>
#include <asm/processor.h>

struct lock_class_key {
	char byte;
};

struct lockdep_map {
	struct lock_class_key *key;
	const char *name;
	const char *of;		/* a second name, of what the lock belongs to, or NULL */
	unsigned int subclass;	/* added to that of each taking */
	unsigned int class;	/* where the checker found its class last; a hint */
	bool novalidate;
	bool one_users;		/* each user has one: nobody waits for another's */
};

#define MAX_LOCKDEP_SUBCLASSES 8U
#define SINGLE_DEPTH_NESTING 1

#define STATIC_LOCKDEP_MAP_INIT(_name, _key) { .name = (_name), .key = (void *)(_key) }

extern struct lock_class_key __lockdep_no_validate__;

void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass);
/*
 * @trylock: 0 may wait, 1 did not wait; @read: 0 exclusive, 1 shared, 2 shared
 * and recursive. Called before the lock is waited for, so that an order that
 * is about to deadlock is still reported.
 */
void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock,
		  int read, int check, struct lockdep_map *nest, unsigned long ip);
void lock_release(struct lockdep_map *map, unsigned long ip);
/*
 * 1 held (by this task), 0 not, -1 unknown: detectors are off;
 * @read: -1 any, 0 exclusive, 1 shared
 */
int lock_is_held_type(const struct lockdep_map *map, int read);
#define lock_is_held(map) lock_is_held_type(map, -1)
#define lock_map_acquire(map) lock_acquire(map, 0, 0, 0, 1, NULL, _THIS_IP_)
#define lock_map_acquire_read(map) lock_acquire(map, 0, 0, 2, 1, NULL, _THIS_IP_)
#define lock_map_release(map) lock_release(map, _THIS_IP_)

void lockdep_register_key(struct lock_class_key *key);
void lockdep_unregister_key(struct lock_class_key *key);

#define lockdep_set_class(lock, k) \
	lockdep_init_map(&(lock)->dep_map, #k, k, 0)
#define lockdep_set_class_and_name(lock, k, n) \
	lockdep_init_map(&(lock)->dep_map, n, k, 0)
#define lockdep_set_subclass(lock, sub) \
	lockdep_init_map(&(lock)->dep_map, (lock)->dep_map.name, (lock)->dep_map.key, sub)
#define lockdep_set_novalidate_class(lock) \
	lockdep_set_class_and_name(lock, &__lockdep_no_validate__, #lock)

#define lockdep_is_held(lock) lock_is_held(&(lock)->dep_map)
#define lockdep_is_held_type(lock, r) lock_is_held_type(&(lock)->dep_map, (r))
#define lockdep_assert_held(l) WARN_ON(!lockdep_is_held(l))
#define lockdep_assert_not_held(l) WARN_ON(lockdep_is_held(l) > 0)
#define lockdep_assert_held_write(l) WARN_ON(!lockdep_is_held_type(l, 0))
#define lockdep_assert_held_read(l) WARN_ON(!lockdep_is_held_type(l, 1))
#define lockdep_assert_held_once(l) lockdep_assert_held(l)
#define lockdep_assert_none_held_once() do {} while (0)

#endif
