// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmalloc() and object caches.
 *
 * Every object is a block of host memory of its own, under ASan of exactly its
 * size, so that each overrun is seen and by LSan each leak; in other builds the
 * block has a redzone, and waits in quarantine when it is freed
 * (check/quarantine.c). There are no slabs, no size classes and no reuse of a
 * freed object by its cache. Fresh memory is unwritten (host/unwritten.c) unless
 * zeroes were asked for. A cache counts its live objects, which is what
 * kmem_cache_destroy() complains about. Left out: placement, accounting,
 * shrinkers; kfree() of a cache's object frees it, but the cache still counts it.
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "check/op.h"
#include "host/host.h"
#include "host/memory.h"

struct kmem_cache {
	const char *name;
	unsigned int size;
	unsigned int align;
	void (*ctor)(void *obj);
	atomic_t live;		/* objects not yet freed */
};

/**
 * um_might_alloc() - what every allocation checks first.
 * @flags: of the allocation
 * @file: where it is made
 * @line: likewise
 *
 * A splat when @flags allow to sleep and the caller must not.
 */
void um_might_alloc(gfp_t flags, const char *file, int line)
{
	if (gfpflags_allow_blocking(flags))
		um_might_sleep(file, line);
}
EXPORT_SYMBOL(um_might_alloc);

/**
 * um_slab_alloc() - memory for an object.
 * @size: in bytes, not 0
 * @align: power of two, or 0 for that of malloc()
 * @cache: name of the object's cache, which stays; NULL: kmalloc()
 *
 * Context: does not sleep: there is no reclaim. Whether the caller might, and
 * is to fail, has been asked.
 * Return: uninitialised memory for kfree(), or NULL when the host has none.
 */
void *um_slab_alloc(size_t size, size_t align, const char *cache)
{
	struct um_op op = { .size = size, .align = align, .what = cache };
	size_t all;
	void *p;

	if (um_wanted(UM_ALLOC))
		um_op_begin(UM_ALLOC, &op);
	all = size + op.more;
	p = align ? host_memalign(align, all) : host_alloc(all);
	op.object = p;
	if (um_end_wanted(UM_ALLOC))
		um_op_end(UM_ALLOC, p ? 0 : -ENOMEM, &op);
	return p;
}

/* Returns false when it was no object that is alive. That has been told. */
static bool slab_free(const void *p, const char *by)
{
	enum um_decision d = um_begin(UM_FREE, .object = p, .what = by);

	if (d == UM_GO_ON)
		host_free((void *)p);
	return d != UM_REFUSE;
}

static void *fresh(void *p, size_t size, gfp_t flags)
{
	if (p && flags & __GFP_ZERO)
		memset(p, 0, size);
	else if (p)
		host_memory_unwritten(p, size);
	return p;
}

/* What callers may rely on: a size that is a power of two is aligned to itself. */
static size_t natural_align(size_t size)
{
	return size > sizeof(long long) && is_power_of_2(size) ? size : 0;
}

/**
 * um_kmalloc() - what kmalloc() and kzalloc() do when no fault is injected.
 * @size:  in bytes; 0 gives ZERO_SIZE_PTR
 * @flags: __GFP_ZERO and __GFP_NOWARN matter
 *
 * Context: does not sleep: there is no reclaim. The caller's macro has told of
 * @flags that might, and injected the fault.
 * Return: memory to be given to kfree(), or NULL. More than KMALLOC_MAX_SIZE
 * is refused with a warning, as the page allocator does.
 */
void *um_kmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE) {
		WARN(!(flags & __GFP_NOWARN),
		     "kmalloc of %zu bytes, more than KMALLOC_MAX_SIZE\n", size);
		return NULL;
	}
	return fresh(um_slab_alloc(size, natural_align(size), NULL), size, flags);
}
EXPORT_SYMBOL(um_kmalloc);

/**
 * um_kmalloc_array() - um_kmalloc() for an array.
 * @n: elements
 * @size: of each, in bytes
 * @flags: as for um_kmalloc()
 *
 * Context: as um_kmalloc().
 * Return: memory for kfree(), or NULL, also when the product overflows.
 */
