// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices as a driver has them, and the memory that they hand out.
 *
 * Each node below /dev has operations of another kind. The device "chardev"
 * of the class mdev_test has a file "do" as the device "thing" of sysfs_test:
 * what is written there is carried out, and its error is the write's.
 */
#include <linux/anon_inodes.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "chardev_test.h"
#include "mdev_test.h"

#define AREA_PAGES	2

static char text[64];
static char *area;			/* AREA_PAGES of vmalloc() */
static struct page *one_page;
static unsigned long reserved;		/* AREA_PAGES in a row */
static unsigned long last_vm_flags;

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
	unsigned long pfn = page_to_pfn(one_page);
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

static int plain_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err;

	last_vm_flags = vma->vm_flags;
	switch (vma->vm_pgoff) {
	case CD_MAP_VMALLOC:
		return map_area(vma);
	case CD_MAP_PAGE:
		return vm_insert_page(vma, vma->vm_start, one_page);
	case CD_MAP_TWICE:
		err = vm_insert_page(vma, vma->vm_start, one_page);
		return err ?: vm_insert_page(vma, vma->vm_start, one_page);
	case CD_MAP_OUTSIDE:
		return vm_insert_page(vma, vma->vm_end, one_page);
	case CD_MAP_RESERVED:
		return remap_pfn_range(vma, vma->vm_start,
				       virt_to_phys((void *)reserved) >> PAGE_SHIFT,
				       vma->vm_end - vma->vm_start, vma->vm_page_prot);
	case CD_MAP_NOTHING:
		return 0;
	case CD_MAP_WHOLE:
		vma->vm_ops = &whole_ops;
		return 0;
	case CD_MAP_NOT_USERS:
		return remap_vmalloc_range(vma, area, 0);
	case CD_MAP_NO_AREA:
		return remap_vmalloc_range(vma, (void *)reserved, 0);
	case CD_MAP_LATE:
		vm_flags_set(vma, VM_PFNMAP);
		vma->vm_ops = &late_ops;
		return 0;
	case CD_MAP_TOLD:
		vma->vm_ops = &told_ops;
		return vm_insert_page(vma, vma->vm_start, one_page);
	default:
		return -EINVAL;
	}
}

static int get_memory(void)
{
	area = vzalloc(AREA_PAGES * PAGE_SIZE);
	one_page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	reserved = __get_free_pages(GFP_KERNEL | __GFP_ZERO, get_order(AREA_PAGES * PAGE_SIZE));
	return area && one_page && reserved ? 0 : -ENOMEM;
}

static void put_memory(void)
{
	free_pages(reserved, get_order(AREA_PAGES * PAGE_SIZE));
	if (one_page)
		__free_page(one_page);
	vfree(area);
}

/* ---- ioctls --------------------------------------------------------------- */

static ssize_t anon_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, "anonymous", 9);
}

static const struct file_operations anon_fops = {
	.owner = THIS_MODULE,
	.read = anon_read,
	.llseek = default_llseek,
};

static long copy_struct(void __user *arg)
{
	u64 both[2] = { 1, 2 }, size;
	int err;

	if (get_user(size, (u64 __user *)arg))
		return -EFAULT;
	err = copy_struct_from_user(both, sizeof(both), arg + sizeof(size), size);
	return err ?: both[1];
}

static long dup_string(void __user *arg)
{
	char *copy = memdup_user_nul(arg, 8);
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

static long plain_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case CD_FLAGS:
		return !!(file->f_flags & O_NONBLOCK);
	case CD_ANON:
		return anon_inode_getfd("[chardev]", &anon_fops, NULL, O_RDONLY);
	case CD_CLEAR:
		return clear_user((void __user *)arg, 16);
	case CD_STRUCT:
		return copy_struct((void __user *)arg);
	case CD_DUP:
		return dup_string((void __user *)arg);
	case CD_COPY:
		return copy_in((void __user *)arg);
	case CD_PIN:
		return pin(arg);
	case CD_REFS:
		return page_count(one_page);
	case CD_VM_FLAGS:
		return (last_vm_flags & VM_SHARED ? CD_VM_SHARED : 0) |
		       (last_vm_flags & VM_MAYWRITE ? CD_VM_MAYWRITE : 0);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- operations, a kind for each minor number ------------------------------ */

static ssize_t text_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, text, sizeof(text));
}

static ssize_t text_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *pos)
{
	return simple_write_to_buffer(text, sizeof(text), pos, buf, count);
}

/* As many bytes as asked for, all the lowest of the position. */
static ssize_t where_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char byte = *pos;

	if (put_user(byte, buf))
		return -EFAULT;
	*pos += count;
	return count;
}

