// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmalloc() and object caches.
 *
 * Every object is a block of host memory of exactly its size, so that ASan
 * sees each overrun and LSan each leak; there are no slabs, no size classes
 * and no reuse of a freed object by its cache. Fresh memory is filled with
 * POISON_INUSE unless zeroes were asked for. A cache counts its live objects,
 * which is what kmem_cache_destroy() complains about. Left out: placement,
 * accounting, shrinkers, debugging of slabs.
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "check/lockdep.h"
#include "host/host.h"

struct kmem_cache {
	const char *name;
	unsigned int size;
	unsigned int align;
	void (*ctor)(void *obj);
	atomic_t live;		/* objects not yet freed */
};

/* Splats when a call that may sleep is made where it must not. */
void um_might_alloc(gfp_t flags, const char *file, int line)
{
	if (gfpflags_allow_blocking(flags))
		um_might_sleep(file, line);
}
EXPORT_SYMBOL(um_might_alloc);

static void *fresh(void *p, size_t size, gfp_t flags)
{
	if (p)
		memset(p, flags & __GFP_ZERO ? 0 : POISON_INUSE, size);
	return p;
}

/**
 * um_kmalloc() - what kmalloc() and kzalloc() do when no fault is injected.
 * @size:  in bytes; 0 gives ZERO_SIZE_PTR
 * @flags: __GFP_ZERO and __GFP_NOWARN matter
 *
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
	return fresh(host_alloc(size), size, flags);
}
EXPORT_SYMBOL(um_kmalloc);

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
 *
 * Shrinking gives the same block and cannot fail. When growing fails, @p is
 * untouched and still the caller's. A size of 0 frees.
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

void *um_krealloc_array(void *p, size_t n, size_t size, gfp_t flags,
			struct um_fault_site *site)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return um_krealloc(p, bytes, flags, site);
}
EXPORT_SYMBOL(um_krealloc_array);

/* As um_kmalloc(), up to INT_MAX bytes. */
void *um_kvmalloc(size_t size, gfp_t flags)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > INT_MAX) {
		WARN(!(flags & __GFP_NOWARN),
		     "kvmalloc of %zu bytes, more than INT_MAX\n", size);
		return NULL;
	}
	return fresh(host_alloc(size), size, flags);
}
EXPORT_SYMBOL(um_kvmalloc);

void *um_kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return um_kvmalloc(bytes, flags);
}
EXPORT_SYMBOL(um_kvmalloc_array);

/**
 * kfree() - give memory back. NULL and ZERO_SIZE_PTR are fine.
 *
 * Context: any.
 */
void kfree(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	um_check_no_locks_freed(p);
	host_free((void *)p);
}
EXPORT_SYMBOL(kfree);

void kfree_sensitive(const void *p)
{
	if (ZERO_OR_NULL_PTR(p))
		return;
	memzero_explicit((void *)p, ksize(p));
	kfree(p);
}
EXPORT_SYMBOL(kfree_sensitive);

/* Takes what kmalloc(), kvmalloc() or vmalloc() gave. */
void kvfree(const void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}
EXPORT_SYMBOL(kvfree);

size_t ksize(const void *p)
{
	return ZERO_OR_NULL_PTR(p) ? 0 : host_alloc_size(p);
}
EXPORT_SYMBOL(ksize);

/* ---- caches ------------------------------------------------------------- */

struct kmem_cache *um_kmem_cache_create(const char *name, unsigned int size,
					unsigned int align, slab_flags_t flags,
					void (*ctor)(void *))
{
	struct kmem_cache *cache = host_zalloc(sizeof(*cache) + strlen(name) + 1);

	if (!cache)
		return NULL;
	strcpy((char *)(cache + 1), name);
	cache->name = (char *)(cache + 1);
	cache->size = size;
	cache->align = max_t(unsigned int, align, ARCH_KMALLOC_MINALIGN);
	if (flags & SLAB_HWCACHE_ALIGN)
		cache->align = max_t(unsigned int, cache->align, 64);
	cache->ctor = ctor;
	atomic_set(&cache->live, 0);
	return cache;
}
EXPORT_SYMBOL(um_kmem_cache_create);

/* Warns, and keeps the cache, when objects are left. */
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

void *um_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *p = host_memalign(cache->align, cache->size);

	WARN_ON(cache->ctor && (flags & __GFP_ZERO));
	if (!fresh(p, cache->size, flags))
		return NULL;
	if (cache->ctor)
		cache->ctor(p);
	atomic_inc(&cache->live);
	return p;
}
EXPORT_SYMBOL(um_kmem_cache_alloc);

void kmem_cache_free(struct kmem_cache *cache, void *p)
{
	if (!p)
		return;
	atomic_dec(&cache->live);
	host_free(p);
}
EXPORT_SYMBOL(kmem_cache_free);
