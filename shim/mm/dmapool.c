// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pools of small blocks of coherent memory. A pool has chunks of a page or more, each
 * cut into blocks; which of them are in use is a bit of the chunk's. Chunks go with
 * their pool, and no earlier.
 *
 * A block that is given back twice, or never was one, is a message, as in Linux with
 * its own checks on; a pool that is destroyed with blocks in use says which.
 *
 * Left out: the file "pools" of a device.
 */
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/host.h"

struct dma_pool {
	struct list_head chunks;
	spinlock_t lock;
	struct device *dev;
	size_t size;			/* from one block to the next */
	size_t chunk, boundary;
	unsigned int per_boundary, n;	/* blocks between two boundaries; of a chunk */
	char name[32];
};

struct chunk {
	struct list_head node;
	char *memory;
	dma_addr_t dma;
	unsigned long used[];
};

static void describe_pool(const void *obj, char *buf, size_t size)
{
	const struct dma_pool *pool = obj;

	host_snprintf(buf, size, "%s of %s", pool->name, dev_name(pool->dev));
}

/**
 * dma_pool_create() - make a pool
 * @name:     for reports; copied, 31 characters of it
 * @dev:      the device that uses the blocks
 * @size:     of a block, in bytes
 * @align:    of a block, a power of 2; 0: none is wanted
 * @boundary: that no block crosses, a power of 2 and @size at least; 0: none
 *
 * Context: may sleep.
 * Return: the pool; NULL for what cannot be, and without memory.
 */
struct dma_pool *dma_pool_create(const char *name, struct device *dev, size_t size, size_t align,
				 size_t boundary)
{
	struct dma_pool *pool;

	align = align ?: 1;
	if (!is_power_of_2(align) || !size || size > INT_MAX)
		return NULL;
	size = ALIGN(max_t(size_t, size, 4), align);
	if (boundary && (boundary < size || !is_power_of_2(boundary)))
		return NULL;
	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->chunks);
	spin_lock_init(&pool->lock);
	pool->dev = dev;
	pool->size = size;
	pool->chunk = max_t(size_t, size, PAGE_SIZE);
	pool->boundary = min(boundary ?: pool->chunk, pool->chunk);
	pool->per_boundary = pool->boundary / size;
	pool->n = pool->chunk / pool->boundary * pool->per_boundary;
	strscpy(pool->name, name, sizeof(pool->name));
	um_object_new(pool, "DMA pool", describe_pool);
	return pool;
}
EXPORT_SYMBOL(dma_pool_create);

static size_t offset_of(const struct dma_pool *pool, unsigned int block)
{
	return block / pool->per_boundary * pool->boundary +
	       block % pool->per_boundary * pool->size;
}

/* Lock held, as below. */
static void *take(struct dma_pool *pool, dma_addr_t *handle)
{
	struct chunk *c;
	unsigned int i;

	list_for_each_entry(c, &pool->chunks, node) {
		i = find_first_zero_bit(c->used, pool->n);
		if (i >= pool->n)
			continue;
		set_bit(i, c->used);
		*handle = c->dma + offset_of(pool, i);
		return c->memory + offset_of(pool, i);
	}
	return NULL;
}

static struct chunk *new_chunk(struct dma_pool *pool, gfp_t gfp)
{
	struct chunk *c = kzalloc(sizeof(*c) + BITS_TO_LONGS(pool->n) * sizeof(long), gfp);

	if (!c)
		return NULL;
	c->memory = dma_alloc_coherent(pool->dev, pool->chunk, &c->dma, gfp);
	if (c->memory)
		return c;
	kfree(c);
	return NULL;
}

/**
 * dma_pool_alloc() - have a block
 * @pool:      the pool
 * @mem_flags: how to allocate, if none is free; __GFP_ZERO matters
 * @handle:    gets the address for the device
 *
 * Context: as @mem_flags says.
 * Return: the block, for dma_pool_free(); NULL without memory.
 */
