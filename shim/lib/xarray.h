/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The radix tree under xarray, idr and ida. Callers hold xa_lock, or what
 * else they lock the array with, to write.
 */
#ifndef UMDEV_LIB_XARRAY_H
#define UMDEV_LIB_XARRAY_H

#include <linux/xarray.h>

/* The stored entry, XA_ZERO_ENTRY included. RCU is enough. */
void *um_xa_peek(const struct xarray *xa, unsigned long index);
/* Where a present entry lies, or NULL. RCU is enough. */
void **um_xa_slot(const struct xarray *xa, unsigned long index);
/* Of an entry that is present; of another nothing happens. */
void um_xa_mark(struct xarray *xa, unsigned long index, xa_mark_t mark, bool on);
/*
 * Sets an entry that is not NULL, and returns the one before, or an internal
 * error entry. @site is asked when a kernel would have to allocate; NULL: not.
 */
void *um_xa_put(struct xarray *xa, unsigned long index, void *entry,
		struct um_fault_site *site, gfp_t gfp);
void *um_xa_take(struct xarray *xa, unsigned long index);
/* The first index from *@index to @max that is present; reserved ones too. */
void *um_xa_next(const struct xarray *xa, unsigned long *index,
		 unsigned long max, xa_mark_t filter);
/* The first index from @min that is not full, if it is at most @max. */
bool um_xa_first_free(const struct xarray *xa, unsigned long min,
		      unsigned long max, unsigned long *index);
/* A present index counts as full; an ida's bitmap says itself when it is. */
void um_xa_set_full(struct xarray *xa, unsigned long index, bool full);

#endif
