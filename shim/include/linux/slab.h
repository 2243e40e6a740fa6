/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc and its like.
 *
 * Every allocating call is a macro that evaluates its arguments once, checks
 * whether sleeping is allowed when the flags say that the call may sleep, and
 * leaves a fault site with the caller's file and line. Each is one fallible
 * leaf, whatever it allocates inside. The memory itself is host memory, so
 * that ASan and LSan judge it; it is filled with a pattern unless __GFP_ZERO
 * asks for zeroes, because the kernel promises nothing about its contents.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/overflow.h>
#include <linux/types.h>
#include "check/op.h"
#include "compat/levels.h"

#define KMALLOC_MAX_SIZE	(1UL << 22)
#define ARCH_KMALLOC_MINALIGN	__alignof__(unsigned long long)

/* What kmalloc(0) gives: not NULL, not to be touched, fine for kfree(). */
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(p)	((unsigned long)(p) <= (unsigned long)ZERO_SIZE_PTR)

#define SLAB_HWCACHE_ALIGN	((slab_flags_t)0x00002000U)
#define SLAB_PANIC		((slab_flags_t)0x00040000U)
#define SLAB_TYPESAFE_BY_RCU	((slab_flags_t)0x00080000U)
#define SLAB_RECLAIM_ACCOUNT	((slab_flags_t)0x00020000U)
#define SLAB_MEM_SPREAD		((slab_flags_t)0x00100000U)
#define SLAB_ACCOUNT		((slab_flags_t)0x04000000U)

struct kmem_cache;

void *um_slab_alloc(size_t size, size_t align, const char *cache);

void *um_kmalloc(size_t size, gfp_t flags) __malloc;
void *um_kmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
void *um_krealloc(const void *p, size_t size, gfp_t flags,
		  struct um_fault_site *site) __must_check;
void *um_krealloc_array(void *p, size_t n, size_t size, gfp_t flags,
			struct um_fault_site *site) __must_check;
void *um_kvmalloc(size_t size, gfp_t flags) __malloc;
void *um_kvmalloc_array(size_t n, size_t size, gfp_t flags) __malloc;
void *um_kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags) __malloc;

#define kmalloc(size, flags) \
	um_alloc_leaf("kmalloc", flags, um_kmalloc(size, __um_gfp))
#define kzalloc(size, flags) \
	um_alloc_leaf("kzalloc", flags, um_kmalloc(size, __um_gfp | __GFP_ZERO))
#define kmalloc_node(size, flags, node) kmalloc(size, flags)
#define kzalloc_node(size, flags, node) kzalloc(size, flags)
#define kmalloc_array(n, size, flags) \
	um_alloc_leaf("kmalloc_array", flags, um_kmalloc_array(n, size, __um_gfp))
#define kcalloc(n, size, flags) \
	um_alloc_leaf("kcalloc", flags, \
		      um_kmalloc_array(n, size, __um_gfp | __GFP_ZERO))
#define kmalloc_array_node(n, size, flags, node) kmalloc_array(n, size, flags)
#define kcalloc_node(n, size, flags, node) kcalloc(n, size, flags)
#define krealloc(p, size, flags) \
	um_krealloc(p, size, flags, um_fault_site("krealloc"))
#define krealloc_array(p, n, size, flags) \
	um_krealloc_array(p, n, size, flags, um_fault_site("krealloc_array"))
#define kvmalloc(size, flags) \
	um_alloc_leaf("kvmalloc", flags, um_kvmalloc(size, __um_gfp))
#define kvzalloc(size, flags) \
	um_alloc_leaf("kvzalloc", flags, um_kvmalloc(size, __um_gfp | __GFP_ZERO))
#define kvmalloc_node(size, flags, node) kvmalloc(size, flags)
#define kvzalloc_node(size, flags, node) kvzalloc(size, flags)
#define kvmalloc_array(n, size, flags) \
	um_alloc_leaf("kvmalloc_array", flags, um_kvmalloc_array(n, size, __um_gfp))
#define kvcalloc(n, size, flags) \
	um_alloc_leaf("kvcalloc", flags, \
		      um_kvmalloc_array(n, size, __um_gfp | __GFP_ZERO))

