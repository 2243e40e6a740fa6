/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps: arrays of unsigned long. Bits past the size in the last word are
 * ignored when read and may take any value when written. Left out: parsing,
 * printing, remapping.
 */
#ifndef _LINUX_BITMAP_H
#define _LINUX_BITMAP_H

#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/find.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#include "check/op.h"

#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(nbits) (~0UL >> (-(nbits) & (BITS_PER_LONG - 1)))
#define bitmap_size(nbits) (ALIGN(nbits, BITS_PER_LONG) / BITS_PER_BYTE)

unsigned long *um_bitmap_alloc(unsigned int nbits, gfp_t flags);
#define bitmap_alloc(nbits, flags) \
	um_alloc_leaf("bitmap_alloc", flags, um_bitmap_alloc(nbits, __um_gfp))
#define bitmap_zalloc(nbits, flags) \
	um_alloc_leaf("bitmap_zalloc", flags, \
		      um_bitmap_alloc(nbits, __um_gfp | __GFP_ZERO))
void bitmap_free(const unsigned long *bitmap);

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits);
void bitmap_complement(unsigned long *dst, const unsigned long *src,
		       unsigned int nbits);
bool bitmap_and(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits);
void bitmap_or(unsigned long *dst, const unsigned long *a,
	       const unsigned long *b, unsigned int nbits);
void bitmap_xor(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits);
bool bitmap_andnot(unsigned long *dst, const unsigned long *a,
		   const unsigned long *b, unsigned int nbits);
bool bitmap_equal(const unsigned long *a, const unsigned long *b,
		  unsigned int nbits);
bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
		       unsigned int nbits);
bool bitmap_subset(const unsigned long *a, const unsigned long *b,
		   unsigned int nbits);
unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits);

unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask);
int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order);
void bitmap_release_region(unsigned long *map, unsigned int pos, int order);
int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order);

static inline void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0, BITS_TO_LONGS(nbits) * sizeof(long));
}

static inline void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0xff, BITS_TO_LONGS(nbits) * sizeof(long));
}

static inline void bitmap_copy(unsigned long *dst, const unsigned long *src,
			       unsigned int nbits)
{
	memcpy(dst, src, BITS_TO_LONGS(nbits) * sizeof(long));
}

static inline bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) == nbits;
}

static inline bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) == nbits;
}

#endif
