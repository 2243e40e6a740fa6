/* SPDX-License-Identifier: GPL-2.0-only */
/* What mapping.c does for a device without operations (direct.c). */
#ifndef UMDEV_DMA_DIRECT_H
#define UMDEV_DMA_DIRECT_H

#include <linux/dma-direction.h>
#include <linux/gfp.h>
#include <linux/types.h>

struct device;
struct page;
struct scatterlist;

/* These give DMA_MAPPING_ERROR with a warning. */
dma_addr_t dma_direct_map_page(struct device *dev, struct page *page, size_t offset,
			       size_t size);
dma_addr_t dma_direct_map_resource(struct device *dev, phys_addr_t phys, size_t size);

void *dma_direct_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp);

/* @nents, or -EIO */
int dma_direct_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
		      enum dma_data_direction dir);
void dma_direct_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
			 enum dma_data_direction dir, unsigned long attrs);

#endif
