// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages and their references.
 *
 * A block of more than one page is what alloc_pages() gives without
 * __GFP_COMP: its first page carries the reference, and it is freed whole.
 * Compound pages, zones and the page lock are left out. A page that is new
 * and not asked to be zeroed holds a pattern, never what was there before.
 */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "host/memory.h"
#include "mm/arena.h"

#define UM_MAX_ORDER	11
#define NEW_PAGE_PATTERN 0x5a

static void describe_page(const void *obj, char *buf, size_t size)
{
	const struct page *page = obj;

	host_snprintf(buf, size, "pfn %#lx, order %u, %d references",
		      page_to_pfn(page), page->um_order, page_ref_count(page));
}

struct page *um_alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	might_sleep_if(gfp & __GFP_DIRECT_RECLAIM);
	if (WARN_ON_ONCE(order >= UM_MAX_ORDER))
		return NULL;
	page = um_arena_alloc(1UL << order, order);
	if (!page)
		return NULL;
	page->um_order = order;
	if (gfp & __GFP_ZERO)
		um_arena_zero(page, 1UL << order);
	else
		memset(page_address(page), NEW_PAGE_PATTERN, PAGE_SIZE << order);
	set_bit(UM_PG_tracked, &page->flags);
	um_object_new(page, "page", describe_page);
	return page;
}
EXPORT_SYMBOL(um_alloc_pages);

unsigned long um_get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = um_alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(um_get_free_pages);

/* ---- references ------------------------------------------------------ */

void get_page(struct page *page)
{
	if (atomic_fetch_add_relaxed(1, &page->_refcount) <= 0)
		um_splat("page", "get_page() of the free page %#lx",
			 page_to_pfn(page));
	if (test_bit(UM_PG_tracked, &page->flags))
		um_object_get(page);
}
EXPORT_SYMBOL(get_page);

static void page_put(struct page *page, unsigned int order)
{
	bool tracked = test_bit(UM_PG_tracked, &page->flags);
	int left;

	if (tracked)
		um_object_put(page);
	left = atomic_sub_return(1, &page->_refcount);
	if (left < 0) {
		atomic_set(&page->_refcount, 0);
		if (!tracked)
			um_object_put(page);	/* it knows of whom it was */
		um_splat("page", "put_page() of the free page %#lx",
			 page_to_pfn(page));
		return;
	}
	if (left)
		return;
	if (tracked)
		um_object_freed(page);
	page->flags = 0;
	um_arena_free(page, 1UL << order);
}

void put_page(struct page *page)
{
	page_put(page, page->um_order);
}
EXPORT_SYMBOL(put_page);

void __free_pages(struct page *page, unsigned int order)
{
	if (page->um_order != order)
		um_splat("page", "page %#lx of order %u freed with order %u",
			 page_to_pfn(page), page->um_order, order);
	page_put(page, page->um_order);
}
EXPORT_SYMBOL(__free_pages);

void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}
EXPORT_SYMBOL(free_pages);

int page_ref_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}
EXPORT_SYMBOL(page_ref_count);

unsigned int get_order(unsigned long size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}
EXPORT_SYMBOL(get_order);

/* ---- addresses and frame numbers ------------------------------------- */

unsigned long page_to_pfn(const struct page *page)
{
	return UM_PFN_BASE + um_page_index(page);
}
EXPORT_SYMBOL(page_to_pfn);

bool pfn_valid(unsigned long pfn)
{
	return pfn - UM_PFN_BASE < um_arena()->pages;
}
EXPORT_SYMBOL(pfn_valid);

struct page *pfn_to_page(unsigned long pfn)
{
	BUG_ON(!pfn_valid(pfn));
	return um_arena()->map + (pfn - UM_PFN_BASE);
}
EXPORT_SYMBOL(pfn_to_page);

void *page_address(const struct page *page)
{
	return um_arena()->kernel + (um_page_index(page) << PAGE_SHIFT);
}
EXPORT_SYMBOL(page_address);

bool virt_addr_valid(const void *addr)
{
	const struct um_arena *a = um_arena();

	return (unsigned long)((const char *)addr - a->kernel) >> PAGE_SHIFT < a->pages;
}
EXPORT_SYMBOL(virt_addr_valid);

/* Of page_address() only: the kernel's own answer for another is nonsense. */
struct page *virt_to_page(const void *addr)
{
	const struct um_arena *a = um_arena();

	if (!virt_addr_valid(addr))
		um_die("page", "virt_to_page() of %p, which no page has", addr);
	return a->map + ((unsigned long)((const char *)addr - a->kernel) >> PAGE_SHIFT);
}
EXPORT_SYMBOL(virt_to_page);

phys_addr_t virt_to_phys(const void *addr)
{
	return page_to_phys(virt_to_page(addr)) + offset_in_page(addr);
}
EXPORT_SYMBOL(virt_to_phys);

/* ---- flags ----------------------------------------------------------- */

void SetPageReserved(struct page *page)
{
	set_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(SetPageReserved);

void ClearPageReserved(struct page *page)
{
	clear_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(ClearPageReserved);

int PageReserved(const struct page *page)
{
	return test_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(PageReserved);

int PageDirty(const struct page *page)
{
	return test_bit(UM_PG_dirty, &page->flags);
}
EXPORT_SYMBOL(PageDirty);

bool set_page_dirty(struct page *page)
{
	return !test_and_set_bit(UM_PG_dirty, &page->flags);
}
EXPORT_SYMBOL(set_page_dirty);

int set_page_dirty_lock(struct page *page)
{
	might_sleep();
	return set_page_dirty(page);
}
EXPORT_SYMBOL(set_page_dirty_lock);
