// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user's bitmap of pages, one bit for each page of a range of IOVAs, filled
 * piece by piece: the words of a piece are copied in, whoever knows what is
 * dirty sets bits in the copy, and it is copied back. What is set already
 * stays. A kernel pins the user's pages in place of copying; to the one that
 * sets bits it is the same, and a bitmap that cannot be written is -EFAULT
 * before the first call for the piece that it concerns.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/iova_bitmap.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define PIECE_WORDS	(PAGE_SIZE / sizeof(u64))
#define PIECE_BITS	(PIECE_WORDS * 64)

struct iova_bitmap {
	unsigned long iova;		/* of the first page */
	unsigned long pages;
	unsigned int shift;		/* of a page's size */
	u64 __user *user;

	/* the piece at hand: its first bit, and how many it has */
	unsigned long first, bits;
	unsigned long words[PIECE_WORDS];
};

/**
 * iova_bitmap_alloc() - a bitmap in user memory, to be filled
 * @iova: where the range begins
 * @length: its bytes
 * @page_size: bytes that a bit stands for, a power of two
 * @data: the user's words, as many as the range needs
 *
 * Context: may sleep.
 * Return: it, the caller's until iova_bitmap_free(), or an ERR_PTR.
 */
struct iova_bitmap *iova_bitmap_alloc(unsigned long iova, size_t length,
				      unsigned long page_size, u64 __user *data)
{
	struct iova_bitmap *bitmap = kzalloc(sizeof(*bitmap), GFP_KERNEL);

	if (!bitmap)
		return ERR_PTR(-ENOMEM);
	bitmap->iova = iova;
	bitmap->shift = ilog2(page_size);
	bitmap->pages = DIV_ROUND_UP(length, page_size);
	bitmap->user = data;
	return bitmap;
}
EXPORT_SYMBOL_GPL(iova_bitmap_alloc);

/**
 * iova_bitmap_free() - undo iova_bitmap_alloc()
 * @bitmap: what that gave
 */
void iova_bitmap_free(struct iova_bitmap *bitmap)
{
	kfree(bitmap);
}
EXPORT_SYMBOL_GPL(iova_bitmap_free);

/**
 * iova_bitmap_for_each() - have it filled
 * @bitmap: what iova_bitmap_alloc() gave
 * @opaque: for @fn
 * @fn: reports, by iova_bitmap_set(), what is dirty in the range that it is
 *	given; an error ends the walk
 *
 * Context: may sleep.
 * Return: 0, the first error of @fn, or -EFAULT.
 */
int iova_bitmap_for_each(struct iova_bitmap *bitmap, void *opaque, iova_bitmap_fn_t fn)
{
	unsigned long at;
	size_t bytes;
	int ret;

	for (at = 0; at < bitmap->pages; at += bitmap->bits) {
		bitmap->first = at;
		bitmap->bits = min(bitmap->pages - at, PIECE_BITS);
		bytes = DIV_ROUND_UP(bitmap->bits, 64) * sizeof(u64);
		if (copy_from_user(bitmap->words, bitmap->user + at / 64, bytes))
			return -EFAULT;
		ret = fn(bitmap, bitmap->iova + (at << bitmap->shift),
			 bitmap->bits << bitmap->shift, opaque);
		/* what was found before an error is the user's, too */
		if (copy_to_user(bitmap->user + at / 64, bitmap->words, bytes))
			return ret ?: -EFAULT;
		if (ret)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(iova_bitmap_for_each);

/**
 * iova_bitmap_set() - mark pages as dirty
 * @bitmap: what the function of iova_bitmap_for_each() was given
 * @iova: in the range that it was given
 * @length: at least 1; what is outside the range is not marked
 *
 * Context: in that function.
 */
void iova_bitmap_set(struct iova_bitmap *bitmap, unsigned long iova, size_t length)
{
	unsigned long first = (iova - bitmap->iova) >> bitmap->shift;
	unsigned long last = (iova + length - 1 - bitmap->iova) >> bitmap->shift;

	if (iova < bitmap->iova || first < bitmap->first)
		first = bitmap->first;
	last = min(last, bitmap->first + bitmap->bits - 1);
	if (first <= last)
		bitmap_set(bitmap->words, first - bitmap->first, last - first + 1);
}
EXPORT_SYMBOL_GPL(iova_bitmap_set);
