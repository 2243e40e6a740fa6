// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtually contiguous memory. The pages behind it are ordinary ones with a
 * reference each, so those that a user has mapped outlive vfree(). They lie
 * in a row, which nobody may rely on: vmalloc addresses are another view
 * than page_address(). Behind each area lies a page that stays poisoned.
 * Left out: vmap(), ioremap().
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "host/memory.h"
#include "mm/arena.h"

static void describe_area(const void *obj, char *buf, size_t size)
{
	const struct page *head = obj;

	host_snprintf(buf, size, "%zu bytes of vmalloc memory", head->um_size);
}

static void *area_address(const struct page *head)
{
	return um_arena()->vmalloc + (um_page_index(head) << PAGE_SHIFT);
}

static void area_set(struct page *head, size_t size, unsigned long n, bool user)
{
	unsigned long i;

	for (i = 0; i < n; i++) {
		head[i].um_head = head;
		set_bit(UM_PG_vmalloc, &head[i].flags);
		if (user)
			set_bit(UM_PG_vmuser, &head[i].flags);
	}
	head->um_size = size;
}

/**
 * um_vmalloc() - vmalloc() and its like when no fault is injected
 * @size: bytes
 * @gfp: __GFP_ZERO matters
 * @user: whether a user may map it, as for vmalloc_user()
 *
 * Context: may sleep.
 *
 * Return: memory to be given to vfree(); NULL for 0 bytes or without memory.
 */
void *um_vmalloc(size_t size, gfp_t gfp, bool user)
{
	unsigned long n = PAGE_ALIGN(size) >> PAGE_SHIFT;
	struct page *head;
	char *p;

	might_sleep();
	if (!size || PAGE_ALIGN(size) < size)
		return NULL;
	head = um_arena_alloc(n + 1, 0);
	if (!head)
		return NULL;
	area_set(head, size, n, user);
	p = area_address(head);
	if (gfp & __GFP_ZERO)
		um_arena_zero(head, n);
	else
		host_memory_unwritten(p, n << PAGE_SHIFT);
	host_memory_poison(p + size, ((n + 1) << PAGE_SHIFT) - size);
	host_memory_root(p, size);
	um_object_new(head, "vmalloc area", describe_area);
	return p;
}
EXPORT_SYMBOL(um_vmalloc);

static struct page *area_page(const void *addr)
{
	const struct um_arena *a = um_arena();
	unsigned long offset = (const char *)addr - a->vmalloc;

	if (offset >> PAGE_SHIFT >= a->pages)
		return NULL;
	return a->map + (offset >> PAGE_SHIFT);
}

/**
 * is_vmalloc_addr() - is this an address of vmalloc memory?
 * @x: the address
 *
 * Return: whether it lies where vmalloc areas do, in use or not.
 */
bool is_vmalloc_addr(const void *x)
{
	return area_page(x);
}
EXPORT_SYMBOL(is_vmalloc_addr);

/* Nobody else can come by a reference on a page on which there is but one. */
static bool is_ours_alone(const struct page *page)
{
	return __atomic_load_n(&page->_refcount.counter, __ATOMIC_ACQUIRE) == 1;
}

/* All that nobody else has go at once, and are no operations each. */
static void put_pages(struct page *page, unsigned long n)
{
	unsigned long i, run;

	for (i = 0; i < n; i += run) {
		for (run = 0; i + run < n && is_ours_alone(&page[i + run]); run++) {
			page[i + run].flags = 0;
			page[i + run]._refcount.counter = 0;
		}
		if (run)
			um_arena_free(&page[i], run);
		else
			put_page(&page[i + run++]);
	}
}

/**
 * vfree() - give a vmalloc area back
 * @addr: its start, or NULL; anything else is a splat
 *
 * Pages that a user has mapped stay until he unmaps them.
 *
 * Context: may sleep; Linux also takes it from a timer, which is a splat here.
 */
