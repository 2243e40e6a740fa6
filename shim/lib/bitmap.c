// SPDX-License-Identifier: GPL-2.0-only
/* Bitmaps and searching in them: word by word, bits past the size ignored. */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>

/* Word @i of @src as far as it lies inside the size. */
static unsigned long in_size(unsigned long word, unsigned int i, unsigned int nbits)
{
	return i == nbits / BITS_PER_LONG ? word & BITMAP_LAST_WORD_MASK(nbits) : word;
}

#define FIND(word_expr, size, offset)					\
({									\
	unsigned long __at = (offset), __found = (size);		\
	while (__at < (size)) {						\
		unsigned long __i = BIT_WORD(__at);			\
		unsigned long __word = (word_expr) &			\
				       BITMAP_FIRST_WORD_MASK(__at);	\
		if (__word) {						\
			__found = min(__i * BITS_PER_LONG + __ffs(__word), (size)); \
			break;						\
		}							\
		__at = (__i + 1) * BITS_PER_LONG;			\
	}								\
	__found;							\
})

unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
			    unsigned long offset)
{
	return FIND(addr[__i], size, offset);
}
EXPORT_SYMBOL(find_next_bit);

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return FIND(~addr[__i], size, offset);
}
EXPORT_SYMBOL(find_next_zero_bit);

unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long offset)
{
	return FIND(a[__i] & b[__i], size, offset);
}
EXPORT_SYMBOL(find_next_and_bit);

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long at = size;

	while (at--)
		if (test_bit(at, addr))
			return at;
	return size;
}
EXPORT_SYMBOL(find_last_bit);

void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}
EXPORT_SYMBOL(bitmap_free);

void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	for (; nbits; nbits--, start++)
		__set_bit(start, map);
}
EXPORT_SYMBOL(bitmap_set);

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	for (; nbits; nbits--, start++)
		__clear_bit(start, map);
}
EXPORT_SYMBOL(bitmap_clear);

void bitmap_complement(unsigned long *dst, const unsigned long *src,
		       unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = ~src[i];
}
EXPORT_SYMBOL(bitmap_complement);

/* Return: whether any bit of the result is set. */
bool bitmap_and(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++) {
		dst[i] = in_size(a[i] & b[i], i, nbits);
		any |= dst[i];
	}
	return any;
}
EXPORT_SYMBOL(bitmap_and);

bool bitmap_andnot(unsigned long *dst, const unsigned long *a,
		   const unsigned long *b, unsigned int nbits)
{
	unsigned long any = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++) {
		dst[i] = in_size(a[i] & ~b[i], i, nbits);
		any |= dst[i];
	}
	return any;
}
EXPORT_SYMBOL(bitmap_andnot);

void bitmap_or(unsigned long *dst, const unsigned long *a,
	       const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] | b[i];
}
EXPORT_SYMBOL(bitmap_or);

void bitmap_xor(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] ^ b[i];
}
EXPORT_SYMBOL(bitmap_xor);

bool bitmap_equal(const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (in_size(a[i] ^ b[i], i, nbits))
			return false;
	return true;
}
EXPORT_SYMBOL(bitmap_equal);

bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
		       unsigned int nbits)
{
	return find_next_and_bit(a, b, nbits, 0) < nbits;
}
EXPORT_SYMBOL(bitmap_intersects);

/* Is every bit of @a in @b? */
bool bitmap_subset(const unsigned long *a, const unsigned long *b,
		   unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (in_size(a[i] & ~b[i], i, nbits))
			return false;
	return true;
}
EXPORT_SYMBOL(bitmap_subset);

unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int i, n = 0;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		n += hweight_long(in_size(map[i], i, nbits));
	return n;
}
EXPORT_SYMBOL(bitmap_weight);

/* A run of @nr zero bits on a boundary; beyond @size when there is none. */
unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long at = find_next_zero_bit(map, size, start);
		unsigned long end, used;

		at = (at + align_mask) & ~align_mask;
		end = at + nr;
		if (end > size)
			return end;
		used = find_next_bit(map, end, at);
		if (used >= end)
			return at;
		start = used + 1;
	}
}
EXPORT_SYMBOL(bitmap_find_next_zero_area);

/* Regions are 2^@order bits on their own boundary. -EBUSY when one is used. */
int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order)
{
	unsigned int len = 1U << order;

	if (find_next_bit(map, pos + len, pos) < pos + len)
		return -EBUSY;
	bitmap_set(map, pos, len);
	return 0;
}
EXPORT_SYMBOL(bitmap_allocate_region);

/* Return: where, or -ENOMEM. */
int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order)
{
	unsigned int pos, len = 1U << order;

	for (pos = 0; pos + len <= bits; pos += len)
		if (!bitmap_allocate_region(map, pos, order))
			return pos;
	return -ENOMEM;
}
EXPORT_SYMBOL(bitmap_find_free_region);

void bitmap_release_region(unsigned long *map, unsigned int pos, int order)
{
	bitmap_clear(map, pos, 1U << order);
}
EXPORT_SYMBOL(bitmap_release_region);
