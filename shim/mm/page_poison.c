// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freed pages hold PAGE_POISON until they are handed out again, as with
 * CONFIG_PAGE_POISONING: who has written there meanwhile is told then, or when
 * the last CHECKED of them are looked at. Pages are handed out in turn, so all
 * of them wait for a while (mm/memory.c); they are in no quarantine of their own.
 *
 * Not in builds with ASan, which sees the access, nor with the detectors off.
 * Left out: large pieces, which go back to the host.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/string.h>

#include "check/check.h"
#include "check/object.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "host/host.h"
#include "mm/arena.h"

#define CHECKED 64

static struct {
	struct host_lock lock;		/* guards UM_PG_poisoned of all pages, and the rest */
	struct page *last[CHECKED];	/* freed last, the oldest at @next */
	unsigned int next;
} freed;

struct page_damage {
	struct page *page;
	size_t at;
	unsigned char is;
};

void um_page_poison(struct page *page, unsigned long n)
{
	unsigned long i;

	if (!um_quarantine_on())
		return;
	memset(page_address(page), PAGE_POISON, n << PAGE_SHIFT);
	host_lock(&freed.lock);
	for (i = 0; i < n; i++) {
		set_bit(UM_PG_poisoned, &page[i].flags);
		freed.last[freed.next++ % CHECKED] = &page[i];
	}
	host_unlock(&freed.lock);
}

static bool is_damaged(struct page *page, struct page_damage *d)
{
	const char *p = page_address(page);

	d->page = page;
	d->at = um_poison_same(p, PAGE_POISON, PAGE_SIZE);
	if (d->at == PAGE_SIZE)
		return false;
	d->is = p[d->at];
	return true;
}

static void tell(const struct page_damage *d)
{
	struct um_report r = { 0 };
	char headline[160];

	host_snprintf(headline, sizeof(headline),
		      "page %#lx was written at byte %zu after it was freed: %02x instead of %02x",
		      page_to_pfn(d->page), d->at, d->is, PAGE_POISON);
	r.place = um_object_story(&r, d->page);
	um_splat_report("use after free", headline, &r);
	um_report_free(&r);
}

void um_page_unpoison(struct page *page, unsigned long n)
{
	struct page_damage d;
	unsigned long i;
	bool was;

	for (i = 0; i < n; i++) {
		host_lock(&freed.lock);
		was = test_and_clear_bit(UM_PG_poisoned, &page[i].flags);
		host_unlock(&freed.lock);
		if (was && is_damaged(&page[i], &d))
			tell(&d);
	}
}

/* Lock held. Once for each page. */
static bool find_damage(struct page_damage *d)
{
	unsigned int i;

	for (i = 0; i < CHECKED; i++) {
		struct page *page = freed.last[(freed.next + i) % CHECKED];

		if (!page || !test_bit(UM_PG_poisoned, &page->flags) || !is_damaged(page, d))
			continue;
		clear_bit(UM_PG_poisoned, &page->flags);
		return true;
	}
	return false;
}

void um_page_poison_check(void)
{
	struct page_damage d;
	bool found;

	do {
		host_lock(&freed.lock);
		found = find_damage(&d);
		host_unlock(&freed.lock);
		if (found)
			tell(&d);
	} while (found);
}
