/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chains of records that stay short however many there are: a table of them that
 * grows fourfold when it has as many records as chains. What a record is found by is
 * its owner's, who guards it all by a lock of its own; a record begins with the link
 * to the next of its chain. Never gives room back: what was in use once may be again.
 */
#ifndef SHIM_CHECK_CHAINS_H
#define SHIM_CHECK_CHAINS_H

#include <linux/compiler.h>
#include <linux/types.h>

struct um_chains {
	void **heads;		/* 1 << bits of them; NULL before the first record */
	unsigned int bits;
	unsigned long n;	/* records; counted by the owner */
};

/* The number of the chain in which a record belongs. */
typedef unsigned long (*um_chain_fn)(const struct um_chains *chains, const void *record);

void um_chains_grow(struct um_chains *chains, um_chain_fn chain_of);

/* Before a record is added. */
static inline void um_chains_make_room(struct um_chains *chains, um_chain_fn chain_of)
{
	if (unlikely(!chains->heads || chains->n >> chains->bits))
		um_chains_grow(chains, chain_of);
}

/* For keys that are much alike. */
static inline unsigned long um_chains_spread(const struct um_chains *chains, unsigned long key)
{
	return (key * 0x9e3779b97f4a7c15ULL) >> (64 - chains->bits);
}

/* Any so many keys in a row are all chains. */
static inline unsigned long um_chains_in_turn(const struct um_chains *chains, unsigned long key)
{
	return key & ((1UL << chains->bits) - 1);
}

#endif
