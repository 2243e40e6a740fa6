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

/* What lies outside is added when it is wanted, if whoever called is there still. */
struct um_lock_stack {
	const void *last;		/* the frame of the last entry; NULL: that is all */
	unsigned int depth;
	void *pc[UM_LOCK_STACK];
};

/* One lock that a task holds (check/lockdep.c). */
struct um_held {
	struct lockdep_map *map;
	unsigned int subclass;
	unsigned int class;		/* 0: no order is checked */
	int read;
	bool trylock;
	bool no_lock;			/* what runs, or is waited for (UM_ENTER) */
	bool spins;			/* may be taken in an interrupt */
	unsigned long since;		/* um_watch.steps when it was taken */
	unsigned long ip;
	struct um_lock_stack stack;	/* from whoever took it */
};

/* What the task has completed while it held something, and nobody was told of yet. */
struct um_completed {
	const void *object;
	struct lockdep_map map;		/* a copy: the waiter may free it */
	unsigned int class;
	unsigned long at;		/* um_watch.steps then */
	unsigned long ip;
	struct um_lock_stack stack;
};

struct um_watch {
	struct um_watch *next;		/* of all tasks (um_watch_find()) */
	const struct um_op_task *task;
	struct host_range stack;

	/* points (check/points.c) */
	unsigned long counted;		/* points that um_point_count() has told of */

	/* locks (check/lockdep.c) */
	struct um_held held[UM_MAX_HELD + 1];	/* behind those held the one that is wanted */
	unsigned int n_held;
	bool in_lockdep;		/* the checker itself runs: the task is quiet, too */
	unsigned long steps;		/* takings and completions so far */
	struct um_completed completed[UM_MAX_COMPLETED];	/* oldest first */
	unsigned int n_completed;

	/* faults (check/fault.c) */
	unsigned int fault_in;		/* calls until one fails; 0 disarmed */
	bool fault_every;
	unsigned int fallible;
	const struct um_fault_site *fault_fired;
	char fault_text[256];
	void *fault_stack[UM_STACK_DEPTH];
	unsigned int fault_depth;
};

/* The calling task's. */
struct um_watch *um_watch(void);
/*
 * Calls @fn for each task's, until it returns true. None of them ends meanwhile;
 * but for the caller's own they change.
 */
bool um_watch_find(bool (*fn)(struct um_watch *w, void *arg), void *arg);

#endif
