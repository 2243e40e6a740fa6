// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFIO API of Linux 5.4 for bus drivers, over struct vfio_device of 6.1.
 *
 * A driver of 5.4 names its device by struct device, so the adapter keeps a
 * hash table from there to its struct vfio_device. A device is in the table
 * before VFIO knows it, since it may be opened, and pin pages, before its
 * registration has returned; and it leaves the table when VFIO has let go of
 * it, since closing it may unpin pages. Every look-up takes a reference.
 *
 * All devices are of the emulated IOMMU kind: what they do to memory goes
 * through vfio_pin_pages().
 */

#define VFIO_COMPAT_NO_RENAME

#include <linux/device.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vfio_compat.h>

#include "compat/levels.h"

#define VFIO_COMPAT_TABLE_BITS 10

/**
 * struct vfio_compat_device - what VFIO and a driver of 5.4 share
 * @vdev:	must be first, VFIO allocates and counts it
 * @ops:	the driver's
 * @device_data: the driver's argument to @ops
 * @unmap:	who wants to know of DMA unmaps
 * @node:	in the table, keyed by @vdev.dev
 */
struct vfio_compat_device {
	struct vfio_device vdev;
	const struct vfio_group_dev_ops *ops;
	void *device_data;
	struct blocking_notifier_head unmap;
	struct hlist_node node;
};

#define to_compat(_vdev) container_of(_vdev, struct vfio_compat_device, vdev)

static DEFINE_HASHTABLE(compat_table, VFIO_COMPAT_TABLE_BITS);
static DEFINE_MUTEX(compat_table_lock);

/* Called under compat_table_lock. */
static struct vfio_compat_device *compat_find(struct device *dev)
{
	struct vfio_compat_device *compat;

	hash_for_each_possible(compat_table, compat, node, (unsigned long)dev) {
		if (compat->vdev.dev == dev)
			return compat;
	}
	return NULL;
}

/* With a reference, to be given back by vfio_put_device(); or NULL. */
static struct vfio_compat_device *compat_get(struct device *dev)
{
	struct vfio_compat_device *compat;

	mutex_lock(&compat_table_lock);
	compat = compat_find(dev);
	if (compat)
		get_device(&compat->vdev.device);
	mutex_unlock(&compat_table_lock);
	return compat;
}

static void compat_put(struct vfio_compat_device *compat)
{
	vfio_put_device(&compat->vdev);
}

static int compat_publish(struct vfio_compat_device *compat)
{
	struct device *dev = compat->vdev.dev;
	int ret = -EBUSY;

	mutex_lock(&compat_table_lock);
	if (!compat_find(dev)) {
		hash_add(compat_table, &compat->node, (unsigned long)dev);
		ret = 0;
	}
	mutex_unlock(&compat_table_lock);
	return ret;
}

static void compat_withdraw(struct vfio_compat_device *compat)
{
	mutex_lock(&compat_table_lock);
	hash_del(&compat->node);
	mutex_unlock(&compat_table_lock);
}

static int compat_open(struct vfio_device *vdev)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	return compat->ops->open(compat->device_data);
}

static void compat_close(struct vfio_device *vdev)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	compat->ops->release(compat->device_data);
}

static ssize_t compat_read(struct vfio_device *vdev, char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (!compat->ops->read)
		return -EINVAL;
	return compat->ops->read(compat->device_data, buf, count, ppos);
}

static ssize_t compat_write(struct vfio_device *vdev, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (!compat->ops->write)
		return -EINVAL;
	return compat->ops->write(compat->device_data, buf, count, ppos);
}

static long compat_ioctl(struct vfio_device *vdev, unsigned int cmd,
			 unsigned long arg)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (!compat->ops->ioctl)
		return -EINVAL;
	return compat->ops->ioctl(compat->device_data, cmd, arg);
}

#if KAPI_ABI_VFIO_REGION_INFO

/* More than any region and its capabilities need. */
#define COMPAT_ANSWER_SIZE PAGE_SIZE

/* Adds each capability of the chain behind @info, which ends with @info->argsz. */
static int compat_region_caps(struct vfio_region_info *info,
			      struct vfio_info_cap *caps)
{
	u32 offset = info->cap_offset, end;
	struct vfio_info_cap_header *cap;
	int ret;

