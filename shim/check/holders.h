/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_HOLDERS_H
#define UMDEV_CHECK_HOLDERS_H

#include <linux/types.h>

#define UM_CALLERS 3

/* What a stack says of who did it. */
struct um_trace {
	char own[UM_CALLERS][64];	/* innermost functions of the driver, or of the test */
	const void *at;			/* where the first of them is in its code */
	const void *called_from[UM_CALLERS];	/* as it stands in the stack; NULL: it ends there */
	char api[64];			/* what the innermost of them called */
	char object[64];		/* the module of the innermost */
	char init_of[64];		/* the module in whose module_init() it was */
};

void um_read_trace(struct um_trace *t, void *const *pc, unsigned int depth);
/*
 * Did the get behind @get take its reference for what was made at @born? Then that
 * is who holds it.
 */
bool um_taken_for(const struct um_trace *get, const struct um_trace *born);

/* By its name: takes a reference, or makes something, for the one who calls it. */
bool um_is_helper(const char *function);

/* References that a group of objects had, by call stack. */
struct um_holder {
	void *const *pc;
	unsigned int depth;
	unsigned int gets, puts;
	unsigned int unpaired;	/* gets for which um_pair_holders() found no put */
	unsigned int extra;	/* puts for which it found no get */
	int partner;		/* the holder that gave back what was taken here; -1: none */
};

/*
 * Looks for the put of each get. @born, @n_born, @births: the stack where the
 * objects were made, each with one reference, and how many there are. Returns how
 * many of those first references have no put.
 */
unsigned int um_pair_holders(struct um_holder *h, unsigned int n, void *const *born,
			     unsigned int n_born, unsigned int births);

#endif
