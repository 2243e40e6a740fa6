/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small integers for pointers (idr) and for their own sake (ida), over the
 * tree of linux/xarray.h. An idr is locked by its user; idr_find() needs no
 * more than an RCU read section. An ida locks itself.
 */
#ifndef _LINUX_IDR_H
#define _LINUX_IDR_H

#include <linux/xarray.h>
#include <linux/radix-tree.h>

struct idr {
	struct xarray idr_rt;
	unsigned int idr_base;
	unsigned int idr_next;
};

#define IDR_INIT_BASE(name, base) {					\
	.idr_rt = XARRAY_INIT(name.idr_rt, XA_FLAGS_ALLOC),		\
	.idr_base = (base),						\
}
#define IDR_INIT(name) IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)

#define idr_init_base(p, base)						\
do {									\
	struct idr *__um_idr = (p);					\
	xa_init_flags(&__um_idr->idr_rt, XA_FLAGS_ALLOC);		\
	__um_idr->idr_base = (base);					\
	__um_idr->idr_next = 0;						\
} while (0)
#define idr_init(p) idr_init_base(p, 0)

#define idr_lock(idr) xa_lock(&(idr)->idr_rt)
#define idr_unlock(idr) xa_unlock(&(idr)->idr_rt)

int um_idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp,
		 struct um_fault_site *site);
int um_idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end,
			gfp_t gfp, struct um_fault_site *site);
int um_idr_alloc_u32(struct idr *idr, void *ptr, u32 *id, unsigned long max,
		     gfp_t gfp, struct um_fault_site *site);
#define idr_alloc(idr, ptr, start, end, gfp) \
	um_idr_alloc(idr, ptr, start, end, gfp, um_fault_site("idr_alloc"))
#define idr_alloc_cyclic(idr, ptr, start, end, gfp) \
	um_idr_alloc_cyclic(idr, ptr, start, end, gfp, \
			    um_fault_site("idr_alloc_cyclic"))
#define idr_alloc_u32(idr, ptr, id, max, gfp) \
	um_idr_alloc_u32(idr, ptr, id, max, gfp, um_fault_site("idr_alloc_u32"))

/* Preloading reserves nothing here: the allocation after it may still fail. */
void idr_preload(gfp_t gfp);
void idr_preload_end(void);

void *idr_remove(struct idr *idr, unsigned long id);
void *idr_find(const struct idr *idr, unsigned long id);
int idr_for_each(const struct idr *idr,
		 int (*fn)(int id, void *p, void *data), void *data);
void *idr_get_next(struct idr *idr, int *nextid);
void *idr_get_next_ul(struct idr *idr, unsigned long *nextid);
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
void idr_destroy(struct idr *idr);

static inline bool idr_is_empty(const struct idr *idr)
{
	return xa_empty(&idr->idr_rt);
}

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int val)
{
	WRITE_ONCE(idr->idr_next, val);
}

#define idr_for_each_entry(idr, entry, id) \
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1U)
#define idr_for_each_entry_ul(idr, entry, tmp, id)			\
	for (tmp = 0, id = 0;						\
	     ((entry) = tmp <= id ? idr_get_next_ul(idr, &(id)) : NULL) != NULL; \
	     tmp = id, ++id)
#define idr_for_each_entry_continue(idr, entry, id)			\
	for ((entry) = idr_get_next((idr), &(id)); entry;		\
	     ++id, (entry) = idr_get_next((idr), &(id)))

/* ---- ida ---------------------------------------------------------------------- */

struct ida {
	struct xarray xa;
};

#define IDA_INIT(name) { .xa = XARRAY_INIT(name.xa, XA_FLAGS_ALLOC) }
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)
#define ida_init(p)							\
do {									\
	struct ida *__um_ida = (p);					\
	xa_init_flags(&__um_ida->xa, XA_FLAGS_ALLOC);			\
} while (0)

int um_ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max,
		       gfp_t gfp, const char *file, int line);
#define ida_alloc_range(ida, min, max, gfp) \
	um_fallible("ida_alloc", -ENOMEM, \
		    um_ida_alloc_range(ida, min, max, gfp, __FILE__, __LINE__))
#define ida_alloc(ida, gfp) ida_alloc_range(ida, 0, ~0, gfp)
#define ida_alloc_min(ida, min, gfp) ida_alloc_range(ida, min, ~0, gfp)
#define ida_alloc_max(ida, max, gfp) ida_alloc_range(ida, 0, max, gfp)
#define ida_simple_get(ida, start, end, gfp) \
	ida_alloc_range(ida, start, (end) - 1, gfp)
#define ida_simple_remove(ida, id) ida_free(ida, id)
void ida_free(struct ida *ida, unsigned int id);
void ida_destroy(struct ida *ida);

static inline bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

#endif
