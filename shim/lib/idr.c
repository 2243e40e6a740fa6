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

#include "check/op.h"
#include "host/host.h"
#include "lib/xarray.h"

/**
 * um_idr_alloc_u32() - idr_alloc_u32(): the lowest free id from *@id on
 * @idr: the idr
 * @ptr: what to store, NULL too
 * @id: in: the lowest id wanted; out: the id, untouched after an error
 * @max: the last id wanted
 * @gfp: only says whether the call may sleep, and __GFP_NOFAIL
 * @site: the call, where a fault may be injected
 *
 * Context: as @gfp says; the caller's lock on the idr is held.
 *
 * Return: 0, -ENOSPC when no id is free, -ENOMEM by an injected fault only.
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

/**
 * um_idr_alloc() - idr_alloc(): the lowest free id of a range
 * @idr: the idr
 * @ptr: what to store, NULL too
 * @start: the lowest id wanted; less than 0 is refused with a warning
 * @end: one more than the last id wanted; 0 or less: no end
 * @gfp: only says whether the call may sleep, and __GFP_NOFAIL
 * @site: the call, where a fault may be injected
 *
 * Context: as @gfp says; the caller's lock on the idr is held.
 *
 * Return: the id; -EINVAL, -ENOSPC, or -ENOMEM by an injected fault only.
 */
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

/**
 * um_idr_alloc_cyclic() - idr_alloc_cyclic(): the next id, around a range
 * @idr: the idr; remembers where to go on
 * @ptr: what to store, NULL too
 * @start: the lowest id wanted
 * @end: one more than the last id wanted; 0 or less: no end
 * @gfp: only says whether the call may sleep, and __GFP_NOFAIL
 * @site: the call, where a fault may be injected
 *
 * Ids are taken upwards from the last one given, then from @start.
 *
 * Context: as @gfp says; the caller's lock on the idr is held.
 *
 * Return: the id; -ENOSPC, or -ENOMEM by an injected fault only.
 */
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

/**
 * idr_preload() - prepare for an allocation under a lock
 * @gfp: how a kernel would fill its reserve
 *
 * Reserves nothing: a fault may still be injected into the allocation.
 *
 * Context: as @gfp says. From here to idr_preload_end() the task must not
 * sleep, as in Linux.
 */
void idr_preload(gfp_t gfp)
{
	um_might_alloc(gfp, __FILE__, __LINE__);
	preempt_disable();
}
EXPORT_SYMBOL(idr_preload);

/**
 * idr_preload_end() - the end of what idr_preload() began
 *
 * Context: ends the section without preemption, of the same task.
 */
void idr_preload_end(void)
{
	preempt_enable();
}
EXPORT_SYMBOL(idr_preload_end);

static void *visible(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

/**
 * idr_remove() - free an id
 * @idr: the idr
 * @id: the id; one that is not allocated does no harm
 *
 * Context: the caller's lock on the idr is held. Readers may see the
 * pointer until a grace period has passed.
 *
 * Return: the pointer that was stored, the caller's again; NULL if none was.
 */
void *idr_remove(struct idr *idr, unsigned long id)
{
	return visible(um_xa_take(&idr->idr_rt, id - idr->idr_base));
}
EXPORT_SYMBOL_GPL(idr_remove);

/**
 * idr_find() - the pointer stored at an id
 * @idr: the idr
 * @id: the id
 *
 * Context: the caller's lock, or an RCU read section.
 *
 * Return: the pointer; NULL for one that is NULL and for an id not allocated.
 */
void *idr_find(const struct idr *idr, unsigned long id)
{
	return visible(um_xa_peek(&idr->idr_rt, id - idr->idr_base));
}
EXPORT_SYMBOL_GPL(idr_find);

/**
 * idr_get_next_ul() - the first pointer at or after an id
 * @idr: the idr
 * @nextid: in: the id to start at; out: where it was found
 *
 * Ids that hold NULL are passed over.
 *
 * Context: the caller's lock, or an RCU read section.
 *
 * Return: the pointer, or NULL at the end, and *@nextid is untouched then.
 */
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

/**
 * idr_get_next() - as idr_get_next_ul(), with an int
 * @idr: the idr
 * @nextid: in: the id to start at; out: where it was found
 *
 * Context: the caller's lock, or an RCU read section.
 *
 * Return: the pointer; NULL at the end, and with a warning for an id beyond
 * INT_MAX.
 */
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

/**
 * idr_for_each() - call a function for each pointer that is not NULL
 * @idr: the idr
 * @fn: gets the id, the pointer and @data; not 0 ends the walk
 * @data: for @fn
 *
 * Context: as @fn needs it; the caller's lock, or an RCU read section, in
 * which an id that is freed or allocated meanwhile may or may not be seen.
 *
 * Return: what ended the walk, else 0. An id beyond INT_MAX ends it with a
 * warning and 0.
 */
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
		/* an id that holds NULL is passed over, as by Linux */
		err = xa_is_zero(entry) ? 0 : fn(id, entry, data);
		if (err)
			return err;
		if (!++index)
			break;
	}
	return 0;
}
EXPORT_SYMBOL(idr_for_each);

/**
 * idr_replace() - store another pointer at an id
 * @idr: the idr
 * @ptr: the new one, NULL too
 * @id: an allocated id
 *
 * Context: the caller's lock on the idr is held. Never allocates.
 *
 * Return: the pointer before, the caller's again; ERR_PTR(-ENOENT) for an id
 * that is not allocated.
 */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	unsigned long index = id - idr->idr_base;

	if (!um_xa_peek(&idr->idr_rt, index))
		return ERR_PTR(-ENOENT);
	return visible(um_xa_put(&idr->idr_rt, index, ptr ? ptr : XA_ZERO_ENTRY,
				 NULL, 0));
}
EXPORT_SYMBOL(idr_replace);

/**
 * idr_destroy() - free all ids
 * @idr: the idr; empty afterwards and to be used again at will
 *
 * The pointers are the caller's: he frees what they point at before.
 *
 * Context: nobody else uses the idr.
 */
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
 * um_ida_alloc_range() - ida_alloc_range(): the lowest free id of a range
 * @ida: the ida
 * @min: the lowest id wanted
 * @max: the last id wanted; what is beyond INT_MAX means INT_MAX
 * @gfp: only says whether the call may sleep
 * @file: the caller's, for a complaint about sleeping
 * @line: the caller's
 *
 * Injected faults are dealt with in the macro, which gives -ENOMEM then.
 *
 * Context: may sleep if @gfp says so; else interrupts, too.
 *
 * Return: the id, or -ENOSPC, which a @min beyond INT_MAX gives as well.
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

/**
 * ida_free() - free an id
 * @ida: the ida
 * @id: the id; a warning when it is not allocated, nothing beyond INT_MAX
 */
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

/**
 * ida_destroy() - free all ids
 * @ida: the ida; empty afterwards and to be used again at will
 */
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
