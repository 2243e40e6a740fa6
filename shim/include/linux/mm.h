/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages, and what a user maps of them.
 *
 * All pages lie in one memory file that is mapped several times: at
 * page_address() for the kernel side, at vmalloc addresses, and wherever a
 * user has mapped a page; so a byte written through one is seen through all.
 */
#ifndef _LINUX_MM_H_SHIM
#define _LINUX_MM_H_SHIM

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mmap_lock.h>
#include <linux/page-flags.h>
#include <linux/sizes.h>
#include <linux/types.h>
#include <asm/page.h>

#include "check/op.h"

struct file;

/* ---- pages ----------------------------------------------------------- */

#define PAGE_ALIGN(addr) ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr) ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr) IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

unsigned long page_to_pfn(const struct page *page);
struct page *pfn_to_page(unsigned long pfn);
bool pfn_valid(unsigned long pfn);
void *page_address(const struct page *page);
struct page *virt_to_page(const void *addr);
bool virt_addr_valid(const void *addr);
#define page_to_virt(page) page_address(page)
#define page_to_phys(page) ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
phys_addr_t virt_to_phys(const void *addr);
void *phys_to_virt(phys_addr_t phys);
#define __pa(addr) virt_to_phys((void *)(addr))
#define __va(phys) phys_to_virt(phys)

void get_page(struct page *page);
void put_page(struct page *page);
int page_ref_count(const struct page *page);
#define page_count(page) page_ref_count(page)
#define compound_head(page) (page)
unsigned int get_order(unsigned long size);

bool set_page_dirty(struct page *page);
int set_page_dirty_lock(struct page *page);

static inline unsigned long page_private(const struct page *page)
{
	return page->private;
}

static inline void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

/* ---- mappings of a user ---------------------------------------------- */

#define VM_NONE		0x00000000
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_MAYREAD	0x00000010
#define VM_MAYWRITE	0x00000020
#define VM_MAYEXEC	0x00000040
#define VM_MAYSHARE	0x00000080
#define VM_PFNMAP	0x00000400
#define VM_LOCKED	0x00002000
#define VM_IO		0x00004000
#define VM_DONTCOPY	0x00020000
#define VM_DONTEXPAND	0x00040000
#define VM_ACCOUNT	0x00100000
#define VM_DONTDUMP	0x04000000
#define VM_MIXEDMAP	0x10000000

struct vm_operations_struct {
	/* of the two parts of a mapping that is split; not for mmap() itself */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	const char *(*name)(struct vm_area_struct *vma);
};

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

#if KAPI_VM_FLAGS_SET
/* Under mmap_lock, or in mmap(), where nobody else knows the mapping yet. */
static inline void vm_flags_init(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->__vm_flags = flags;
}

static inline void vm_flags_reset(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->__vm_flags = flags;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->__vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->__vm_flags &= ~flags;
}

static inline void vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set,
				vm_flags_t clear)
{
	vma->__vm_flags = (vma->__vm_flags | set) & ~clear;
}
#endif

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr,
		    unsigned long pfn, unsigned long size, pgprot_t prot);
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr,
		   struct page *page);
vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr,
			  unsigned long pfn);
void zap_vma_ptes(struct vm_area_struct *vma, unsigned long address,
		  unsigned long size);
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flag, unsigned long offset);
int vm_munmap(unsigned long start, size_t len);
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);

/* ---- vmalloc, as far as it is declared here -------------------------- */

bool is_vmalloc_addr(const void *x);
struct page *vmalloc_to_page(const void *addr);
unsigned long vmalloc_to_pfn(const void *addr);

/* ---- pages of a user, pinned ----------------------------------------- */

#define FOLL_WRITE	0x01
#define FOLL_LONGTERM	0x10000

long um_pin_user_pages(unsigned long start, unsigned long nr_pages,
		       unsigned int gup_flags, struct page **pages);
void unpin_user_page(struct page *page);
void unpin_user_pages(struct page **pages, unsigned long npages);

#define pin_user_pages_fast(start, nr, flags, pages)			\
({									\
	might_fault();							\
	um_fallible("pin_user_pages_fast", (long)-ENOMEM,		\
		    um_pin_user_pages(start, nr, flags, pages));	\
})

#endif
