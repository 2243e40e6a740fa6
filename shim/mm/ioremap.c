// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of devices, and how drivers map them.
 *
 * A region of registers is a run of pages, and its physical address is theirs, so
 * that users can map it as they map any frame. Each ioremap() is a mapping of its
 * own, at an address of its own in one window: the accessors find by it what lies
 * there, whether it answers, and whether it was unmapped. A device that does not
 * answer reads as ones. What follows a pointer without an accessor works, as on
 * x86, and nobody looks at it.
 *
 * A mapping is an object that the audit knows. Addresses are used again only when
 * the window has been used up.
 *
 * Left out: kinds of caching, memory that is no device's, early mappings.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/host.h"
#include "host/memory.h"
#include "mm/arena.h"
#include "mm/ioremap.h"

#define WINDOW_PAGES	(1UL << 21)

struct um_io_region {
	struct list_head node;
	const char *name;
	struct page *pages;
	unsigned long n;
	const struct um_io_ops *ops;
	void *arg;
};

struct io_map {
	struct list_head node;
	char *addr;			/* of the first page, like @n */
	unsigned long n;
	size_t offset;			/* of that in the region */
	struct um_io_region *region;	/* NULL: the device is gone */
	char name[48];
	unsigned long unmapped_at;	/* 0: it is mapped */
};

struct um_io_window um_io_window;
EXPORT_SYMBOL(um_io_window);

/* Guards all but @by_page, which accessors read as it is. */
static DEFINE_MUTEX(io_mutex);
static LIST_HEAD(io_regions);
static LIST_HEAD(io_maps);
static struct {
	struct io_map **by_page;	/* of the window */
	unsigned long next;		/* page to begin the search at */
} io;

/* ---- regions --------------------------------------------------------------------- */

struct um_io_region *um_io_region_new(size_t size, const char *name, const struct um_io_ops *ops,
				      void *arg)
{
	struct um_io_region *r = kzalloc(sizeof(*r), GFP_KERNEL);
	unsigned long i;

	if (!r)
		return NULL;
	r->n = PAGE_ALIGN(size) >> PAGE_SHIFT;
	/* aligned to its size, as registers of PCI are */
	r->pages = um_arena_alloc(r->n, ilog2(roundup_pow_of_two(r->n)));
	if (!r->pages) {
		kfree(r);
		return NULL;
	}
	um_arena_zero(r->pages, r->n);
	for (i = 0; i < r->n; i++)
		SetPageReserved(&r->pages[i]);
	r->name = name;
	r->ops = ops;
	r->arg = arg;
	mutex_lock(&io_mutex);
	list_add(&r->node, &io_regions);
	mutex_unlock(&io_mutex);
	return r;
}

void um_io_region_free(struct um_io_region *r)
{
	struct io_map *m;
	unsigned long i;

	mutex_lock(&io_mutex);
	list_del(&r->node);
	list_for_each_entry(m, &io_maps, node) {
		if (m->region != r)
			continue;
		WRITE_ONCE(m->region, NULL);
		if (!m->unmapped_at)
			host_map_revoke(m->addr, m->n << PAGE_SHIFT);
	}
	mutex_unlock(&io_mutex);
	for (i = 0; i < r->n; i++) {
		ClearPageReserved(&r->pages[i]);
		put_page(&r->pages[i]);
	}
	kfree(r);
}

resource_size_t um_io_region_phys(const struct um_io_region *r)
{
	return page_to_phys(r->pages);
}

void *um_io_region_memory(const struct um_io_region *r)
{
	return page_address(r->pages);
}

static struct um_io_region *find_region(resource_size_t phys, unsigned long size)
{
	struct um_io_region *r;

	list_for_each_entry(r, &io_regions, node)
		if (phys >= um_io_region_phys(r) &&
		    phys + size <= um_io_region_phys(r) + (r->n << PAGE_SHIFT))
			return r;
	return NULL;
}

/* ---- mapping: mutex held ----------------------------------------------------------- */

static bool have_window(void)
{
	char *start;

	if (io.by_page)
		return true;
	start = host_map_reserve(WINDOW_PAGES << PAGE_SHIFT);
	if (!start)
		return false;
	io.by_page = host_memory_table(WINDOW_PAGES * sizeof(*io.by_page));
	um_io_window.start = (unsigned long)start;
	WRITE_ONCE(um_io_window.size, WINDOW_PAGES << PAGE_SHIFT);
	return true;
}

static bool is_taken(const struct io_map *m)
{
	return m && !m->unmapped_at;
}

/* Of @n pages in a row that nobody has, with one before the next; WINDOW_PAGES: there are none. */
static unsigned long find_pages(unsigned long n)
{
	unsigned long at = io.next, run = 0, seen;

	for (seen = 0; seen < 2 * WINDOW_PAGES; seen++, at++) {
		if (at >= WINDOW_PAGES) {
			at = 0;
			run = 0;
		}
		run = is_taken(io.by_page[at]) ? 0 : run + 1;
		if (run == n + 1) {
			io.next = at;
			return at - n;
		}
	}
	return WINDOW_PAGES;
}

