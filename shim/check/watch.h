/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside check/: what the detectors keep for each task. */
#ifndef UMDEV_CHECK_WATCH_H
#define UMDEV_CHECK_WATCH_H

#include <linux/lockdep.h>

#include "check/subscriber.h"
#include "host/host.h"

#define UM_STACK_DEPTH	24
#define UM_MAX_HELD	48
#define UM_MAX_COMPLETED 8
#define UM_LOCK_STACK	12
/* Taken with each lock: a function that took it for another may have returned soon. */
#define UM_LOCK_FRAMES	HOST_STACK_SINCE

struct stack;

/*
 * Where a lock was taken, as it stands in the stack. What lies outside is added when
 * it is wanted, if whoever called is there still.
 */
struct um_lock_at {
	const struct stack *whole;	/* it was wanted */
	const void *last;		/* the frame of the last entry */
	void *pc[UM_LOCK_FRAMES];	/* there may be fewer; NULL then */
};

/* How many of them are return addresses. */
static inline unsigned int um_lock_frames(const struct um_lock_at *at)
{
	unsigned int n;

	for (n = 0; n < UM_LOCK_FRAMES && host_was_code(at->pc[n]); n++)
		;
	return n;
}

/* One lock that a task holds (check/lockdep.c). */
struct um_held {
	struct lockdep_map *map;
	unsigned long ip;
	unsigned int subclass;
	u32 link;			/* class, and how it was taken: HELD_ */
	unsigned long since;		/* um_watch.steps when it was taken */
	struct um_lock_at at;		/* from whoever took it */
};

#define HELD_CLASS	0xfff		/* 0: no order is checked */
#define HELD_READ	12		/* of two bits the first: as um_op.read */
#define HELD_TRYLOCK	BIT(14)
#define HELD_SPINS	BIT(15)		/* may be taken in an interrupt */
#define HELD_STATES	16		/* of eight bits the first: in which states of the task */
#define HELD_NO_LOCK	BIT(24)		/* what runs, or is waited for (UM_ENTER) */

static inline unsigned int um_held_class(const struct um_held *h)
{
	return h->link & HELD_CLASS;
}

static inline unsigned int um_held_read(const struct um_held *h)
{
	return h->link >> HELD_READ & 3;
}

/* What the task has completed while it held something, and nobody was told of yet. */
struct um_completed {
	const void *object;
	struct lockdep_map map;		/* a copy: the waiter may free it */
	unsigned int class;
	unsigned long at;		/* um_watch.steps then */
	unsigned long ip;
	struct um_lock_at where;
};

struct um_watch {
	struct um_watch *next;		/* of all there were (um_watch_find()) */
	const struct um_op_task *task;	/* NULL: it has ended, and another will have this one */
	struct host_range stack;

	/* points (check/points.c) */
	unsigned long counted;		/* points that um_point_count() has told of */

	/* locks (check/lockdep.c) */
	unsigned int n_held;
	unsigned int n_completed;
	unsigned long steps;		/* takings and completions so far */
	bool in_lockdep;		/* the checker itself runs: the task is quiet, too */
	struct um_held held[UM_MAX_HELD + 1];	/* behind those held the one that is wanted */
	u64 chains[UM_MAX_HELD + 2];	/* numbers, of none of them, of the first, and so on */
	struct um_completed completed[UM_MAX_COMPLETED];	/* oldest first */

	/* faults (check/fault.c) */
	unsigned int fault_in;		/* calls until one fails; 0 disarmed */
	bool fault_every;
	unsigned int fallible;
	const struct um_fault_site *fault_fired;
	char fault_text[256];
	void *fault_stack[UM_STACK_DEPTH];
	unsigned int fault_depth;
};

struct um_watch *um_new_watch(struct um_op_task *t);

static __always_inline struct um_watch *um_watch_of(struct um_op_task *t)
{
	return likely(t->watch) ? t->watch : um_new_watch(t);
}

/* The calling task's. */
static __always_inline struct um_watch *um_watch(void)
{
	return um_watch_of(um_op_task());
}

/* Likewise; NULL: nothing is known of it yet. */
static __always_inline struct um_watch *um_watch_there(void)
{
	const struct um_op_task *t = host_task_get();

	return likely(t) ? t->watch : NULL;
}

extern struct um_watches {
	struct host_lock lock;		/* guards the list, of which none is ever taken out */
	struct um_watch *first;
} um_watches;

/* Calls @fn for each task's, until it returns true. All the time they change, and end. */
static __always_inline bool um_watch_any(bool (*fn)(struct um_watch *w, void *arg), void *arg)
{
	struct um_watch *w = __atomic_load_n(&um_watches.first, __ATOMIC_ACQUIRE);

	while (w && !fn(w, arg))
		w = w->next;
	return w;
}

/* Likewise, but none of the tasks ends meanwhile. */
static __always_inline bool um_watch_find(bool (*fn)(struct um_watch *w, void *arg), void *arg)
{
	bool found;

	host_lock(&um_watches.lock);
	found = um_watch_any(fn, arg);
	host_unlock(&um_watches.lock);
	return found;
}

#endif
