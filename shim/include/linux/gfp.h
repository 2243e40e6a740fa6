/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages, allocated and freed (mm/page_alloc.c); each allocation is a fault
 * site of the caller's. The flags are in linux/gfp_types.h. Left out:
 * alloc_pages_exact() and what knows of NUMA nodes.
 */
#ifndef __LINUX_GFP_H
#define __LINUX_GFP_H

#include <linux/gfp_types.h>
#include <linux/mm_types.h>
#include <linux/page-flags.h>
#include <linux/prandom.h>
#include <linux/types.h>
#include <asm/page.h>

#include "check/op.h"

struct page;

static inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return !!(gfp_flags & __GFP_DIRECT_RECLAIM);
}

struct page *um_alloc_pages(gfp_t gfp, unsigned int order);
unsigned long um_get_free_pages(gfp_t gfp, unsigned int order);

#define alloc_pages(gfp, order) \
	um_fallible("alloc_pages", (struct page *)NULL, \
		    um_alloc_pages(gfp, order))
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define alloc_pages_node(nid, gfp, order) alloc_pages(gfp, order)
#define __get_free_pages(gfp, order) \
	um_fallible("__get_free_pages", 0UL, um_get_free_pages(gfp, order))
#define __get_free_page(gfp) __get_free_pages(gfp, 0)
#define get_zeroed_page(gfp) __get_free_pages((gfp) | __GFP_ZERO, 0)

void __free_pages(struct page *page, unsigned int order);
void free_pages(unsigned long addr, unsigned int order);
#define __free_page(page) __free_pages((page), 0)
#define free_page(addr) free_pages((addr), 0)

#endif
