/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside check/: call stacks, each kept once (check/stacks.c). */
#ifndef UMDEV_CHECK_STACKS_H
#define UMDEV_CHECK_STACKS_H

#include <linux/types.h>

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

#endif
