// SPDX-License-Identifier: GPL-2.0-only
/* See vfs_kern.h. */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "vfs_kern.h"

volatile int vk_faults;

static char text[64];
static struct page *frame;
static DEFINE_SPINLOCK(lock);

/* ---- mappings -------------------------------------------------------- */

static vm_fault_t pfn_fault(struct vm_fault *vmf)
{
	vk_faults++;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(frame));
}

static const struct vm_operations_struct pfn_ops = {
	.fault = pfn_fault,
};

static struct vm_area_struct *pfn_vma;

static int map(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff == VK_MAP_NOTHING)
		return 0;
	vma->vm_ops = &pfn_ops;
	pfn_vma = vma;
	return remap_pfn_range(vma, vma->vm_start, page_to_pfn(frame),
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

/* ---- ioctls ---------------------------------------------------------- */

static long atomic_copy(void __user *to)
{
	long left;

	spin_lock(&lock);
	left = copy_to_user(to, text, 1);
	spin_unlock(&lock);
	return left ? -EFAULT : 0;
}

static long do_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int __user *argp = (int __user *)arg;
	char name[16];
	int value;

	switch (cmd) {
	case VK_ADD_ONE:
		if (get_user(value, argp))
			return -EFAULT;
		return put_user(value + 1, argp);
	case VK_COPY_LONG:
		return copy_to_user(argp, text, sizeof(text));
	case VK_STRING:
		return strncpy_from_user(name, (char __user *)argp, sizeof(name));
	case VK_STRNLEN:
		return strnlen_user((char __user *)argp, sizeof(name));
	case VK_TOUCH:
		return *(volatile int *)arg;
	case VK_ATOMIC_COPY:
		return atomic_copy(argp);
	case VK_ZAP:
		zap_vma_ptes(pfn_vma, pfn_vma->vm_start, PAGE_SIZE);
		return 0;
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- the rest -------------------------------------------------------- */

static ssize_t do_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, text, sizeof(text));
}

static ssize_t do_write(struct file *file, const char __user *buf, size_t count,
			loff_t *pos)
{
	return simple_write_to_buffer(text, sizeof(text), pos, buf, count);
}

static const struct file_operations fops = {
	.read = do_read,
	.write = do_write,
	.unlocked_ioctl = do_ioctl,
	.mmap = map,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vfs_test",
	.nodename = "vfs/test",
	.fops = &fops,
};

int vk_register(void)
{
	int err;

	frame = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!frame)
		return -ENOMEM;
	vk_faults = 0;
	device.minor = MISC_DYNAMIC_MINOR;
	err = misc_register(&device);
	if (err)
		__free_page(frame);
	return err;
}

void vk_unregister(void)
{
	misc_deregister(&device);
	__free_page(frame);
}
