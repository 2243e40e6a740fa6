// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA mapping: a device's addresses are what its operations say, or physical
 * ones. What is mapped is known to the audit: a scatter list by itself, pages
 * and coherent memory by a record (check/dma.c).
 *
 * As in Linux a device that has no mask cannot reach anything, and says so. What
 * lies beyond its mask it reaches by other memory (swiotlb.c).
 */
#include <linux/bug.h>
#include <linux/dma-map-ops.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/dma/direct.h"
#include "kernel/dma/swiotlb.h"

/* ---- what a device may reach -------------------------------------------- */

static void describe_device(const void *obj, char *buf, size_t size)
{
	const struct device *dev = obj;

	host_snprintf(buf, size, "%s %s", dev_driver_string(dev), dev_name(dev));
}

static void made(struct device *dev, const char *sort, dma_addr_t addr, size_t size,
		 enum dma_data_direction dir)
{
	um_end(UM_DMA, 0, .object = dev, .describe = describe_device, .what = sort, .dma = addr,
	       .size = size, .dir = dir);
}

/* Whether it is there, and so can be undone. */
static bool undone(struct device *dev, const char *sort, dma_addr_t addr, size_t size,
		   enum dma_data_direction dir)
{
	return um_begin(UM_DMA, .object = dev, .describe = describe_device, .what = sort,
			.dma = addr, .size = size, .dir = dir) != UM_REFUSE;
}

#define MAPPING		"DMA mapping"
#define COHERENT	"coherent DMA memory"

/* ---- pages ------------------------------------------------------------- */

static dma_addr_t map_by_ops(struct device *dev, struct page *page, size_t offset, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

#if KAPI_ABI_DMA_MAP_PHYS
	return ops->map_phys(dev, page_to_phys(page) + offset, size, dir, attrs);
#else
	return ops->map_page(dev, page, offset, size, dir, attrs);
#endif
}

static void unmap_by_ops(struct device *dev, dma_addr_t addr, size_t size,
			 enum dma_data_direction dir, unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

#if KAPI_ABI_DMA_MAP_PHYS
	if (ops->unmap_phys)
		ops->unmap_phys(dev, addr, size, dir, attrs);
#else
	if (ops->unmap_page)
		ops->unmap_page(dev, addr, size, dir, attrs);
#endif
}

/**
 * um_dma_map_page() - let a device reach a part of memory
 * @dev:    the device; without a mask it cannot, and there is a warning
 * @page:   where it begins; it may go on in those that follow
 * @offset: in @page
 * @size:   in bytes
 * @dir:    of the transfers; none of them is a bug that stops here
 * @attrs:  for the device's operations
 *
 * Behind dma_map_page(). What is beyond the device's mask is copied where it reaches it;
 * when that cannot be, there is a warning.
 *
 * Return: the address for the device and for dma_unmap_page(), or
 * DMA_MAPPING_ERROR.
 */
dma_addr_t um_dma_map_page(struct device *dev, struct page *page, size_t offset, size_t size,
			   enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t addr;

	BUG_ON(!valid_dma_direction(dir));
	if (WARN_ON_ONCE(!dev->dma_mask))
		return DMA_MAPPING_ERROR;
	addr = get_dma_ops(dev) ? map_by_ops(dev, page, offset, size, dir, attrs) :
				  dma_direct_map_page(dev, page, offset, size);
	if (!dma_mapping_error(dev, addr))
		made(dev, MAPPING, addr, size, dir);
	return addr;
}
EXPORT_SYMBOL(um_dma_map_page);

/**
 * um_dma_map_single() - um_dma_map_page() of an address
 * @dev:   as there
 * @ptr:   of kmalloc() or a page; a stack's or a variable's ends the process
 * @size:  in bytes
 * @dir:   as there
 * @attrs: as there
 *
 * Behind dma_map_single().
 *
 * Return: as there; DMA_MAPPING_ERROR with a warning for memory of vmalloc().
 */
dma_addr_t um_dma_map_single(struct device *dev, void *ptr, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	if (WARN_ONCE(is_vmalloc_addr(ptr), "%s %s: rejecting DMA map of vmalloc memory\n",
		      dev_driver_string(dev), dev_name(dev)))
		return DMA_MAPPING_ERROR;
	return um_dma_map_page(dev, virt_to_page(ptr), offset_in_page(ptr), size, dir, attrs);
}
EXPORT_SYMBOL(um_dma_map_single);

/**
 * dma_unmap_page_attrs() - undo dma_map_page() or dma_map_single()
 * @dev:   the device
 * @addr:  what the mapping gave
 * @size:  as it was mapped
 * @dir:   as it was mapped
 * @attrs: for the device's operations
 *
 * A splat for what is not mapped like this.
 */
