/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a device sees memory: at its physical address, with no IOMMU between
 * and no cache to care for. What is mapped is known to the audit until it is
 * unmapped. Left out: coherent allocations, pools, and limits of a device's
 * addresses (a mask must be set all the same, as in Linux).
 */
#ifndef _LINUX_DMA_MAPPING_H
#define _LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "check/op.h"

#define DMA_BIT_MASK(n)	((n) == 64 ? ~0ULL : (1ULL << (n)) - 1)

#define DMA_ATTR_SKIP_CPU_SYNC	(1UL << 5)
#define DMA_ATTR_NO_WARN	(1UL << 8)

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

static inline int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask)
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

static inline int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	dev->coherent_dma_mask = mask;
	return 0;
}

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

#endif