/* What was mapped there before is forgotten once all of its addresses are used again. */
static void forget(unsigned long first, unsigned long n)
{
	unsigned long i, k;
	struct io_map *m;

	for (i = first; i < first + n; i++) {
		m = io.by_page[i];
		if (!m)
			continue;
		for (k = 0; k < m->n; k++)
			WRITE_ONCE(io.by_page[(((unsigned long)m->addr - um_io_window.start) >> PAGE_SHIFT) + k],
				   NULL);
		list_del(&m->node);
		host_free(m);
	}
}

static void describe_map(const void *obj, char *buf, size_t size)
{
	const struct io_map *m = obj;

	host_snprintf(buf, size, "%lu bytes of %s", m->n << PAGE_SHIFT, m->name);
}

static struct io_map *map_region(struct um_io_region *r, size_t offset, unsigned long n)
{
	unsigned long at = have_window() ? find_pages(n) : WINDOW_PAGES, i;
	struct io_map *m;

	if (at == WINDOW_PAGES)
		return NULL;
	forget(at, n);
	m = host_need(sizeof(*m));
	m->addr = (char *)um_io_window.start + (at << PAGE_SHIFT);
	m->n = n;
	m->offset = offset;
	m->region = r;
	host_snprintf(m->name, sizeof(m->name), "%s", r->name);
	if (!host_map_pages(m->addr, (um_page_index(r->pages) << PAGE_SHIFT) + offset,
			    n << PAGE_SHIFT, true, true)) {
		host_free(m);
		return NULL;
	}
	host_memory_written(m->addr, n << PAGE_SHIFT);
	list_add(&m->node, &io_maps);
	for (i = 0; i < n; i++)
		WRITE_ONCE(io.by_page[at + i], m);
	return m;
}

/**
 * um_ioremap() - map a device's registers; called as ioremap() and its like
 * @phys_addr: where they are
 * @size:      in bytes
 *
 * Context: may sleep.
 * Return: the address, for readl() and its like and iounmap(); NULL where no device
 * is, which is told for memory, and without addresses.
 */
void __iomem *um_ioremap(resource_size_t phys_addr, unsigned long size)
{
	unsigned long n = (PAGE_ALIGN(phys_addr + size) - (phys_addr & PAGE_MASK)) >> PAGE_SHIFT;
	struct um_io_region *r;
	struct io_map *m = NULL;

	might_sleep();
	if (!size || phys_addr + size < phys_addr)
		return NULL;
	mutex_lock(&io_mutex);
	r = find_region(phys_addr, size);
	if (r)
		m = map_region(r, (phys_addr & PAGE_MASK) - um_io_region_phys(r), n);
	mutex_unlock(&io_mutex);
	if (!r)
		WARN_ONCE(pfn_valid(PHYS_PFN(phys_addr)), "ioremap on RAM at %pa - %lu bytes\n",
			  &phys_addr, size);
	if (!m)
		return NULL;
	um_object_new(m, "I/O mapping", describe_map);
	return (void __force __iomem *)(m->addr + offset_in_page(phys_addr));
}
EXPORT_SYMBOL(um_ioremap);

static struct io_map *map_of(const volatile void __iomem *addr)
{
	unsigned long offset = (unsigned long)addr - um_io_window.start;

	return offset < um_io_window.size ? READ_ONCE(io.by_page[offset >> PAGE_SHIFT]) : NULL;
}

/**
 * iounmap() - undo ioremap()
 * @addr: what that gave, or NULL; anything else is a warning
 *
 * Each access from now on is told.
 *
 * Context: may sleep.
 */
void iounmap(volatile void __iomem *addr)
{
	um_iounmap(addr, _RET_IP_);
}
EXPORT_SYMBOL(iounmap);

void um_iounmap(volatile void __iomem *addr, unsigned long ip)
{
	struct io_map *m = map_of(addr);

	if (!addr)
		return;
	if (WARN(!is_taken(m), "iounmap: bad address %p\n", (void __force *)addr))
		return;
	um_object_freed(m);
	mutex_lock(&io_mutex);
	WRITE_ONCE(m->unmapped_at, ip);
	host_map_revoke(m->addr, m->n << PAGE_SHIFT);
	mutex_unlock(&io_mutex);
}

/* ---- access ---------------------------------------------------------------------------- */

static void tell(const struct io_map *m, const char *does, const volatile void __iomem *addr,
		 size_t size, const char *why)
{
	char at[160] = "";

	if (m->unmapped_at)
		host_symbolize((void *)m->unmapped_at, at, sizeof(at));
	um_splat("io", "%s %zu bytes at %#lx of %s%s%s", does, size,
		 (unsigned long)((const char __force *)addr - m->addr + m->offset), m->name, why,
		 at);
}

/* The region, when there will be an answer; what is wrong with asking is told. */
static struct um_io_region *ask(const struct io_map *m, const char *does,
				const volatile void __iomem *addr, size_t size)
{
	struct um_io_region *r = READ_ONCE(m->region);
	const char *why = NULL;
	bool told = false;

	if (m->unmapped_at) {
		tell(m, does, addr, size, ", which is unmapped since ");
		return NULL;
	}
	if (!r || !r->ops)
		return r;
	if (r->ops->silent)
		why = r->ops->silent(r->arg, &told);
	if (why) {
		if (told)
			tell(m, does, addr, size, why);
		return NULL;
	}
	why = r->ops->fault ? r->ops->fault(r->arg) : NULL;
	if (why)
		tell(m, does, addr, size, why);
	return r;
}

