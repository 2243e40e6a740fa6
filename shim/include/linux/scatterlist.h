/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lists of pieces of memory, and where a device sees them.
 *
 * A table is one array however long it is; sg_next() follows chains that a
 * driver makes itself. Left out: allocating from pools, iterating over pages,
 * copying.
 */
#ifndef _LINUX_SCATTERLIST_H
#define _LINUX_SCATTERLIST_H

#include <linux/bug.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#include <asm/io.h>

#include "check/op.h"

struct scatterlist {
	unsigned long page_link;	/* a page, and SG_CHAIN or SG_END */
	unsigned int offset;
	unsigned int length;
	dma_addr_t dma_address;
	unsigned int dma_length;
};

struct sg_table {
	struct scatterlist *sgl;
	unsigned int nents;		/* entries after mapping */
	unsigned int orig_nents;	/* entries before */
};

#define SG_CHAIN	0x01UL
#define SG_END		0x02UL

#define sg_dma_address(sg)	((sg)->dma_address)
#define sg_dma_len(sg)		((sg)->dma_length)

static inline bool sg_is_chain(const struct scatterlist *sg)
{
	return sg->page_link & SG_CHAIN;
}

static inline bool sg_is_last(const struct scatterlist *sg)
{
	return sg->page_link & SG_END;
}

static inline struct scatterlist *sg_chain_ptr(const struct scatterlist *sg)
{
	return (struct scatterlist *)(sg->page_link & ~(SG_CHAIN | SG_END));
}

static inline struct page *sg_page(const struct scatterlist *sg)
{
	BUG_ON(sg_is_chain(sg));
	return (struct page *)(sg->page_link & ~(SG_CHAIN | SG_END));
}

static inline void sg_assign_page(struct scatterlist *sg, struct page *page)
{
	BUG_ON((unsigned long)page & (SG_CHAIN | SG_END));
	BUG_ON(sg_is_chain(sg));
	sg->page_link = (sg->page_link & SG_END) | (unsigned long)page;
}

static inline void sg_set_page(struct scatterlist *sg, struct page *page,
			       unsigned int len, unsigned int offset)
{
	sg_assign_page(sg, page);
	sg->offset = offset;
	sg->length = len;
}

static inline void sg_set_buf(struct scatterlist *sg, const void *buf,
			      unsigned int buflen)
{
	sg_set_page(sg, virt_to_page(buf), buflen, offset_in_page(buf));
}

static inline void sg_mark_end(struct scatterlist *sg)
{
	sg->page_link |= SG_END;
	sg->page_link &= ~SG_CHAIN;
}

static inline void sg_unmark_end(struct scatterlist *sg)
{
	sg->page_link &= ~SG_END;
}

static inline void sg_chain(struct scatterlist *prv, unsigned int prv_nents,
			    struct scatterlist *sgl)
{
	prv[prv_nents - 1].offset = 0;
	prv[prv_nents - 1].length = 0;
	prv[prv_nents - 1].page_link = (unsigned long)sgl | SG_CHAIN;
}

static inline dma_addr_t sg_phys(const struct scatterlist *sg)
{
	return page_to_phys(sg_page(sg)) + sg->offset;
}

static inline void *sg_virt(const struct scatterlist *sg)
{
	return (char *)page_address(sg_page(sg)) + sg->offset;
}

struct scatterlist *sg_next(struct scatterlist *sg);
struct scatterlist *sg_last(struct scatterlist *sgl, unsigned int nents);
int sg_nents(struct scatterlist *sg);
void sg_init_table(struct scatterlist *sgl, unsigned int nents);
void sg_init_one(struct scatterlist *sg, const void *buf, unsigned int buflen);

#define for_each_sg(sglist, sg, nr, i) \
	for (i = 0, sg = (sglist); i < (nr); i++, sg = sg_next(sg))
#define for_each_sgtable_sg(sgt, sg, i) \
	for_each_sg((sgt)->sgl, sg, (sgt)->orig_nents, i)
#define for_each_sgtable_dma_sg(sgt, sg, i) \
	for_each_sg((sgt)->sgl, sg, (sgt)->nents, i)

int um_sg_alloc_table(struct sg_table *table, unsigned int nents, gfp_t gfp);
int um_sg_alloc_table_from_pages(struct sg_table *table, struct page **pages,
				 unsigned int n_pages, unsigned int offset,
				 unsigned long size, unsigned int max_segment,
				 gfp_t gfp);
void sg_free_table(struct sg_table *table);

#define sg_alloc_table(table, nents, gfp) \
	um_fallible("sg_alloc_table", -ENOMEM, \
		    um_sg_alloc_table(table, nents, gfp))
#define sg_alloc_table_from_pages_segment(table, pages, n, offset, size, max, gfp) \
	um_fallible("sg_alloc_table_from_pages", -ENOMEM, \
		    um_sg_alloc_table_from_pages(table, pages, n, offset, size, max, gfp))
#define sg_alloc_table_from_pages(table, pages, n, offset, size, gfp) \
	sg_alloc_table_from_pages_segment(table, pages, n, offset, size, \
					  UINT_MAX, gfp)

#endif
