// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages and their references.
 *
 * A block of more than one page is what alloc_pages() gives without
 * __GFP_COMP: its first page carries the reference, and it is freed whole.
 * Compound pages, zones and the page lock are left out. A page that is new
 * and not asked to be zeroed is unwritten, and holds nothing of what was there before.
 * The pages of kmalloc()'s memory (mm/arena.h) have an address and a number and
 * nothing else.
 */
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "check/op.h"
#include "host/host.h"
#include "host/memory.h"
#include "mm/arena.h"

#define UM_MAX_ORDER	11

static void describe_page(const void *obj, char *buf, size_t size)
{
	const struct page *page = obj;

	host_snprintf(buf, size, "pfn %#lx, order %u, %d references",
		      page_to_pfn(page), page->um_order, page_ref_count(page));
}

/**
 * um_alloc_pages() - what alloc_pages() does when no fault is injected.
 * @gfp: __GFP_ZERO and __GFP_DIRECT_RECLAIM matter
 * @order: 1 << @order pages in a row, at a multiple of their size
 *
 * Context: may sleep with __GFP_DIRECT_RECLAIM.
 * Return: the first page, with one reference for __free_pages() or put_page();
 * NULL when there are none, with a warning for an order of UM_MAX_ORDER or more.
 */
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
		host_memory_unwritten(page_address(page), PAGE_SIZE << order);
	set_bit(UM_PG_tracked, &page->flags);
	um_object_new(page, "page", describe_page);
	return page;
}
EXPORT_SYMBOL(um_alloc_pages);

/**
 * um_get_free_pages() - um_alloc_pages() for a caller that wants the address.
 * @gfp: as for um_alloc_pages()
 * @order: likewise
 *
 * Context: may sleep with __GFP_DIRECT_RECLAIM.
 * Return: the address for free_pages(), 0 when there are none.
 */
unsigned long um_get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = um_alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(um_get_free_pages);

/* ---- references ------------------------------------------------------ */

static void refuse_kmalloc(const struct page *page, const char *what)
{
	if (um_page_is_kmalloc(page))
		um_die("page", "%s of the memory at %p, which kfree() frees", what,
		       page_address(page));
}

/**
 * get_page() - take a reference.
 * @page: the caller has one, or knows that somebody has
 *
 * A splat when nobody has.
 */
void get_page(struct page *page)
{
	refuse_kmalloc(page, "get_page()");
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

/**
 * put_page() - give a reference back.
 * @page: the caller has one; the last one frees all pages of its block
 *
 * A splat when nobody has one, with the page's life where it is known.
 */
void put_page(struct page *page)
{
	refuse_kmalloc(page, "put_page()");
	page_put(page, page->um_order);
}
EXPORT_SYMBOL(put_page);

/**
 * __free_pages() - give back what alloc_pages() gave.
 * @page: the first one
 * @order: as it was allocated; a splat for another
 *
 * Pages that somebody else has references on stay until these are gone.
 */
void __free_pages(struct page *page, unsigned int order)
{
	refuse_kmalloc(page, "__free_pages()");
	if (page->um_order != order)
		um_splat("page", "page %#lx of order %u freed with order %u",
			 page_to_pfn(page), page->um_order, order);
	page_put(page, page->um_order);
}
EXPORT_SYMBOL(__free_pages);

/**
 * free_pages() - __free_pages() for a caller that has the address.
 * @addr: from __get_free_pages(), or 0
 * @order: as it was allocated
 */
void free_pages(unsigned long addr, unsigned int order)
{
	if (addr)
		__free_pages(virt_to_page((void *)addr), order);
}
EXPORT_SYMBOL(free_pages);

/**
 * page_ref_count() - how many references there are.
 * @page: any page
 *
 * Return: their number, which may have changed when the caller sees it.
 */
int page_ref_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}
EXPORT_SYMBOL(page_ref_count);

/**
 * get_order() - the order of the smallest block that has room.
 * @size: in bytes, not 0
 *
 * Return: the order for alloc_pages().
 */
