/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device-specific ops of mediated devices of class VFIO.
 *
 * A vendor driver hands such a table to mdev_set_vfio_ops() from its create()
 * callback. The driver vfio_mdev calls it for whoever opened the device
 * through VFIO. The table is not copied: it has to live as long as the mdev.
 */
#ifndef MDEV_VFIO_OPS_H
#define MDEV_VFIO_OPS_H

#include <linux/mdev.h>
#include <linux/types.h>

struct vm_area_struct;

/**
 * struct mdev_vfio_device_ops - what a VFIO user may do to an mdev
 * @open:	a user opens the device; mandatory, without it every open fails
 *		with -EINVAL. An error is passed on, and @release does not follow.
 * @release:	the counterpart of a successful @open
 * @read:	read from a region; @ppos holds region and offset and is advanced
 *		by the callback. @buf is a user pointer.
 * @write:	write to a region, likewise
 * @ioctl:	one of the VFIO_DEVICE_* ioctls; @arg is a user pointer
 * @mmap:	map a region into the user's address space
 * @request:	optional. The mdev is to go and waits until the user has closed it:
 *		ask for that, for example by the eventfd of VFIO_PCI_REQ_ERR_IRQ.
 *		Called again and again while the wait lasts; @count says how
 *		often before. Must not wait for the user itself.
 *
 * All run in process context and may sleep. Calls for one mdev may run at the
 * same time. A read, write, ioctl or mmap whose op is missing is -EINVAL.
 */
struct mdev_vfio_device_ops {
	int (*open)(struct mdev_device *mdev);
	void (*release)(struct mdev_device *mdev);
	ssize_t (*read)(struct mdev_device *mdev, char __user *buf,
			size_t count, loff_t *ppos);
	ssize_t (*write)(struct mdev_device *mdev, const char __user *buf,
			 size_t count, loff_t *ppos);
	long (*ioctl)(struct mdev_device *mdev, unsigned int cmd,
		      unsigned long arg);
	int (*mmap)(struct mdev_device *mdev, struct vm_area_struct *vma);
	void (*request)(struct mdev_device *mdev, unsigned int count);
};

#endif