void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs)
{
	BUG_ON(!valid_dma_direction(dir));
	if (!undone(dev, MAPPING, addr, size, dir))
		return;
	if (get_dma_ops(dev))
		unmap_by_ops(dev, addr, size, dir, attrs);
	else
		um_swiotlb_unmap(dev, addr, dir, !(attrs & DMA_ATTR_SKIP_CPU_SYNC));
}
EXPORT_SYMBOL(dma_unmap_page_attrs);

/**
 * dma_sync_single_for_cpu() - the processor looks at what is mapped
 * @dev:  the device
 * @addr: in a mapping
 * @size: in bytes
 * @dir:  as it was mapped
 *
 * Without operations of the device's own nothing is done but for a bounce buffer:
 * there is no cache.
 */
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	BUG_ON(!valid_dma_direction(dir));
	if (!ops && dir != DMA_TO_DEVICE)
		um_swiotlb_sync(dev, addr, size, false);
	else if (ops && ops->sync_single_for_cpu)
		ops->sync_single_for_cpu(dev, addr, size, dir);
}
EXPORT_SYMBOL(dma_sync_single_for_cpu);

/**
 * dma_sync_single_for_device() - the device's turn again
 * @dev:  the device
 * @addr: in a mapping
 * @size: in bytes
 * @dir:  as it was mapped
 *
 * As dma_sync_single_for_cpu().
 */
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	BUG_ON(!valid_dma_direction(dir));
	if (!ops && dir != DMA_FROM_DEVICE)
		um_swiotlb_sync(dev, addr, size, true);
	else if (ops && ops->sync_single_for_device)
		ops->sync_single_for_device(dev, addr, size, dir);
}
EXPORT_SYMBOL(dma_sync_single_for_device);

/* ---- registers of other devices ----------------------------------------------- */

#define RESOURCE	"DMA resource"

static dma_addr_t map_resource_by_ops(struct device *dev, phys_addr_t phys, size_t size,
				      enum dma_data_direction dir, unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

#if KAPI_ABI_DMA_MAP_PHYS
	return ops->map_phys(dev, phys, size, dir, attrs | DMA_ATTR_MMIO);
#else
	return ops->map_resource ? ops->map_resource(dev, phys, size, dir, attrs) :
				   DMA_MAPPING_ERROR;
#endif
}

/**
 * dma_map_resource() - let a device reach what is no memory, registers for example
 * @dev:   the device; without a mask it cannot, and there is a warning
 * @phys:  the physical address
 * @size:  in bytes
 * @dir:   of the transfers; none of them is a bug that stops here
 * @attrs: for the device's operations
 *
 * Return: the address for the device and for dma_unmap_resource(), or DMA_MAPPING_ERROR,
 * with a warning for what is beyond its mask: nothing comes in between.
 */
dma_addr_t dma_map_resource(struct device *dev, phys_addr_t phys, size_t size,
			    enum dma_data_direction dir, unsigned long attrs)
{
	dma_addr_t addr;

	BUG_ON(!valid_dma_direction(dir));
	if (WARN_ON_ONCE(!dev->dma_mask))
		return DMA_MAPPING_ERROR;
	addr = get_dma_ops(dev) ? map_resource_by_ops(dev, phys, size, dir, attrs) :
				  dma_direct_map_resource(dev, phys, size);
	if (!dma_mapping_error(dev, addr))
		made(dev, RESOURCE, addr, size, dir);
	return addr;
}
EXPORT_SYMBOL(dma_map_resource);

/**
 * dma_unmap_resource() - undo dma_map_resource()
 * @dev:   the device
 * @addr:  what the mapping gave
 * @size:  as it was mapped
 * @dir:   as it was mapped
 * @attrs: for the device's operations
 *
 * A splat for what is not mapped like this.
 */
void dma_unmap_resource(struct device *dev, dma_addr_t addr, size_t size,
			enum dma_data_direction dir, unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	BUG_ON(!valid_dma_direction(dir));
	if (!undone(dev, RESOURCE, addr, size, dir) || !ops)
		return;
#if KAPI_ABI_DMA_MAP_PHYS
	unmap_by_ops(dev, addr, size, dir, attrs | DMA_ATTR_MMIO);
#else
	if (ops->unmap_resource)
		ops->unmap_resource(dev, addr, size, dir, attrs);
#endif
}
EXPORT_SYMBOL(dma_unmap_resource);

/* ---- coherent memory ------------------------------------------------------ */

