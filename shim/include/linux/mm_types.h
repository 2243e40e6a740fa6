/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages, mappings and the address space of the one user process there is.
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/rbtree.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <asm/page.h>
#include "compat/levels.h"

struct address_space;
struct file;
struct mm_struct;
struct vm_area_struct;
struct vm_operations_struct;

typedef struct { unsigned long pgprot; } pgprot_t;
typedef unsigned int vm_fault_t;
typedef unsigned long vm_flags_t;

#define __pgprot(x) ((pgprot_t){ (x) })
#define pgprot_val(x) ((x).pgprot)
/* ordinary memory behind every mapping: caching cannot be changed */
#define pgprot_noncached(prot) (prot)
#define pgprot_writecombine(prot) (prot)
#define pgprot_decrypted(prot) (prot)

struct page {
	unsigned long flags;
	union {
		struct list_head lru;
		struct {
			/* a page of um_user_alloc(): the first of its block */
			struct page *um_head;
			/* in the first page of a block: bytes asked for */
			size_t um_size;
		};
	};
	struct address_space *mapping;
	pgoff_t index;
	unsigned long private;
	atomic_t _refcount;
	unsigned int um_order;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;		/* first byte after */
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
#if KAPI_VM_FLAGS_SET
	union {
		const vm_flags_t vm_flags;	/* vm_flags_set() and its like */
		vm_flags_t __vm_flags;
	};
#else
	vm_flags_t vm_flags;
#endif
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
	/* the shim's own, under the mapping table's lock (mm/mmap.c) */
	struct list_head um_link;
	unsigned long *um_ptes;		/* one per page */
};

struct mm_struct {
#if KAPI_MMAP_SEM
	struct rw_semaphore mmap_sem;
#else
	struct rw_semaphore mmap_lock;
#endif
	atomic_t mm_users;
	atomic_t mm_count;
	unsigned long locked_vm;
	struct list_head um_vmas;
};

struct vm_fault {
	struct vm_area_struct *vma;
	gfp_t gfp_mask;
	pgoff_t pgoff;
	unsigned long address;
	unsigned long real_address;
	unsigned int flags;
	struct page *page;
};

enum {
	VM_FAULT_OOM = 0x000001,
	VM_FAULT_SIGBUS = 0x000002,
	VM_FAULT_MAJOR = 0x000004,
	VM_FAULT_HWPOISON = 0x000010,
	VM_FAULT_SIGSEGV = 0x000040,
	VM_FAULT_NOPAGE = 0x000100,
	VM_FAULT_LOCKED = 0x000200,
	VM_FAULT_RETRY = 0x000400,
};

#define VM_FAULT_ERROR \
	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON)

enum {
	FAULT_FLAG_WRITE = 1 << 0,
	FAULT_FLAG_USER = 1 << 6,
	FAULT_FLAG_REMOTE = 1 << 7,
};

#endif