static int plain_flush(struct file *file, fl_owner_t id)
{
	return mdev_test_call("flush", "plain");
}

static int unsigned_open(struct inode *inode, struct file *file)
{
	/* since 6.12 the operations say so */
#ifdef FMODE_UNSIGNED_OFFSET
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
#endif
	return 0;
}

enum { PLAIN, NONE, NOOP, STREAM, UNSIGNED, OWNERLESS, KINDS, EMPTY = KINDS, MINORS };

static const char *const names[MINORS] = {
	"chardev_plain", "chardev_none", "chardev_noop", "chardev_stream",
	"chardev_unsigned", "chardev_ownerless", "chardev_empty",
};

static const struct file_operations fops[KINDS] = {
	[PLAIN] = {
		.owner = THIS_MODULE,
		.read = text_read,
		.write = text_write,
		.llseek = default_llseek,
		.unlocked_ioctl = plain_ioctl,
		.compat_ioctl = compat_ptr_ioctl,
		.mmap = plain_mmap,
		.flush = plain_flush,
	},
	[NONE] = { .owner = THIS_MODULE, .read = text_read, .llseek = no_llseek },
	[NOOP] = { .owner = THIS_MODULE, .read = text_read, .llseek = noop_llseek },
	[STREAM] = {
		.owner = THIS_MODULE,
		.open = nonseekable_open,
		.read = text_read,
		.llseek = default_llseek,
	},
	[UNSIGNED] = {
		.owner = THIS_MODULE,
		.open = unsigned_open,
#ifndef FMODE_UNSIGNED_OFFSET
		.fop_flags = FOP_UNSIGNED_OFFSET,
#endif
		.read = where_read,
		.llseek = default_llseek,
	},
	[OWNERLESS] = { .owner = THIS_MODULE, .read = text_read },
};

/* ---- numbers and nodes ------------------------------------------------------ */

static dev_t first;
static struct cdev cdevs[KINDS];
static struct cdev *wide;		/* all numbers from MINORS on, 4 of them */
static int old_major;

#define WIDE_FIRST	MINORS
#define WIDE_COUNT	4
#define ALL_MINORS	(MINORS + WIDE_COUNT)

static dev_t number(unsigned int minor)
{
	return MKDEV(MAJOR(first), MINOR(first) + minor);
}

static int node_add(dev_t dev, const char *name)
{
	return PTR_ERR_OR_ZERO(device_create(&mdev_test_class, NULL, dev, NULL, "%s", name));
}

static int do_region(const char *major, const char *minor)
{
	unsigned int a, b;

	if (kstrtouint(major, 0, &a) || kstrtouint(minor, 0, &b))
		return -EINVAL;
	return register_chrdev_region(MKDEV(a, b), 2, "chardev_region");
}

static int do_unregion(const char *major, const char *minor)
{
	unsigned int a, b;

	if (kstrtouint(major, 0, &a) || kstrtouint(minor, 0, &b))
		return -EINVAL;
	unregister_chrdev_region(MKDEV(a, b), 2);
	return 0;
}

/* Over the end of the first major into the second, which @a says is taken. */
static int do_region_over(const char *taken, const char *b)
{
	dev_t from = MKDEV(510, MINORMASK);
	int err, again;

	err = taken[0] ? register_chrdev_region(MKDEV(511, 0), 1, "chardev_taken") : 0;
	if (err)
		return err;
	err = register_chrdev_region(from, 2, "chardev_over");
	/* what is free again can be had */
	again = register_chrdev_region(from, 1, "chardev_again");
	if (!again)
		unregister_chrdev_region(from, 1);
	if (!err)
		unregister_chrdev_region(from, 2);
	if (taken[0])
		unregister_chrdev_region(MKDEV(511, 0), 1);
	if (again != (err ? 0 : -EBUSY))
		return -EIO;
	return err;
}

static int do_our_numbers(const char *a, const char *b)
{
	return register_chrdev(MAJOR(first), "chardev_clash", &fops[PLAIN]);
}

static int do_too_many(const char *a, const char *b)
{
	dev_t dev;

	return alloc_chrdev_region(&dev, 1, MINORMASK + 1, "chardev_many");
}

/* Majors until there are no more. */
static int do_all_majors(const char *a, const char *b)
{
	static dev_t all[CHRDEV_MAJOR_MAX];
	unsigned int n = 0;
	int err = 0;

	while (!err && n < ARRAY_SIZE(all)) {
		err = alloc_chrdev_region(&all[n], 0, 1, "chardev_all");
		if (!err)
			n++;
	}
	while (n)
		unregister_chrdev_region(all[--n], 1);
	return err;
}

