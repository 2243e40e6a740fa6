// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO devices by way of IOMMUFD, as Linux 6.12 has it; at levels from 6.2 on.
 *
 * A device is bound to a context of IOMMUFD before it is opened for the first time,
 * and unbound after the last close. Who opens it by its group, which then has a
 * context in place of a container, finds it attached to the context's address
 * space for VFIO; who opens it by its own file attaches it himself.
 *
 * A device whose DMA is emulated has an access to what its user maps there, by
 * which vfio_pin_pages() and vfio_dma_rw() come to it. Left out: those that have
 * an IOMMU (vfio_iommufd_physical_bind()).
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/align.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/iommu.h>
#include <linux/iommufd.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

#include "drivers/vfio/vfio.h"

/* ---- the operations of emulated devices --------------------------------------- */

static void emulated_unmap(void *data, unsigned long iova, unsigned long length)
{
	struct vfio_device *vdev = data;

	if (vdev->ops->dma_unmap)
		vdev->ops->dma_unmap(vdev, iova, length);
}

static const struct iommufd_access_ops emulated_ops = {
	.needs_pin_pages = 1,
	.unmap = emulated_unmap,
};

/**
 * vfio_iommufd_emulated_bind() - bind_iommufd of a device whose DMA is emulated
 * @vdev:          not bound
 * @ictx:          the context
 * @out_device_id: set to the id by which the user knows the device there
 *
 * Context: may sleep; the lock of the device's set is held.
 * Return: 0, -ENOMEM.
 */
int vfio_iommufd_emulated_bind(struct vfio_device *vdev, struct iommufd_ctx *ictx,
			       u32 *out_device_id)
{
	struct iommufd_access *access;

	lockdep_assert_held(&vdev->dev_set->lock);
	access = iommufd_access_create(ictx, &emulated_ops, vdev, out_device_id);
	if (IS_ERR(access))
		return PTR_ERR(access);
	vdev->iommufd_access = access;
	return 0;
}
EXPORT_SYMBOL_GPL(vfio_iommufd_emulated_bind);

/**
 * vfio_iommufd_emulated_unbind() - unbind_iommufd of a device whose DMA is emulated
 * @vdev: detached here, if it is attached; that it is not bound does no harm
 *
 * Calls dma_unmap() for all that is pinned.
 *
 * Context: may sleep; the lock of the device's set is held.
 */
void vfio_iommufd_emulated_unbind(struct vfio_device *vdev)
{
	lockdep_assert_held(&vdev->dev_set->lock);
	if (!vdev->iommufd_access)
		return;
	iommufd_access_destroy(vdev->iommufd_access);
	vdev->iommufd_attached = false;
	vdev->iommufd_access = NULL;
}
EXPORT_SYMBOL_GPL(vfio_iommufd_emulated_unbind);

/**
 * vfio_iommufd_emulated_attach_ioas() - attach_ioas of a device whose DMA is emulated
 * @vdev:  bound; what it was attached to is replaced
 * @pt_id: the address space
 *
 * Context: may sleep; the lock of the device's set is held.
 * Return: as iommufd_access_attach().
 */
int vfio_iommufd_emulated_attach_ioas(struct vfio_device *vdev, u32 *pt_id)
{
	int err;

	lockdep_assert_held(&vdev->dev_set->lock);
	if (vdev->iommufd_attached)
		err = iommufd_access_replace(vdev->iommufd_access, *pt_id);
	else
		err = iommufd_access_attach(vdev->iommufd_access, *pt_id);
	if (!err)
		vdev->iommufd_attached = true;
	return err;
}
EXPORT_SYMBOL_GPL(vfio_iommufd_emulated_attach_ioas);

#if KAPI_ABI_VFIO_DETACH_IOAS
/**
 * vfio_iommufd_emulated_detach_ioas() - detach_ioas of a device whose DMA is emulated
 * @vdev: bound, or there is a warning; that it is not attached does no harm
 *
 * Calls dma_unmap() for all that is pinned.
 *
 * Context: may sleep; the lock of the device's set is held.
 */
void vfio_iommufd_emulated_detach_ioas(struct vfio_device *vdev)
{
	lockdep_assert_held(&vdev->dev_set->lock);
	if (WARN_ON(!vdev->iommufd_access) || !vdev->iommufd_attached)
		return;
	iommufd_access_detach(vdev->iommufd_access);
	vdev->iommufd_attached = false;
}
EXPORT_SYMBOL_GPL(vfio_iommufd_emulated_detach_ioas);
#endif

/* ---- pages by IOVA --------------------------------------------------------------- */

int vfio_iommufd_pin_pages(struct vfio_device *device, dma_addr_t iova, int npage, int prot,
			   struct page **pages)
{
	int err;

	if (!device->ops->dma_unmap || !device->iommufd_access)
		return -EINVAL;
	err = iommufd_access_pin_pages(device->iommufd_access, ALIGN_DOWN(iova, PAGE_SIZE),
				       npage * PAGE_SIZE, pages,
				       prot & IOMMU_WRITE ? IOMMUFD_ACCESS_RW_WRITE : 0);
	return err ?: npage;
}