void vfree(const void *addr)
{
	struct page *head = area_page(addr);
	unsigned long i, n;

	if (!addr)
		return;
	might_sleep();
	if (!head || offset_in_page(addr) || head->um_head != head ||
	    !test_bit(UM_PG_vmalloc, &head->flags)) {
		WARN(1, "Trying to vfree() nonexistent vm area (%p)\n", addr);
		return;
	}
	um_begin(UM_AREA_FREE, .start = addr, .size = head->um_size, .what = "vfree");
	um_object_freed(head);
	n = PAGE_ALIGN(head->um_size) >> PAGE_SHIFT;
	host_memory_unroot(addr, head->um_size);
	host_memory_poison(addr, n << PAGE_SHIFT);
	for (i = 0; i < n; i++) {
		clear_bit(UM_PG_vmalloc, &head[i].flags);
		clear_bit(UM_PG_vmuser, &head[i].flags);
	}
	put_pages(head, n + 1);
}
EXPORT_SYMBOL(vfree);

/**
 * vmalloc_to_page() - the page behind a vmalloc address
 * @addr: the address
 *
 * Return: the page, without a reference; NULL if no area is there.
 */
struct page *vmalloc_to_page(const void *addr)
{
	struct page *page = area_page(addr);

	if (!page || !test_bit(UM_PG_vmalloc, &page->flags))
		return NULL;
	return page;
}
EXPORT_SYMBOL(vmalloc_to_page);

/**
 * vmalloc_to_pfn() - the frame behind a vmalloc address
 * @addr: the address, which must lie in an area
 *
 * Return: the frame's number.
 */
unsigned long vmalloc_to_pfn(const void *addr)
{
	return page_to_pfn(vmalloc_to_page(addr));
}
EXPORT_SYMBOL(vmalloc_to_pfn);

static int remap_range(struct vm_area_struct *vma, unsigned long uaddr,
		       void *kaddr, unsigned long pgoff, unsigned long size)
{
	struct page *page = vmalloc_to_page(kaddr);
	unsigned long n, have;
	int err;

	if (!PAGE_ALIGNED(uaddr) || !PAGE_ALIGNED(kaddr))
		return -EINVAL;
	if (!page || !test_bit(UM_PG_vmuser, &page->flags))
		return -EINVAL;
	n = PAGE_ALIGN(size) >> PAGE_SHIFT;
	have = PAGE_ALIGN(page->um_head->um_size) >> PAGE_SHIFT;
	have -= page - page->um_head;
	if (pgoff > have || n > have - pgoff)
		return -EINVAL;
	for (page += pgoff; n; n--, page++, uaddr += PAGE_SIZE) {
		err = vm_insert_page(vma, uaddr, page);
		if (err)
			return err;
	}
	vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
	return 0;
}

#if KAPI_ABI_REMAP_PARTIAL_OFFSET
/**
 * remap_vmalloc_range_partial() - map a piece of a vmalloc area to a user
 * @vma: mapping, not larger than what is to be mapped
 * @uaddr: where in it, a multiple of the page size
 * @kaddr: start of the area
 * @pgoff: pages to skip at the start of the area; of levels without it 0
 * @size: bytes
 *
 * Context: may sleep; in the driver's mmap().
 *
 * Return: 0, or -EINVAL for an area that is not of vmalloc_user(), or too
 * small; or the error of vm_insert_page().
 */
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr,
				void *kaddr, unsigned long pgoff,
				unsigned long size)
{
	return remap_range(vma, uaddr, kaddr, pgoff, size);
}
#else
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr,
				void *kaddr, unsigned long size)
{
	return remap_range(vma, uaddr, kaddr, 0, size);
}
#endif
#if KAPI_ABI_REMAP_PARTIAL_EXPORTED
EXPORT_SYMBOL(remap_vmalloc_range_partial);
#endif

/**
 * remap_vmalloc_range() - map a vmalloc area to all of a mapping
 * @vma: mapping
 * @addr: start of the area
 * @pgoff: pages to skip at the start of the area
 *
 * Context: may sleep; in the driver's mmap().
 *
 * Return: as remap_vmalloc_range_partial().
 */
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr,
			unsigned long pgoff)
{
	return remap_range(vma, vma->vm_start, addr, pgoff,
			   vma->vm_end - vma->vm_start);
}
EXPORT_SYMBOL(remap_vmalloc_range);
