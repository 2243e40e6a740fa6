// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user has mapped.
 *
 * There is one user process and one struct mm_struct. A mapping is address
 * space reserved on the host, at its real address, with pieces of the memory
 * file over those pages that are present; um_ptes has a word for each page.
 * A page that is not present and whose mapping has a fault handler is got
 * when somebody touches it: the host's signal handler calls um_user_fault()
 * in the task that touched, copy_*_user() asks for itself.
 *
 * The mmap lock is held as in the kernel: for writing around mmap and munmap
 * with the driver's callbacks, for reading around fault(). The list and the
 * words are under a spinlock besides, so that a copy which needs no fault
 * needs no mmap lock.
 *
 * Left out: copy on write (a private mapping of a file must not be writable),
 * MAP_FIXED, mprotect, growing or moving a mapping, merging, and page frames
 * that are no memory.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fs/internal.h"
#include "host/memory.h"
#include "kernel/sched/sched.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

/* um_ptes: frame number above these */
#define PTE_PRESENT	1UL
#define PTE_REF		2UL	/* the mapping holds a reference on the page */
#define PTE_SHIFT	2

static struct mm_struct user_mm = {
	.mmap_lock = __RWSEM_INITIALIZER(user_mm.mmap_lock),
	.mm_users = ATOMIC_INIT(1),
	.mm_count = ATOMIC_INIT(1),
	.um_vmas = LIST_HEAD_INIT(user_mm.um_vmas),
};
/* the list, and the words of all mappings */
static DEFINE_SPINLOCK(ptes_lock);

/* ---- pages of a mapping ---------------------------------------------- */

static unsigned long *pte_of(struct vm_area_struct *vma, unsigned long addr)
{
	return &vma->um_ptes[(addr - vma->vm_start) >> PAGE_SHIFT];
}

static bool vma_has(const struct vm_area_struct *vma, unsigned long addr,
		    unsigned long size)
{
	return addr >= vma->vm_start && addr <= vma->vm_end &&
	       size <= vma->vm_end - addr;
}

static int pte_set(struct vm_area_struct *vma, unsigned long addr,
		   struct page *page, unsigned long ref)
{
	unsigned long *pte = pte_of(vma, addr);
	int err = 0;

	spin_lock(&ptes_lock);
	if (*pte & PTE_PRESENT) {
		err = -EBUSY;
	} else if (!host_map_pages((void *)addr, um_page_index(page) << PAGE_SHIFT,
				   PAGE_SIZE, vma->vm_flags & VM_READ,
				   vma->vm_flags & VM_WRITE)) {
		err = -ENOMEM;
	} else {
		*pte = page_to_pfn(page) << PTE_SHIFT | PTE_PRESENT | ref;
	}
	spin_unlock(&ptes_lock);
	return err;
}

static void zap(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	unsigned long addr, pte;

	for (addr = start; addr < end; addr += PAGE_SIZE) {
		spin_lock(&ptes_lock);
		pte = *pte_of(vma, addr);
		*pte_of(vma, addr) = 0;
		if (pte & PTE_PRESENT)
			host_map_revoke((void *)addr, PAGE_SIZE);
		spin_unlock(&ptes_lock);
		if (pte & PTE_REF)
			put_page(pfn_to_page(pte >> PTE_SHIFT));
	}
}

/**
 * vm_insert_page() - map one page, with a reference that the mapping keeps
 * @vma: mapping, in the driver's mmap() or fault()
 * @addr: where in it, a multiple of the page size
 * @page: page; the caller keeps its own reference
 *
 * Context: may sleep. BUG() for a mapping of VM_PFNMAP.
 *
 * Return: 0; -EFAULT outside the mapping; -EINVAL for a page nobody holds;
 * -EBUSY where a page is mapped already; -ENOMEM.
 */
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr,
		   struct page *page)
{
	int err;

	if (!vma_has(vma, addr, PAGE_SIZE))
		return -EFAULT;
	if (!page_ref_count(page))
		return -EINVAL;
	if (!(vma->vm_flags & VM_MIXEDMAP)) {
		BUG_ON(vma->vm_flags & VM_PFNMAP);
		vma->vm_flags |= VM_MIXEDMAP;
	}
	get_page(page);
	err = pte_set(vma, addr, page, PTE_REF);
	if (err)
		put_page(page);
	return err;
}
EXPORT_SYMBOL(vm_insert_page);

