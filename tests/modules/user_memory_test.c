// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of users as a driver meets it: /dev/user_memory copies it, pins its pages,
 * and maps pages of its own into it (user_memory_test.h). Files that come and go are
 * logged, and mappings where that says so.
 */
#include <linux/atomic.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "mdev_test.h"
#include "user_memory_test.h"

static char text[64];
static char *area;			/* two pages of vmalloc() */
static char *users;			/* UT_PAGES of vmalloc_user() */
static struct page *pages[UT_PAGES];
static unsigned long reserved;		/* two pages in a row */
static struct page *held;		/* the user's, pinned */
static unsigned long last_vm_flags;
static atomic_t faults;

/* ---- what is mapped ------------------------------------------------------ */

static int map_area(struct vm_area_struct *vma)
{
	unsigned long i;
	int err = 0;

	for (i = 0; !err && i < vma_pages(vma); i++)
		err = remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE,
				      vmalloc_to_pfn(area + i * PAGE_SIZE), PAGE_SIZE,
				      vma->vm_page_prot);
	return err;
}

static int not_split(struct vm_area_struct *vma, unsigned long addr)
{
	return -EPERM;
}

static const struct vm_operations_struct whole_ops = { .may_split = not_split };

/* Behind the mapping's end the second time: the first must be there all the same. */
static vm_fault_t late_fault(struct vm_fault *vmf)
{
	unsigned long pfn = page_to_pfn(pages[0]);
	vm_fault_t ret = vmf_insert_pfn(vmf->vma, vmf->address, pfn);

	if (ret == VM_FAULT_NOPAGE &&
	    vmf_insert_pfn(vmf->vma, vmf->vma->vm_end, pfn) != VM_FAULT_SIGBUS)
		return VM_FAULT_OOM;
	return ret;
}

static const struct vm_operations_struct late_ops = { .fault = late_fault };

static void told_open(struct vm_area_struct *vma)
{
	mdev_test_call("vm_open", "told");
}

static void told_close(struct vm_area_struct *vma)
{
	mdev_test_call("vm_close", "told");
}

static const struct vm_operations_struct told_ops = { .open = told_open, .close = told_close };

static vm_fault_t fault(struct vm_fault *vmf)
{
	unsigned long i = vmf->pgoff - UT_MAP_FAULT;

	if (i >= UT_PAGES)
		return VM_FAULT_SIGBUS;
	atomic_inc(&faults);
	get_page(pages[i]);
	vmf->page = pages[i];
	return 0;
}

static const struct vm_operations_struct fault_ops = {
	.open = told_open, .close = told_close, .fault = fault,
};

static int node_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	last_vm_flags = vma->vm_flags;
	switch (vma->vm_pgoff) {
	case UT_MAP_VMALLOC:
		return map_area(vma);
	case UT_MAP_PAGE:
		return vm_insert_page(vma, vma->vm_start, pages[0]);
	case UT_MAP_TWICE:
		err = vm_insert_page(vma, vma->vm_start, pages[0]);
		return err ?: vm_insert_page(vma, vma->vm_start, pages[0]);
	case UT_MAP_OUTSIDE:
		return vm_insert_page(vma, vma->vm_end, pages[0]);
	case UT_MAP_RESERVED:
		return remap_pfn_range(vma, vma->vm_start,
				       virt_to_phys((void *)reserved) >> PAGE_SHIFT,
				       vma->vm_end - vma->vm_start, vma->vm_page_prot);
	case UT_MAP_NOTHING:
		return 0;
	case UT_MAP_WHOLE:
		vma->vm_ops = &whole_ops;
		return 0;
	case UT_MAP_NOT_USERS:
		return remap_vmalloc_range(vma, area, 0);
	case UT_MAP_NO_AREA:
		return remap_vmalloc_range(vma, (void *)reserved, 0);
	case UT_MAP_LATE:
		vm_flags_set(vma, VM_PFNMAP);
		vma->vm_ops = &late_ops;
		return 0;
	case UT_MAP_TOLD:
		vma->vm_ops = &told_ops;
		return vm_insert_page(vma, vma->vm_start, pages[0]);
	case UT_MAP_REFUSED:
		return vm_insert_page(vma, vma->vm_start, pages[0]) ?: -EPERM;
	case UT_MAP_USERS ... UT_MAP_USERS + UT_PAGES - 1:
		return remap_vmalloc_range(vma, users, vma->vm_pgoff - UT_MAP_USERS);
	case UT_MAP_FAULT:
		vma->vm_ops = &fault_ops;
		return 0;
	default:
		return -EINVAL;
	}
}

