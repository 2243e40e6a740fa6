// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock checker. Each task has a stack of the locks it holds, in the
 * order of taking. Every modelled lock reports here before it waits, so that
 * a report comes even when the wait would never end.
 *
 * Leaves out: order between classes of locks; the order graph belongs to the
 * lock-order detector.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/sched.h>

#include "check/check.h"
#include "check/lockdep.h"
#include "host/host.h"
#include "kernel/sched/sched.h"

struct lock_class_key __lockdep_no_validate__;
EXPORT_SYMBOL(__lockdep_no_validate__);

void lockdep_init_map(struct lockdep_map *map, const char *name,
		      struct lock_class_key *key, int subclass)
{
	map->name = name;
	map->key = key;
	map->novalidate = key == &__lockdep_no_validate__;
}
EXPORT_SYMBOL(lockdep_init_map);

void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock,
		  int read, int check, struct lockdep_map *nest, unsigned long ip)
{
	struct um_sched_task *t = um_this();
	struct um_held *h;

	if (t->n_held == UM_MAX_HELD)
		um_die("lock", "%s holds %u locks, more than can be followed",
		       t->task.comm, UM_MAX_HELD);
	h = &t->held[t->n_held++];
	h->map = map;
	h->subclass = subclass;
	h->read = read;
	h->trylock = trylock;
	h->ip = ip;
}
EXPORT_SYMBOL(lock_acquire);

void lock_release(struct lockdep_map *map, unsigned long ip)
{
	struct um_sched_task *t = um_this();
	unsigned int i;

	for (i = t->n_held; i-- > 0; ) {
		if (t->held[i].map != map)
			continue;
		t->n_held--;
		for (; i < t->n_held; i++)
			t->held[i] = t->held[i + 1];
		return;
	}
	/* who releases another's lock has been told so by the lock itself */
}
EXPORT_SYMBOL(lock_release);

int lock_is_held_type(const struct lockdep_map *map, int read)
{
	struct um_sched_task *t = um_this();
	unsigned int i;

	for (i = 0; i < t->n_held; i++)
		if (t->held[i].map == map && (read == -1 || !t->held[i].read == !read))
			return 1;
	return 0;
}
EXPORT_SYMBOL(lock_is_held_type);

void lockdep_register_key(struct lock_class_key *key)
{
}
EXPORT_SYMBOL(lockdep_register_key);

void lockdep_unregister_key(struct lock_class_key *key)
{
}
EXPORT_SYMBOL(lockdep_unregister_key);

void um_no_locks_held(const char *where)
{
	struct um_sched_task *t = um_this();
	char name[256];
	unsigned int i;

	if (likely(!t->n_held && !t->atomic))
		return;
	for (i = 0; i < t->n_held; i++) {
		host_symbolize((void *)t->held[i].ip, name, sizeof(name));
		um_splat("lock", "%s returns to user space (%s) with %s held, taken in %s",
			 t->task.comm, where, t->held[i].map->name, name);
	}
	if (t->atomic)
		um_splat("BUG", "%s returns to user space (%s) in atomic context, count %d",
			 t->task.comm, where, t->atomic);
	t->n_held = 0;
	t->atomic = 0;
}