/**
 * remap_pfn_range() - map page frames, without references on pages
 * @vma: mapping, in the driver's mmap()
 * @addr: where in it, a multiple of the page size
 * @pfn: first frame; it must be memory of the shim
 * @size: bytes
 * @prot: not looked at: taken from the mapping in any case
 *
 * Context: may sleep. BUG() where a page is mapped already, as in Linux.
 *
 * Return: 0; -EINVAL, with a splat, for a bad address, a range that is not
 * within @vma, and a frame that is no memory; -ENOMEM.
 */
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr,
		    unsigned long pfn, unsigned long size, pgprot_t prot)
{
	unsigned long end = addr + PAGE_ALIGN(size);
	int err;

	if (WARN_ON_ONCE(!PAGE_ALIGNED(addr)))
		return -EINVAL;
	if (!vma_has(vma, addr, PAGE_ALIGN(size))) {
		um_splat("mmap", "remap_pfn_range() of %lu bytes at %#lx runs out of its mapping %#lx-%#lx",
			 size, addr, vma->vm_start, vma->vm_end);
		return -EINVAL;
	}
	vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	for (; addr < end; addr += PAGE_SIZE, pfn++) {
		if (!pfn_valid(pfn)) {
			um_splat("mmap", "remap_pfn_range() of frame %#lx, which is no memory of the shim",
				 pfn);
			return -EINVAL;
		}
		err = pte_set(vma, addr, pfn_to_page(pfn), 0);
		BUG_ON(err == -EBUSY);
		if (err)
			return err;
	}
	return 0;
}
EXPORT_SYMBOL(remap_pfn_range);

/**
 * vmf_insert_pfn() - as remap_pfn_range() for one page, from a fault handler
 * @vma: mapping, VM_PFNMAP or VM_MIXEDMAP; else BUG()
 * @addr: the address of the fault
 * @pfn: the frame; it must be memory of the shim
 *
 * Context: as a fault handler.
 *
 * Return: what the handler returns: VM_FAULT_NOPAGE, also where a page is
 * mapped already, which stays; VM_FAULT_SIGBUS outside the mapping and for a
 * frame that is no memory; VM_FAULT_OOM.
 */
vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr,
			  unsigned long pfn)
{
	int err;

	BUG_ON(!(vma->vm_flags & (VM_PFNMAP | VM_MIXEDMAP)));
	if (!vma_has(vma, addr, PAGE_SIZE) || !pfn_valid(pfn))
		return VM_FAULT_SIGBUS;
	err = pte_set(vma, addr & PAGE_MASK, pfn_to_page(pfn), 0);
	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	return VM_FAULT_NOPAGE;
}
EXPORT_SYMBOL(vmf_insert_pfn);

/**
 * zap_vma_ptes() - unmap pages: the next touch faults
 * @vma: mapping, VM_PFNMAP; nothing happens to another
 * @address: where in it, a multiple of the page size
 * @size: bytes; nothing happens if they are not all within @vma
 *
 * Context: may sleep.
 */
void zap_vma_ptes(struct vm_area_struct *vma, unsigned long address,
		  unsigned long size)
{
	if (!vma_has(vma, address, size) || !(vma->vm_flags & VM_PFNMAP))
		return;
	zap(vma, address, address + PAGE_ALIGN(size));
}
EXPORT_SYMBOL(zap_vma_ptes);

/* A user has the page at @addr: what he writes there is not seen. */
static void page_given(struct vm_area_struct *vma, unsigned long addr)
{
	unsigned long pte = READ_ONCE(*pte_of(vma, addr));
	struct page *page;

	if (!(pte & PTE_PRESENT))
		return;
	page = pfn_to_page(pte >> PTE_SHIFT);
	um_begin(UM_USER_MAP, .user = addr, .start = page_address(page), .size = PAGE_SIZE,
		 .object = test_bit(UM_PG_vmalloc, &page->flags) ? page->um_head : page);
	host_memory_written(page_address(page), PAGE_SIZE);
}