static int do_old(const char *a, const char *b)
{
	int err;

	old_major = register_chrdev(0, "chardev_old", &fops[PLAIN]);
	if (old_major < 0)
		return old_major;
	err = node_add(MKDEV(old_major, 7), "chardev_old");
	if (err)
		unregister_chrdev(old_major, "chardev_old");
	return err;
}

/* The node stays for a while: opening it finds nobody. */
static int do_unold(const char *a, const char *b)
{
	unregister_chrdev(old_major, "chardev_old");
	return 0;
}

static int do_unold_node(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, MKDEV(old_major, 7));
	return 0;
}

static int do_wide(const char *a, const char *b)
{
	int err;

	wide = cdev_alloc();
	if (!wide)
		return -ENOMEM;
	wide->owner = THIS_MODULE;
	wide->ops = &fops[NOOP];
	err = cdev_add(wide, number(WIDE_FIRST), WIDE_COUNT);
	if (!err)
		err = node_add(number(WIDE_FIRST + 1), "chardev_wide");
	return err;
}

static int do_unwide(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 1));
	cdev_del(wide);
	return 0;
}

/* One of the numbers of the wide one has operations of its own. */
static int do_narrow(const char *a, const char *b)
{
	cdev_init(&cdevs[NONE], &fops[NONE]);
	return cdev_add(&cdevs[NONE], number(WIDE_FIRST + 1), 1);
}

static int do_number_zero(const char *a, const char *b)
{
	int err;

	cdev_init(&cdevs[NONE], &fops[NONE]);
	err = cdev_add(&cdevs[NONE], 0, 1);
	if (!err)
		cdev_del(&cdevs[NONE]);
	return err;
}

static int do_unnarrow(const char *a, const char *b)
{
	cdev_del(&cdevs[NONE]);
	return 0;
}

static int do_node(const char *name, const char *b)
{
	return node_add(number(WIDE_FIRST + 2), name);
}

static int do_node_below(const char *name, const char *b)
{
	return node_add(number(WIDE_FIRST + 3), name);
}

static int do_unnode(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 2));
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 3));
	return 0;
}

/* ---- memory, each 0 or -EIO -------------------------------------------------- */

static int ok(bool good)
{
	return good ? 0 : -EIO;
}

static int do_krealloc(const char *a, const char *b)
{
	char *p = kmalloc(8, GFP_KERNEL), *q;

	if (!p)
		return -ENOMEM;
	strcpy(p, "kept");
	/* too large a product leaves the block alone */
	if (krealloc_array(p, SIZE_MAX / 2, 4, GFP_KERNEL)) {
		kfree(p);
		return -EIO;
	}
	q = krealloc_array(p, 4096, 4, GFP_KERNEL);
	if (!q) {
		kfree(p);
		return -ENOMEM;
	}
	if (strcmp(q, "kept")) {
		kfree(q);
		return -EIO;
	}
	return ok(ZERO_OR_NULL_PTR(krealloc(q, 0, GFP_KERNEL)));
}

static void construct(void *object)
{
	strcpy(object, "made");
}

static int do_constructor(const char *a, const char *b)
{
	struct kmem_cache *cache;
	char *object;
	int err;

	cache = kmem_cache_create("chardev_test", 64, 0, 0, construct);
	if (!cache)
		return -ENOMEM;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	err = object ? ok(!strcmp(object, "made")) : -ENOMEM;
	if (object)
		kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	return err;
}

static int do_kvmalloc(const char *a, const char *b)
{
	void *p = vmalloc(100);
	int err;

	if (!p)
		return -ENOMEM;
	err = ok(is_vmalloc_addr(p) && vmalloc_to_page(p) &&
		 vmalloc_to_pfn(p) == page_to_pfn(vmalloc_to_page(p)));
	kvfree(p);
	p = kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN);
	kvfree(p);
	return err ?: ok(!p);
}

/* There is no user memory at NULL: who gets that far says -EFAULT. */
static int do_memdup_limits(const char *a, const char *b)
{
	void *small = memdup_user(NULL, KMALLOC_MAX_SIZE + 1);
	void *large = vmemdup_user(NULL, KMALLOC_MAX_SIZE + 1);

	return ok(PTR_ERR(small) == -ENOMEM && PTR_ERR(large) == -EFAULT);
}