	while (offset) {
		if (offset < sizeof(*info) ||
		    offset + sizeof(*cap) > info->argsz)
			return -EINVAL;

		cap = (void *)info + offset;
		end = cap->next ?: info->argsz;
		if (end < offset + sizeof(*cap) || end > info->argsz)
			return -EINVAL;

		ret = vfio_info_add_capability(caps, cap, end - offset);
		if (ret)
			return ret;
		offset = cap->next;
	}
	return 0;
}

/* The driver's answer to a user with @argsz bytes at @addr, into @answer. */
static int compat_ask_region(struct vfio_device *vdev, unsigned long addr,
			     u32 argsz, u32 index,
			     struct vfio_region_info *answer)
{
	void __user *user = (void __user *)addr;
	int ret;

	memset(answer, 0, sizeof(*answer));
	answer->argsz = argsz;
	answer->index = index;
	if (copy_to_user(user, answer, sizeof(*answer)))
		return -EFAULT;

	ret = compat_ioctl(vdev, VFIO_DEVICE_GET_REGION_INFO, addr);
	if (ret)
		return ret;

	return copy_from_user(answer, user, argsz) ? -EFAULT : 0;
}

/* Asked for the structure alone, a driver says how much there is in all. */
static int compat_read_region(struct vfio_device *vdev, unsigned long addr,
			      u32 index, struct vfio_region_info *answer,
			      struct vfio_info_cap *caps)
{
	int ret;

	ret = compat_ask_region(vdev, addr, sizeof(*answer), index, answer);
	if (ret || answer->argsz <= sizeof(*answer))
		return ret;

	if (answer->argsz > COMPAT_ANSWER_SIZE)
		return -E2BIG;

	ret = compat_ask_region(vdev, addr, answer->argsz, index, answer);
	if (ret || answer->argsz > COMPAT_ANSWER_SIZE)
		return ret ?: -E2BIG;

	return compat_region_caps(answer, caps);
}

/*
 * A driver of 5.4 answers in the user's memory, and this VFIO asks for an
 * answer in its own: the driver gets a page that is the user's for as long as
 * the question takes.
 */
static int compat_region_info(struct vfio_device *vdev,
			      struct vfio_region_info *info,
			      struct vfio_info_cap *caps)
{
	struct vfio_region_info *answer;
	unsigned long addr;
	int ret;

	answer = kzalloc(COMPAT_ANSWER_SIZE, GFP_KERNEL);
	if (!answer)
		return -ENOMEM;

	addr = vm_mmap(NULL, 0, COMPAT_ANSWER_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(addr)) {
		ret = addr;
		goto free_answer;
	}

	ret = compat_read_region(vdev, addr, info->index, answer, caps);
	if (!ret) {
		/* VFIO itself says what capabilities there are, and where */
		answer->argsz = info->argsz;
		answer->cap_offset = 0;
		*info = *answer;
	}

	vm_munmap(addr, COMPAT_ANSWER_SIZE);
free_answer:
	kfree(answer);
	return ret;
}

#endif

static int compat_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (!compat->ops->mmap)
		return -EINVAL;
	return compat->ops->mmap(compat->device_data, vma);
}

static void compat_request(struct vfio_device *vdev, unsigned int count)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (compat->ops->request)
		compat->ops->request(compat->device_data, count);
}

static int compat_match(struct vfio_device *vdev, char *buf)
{
	struct vfio_compat_device *compat = to_compat(vdev);

	if (!compat->ops->match)
		return !strcmp(dev_name(vdev->dev), buf);
	return compat->ops->match(compat->device_data, buf);
}

static void compat_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = offsetofend(struct vfio_iommu_type1_dma_unmap, size),
		.iova = iova,
		.size = length,
	};

	blocking_notifier_call_chain(&to_compat(vdev)->unmap,
				     VFIO_IOMMU_NOTIFY_DMA_UNMAP, &unmap);
}

