// SPDX-License-Identifier: GPL-2.0-only
/*
 * idr and ida over the tree of lib/xarray.c.
 *
 * An idr may hold NULL; such an id is stored as a reserved entry. An ida
 * keeps a bitmap of 1,024 ids per entry, made when its first id is, gone with
 * its last; an entry counts as full when its bitmap is.
 */
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "check/check.h"
#include "host/host.h"
#include "lib/xarray.h"

/**
 * um_idr_alloc_u32() - idr_alloc_u32(): the lowest free id from *@id to @max.
 *
 * The user's lock is held. Return: 0 with the id in *@id, -ENOSPC, -ENOMEM.
 */
int um_idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max,
		     gfp_t gfp, struct um_fault_site *site)
{
	unsigned int base = idr->idr_base;
	unsigned long index, min = *id < base ? 0 : *id - base;
	int err;

	um_might_alloc(gfp, site->file, site->line);
	if (!um_xa_first_free(&idr->idr_rt, min, max - base, &index))
		return -ENOSPC;
	err = xa_err(um_xa_put(&idr->idr_rt, index, ptr ? ptr : XA_ZERO_ENTRY,
			       site, gfp));
	if (err)
		return err;
	*id = index + base;
	return 0;
}
EXPORT_SYMBOL_GPL(um_idr_alloc_u32);

/* @end is exclusive; 0 or less: no end. Return: the id, or an error. */
int um_idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp,
		 struct um_fault_site *site)
{
	u32 id = start;
	int err;

	if (WARN_ON(start < 0))
		return -EINVAL;
	err = um_idr_alloc_u32(idr, ptr, &id, end > 0 ? end - 1 : INT_MAX, gfp,
			       site);
	return err ? err : id;
}
EXPORT_SYMBOL_GPL(um_idr_alloc);

int um_idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end,
			gfp_t gfp, struct um_fault_site *site)
{
	u32 id = idr->idr_next;
	int err, max = end > 0 ? end - 1 : INT_MAX;

	if ((int)id < start)
		id = start;
	err = um_idr_alloc_u32(idr, ptr, &id, max, gfp, site);
	if (err == -ENOSPC && id > start) {
		id = start;
		err = um_idr_alloc_u32(idr, ptr, &id, max, gfp, site);
	}
	if (err)
		return err;
	idr->idr_next = id + 1;
	return id;
}
EXPORT_SYMBOL(um_idr_alloc_cyclic);

/* Until idr_preload_end() the task must not sleep, as in Linux. */
void idr_preload(gfp_t gfp)
{
	um_might_alloc(gfp, __FILE__, __LINE__);
	preempt_disable();
}
EXPORT_SYMBOL(idr_preload);

void idr_preload_end(void)
{
	preempt_enable();
}
EXPORT_SYMBOL(idr_preload_end);

static void *visible(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	return visible(um_xa_take(&idr->idr_rt, id - idr->idr_base));
}
EXPORT_SYMBOL_GPL(idr_remove);

/* RCU or the user's lock is held. */
void *idr_find(const struct idr *idr, unsigned long id)
{
	return visible(um_xa_peek(&idr->idr_rt, id - idr->idr_base));
}
EXPORT_SYMBOL_GPL(idr_find);

void *idr_get_next_ul(struct idr *idr, unsigned long *nextid)
{
	unsigned long base = idr->idr_base;
	unsigned long index = *nextid < base ? 0 : *nextid - base;
	void *entry = xa_find(&idr->idr_rt, &index, ULONG_MAX, XA_PRESENT);

	if (entry)
		*nextid = index + base;
	return entry;
}
EXPORT_SYMBOL(idr_get_next_ul);

void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = *nextid;
	void *entry = idr_get_next_ul(idr, &id);

	if (WARN_ON(entry && id > INT_MAX))
		return NULL;
	if (entry)
		*nextid = id;
	return entry;
}
EXPORT_SYMBOL(idr_get_next);

/* Ends early with what @fn returns when that is not 0. Entries may be NULL. */
int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data)
{
	unsigned long index = 0;
	void *entry;
	int err;

	while ((entry = um_xa_next(&idr->idr_rt, &index, ULONG_MAX, XA_PRESENT))) {
		unsigned long id = index + idr->idr_base;

		if (WARN_ON(id > INT_MAX))
			break;
		err = fn(id, visible(entry), data);
		if (err)
			return err;
		if (!++index)
			break;
	}
	return 0;
}
EXPORT_SYMBOL(idr_for_each);

