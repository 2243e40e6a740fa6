// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA mapping of scatter lists: a device's addresses are physical ones. A
 * mapping is an object that the audit knows by its list, from the mapping to
 * the unmapping.
 */
#include <linux/bug.h>
#include <linux/dma-mapping.h>
#include <linux/export.h>

#include "check/op.h"
#include "host/host.h"

static void describe_mapping(const void *obj, char *buf, size_t size)
{
	const struct scatterlist *sg = obj;

	host_snprintf(buf, size, "scatter list at %#llx",
		      (unsigned long long)sg->dma_address);
}

/**
 * um_dma_map_sg() - let a device reach a scatter list
 * @dev:   the device; without a mask it cannot, and there is a warning
 * @sgl:   the list
 * @nents: entries of it
 * @dir:   of the transfers; none of them is a bug that stops here
 *
 * Behind dma_map_sg() and dma_map_sgtable(). A device's address is the
 * physical one, and no entries are joined.
 *
 * Context: any.
 * Return: @nents, for dma_unmap_sg_attrs(), or 0.
 */
unsigned int um_dma_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
			   enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	BUG_ON(!valid_dma_direction(dir));
	if (WARN_ON_ONCE(!dev->dma_mask) || nents <= 0)
		return 0;
	for_each_sg(sgl, sg, nents, i) {
		sg->dma_address = sg_phys(sg);
		sg->dma_length = sg->length;
	}
	um_object_new(sgl, "DMA mapping", describe_mapping);
	return nents;
}
EXPORT_SYMBOL(um_dma_map_sg);

/**
 * dma_unmap_sg_attrs() - undo dma_map_sg()
 * @dev:   the device
 * @sgl:   the list; that it is mapped is not checked
 * @nents: entries that were to be mapped, not what came of it
 * @dir:   as it was mapped
 * @attrs: ignored
 *
 * The addresses in the list are useless afterwards.
 *
 * Context: any.
 */
void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sgl, int nents,
			enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *sg;
	int i;

	BUG_ON(!valid_dma_direction(dir));
	um_object_freed(sgl);
	for_each_sg(sgl, sg, nents, i) {
		sg->dma_address = ~(dma_addr_t)0;
		sg->dma_length = 0;
	}
}
EXPORT_SYMBOL(dma_unmap_sg_attrs);

/**
 * dma_unmap_sgtable() - undo dma_map_sgtable()
 * @dev:   the device
 * @sgt:   the table
 * @dir:   as it was mapped
 * @attrs: ignored
 *
 * Context: any.
 */
void dma_unmap_sgtable(struct device *dev, struct sg_table *sgt,
		       enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_sg_attrs(dev, sgt->sgl, sgt->orig_nents, dir, attrs);
}
EXPORT_SYMBOL(dma_unmap_sgtable);