/**
 * um_dma_alloc() - memory that the processor and a device use at the same time
 * @dev:    the device; a warning if it has no coherent mask
 * @size:   in bytes
 * @handle: gets the address for the device
 * @gfp:    how to allocate; zones are the device's affair, and ignored
 * @attrs:  for the device's operations
 *
 * Behind dma_alloc_coherent(). Zeroed by who has no operations; those of a
 * device see to it themselves.
 *
 * Context: as @gfp says.
 * Return: memory for dma_free_coherent(), or NULL.
 */
void *um_dma_alloc(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		   unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	void *cpu_addr;

	WARN_ON_ONCE(!dev->coherent_dma_mask);
	gfp &= ~(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM);
	if (!ops)
		cpu_addr = dma_direct_alloc(dev, size, handle, gfp);
	else if (ops->alloc)
		cpu_addr = ops->alloc(dev, size, handle, gfp, attrs);
	else
		return NULL;
	if (cpu_addr)
		made(dev, COHERENT, *handle, size, DMA_BIDIRECTIONAL);
	return cpu_addr;
}
EXPORT_SYMBOL(um_dma_alloc);

/**
 * dma_free_attrs() - undo dma_alloc_coherent()
 * @dev:      the device
 * @size:     as it was allocated
 * @cpu_addr: what it gave, or NULL
 * @handle:   the address for the device
 * @attrs:    for the device's operations
 *
 * A splat for what was not allocated like this.
 *
 * Context: not in interrupts.
 */
void dma_free_attrs(struct device *dev, size_t size, void *cpu_addr, dma_addr_t handle,
		    unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	if (!cpu_addr)
		return;
	if (!undone(dev, COHERENT, handle, size, DMA_BIDIRECTIONAL))
		return;
	if (!ops)
		free_pages((unsigned long)cpu_addr, get_order(size));
	else if (ops->free)
		ops->free(dev, size, cpu_addr, handle, attrs);
}
EXPORT_SYMBOL(dma_free_attrs);

struct dma_devres {
	size_t size;
	void *cpu_addr;
	dma_addr_t handle;
	unsigned long attrs;
};

static void dmam_release(struct device *dev, void *res)
{
	struct dma_devres *this = res;

	dma_free_attrs(dev, this->size, this->cpu_addr, this->handle, this->attrs);
}

static int dmam_match(struct device *dev, void *res, void *match_data)
{
	return ((struct dma_devres *)res)->cpu_addr == match_data;
}

/**
 * dmam_alloc_attrs() - dma_alloc_attrs(), freed with the driver; called as
 *	dmam_alloc_coherent()
 * @dev:    as there
 * @size:   as there
 * @handle: as there
 * @gfp:    as there
 * @attrs:  as there
 *
 * Context: as @gfp says.
 * Return: as there.
 */
void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *handle, gfp_t gfp,
		       unsigned long attrs)
{
	struct dma_devres *dr = devres_alloc(dmam_release, sizeof(*dr), gfp);
	void *cpu_addr;

	if (!dr)
		return NULL;
	cpu_addr = dma_alloc_attrs(dev, size, handle, gfp, attrs);
	if (!cpu_addr) {
		devres_free(dr);
		return NULL;
	}
	*dr = (struct dma_devres){ size, cpu_addr, *handle, attrs };
	devres_add(dev, dr);
	return cpu_addr;
}
EXPORT_SYMBOL(dmam_alloc_attrs);

/**
 * dmam_free_coherent() - undo dmam_alloc_coherent() before the driver goes
 * @dev:    the device
 * @size:   as it was allocated
 * @vaddr:  what it gave
 * @handle: the address for the device
 *
 * Context: not in interrupts.
 */
void dmam_free_coherent(struct device *dev, size_t size, void *vaddr, dma_addr_t handle)
{
	dma_free_coherent(dev, size, vaddr, handle);
	WARN_ON(devres_destroy(dev, dmam_release, dmam_match, vaddr));
}
EXPORT_SYMBOL(dmam_free_coherent);

/**
 * dma_max_mapping_size() - how much one mapping can have
 * @dev: the device
 *
 * Return: what its operations say, or SIZE_MAX.
 */
size_t dma_max_mapping_size(struct device *dev)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	return ops && ops->max_mapping_size ? ops->max_mapping_size(dev) : SIZE_MAX;
}
EXPORT_SYMBOL(dma_max_mapping_size);

/* ---- masks ------------------------------------------------------------------ */

/* Memory for devices of 24 bits is what x86 sees to. */
static bool is_supported(struct device *dev, u64 mask)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);

	if (!ops)
		return mask >= DMA_BIT_MASK(24);
	return !ops->dma_supported || ops->dma_supported(dev, mask);
}

/**
 * dma_set_mask() - say which addresses a device can reach
 * @dev:  the device
 * @mask: one bit for each that it has
 *
 * Context: as the device's operations want it; before anything is mapped.
 * Return: 0; -EIO for a device whose bus gave it no mask to set, for less than 24 bits,
 * and when its operations cannot do with it. The mask stays as it was then.
 */