static int do_pages(const char *a, const char *b)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *p;
	int err;

	if (!page)
		return -ENOMEM;
	p = page_address(page);
	err = ok(virt_to_phys(p + 5) == page_to_phys(page) + 5 && virt_to_page(p + 5) == page);
	SetPageReserved(page);
	err = err ?: ok(PageReserved(page));
	ClearPageReserved(page);
	err = err ?: ok(!PageReserved(page));
	err = err ?: ok(!PageDirty(page) && set_page_dirty(page) && PageDirty(page));
	/* it is dirty already */
	err = err ?: ok(!set_page_dirty(page));
	__free_page(page);
	return err;
}

static int do_orders(const char *a, const char *b)
{
	return ok(get_order(1) == 0 && get_order(PAGE_SIZE) == 0 &&
		  get_order(PAGE_SIZE + 1) == 1 && get_order(PAGE_SIZE << 4) == 4);
}

static int do_vfree_twice(const char *a, const char *b)
{
	void *p = vmalloc(100);

	vfree(p);
	vfree(p);
	return 0;
}

/* ---- commands ----------------------------------------------------------------- */

static const struct mdev_test_command commands[] = {
	{ "region", do_region },
	{ "unregion", do_unregion },
	{ "region_over", do_region_over },
	{ "our_numbers", do_our_numbers },
	{ "too_many", do_too_many },
	{ "all_majors", do_all_majors },
	{ "old", do_old },
	{ "unold", do_unold },
	{ "unold_node", do_unold_node },
	{ "wide", do_wide },
	{ "unwide", do_unwide },
	{ "narrow", do_narrow },
	{ "unnarrow", do_unnarrow },
	{ "number_zero", do_number_zero },
	{ "node", do_node },
	{ "node_below", do_node_below },
	{ "unnode", do_unnode },
	{ "krealloc", do_krealloc },
	{ "constructor", do_constructor },
	{ "kvmalloc", do_kvmalloc },
	{ "memdup_limits", do_memdup_limits },
	{ "pages", do_pages },
	{ "orders", do_orders },
	{ "vfree_twice", do_vfree_twice },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

static struct device *control;

/* ---- coming and going ---------------------------------------------------------- */

/* NONE stays without a cdev until "narrow": its node is the wide one's. */
static bool has_cdev(unsigned int kind)
{
	return kind != NONE && kind != EMPTY;
}

static void nodes_del(unsigned int n)
{
	while (n-- > 0) {
		if (n != NONE)
			device_destroy(&mdev_test_class, number(n));
		if (has_cdev(n))
			cdev_del(&cdevs[n]);
	}
}

static int nodes_add(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < MINORS; i++) {
		if (has_cdev(i)) {
			cdev_init(&cdevs[i], &fops[i]);
			cdevs[i].owner = i == OWNERLESS ? NULL : THIS_MODULE;
			err = cdev_add(&cdevs[i], number(i), 1);
			if (err)
				break;
		}
		err = i == NONE ? 0 : node_add(number(i), names[i]);
		if (err && has_cdev(i))
			cdev_del(&cdevs[i]);
	}
	if (err)
		nodes_del(i);
	return err;
}

static int control_add(void)
{
	int err;

	control = device_create(&mdev_test_class, NULL, 0, NULL, "chardev");
	if (IS_ERR(control))
		return PTR_ERR(control);
	err = device_create_file(control, &dev_attr_do);
	if (err)
		device_unregister(control);
	return err;
}

static int __init chardev_test_init(void)
{
	int err;

	err = get_memory();
	if (err)
		goto put_memory;
	err = alloc_chrdev_region(&first, 0, ALL_MINORS, "chardev_test");
	if (err)
		goto put_memory;
	err = nodes_add();
	if (err)
		goto unregister;
	err = control_add();
	if (err)
		goto del_nodes;
	return 0;

del_nodes:
	nodes_del(MINORS);
unregister:
	unregister_chrdev_region(first, ALL_MINORS);
put_memory:
	put_memory();
	return err;
}

/* A file of a module that goes: nobody could keep its operations. */
static void try_file(void)
{
	struct file *file = anon_inode_getfile("[late]", &anon_fops, NULL, O_RDONLY);

	mdev_test_call("late_file", PTR_ERR(file) == -ENOENT ? "none" : "some");
	if (!IS_ERR(file))
		fput(file);
}

static void __exit chardev_test_exit(void)
{
	mdev_test_hold("exit");
	try_file();
	device_unregister(control);
	nodes_del(MINORS);
	unregister_chrdev_region(first, ALL_MINORS);
	put_memory();
}

module_init(chardev_test_init);
module_exit(chardev_test_exit);
MODULE_DESCRIPTION("Character devices on command");
MODULE_LICENSE("GPL v2");