void *um_kmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return um_kmalloc(bytes, flags);
}
EXPORT_SYMBOL(um_kmalloc_array);

/**
 * um_krealloc() - resize, moving whenever memory has to be allocated.
 * @p: block of kmalloc(), NULL or ZERO_SIZE_PTR
 * @size: new size in bytes; 0 frees
 * @flags: as for um_kmalloc()
 * @site: of the fault, which is injected only where memory is allocated
 *
 * Shrinking gives the same block and cannot fail.
 *
 * Context: may sleep if @flags say so, and memory has to be allocated.
 * Return: the block, which replaces @p; NULL when growing fails: @p is untouched
 * and still the caller's.
 */
void *um_krealloc(const void *p, size_t size, gfp_t flags,
		  struct um_fault_site *site)
{
	size_t old = ksize(p);
	void *new;

	if (!size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	if (size <= old)
		return (void *)p;
	um_might_alloc(flags, site->file, site->line);
	if (!(flags & __GFP_NOFAIL) && um_fault_hit(site))
		return NULL;
	new = um_kmalloc(size, flags);
	if (new && old) {
		memcpy(new, p, old);
		kfree(p);
	}
	return new;
}
EXPORT_SYMBOL(um_krealloc);

/**
 * um_krealloc_array() - um_krealloc() for an array.
 * @p: block to resize, or NULL
 * @n: elements
 * @size: of each, in bytes
 * @flags: as for um_krealloc()
 * @site: likewise
 *
 * Context: may sleep if @flags say so.
 * Return: the block, or NULL with @p untouched, also when the product overflows.
 */
void *um_krealloc_array(void *p, size_t n, size_t size, gfp_t flags,
			struct um_fault_site *site)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return um_krealloc(p, bytes, flags, site);
}
EXPORT_SYMBOL(um_krealloc_array);

/**
 * um_kvmalloc() - um_kmalloc() up to INT_MAX bytes.
 * @size: in bytes; 0 gives ZERO_SIZE_PTR
 * @flags: as for um_kmalloc()
 *
 * No address of it is one of vmalloc(), as large ones are in Linux.
 *
 * Context: as um_kmalloc().
 * Return: memory for kvfree() or kfree(), or NULL, with a warning for more than
 * INT_MAX as Linux has it.
 */
void *um_kvmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > INT_MAX) {
		WARN(!(flags & __GFP_NOWARN),
		     "kvmalloc of %zu bytes, more than INT_MAX\n", size);
		return NULL;
	}
	return fresh(um_slab_alloc(size, natural_align(size), NULL), size, flags);
}
EXPORT_SYMBOL(um_kvmalloc);

/**
 * um_kvmalloc_array() - um_kvmalloc() for an array.
 * @n: elements
 * @size: of each, in bytes
 * @flags: as for um_kmalloc()
 *
 * Context: as um_kmalloc().
 * Return: memory for kvfree(), or NULL, also when the product overflows.
 */
void *um_kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return um_kvmalloc(bytes, flags);
}
EXPORT_SYMBOL(um_kvmalloc_array);

/**
 * kfree() - give memory back.
 * @p: from kmalloc() or its like; NULL and ZERO_SIZE_PTR are fine
 *
 * A splat for a lock in it that the caller holds, and for what is no block or
 * was given back before (check/quarantine.c; by ASan where there is one).
 */
void kfree(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	slab_free(p, "kfree");
}
EXPORT_SYMBOL(kfree);

/**
 * kfree_sensitive() - overwrite what was secret, and give it back.
 * @p: as for kfree()
 */
void kfree_sensitive(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	memzero_explicit((void *)p, ksize(p));
	kfree(p);
}
EXPORT_SYMBOL(kfree_sensitive);

/**
 * kvfree() - give back what kmalloc(), kvmalloc() or vmalloc() gave.
 * @p: its address, or NULL
 *
 * Context: may sleep if it is vmalloc()'s.
 */
void kvfree(const void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}
EXPORT_SYMBOL(kvfree);

/**
 * ksize() - how much of a block may be used.
 * @p: from kmalloc() or a cache, or NULL, or ZERO_SIZE_PTR
 *
 * Return: the bytes that were asked for, where Linux gives those of the size
 * class: a driver that relies on more is wrong on another kernel. 0 for NULL.
 */
