/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the lock checker: classes and the orders between them
 * (check/lockdep_graph.c), for the search of circles (check/lockdep.c) and that
 * of inversions by interrupts (check/lockdep_irq.c), guarded by um_dep.lock; and what
 * is held where nothing may be (check/lockdep_held.c).
 */
#ifndef UMDEV_CHECK_LOCKDEP_GRAPH_H
#define UMDEV_CHECK_LOCKDEP_GRAPH_H

#include "check/stacks.h"
#include "check/watch.h"
#include "host/host.h"

struct lock_class_key;
struct um_report;

#define MAX_CLASSES	2048
_Static_assert(MAX_CLASSES <= HELD_CLASS + 1, "the number of a class is part of a link");
#define CHAIN_BITS	12
#define HINT_BITS	10

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
	bool gone;				/* with its module, but for a state that is put back */
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
	u16 row_hints[1 << HINT_BITS];		/* where one was found last */
	u8 known[MAX_CLASSES][MAX_CLASSES];	/* kinds of edge seen, reported ones too */
	struct visit queue[2 * MAX_CLASSES];
	u8 visited[MAX_CLASSES];
	unsigned long edges;
	u64 chains[1 << CHAIN_BITS];		/* in which there is nothing to be found */
	unsigned int dropped;			/* classes, so far */
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

/* The task wants @next and has @held: the same, or another of its class. Ends it if @certain. */
void um_lock_tell_recursion(const struct um_op_task *t, struct um_held *held, struct um_held *next,
			    bool certain);
/* An edge from @held to @next closes @c. */
void um_lock_tell_circle(const struct um_op_task *t, struct um_held *held, struct um_held *next,
			 const struct circle *c);

void um_lock_new_states(const struct um_op_task *t, struct um_held *h, unsigned int states);

/* In which states is the task, when a lock is taken, or held while interrupts come? */
static __always_inline unsigned int um_lock_states_of(const struct um_op_task *t, bool trylock,
						      int read)
{
	unsigned int states = 0;

	if (unlikely(t->in_hardirq && !trylock))
		states |= STATE(IN_HARDIRQ, read);
	if (unlikely(t->in_softirq && !trylock))
		states |= STATE(IN_SOFTIRQ, read);
	if (!t->irqs_off) {
		states |= STATE(HARDIRQS_ON, read);
		if (!(t->bh_off | t->in_softirq | t->in_hardirq))
			states |= STATE(SOFTIRQS_ON, read);
	}
	return states;
}

static __always_inline void um_lock_states(const struct um_op_task *t, struct um_held *h)
{
	unsigned int states = um_lock_states_of(t, h->link & HELD_TRYLOCK, um_held_read(h));

	if (unlikely(states & ~READ_ONCE(um_dep.classes[um_held_class(h)].states)))
		um_lock_new_states(t, h, states);
}
/* The @i-th of those that the task holds is held no more. */
void um_lock_take_out(struct um_op_task *t, struct um_watch *w, unsigned int i);
/* Lock held: there is a new edge from @from. Whom it joins, to be told by um_lock_tell(). */
struct clash *um_lock_new_edge(unsigned int from);
/* Not held; frees @c, which may be NULL. */
void um_lock_tell(struct clash *c);

#endif
