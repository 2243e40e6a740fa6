// SPDX-License-Identifier: GPL-2.0-only
/* See vfs_kern.h. */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

#include "compat/levels.h"
#include "vfs_kern.h"

#define PAGES 4

volatile int vk_opens, vk_releases, vk_vma_opens, vk_vma_closes, vk_faults;

static char text[64];
static char *area;		/* PAGES of vmalloc_user() */
static struct page *pages[PAGES];	/* for the fault handler */
static struct page *frame;		/* for remap_pfn_range() */
static struct page *pinned;
static struct eventfd_ctx *ctx;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool readable;
static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);

/* ---- mappings -------------------------------------------------------- */

static void vma_open(struct vm_area_struct *vma)
{
	vk_vma_opens++;
}

static void vma_close(struct vm_area_struct *vma)
{
	vk_vma_closes++;
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	unsigned long i = vmf->pgoff - VK_MAP_FAULT;

	vk_faults++;
	if (i >= PAGES)
		return VM_FAULT_SIGBUS;
	get_page(pages[i]);
	vmf->page = pages[i];
	return 0;
}

static const struct vm_operations_struct fault_ops = {
	.open = vma_open, .close = vma_close, .fault = fault,
};

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
	switch (vma->vm_pgoff) {
	case VK_MAP_VMALLOC ... VK_MAP_VMALLOC + PAGES - 1:
		return remap_vmalloc_range(vma, area, vma->vm_pgoff);
	case VK_MAP_FAULT:
		vma->vm_ops = &fault_ops;
		return 0;
	case VK_MAP_PFN:
		vma->vm_ops = &pfn_ops;
		pfn_vma = vma;
		return remap_pfn_range(vma, vma->vm_start, page_to_pfn(frame),
				       vma->vm_end - vma->vm_start, vma->vm_page_prot);
	case VK_MAP_BUS:
		return 0;
	case VK_MAP_ERROR:
		if (vm_insert_page(vma, vma->vm_start, pages[0]))
			return -EFAULT;
		return -EPERM;
	default:
		return -EINVAL;
	}
}

char *vk_vmalloc_bytes(void)
{
	return area;
}

char *vk_fault_bytes(unsigned int page)
{
	return page_address(pages[page]);
}

int vk_fault_refs(unsigned int page)
{
	return page_ref_count(pages[page]);
}

char *vk_pfn_bytes(void)
{
	return page_address(frame);
}

/* ---- ioctls ---------------------------------------------------------- */

static int mutex_release(struct inode *inode, struct file *file)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	return 0;
}

static const struct file_operations mutex_fops = {
	.release = mutex_release,
};

static long fput_locked(void)
{
	struct file *file = anon_inode_getfile("[vfs_test]", &mutex_fops, NULL, O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	mutex_lock(&mutex);
	fput(file);
	mutex_unlock(&mutex);
	return 0;
}

static long keep_ctx(int fd)
{
	struct eventfd_ctx *new = eventfd_ctx_fdget(fd);

	if (IS_ERR(new))
		return PTR_ERR(new);
	ctx = new;
	return 0;
}

static long same_ctx(int fd)
{
	struct eventfd_ctx *other = eventfd_ctx_fdget(fd);
	bool same = other == ctx;

	if (IS_ERR(other))
		return PTR_ERR(other);
	eventfd_ctx_put(other);
	return same;
}

static long pin(unsigned long addr)
{
	long n = pin_user_pages_fast(addr, 1, FOLL_WRITE, &pinned);

	return n == 1 ? 0 : n;
}

static long unpin(void)
{
	strscpy(page_address(pinned), "pinned", 7);
	unpin_user_page(pinned);
	return 0;
}

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
	case VK_EVENTFD:
		return keep_ctx(arg);
	case VK_EVENTFD_AGAIN:
		return same_ctx(arg);
	case VK_SIGNAL:
#if KAPI_ABI_EVENTFD_SIGNAL_N
		return eventfd_signal(ctx, arg);
#else
		for (unsigned long i = 0; i < arg; i++)
			eventfd_signal(ctx, 1);
		return arg;
#endif
	case VK_EVENTFD_DROP:
		eventfd_ctx_put(ctx);
		return 0;
	case VK_WAKE:
		spin_lock(&lock);
		readable = arg;
		spin_unlock(&lock);
		wake_up_interruptible(&queue);
		return 0;
	case VK_TOUCH:
		return *(volatile int *)arg;
	case VK_ATOMIC_COPY:
		return atomic_copy(argp);
	case VK_FPUT_LOCKED:
		return fput_locked();
	case VK_PIN:
		return pin(arg);
	case VK_UNPIN:
		return unpin();
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

static __poll_t do_poll(struct file *file, poll_table *wait)
{
	__poll_t mask;

	poll_wait(file, &queue, wait);
	spin_lock(&lock);
	mask = readable ? EPOLLIN | EPOLLRDNORM : 0;
	spin_unlock(&lock);
	return mask;
}

static int do_open(struct inode *inode, struct file *file)
{
	vk_opens++;
	return 0;
}

static int do_release(struct inode *inode, struct file *file)
{
	vk_releases++;
	return 0;
}

static const struct file_operations fops = {
	.open = do_open,
	.release = do_release,
	.read = do_read,
	.write = do_write,
	.llseek = default_llseek,
	.unlocked_ioctl = do_ioctl,
	.mmap = map,
	.poll = do_poll,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vfs_test",
	.nodename = "vfs/test",
	.fops = &fops,
};

static const struct file_operations bare_fops = {
	.open = stream_open,
};

static struct miscdevice bare = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vfs_bare",
	.fops = &bare_fops,
};

static void free_memory(void)
{
	int i;

	for (i = 0; i < PAGES; i++)
		if (pages[i])
			__free_page(pages[i]);
	memset(pages, 0, sizeof(pages));
	if (frame)
		__free_page(frame);
	vfree(area);
}

static int get_memory(void)
{
	int i;

	area = vmalloc_user(PAGES * PAGE_SIZE);
	frame = alloc_page(GFP_KERNEL | __GFP_ZERO);
	for (i = 0; i < PAGES; i++)
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (area && frame && pages[PAGES - 1])
		return 0;
	free_memory();
	return -ENOMEM;
}

int vk_register(void)
{
	int err = get_memory();

	if (err)
		return err;
	vk_opens = vk_releases = vk_vma_opens = vk_vma_closes = vk_faults = 0;
	memset(text, 0, sizeof(text));
	readable = false;
	device.minor = MISC_DYNAMIC_MINOR;
	err = misc_register(&device);
	if (err)
		free_memory();
	return err;
}

void vk_unregister(void)
{
	misc_deregister(&device);
	free_memory();
}

int vk_register_bare(void)
{
	bare.minor = MISC_DYNAMIC_MINOR;
	return misc_register(&bare);
}

void vk_unregister_bare(void)
{
	misc_deregister(&bare);
}
