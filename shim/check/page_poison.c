// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freed pages hold PAGE_POISON until they are handed out again, as with
 * CONFIG_PAGE_POISONING: who has written there meanwhile is told then, or when
 * the last CHECKED of them are looked at. Pages are handed out in turn, so all
 * of them wait for a while (mm/memory.c); they are in no quarantine of their own.
 *
 * Large pieces go back to the host instead, and read as zeroes: there a page that
 * is in memory again was touched, and one that holds something was written.
 *
 * Not in builds with ASan, which sees the access, nor with the detectors off.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/poison.h>
#include <linux/string.h>

#include <asm/page.h>

#include "check/object.h"
#include "check/quarantine.h"
#include "check/report.h"
#include "check/subscriber.h"
#include "host/host.h"
#include "host/memory.h"

#define CHECKED 64
/*
 * Of page->flags: free, and holds PAGE_POISON. No other flag is set then. Not by
 * atomic operations, which are those of the task, and points.
 */
#define POISONED 31
/* Likewise: free, and went back to the host. */
#define DISCARDED 30
#define PIECES 8

/* What the operation said of one of its pages. */
struct freed_page {
	struct page *page;
	const char *at;			/* what it holds */
	unsigned long pfn;
};

static struct {
	struct host_lock lock;		/* guards both flags of all pages, and the rest */
	struct freed_page last[CHECKED];	/* freed last, the oldest at @next */
	unsigned int next;
	struct freed_piece {
		struct freed_page first;
		unsigned long n;	/* 0: none */
	} piece[PIECES];		/* likewise */
	unsigned int next_piece;
} freed;

struct page_damage {
	struct freed_page f;
	const struct page *of;		/* the first of what was freed */
	size_t at;
	unsigned char is, was;
};

static struct freed_page nth(const struct um_op *op, unsigned long i)
{
	return (struct freed_page){
		.page = (struct page *)op->object + i,
		.at = (const char *)op->start + (i << PAGE_SHIFT),
		.pfn = op->pfn + i,
	};
}

static void piece_freed(const struct um_op *op)
{
	unsigned long i;

	host_lock(&freed.lock);
	for (i = 0; i < op->size; i++)
		__set_bit(DISCARDED, &nth(op, i).page->flags);
	freed.piece[freed.next_piece++ % PIECES] = (struct freed_piece){ nth(op, 0), op->size };
	host_unlock(&freed.lock);
}

static void pages_freed(const struct um_op *op)
{
	unsigned long i;

	if (op->size >= UM_DISCARDED) {
		piece_freed(op);
		return;
	}
	memset((void *)op->start, PAGE_POISON, op->size << PAGE_SHIFT);
	host_lock(&freed.lock);
	for (i = 0; i < op->size; i++) {
		struct freed_page f = nth(op, i);

		__set_bit(POISONED, &f.page->flags);
		freed.last[freed.next++ % CHECKED] = f;
	}
	host_unlock(&freed.lock);
}

static bool is_damaged(const struct freed_page *f, unsigned char was, struct page_damage *d)
{
	d->f = *f;
	d->of = f->page;
	d->was = was;
	d->at = um_poison_same(f->at, was, PAGE_SIZE);
	if (d->at == PAGE_SIZE)
		return false;
	d->is = f->at[d->at];
	return true;
}

static void tell(const struct page_damage *d)
{
	struct um_report r = { 0 };
	char headline[160];

	host_snprintf(headline, sizeof(headline),
		      "page %#lx was written at byte %zu after it was freed: %02x instead of %02x",
		      d->f.pfn, d->at, d->is, d->was);
	r.place = um_object_story(&r, d->of);
	um_splat_report("use after free", headline, &r);
	um_report_free(&r);
}

/* Of @n pages from @first on the first that was written since they went back. */
static bool piece_is_damaged(const struct freed_page *first, unsigned long n,
			     struct page_damage *d)
{
	unsigned long i = 0;
	struct freed_page f;

	for (;;) {
		i += host_memory_untouched(first->at + (i << PAGE_SHIFT), (n - i) << PAGE_SHIFT) >>
		     PAGE_SHIFT;
		if (i == n)
			return false;
		f = (struct freed_page){ first->page + i, first->at + (i << PAGE_SHIFT),
					 first->pfn + i };
		host_memory_written(f.at, PAGE_SIZE);
		if (test_bit(DISCARDED, &f.page->flags) && is_damaged(&f, 0, d)) {
			d->of = first->page;
			return true;
		}
		if (++i == n)
			return false;
	}
}

static bool has_flag(const struct page *page)
{
	return READ_ONCE(page->flags) & (1UL << POISONED | 1UL << DISCARDED);
}

/* What was freed before cannot be freed once more meanwhile. */
static void pages_allocated(const struct um_op *op)
{
	const struct freed_page first = nth(op, 0);
	bool poisoned, discarded = false;
	struct page_damage d;
	unsigned long i;

	for (i = 0; i < op->size; i++)
		discarded |= test_bit(DISCARDED, &first.page[i].flags);
	if (discarded && piece_is_damaged(&first, op->size, &d))
		tell(&d);
	for (i = 0; i < op->size; i++) {
		struct freed_page f = nth(op, i);

		if (!has_flag(f.page))
			continue;
		host_lock(&freed.lock);
		poisoned = test_bit(POISONED, &f.page->flags);
		__clear_bit(POISONED, &f.page->flags);
		__clear_bit(DISCARDED, &f.page->flags);
		host_unlock(&freed.lock);
		if (poisoned && is_damaged(&f, PAGE_POISON, &d))
			tell(&d);
	}
}

/* Lock held. Once for each page. */
static bool find_damage(struct page_damage *d)
{
	unsigned int i;

	for (i = 0; i < CHECKED; i++) {
		struct freed_page *f = &freed.last[(freed.next + i) % CHECKED];

		if (!f->page || !test_bit(POISONED, &f->page->flags) || !is_damaged(f, PAGE_POISON, d))
			continue;
		__clear_bit(POISONED, &f->page->flags);
		return true;
	}
	for (i = 0; i < PIECES; i++) {
		const struct freed_piece *p = &freed.piece[i];

		if (!p->n || !piece_is_damaged(&p->first, p->n, d))
			continue;
		__clear_bit(DISCARDED, &d->f.page->flags);
		return true;
	}
	return false;
}

static void look(void)
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

/* ---- the subscriber ----------------------------------------------------------------- */

static enum um_decision begin(enum um_kind kind, struct um_op *op)
{
	if (kind == UM_PAGES_ALLOC)
		pages_allocated(op);
	else
		pages_freed(op);
	return UM_GO_ON;
}

static struct um_subscriber pages = {
	.name = "memory", .rank = UM_RANK_PAGES,
#ifdef UM_ASAN
	.when_asked = true,	/* which nobody does */
#endif
	.begins = UM_ON(UM_PAGES_ALLOC) | UM_ON(UM_PAGES_FREE),
	.begin = begin, .look = look,
};
UM_SUBSCRIBER(pages)
