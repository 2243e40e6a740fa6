// SPDX-License-Identifier: GPL-2.0-only
/* See vfs_faults_kern.h. */
#include <linux/anon_inodes.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include <umdev/umdev.h>

#include "compat/const.h"
#include "vfs_faults_kern.h"

volatile int vf_releases;

static struct page *page, *other;
static struct kobject *dir, *child;

/* ---- the device ------------------------------------------------------- */

static int vf_release(struct inode *inode, struct file *file)
{
	vf_releases++;
	return 0;
}

static const struct file_operations anon_fops = { .release = vf_release };

static struct file *anon(void)
{
	return anon_inode_getfile("[vf]", &anon_fops, NULL, O_RDWR);
}

static long fput_many(void)
{
	struct file *files[3];
	int i;

	for (i = 0; i < 3; i++) {
		files[i] = anon();
		if (IS_ERR(files[i]))
			return PTR_ERR(files[i]);
	}
	for (i = 0; i < 3; i++)
		fput(files[i]);
	/* they go when the system call ends */
	return vf_releases;
}

static long fput_twice(void)
{
	struct file *file = anon();

	if (IS_ERR(file))
		return PTR_ERR(file);
	fput(file);
	fput(file);
	return 0;
}

static long vf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VF_FPUT_MANY:
		return fput_many();
	case VF_FPUT_TWICE:
		return fput_twice();
	case VF_OPEN:
		return anon_inode_getfd("[vf]", &anon_fops, NULL, O_RDWR);
	default:
		return -ENOTTY;
	}
}

/* As if another task's fault on the same page had been quicker. */
static vm_fault_t late_fault(struct vm_fault *vmf)
{
	if (vm_insert_page(vmf->vma, vmf->address, page))
		return VM_FAULT_OOM;
	get_page(other);
	vmf->page = other;
	return 0;
}

static const struct vm_operations_struct late_ops = { .fault = late_fault };

static int vf_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned long size = vma->vm_end - vma->vm_start;

	switch (vma->vm_pgoff) {
	case VF_MAP_PAGE:
		return vm_insert_page(vma, vma->vm_start, page);
	case VF_MAP_LONG:
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(page),
				       size + PAGE_SIZE, vma->vm_page_prot);
	case VF_MAP_NO_FRAME:
		return remap_pfn_range(vma, vma->vm_start, 1, size, vma->vm_page_prot);
	case VF_MAP_FAULT:
		vma->vm_ops = &late_ops;
		return 0;
	default:
		return -EINVAL;
	}
}

static const struct file_operations vf_fops = {
	.unlocked_ioctl = vf_ioctl,
	.mmap = vf_mmap,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vf",
	.fops = &vf_fops,
};

int vf_page_refs(void)
{
	return page_ref_count(page);
}

char *vf_page_bytes(void)
{
	return page_address(page);
}

/* ---- pages -------------------------------------------------------------- */

void vf_use_free_page(void)
{
	struct page *gone = alloc_page(GFP_KERNEL);

	__free_page(gone);
	get_page(gone);
	put_page(gone);
	put_page(gone);
}

void vf_free_wrong_order(void)
{
	__free_pages(alloc_pages(GFP_KERNEL, 1), 0);
}

int vf_large_is_zero(void)
{
	unsigned int order = get_order(128 * PAGE_SIZE);
	unsigned long first, i;
	int err = 0;

	/* round the window: the same piece comes again */
	for (i = 0; !err && i < 200; i++) {
		first = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		if (!first)
			return -ENOMEM;
		if (memchr_inv((void *)first, 0, 2 * PAGE_SIZE))
			err = -EIO;
		memset((void *)first, 'x', 2 * PAGE_SIZE);
		free_pages(first, order);
	}
	return err;
}

/* ---- attributes and groups ------------------------------------------------ */

static ssize_t any_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "any\n");
}

static ssize_t any_store(struct kobject *kobj, struct kobj_attribute *attr,
			 const char *buf, size_t count)
{
	return count;
}

static struct kobj_attribute one = __ATTR(one, 0644, any_show, any_store);
static struct kobj_attribute two = __ATTR(two, 0644, any_show, any_store);
static struct kobj_attribute three = __ATTR(three, 0644, any_show, any_store);
static struct kobj_attribute four = __ATTR_PREALLOC(four, 0644, any_show, any_store);
static struct bin_attribute blob = __BIN_ATTR(blob, 0600, NULL, NULL, 0);

