/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VFIO API of Linux 5.4 for bus drivers, over the one of 6.1 and later.
 *
 * What later releases have under another name or not at all is declared here
 * under the name of 5.4; the module vfio_compat implements it. A name that both
 * have, with different meanings, is a macro for a name of our own. What did not
 * change comes from the kernel's header.
 *
 * Whoever includes linux/mdev_vfio_ops.h gets this, and every module that is
 * written in the constructs of 5.4 (KAPI_AS_5_4). The shim, at the level of a
 * release that had these names itself, gives them to all.
 *
 * Left out: notices about KVM (VFIO_GROUP_NOTIFY gives -EINVAL), and the API
 * for external users of a group.
 */
#ifndef COMPAT_LINUX_VFIO_COMPAT_H
#define COMPAT_LINUX_VFIO_COMPAT_H

#include <linux/bits.h>
#include <linux/types.h>
#include <linux/vfio.h>

struct device;
struct notifier_block;
struct vm_area_struct;

/**
 * struct vfio_group_dev_ops - struct vfio_device_ops as it was in 5.4
 * @name:	of the driver
 * @open:	a user opens the device; mandatory. Under 6.1 only the first of
 *		several files of one device calls it, with VFIO's lock of the
 *		group held.
 * @release:	the last file has been closed
 * @read:	see read(2)
 * @write:	see write(2)
 * @ioctl:	a VFIO_DEVICE_* ioctl, but those that 6.1 answers itself
 * @mmap:	see mmap(2)
 * @request:	the device shall go, ask the user to close it; called again and
 *		again with a growing @count
 * @match:	whether the user's @buf names the device (5.7 and later): 0 no,
 *		above 0 yes, or an error; without it the device's name does
 *
 * @device_data is what vfio_add_group_dev() was given. A read, write, ioctl or
 * mmap without op is -EINVAL.
 */
struct vfio_group_dev_ops {
	char *name;
	int (*open)(void *device_data);
	void (*release)(void *device_data);
	ssize_t (*read)(void *device_data, char __user *buf, size_t count,
			loff_t *ppos);
	ssize_t (*write)(void *device_data, const char __user *buf,
			 size_t count, loff_t *ppos);
	long (*ioctl)(void *device_data, unsigned int cmd, unsigned long arg);
	int (*mmap)(void *device_data, struct vm_area_struct *vma);
	void (*request)(void *device_data, unsigned int count);
	int (*match)(void *device_data, char *buf);
};

enum vfio_notify_type {
	VFIO_IOMMU_NOTIFY = 0,
	VFIO_GROUP_NOTIFY = 1,
};

/* Data is a struct vfio_iommu_type1_dma_unmap with iova and size. */
#define VFIO_IOMMU_NOTIFY_DMA_UNMAP	BIT(0)

int vfio_add_group_dev(struct device *dev,
		       const struct vfio_group_dev_ops *ops, void *device_data);
void *vfio_del_group_dev(struct device *dev);

int vfio_compat_pin_pages(struct device *dev, unsigned long *user_pfn,
			  int npage, int prot, unsigned long *phys_pfn);
int vfio_compat_unpin_pages(struct device *dev, unsigned long *user_pfn,
			    int npage);

int vfio_register_notifier(struct device *dev, enum vfio_notify_type type,
			   unsigned long *events, struct notifier_block *nb);
int vfio_unregister_notifier(struct device *dev, enum vfio_notify_type type,
			     struct notifier_block *nb);

/* The adapter itself needs both. */
#ifndef VFIO_COMPAT_NO_RENAME
#undef vfio_device_ops
#undef vfio_pin_pages
#undef vfio_unpin_pages
#define vfio_device_ops		vfio_group_dev_ops
#define vfio_pin_pages		vfio_compat_pin_pages
#define vfio_unpin_pages	vfio_compat_unpin_pages
#endif

#endif
