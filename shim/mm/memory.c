// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory that pages are made of: a bitmap over the host's memory file
 * and an array of struct page.
 *
 * Pages are handed out in turn from a window that grows only when it is
 * full, so that a freed page is not the next one given out (ASan reports
 * uses of it until it is) and yet little memory is ever touched. Left out:
 * zones, nodes, reclaim. Memory that is not allocated is poisoned for ASan
 * once it was allocated before.
 */
#include <linux/align.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/memory.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

#define ARENA_SIZE	(8UL << 30)

static struct {
	struct um_arena arena;
	/* guards the rest */
	spinlock_t lock;
	unsigned long *used;	/* a bit per page */
	unsigned long window;	/* pages looked at */
	unsigned long next;	/* where the next search begins */
	int ready;		/* 0 no, 1 somebody is at it, 2 yes */
} memory = {
	.lock = __SPIN_LOCK_UNLOCKED(memory.lock),
	.window = 8192,
};

/* The kernel's view, that of vmalloc(), the user's; and the table of pages beside them. */
unsigned long um_arena_space(void)
{
	return 3 * ARENA_SIZE + (ARENA_SIZE >> PAGE_SHIFT) * sizeof(struct page);
}

void um_memory_catch(void)
{
	um_arena();
	host_memory_catch();
}

static void arena_make(void)
{
	const struct host_memory *views = host_memory_init(ARENA_SIZE, um_user_fault);
	struct um_arena *a = &memory.arena;

	a->pages = views->size >> PAGE_SHIFT;
	a->kernel = views->kernel;
	a->vmalloc = views->vmalloc;
	a->user = views->user;
	a->map = host_memory_table(a->pages * sizeof(*a->map));
	memory.used = host_memory_table(a->pages / 8);
}

