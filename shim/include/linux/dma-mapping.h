/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a device sees memory: where its own operations say so
 * (linux/dma-map-ops.h), and without any at its physical address, with no IOMMU
 * between and no cache to care for. What is mapped or allocated is known to the
 * audit until it is unmapped or freed, and each unmapping is compared with its
 * mapping (check/dma.c). Memory beyond a device's mask is copied to where it reaches it
 * (kernel/dma/swiotlb.c). Pools: linux/dmapool.h. Left out: memory that is mapped into a
 * user's, that of other devices.
 */
#ifndef _LINUX_DMA_MAPPING_H
#define _LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/types.h>

#include "check/op.h"
#include "compat/levels.h"

#define DMA_BIT_MASK(n)	((n) == 64 ? ~0ULL : (1ULL << (n)) - 1)

#define DMA_ATTR_SKIP_CPU_SYNC	(1UL << 5)
#define DMA_ATTR_NO_WARN	(1UL << 8)
#if KAPI_ABI_DMA_MAP_PHYS
#define DMA_ATTR_MMIO		(1UL << 10)
#endif

#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)

dma_addr_t um_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size,
			   enum dma_data_direction dir, unsigned long attrs);
dma_addr_t um_dma_map_single(struct device *dev, void *ptr, size_t size,
			     enum dma_data_direction dir, unsigned long attrs);
void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs);

#define dma_map_page_attrs(dev, page, offset, size, dir, attrs)		\
	um_fallible("dma_map_page", DMA_MAPPING_ERROR,			\
		    um_dma_map_page(dev, page, offset, size, dir, attrs))
#define dma_map_page(dev, page, offset, size, dir) \
	dma_map_page_attrs(dev, page, offset, size, dir, 0)
#define dma_unmap_page(dev, addr, size, dir) dma_unmap_page_attrs(dev, addr, size, dir, 0)

#define dma_map_single_attrs(dev, ptr, size, dir, attrs)		\
	um_fallible("dma_map_single", DMA_MAPPING_ERROR,		\
		    um_dma_map_single(dev, ptr, size, dir, attrs))
#define dma_map_single(dev, ptr, size, dir) dma_map_single_attrs(dev, ptr, size, dir, 0)
#define dma_unmap_single_attrs(dev, addr, size, dir, attrs) \
	dma_unmap_page_attrs(dev, addr, size, dir, attrs)
#define dma_unmap_single(dev, addr, size, dir) dma_unmap_page_attrs(dev, addr, size, dir, 0)

static inline int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	return unlikely(addr == DMA_MAPPING_ERROR) ? -ENOMEM : 0;
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir);

#define dma_sync_single_range_for_cpu(dev, addr, offset, size, dir) \
	dma_sync_single_for_cpu(dev, (addr) + (offset), size, dir)
#define dma_sync_single_range_for_device(dev, addr, offset, size, dir) \
	dma_sync_single_for_device(dev, (addr) + (offset), size, dir)

dma_addr_t dma_map_resource(struct device *dev, phys_addr_t phys_addr, size_t size,
			    enum dma_data_direction dir, unsigned long attrs);
void dma_unmap_resource(struct device *dev, dma_addr_t addr, size_t size,
			enum dma_data_direction dir, unsigned long attrs);

/* ---- memory that both sides use all the time ------------------------------------ */

void *um_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		   unsigned long attrs);
void dma_free_attrs(struct device *dev, size_t size, void *cpu_addr, dma_addr_t handle,
		    unsigned long attrs);

#define dma_alloc_attrs(dev, size, handle, gfp, attrs) \
	um_alloc_leaf("dma_alloc_attrs", gfp, um_dma_alloc(dev, size, handle, __um_gfp, attrs))
#define dma_alloc_coherent(dev, size, handle, gfp) dma_alloc_attrs(dev, size, handle, gfp, 0)
#define dma_free_coherent(dev, size, cpu_addr, handle) \
	dma_free_attrs(dev, size, cpu_addr, handle, 0)

