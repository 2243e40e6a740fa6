/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside check/: who wants to know of operations (check/op.c). */
#ifndef UMDEV_CHECK_SUBSCRIBER_H
#define UMDEV_CHECK_SUBSCRIBER_H

#include "check/op.h"
#include "host/host.h"

/* A set of kinds. */
typedef unsigned __int128 um_kinds;
_Static_assert(UM_KINDS <= 128, "a bit of um_kinds for each kind");
#define UM_ON(kind)	((um_kinds)1 << (kind))

/* In the order in which they are asked; the first decision counts, all are told. */
enum um_rank {
	UM_RANK_CONTEXT,
	UM_RANK_POINTS,
	UM_RANK_EXPLORER,
	UM_RANK_FAULTS,
	UM_RANK_ORDER,
	UM_RANK_TAKINGS,	/* of locks; with the one before */
	UM_RANK_GIVINGS,
	UM_RANK_HELD,		/* what is held where nothing may be */
	UM_RANK_ACTIVE,		/* before those who forget what is freed */
	UM_RANK_ON_STACK,
	UM_RANK_HOLDERS,
	UM_RANK_RELEASED,
	UM_RANK_UNLOAD,
	UM_RANK_USER,
	UM_RANK_DMA,
	UM_RANK_MEMORY,
	UM_RANK_PAGES,
	UM_RANK_HB,		/* last: nothing that the others do comes between */
	UM_RANKS
};

struct um_subscriber {
	const char *name;		/* in UMDEV_DETECTORS; NULL: always on */
	enum um_rank rank;
	bool when_asked;		/* off until um_op_subscribe() */
	um_kinds begins, ends;		/* UM_ON() of the kinds it wants to know of */
	enum um_decision (*begin)(enum um_kind kind, struct um_op *op);
	void (*end)(enum um_kind kind, int outcome, struct um_op *op);
	/* before splats are counted: what nobody has run into yet; may be NULL */
	void (*look)(void);
	/* a task has ended: what is kept for it goes; may be NULL */
	void (*forget)(struct um_op_task *task);
	bool on;
};

/* By a constructor. @s stays. */
void um_op_register(struct um_subscriber *s);
void um_op_subscribe(struct um_subscriber *s, bool on);
/* Whoever is on looks. */
void um_op_look(void);
#define UM_SUBSCRIBER(s)						\
static void __attribute__((__constructor__)) register_##s(void)		\
{									\
	um_op_register(&s);						\
}

/* Frames between a subscriber's begin() and the model: what host_stack() is to skip. */
#define UM_OP_FRAMES	2

/* Who prints what is told (check/splat.c). */
struct um_teller {
	void (*splat)(const char *kind, const char *text, unsigned int skip);
	void (*die)(const char *kind, const char *text, unsigned int skip) __noreturn;
	void (*die_waiting)(const char *kind, const char *headline,
			    const struct um_waiter *waiters, unsigned int n) __noreturn;
	void (*stack)(const char *level, unsigned int skip);
};
extern const struct um_teller *um_teller;

/* The calling task. */
static __always_inline struct um_op_task *um_op_task(void)
{
	struct um_op_task *t = host_task_get();

	return likely(t) ? t : um_op_models.enter();
}

/* At boot: those are on that UMDEV_DETECTORS names, with commas between; "on", "off": all, none. */
void um_detectors_init(void);
/* What sanitizers find is told from now on (check/sanitizer.c). */
#ifdef UMDEV_SANITIZED
void um_sanitizer_init(void);
#else
static inline void um_sanitizer_init(void)
{
}
#endif
extern bool um_detectors_off;	/* UMDEV_DETECTORS=off; constant from um_boot() on */

#endif