void *dma_pool_alloc(struct dma_pool *pool, gfp_t mem_flags, dma_addr_t *handle)
{
	struct chunk *c = NULL;
	unsigned long flags;
	void *block;

	um_might_alloc(mem_flags, __FILE__, __LINE__);
	spin_lock_irqsave(&pool->lock, flags);
	block = take(pool, handle);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (!block) {
		c = new_chunk(pool, mem_flags & ~__GFP_ZERO);
		if (!c)
			return NULL;
		spin_lock_irqsave(&pool->lock, flags);
		list_add(&c->node, &pool->chunks);
		block = take(pool, handle);
		spin_unlock_irqrestore(&pool->lock, flags);
	}
	if (mem_flags & __GFP_ZERO)
		memset(block, 0, pool->size);
	return block;
}
EXPORT_SYMBOL(dma_pool_alloc);

static bool give_back(struct dma_pool *pool, const char *vaddr, dma_addr_t dma)
{
	struct chunk *c;
	unsigned int i;

	list_for_each_entry(c, &pool->chunks, node)
		for (i = 0; i < pool->n; i++)
			if (c->dma + offset_of(pool, i) == dma)
				return c->memory + offset_of(pool, i) == vaddr &&
				       test_and_clear_bit(i, c->used);
	return false;
}

/**
 * dma_pool_free() - give a block back
 * @pool:  the pool
 * @vaddr: the block
 * @dma:   its address for the device; what does not go together is a message
 */
void dma_pool_free(struct dma_pool *pool, void *vaddr, dma_addr_t dma)
{
	unsigned long flags;
	bool given;

	um_begin(UM_AREA_FREE, .start = vaddr, .size = pool->size, .what = "dma_pool_free");
	spin_lock_irqsave(&pool->lock, flags);
	given = give_back(pool, vaddr, dma);
	spin_unlock_irqrestore(&pool->lock, flags);
	if (!given)
		dev_err(pool->dev, "dma_pool_free %s, %p/%#llx (bad dma)\n", pool->name, vaddr,
			(unsigned long long)dma);
}
EXPORT_SYMBOL(dma_pool_free);

/**
 * dma_pool_destroy() - undo dma_pool_create()
 * @pool: the pool, or NULL; blocks in use are a message, and their memory stays
 *
 * Context: may sleep.
 */
void dma_pool_destroy(struct dma_pool *pool)
{
	struct chunk *c, *next;

	if (!pool)
		return;
	list_for_each_entry_safe(c, next, &pool->chunks, node) {
		if (bitmap_empty(c->used, pool->n))
			dma_free_coherent(pool->dev, pool->chunk, c->memory, c->dma);
		else
			dev_err(pool->dev, "dma_pool_destroy %s, %p busy\n", pool->name,
				c->memory);
		kfree(c);
	}
	um_object_freed(pool);
	kfree(pool);
}
EXPORT_SYMBOL(dma_pool_destroy);

/* ---- that go with the driver --------------------------------------------------------- */

static void dmam_pool_release(struct device *dev, void *res)
{
	dma_pool_destroy(*(struct dma_pool **)res);
}

static int dmam_pool_match(struct device *dev, void *res, void *match_data)
{
	return *(struct dma_pool **)res == match_data;
}

/**
 * dmam_pool_create() - dma_pool_create(), destroyed with the driver
 * @name:       as there
 * @dev:        as there
 * @size:       as there
 * @align:      as there
 * @allocation: the boundary
 *
 * Context: may sleep.
 * Return: as there.
 */
struct dma_pool *dmam_pool_create(const char *name, struct device *dev, size_t size,
				  size_t align, size_t allocation)
{
	struct dma_pool **ptr = devres_alloc(dmam_pool_release, sizeof(*ptr), GFP_KERNEL), *pool;

	if (!ptr)
		return NULL;
	pool = dma_pool_create(name, dev, size, align, allocation);
	if (pool) {
		*ptr = pool;
		devres_add(dev, ptr);
	} else {
		devres_free(ptr);
	}
	return pool;
}
EXPORT_SYMBOL(dmam_pool_create);

/**
 * dmam_pool_destroy() - undo dmam_pool_create() before the driver goes
 * @pool: the pool
 *
 * Context: may sleep.
 */
void dmam_pool_destroy(struct dma_pool *pool)
{
	WARN_ON(devres_release(pool->dev, dmam_pool_release, dmam_pool_match, pool));
}
EXPORT_SYMBOL(dmam_pool_destroy);