/* ---- looking up ------------------------------------------------------ */

/**
 * vma_lookup() - the mapping at an address
 * @mm: the address space
 * @addr: the address
 *
 * Context: mmap_lock is held; it keeps the mapping.
 *
 * Return: the mapping, or NULL.
 */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &mm->um_vmas, um_link)
		if (addr >= vma->vm_start && addr < vma->vm_end)
			return vma;
	return NULL;
}
EXPORT_SYMBOL(vma_lookup);

bool um_is_mapped(unsigned long addr)
{
	bool found;

	spin_lock(&ptes_lock);
	found = vma_lookup(&user_mm, addr);
	spin_unlock(&ptes_lock);
	return found;
}

static bool allowed(const struct vm_area_struct *vma, bool write)
{
	return vma->vm_flags & (write ? VM_WRITE : VM_READ);
}

/* ---- faults ---------------------------------------------------------- */

static vm_fault_t call_fault(struct vm_area_struct *vma, unsigned long addr, bool write)
{
	struct vm_fault vmf = {
		.vma = vma,
		.gfp_mask = GFP_HIGHUSER,
		.address = addr & PAGE_MASK,
		.real_address = addr,
		.pgoff = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT),
		.flags = FAULT_FLAG_USER | (write ? FAULT_FLAG_WRITE : 0),
	};
	vm_fault_t ret;

	ret = vma->vm_ops->fault(&vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return ret;
	if (WARN_ON_ONCE(!vmf.page))
		return VM_FAULT_SIGBUS;
	/* the handler's reference becomes the mapping's */
	switch (pte_set(vma, vmf.address, vmf.page, PTE_REF)) {
	case 0:
		return 0;
	case -EBUSY:
		put_page(vmf.page);
		return 0;
	default:
		put_page(vmf.page);
		return VM_FAULT_OOM;
	}
}

static vm_fault_t handle_fault(unsigned long addr, bool write)
{
	struct vm_area_struct *vma;
	vm_fault_t ret = VM_FAULT_SIGSEGV;

	mmap_read_lock(&user_mm);
	vma = vma_lookup(&user_mm, addr);
	if (!vma || !allowed(vma, write))
		goto unlock;
	ret = 0;
	if (READ_ONCE(*pte_of(vma, addr)) & PTE_PRESENT)
		goto unlock;
	if (vma->vm_ops && vma->vm_ops->fault)
		ret = call_fault(vma, addr, write);
	else
		ret = VM_FAULT_SIGBUS;
	if (!(ret & VM_FAULT_ERROR))
		page_given(vma, addr & PAGE_MASK);
unlock:
	mmap_read_unlock(&user_mm);
	return ret;
}

bool um_user_fault(unsigned long addr, bool write)
{
	vm_fault_t ret;

	/* who has the lock that everything waits under reads no user's memory, and cannot wait */
	if (um_this()->op.quiet || !um_is_mapped(addr))
		return false;
	um_syscall_enter();
	ret = handle_fault(addr, write);
	um_syscall_exit();
	if (ret & VM_FAULT_SIGSEGV)
		return false;
	if (ret & VM_FAULT_ERROR)
		host_raise_sigbus(addr);
	return true;
}

/* 1 with a referenced page, 0 when a fault is needed, or -EFAULT. */
static int page_now(unsigned long addr, bool write, bool pinnable, struct page **page)
{
	struct vm_area_struct *vma;
	unsigned long pte;
	int ret = -EFAULT;

	spin_lock(&ptes_lock);
	vma = vma_lookup(&user_mm, addr);
	if (!vma || !allowed(vma, write) ||
	    (pinnable && vma->vm_flags & (VM_IO | VM_PFNMAP)))
		goto unlock;
	pte = *pte_of(vma, addr);
	ret = 0;
	if (!(pte & PTE_PRESENT))
		goto unlock;
	*page = pfn_to_page(pte >> PTE_SHIFT);
	get_page(*page);
	ret = 1;
unlock:
	spin_unlock(&ptes_lock);
	return ret;
}

struct page *um_mapped_page(unsigned long addr, bool write, bool pinnable)
{
	struct page *page;
	int found;

