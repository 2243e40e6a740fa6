/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VFIO ops of the tests' parent drivers, on a framework of any generation: for
 * each mdev where there is such a thing (mdev_set_vfio_ops()), else those of the
 * parent (vendor_offers()). Where parents bring their mdev driver, that gives
 * its mdevs to VFIO itself, in the words of 5.4 as vfio_mdev does.
 */
#ifndef MDEV_VENDOR_VFIO_H
#define MDEV_VENDOR_VFIO_H

#include "mdev_vendor.h"

#ifdef MDEV_CLASS_IDS

#include <linux/mdev_vfio_ops.h>

static inline void vendor_offers(struct mdev_parent_ops *parent,
				 const struct mdev_vfio_device_ops *ops)
{
}

#else

#include <linux/fs.h>
#include <linux/mm_types.h>

#define MDEV_CLASS_ID_VFIO	1

struct mdev_vfio_device_ops {
	int (*open)(struct mdev_device *mdev);
	void (*release)(struct mdev_device *mdev);
	ssize_t (*read)(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos);
	ssize_t (*write)(struct mdev_device *mdev, const char __user *buf, size_t count,
			 loff_t *ppos);
	long (*ioctl)(struct mdev_device *mdev, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct mdev_device *mdev, struct vm_area_struct *vma);
	void (*request)(struct mdev_device *mdev, unsigned int count);
};

#endif

#ifdef MDEV_PARENT_OPS

static inline void vendor_offers(struct mdev_parent_ops *parent,
				 const struct mdev_vfio_device_ops *ops)
{
	parent->open = ops->open;
	parent->release = ops->release;
	parent->read = ops->read;
	parent->write = ops->write;
	parent->ioctl = ops->ioctl;
	parent->mmap = ops->mmap;
}

static inline void mdev_set_vfio_ops(struct mdev_device *mdev,
				     const struct mdev_vfio_device_ops *ops)
{
}

#endif

#ifdef MDEV_DRIVER

#include <linux/vfio.h>

static inline void vendor_offers(struct mdev_parent_ops *parent,
				 const struct mdev_vfio_device_ops *ops)
{
}

static const struct mdev_vfio_device_ops *vendor_vfio_ops(struct mdev_device *mdev)
{
	return vendor_driver_data(mdev)->ops;
}

static int vendor_vfio_open(void *mdev)
{
	return vendor_vfio_ops(mdev)->open ? vendor_vfio_ops(mdev)->open(mdev) : -EINVAL;
}

static void vendor_vfio_release(void *mdev)
{
	if (vendor_vfio_ops(mdev)->release)
		vendor_vfio_ops(mdev)->release(mdev);
}

static ssize_t vendor_vfio_read(void *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	if (!vendor_vfio_ops(mdev)->read)
		return -EINVAL;
	return vendor_vfio_ops(mdev)->read(mdev, buf, count, ppos);
}

static ssize_t vendor_vfio_write(void *mdev, const char __user *buf, size_t count, loff_t *ppos)
{
	if (!vendor_vfio_ops(mdev)->write)
		return -EINVAL;
	return vendor_vfio_ops(mdev)->write(mdev, buf, count, ppos);
}

static long vendor_vfio_ioctl(void *mdev, unsigned int cmd, unsigned long arg)
{
	if (!vendor_vfio_ops(mdev)->ioctl)
		return -EINVAL;
	return vendor_vfio_ops(mdev)->ioctl(mdev, cmd, arg);
}

static int vendor_vfio_mmap(void *mdev, struct vm_area_struct *vma)
{
	return vendor_vfio_ops(mdev)->mmap ? vendor_vfio_ops(mdev)->mmap(mdev, vma) : -EINVAL;
}

static void vendor_vfio_request(void *mdev, unsigned int count)
{
	if (vendor_vfio_ops(mdev)->request)
		vendor_vfio_ops(mdev)->request(mdev, count);
}

static const struct vfio_device_ops vendor_vfio_device_ops = {
	.name = KBUILD_MODNAME,
	.open = vendor_vfio_open,
	.release = vendor_vfio_release,
	.read = vendor_vfio_read,
	.write = vendor_vfio_write,
	.ioctl = vendor_vfio_ioctl,
	.mmap = vendor_vfio_mmap,
	.request = vendor_vfio_request,
};

static int vendor_vfio_serve(struct mdev_device *mdev)
{
	return vfio_add_group_dev(mdev_dev(mdev), &vendor_vfio_device_ops, mdev);
}

static void vendor_vfio_withdraw(struct mdev_device *mdev)
{
	vfio_del_group_dev(mdev_dev(mdev));
}

static inline void mdev_set_vfio_ops(struct mdev_device *mdev,
				     const struct mdev_vfio_device_ops *ops)
{
	struct vendor_driver_data *of = vendor_driver_data(mdev);

	of->ops = ops;
	of->serve = vendor_vfio_serve;
	of->withdraw = vendor_vfio_withdraw;
}

#endif

#endif