static const struct vfio_device_ops compat_ops = {
	.name = "vfio-compat",
#if KAPI_VFIO_FREE_DEVICE
	.release = vfio_free_device,
#endif
#if KAPI_ABI_VFIO_IOMMUFD
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
#endif
#if KAPI_ABI_VFIO_DETACH_IOAS
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif
	.open_device = compat_open,
	.close_device = compat_close,
	.read = compat_read,
	.write = compat_write,
	.ioctl = compat_ioctl,
#if KAPI_ABI_VFIO_REGION_INFO
	.get_region_info_caps = compat_region_info,
#endif
	.mmap = compat_mmap,
	.request = compat_request,
	.match = compat_match,
	.dma_unmap = compat_dma_unmap,
};

/**
 * vfio_add_group_dev() - give a device to VFIO
 * @dev: the device, being probed
 * @ops: what a user may do; @ops->open and @ops->release are mandatory
 * @device_data: first argument of @ops
 *
 * @dev leaves the IOMMU group that it is in for one that VFIO makes, and is in
 * none after an error.
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL if an argument is missing; -EBUSY if VFIO has @dev
 * already; -ENOMEM; or VFIO's error.
 */
int vfio_add_group_dev(struct device *dev,
		       const struct vfio_group_dev_ops *ops, void *device_data)
{
	struct vfio_compat_device *compat;
	int ret;

	if (!dev || !ops || !ops->open || !ops->release)
		return -EINVAL;

	compat = vfio_alloc_device(vfio_compat_device, vdev, dev, &compat_ops);
	if (IS_ERR(compat))
		return PTR_ERR(compat);

	compat->ops = ops;
	compat->device_data = device_data;
	BLOCKING_INIT_NOTIFIER_HEAD(&compat->unmap);

	ret = compat_publish(compat);
	if (ret)
		goto put_device;

	iommu_group_remove_device(dev);

	ret = vfio_register_emulated_iommu_dev(&compat->vdev);
	if (ret)
		goto withdraw;
	return 0;

withdraw:
	compat_withdraw(compat);
put_device:
	vfio_put_device(&compat->vdev);
	return ret;
}
EXPORT_SYMBOL_GPL(vfio_add_group_dev);

/**
 * vfio_del_group_dev() - take a device back from VFIO
 * @dev: a device given to vfio_add_group_dev()
 *
 * Waits until no user has the device open, calling the op request meanwhile.
 *
 * Context: may sleep.
 *
 * Return: the device_data of vfio_add_group_dev(); NULL, with a warning, if
 * VFIO does not have @dev.
 */
void *vfio_del_group_dev(struct device *dev)
{
	struct vfio_compat_device *compat = compat_get(dev);
	void *device_data;

	if (WARN(!compat, "%s is not a VFIO device\n", dev_name(dev)))
		return NULL;

	vfio_unregister_group_dev(&compat->vdev);
	compat_withdraw(compat);
	device_data = compat->device_data;

	compat_put(compat);
	/* The reference of vfio_alloc_device() */
	vfio_put_device(&compat->vdev);
	return device_data;
}
EXPORT_SYMBOL_GPL(vfio_del_group_dev);

static void compat_unpin(struct vfio_compat_device *compat,
			 unsigned long *user_pfn, int npage)
{
	while (npage--)
		vfio_unpin_pages(&compat->vdev,
				 (dma_addr_t)*user_pfn++ << PAGE_SHIFT, 1);
}

/* Pages of 5.4 need not be contiguous, those of 6.1 must be: one at a time. */
static int compat_pin(struct vfio_compat_device *compat,
		      unsigned long *user_pfn, int npage, int prot,
		      unsigned long *phys_pfn)
{
	struct page *page;
	int i, ret;

	for (i = 0; i < npage; i++) {
		ret = vfio_pin_pages(&compat->vdev,
				     (dma_addr_t)user_pfn[i] << PAGE_SHIFT, 1,
				     prot, &page);
		if (ret < 0) {
			compat_unpin(compat, user_pfn, i);
			return ret;
		}
		phys_pfn[i] = page_to_pfn(page);
	}
	return npage;
}

/**
 * vfio_compat_pin_pages() - vfio_pin_pages() of 5.4
 * @dev: a device given to vfio_add_group_dev() that a user has open
 * @user_pfn: page numbers as the user mapped them for DMA
 * @npage: how many, at most VFIO_PIN_PAGES_MAX_ENTRIES
 * @prot: IOMMU_READ, IOMMU_WRITE or both
 * @phys_pfn: filled with the page frame numbers
 *
 * Context: may sleep.
 *
 * Return: @npage; -EINVAL, -E2BIG or -ENODEV for arguments that make no sense;
 * or VFIO's error, and then no page is pinned.
 */
