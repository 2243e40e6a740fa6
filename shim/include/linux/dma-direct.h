/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device without operations of its own reaches: physical addresses, by its mask. */
#ifndef _LINUX_DMA_DIRECT_H
#define _LINUX_DMA_DIRECT_H

#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/minmax.h>

static inline dma_addr_t phys_to_dma(struct device *dev, phys_addr_t phys)
{
	return phys;
}

static inline phys_addr_t dma_to_phys(struct device *dev, dma_addr_t addr)
{
	return addr;
}

static inline bool dma_capable(struct device *dev, dma_addr_t addr, size_t size, bool is_ram)
{
	return addr != DMA_MAPPING_ERROR &&
	       addr + size - 1 <= min_not_zero(*dev->dma_mask, dev->bus_dma_limit);
}

#endif
