// SPDX-License-Identifier: GPL-2.0-only
/*
 * What all locks do: taken alone or shared, waited for, tried, given back. One
 * who waits to have it alone keeps new sharers out, so a sharer who takes it
 * twice can deadlock; a try never waits. What a kernel with lock debugging
 * shouts about is a splat here too: a lock never initialised, released by
 * somebody else or by nobody.
 *
 * Leaves out: order among those who wait, handing over, who the sharers are.
 */
#include <linux/kernel.h>
#include <linux/sched.h>

#include "check/op.h"
#include "kernel/locking/lock.h"
#include "kernel/sched/wait.h"

void um_lock_init(struct um_lock *l, struct lockdep_map *map, const char *name,
		  struct lock_class_key *key)
{
	um_begin(UM_INIT, .object = l, .map = map);
	*l = (struct um_lock){ .magic = l };
	lockdep_init_map(map, name, key, 0);
}

static void check_magic(const struct um_lock *l, const struct um_lock_sort *sort)
{
	if (unlikely(l->magic != l))
		um_splat("lock", sort->misuse, l);
}

static struct task_struct *owner_of(const void *arg)
{
	return ((const struct um_lock *)arg)->owner;
}

static bool may_share(const void *arg)
{
	const struct um_lock *l = arg;

	return !l->owner && !l->owners_waiting;
}

static bool may_own(const void *arg)
{
	const struct um_lock *l = arg;

	return !l->owner && !l->sharers;
}

/* Inner lock held; a thread has become a task before that. */
static void set_taken(struct um_lock *l, struct task_struct *by, bool shared, unsigned long ip)
{
	if (shared) {
		WRITE_ONCE(l->sharers, l->sharers + 1);
		return;
	}
	WRITE_ONCE(l->owner, by);
	l->taken_at = ip;
}

int um_lock_take(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		 const struct um_lock_how *how)
{
	struct um_why why = {
		.kind = how->shared ? sort->shared : sort->exclusive, .object = l,
		.name = map->name, .owner = owner_of, .spin = !sort->sleeps,
		.interruptible = how->state & TASK_INTERRUPTIBLE,
		.killable = how->state & TASK_WAKEKILL,
	};
	unsigned int *waiting = how->shared ? &l->sharers_waiting : &l->owners_waiting;
	struct task_struct *self = current;
	bool told = um_wanted(UM_LOCK) || um_end_wanted(UM_LOCK);
	struct um_op op;
	int err;

	check_magic(l, sort);
	if (told) {
		op = (struct um_op){
			.object = l, .map = map, .subclass = how->subclass, .read = how->shared,
			.nest = how->nest, .sleeps = sort->sleeps, .ip = how->ip,
		};
		um_op_begin(UM_LOCK, &op);
	}
	um_sched_lock();
	++*waiting;
	err = um_wait_until(how->shared ? may_share : may_own, l, &why, UM_FOREVER);
	--*waiting;
	if (!err)
		set_taken(l, self, how->shared, how->ip);
	else if (!how->shared)
		um_wake(l);	/* sharers may come again */
	um_sched_unlock();
	if (told)
		um_op_end(UM_LOCK, err, &op);
	return err;
}

bool um_lock_try(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		 bool shared, unsigned long ip)
{
	struct task_struct *self = current;
	bool got;

	check_magic(l, sort);
	um_begin(UM_TRYLOCK, .object = l, .map = map, .read = shared, .ip = ip);
	um_sched_lock();
	got = shared ? may_share(l) : may_own(l);
	if (got)
		set_taken(l, self, shared, ip);
	um_sched_unlock();
	um_end(UM_TRYLOCK, !got, .object = l, .map = map, .read = shared, .sleeps = sort->sleeps,
	       .ip = ip);
	return got;
}

static bool may_give(struct um_lock *l, struct lockdep_map *map,
		     const struct um_lock_sort *sort, bool shared)
{
	struct task_struct *owner = READ_ONCE(l->owner);

	check_magic(l, sort);
	if (likely(shared ? READ_ONCE(l->sharers) != 0 : owner == current))
		return true;
	if (shared)
		um_bad_unlock(sort->shared, map, NULL, 0);
	else
		um_bad_unlock(sort->exclusive, map, owner ? owner->comm : NULL, l->taken_at);
	return owner && !shared && sort->forced;
}

bool um_lock_give(struct um_lock *l, struct lockdep_map *map, const struct um_lock_sort *sort,
		  bool shared, unsigned long ip)
{
	if (!may_give(l, map, sort, shared))
		return false;
	um_begin(UM_UNLOCK, .object = l, .map = map, .ip = ip);
	um_sched_lock();
	if (shared)
		WRITE_ONCE(l->sharers, l->sharers - 1);
	else
		WRITE_ONCE(l->owner, NULL);
	if (l->owners_waiting || l->sharers_waiting)
		um_wake(l);
	um_sched_unlock();
	return true;
}

void um_lock_downgrade(struct um_lock *l, struct lockdep_map *map,
		       const struct um_lock_sort *sort, unsigned long ip)
{
	if (READ_ONCE(l->owner) != current) {
		may_give(l, map, sort, false);
		return;
	}
	um_begin(UM_DOWNGRADE, .object = l, .map = map, .ip = ip);
	um_sched_lock();
	WRITE_ONCE(l->owner, NULL);
	WRITE_ONCE(l->sharers, l->sharers + 1);
	um_wake(l);
	um_sched_unlock();
	um_end(UM_DOWNGRADE, 0, .object = l, .map = map, .read = 1, .ip = ip);
}