/*
 * By type: one object, an array of them, or one with a flexible array. The
 * flags may be left out, and are GFP_KERNEL then.
 */
#if KAPI_ALLOC_OBJ
#define um_gfp_or_kernel(...) um_second(0, ##__VA_ARGS__, GFP_KERNEL)
#define um_second(first, second, ...) second
#define um_alloc_objs(leaf, type, n, ...)				\
	((type *)leaf(size_mul(sizeof(type), n), um_gfp_or_kernel(__VA_ARGS__)))
#define um_alloc_flex(leaf, type, array, n, ...)			\
	((type *)leaf(struct_size_t(type, array, n), um_gfp_or_kernel(__VA_ARGS__)))

#define kmalloc_obj(of, ...) um_alloc_objs(kmalloc, typeof(of), 1, ##__VA_ARGS__)
#define kmalloc_objs(of, n, ...) um_alloc_objs(kmalloc, typeof(of), n, ##__VA_ARGS__)
#define kmalloc_flex(of, array, n, ...) \
	um_alloc_flex(kmalloc, typeof(of), array, n, ##__VA_ARGS__)
#define kzalloc_obj(of, ...) um_alloc_objs(kzalloc, typeof(of), 1, ##__VA_ARGS__)
#define kzalloc_objs(of, n, ...) um_alloc_objs(kzalloc, typeof(of), n, ##__VA_ARGS__)
#define kzalloc_flex(of, array, n, ...) \
	um_alloc_flex(kzalloc, typeof(of), array, n, ##__VA_ARGS__)
#define kvmalloc_obj(of, ...) um_alloc_objs(kvmalloc, typeof(of), 1, ##__VA_ARGS__)
#define kvmalloc_objs(of, n, ...) um_alloc_objs(kvmalloc, typeof(of), n, ##__VA_ARGS__)
#define kvmalloc_flex(of, array, n, ...) \
	um_alloc_flex(kvmalloc, typeof(of), array, n, ##__VA_ARGS__)
#define kvzalloc_obj(of, ...) um_alloc_objs(kvzalloc, typeof(of), 1, ##__VA_ARGS__)
#define kvzalloc_objs(of, n, ...) um_alloc_objs(kvzalloc, typeof(of), n, ##__VA_ARGS__)
#define kvzalloc_flex(of, array, n, ...) \
	um_alloc_flex(kvzalloc, typeof(of), array, n, ##__VA_ARGS__)
#endif

void kfree(const void *p);
void kfree_sensitive(const void *p);
void kvfree(const void *p);
size_t ksize(const void *p);

/* ---- caches ------------------------------------------------------------- */

struct kmem_cache *um_kmem_cache_create(const char *name, unsigned int size,
					unsigned int align, slab_flags_t flags,
					void (*ctor)(void *));
#define kmem_cache_create(name, size, align, flags, ctor) \
	um_alloc_leaf("kmem_cache_create", GFP_KERNEL, \
		      um_kmem_cache_create(name, size, align, flags, ctor))
#define kmem_cache_create_usercopy(name, size, align, flags, uoff, usize, ctor) \
	kmem_cache_create(name, size, align, flags, ctor)
#define KMEM_CACHE(type, flags) \
	kmem_cache_create(#type, sizeof(struct type), \
			  __alignof__(struct type), flags, NULL)
void kmem_cache_destroy(struct kmem_cache *cache);
#define kmem_cache_alloc(cache, flags) \
	um_alloc_leaf("kmem_cache_alloc", flags, um_kmem_cache_alloc(cache, __um_gfp))
#define kmem_cache_zalloc(cache, flags) \
	um_alloc_leaf("kmem_cache_zalloc", flags, \
		      um_kmem_cache_alloc(cache, __um_gfp | __GFP_ZERO))
#define kmem_cache_alloc_node(cache, flags, node) kmem_cache_alloc(cache, flags)
void kmem_cache_free(struct kmem_cache *cache, void *p);

DEFINE_FREE(kfree, void *, if (!IS_ERR_OR_NULL(_T)) kfree(_T))
DEFINE_FREE(kvfree, void *, if (!IS_ERR_OR_NULL(_T)) kvfree(_T))

#endif