void vfio_iommufd_unpin_pages(struct vfio_device *device, dma_addr_t iova, int npage)
{
	if (WARN_ON(!device->ops->dma_unmap) || !device->iommufd_access)
		return;
	iommufd_access_unpin_pages(device->iommufd_access, ALIGN_DOWN(iova, PAGE_SIZE),
				   npage * PAGE_SIZE);
}

int vfio_iommufd_dma_rw(struct vfio_device *device, dma_addr_t iova, void *data, size_t len,
			bool write)
{
	if (!device->iommufd_access)
		return -EINVAL;
	return iommufd_access_rw(device->iommufd_access, iova, data, len,
				 write ? IOMMUFD_ACCESS_RW_WRITE : 0);
}

/* ---- binding --------------------------------------------------------------------- */

/* From 6.6 on each driver has them all, or is refused. */
int vfio_iommufd_check_ops(struct vfio_device *device)
{
	const struct vfio_device_ops *ops = device->ops;
	bool lacking = !ops->unbind_iommufd || !ops->attach_ioas;

#if KAPI_ABI_VFIO_DETACH_IOAS
	lacking = lacking || !ops->bind_iommufd || !ops->detach_ioas;
#else
	lacking = lacking && ops->bind_iommufd;
#endif
	return WARN_ON(lacking) ? -EINVAL : 0;
}

int vfio_iommufd_bind(struct vfio_device *device, struct iommufd_ctx *ictx, u32 *id)
{
	int err = device->ops->bind_iommufd ?
		  device->ops->bind_iommufd(device, ictx, id) : 0;

	if (!err)
		device->um_bound = true;
	return err;
}

void vfio_iommufd_unbind(struct vfio_device *device)
{
	if (device->ops->unbind_iommufd)
		device->ops->unbind_iommufd(device);
	device->um_bound = false;
}

/* ---- groups ------------------------------------------------------------------------- */

/* For a file that is no container. */
int vfio_iommufd_set_container(struct vfio_group *group, struct file *file)
{
	struct iommufd_ctx *ictx = iommufd_ctx_from_file(file);
	int err;

	if (IS_ERR(ictx))
		return PTR_ERR(ictx);
	err = iommufd_vfio_compat_ioas_create(ictx);
	if (err)
		iommufd_ctx_put(ictx);
	else
		group->iommufd = ictx;
	return err;
}

/* Devices that are open stay bound. */
bool vfio_iommufd_drop(struct vfio_group *group)
{
	if (!group->iommufd)
		return false;
	iommufd_ctx_put(group->iommufd);
	group->iommufd = NULL;
	return true;
}

static int first_open(struct vfio_device *device, struct iommufd_ctx *ictx)
{
	u32 id;
	int err;

	err = vfio_iommufd_bind(device, ictx, &id);
	if (err)
		return err;
	err = vfio_open_device(device, device->group->kvm);
	if (err)
		goto unbind;
	/* the user has no way to learn which it is, nor to choose */
	err = iommufd_vfio_compat_ioas_get_id(ictx, &id);
	if (!err && device->ops->attach_ioas)
		err = device->ops->attach_ioas(device, &id);
	if (err)
		goto close_device;
	return 0;

close_device:
	vfio_close_device(device);
unbind:
	vfio_iommufd_unbind(device);
	device->kvm = NULL;
	return err;
}

static int open_bound(struct vfio_device *device)
{
	struct vfio_group *group = device->group;
	int err = 0;

	if (!try_module_get(device->dev->driver->owner))
		return -ENODEV;
	/* before: what opens may pin */
	WRITE_ONCE(device->open_count, device->open_count + 1);
	if (device->open_count == 1)
		err = first_open(device, group->iommufd);
	if (err) {
		WRITE_ONCE(device->open_count, device->open_count - 1);
		module_put(device->dev->driver->owner);
	}
	return err;
}

/* Unlike with a container, the group's file may be closed while the device is open. */
int vfio_iommufd_open(struct vfio_device *device)
{
	struct vfio_group *group = device->group;
	int ret = 1;

	mutex_lock(&device->dev_set->lock);
	mutex_lock(&group->group_lock);
	if (device->um_bound && !group->iommufd && !group->container)
		ret = -EINVAL;
	else if (device->um_bound || group->iommufd)
		ret = open_bound(device);
	mutex_unlock(&group->group_lock);
	mutex_unlock(&device->dev_set->lock);
	return ret;
}

bool vfio_iommufd_close(struct vfio_device *device)
{
	struct vfio_group *group = device->group;

	lockdep_assert_held(&device->dev_set->lock);
	if (!device->um_bound)
		return false;
	mutex_lock(&group->group_lock);
	if (device->open_count == 1) {
		vfio_close_device(device);
		vfio_iommufd_unbind(device);
		device->kvm = NULL;
	}
	WRITE_ONCE(device->open_count, device->open_count - 1);
	mutex_unlock(&group->group_lock);
	module_put(device->dev->driver->owner);
	return true;
}
#endif
