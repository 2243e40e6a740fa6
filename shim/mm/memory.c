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
#include <linux/poison.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/report.h"
#include "host/memory.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

#define ARENA_SIZE	(8UL << 30)
/* Pieces of at least this many pages go back to the host when freed. */
#define DISCARD_PAGES	64

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

/* The handler's own stack is not told: it may end in what a sanitizer put around it. */
static void __noreturn die_at(const char *kind, const char *headline, const void *place,
			      const struct host_fault *f)
{
	struct um_report r = { .place = place };

	um_text_add(&r.lines, "    touched at\n");
	um_report_stack(&r, "touched", "", "        ", f->stack, f->depth);
	um_die_report(kind, headline, &r);
}

static void __noreturn user_touched(const struct host_fault *f)
{
	const void *place = um_report_place(f->stack, f->depth);
	char where[256], headline[512];

	host_symbolize(place, where, sizeof(where));
	host_snprintf(headline, sizeof(headline),
		      "user address %#lx dereferenced in %s: a driver reaches user memory by copy_from_user() and copy_to_user(), a test by um_user_ptr()",
		      f->addr, where);
	die_at("user memory", headline, place, f);
}

static void __noreturn unloaded_touched(const struct host_fault *f)
{
	const void *place = f->depth ? f->stack[0] : NULL;
	char name[256], from[256], headline[640];

	host_symbolize((const char *)f->addr + 1, name, sizeof(name));
	host_symbolize(place, from, sizeof(from));
	if (f->called)
		host_snprintf(headline, sizeof(headline),
			      "%s is called by %s: its module is gone, and something still points there",
			      name, from);
	else
		host_snprintf(headline, sizeof(headline),
			      "%#lx is accessed in %s: it was data of a module that is gone, at %s",
			      f->addr, from, name);
	die_at("module", headline, place, f);
}

/* What memory holds that nobody may read a pointer from. */
static const struct {
	unsigned long value;
	const char *kind, *from;
} poisons[] = {
	{ ~0UL / 255 * POISON_FREE, "use after free", "freed memory" },
	/* the last one of an object */
	{ ~0UL / 255 * POISON_FREE + ((POISON_END - POISON_FREE + 0UL) << 56), "use after free",
	  "freed memory" },
	{ ~0UL / 255 * PAGE_POISON, "use after free", "a freed page" },
	{ ~0UL / 255 * POISON_INUSE, "uninitialised memory", "memory that nobody has written" },
	{ POISON_POINTER_DELTA, "use after free", "an entry that was deleted from its list" },
};
/* How far from its pointer a member may lie. */
#define POISON_REACH 0x10000UL

/* Which of them a register still holds, or nearly; -1: none. */
static int poison_in(const struct host_fault *f, unsigned long *value)
{
	unsigned int k, i;

	for (k = 0; k < ARRAY_SIZE(poisons); k++) {
		for (i = 0; i < f->n_values; i++) {
			*value = f->values[i];
			if (*value - poisons[k].value + POISON_REACH < 2 * POISON_REACH)
				return k;
		}
	}
	return -1;
}

static void wild(const struct host_fault *f)
{
	const void *place = um_report_place(f->stack, f->depth);
	char where[256], headline[512];
	unsigned long value;
	int k = poison_in(f, &value);

	if (k < 0)
		return;
	host_symbolize(place, where, sizeof(where));
	host_snprintf(headline, sizeof(headline), "%s follows a pointer read from %s: %#lx", where,
		      poisons[k].from, value);
	die_at(poisons[k].kind, headline, place, f);
}

static const struct host_memory_faults faults = {
	.mapped = um_user_fault,
	.user_touched = user_touched,
	.unloaded_touched = unloaded_touched,
	.wild = wild,
};

void um_memory_catch(void)
{
	um_arena();
	host_memory_catch();
}

static void arena_make(void)
{
	const struct host_memory *views = host_memory_init(ARENA_SIZE, &faults);
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
	struct page *page;
	unsigned long i;

	if (!n || n > a->pages)
		return NULL;
	spin_lock(&memory.lock);
	i = take_run(n, 1UL << order);
	spin_unlock(&memory.lock);
	if (i == a->pages)
		return NULL;
	page = a->map + i;
	um_page_unpoison(page, n);
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
	unsigned long i = um_page_index(page);

	host_memory_poison(a->kernel + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	host_memory_poison(a->vmalloc + (i << PAGE_SHIFT), n << PAGE_SHIFT);
	if (n >= DISCARD_PAGES)
		host_memory_discard(i << PAGE_SHIFT, n << PAGE_SHIFT);
	else
		um_page_poison(page, n);
	spin_lock(&memory.lock);
	mark(i, n, false);
	spin_unlock(&memory.lock);
}

void um_arena_zero(struct page *page, unsigned long n)
{
	char *p = um_arena()->kernel + (um_page_index(page) << PAGE_SHIFT);

	if (n >= DISCARD_PAGES)
		host_memory_discard(um_page_index(page) << PAGE_SHIFT,
				    n << PAGE_SHIFT);
	else
		memset(p, 0, n << PAGE_SHIFT);
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
