/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory between a driver's and a device that does not reach that (swiotlb.c). */
#ifndef UMDEV_DMA_SWIOTLB_H
#define UMDEV_DMA_SWIOTLB_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;

dma_addr_t um_swiotlb_map(struct device *dev, phys_addr_t phys, size_t size);
/* These do nothing for an address of another sort. */
void um_swiotlb_unmap(struct device *dev, dma_addr_t addr, enum dma_data_direction dir,
		      bool sync);
void um_swiotlb_sync(struct device *dev, dma_addr_t addr, size_t size, bool to_device);

#endif