/* Return: the pointer before, or ERR_PTR(-ENOENT) for an id not allocated. */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	unsigned long index = id - idr->idr_base;

	if (!um_xa_peek(&idr->idr_rt, index))
		return ERR_PTR(-ENOENT);
	return visible(um_xa_put(&idr->idr_rt, index, ptr ? ptr : XA_ZERO_ENTRY,
				 NULL, 0));
}
EXPORT_SYMBOL(idr_replace);

void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->idr_rt);
}
EXPORT_SYMBOL(idr_destroy);

/* ---- ida ------------------------------------------------------------------ */

#define CHUNK_BITS 1024U

struct ida_chunk {
	DECLARE_BITMAP(map, CHUNK_BITS);
};

/* The chunk at @index, made if need be. */
static struct ida_chunk *chunk_at(struct ida *ida, unsigned long index)
{
	struct ida_chunk *chunk = um_xa_peek(&ida->xa, index);

	if (chunk)
		return chunk;
	chunk = host_need(sizeof(*chunk));
	um_xa_put(&ida->xa, index, chunk, NULL, 0);
	um_xa_set_full(&ida->xa, index, false);
	return chunk;
}

static int alloc_locked(struct ida *ida, unsigned int min, unsigned int max)
{
	struct ida_chunk *chunk;
	unsigned long index, bit;

	while (um_xa_first_free(&ida->xa, min / CHUNK_BITS, max / CHUNK_BITS, &index)) {
		if (index > min / CHUNK_BITS)
			min = index * CHUNK_BITS;
		chunk = um_xa_peek(&ida->xa, index);
		bit = chunk ? find_next_zero_bit(chunk->map, CHUNK_BITS,
						 min % CHUNK_BITS) :
			      min % CHUNK_BITS;
		if (bit == CHUNK_BITS) {
			/* free ones only below the minimum: on to the next */
			min = (index + 1) * CHUNK_BITS;
			continue;
		}
		if (index * CHUNK_BITS + bit > max)
			return -ENOSPC;
		chunk = chunk_at(ida, index);
		__set_bit(bit, chunk->map);
		if (bitmap_full(chunk->map, CHUNK_BITS))
			um_xa_set_full(&ida->xa, index, true);
		return index * CHUNK_BITS + bit;
	}
	return -ENOSPC;
}

/**
 * um_ida_alloc_range() - the lowest free id from @min to @max.
 * @max: the last id wanted; what is beyond INT_MAX means INT_MAX
 *
 * Context: any; may sleep if @gfp says so.
 * Return: the id, -ENOSPC, -ENOMEM.
 */
int um_ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
		       gfp_t gfp, const char *file, int line)
{
	unsigned long flags;
	int id;

	um_might_alloc(gfp, file, line);
	if ((int)min < 0)
		return -ENOSPC;
	if ((int)max < 0)
		max = INT_MAX;
	xa_lock_irqsave(&ida->xa, flags);
	id = alloc_locked(ida, min, max);
	xa_unlock_irqrestore(&ida->xa, flags);
	return id;
}
EXPORT_SYMBOL(um_ida_alloc_range);

/* Warns about an id that is not allocated. */
void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long index = id / CHUNK_BITS, bit = id % CHUNK_BITS, flags;
	struct ida_chunk *chunk;
	bool found;

	if ((int)id < 0)
		return;
	xa_lock_irqsave(&ida->xa, flags);
	chunk = um_xa_peek(&ida->xa, index);
	found = chunk && test_bit(bit, chunk->map);
	if (found) {
		__clear_bit(bit, chunk->map);
		um_xa_set_full(&ida->xa, index, false);
		if (bitmap_empty(chunk->map, CHUNK_BITS))
			host_free(um_xa_take(&ida->xa, index));
	}
	xa_unlock_irqrestore(&ida->xa, flags);
	WARN(!found, "ida_free called for id=%d which is not allocated.\n", id);
}
EXPORT_SYMBOL(ida_free);

void ida_destroy(struct ida *ida)
{
	unsigned long index = 0, flags;
	void *chunk;

	xa_lock_irqsave(&ida->xa, flags);
	while ((chunk = um_xa_next(&ida->xa, &index, ULONG_MAX, XA_PRESENT)))
		host_free(um_xa_take(&ida->xa, index));
	xa_unlock_irqrestore(&ida->xa, flags);
}
EXPORT_SYMBOL(ida_destroy);
