// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices without operations of their own: they see physical addresses, as far as
 * their masks go, and other memory in place of what lies beyond (swiotlb.c).
 */
#include <linux/dma-direct.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>

#include "kernel/dma/direct.h"
#include "kernel/dma/swiotlb.h"

dma_addr_t dma_direct_map_page(struct device *dev, struct page *page, size_t offset,
			       size_t size)
{
	phys_addr_t phys = page_to_phys(page) + offset;

	return dma_capable(dev, phys, size, true) ? phys : um_swiotlb_map(dev, phys, size);
}

dma_addr_t dma_direct_map_resource(struct device *dev, phys_addr_t phys, size_t size)
{
	if (dma_capable(dev, phys, size, false))
		return phys;
	dev_WARN_ONCE(dev, 1, "DMA addr %#llx+%zu overflow (mask %llx, bus limit %llx).\n",
		      (unsigned long long)phys, size, *dev->dma_mask, dev->bus_dma_limit);
	return DMA_MAPPING_ERROR;
}

/*
 * Whole pages, zeroed: no leaf, um_alloc_leaf() is around the call. NULL when the device
 * does not reach them: there are no zones with others.
 */
void *dma_direct_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp)
{
	u64 limit = min_not_zero(dev->coherent_dma_mask, dev->bus_dma_limit);
	struct page *page = um_alloc_pages(gfp | __GFP_ZERO, get_order(size));

	if (!page)
		return NULL;
	*handle = page_to_phys(page);
	if (*handle + size - 1 <= limit)
		return page_address(page);
	__free_pages(page, get_order(size));
	return NULL;
}

void dma_direct_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
			 enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		um_swiotlb_unmap(dev, sg->dma_address, dir, !(attrs & DMA_ATTR_SKIP_CPU_SYNC));
}

int dma_direct_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
		      enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg->dma_address = dma_direct_map_page(dev, sg_page(sg), sg->offset, sg->length);
		if (dma_mapping_error(dev, sg->dma_address)) {
			dma_direct_unmap_sg(dev, sgl, i, dir, DMA_ATTR_SKIP_CPU_SYNC);
			return -EIO;
		}
		sg->dma_length = sg->length;
	}
	return nents;
}
