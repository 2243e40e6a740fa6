/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ops by which a device maps a piece of memory, written as they have been
 * since 6.19, for all kernels: before that they are handed a page in place of a
 * physical address. The header itself is one of 5.10.
 */
#ifndef COMPAT_LINUX_DMA_MAP_OPS_H
#define COMPAT_LINUX_DMA_MAP_OPS_H

#include "compat/levels.h"

#if KAPI_DMA_MAP_OPS_HEADER
#include_next <linux/dma-map-ops.h>
#else
#include <linux/dma-mapping.h>
#endif

#ifdef KAPI_AS_5_4
#include <linux/io.h>
#include <linux/mm.h>

/* DMA_MAP_PHYS(MAP, UNMAP) in a struct dma_map_ops, with DEFINE_DMA_MAP_PHYS(MAP) before it. */
#if KAPI_ABI_DMA_MAP_PHYS
#define DEFINE_DMA_MAP_PHYS(_map)	struct device
#define DMA_MAP_PHYS(_map, _unmap) .map_phys = _map, .unmap_phys = _unmap
#else
#define DEFINE_DMA_MAP_PHYS(_map)					\
static dma_addr_t _map##_page(struct device *dev, struct page *page,	\
			      unsigned long offset, size_t size,	\
			      enum dma_data_direction dir,		\
			      unsigned long attrs)			\
{									\
	return _map(dev, page_to_phys(page) + offset, size, dir,	\
		    attrs);						\
}									\
struct device
#define DMA_MAP_PHYS(_map, _unmap) .map_page = _map##_page, .unmap_page = _unmap
#endif
#endif /* KAPI_AS_5_4 */

#endif
