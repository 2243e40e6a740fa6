/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside mm/: the memory that pages are made of, and a user's mappings. */
#ifndef UMDEV_MM_ARENA_H
#define UMDEV_MM_ARENA_H

#include <linux/bitops.h>
#include <linux/mm.h>

/* Page frame number of the first page: 0 stays invalid. */
#define UM_PFN_BASE 0x10000UL

/*
 * What kmalloc() gives lies elsewhere, in memory of the host. It has frame
 * numbers, this bit and the address, and a struct page that is an address
 * only, of no memory: enough for a scatter list.
 */
#define UM_PFN_KMALLOC (1UL << 40)
#define UM_PAGE_KMALLOC (1UL << 63)

/* Addresses that the arena takes, in bytes. */
unsigned long um_arena_space(void);

struct um_arena {
	unsigned long pages;
	struct page *map;
	char *kernel;
	char *vmalloc;
	char *user;
};

/* bits of page->flags; bits 30 and 31 of a free page are the detectors' */
enum um_page_flag {
	UM_PG_reserved = PG_reserved,
	UM_PG_dirty = PG_dirty,
	UM_PG_tracked = __NR_PAGEFLAGS,	/* known to the object registry */
	UM_PG_user,		/* of um_user_alloc() */
	UM_PG_readonly,		/* of um_user_readonly(): on the first page */
	UM_PG_vmalloc,
	UM_PG_vmuser,		/* of vmalloc_user() */
};

/* Made at the first call. */
const struct um_arena *um_arena(void);
/* From here on accesses to what must not be touched are told (host/memory.c). */
void um_memory_catch(void);

/*
 * @n pages in a row, the first at a multiple of 1 << @order, each with one
 * reference and no flags, contents undefined. NULL when there are none.
 */
struct page *um_arena_alloc(unsigned long n, unsigned int order);
/* References are down to 0. Also for a part of what was allocated. */
void um_arena_free(struct page *page, unsigned long n);
void um_arena_zero(struct page *page, unsigned long n);

static inline bool um_page_is_kmalloc(const struct page *page)
{
	return (unsigned long)page & UM_PAGE_KMALLOC;
}

/* Of a page that is not of kmalloc(). */
static inline unsigned long um_page_index(const struct page *page)
{
	return page - um_arena()->map;
}

/* ---- mappings (mmap.c) ----------------------------------------------- */

/*
 * The page mapped at @addr, with a reference, after a fault on it if need
 * be. -EFAULT when nothing is mapped there or access is denied. May sleep.
 * @pinnable: only ordinary memory, no page frame of a device.
 */
struct page *um_mapped_page(unsigned long addr, bool write, bool pinnable);
/* The host's signal handler asks: is @addr mapped now? */
bool um_user_fault(unsigned long addr, bool write);
bool um_is_mapped(unsigned long addr);

/* Takes away all mappings of files; how many. */
unsigned int um_unmap_files(void);
/* A child's mappings of files (kernel/fork.c): 0 or -ENOMEM; and their end. */
int um_mappings_copy(struct list_head *copies);
void um_mappings_exit(struct list_head *copies);

#endif