static struct attribute *some[] = { &one.attr, &two.attr, NULL };
static kapi_bin_const struct bin_attribute *kapi_bin_const some_bin[] = { &blob, NULL };
static const struct attribute_group named = {
	.name = "named", .attrs = some, .bin_attrs = some_bin,
};
static const struct attribute_group nameless = { .attrs = some };
static const struct attribute_group *groups[] = { &named, &nameless, NULL };
static struct attribute *more[] = { &three.attr, &four.attr, NULL };
static const struct attribute_group added = { .name = "named", .attrs = more };
static const struct attribute *row[] = { &one.attr, &two.attr, NULL };

/* ---- scenarios -------------------------------------------------------------- */

static dev_t numbers;
static int major, fd;

static long take_numbers(void *arg)
{
	return alloc_chrdev_region(&numbers, 0, 4, "vf");
}

static long drop_numbers(void *arg)
{
	unregister_chrdev_region(numbers, 4);
	return 0;
}

/* A region of two majors. */
static long take_two(void *arg)
{
	return register_chrdev_region(MKDEV(500, MINORMASK), 2, "vf");
}

static long drop_two(void *arg)
{
	unregister_chrdev_region(MKDEV(500, MINORMASK), 2);
	return 0;
}

static long take_old(void *arg)
{
	major = register_chrdev(0, "vf", &vf_fops);
	return major < 0 ? major : 0;
}

static long drop_old(void *arg)
{
	unregister_chrdev(major, "vf");
	return 0;
}

static long open_anon(void *arg)
{
	fd = anon_inode_getfd("[vf]", &anon_fops, NULL, O_RDWR);
	return fd < 0 ? fd : 0;
}

static long close_it(void *arg)
{
	return um_close(fd);
}

static long make_groups(void *arg)
{
	return sysfs_create_groups(dir, groups);
}

static long drop_groups(void *arg)
{
	sysfs_remove_groups(dir, groups);
	return 0;
}

static long make_named(void *arg)
{
	return sysfs_create_group(dir, &named);
}

static void drop_named(void *arg)
{
	sysfs_remove_group(dir, &named);
}

static long merge(void *arg)
{
	return sysfs_merge_group(dir, &added);
}

static long unmerge(void *arg)
{
	sysfs_unmerge_group(dir, &added);
	return 0;
}

static long link_in_group(void *arg)
{
	return sysfs_add_link_to_group(dir, "named", dir, "link");
}

static long unlink_in_group(void *arg)
{
	sysfs_remove_link_from_group(dir, "named", "link");
	return 0;
}

static long make_row(void *arg)
{
	return sysfs_create_files(dir, row);
}

static long drop_row(void *arg)
{
	sysfs_remove_files(dir, row);
	return 0;
}

static long rename_it(void *arg)
{
	return kobject_rename(child, "renamed");
}

static long rename_back(void *arg)
{
	return kobject_rename(child, "child");
}

static long make_four(void *arg)
{
	return sysfs_create_file(dir, &four.attr);
}

static void drop_four(void *arg)
{
	sysfs_remove_file(dir, &four.attr);
}

/* A file that has its buffer from the beginning. */
static long open_four(void *arg)
{
	fd = um_open("/sys/vf/four", O_RDWR);
	return fd < 0 ? fd : 0;
}

const struct um_scenario vf_scenarios[] = {
	{ .name = "alloc_chrdev_region", .run = take_numbers, .undo = drop_numbers },
	{ .name = "register_chrdev_region", .run = take_two, .undo = drop_two },
	{ .name = "register_chrdev", .run = take_old, .undo = drop_old },
	{ .name = "anon_inode_getfd", .run = open_anon, .undo = close_it },
	{ .name = "sysfs_create_groups", .run = make_groups, .undo = drop_groups },
	{ .name = "sysfs_merge_group", .run = merge, .undo = unmerge,
	  .setup = make_named, .teardown = drop_named },
	{ .name = "sysfs_add_link_to_group", .run = link_in_group, .undo = unlink_in_group,
	  .setup = make_named, .teardown = drop_named },
	{ .name = "sysfs_create_files", .run = make_row, .undo = drop_row },
	{ .name = "kobject_rename", .run = rename_it, .undo = rename_back },
	{ .name = "open of a file with a buffer", .run = open_four, .undo = close_it,
	  .setup = make_four, .teardown = drop_four },
	{ }
};

/* ---- coming and going --------------------------------------------------------- */

int vf_register(void)
{
	int err = -ENOMEM;

	vf_releases = 0;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	other = alloc_page(GFP_KERNEL | __GFP_ZERO);
	dir = kobject_create_and_add("vf", NULL);
	child = dir ? kobject_create_and_add("child", dir) : NULL;
	if (page && other && child) {
		device.minor = MISC_DYNAMIC_MINOR;
		err = misc_register(&device);
	}
	return err;
}

void vf_unregister(void)
{
	misc_deregister(&device);
	kobject_put(child);
	kobject_put(dir);
	__free_page(other);
	__free_page(page);
}