int vfio_compat_pin_pages(struct device *dev, unsigned long *user_pfn,
			  int npage, int prot, unsigned long *phys_pfn)
{
	struct vfio_compat_device *compat;
	int ret;

	if (!dev || !user_pfn || !phys_pfn || npage <= 0)
		return -EINVAL;
	if (npage > VFIO_PIN_PAGES_MAX_ENTRIES)
		return -E2BIG;

	compat = compat_get(dev);
	if (!compat)
		return -ENODEV;

	ret = compat_pin(compat, user_pfn, npage, prot, phys_pfn);
	compat_put(compat);
	return ret;
}
EXPORT_SYMBOL(vfio_compat_pin_pages);

/**
 * vfio_compat_unpin_pages() - vfio_unpin_pages() of 5.4
 * @dev: as given to vfio_compat_pin_pages()
 * @user_pfn: page numbers that are pinned
 * @npage: how many, at most VFIO_PIN_PAGES_MAX_ENTRIES
 *
 * Context: may sleep. May be called from the unmap notice.
 *
 * Return: @npage, or -EINVAL, -E2BIG or -ENODEV.
 */
int vfio_compat_unpin_pages(struct device *dev, unsigned long *user_pfn,
			    int npage)
{
	struct vfio_compat_device *compat;

	if (!dev || !user_pfn || npage <= 0)
		return -EINVAL;
	if (npage > VFIO_PIN_PAGES_MAX_ENTRIES)
		return -E2BIG;

	compat = compat_get(dev);
	if (!compat)
		return -ENODEV;

	compat_unpin(compat, user_pfn, npage);
	compat_put(compat);
	return npage;
}
EXPORT_SYMBOL(vfio_compat_unpin_pages);

/**
 * vfio_register_notifier() - be told when the user unmaps DMA memory
 * @dev: a device given to vfio_add_group_dev()
 * @type: VFIO_IOMMU_NOTIFY; notices of groups are not available
 * @events: VFIO_IOMMU_NOTIFY_DMA_UNMAP; those accepted are cleared
 * @nb: called with a struct vfio_iommu_type1_dma_unmap; has to unpin every
 *	page in that range before it returns
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL for another type, no event or unknown events; -ENODEV.
 */
int vfio_register_notifier(struct device *dev, enum vfio_notify_type type,
			   unsigned long *events, struct notifier_block *nb)
{
	struct vfio_compat_device *compat;
	int ret;

	if (!dev || !nb || !events || type != VFIO_IOMMU_NOTIFY ||
	    *events != VFIO_IOMMU_NOTIFY_DMA_UNMAP)
		return -EINVAL;

	compat = compat_get(dev);
	if (!compat)
		return -ENODEV;

	*events = 0;
	ret = blocking_notifier_chain_register(&compat->unmap, nb);
	compat_put(compat);
	return ret;
}
EXPORT_SYMBOL(vfio_register_notifier);

/**
 * vfio_unregister_notifier() - undo vfio_register_notifier()
 * @dev: as given there
 * @type: as given there
 * @nb: as given there
 *
 * Context: may sleep; waits for a notice that is running.
 *
 * Return: 0; -EINVAL for another type; -ENODEV; -ENOENT if @nb is not there.
 */
int vfio_unregister_notifier(struct device *dev, enum vfio_notify_type type,
			     struct notifier_block *nb)
{
	struct vfio_compat_device *compat;
	int ret;

	if (!dev || !nb || type != VFIO_IOMMU_NOTIFY)
		return -EINVAL;

	compat = compat_get(dev);
	if (!compat)
		return -ENODEV;

	ret = blocking_notifier_chain_unregister(&compat->unmap, nb);
	compat_put(compat);
	return ret;
}
EXPORT_SYMBOL(vfio_unregister_notifier);

MODULE_DESCRIPTION("VFIO API of Linux 5.4 for bus drivers");
MODULE_AUTHOR("umdev contributors");
MODULE_LICENSE("GPL");
