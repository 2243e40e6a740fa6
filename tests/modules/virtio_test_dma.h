/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How memory is mapped for a device that takes the kernel's own addresses: a test's
 * device, which is another module, finds there what a driver has put there.
 */
#ifndef VIRTIO_TEST_DMA_H
#define VIRTIO_TEST_DMA_H

#include <linux/dma-map-ops.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>

static void *kernel_alloc(struct device *d, size_t size, dma_addr_t *handle, gfp_t gfp,
			  unsigned long attrs)
{
	void *mem = (void *)__get_free_pages(gfp | __GFP_ZERO, get_order(size));

	*handle = (unsigned long)mem;
	return mem;
}

static void kernel_free(struct device *d, size_t size, void *mem, dma_addr_t handle,
			unsigned long attrs)
{
	free_pages((unsigned long)mem, get_order(size));
}

static dma_addr_t kernel_map(struct device *d, phys_addr_t phys, size_t size,
			     enum dma_data_direction dir, unsigned long attrs)
{
	return (unsigned long)phys_to_virt(phys);
}
DEFINE_DMA_MAP_PHYS(kernel_map);

static void kernel_unmap(struct device *d, dma_addr_t addr, size_t size,
			 enum dma_data_direction dir, unsigned long attrs)
{
}

/* In a struct dma_map_ops. */
#define MAP_KERNEL_ADDRESSES						\
	.alloc = kernel_alloc,						\
	.free = kernel_free,						\
	DMA_MAP_PHYS(kernel_map, kernel_unmap)

#endif