	for (;;) {
		found = page_now(addr, write, pinnable, &page);
		if (found > 0)
			return page;
		if (found < 0 || handle_fault(addr, write) & VM_FAULT_ERROR)
			return ERR_PTR(-EFAULT);
	}
}

/* ---- mmap ------------------------------------------------------------ */

static struct vm_area_struct *vma_new(unsigned long start, unsigned long size)
{
	struct vm_area_struct *vma = host_zalloc(sizeof(*vma));

	if (!vma)
		return NULL;
	vma->um_ptes = host_zalloc((size >> PAGE_SHIFT) * sizeof(*vma->um_ptes));
	if (!vma->um_ptes) {
		host_free(vma);
		return NULL;
	}
	vma->vm_start = start;
	vma->vm_end = start + size;
	vma->vm_mm = &user_mm;
	return vma;
}

static void vma_free(struct vm_area_struct *vma)
{
	host_free(vma->um_ptes);
	host_free(vma);
}

static unsigned long prot_flags(int prot)
{
	return (prot & PROT_READ ? VM_READ : 0) |
	       (prot & PROT_WRITE ? VM_WRITE : 0) |
	       (prot & PROT_EXEC ? VM_EXEC : 0);
}

/* What the file's mode and the kind of mapping allow: VM_* flags or an error. */
static long file_flags(const struct file *file, int prot, int flags)
{
	unsigned long vm = prot_flags(prot) | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
	case MAP_SHARED_VALIDATE:
		if (prot & PROT_WRITE && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		vm |= VM_SHARED | VM_MAYSHARE;
		if (!(file->f_mode & FMODE_WRITE))
			vm &= ~(VM_MAYWRITE | VM_SHARED);
		break;
	case MAP_PRIVATE:
		break;
	default:
		return -EINVAL;
	}
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (!file->f_op->mmap)
		return -ENODEV;
	if ((flags & MAP_TYPE) == MAP_PRIVATE && prot & PROT_WRITE)
		return -EOPNOTSUPP;
	return vm;
}

static int map_file(struct vm_area_struct *vma, struct file *file)
{
	unsigned long addr;
	int err;

	vma->vm_file = get_file(file);
	err = call_mmap(file, vma);
	if (!err) {
		for (addr = vma->vm_start; addr < vma->vm_end; addr += PAGE_SIZE)
			page_given(vma, addr);
		return 0;
	}
	vma->vm_file = NULL;
	zap(vma, vma->vm_start, vma->vm_end);
	fput(file);
	return err;
}

static int map_anonymous(struct vm_area_struct *vma)
{
	unsigned long n = vma_pages(vma), i;
	struct page *page = um_arena_alloc(n, 0);
	int err = 0;

	if (!page)
		return -ENOMEM;
	um_arena_zero(page, n);
	for (i = 0; i < n; i++) {
		if (!err)
			err = pte_set(vma, vma->vm_start + i * PAGE_SIZE, page + i, PTE_REF);
		if (err)
			put_page(page + i);
	}
	if (err)
		zap(vma, vma->vm_start, vma->vm_end);
	return err;
}

static void *map_region(struct file *file, unsigned long size,
			unsigned long vm_flags, unsigned long pgoff)
{
	struct vm_area_struct *vma;
	void *start;
	int err = -ENOMEM;

	host_memory_catch();
	start = host_map_reserve(size);
	if (!start)
		return ERR_PTR(-ENOMEM);
	vma = vma_new((unsigned long)start, size);
	if (!vma)
		goto release;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = __pgprot(vm_flags & (VM_READ | VM_WRITE | VM_EXEC | VM_SHARED));
	vma->vm_pgoff = pgoff;
	mmap_write_lock(&user_mm);
	err = file ? map_file(vma, file) : map_anonymous(vma);
	if (!err) {
		spin_lock(&ptes_lock);
		list_add_tail(&vma->um_link, &user_mm.um_vmas);
		spin_unlock(&ptes_lock);
	}
	mmap_write_unlock(&user_mm);
	if (!err)
		return start;
	vma_free(vma);
release:
	host_map_release(start, size);
	return ERR_PTR(err);
}