/* ---- copies ------------------------------------------------------------------ */

static long copy_struct(void __user *arg)
{
	u64 both[2] = { 1, 2 }, size;
	int err;

	if (get_user(size, (u64 __user *)arg))
		return -EFAULT;
	err = copy_struct_from_user(both, sizeof(both), arg + sizeof(size), size);
	return err ?: both[1];
}

static long length_of(char *copy)
{
	long len;

	if (IS_ERR(copy))
		return PTR_ERR(copy);
	len = strlen(copy);
	kfree(copy);
	return len;
}

/* What does not come must not be what was there before. */
static long copy_in(void __user *arg)
{
	char buf[16];

	memset(buf, 0x5a, sizeof(buf));
	if (!copy_from_user(buf, arg, sizeof(buf)))
		return 0;
	return memchr_inv(buf, 0, sizeof(buf)) ? -EIO : -EFAULT;
}

static long pin(unsigned long addr)
{
	struct page *pages[2];
	int i, n;

	n = pin_user_pages_fast(addr, ARRAY_SIZE(pages), FOLL_WRITE, pages);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		*(char *)page_address(pages[i]) = 'p';
		set_page_dirty_lock(pages[i]);
	}
	unpin_user_pages(pages, n);
	return n;
}

static long hold(unsigned long addr)
{
	long n = pin_user_pages_fast(addr, 1, FOLL_WRITE, &held);

	return n == 1 ? 0 : n;
}

static long let_go(void)
{
	if (!held)
		return -EINVAL;
	strscpy(page_address(held), "pinned", 7);
	unpin_user_page(held);
	held = NULL;
	return 0;
}

static long add_one(int __user *arg)
{
	int value;

	if (get_user(value, arg))
		return -EFAULT;
	return put_user(value + 1, arg);
}

/* What comes of one of the functions of kstrtox.h. */
#define PARSE(_fn, _type)						\
({									\
	_type __value = 0;						\
	int __err = _fn##_from_user(arg->text, n.len, 0, &__value);	\
									\
	n.value = __value;						\
	__err;								\
})

static long parse_number(struct ut_number __user *arg)
{
	struct ut_number n;
	bool on = false;
	long ret;

	if (copy_from_user(&n, arg, sizeof(n)))
		return -EFAULT;
	switch (n.type) {
	case UT_ULL:
		ret = PARSE(kstrtoull, unsigned long long);
		break;
	case UT_LL:
		ret = PARSE(kstrtoll, long long);
		break;
	case UT_UL:
		ret = PARSE(kstrtoul, unsigned long);
		break;
	case UT_L:
		ret = PARSE(kstrtol, long);
		break;
	case UT_INT:
		ret = PARSE(kstrtoint, int);
		break;
	case UT_UINT:
		ret = PARSE(kstrtouint, unsigned int);
		break;
	case UT_U16:
		ret = PARSE(kstrtou16, u16);
		break;
	case UT_U8:
		ret = PARSE(kstrtou8, u8);
		break;
	default:
		ret = kstrtobool_from_user(arg->text, n.len, &on);
		n.value = on;
	}
	return put_user(n.value, &arg->value) ?: ret;
}

