/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the type 1 IOMMU driver share: mappings and pins
 * (vfio_iommu_type1.c), and which of the mapped pages are dirty
 * (type1_dirty.c).
 */
#ifndef UMDEV_VFIO_TYPE1_H
#define UMDEV_VFIO_TYPE1_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

/* bytes of a bitmap with one bit per page, for as many pages as it may have */
#define DIRTY_BITMAP_SIZE_MAX	(1UL << 28)

struct type1 {
	struct mutex lock;		/* guards all but device_list's members */
	struct list_head dma_list;	/* struct type1_dma by IOVA */
	struct list_head groups;
	unsigned int dma_avail;
	bool v2;
	bool tracking;			/* each mapping has a bitmap */
	/* both locks to change it, one to read it; lock inside device_list_lock */
	struct mutex device_list_lock;
	struct list_head device_list;	/* vfio_device.iommu_entry */
};

struct type1_dma {
	struct list_head link;
	dma_addr_t iova;
	unsigned long vaddr;
	size_t size;
	int prot;			/* IOMMU_READ, IOMMU_WRITE */
	struct list_head pins;
	unsigned long *dirty;		/* a bit for each page, and a word more; or NULL */
};

struct type1_pin {
	struct list_head link;
	dma_addr_t iova;
	struct page *page;
	unsigned int count;
};

/* The last byte: the mapping may end where the address space does. */
static inline dma_addr_t type1_last(const struct type1_dma *dma)
{
	return dma->iova + dma->size - 1;
}

/* All under iommu->lock. */
struct type1_dma *type1_find_dma(struct type1 *iommu, dma_addr_t start, size_t size);
bool type1_cuts_a_mapping(struct type1 *iommu, dma_addr_t iova, u64 size);
int type1_dirty_start(struct type1_dma *dma);
void type1_dirty_stop(struct type1_dma *dma);
/* Nothing to do without tracking. */
void type1_dirty_mark(struct type1_dma *dma, dma_addr_t iova, size_t size);
int type1_dirty_report(const struct type1_dma *dma, u64 __user *bitmap, dma_addr_t base);

/* What of a user's struct vfio_bitmap can be told without the lock. */
struct vfio_bitmap;
int type1_bitmap_check(const struct vfio_bitmap *bitmap, u64 size);

int type1_dirty_pages(struct type1 *iommu, void __user *arg);

#endif