unsigned int get_order(unsigned long size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}
EXPORT_SYMBOL(get_order);

/* ---- addresses and frame numbers ------------------------------------- */

static bool in_arena(const void *addr)
{
	const struct um_arena *a = um_arena();

	return (unsigned long)((const char *)addr - a->kernel) >> PAGE_SHIFT < a->pages;
}

/* With no detector that knows, any address that is no page's. */
static bool of_kmalloc(const void *addr)
{
	int heap = host_address_is_heap(addr);

	if (heap >= 0)
		return heap;
	return um_begin(UM_WHERE, .object = addr) != UM_REFUSE;
}

static struct page *kmalloc_page(unsigned long number)
{
	return (struct page *)(UM_PAGE_KMALLOC + number * sizeof(struct page));
}

static unsigned long kmalloc_number(const struct page *page)
{
	return ((unsigned long)page - UM_PAGE_KMALLOC) / sizeof(*page);
}

/**
 * page_to_pfn() - the number of a page.
 * @page: any page
 *
 * Return: its frame number, never 0.
 */
unsigned long page_to_pfn(const struct page *page)
{
	if (um_page_is_kmalloc(page))
		return UM_PFN_KMALLOC | kmalloc_number(page);
	return UM_PFN_BASE + um_page_index(page);
}
EXPORT_SYMBOL(page_to_pfn);

/**
 * pfn_valid() - is there a page of this number?
 * @pfn: any number
 *
 * Return: whether pfn_to_page() may be asked.
 */
bool pfn_valid(unsigned long pfn)
{
	return pfn - UM_PFN_BASE < um_arena()->pages || (pfn & UM_PFN_KMALLOC);
}
EXPORT_SYMBOL(pfn_valid);

/**
 * pfn_to_page() - the page of a number.
 * @pfn: a valid one: BUG() otherwise
 *
 * Return: the page, without a reference.
 */
struct page *pfn_to_page(unsigned long pfn)
{
	BUG_ON(!pfn_valid(pfn));
	if (pfn & UM_PFN_KMALLOC)
		return kmalloc_page(pfn & ~UM_PFN_KMALLOC);
	return um_arena()->map + (pfn - UM_PFN_BASE);
}
EXPORT_SYMBOL(pfn_to_page);

/**
 * page_address() - where the kernel has a page.
 * @page: any page; all of them are mapped
 *
 * Return: its address.
 */
void *page_address(const struct page *page)
{
	if (um_page_is_kmalloc(page))
		return (void *)(kmalloc_number(page) << PAGE_SHIFT);
	return um_arena()->kernel + (um_page_index(page) << PAGE_SHIFT);
}
EXPORT_SYMBOL(page_address);

/**
 * virt_addr_valid() - may virt_to_page() be asked?
 * @addr: any address
 *
 * Return: whether it is one of page_address() or of kmalloc()'s memory: not of
 * a stack, of vmalloc() or of a module's variable.
 */
bool virt_addr_valid(const void *addr)
{
	return in_arena(addr) || (!is_vmalloc_addr(addr) && of_kmalloc(addr));
}
EXPORT_SYMBOL(virt_addr_valid);

/**
 * virt_to_page() - the page of an address.
 * @addr: in a page of page_address(), or in kmalloc()'s memory
 *
 * Return: the page, without a reference. The process ends for another address,
 * a stack's for example, where Linux would give nonsense.
 */
struct page *virt_to_page(const void *addr)
{
	const struct um_arena *a = um_arena();

	if (!virt_addr_valid(addr))
		um_die("page", "virt_to_page() of %p, which no page has", addr);
	if (!in_arena(addr))
		return kmalloc_page((unsigned long)addr >> PAGE_SHIFT);
	return a->map + ((unsigned long)((const char *)addr - a->kernel) >> PAGE_SHIFT);
}
EXPORT_SYMBOL(virt_to_page);

/**
 * virt_to_phys() - the physical address of a kernel address.
 * @addr: as for virt_to_page()
 *
 * Return: frame number and offset as one number.
 */
