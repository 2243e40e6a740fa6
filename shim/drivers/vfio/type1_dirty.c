// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pages of a container's mappings a device may have written.
 *
 * While a user tracks them, each mapping has a bitmap. No real IOMMU is there
 * to tell, so a page counts as written from when a driver pins it, until it
 * was unpinned and has been reported once, and when a driver writes by IOVA.
 * A report goes into the user's bitmap, which may begin before the mapping: a
 * word it shares with the mapping before keeps all its bits, so the user must
 * have zeroed it.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "drivers/vfio/type1.h"

static unsigned long pages_of(const struct type1_dma *dma)
{
	return dma->size >> PAGE_SHIFT;
}

static void mark_pinned(struct type1_dma *dma)
{
	struct type1_pin *pin;

	list_for_each_entry(pin, &dma->pins, link)
		bitmap_set(dma->dirty, (pin->iova - dma->iova) >> PAGE_SHIFT, 1);
}

int type1_dirty_start(struct type1_dma *dma)
{
	unsigned long n = pages_of(dma);

	if (n > INT_MAX)
		return -EINVAL;
	dma->dirty = kvzalloc((BITS_TO_LONGS(n) + 1) * sizeof(long), GFP_KERNEL);
	if (!dma->dirty)
		return -ENOMEM;
	mark_pinned(dma);
	return 0;
}

void type1_dirty_stop(struct type1_dma *dma)
{
	kvfree(dma->dirty);
	dma->dirty = NULL;
}

void type1_dirty_mark(struct type1_dma *dma, dma_addr_t iova, size_t size)
{
	unsigned long first = (iova - dma->iova) >> PAGE_SHIFT;
	unsigned long last = (iova - dma->iova + size - 1) >> PAGE_SHIFT;

	if (dma->dirty)
		bitmap_set(dma->dirty, first, last - first + 1);
}

/* The 64 bits from @at on, which may lie before the first one. */
static u64 bits_from(const unsigned long *bits, long at)
{
	unsigned int shift = at & (BITS_PER_LONG - 1);

	if (at < 0)
		return bits[0] << -at;
	bits += at / BITS_PER_LONG;
	return shift ? bits[0] >> shift | bits[1] << (BITS_PER_LONG - shift) : bits[0];
}

/**
 * type1_dirty_report() - tell a user the dirty pages of a mapping
 * @dma: the mapping, which is tracked
 * @bitmap: the user's, 64 bits a word
 * @base: IOVA of the page that its first bit stands for, not beyond the mapping's
 *
 * Context: may sleep; the container's lock is held.
 *
 * Return: 0 or -EFAULT.
 */
int type1_dirty_report(const struct type1_dma *dma, u64 __user *bitmap, dma_addr_t base)
{
	unsigned long first = (dma->iova - base) >> PAGE_SHIFT, at;
	u64 word, before;

	for (at = first & ~63UL; at < first + pages_of(dma); at += 64) {
		word = bits_from(dma->dirty, (long)(at - first));
		if (at < first) {
			if (get_user(before, bitmap + at / 64))
				return -EFAULT;
			word |= before;
		}
		if (put_user(word, bitmap + at / 64))
			return -EFAULT;
	}
	return 0;
}

/* ---- the user's calls ------------------------------------------------ */

int type1_bitmap_check(const struct vfio_bitmap *bitmap, u64 size)
{
	u64 n;

	if (!access_ok(bitmap->data, bitmap->size) || !bitmap->pgsize)
		return -EINVAL;
	n = size >> __ffs(bitmap->pgsize);
	if (!n || bitmap->size > DIRTY_BITMAP_SIZE_MAX || bitmap->size < ALIGN(n, 64) / 8)
		return -EINVAL;
	return 0;
}

static void stop_all(struct type1 *iommu)
{
	struct type1_dma *dma;

	list_for_each_entry(dma, &iommu->dma_list, link)
		type1_dirty_stop(dma);
	iommu->tracking = false;
}

static int start_all(struct type1 *iommu)
{
	struct type1_dma *dma;
	int err;

	if (iommu->tracking)
		return 0;
	list_for_each_entry(dma, &iommu->dma_list, link) {
		err = type1_dirty_start(dma);
		if (err) {
			stop_all(iommu);
			return err;
		}
	}
	iommu->tracking = true;
	return 0;
}

/* What was told is clean again, but for pages that are still pinned. */
static int report_range(struct type1 *iommu, const struct vfio_iommu_type1_dirty_bitmap_get *get)
{
	struct type1_dma *dma;
	int err;

	if (get->bitmap.pgsize != PAGE_SIZE || get->iova & ~PAGE_MASK || !get->size ||
	    get->size & ~PAGE_MASK || !iommu->tracking)
		return -EINVAL;
	if (type1_cuts_a_mapping(iommu, get->iova, get->size))
		return -EINVAL;
	list_for_each_entry(dma, &iommu->dma_list, link) {
		if (dma->iova < get->iova)
			continue;
		if (dma->iova > get->iova + get->size - 1)
			break;
		err = type1_dirty_report(dma, get->bitmap.data, get->iova);
		if (err)
			return err;
		bitmap_clear(dma->dirty, 0, pages_of(dma));
		mark_pinned(dma);
	}
	return 0;
}

static int get_bitmap(struct type1 *iommu, void __user *arg, size_t size)
{
	struct vfio_iommu_type1_dirty_bitmap_get get;
	int err;

	if (size < sizeof(get))
		return -EINVAL;
	if (copy_from_user(&get, arg, sizeof(get)))
		return -EFAULT;
	if (get.iova + get.size < get.iova)
		return -EINVAL;
	err = type1_bitmap_check(&get.bitmap, get.size);
	if (err)
		return err;
	mutex_lock(&iommu->lock);
	err = report_range(iommu, &get);
	mutex_unlock(&iommu->lock);
	return err;
}

/**
 * type1_dirty_pages() - VFIO_IOMMU_DIRTY_PAGES
 * @iommu: the container's
 * @arg: the user's struct vfio_iommu_type1_dirty_bitmap
 *
 * Context: may sleep.
 *
 * Return: 0; -EACCES for version 1, -EINVAL, -EFAULT, -ENOMEM.
 */
int type1_dirty_pages(struct type1 *iommu, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_iommu_type1_dirty_bitmap, flags);
	struct vfio_iommu_type1_dirty_bitmap dirty;
	int err = 0;

	if (!iommu->v2)
		return -EACCES;
	if (copy_from_user(&dirty, arg, minsz))
		return -EFAULT;
	if (dirty.argsz < minsz)
		return -EINVAL;
	switch (dirty.flags) {
	case VFIO_IOMMU_DIRTY_PAGES_FLAG_START:
		mutex_lock(&iommu->lock);
		err = start_all(iommu);
		mutex_unlock(&iommu->lock);
		return err;
	case VFIO_IOMMU_DIRTY_PAGES_FLAG_STOP:
		mutex_lock(&iommu->lock);
		stop_all(iommu);
		mutex_unlock(&iommu->lock);
		return 0;
	case VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP:
		return get_bitmap(iommu, (char __user *)arg + minsz, dirty.argsz - minsz);
	default:
		return -EINVAL;
	}
}