size_t ksize(const void *p)
{
	struct um_op op = { .object = p };

	if (ZERO_OR_NULL_PTR(p))
		return 0;
	if (um_wanted(UM_SIZE) && um_op_begin(UM_SIZE, &op) == UM_TAKEN)
		return op.size;
	return host_alloc_size(p);
}
EXPORT_SYMBOL(ksize);

/* ---- caches ------------------------------------------------------------- */

struct cache_name {
	struct cache_name *next;
	char name[];
};

/* Objects may be told of when their cache is gone: names stay, one of each. */
static const char *cache_name(const char *name)
{
	static struct cache_name *names;
	static DEFINE_SPINLOCK(lock);
	size_t len = strlen(name) + 1;
	struct cache_name *c;

	spin_lock(&lock);
	for (c = names; c && strcmp(c->name, name); c = c->next)
		;
	if (!c) {
		c = host_alloc_permanent(sizeof(*c) + len);
		if (!c)
			host_abort();
		memcpy(c->name, name, len);
		c->next = names;
		names = c;
	}
	spin_unlock(&lock);
	return c->name;
}

/**
 * um_kmem_cache_create() - a cache of objects of one size.
 * @name: copied
 * @size: of an object, in bytes
 * @align: of an object; 0: that of kmalloc()
 * @flags: SLAB_HWCACHE_ALIGN matters
 * @ctor: called for each object that is handed out, or NULL
 *
 * In Linux @ctor runs when a slab is made, and an object keeps its state while
 * it is free; here each is new.
 *
 * Context: may sleep; the caller's macro has checked that.
 * Return: the cache for kmem_cache_destroy(), or NULL.
 */
struct kmem_cache *um_kmem_cache_create(const char *name, unsigned int size,
					unsigned int align, slab_flags_t flags,
					void (*ctor)(void *))
{
	struct kmem_cache *cache = host_zalloc(sizeof(*cache));

	if (!cache)
		return NULL;
	cache->name = cache_name(name);
	cache->size = size;
	cache->align = max_t(unsigned int, align, ARCH_KMALLOC_MINALIGN);
	if (flags & SLAB_HWCACHE_ALIGN)
		cache->align = max_t(unsigned int, cache->align, 64);
	cache->ctor = ctor;
	atomic_set(&cache->live, 0);
	return cache;
}
EXPORT_SYMBOL(um_kmem_cache_create);

/**
 * kmem_cache_destroy() - the end of a cache.
 * @cache: of which no object is in use, or NULL
 *
 * Objects that are left are warned of in the words of Linux, and the cache stays.
 *
 * Context: may sleep.
 */
void kmem_cache_destroy(struct kmem_cache *cache)
{
	if (!cache)
		return;
	if (WARN(atomic_read(&cache->live),
		 "kmem_cache_destroy %s: Slab cache still has objects when called from %pS\n",
		 cache->name, __builtin_return_address(0)))
		return;
	host_free(cache);
}
EXPORT_SYMBOL(kmem_cache_destroy);

/**
 * um_kmem_cache_alloc() - an object of a cache.
 * @cache: from kmem_cache_create()
 * @flags: __GFP_ZERO matters; a warning for it with a constructor
 *
 * Context: as um_kmalloc().
 * Return: an object for kmem_cache_free(), or NULL.
 */
void *um_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *p = um_slab_alloc(cache->size, cache->align, cache->name);

	WARN_ON(cache->ctor && (flags & __GFP_ZERO));
	if (!fresh(p, cache->size, flags))
		return NULL;
	if (cache->ctor)
		cache->ctor(p);
	atomic_inc(&cache->live);
	return p;
}
EXPORT_SYMBOL(um_kmem_cache_alloc);

/**
 * kmem_cache_free() - give an object back to its cache.
 * @cache: it is of this one
 * @p: from kmem_cache_alloc(), or NULL
 */
void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	if (p && slab_free(p, "kmem_cache_free"))
		atomic_dec(&cache->live);
}
EXPORT_SYMBOL(kmem_cache_free);
