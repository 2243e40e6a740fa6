/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A large range of a device's registers, of which parts are mapped for a while: as on
 * a machine of 64 bits it is mapped as a whole, and a part is a place in that.
 */
#ifndef _LINUX_IO_MAPPING_H
#define _LINUX_IO_MAPPING_H

#include <linux/bug.h>
#include <linux/io.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/types.h>

struct io_mapping {
	resource_size_t base;
	unsigned long size;
	void __iomem *iomem;
};

static inline struct io_mapping *io_mapping_init_wc(struct io_mapping *iomap,
						    resource_size_t base, unsigned long size)
{
	iomap->iomem = ioremap_wc(base, size);
	if (!iomap->iomem)
		return NULL;
	iomap->base = base;
	iomap->size = size;
	return iomap;
}

static inline void io_mapping_fini(struct io_mapping *mapping)
{
	iounmap(mapping->iomem);
}

static inline struct io_mapping *io_mapping_create_wc(resource_size_t base, unsigned long size)
{
	struct io_mapping *iomap = kmalloc(sizeof(*iomap), GFP_KERNEL);

	if (!iomap)
		return NULL;
	if (!io_mapping_init_wc(iomap, base, size)) {
		kfree(iomap);
		return NULL;
	}
	return iomap;
}

static inline void io_mapping_free(struct io_mapping *iomap)
{
	io_mapping_fini(iomap);
	kfree(iomap);
}

static inline void __iomem *io_mapping_map_wc(struct io_mapping *mapping, unsigned long offset,
					      unsigned long size)
{
	return mapping->iomem + offset;
}

static inline void io_mapping_unmap(void __iomem *vaddr)
{
}

/* Of one page, by one processor: nothing may sleep until it is unmapped. */
static inline void __iomem *io_mapping_map_atomic_wc(struct io_mapping *mapping,
						     unsigned long offset)
{
	preempt_disable();
	return io_mapping_map_wc(mapping, offset, PAGE_SIZE);
}

static inline void io_mapping_unmap_atomic(void __iomem *vaddr)
{
	io_mapping_unmap(vaddr);
	preempt_enable();
}

static inline void __iomem *io_mapping_map_local_wc(struct io_mapping *mapping,
						    unsigned long offset)
{
	return io_mapping_map_wc(mapping, offset, PAGE_SIZE);
}

static inline void io_mapping_unmap_local(void __iomem *vaddr)
{
	io_mapping_unmap(vaddr);
}

#endif
