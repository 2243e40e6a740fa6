/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XArray: a sparse array of pointers, indexed by unsigned long.
 *
 * A radix tree of 64 slots per node (lib/xarray.c) with three marks per
 * entry. Modifying calls take xa_lock, reading calls none. Storing fails only
 * when a node has to be made. Left out: the advanced interface (XA_STATE,
 * xas_*), multi-index entries, node counting for the page cache.
 */
#ifndef _LINUX_XARRAY_H
#define _LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>
#include <linux/types.h>

typedef unsigned int xa_mark_t;
#define XA_MARK_0	((xa_mark_t)0U)
#define XA_MARK_1	((xa_mark_t)1U)
#define XA_MARK_2	((xa_mark_t)2U)
#define XA_PRESENT	((xa_mark_t)8U)
#define XA_FREE_MARK	XA_MARK_0

#define XA_FLAGS_LOCK_IRQ	((gfp_t)1U)
#define XA_FLAGS_LOCK_BH	((gfp_t)2U)
#define XA_FLAGS_TRACK_FREE	((gfp_t)4U)
#define XA_FLAGS_ZERO_BUSY	((gfp_t)8U)
#define XA_FLAGS_ALLOC_WRAPPED	((gfp_t)16U)
#define XA_FLAGS_ACCOUNT	((gfp_t)32U)
#define XA_FLAGS_ALLOC		(XA_FLAGS_TRACK_FREE)
#define XA_FLAGS_ALLOC1		(XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

struct um_xa_node;

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	struct um_xa_node *um_top;
};

#define XARRAY_INIT(name, flags) {					\
	.xa_lock = __SPIN_LOCK_UNLOCKED(name.xa_lock),			\
	.xa_flags = (flags),						\
}
#define DEFINE_XARRAY_FLAGS(name, flags) \
	struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name) DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

struct xa_limit {
	u32 max;
	u32 min;
};
#define XA_LIMIT(_min, _max) ((struct xa_limit){ .min = _min, .max = _max })
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)

/* ---- entries: pointers, small integers, errors ----------------------------- */

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline void *xa_tag_pointer(void *p, unsigned long tag)
{
	return (void *)((unsigned long)p | tag);
}

static inline void *xa_untag_pointer(void *entry)
{
	return (void *)((unsigned long)entry & ~3UL);
}

static inline unsigned int xa_pointer_tag(void *entry)
{
	return (unsigned long)entry & 3UL;
}

static inline void *xa_mk_internal(unsigned long v)
{
	return (void *)((v << 2) | 2);
}

static inline unsigned long xa_to_internal(const void *entry)
{
	return (unsigned long)entry >> 2;
}

static inline bool xa_is_internal(const void *entry)
{
	return ((unsigned long)entry & 3) == 2;
}

/* Holds a reserved index; reads as NULL. */
#define XA_ZERO_ENTRY xa_mk_internal(257)

static inline bool xa_is_zero(const void *entry)
{
	return unlikely(entry == XA_ZERO_ENTRY);
}

static inline bool xa_is_err(const void *entry)
{
	return unlikely(xa_is_internal(entry) &&
			entry >= xa_mk_internal(-MAX_ERRNO));
}

static inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (long)entry >> 2 : 0;
}

/* ---- life and locks --------------------------------------------------------- */

#define xa_init_flags(xa, flags)					\
do {									\
	struct xarray *__um_xa = (xa);					\
	spin_lock_init(&__um_xa->xa_lock);				\
	__um_xa->xa_flags = (flags);					\
	__um_xa->um_top = NULL;						\
} while (0)
#define xa_init(xa) xa_init_flags(xa, 0)
void xa_destroy(struct xarray *xa);
bool xa_empty(const struct xarray *xa);

#define xa_trylock(xa) spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa) spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa) spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa) spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa) spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa) spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa) spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags) spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags) spin_unlock_irqrestore(&(xa)->xa_lock, flags)

/* ---- reading ------------------------------------------------------------------ */

void *xa_load(struct xarray *xa, unsigned long index);
bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max,
	      xa_mark_t filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter);

#define xa_for_each_range(xa, index, entry, start, last)		\
	for (index = start, entry = xa_find(xa, &index, last, XA_PRESENT); \
	     entry; entry = xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)			\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter);	\
	     entry; entry = xa_find_after(xa, &index, ULONG_MAX, filter))

