/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside check/: call stacks, each kept once (check/stacks.c). */
#ifndef UMDEV_CHECK_STACKS_H
#define UMDEV_CHECK_STACKS_H

#include <linux/container_of.h>
#include <linux/types.h>

#include "host/host.h"

struct stack {
	struct stack *next;	/* in its chain */
	u32 hash;
	u32 depth;
	void *pc[];
};

/*
 * The one stack that has these program counters: two are the same when their
 * pointers are. It stays for ever. Takes no lock unless it is new.
 */
const struct stack *um_stack_save(void *const *pc, unsigned int depth);

/* The same, for host_stack_kept(). */
void *const *um_stack_keep(void *const *pc, unsigned int depth);

static inline const struct stack *um_stack_of(void *const *pc)
{
	return container_of(pc, struct stack, pc[0]);
}

/* Of the caller, HOST_KEPT_DEPTH frames at most behind the @skip innermost, which are its own. */
static __always_inline const struct stack *um_stack_here(unsigned int skip)
{
	return um_stack_of(host_stack_kept(skip, um_stack_keep));
}

/* The stacks are no part of a snapshot: before one is taken. */
void um_stacks_note(void);

#endif
