// SPDX-License-Identifier: GPL-2.0-only
/* Bitmaps and searching in them: word by word, bits past the size ignored. */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>

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

/**
 * find_next_bit() - the first set bit at or after an offset
 * @addr: the bitmap
 * @size: of the bitmap in bits
 * @offset: the bit to start at
 *
 * Context: words are read one at a time: no snapshot of a changing map.
 *
 * Return: the bit's number, or @size when there is none.
 */
unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
			    unsigned long offset)
{
	return FIND(READ_ONCE(addr[__i]), size, offset);
}
EXPORT_SYMBOL(find_next_bit);

/**
 * find_next_zero_bit() - the first clear bit at or after an offset
 * @addr: the bitmap
 * @size: of the bitmap in bits
 * @offset: the bit to start at
 *
 * Return: the bit's number, or @size when there is none.
 */
unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return FIND(~READ_ONCE(addr[__i]), size, offset);
}
EXPORT_SYMBOL(find_next_zero_bit);

/**
 * find_next_and_bit() - the first bit set in both of two bitmaps
 * @a: one bitmap
 * @b: the other
 * @size: of each in bits
 * @offset: the bit to start at
 *
 * Return: the bit's number, or @size when there is none.
 */
unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long offset)
{
	return FIND(READ_ONCE(a[__i]) & READ_ONCE(b[__i]), size, offset);
}
EXPORT_SYMBOL(find_next_and_bit);

/**
 * find_last_bit() - the last set bit
 * @addr: the bitmap
 * @size: of the bitmap in bits
 *
 * Context: the caller keeps others from writing meanwhile. Goes bit by bit
 * from the end, where Linux goes by words.
 *
 * Return: the bit's number, or @size when there is none.
 */
unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long at = size;

	while (at--)
		if (test_bit(at, addr))
			return at;
	return size;
}
EXPORT_SYMBOL(find_last_bit);

/**
 * um_bitmap_alloc() - as many words as a bitmap needs
 * @nbits: how many bits
 * @flags: allocation flags
 *
 * Called as bitmap_alloc() or bitmap_zalloc(), which are the fault site.
 *
 * Context: may sleep, if @flags allow it.
 * Return: the bitmap, the caller's until bitmap_free(); or NULL.
 */
unsigned long *um_bitmap_alloc(unsigned int nbits, gfp_t flags)
{
	return um_kmalloc_array(BITS_TO_LONGS(nbits), sizeof(long), flags);
}
EXPORT_SYMBOL(um_bitmap_alloc);

/**
 * bitmap_free() - free what bitmap_alloc() or bitmap_zalloc() gave
 * @bitmap: the bitmap, or NULL
 */
void bitmap_free(const unsigned long *bitmap)
{
	kfree(bitmap);
}
EXPORT_SYMBOL(bitmap_free);

/**
 * bitmap_set() - set a run of bits, not atomically
 * @map: the bitmap
 * @start: first bit
 * @nbits: how many bits
 *
 * Context: the caller keeps others from writing meanwhile.
 */
void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits)
{
	for (; nbits; nbits--, start++)
		__set_bit(start, map);
}
EXPORT_SYMBOL(bitmap_set);

/**
 * bitmap_clear() - clear a run of bits, not atomically
 * @map: the bitmap
 * @start: first bit
 * @nbits: how many bits
 *
 * Context: the caller keeps others from writing meanwhile.
 */
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits)
{
	for (; nbits; nbits--, start++)
		__clear_bit(start, map);
}
EXPORT_SYMBOL(bitmap_clear);

/**
 * bitmap_complement() - invert a bitmap
 * @dst: the result; may be @src
 * @src: the bitmap
 * @nbits: size of each in bits; whole words of @dst are written
 *
 * Context: the caller keeps others from @dst. Its bits beyond @nbits in the
 * last word are inverted, too.
 */
void bitmap_complement(unsigned long *dst, const unsigned long *src,
		       unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = ~src[i];
}
EXPORT_SYMBOL(bitmap_complement);

/**
 * bitmap_and() - the bits that are in both bitmaps
 * @dst: the result; may be one of the two
 * @a: one bitmap
 * @b: the other
 * @nbits: size of each in bits; bits of the last word beyond it become 0
 *
 * Return: whether any bit of the result is set.
 */
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

/**
 * bitmap_andnot() - the bits that are in one bitmap and not in the other
 * @dst: the result; may be one of the two
 * @a: the bits to choose from
 * @b: the bits to leave out
 * @nbits: size of each in bits; bits of the last word beyond it become 0
 *
 * Return: whether any bit of the result is set.
 */
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