/* ---- writing --------------------------------------------------------------------
 *
 * The fault site is the caller's, but it is asked only when a node is needed:
 * elsewhere no kernel fails.
 */
enum um_xa_locking { UM_XA_LOCK, UM_XA_LOCK_BH, UM_XA_LOCK_IRQ, UM_XA_LOCKED };

void *um_xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
		  enum um_xa_locking how, struct um_fault_site *site);
void *um_xa_cmpxchg(struct xarray *xa, unsigned long index, void *old,
		    void *entry, gfp_t gfp, enum um_xa_locking how,
		    struct um_fault_site *site);
int um_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp,
		 enum um_xa_locking how, struct um_fault_site *site);
int um_xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
		gfp_t gfp, enum um_xa_locking how, struct um_fault_site *site);
int um_xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry,
		       struct xa_limit limit, u32 *next, gfp_t gfp,
		       enum um_xa_locking how, struct um_fault_site *site);

void *xa_erase(struct xarray *xa, unsigned long index);
void *__xa_erase(struct xarray *xa, unsigned long index);
void *xa_erase_irq(struct xarray *xa, unsigned long index);
void xa_release(struct xarray *xa, unsigned long index);
void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);

#define xa_store(xa, index, entry, gfp) \
	um_xa_store(xa, index, entry, gfp, UM_XA_LOCK, um_fault_site("xa_store"))
#define __xa_store(xa, index, entry, gfp) \
	um_xa_store(xa, index, entry, gfp, UM_XA_LOCKED, um_fault_site("xa_store"))
#define xa_store_bh(xa, index, entry, gfp) \
	um_xa_store(xa, index, entry, gfp, UM_XA_LOCK_BH, um_fault_site("xa_store"))
#define xa_store_irq(xa, index, entry, gfp) \
	um_xa_store(xa, index, entry, gfp, UM_XA_LOCK_IRQ, um_fault_site("xa_store"))
#define xa_cmpxchg(xa, index, old, entry, gfp) \
	um_xa_cmpxchg(xa, index, old, entry, gfp, UM_XA_LOCK, \
		      um_fault_site("xa_cmpxchg"))
#define __xa_cmpxchg(xa, index, old, entry, gfp) \
	um_xa_cmpxchg(xa, index, old, entry, gfp, UM_XA_LOCKED, \
		      um_fault_site("xa_cmpxchg"))
#define xa_insert(xa, index, entry, gfp) \
	um_xa_insert(xa, index, entry, gfp, UM_XA_LOCK, um_fault_site("xa_insert"))
#define __xa_insert(xa, index, entry, gfp) \
	um_xa_insert(xa, index, entry, gfp, UM_XA_LOCKED, um_fault_site("xa_insert"))
#define xa_insert_irq(xa, index, entry, gfp) \
	um_xa_insert(xa, index, entry, gfp, UM_XA_LOCK_IRQ, um_fault_site("xa_insert"))
#define xa_reserve(xa, index, gfp) \
	um_xa_reserve(xa, index, gfp, um_fault_site("xa_reserve"))
int um_xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp,
		  struct um_fault_site *site);
#define xa_alloc(xa, id, entry, limit, gfp) \
	um_xa_alloc(xa, id, entry, limit, gfp, UM_XA_LOCK, um_fault_site("xa_alloc"))
#define __xa_alloc(xa, id, entry, limit, gfp) \
	um_xa_alloc(xa, id, entry, limit, gfp, UM_XA_LOCKED, um_fault_site("xa_alloc"))
#define xa_alloc_irq(xa, id, entry, limit, gfp) \
	um_xa_alloc(xa, id, entry, limit, gfp, UM_XA_LOCK_IRQ, um_fault_site("xa_alloc"))
#define xa_alloc_cyclic(xa, id, entry, limit, next, gfp) \
	um_xa_alloc_cyclic(xa, id, entry, limit, next, gfp, UM_XA_LOCK, \
			   um_fault_site("xa_alloc_cyclic"))
#define __xa_alloc_cyclic(xa, id, entry, limit, next, gfp) \
	um_xa_alloc_cyclic(xa, id, entry, limit, next, gfp, UM_XA_LOCKED, \
			   um_fault_site("xa_alloc_cyclic"))
#define xa_alloc_cyclic_irq(xa, id, entry, limit, next, gfp) \
	um_xa_alloc_cyclic(xa, id, entry, limit, next, gfp, UM_XA_LOCK_IRQ, \
			   um_fault_site("xa_alloc_cyclic"))

#endif
