/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flags of a page, at the bits that 6.1 has them at with Debian's configuration.
 * Kept is whether a page is reserved, and dirty: the others are here to be shown by
 * %pGp. Bits from __NR_PAGEFLAGS on are the model's own (mm/arena.h).
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/bug.h>
#include <linux/mm_types.h>
#include <linux/types.h>

enum pageflags {
	PG_locked, PG_referenced, PG_uptodate, PG_dirty, PG_lru, PG_active, PG_workingset,
	PG_waiters, PG_error, PG_slab, PG_owner_priv_1, PG_arch_1, PG_reserved, PG_private,
	PG_private_2, PG_writeback, PG_head, PG_mappedtodisk, PG_reclaim, PG_swapbacked,
	PG_unevictable, PG_mlocked, PG_uncached, PG_hwpoison, PG_arch_2,
	__NR_PAGEFLAGS,
};

void SetPageReserved(struct page *page);
void ClearPageReserved(struct page *page);
int PageReserved(const struct page *page);
int PageDirty(const struct page *page);

#endif