static long node_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	char name[16];

	switch (cmd) {
	case UT_CLEAR:
		return clear_user((void __user *)arg, 16);
	case UT_STRUCT:
		return copy_struct((void __user *)arg);
	case UT_DUP:
		return length_of(memdup_user_nul((void __user *)arg, 8));
	case UT_STRNDUP:
		return length_of(strndup_user((char __user *)arg, 6));
	case UT_COPY:
		return copy_in((void __user *)arg);
	case UT_ADD_ONE:
		return add_one((int __user *)arg);
	case UT_STRING:
		return strncpy_from_user(name, (char __user *)arg, sizeof(name));
	case UT_STRNLEN:
		return strnlen_user((char __user *)arg, sizeof(name));
	case UT_NUMBER:
		return parse_number((struct ut_number __user *)arg);
	case UT_PIN:
		return pin(arg);
	case UT_HOLD:
		return hold(arg);
	case UT_LET_GO:
		return let_go();
	case UT_REFS:
		return arg < UT_PAGES ? page_count(pages[arg]) : -EINVAL;
	case UT_FAULTS:
		return atomic_read(&faults);
	case UT_VM_FLAGS:
		return (last_vm_flags & VM_SHARED ? UT_VM_SHARED : 0) |
		       (last_vm_flags & VM_MAYWRITE ? UT_VM_MAYWRITE : 0);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- the file -------------------------------------------------------------------- */

static int node_open(struct inode *inode, struct file *file)
{
	return mdev_test_call("open", "user_memory");
}

static int node_release(struct inode *inode, struct file *file)
{
	return mdev_test_call("release", "user_memory");
}

static ssize_t node_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, text, sizeof(text));
}

static ssize_t node_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return simple_write_to_buffer(text, sizeof(text), pos, buf, count);
}

static const struct file_operations node_fops = {
	.owner = THIS_MODULE,
	.open = node_open,
	.release = node_release,
	.read = node_read,
	.write = node_write,
	.llseek = default_llseek,
	.unlocked_ioctl = node_ioctl,
	.mmap = node_mmap,
};

/* ---- coming and going --------------------------------------------------------------- */

static struct cdev cdev;
static dev_t number;

static void put_memory(void)
{
	unsigned int i;

	for (i = 0; i < UT_PAGES; i++)
		if (pages[i])
			__free_page(pages[i]);
	free_pages(reserved, 1);
	vfree(users);
	vfree(area);
}

static int get_memory(void)
{
	bool all = true;
	unsigned int i;

	area = vzalloc(2 * PAGE_SIZE);
	users = vmalloc_user(UT_PAGES * PAGE_SIZE);
	reserved = __get_free_pages(GFP_KERNEL | __GFP_ZERO, 1);
	for (i = 0; i < UT_PAGES; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		all = all && pages[i];
	}
	return all && area && users && reserved ? 0 : -ENOMEM;
}

static int __init user_memory_test_init(void)
{
	int err = get_memory();

	if (err)
		goto put_memory;
	err = alloc_chrdev_region(&number, 0, 1, "user_memory_test");
	if (err)
		goto put_memory;
	cdev_init(&cdev, &node_fops);
	cdev.owner = THIS_MODULE;
	err = cdev_add(&cdev, number, 1);
	if (err)
		goto unregister_region;
	err = PTR_ERR_OR_ZERO(device_create(&mdev_test_class, NULL, number, NULL, "user_memory"));
	if (err)
		goto del_cdev;
	return 0;

del_cdev:
	cdev_del(&cdev);
unregister_region:
	unregister_chrdev_region(number, 1);
put_memory:
	put_memory();
	return err;
}

static void __exit user_memory_test_exit(void)
{
	device_destroy(&mdev_test_class, number);
	cdev_del(&cdev);
	unregister_chrdev_region(number, 1);
	let_go();
	put_memory();
}

module_init(user_memory_test_init);
module_exit(user_memory_test_exit);
MODULE_DESCRIPTION("Memory of users");
MODULE_LICENSE("GPL v2");
