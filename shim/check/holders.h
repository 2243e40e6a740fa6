/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_HOLDERS_H
#define UMDEV_CHECK_HOLDERS_H

#include <linux/types.h>

/* References that a group of objects had, by call stack. */
struct um_holder {
	void *const *pc;
	unsigned int depth;
	unsigned int gets, puts;
	unsigned int unpaired;	/* gets for which um_pair_holders() found no put */
};

/*
 * Looks for the put of each get. @born, @n_born, @births: the stack where the
 * objects were made, each with one reference, and how many there are. Returns how
 * many of those first references have no put.
 */
unsigned int um_pair_holders(struct um_holder *h, unsigned int n, void *const *born,
			     unsigned int n_born, unsigned int births);

#endif
