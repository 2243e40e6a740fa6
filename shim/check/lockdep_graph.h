/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the lock checker: classes and the orders between them
 * (check/lockdep_graph.c), for the search of circles (check/lockdep.c) and that
 * of inversions by interrupts (check/lockdep_irq.c). Guarded by um_dep.lock.
 */
#ifndef UMDEV_CHECK_LOCKDEP_GRAPH_H
#define UMDEV_CHECK_LOCKDEP_GRAPH_H

#include "check/stacks.h"
#include "check/watch.h"
#include "host/host.h"

struct lock_class_key;
struct um_report;

#define MAX_CLASSES	2048

/* Kinds of edge from A to B; A was taken Exclusively or Shared, B may Recurse or Not. */
#define KIND(a_exclusive, b_not_recursive) (1u << ((a_exclusive) + 2 * (b_not_recursive)))
#define KINDS_FROM_EXCLUSIVE	(KIND(1, 0) | KIND(1, 1))
#define KINDS_NOT_RECURSIVE	(KIND(0, 1) | KIND(1, 1))

struct edge {
	struct edge *next;
	u16 to;
	u8 kinds;
	char comm[16];
	const struct stack *from_stack, *to_stack;
};

/* How a class was taken; each alone or shared. */
enum state {
	IN_HARDIRQ, HARDIRQS_ON, IN_SOFTIRQ, SOFTIRQS_ON, STATES,
};
#define STATE(s, read)	(1u << (2 * (s) + !!(read)))
#define IN_STATES (STATE(IN_HARDIRQ, 0) | STATE(IN_HARDIRQ, 1) | STATE(IN_SOFTIRQ, 0) |	\
		   STATE(IN_SOFTIRQ, 1))

/* When a class first was. */
struct usage {
	char comm[16];
	const struct stack *stack;
};

struct class {
	const struct lock_class_key *key;	/* NULL: a free row */
	unsigned int subclass;
	char name[80];
	struct edge *out;
	u8 states;				/* STATE() of those that were */
	bool under;				/* one that is taken in interrupts may be held outside */
	bool state_told;
	u32 noted;				/* a bit for each state in which it was there */
	struct usage *usage[2 * STATES];
};

/* A step of the search for a circle. */
struct visit {
	u16 class;
	bool recursive;		/* reached only as a recursive reader */
	struct edge *by;
	unsigned int from;	/* index of the visit before */
};

extern struct um_lock_graph {
	struct host_lock lock;
	struct class classes[MAX_CLASSES];	/* row 0 is nobody's */
	unsigned int n_classes;			/* rows ever used */
	u8 known[MAX_CLASSES][MAX_CLASSES];	/* kinds of edge seen, reported ones too */
	struct visit queue[2 * MAX_CLASSES];
	u8 visited[MAX_CLASSES];
	unsigned long edges;
	u32 lost;				/* bits of class.noted, of those that were dropped */
} um_dep;

/* Edges of which each begins where the one before ends, copied out under the lock. */
struct circle {
	unsigned int n;
	char comm[8][16];
	char from[8][80], to[8][80];
	const struct stack *from_stack[8], *to_stack[8];
};

/* Lock held: a visit is put into the queue, unless the class was visited like that. */
bool um_lock_visit(unsigned int *tail, unsigned int class, bool recursive, struct edge *by,
		   unsigned int from);
/*
 * Lock held: is there a way from @start to @target that makes a circle with an
 * edge of @kind from @target to @start? Returns its last visit, 0 for none.
 */
unsigned int um_lock_path(unsigned int start, unsigned int target, u8 kind);
/* Lock held. */
void um_lock_add_edge(unsigned int from, unsigned int to, u8 kind, const char *comm,
		      const struct stack *from_stack, const struct stack *to_stack);
/* Lock held: the edges on the way to the visit @end. */
void um_lock_circle(struct circle *c, unsigned int end);

/* With what lies outside, if that is still there; of a lock of the calling task. */
const struct stack *um_lock_whole(struct um_lock_at *at);
void um_lock_add_stack(struct um_report *r, const char *lock, const char *what,
		       const char *indent, const struct stack *s);
/* "the order before, in main: a, then b", with where; @r gets each edge of @c. */
void um_lock_add_orders(struct um_report *r, const struct circle *c, const char *when);

void um_lock_new_states(const struct um_op_task *t, struct um_held *h, unsigned int states);

/* A lock is taken, or held while interrupts come: in which states is the task? */
static __always_inline void um_lock_states(const struct um_op_task *t, struct um_held *h)
{
	unsigned int states = 0;

	if (unlikely(t->in_hardirq && !h->trylock))
		states |= STATE(IN_HARDIRQ, h->read);
	if (unlikely(t->in_softirq && !h->trylock))
		states |= STATE(IN_SOFTIRQ, h->read);
	if (!t->irqs_off) {
		states |= STATE(HARDIRQS_ON, h->read);
		if (!(t->bh_off | t->in_softirq | t->in_hardirq))
			states |= STATE(SOFTIRQS_ON, h->read);
	}
	if (unlikely(states & ~READ_ONCE(um_dep.classes[h->class].states)))
		um_lock_new_states(t, h, states);
}
/* Lock held: there is a new edge from @from. Whom it joins, to be told by um_lock_tell(). */
struct clash *um_lock_new_edge(unsigned int from);
/* Not held; frees @c, which may be NULL. */
void um_lock_tell(struct clash *c);

#endif