static bool nothing_there(const struct io_map *m, const volatile void __iomem *addr,
			  const char *does, unsigned int size)
{
	if (likely(m))
		return false;
	um_splat("io", "%s %u bytes at %p, where no ioremap() has mapped anything", does, size,
		 (void __force *)addr);
	return true;
}

static u64 load(const volatile void __iomem *addr, unsigned int size)
{
	switch (size) {
	case 1:
		return __atomic_load_n((const u8 __force *)addr, __ATOMIC_RELAXED);
	case 2:
		return __atomic_load_n((const u16 __force *)addr, __ATOMIC_RELAXED);
	case 4:
		return __atomic_load_n((const u32 __force *)addr, __ATOMIC_RELAXED);
	default:
		return __atomic_load_n((const u64 __force *)addr, __ATOMIC_RELAXED);
	}
}

static void store(volatile void __iomem *addr, u64 value, unsigned int size)
{
	switch (size) {
	case 1:
		__atomic_store_n((u8 __force *)addr, value, __ATOMIC_RELAXED);
		break;
	case 2:
		__atomic_store_n((u16 __force *)addr, value, __ATOMIC_RELAXED);
		break;
	case 4:
		__atomic_store_n((u32 __force *)addr, value, __ATOMIC_RELAXED);
		break;
	default:
		__atomic_store_n((u64 __force *)addr, value, __ATOMIC_RELAXED);
		break;
	}
}

/**
 * um_io_read() - readl() and its like of what ioremap() has mapped
 * @addr: the register
 * @size: its bytes
 *
 * Return: what the device says; ones where it does not answer.
 */
u64 um_io_read(const volatile void __iomem *addr, unsigned int size)
{
	struct io_map *m = map_of(addr);
	struct um_io_region *r;

	if (nothing_there(m, addr, "reads", size))
		return ~0ULL;
	r = ask(m, "reads", addr, size);
	if (!r)
		return ~0ULL;
	if (r->ops && r->ops->read)
		r->ops->read(r->arg, (const char __force *)addr - m->addr + m->offset, size);
	return load(addr, size);
}
EXPORT_SYMBOL(um_io_read);

/**
 * um_io_write() - writel() and its like of what ioremap() has mapped
 * @addr:  the register
 * @value: for it; lost where the device does not answer
 * @size:  its bytes
 */
void um_io_write(volatile void __iomem *addr, u64 value, unsigned int size)
{
	struct io_map *m = map_of(addr);
	struct um_io_region *r;

	if (nothing_there(m, addr, "writes", size))
		return;
	r = ask(m, "writes", addr, size);
	if (!r)
		return;
	store(addr, value, size);
	if (r->ops && r->ops->write)
		r->ops->write(r->arg, (char __force *)addr - m->addr + m->offset, size, value);
}
EXPORT_SYMBOL(um_io_write);

/* How many bytes one access has, of @left from @addr on. */
static unsigned int width(unsigned long addr, size_t left)
{
	return left >= 8 && !(addr & 7) ? 8 : left >= 4 && !(addr & 3) ? 4 : 1;
}

/**
 * um_io_copy_from() - memcpy_fromio() of what ioremap() has mapped
 * @to:    the driver's memory
 * @from:  registers, read in words where they are aligned
 * @count: bytes
 */
void um_io_copy_from(void *to, const volatile void __iomem *from, size_t count)
{
	const volatile char __iomem *p = from;
	unsigned int n;
	u64 value;

	for (; count; count -= n, p += n, to += n) {
		n = width((unsigned long)p, count);
		value = um_io_read(p, n);
		memcpy(to, &value, n);
	}
}
EXPORT_SYMBOL(um_io_copy_from);

/**
 * um_io_copy_to() - memcpy_toio() to what ioremap() has mapped
 * @to:    registers, written in words where they are aligned
 * @from:  the driver's memory
 * @count: bytes
 */
void um_io_copy_to(volatile void __iomem *to, const void *from, size_t count)
{
	volatile char __iomem *p = to;
	unsigned int n;
	u64 value;

	for (; count; count -= n, p += n, from += n) {
		n = width((unsigned long)p, count);
		value = 0;
		memcpy(&value, from, n);
		um_io_write(p, value, n);
	}
}
EXPORT_SYMBOL(um_io_copy_to);

/**
 * um_io_set() - memset_io() of what ioremap() has mapped
 * @addr:  registers
 * @value: for each byte
 * @count: bytes
 */
void um_io_set(volatile void __iomem *addr, int value, size_t count)
{
	volatile char __iomem *p = addr;
	unsigned int n;

	for (; count; count -= n, p += n) {
		n = width((unsigned long)p, count);
		um_io_write(p, (u8)value * 0x0101010101010101ULL, n);
	}
}
EXPORT_SYMBOL(um_io_set);
