/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory from whole pages, which can be mapped to users (mm/vmalloc.c). Each
 * allocation is a fault site of the caller's. Left out: vmap() and executable
 * memory.
 */
#ifndef _LINUX_VMALLOC_H
#define _LINUX_VMALLOC_H

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/types.h>

#include "check/op.h"
#include "compat/levels.h"

struct vm_area_struct;

void *um_vmalloc(size_t size, gfp_t gfp, bool user);

#define __um_vmalloc(leaf, size, gfp, user) \
	um_fallible(leaf, (void *)NULL, um_vmalloc(size, gfp, user))

#define vmalloc(size) __um_vmalloc("vmalloc", size, GFP_KERNEL, false)
#define __vmalloc(size, gfp) __um_vmalloc("__vmalloc", size, gfp, false)
#define vzalloc(size) \
	__um_vmalloc("vzalloc", size, GFP_KERNEL | __GFP_ZERO, false)
#define vmalloc_array(n, size) vmalloc(um_array_size(n, size))
#define vcalloc(n, size) vzalloc(um_array_size(n, size))
/* zeroed, and may be given to remap_vmalloc_range() */
#define vmalloc_user(size) \
	__um_vmalloc("vmalloc_user", size, GFP_KERNEL | __GFP_ZERO, true)
#define vmalloc_32_user(size) vmalloc_user(size)

void vfree(const void *addr);
bool is_vmalloc_addr(const void *x);
struct page *vmalloc_to_page(const void *addr);
unsigned long vmalloc_to_pfn(const void *addr);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr,
			unsigned long pgoff);
#if KAPI_ABI_REMAP_PARTIAL_OFFSET
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr,
				void *kaddr, unsigned long pgoff,
				unsigned long size);
#else
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr,
				void *kaddr, unsigned long size);
#endif

/* SIZE_MAX, which no allocation satisfies, when the product is too large */
static inline size_t um_array_size(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? SIZE_MAX : bytes;
}

DEFINE_FREE(vfree, void *, if (!IS_ERR_OR_NULL(_T)) vfree(_T))

#endif
