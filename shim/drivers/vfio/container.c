// SPDX-License-Identifier: GPL-2.0-only
/*
 * Containers: /dev/vfio/vfio. Each open of it is one; groups are put into
 * it, and with SET_IOMMU it gets an IOMMU driver, which takes over every
 * ioctl it does not know. A container lives until its file and its groups
 * have let go of it, in any order; it loses its IOMMU driver with its last
 * group. IOMMU drivers are built in, like this: there is no module to pin.
 * Left out: groups without an IOMMU (noiommu).
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "drivers/vfio/vfio.h"

struct vfio_container {
	struct kref kref;
	struct rw_semaphore group_lock;		/* guards what follows */
	struct list_head group_list;
	struct vfio_iommu_driver *iommu_driver;
	void *iommu_data;
};

static LIST_HEAD(iommu_drivers);
static DEFINE_MUTEX(iommu_drivers_lock);

/* ---- IOMMU drivers --------------------------------------------------- */

int vfio_register_iommu_driver(const struct vfio_iommu_driver_ops *ops)
{
	struct vfio_iommu_driver *driver = kzalloc(sizeof(*driver), GFP_KERNEL);

	if (!driver)
		return -ENOMEM;
	driver->ops = ops;
	mutex_lock(&iommu_drivers_lock);
	list_add(&driver->vfio_next, &iommu_drivers);
	mutex_unlock(&iommu_drivers_lock);
	return 0;
}

/* What the first driver that knows @arg says, 0 when none does. */
static long ask_drivers(unsigned long arg)
{
	struct vfio_iommu_driver *driver;
	long ret = 0;

	mutex_lock(&iommu_drivers_lock);
	list_for_each_entry(driver, &iommu_drivers, vfio_next) {
		ret = driver->ops->ioctl(NULL, VFIO_CHECK_EXTENSION, arg);
		if (ret > 0)
			break;
	}
	mutex_unlock(&iommu_drivers_lock);
	return ret;
}

/* ---- life ------------------------------------------------------------ */

static void container_release(struct kref *kref)
{
	kfree(container_of(kref, struct vfio_container, kref));
}

static void container_put(struct vfio_container *container)
{
	kref_put(&container->kref, container_release);
}

static int container_open(struct inode *inode, struct file *file)
{
	struct vfio_container *container = kzalloc(sizeof(*container), GFP_KERNEL_ACCOUNT);

	if (!container)
		return -ENOMEM;
	INIT_LIST_HEAD(&container->group_list);
	init_rwsem(&container->group_lock);
	kref_init(&container->kref);
	file->private_data = container;
	return 0;
}

static int container_file_release(struct inode *inode, struct file *file)
{
	struct vfio_container *container = file->private_data;

	file->private_data = NULL;
	container_put(container);
	return 0;
}

/* ---- ioctls ---------------------------------------------------------- */

static long check_extension(struct vfio_container *container, unsigned long arg)
{
	struct vfio_iommu_driver *driver;
	long ret;

	down_read(&container->group_lock);
	driver = container->iommu_driver;
	if (driver)
		ret = driver->ops->ioctl(container->iommu_data,
					 VFIO_CHECK_EXTENSION, arg);
	else
		ret = ask_drivers(arg);
	up_read(&container->group_lock);
	return ret;
}

static int attach_groups(struct vfio_container *container,
			 const struct vfio_iommu_driver_ops *ops, void *data)
{
	struct vfio_group *group;
	int ret = -ENODEV;

	list_for_each_entry(group, &container->group_list, container_next) {
		ret = ops->attach_group(data, group->iommu_group);
		if (ret)
			goto detach;
	}
	return ret;

detach:
	list_for_each_entry_continue_reverse(group, &container->group_list,
					     container_next)
		ops->detach_group(data, group->iommu_group);
	return ret;
}

/* 0, or an error after which the next driver is tried; -ENODEV: not this one. */
static int try_driver(struct vfio_container *container,
		      struct vfio_iommu_driver *driver, unsigned long arg)
{
	const struct vfio_iommu_driver_ops *ops = driver->ops;
	void *data;
	int ret;

	if (ops->ioctl(NULL, VFIO_CHECK_EXTENSION, arg) <= 0)
		return -ENODEV;
	data = ops->open(arg);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = attach_groups(container, ops, data);
	if (ret) {
		ops->release(data);
		return ret;
	}
	container->iommu_data = data;
	WRITE_ONCE(container->iommu_driver, driver);
	return 0;
}