/* @file is the caller's; without one it is anonymous memory. */
static void *map_user(struct file *file, size_t length, int prot, int flags, int64_t offset)
{
	unsigned long size = PAGE_ALIGN(length);
	long vm_flags;

	if (offset & ~PAGE_MASK || !length || flags & MAP_FIXED)
		return ERR_PTR(-EINVAL);
	if (!size || size > TASK_SIZE_MAX)
		return ERR_PTR(-ENOMEM);
	if (file && !(file->f_mode & FMODE_UNSIGNED_OFFSET) && (u64)offset > ULONG_MAX - size)
		return ERR_PTR(-EOVERFLOW);
	vm_flags = file ? file_flags(file, prot, flags) :
			  (long)(prot_flags(prot) | VM_MAYREAD | VM_MAYWRITE);
	if (vm_flags < 0)
		return ERR_PTR(vm_flags);
	return map_region(file, size, vm_flags, (u64)offset >> PAGE_SHIFT);
}

static void *do_mmap(size_t length, int prot, int flags, int fd, int64_t offset)
{
	struct file *file = NULL;
	void *ret;

	if (offset & ~PAGE_MASK)
		return ERR_PTR(-EINVAL);
	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return ERR_PTR(-EBADF);
	}
	ret = map_user(file, length, prot, flags, offset);
	if (file)
		fput(file);
	return ret;
}

void *um_mmap(size_t length, int prot, int flags, int fd, int64_t offset)
{
	void *ret;

	um_syscall_enter();
	ret = do_mmap(length, prot, flags, fd, offset);
	um_syscall_exit();
	return ret;
}

/**
 * vm_mmap() - map a file, or memory, for the user, from inside the kernel
 * @file: the file, or NULL for anonymous memory
 * @addr: a wish, which is not granted
 * @len: bytes
 * @prot: PROT_READ and so on
 * @flag: MAP_SHARED and so on; MAP_FIXED is refused
 * @offset: into @file, a multiple of the page size
 *
 * Context: may sleep; mmap_lock is not held.
 *
 * Return: the user's address, or a negative errno.
 */
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len,
		      unsigned long prot, unsigned long flag, unsigned long offset)
{
	return (unsigned long)map_user(file, len, prot, flag, offset);
}
EXPORT_SYMBOL(vm_mmap);

/* ---- munmap ---------------------------------------------------------- */

/* Cuts @vma in two at @addr; the upper part is new and follows it on the list. */
static int split(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper;
	unsigned long *ptes;
	int err;

	if (vma->vm_ops && vma->vm_ops->may_split) {
		err = vma->vm_ops->may_split(vma, addr);
		if (err)
			return err;
	}
	upper = vma_new(addr, vma->vm_end - addr);
	if (!upper)
		return -ENOMEM;
	ptes = upper->um_ptes;
	*upper = *vma;
	upper->um_ptes = ptes;
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	if (upper->vm_file)
		get_file(upper->vm_file);
	if (upper->vm_ops && upper->vm_ops->open)
		upper->vm_ops->open(upper);
	spin_lock(&ptes_lock);
	memcpy(ptes, pte_of(vma, addr), vma_pages(upper) * sizeof(*ptes));
	vma->vm_end = addr;
	list_add(&upper->um_link, &vma->um_link);
	spin_unlock(&ptes_lock);
	return 0;
}

static void unmap(struct vm_area_struct *vma)
{
	spin_lock(&ptes_lock);
	list_del(&vma->um_link);
	spin_unlock(&ptes_lock);
	zap(vma, vma->vm_start, vma->vm_end);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	host_map_release((void *)vma->vm_start, vma->vm_end - vma->vm_start);
	vma_free(vma);
}

static int do_munmap(unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma, *next;
	int err;

	list_for_each_entry(vma, &user_mm.um_vmas, um_link) {
		if (vma->vm_start < start && start < vma->vm_end) {
			err = split(vma, start);
			if (err)
				return err;
		}
		if (vma->vm_start < end && end < vma->vm_end) {
			err = split(vma, end);
			if (err)
				return err;
		}
	}
	list_for_each_entry_safe(vma, next, &user_mm.um_vmas, um_link)
		if (vma->vm_start >= start && vma->vm_end <= end)
			unmap(vma);
	return 0;
}