const struct um_arena *um_arena(void)
{
	int was = 0;

	if (likely(__atomic_load_n(&memory.ready, __ATOMIC_ACQUIRE) == 2))
		return &memory.arena;
	if (__atomic_compare_exchange_n(&memory.ready, &was, 1, false,
					__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
		arena_make();
		__atomic_store_n(&memory.ready, 2, __ATOMIC_RELEASE);
	}
	while (__atomic_load_n(&memory.ready, __ATOMIC_ACQUIRE) != 2)
		host_cpu_relax();
	return &memory.arena;
}

/* From the beginning, for wild pointers; who opens a file sees to it again. */
static int __init memory_init(void)
{
	um_memory_catch();
	return 0;
}
core_initcall(memory_init);

static bool is_used(unsigned long i)
{
	return memory.used[i / BITS_PER_LONG] >> (i % BITS_PER_LONG) & 1;
}

static void mark(unsigned long i, unsigned long n, bool used)
{
	for (; n; n--, i++) {
		if (used)
			memory.used[i / BITS_PER_LONG] |= 1UL << (i % BITS_PER_LONG);
		else
			memory.used[i / BITS_PER_LONG] &= ~(1UL << (i % BITS_PER_LONG));
	}
}

/* The first free run of @n in [@from, @to), or @to. */
static unsigned long find_run(unsigned long from, unsigned long to,
			      unsigned long n, unsigned long align)
{
	unsigned long i = ALIGN(from, align), j;

	while (i + n <= to) {
		if (memory.used[i / BITS_PER_LONG] == ~0UL) {
			i = ALIGN((i / BITS_PER_LONG + 1) * BITS_PER_LONG, align);
			continue;
		}
		for (j = i + n; j > i && !is_used(j - 1); j--)
			;
		if (j == i)
			return i;
		i = ALIGN(j, align);
	}
	return to;
}

static unsigned long take_run(unsigned long n, unsigned long align)
{
	unsigned long pages = memory.arena.pages;
	unsigned long i;

	for (;;) {
		i = find_run(memory.next, memory.window, n, align);
		if (i == memory.window)
			i = find_run(0, memory.window, n, align);
		if (i != memory.window)
			break;
		if (memory.window == pages)
			return pages;
		memory.window = min(pages, memory.window * 2);
	}
	mark(i, n, true);
	memory.next = i + n;
	return i;
}

struct page *um_arena_alloc(unsigned long n, unsigned int order)
{
	const struct um_arena *a = um_arena();
	unsigned long i, flags;
	struct page *page;

	if (!n || n > a->pages)
		return NULL;
	spin_lock_irqsave(&memory.lock, flags);
	i = take_run(n, 1UL << order);
	spin_unlock_irqrestore(&memory.lock, flags);
	if (i == a->pages)
		return NULL;
	page = a->map + i;
	um_begin(UM_PAGES_ALLOC, .object = page, .start = a->kernel + (i << PAGE_SHIFT), .size = n,
		 .pfn = page_to_pfn(page));
	memset(page, 0, n * sizeof(*page));
	host_memory_unpoison(a->kernel + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	host_memory_unpoison(a->vmalloc + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	for (i = 0; i < n; i++)
		atomic_set(&page[i]._refcount, 1);
	return page;
}

void um_arena_free(struct page *page, unsigned long n)
{
	const struct um_arena *a = um_arena();
	unsigned long i = um_page_index(page), flags;

	/* before they cannot be read any more */
	um_begin(UM_PAGES_FREE, .object = page, .start = a->kernel + (i << PAGE_SHIFT), .size = n,
		 .pfn = page_to_pfn(page));
	host_memory_poison(a->kernel + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	host_memory_poison(a->vmalloc + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	if (n >= UM_DISCARDED)
		host_memory_discard(i << PAGE_SHIFT, n << PAGE_SHIFT);
	spin_lock_irqsave(&memory.lock, flags);
	mark(i, n, false);
	spin_unlock_irqrestore(&memory.lock, flags);
}

/* What was never touched is zero already. */
static void zero_touched(char *p, unsigned long size)
{
	unsigned long untouched, touched;

	for (; size; p += touched, size -= touched) {
		untouched = host_memory_untouched(p, size);
		p += untouched;
		size -= untouched;
		touched = host_memory_touched(p, size);
		memset(p, 0, touched);
	}
}

void um_arena_zero(struct page *page, unsigned long n)
{
	char *p = um_arena()->kernel + (um_page_index(page) << PAGE_SHIFT);

	host_memory_written(p, n << PAGE_SHIFT);
	if (n >= UM_DISCARDED)
		host_memory_discard(um_page_index(page) << PAGE_SHIFT,
				    n << PAGE_SHIFT);
	else if (n > 1)
		zero_touched(p, n << PAGE_SHIFT);
	else
		memset(p, 0, PAGE_SIZE);
}

/* ---- user memory: blocks that only copy_*_user() reaches ------------- */

void *um_user_alloc(size_t size)
{
	const struct um_arena *a = um_arena();
	unsigned long n = size ? PAGE_ALIGN(size) >> PAGE_SHIFT : 1;
	struct page *head;
	unsigned long i;

	host_memory_catch();
	head = um_arena_alloc(n, 0);
	if (!head)
		return NULL;
	um_arena_zero(head, n);
	for (i = 0; i < n; i++) {
		head[i].um_head = head;
		set_bit(UM_PG_user, &head[i].flags);
	}
	head->um_size = size;
	return a->user + (um_page_index(head) << PAGE_SHIFT);
}

void um_user_free(void *user)
{
	const struct um_arena *a = um_arena();
	unsigned long offset = (char *)user - a->user;
	struct page *head;
	unsigned long i, n;

	if (!user)
		return;
	head = a->map + (offset >> PAGE_SHIFT);
	if (offset >> PAGE_SHIFT >= a->pages || head->um_head != head ||
	    !test_bit(UM_PG_user, &head->flags) || offset_in_page(offset)) {
		um_splat("user memory", "um_user_free() of %p, which um_user_alloc() did not give",
			 user);
		return;
	}
	n = head->um_size ? PAGE_ALIGN(head->um_size) >> PAGE_SHIFT : 1;
	/* A pinned page stays behind until it is unpinned. */
	for (i = 0; i < n; i++) {
		clear_bit(UM_PG_user, &head[i].flags);
		put_page(&head[i]);
	}
}

void um_user_readonly(void *user)
{
	const struct um_arena *a = um_arena();
	unsigned long offset = (char *)user - a->user;

	set_bit(UM_PG_readonly, &a->map[offset >> PAGE_SHIFT].flags);
}

void *um_user_ptr(void *user)
{
	const struct um_arena *a = um_arena();
	unsigned long offset = (char *)user - a->user;

	return offset < a->pages << PAGE_SHIFT ? a->kernel + offset : user;
}