/**
 * bitmap_or() - the bits that are in one of two bitmaps or in both
 * @dst: the result; may be one of the two
 * @a: one bitmap
 * @b: the other
 * @nbits: size of each in bits; whole words are written
 */
void bitmap_or(unsigned long *dst, const unsigned long *a,
	       const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] | b[i];
}
EXPORT_SYMBOL(bitmap_or);

/**
 * bitmap_xor() - the bits in which two bitmaps differ
 * @dst: the result; may be one of the two
 * @a: one bitmap
 * @b: the other
 * @nbits: size of each in bits; whole words are written
 */
void bitmap_xor(unsigned long *dst, const unsigned long *a,
		const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] ^ b[i];
}
EXPORT_SYMBOL(bitmap_xor);

/**
 * bitmap_equal() - do two bitmaps agree?
 * @a: one bitmap
 * @b: the other
 * @nbits: bits to compare; what is beyond them does not matter
 *
 * Return: whether they do; true for no bits.
 */
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

/**
 * bitmap_intersects() - have two bitmaps a set bit in common?
 * @a: one bitmap
 * @b: the other
 * @nbits: bits to look at
 *
 * Return: whether they have.
 */
bool bitmap_intersects(const unsigned long *a, const unsigned long *b,
		       unsigned int nbits)
{
	return find_next_and_bit(a, b, nbits, 0) < nbits;
}
EXPORT_SYMBOL(bitmap_intersects);

/**
 * bitmap_subset() - is every set bit of one bitmap set in another?
 * @a: the smaller set
 * @b: the larger set
 * @nbits: bits to look at
 *
 * Return: whether it is so; true when @a is empty.
 */
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

/**
 * bitmap_weight() - count the set bits
 * @map: the bitmap
 * @nbits: bits to look at
 *
 * Return: how many of them are set.
 */
unsigned int bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	unsigned int i, n = 0;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		n += hweight_long(in_size(map[i], i, nbits));
	return n;
}
EXPORT_SYMBOL(bitmap_weight);

/**
 * bitmap_find_next_zero_area() - find a run of clear bits on a boundary
 * @map: the bitmap
 * @size: of the bitmap in bits
 * @start: the bit to start at
 * @nr: length of the run in bits
 * @align_mask: alignment of the first bit minus 1, 0 for none
 *
 * Context: the caller's lock, under which he sets what was found: nothing is
 * set here.
 *
 * Return: the first bit of the run; a number above @size when there is none.
 */
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

/**
 * bitmap_allocate_region() - take a certain region of 2^@order bits
 * @map: the bitmap
 * @pos: first bit, a multiple of 2^@order
 * @order: log2 of the length
 *
 * Context: the caller keeps others from the map, which is not changed
 * atomically.
 *
 * Return: 0 with the bits set; -EBUSY when one of them was, and none is then.
 */
int bitmap_allocate_region(unsigned long *map, unsigned int pos, int order)
{
	unsigned int len = 1U << order;

	if (find_next_bit(map, pos + len, pos) < pos + len)
		return -EBUSY;
	bitmap_set(map, pos, len);
	return 0;
}
EXPORT_SYMBOL(bitmap_allocate_region);

/**
 * bitmap_find_free_region() - take the first free region of 2^@order bits
 * @map: the bitmap
 * @bits: size of the bitmap in bits
 * @order: log2 of the length; regions lie on their own boundary
 *
 * Context: the caller keeps others from the map, which is not changed
 * atomically.
 *
 * Return: the first bit of the region, now set; -ENOMEM when none is free.
 */
int bitmap_find_free_region(unsigned long *map, unsigned int bits, int order)
{
	unsigned int pos, len = 1U << order;

	for (pos = 0; pos + len <= bits; pos += len)
		if (!bitmap_allocate_region(map, pos, order))
			return pos;
	return -ENOMEM;
}
EXPORT_SYMBOL(bitmap_find_free_region);

/**
 * bitmap_release_region() - give a region back
 * @map: the bitmap
 * @pos: first bit, as it was allocated
 * @order: log2 of the length, as it was allocated
 *
 * Context: the caller keeps others from the map, which is not changed
 * atomically.
 */
void bitmap_release_region(unsigned long *map, unsigned int pos, int order)
{
	bitmap_clear(map, pos, 1U << order);
}
EXPORT_SYMBOL(bitmap_release_region);