/**
 * vm_munmap() - take mappings of the user away, from inside the kernel
 * @start: address, a multiple of the page size
 * @len: bytes
 *
 * Context: may sleep; mmap_lock is not held.
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int vm_munmap(unsigned long start, size_t len)
{
	int err;

	if (!PAGE_ALIGNED(start) || !len || len > TASK_SIZE_MAX || start > TASK_SIZE_MAX - len)
		return -EINVAL;
	mmap_write_lock(&user_mm);
	err = do_munmap(start, start + PAGE_ALIGN(len));
	mmap_write_unlock(&user_mm);
	return err;
}
EXPORT_SYMBOL(vm_munmap);

int um_munmap(void *addr, size_t length)
{
	int err;

	um_syscall_enter();
	err = vm_munmap((unsigned long)addr, length);
	um_syscall_exit();
	return err;
}

unsigned int um_unmap_files(void)
{
	struct vm_area_struct *vma, *next;
	unsigned int n = 0;

	um_syscall_enter();
	mmap_write_lock(&user_mm);
	list_for_each_entry_safe(vma, next, &user_mm.um_vmas, um_link) {
		if (!vma->vm_file)
			continue;
		unmap(vma);
		n++;
	}
	mmap_write_unlock(&user_mm);
	um_syscall_exit();
	return n;
}

/* ---- a child's ------------------------------------------------------- */

/*
 * Drivers are told of a child's mappings, and those keep their files. Pages are
 * the parent's: a child reads and writes there.
 */
static struct vm_area_struct *copy_vma(const struct vm_area_struct *vma)
{
	struct vm_area_struct *copy = vma_new(vma->vm_start, vma->vm_end - vma->vm_start);
	unsigned long *ptes;

	if (!copy)
		return NULL;
	ptes = copy->um_ptes;
	*copy = *vma;
	copy->um_ptes = ptes;
	get_file(copy->vm_file);
	if (copy->vm_ops && copy->vm_ops->open)
		copy->vm_ops->open(copy);
	return copy;
}

int um_mappings_copy(struct list_head *copies)
{
	struct vm_area_struct *vma, *copy;
	int err = 0;

	mmap_write_lock(&user_mm);
	list_for_each_entry(vma, &user_mm.um_vmas, um_link) {
		if (!vma->vm_file || vma->vm_flags & VM_DONTCOPY)
			continue;
		copy = copy_vma(vma);
		if (!copy) {
			err = -ENOMEM;
			break;
		}
		list_add_tail(&copy->um_link, copies);
	}
	mmap_write_unlock(&user_mm);
	if (err)
		um_mappings_exit(copies);
	return err;
}

void um_mappings_exit(struct list_head *copies)
{
	struct vm_area_struct *copy, *next;

	mmap_write_lock(&user_mm);
	list_for_each_entry_safe(copy, next, copies, um_link) {
		list_del(&copy->um_link);
		if (copy->vm_ops && copy->vm_ops->close)
			copy->vm_ops->close(copy);
		fput(copy->vm_file);
		vma_free(copy);
	}
	mmap_write_unlock(&user_mm);
}

/* ---- mremap ---------------------------------------------------------- */

static int do_mremap(unsigned long addr, unsigned long old, unsigned long new)
{
	struct vm_area_struct *vma = vma_lookup(&user_mm, addr);

	if (!vma)
		return -EFAULT;
	if (old == new)
		return 0;
	if (old > new)
		return do_munmap(addr + new, addr + old);
	if (old > vma->vm_end - addr || vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
		return -EFAULT;
	/* there is never room behind a mapping */
	return -ENOMEM;
}

int um_mremap(void *addr, size_t old_length, size_t new_length)
{
	unsigned long start = (unsigned long)addr;
	int err;

	if (!PAGE_ALIGNED(start) || !PAGE_ALIGN(new_length) || old_length > TASK_SIZE_MAX ||
	    start > TASK_SIZE_MAX - old_length)
		return -EINVAL;
	um_syscall_enter();
	mmap_write_lock(&user_mm);
	err = do_mremap(start, PAGE_ALIGN(old_length), PAGE_ALIGN(new_length));
	mmap_write_unlock(&user_mm);
	um_syscall_exit();
	return err;
}