int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask || !is_supported(dev, mask))
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}
EXPORT_SYMBOL(dma_set_mask);

/**
 * dma_set_coherent_mask() - the same for coherent memory
 * @dev:  the device
 * @mask: one bit for each that it has
 *
 * Context: as dma_set_mask().
 * Return: 0 or -EIO.
 */
int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	if (!is_supported(dev, mask))
		return -EIO;
	dev->coherent_dma_mask = mask;
	return 0;
}
EXPORT_SYMBOL(dma_set_coherent_mask);

/* ---- scatter lists ------------------------------------------------------------ */

static void describe_list(const void *obj, char *buf, size_t size)
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
 * Behind dma_map_sg() and dma_map_sgtable(). Without operations of the device
 * no entries are joined.
 *
 * Return: how many came out, which is not what dma_unmap_sg_attrs() wants, or 0.
 */
unsigned int um_dma_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
			   enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	int ret;

	BUG_ON(!valid_dma_direction(dir));
	if (WARN_ON_ONCE(!dev->dma_mask) || nents <= 0)
		return 0;
	ret = ops ? ops->map_sg(dev, sgl, nents, dir, 0) : dma_direct_map_sg(dev, sgl, nents, dir);
	if (ret <= 0)
		return 0;
	um_object_new(sgl, MAPPING, describe_list);
	return ret;
}
EXPORT_SYMBOL(um_dma_map_sg);

/**
 * dma_unmap_sg_attrs() - undo dma_map_sg()
 * @dev:   the device
 * @sgl:   the list; that it is mapped is not checked
 * @nents: entries that were to be mapped, not what came of it
 * @dir:   as it was mapped
 * @attrs: for the device's operations
 *
 * The addresses in the list are useless afterwards.
 */
void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sgl, int nents,
			enum dma_data_direction dir, unsigned long attrs)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	struct scatterlist *sg;
	int i;

	BUG_ON(!valid_dma_direction(dir));
	um_object_freed(sgl);
	if (!ops)
		dma_direct_unmap_sg(dev, sgl, nents, dir, attrs);
	else if (ops->unmap_sg)
		ops->unmap_sg(dev, sgl, nents, dir, attrs);
	for_each_sg(sgl, sg, nents, i) {
		sg->dma_address = DMA_MAPPING_ERROR;
		sg->dma_length = 0;
	}
}
EXPORT_SYMBOL(dma_unmap_sg_attrs);

/**
 * dma_unmap_sgtable() - undo dma_map_sgtable()
 * @dev:   the device
 * @sgt:   the table
 * @dir:   as it was mapped
 * @attrs: for the device's operations
 */
void dma_unmap_sgtable(struct device *dev, struct sg_table *sgt,
		       enum dma_data_direction dir, unsigned long attrs)
{
	dma_unmap_sg_attrs(dev, sgt->sgl, sgt->orig_nents, dir, attrs);
}
EXPORT_SYMBOL(dma_unmap_sgtable);

/**
 * dma_sync_sg_for_cpu() - the processor looks at a list that is mapped
 * @dev:   the device
 * @sgl:   the list
 * @nents: entries that were to be mapped
 * @dir:   as it was mapped
 *
 * As dma_sync_single_for_cpu() of each entry.
 */
void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sgl, int nents,
			 enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	struct scatterlist *sg;
	int i;

	BUG_ON(!valid_dma_direction(dir));
	if (ops && ops->sync_sg_for_cpu)
		ops->sync_sg_for_cpu(dev, sgl, nents, dir);
	if (!ops)
		for_each_sg(sgl, sg, nents, i)
			dma_sync_single_for_cpu(dev, sg->dma_address, sg->length, dir);
}
EXPORT_SYMBOL(dma_sync_sg_for_cpu);

/**
 * dma_sync_sg_for_device() - the device's turn again, with a list
 * @dev:   the device
 * @sgl:   the list
 * @nents: entries that were to be mapped
 * @dir:   as it was mapped
 *
 * As dma_sync_single_for_device() of each entry.
 */
void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sgl, int nents,
			    enum dma_data_direction dir)
{
	const struct dma_map_ops *ops = get_dma_ops(dev);
	struct scatterlist *sg;
	int i;

	BUG_ON(!valid_dma_direction(dir));
	if (ops && ops->sync_sg_for_device)
		ops->sync_sg_for_device(dev, sgl, nents, dir);
	if (!ops)
		for_each_sg(sgl, sg, nents, i)
			dma_sync_single_for_device(dev, sg->dma_address, sg->length, dir);
}
EXPORT_SYMBOL(dma_sync_sg_for_device);
