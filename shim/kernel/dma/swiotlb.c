// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bounce buffers: memory that a device reaches in place of what it does not, as
 * kmalloc()'s, which lies beyond 32 bits. The bytes are copied when it is mapped, and
 * by what the driver says about whose turn it is: one that forgets dma_sync_...() or
 * the direction sees bytes of before.
 *
 * There is no pool: each mapping has pages of its own, so none is ever missing. Below
 * 256 MB there is no memory at all (mm/arena.h).
 */
#include <linux/dma-direct.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/dma/swiotlb.h"
#include "mm/arena.h"

struct bounce {
	struct list_head list;
	struct device *dev;
	struct page *page;
	unsigned int order;
	dma_addr_t addr;
	size_t size;
	char *original;
};

static LIST_HEAD(bounces);
static DEFINE_SPINLOCK(bounces_lock);

/* Bookkeeping of the mapping, which the audit knows of already. */
static struct page *pages_of(unsigned int order)
{
	struct page *page = um_alloc_pages(0, order);

	if (page) {
		clear_bit(UM_PG_tracked, &page->flags);
		um_object_freed(page);
	}
	return page;
}

static struct bounce *new_bounce(struct device *dev, phys_addr_t phys, size_t size)
{
	struct bounce *b = host_zalloc(sizeof(*b));

	if (!b)
		return NULL;
	b->dev = dev;
	b->size = size;
	b->order = get_order(offset_in_page(phys) + size);
	b->original = phys_to_virt(phys);
	b->page = pages_of(b->order);
	if (!b->page) {
		host_free(b);
		return NULL;
	}
	b->addr = page_to_phys(b->page) + offset_in_page(phys);
	return b;
}

static char *buffer_of(const struct bounce *b)
{
	return (char *)page_address(b->page) + offset_in_page(b->addr);
}

static void free_bounce(struct bounce *b)
{
	__free_pages(b->page, b->order);
	host_free(b);
}

/* The address for the device, with a warning DMA_MAPPING_ERROR. */
dma_addr_t um_swiotlb_map(struct device *dev, phys_addr_t phys, size_t size)
{
	struct bounce *b = new_bounce(dev, phys, size);
	unsigned long flags;

	if (!b)
		return DMA_MAPPING_ERROR;
	if (!dma_capable(dev, b->addr, size, true)) {
		dev_WARN_ONCE(dev, 1,
			      "swiotlb addr %#llx+%zu overflow (mask %llx, bus limit %llx).\n",
			      (unsigned long long)b->addr, size, *dev->dma_mask,
			      dev->bus_dma_limit);
		free_bounce(b);
		return DMA_MAPPING_ERROR;
	}
	/* whatever the direction: a device that writes a part leaves the rest */
	memcpy(buffer_of(b), b->original, size);
	spin_lock_irqsave(&bounces_lock, flags);
	list_add(&b->list, &bounces);
	spin_unlock_irqrestore(&bounces_lock, flags);
	return b->addr;
}

/* bounces_lock held. */
static struct bounce *find(const struct device *dev, dma_addr_t addr)
{
	struct bounce *b;

	list_for_each_entry(b, &bounces, list)
		if (b->dev == dev && addr >= b->addr && addr < b->addr + b->size)
			return b;
	return NULL;
}

void um_swiotlb_unmap(struct device *dev, dma_addr_t addr, enum dma_data_direction dir, bool sync)
{
	unsigned long flags;
	struct bounce *b;

	spin_lock_irqsave(&bounces_lock, flags);
	b = find(dev, addr);
	if (b)
		list_del(&b->list);
	spin_unlock_irqrestore(&bounces_lock, flags);
	if (!b)
		return;
	if (sync && dir != DMA_TO_DEVICE)
		memcpy(b->original, buffer_of(b), b->size);
	free_bounce(b);
}

void um_swiotlb_sync(struct device *dev, dma_addr_t addr, size_t size, bool to_device)
{
	unsigned long flags;
	struct bounce *b;
	size_t at;

	spin_lock_irqsave(&bounces_lock, flags);
	b = find(dev, addr);
	spin_unlock_irqrestore(&bounces_lock, flags);
	if (!b)
		return;
	at = addr - b->addr;
	size = min(size, b->size - at);
	if (to_device)
		memcpy(buffer_of(b) + at, b->original + at, size);
	else
		memcpy(b->original + at, buffer_of(b) + at, size);
}