void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		       unsigned long attrs);
void dmam_free_coherent(struct device *dev, size_t size, void *vaddr, dma_addr_t handle);
#define dmam_alloc_coherent(dev, size, handle, gfp) dmam_alloc_attrs(dev, size, handle, gfp, 0)

size_t dma_max_mapping_size(struct device *dev);

/* ---- scatter lists --------------------------------------------------------------- */

unsigned int um_dma_map_sg(struct device *dev, struct scatterlist *sg, int nents,
			   enum dma_data_direction dir);
void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sg, int nents,
			enum dma_data_direction dir, unsigned long attrs);
void dma_unmap_sgtable(struct device *dev, struct sg_table *sgt,
		       enum dma_data_direction dir, unsigned long attrs);

/* Entries that came out, 0 for a failure. */
#define dma_map_sg_attrs(dev, sg, nents, dir, attrs) \
	um_fallible("dma_map_sg", 0U, um_dma_map_sg(dev, sg, nents, dir))
#define dma_map_sg(dev, sg, nents, dir) dma_map_sg_attrs(dev, sg, nents, dir, 0)
#define dma_unmap_sg(dev, sg, nents, dir) \
	dma_unmap_sg_attrs(dev, sg, nents, dir, 0)

/* 0, or -ENOMEM */
#define dma_map_sgtable(dev, sgt, dir, attrs)				\
({									\
	struct sg_table *__um_sgt = (sgt);				\
	unsigned int __um_nents;					\
									\
	__um_nents = dma_map_sg_attrs(dev, __um_sgt->sgl,		\
				      __um_sgt->orig_nents, dir, attrs); \
	if (__um_nents)							\
		__um_sgt->nents = __um_nents;				\
	__um_nents ? 0 : -ENOMEM;					\
})

void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sg, int nents,
			 enum dma_data_direction dir);
void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sg, int nents,
			    enum dma_data_direction dir);
#define dma_sync_sgtable_for_cpu(dev, sgt, dir) \
	dma_sync_sg_for_cpu(dev, (sgt)->sgl, (sgt)->orig_nents, dir)
#define dma_sync_sgtable_for_device(dev, sgt, dir) \
	dma_sync_sg_for_device(dev, (sgt)->sgl, (sgt)->orig_nents, dir)

/* ---- masks ------------------------------------------------------------------------- */

int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);

static inline int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int ret = dma_set_mask(dev, mask);

	if (!ret)
		dma_set_coherent_mask(dev, mask);
	return ret;
}

/* For a device whose bus gave it no mask of its own. */
static inline int dma_coerce_mask_and_coherent(struct device *dev, u64 mask)
{
	dev->dma_mask = &dev->coherent_dma_mask;
	return dma_set_mask_and_coherent(dev, mask);
}

static inline u64 dma_get_mask(struct device *dev)
{
	return dev->dma_mask && *dev->dma_mask ? *dev->dma_mask : DMA_BIT_MASK(32);
}

/* ---- what one entry of a list can be --------------------------------------------- */

static inline unsigned int dma_get_max_seg_size(struct device *dev)
{
	return dev->dma_parms && dev->dma_parms->max_segment_size ?
	       dev->dma_parms->max_segment_size : 65536;
}

static inline int dma_set_max_seg_size(struct device *dev, unsigned int size)
{
	if (!dev->dma_parms)
		return -EIO;
	dev->dma_parms->max_segment_size = size;
	return 0;
}

static inline unsigned long dma_get_seg_boundary(struct device *dev)
{
	return dev->dma_parms && dev->dma_parms->segment_boundary_mask ?
	       dev->dma_parms->segment_boundary_mask : ULONG_MAX;
}

static inline int dma_set_seg_boundary(struct device *dev, unsigned long mask)
{
	if (!dev->dma_parms)
		return -EIO;
	dev->dma_parms->segment_boundary_mask = mask;
	return 0;
}

static inline int dma_get_cache_alignment(void)
{
	return 1;
}

#if !KAPI_DMA_MAP_OPS_HEADER
#include "dma-map-ops.h"	/* which was part of this one */
#endif

#endif