static long set_iommu(struct vfio_container *container, unsigned long arg)
{
	struct vfio_iommu_driver *driver;
	long ret = -EINVAL, err;

	down_write(&container->group_lock);
	/* only a group gives the right to an IOMMU */
	if (list_empty(&container->group_list) || container->iommu_driver)
		goto unlock;
	ret = -ENODEV;
	mutex_lock(&iommu_drivers_lock);
	list_for_each_entry(driver, &iommu_drivers, vfio_next) {
		err = try_driver(container, driver, arg);
		if (err != -ENODEV)
			ret = err;
		if (!err)
			break;
	}
	mutex_unlock(&iommu_drivers_lock);
unlock:
	up_write(&container->group_lock);
	return ret;
}

static long container_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vfio_container *container = file->private_data;
	struct vfio_iommu_driver *driver;

	switch (cmd) {
	case VFIO_GET_API_VERSION:
		return VFIO_API_VERSION;
	case VFIO_CHECK_EXTENSION:
		return check_extension(container, arg);
	case VFIO_SET_IOMMU:
		return set_iommu(container, arg);
	default:
		driver = READ_ONCE(container->iommu_driver);
		return driver ? driver->ops->ioctl(container->iommu_data, cmd, arg) : -EINVAL;
	}
}

static const struct file_operations container_fops = {
	.owner = THIS_MODULE,
	.open = container_open,
	.release = container_file_release,
	.unlocked_ioctl = container_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

struct vfio_container *vfio_container_from_file(struct file *file)
{
	return file->f_op == &container_fops ? file->private_data : NULL;
}

/* ---- groups in a container ------------------------------------------- */

int vfio_container_attach_group(struct vfio_container *container,
				struct vfio_group *group)
{
	struct vfio_iommu_driver *driver;
	int ret = 0;

	lockdep_assert_held(&group->group_lock);
	down_write(&container->group_lock);
	driver = container->iommu_driver;
	if (driver)
		ret = driver->ops->attach_group(container->iommu_data,
						group->iommu_group);
	if (ret)
		goto unlock;
	group->container = container;
	group->container_users = 1;
	list_add(&group->container_next, &container->group_list);
	kref_get(&container->kref);
unlock:
	up_write(&container->group_lock);
	return ret;
}

void vfio_group_detach_container(struct vfio_group *group)
{
	struct vfio_container *container = group->container;
	struct vfio_iommu_driver *driver;

	lockdep_assert_held(&group->group_lock);
	WARN_ON(group->container_users != 1);
	down_write(&container->group_lock);
	driver = container->iommu_driver;
	if (driver)
		driver->ops->detach_group(container->iommu_data, group->iommu_group);
	group->container = NULL;
	group->container_users = 0;
	list_del(&group->container_next);
	if (driver && list_empty(&container->group_list)) {
		driver->ops->release(container->iommu_data);
		WRITE_ONCE(container->iommu_driver, NULL);
		container->iommu_data = NULL;
	}
	up_write(&container->group_lock);
	container_put(container);
}

/* ---- devices that are open ------------------------------------------- */

/* An open device keeps its group's file, and so the group in the container. */
int vfio_device_assign_container(struct vfio_device *device)
{
	struct vfio_group *group = device->group;

	lockdep_assert_held(&group->group_lock);
	if (!group->container || !group->container->iommu_driver ||
	    WARN_ON(!group->container_users))
		return -EINVAL;
	get_file(group->opened_file);
	group->container_users++;
	return 0;
}

void vfio_device_unassign_container(struct vfio_device *device)
{
	struct vfio_group *group = device->group;

	mutex_lock(&group->group_lock);
	WARN_ON(group->container_users <= 1);
	group->container_users--;
	fput(group->opened_file);
	mutex_unlock(&group->group_lock);
}

void vfio_device_container_register(struct vfio_device *device)
{
	struct vfio_container *container = device->group->container;

	if (container->iommu_driver)
		container->iommu_driver->ops->register_device(container->iommu_data, device);
}

void vfio_device_container_unregister(struct vfio_device *device)
{
	struct vfio_container *container = device->group->container;

	if (container->iommu_driver)
		container->iommu_driver->ops->unregister_device(container->iommu_data, device);
}

/**
 * vfio_pin_pages() - the pages behind consecutive IOVAs, pinned
 * @device: device of the emulated IOMMU kind, open
 * @iova:   where the first page is mapped; a multiple of the page size
 * @npage:  how many, at most VFIO_PIN_PAGES_MAX_ENTRIES
 * @prot:   IOMMU_READ, IOMMU_WRITE
 * @pages:  filled in
 *
 * The driver needs a dma_unmap operation, in which it unpins.
 *
 * Context: may sleep.
 * Return: @npage, to be given back by vfio_unpin_pages(); -EINVAL for a bad
 * argument, with a warning for a device that is not open, without any device
 * that has dma_unmap(), or for an IOVA that is not mapped; -E2BIG; -EPERM for
 * access that the mapping does not give; -EFAULT; -ENOMEM; -EACCES in a
 * container of type 1 version 1; -ENOTTY without an IOMMU driver. Of a device that
 * is open by way of IOMMUFD likewise, but -ENOENT for an IOVA that is not mapped,
 * and -EINVAL without dma_unmap(). After an error nothing is pinned.
 */
int vfio_pin_pages(struct vfio_device *device, dma_addr_t iova,
		   int npage, int prot, struct page **pages)
{
	struct vfio_container *container;

	if (!pages || !npage || !vfio_assert_device_open(device))
		return -EINVAL;
	if (npage > VFIO_PIN_PAGES_MAX_ENTRIES)
		return -E2BIG;
	if (vfio_device_is_bound(device))
		return vfio_iommufd_pin_pages(device, iova, npage, prot, pages);
	/* fixed while a device is open */
	container = device->group->container;
	if (!container->iommu_driver)
		return -ENOTTY;
	return container->iommu_driver->ops->pin_pages(container->iommu_data, iova,
						       npage, prot, pages);
}
EXPORT_SYMBOL(vfio_pin_pages);

/**
 * vfio_unpin_pages() - give back pages that vfio_pin_pages() pinned
 * @device: open, or there is a warning
 * @iova:   where the first page is mapped; a multiple of the page size
 * @npage:  how many, from 1 to VFIO_PIN_PAGES_MAX_ENTRIES, or there is a
 *	warning
 *
 * Stops with a warning at an IOVA that is not mapped.
 *
 * Context: may sleep; also in dma_unmap().
 */
void vfio_unpin_pages(struct vfio_device *device, dma_addr_t iova, int npage)
{
	struct vfio_container *container;

	if (WARN_ON(npage <= 0 || npage > VFIO_PIN_PAGES_MAX_ENTRIES))
		return;
	if (WARN_ON(!vfio_assert_device_open(device)))
		return;
	if (vfio_device_is_bound(device)) {
		vfio_iommufd_unpin_pages(device, iova, npage);
		return;
	}
	container = device->group->container;
	container->iommu_driver->ops->unpin_pages(container->iommu_data, iova, npage);
}
EXPORT_SYMBOL(vfio_unpin_pages);

/**
 * vfio_dma_rw() - copy between a kernel buffer and the user's memory by IOVA
 * @device: device of the emulated IOMMU kind, open
 * @iova:   where in the user's memory
 * @data:   the kernel's buffer
 * @len:    bytes
 * @write:  from @data to the user's memory; otherwise to @data
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for a bad argument, with a warning for a device that is
 * not open, or for an IOVA that is not mapped; -EPERM for access that the
 * mapping does not give; -EFAULT; -ENOTTY without an IOMMU driver. An error
 * may come after a part was copied.
 */
int vfio_dma_rw(struct vfio_device *device, dma_addr_t iova, void *data,
		size_t len, bool write)
{
	struct vfio_container *container;

	if (!data || !len || !vfio_assert_device_open(device))
		return -EINVAL;
	if (vfio_device_is_bound(device))
		return vfio_iommufd_dma_rw(device, iova, data, len, write);
	container = device->group->container;
	if (!container->iommu_driver)
		return -ENOTTY;
	return container->iommu_driver->ops->dma_rw(container->iommu_data, iova,
						    data, len, write);
}
EXPORT_SYMBOL(vfio_dma_rw);

static struct miscdevice vfio_dev = {
	.minor = VFIO_MINOR,
	.name = "vfio",
	.fops = &container_fops,
	.nodename = "vfio/vfio",
	.mode = 0666,
};

int vfio_container_init(void)
{
	return misc_register(&vfio_dev);
}