phys_addr_t virt_to_phys(const void *addr)
{
	return page_to_phys(virt_to_page(addr)) + offset_in_page(addr);
}
EXPORT_SYMBOL(virt_to_phys);

/**
 * phys_to_virt() - where the kernel has a physical address.
 * @phys: of virt_to_phys() or page_to_phys(); BUG() for one that is no memory's
 *
 * Return: its address.
 */
void *phys_to_virt(phys_addr_t phys)
{
	return page_address(pfn_to_page(phys >> PAGE_SHIFT)) + offset_in_page(phys);
}
EXPORT_SYMBOL(phys_to_virt);

/* Only the first page of a block knows its order; the block begins at a multiple of its size. */
static const struct page *block_head(unsigned long i)
{
	const struct page *head;
	unsigned int order;

	for (order = 0; order < UM_MAX_ORDER; order++) {
		head = um_arena()->map + (i & ~((1UL << order) - 1));
		if (test_bit(UM_PG_tracked, &head->flags) && head->um_order >= order)
			return head;
	}
	return NULL;
}

static ssize_t room_up_to(const struct page *head, size_t size, unsigned long offset)
{
	unsigned long end = (um_page_index(head) << PAGE_SHIFT) + size;

	return offset < end ? end - offset : 0;
}

/*
 * @addr lies in pages of alloc_pages() or in a vmalloc area: how many bytes of
 * what was allocated there lie from it on. -1: in neither.
 */
static ssize_t page_room(const void *addr)
{
	const struct um_arena *a = um_arena();
	const struct page *head;
	unsigned long offset;

	if (in_arena(addr)) {
		offset = (const char *)addr - a->kernel;
		head = block_head(offset >> PAGE_SHIFT);
		return head ? room_up_to(head, PAGE_SIZE << head->um_order, offset) : -1;
	}
	if (!is_vmalloc_addr(addr))
		return -1;
	offset = (const char *)addr - a->vmalloc;
	head = a->map[offset >> PAGE_SHIFT].um_head;
	return head && test_bit(UM_PG_vmalloc, &head->flags) ?
	       room_up_to(head, head->um_size, offset) : -1;
}

static void __attribute__((__constructor__)) page_models(void)
{
	um_op_models.page_room = page_room;
}

/* ---- flags ----------------------------------------------------------- */

/**
 * SetPageReserved() - mark a page as not to be touched by reclaim.
 * @page: any page
 *
 * Context: needs no reference. There is no reclaim: the mark is only kept.
 */
void SetPageReserved(struct page *page)
{
	set_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(SetPageReserved);

/**
 * ClearPageReserved() - take the mark of SetPageReserved() away.
 * @page: any page
 */
void ClearPageReserved(struct page *page)
{
	clear_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(ClearPageReserved);

/**
 * PageReserved() - is the mark of SetPageReserved() there?
 * @page: any page
 *
 * Return: whether it is.
 */
int PageReserved(const struct page *page)
{
	return test_bit(UM_PG_reserved, &page->flags);
}
EXPORT_SYMBOL(PageReserved);

/**
 * PageDirty() - was the page written since it was allocated, as far as one said so?
 * @page: any page
 *
 * Return: whether set_page_dirty() was called for it.
 */
int PageDirty(const struct page *page)
{
	return test_bit(UM_PG_dirty, &page->flags);
}
EXPORT_SYMBOL(PageDirty);

/**
 * set_page_dirty() - say that a page was written.
 * @page: with its lock held in Linux, where page locks exist
 *
 * Return: whether it was not dirty before.
 */
bool set_page_dirty(struct page *page)
{
	return !test_and_set_bit(UM_PG_dirty, &page->flags);
}
EXPORT_SYMBOL(set_page_dirty);

/**
 * set_page_dirty_lock() - set_page_dirty() for a caller that does not hold the page's lock.
 * @page: the caller has a reference
 *
 * Context: may sleep.
 * Return: whether it was not dirty before.
 */
int set_page_dirty_lock(struct page *page)
{
	might_sleep();
	return set_page_dirty(page);
}
EXPORT_SYMBOL(set_page_dirty_lock);
