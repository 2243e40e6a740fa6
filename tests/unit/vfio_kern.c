// SPDX-License-Identifier: GPL-2.0-only
/* See vfio_kern.h. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "vfio_kern.h"

#define MAX_PINS 8

int vk_opens, vk_closes, vk_requests, vk_unmaps, vk_open_error;

struct vk_device {
	struct vfio_device vdev;
	dma_addr_t iova;	/* of what is pinned */
	int pinned;
	int keep;
};

#define to_vk(v) container_of(v, struct vk_device, vdev)

static int open_device(struct vfio_device *vdev)
{
	vk_opens++;
	return vk_open_error;
}

static void unpin(struct vk_device *vk)
{
	if (vk->pinned)
		vfio_unpin_pages(&vk->vdev, vk->iova, vk->pinned);
	vk->pinned = 0;
}

static void close_device(struct vfio_device *vdev)
{
	vk_closes++;
	unpin(to_vk(vdev));
}

static long do_pin(struct vk_device *vk, const struct vk_dma *dma)
{
	struct page *pages[MAX_PINS];
	long n;

	n = vfio_pin_pages(&vk->vdev, dma->iova, dma->n, dma->prot, pages);
	if (n < 0)
		return n;
	vk->iova = dma->iova;
	vk->pinned = n;
	if (dma->prot & IOMMU_WRITE)
		strcpy(page_address(pages[0]), "pinned");
	return n;
}

static long do_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vk_device *vk = to_vk(vdev);
	struct vk_dma dma;
	long ret;

	if (copy_from_user(&dma, (void __user *)arg, sizeof(dma)))
		return -EFAULT;
	switch (cmd) {
	case VK_PIN:
		return do_pin(vk, &dma);
	case VK_UNPIN:
		unpin(vk);
		return 0;
	case VK_RW:
		ret = vfio_dma_rw(vdev, dma.iova, dma.data, dma.n, dma.prot & IOMMU_WRITE);
		if (!ret && copy_to_user((void __user *)arg, &dma, sizeof(dma)))
			return -EFAULT;
		return ret;
	case VK_KEEP:
		vk->keep = 1;
		return 0;
	default:
		return -ENOTTY;
	}
}

static ssize_t do_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, "config space", 12);
}

static void dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct vk_device *vk = to_vk(vdev);

	vk_unmaps++;
	if (vk->keep)
		vk->keep = 0;
	else if (vk->iova >= iova && vk->iova < iova + length)
		unpin(vk);
}

static void request(struct vfio_device *vdev, unsigned int count)
{
	WRITE_ONCE(vk_requests, vk_requests + 1);
}

static int feature(struct vfio_device *vdev, u32 flags, void __user *arg, size_t argsz)
{
	int ret = vfio_check_feature(flags, argsz, VFIO_DEVICE_FEATURE_GET, 4);

	return ret == 1 ? put_user(42u, (u32 __user *)arg) : ret;
}

static const struct vfio_device_ops ops = {
	.name = "vk",
	.release = vfio_free_device,
	.open_device = open_device,
	.close_device = close_device,
	.read = do_read,
	.ioctl = do_ioctl,
	.request = request,
	.dma_unmap = dma_unmap,
	.device_feature = feature,
};

/* ---- a bus with one device ------------------------------------------- */

static int probe(struct device *dev)
{
	struct vk_device *vk = vfio_alloc_device(vk_device, vdev, dev, &ops);
	int err;

	if (IS_ERR(vk))
		return PTR_ERR(vk);
	err = vfio_register_emulated_iommu_dev(&vk->vdev);
	if (err) {
		vfio_put_device(&vk->vdev);
		return err;
	}
	dev_set_drvdata(dev, vk);
	return 0;
}

static int remove(struct device *dev)
{
	struct vk_device *vk = dev_get_drvdata(dev);

	vfio_unregister_group_dev(&vk->vdev);
	vfio_put_device(&vk->vdev);
	return 0;
}

static struct bus_type bus = {
	.name = "vkbus",
};

static struct device_driver driver = {
	.name = "vk",
	.bus = &bus,
	.probe = probe,
	.remove = remove,
};

static struct device *device;

static void device_free(struct device *dev)
{
	kfree(dev);
}

int vk_add(void)
{
	int err;

	vk_opens = vk_closes = vk_requests = vk_unmaps = vk_open_error = 0;
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device_initialize(device);
	device->bus = &bus;
	device->release = device_free;
	err = dev_set_name(device, "vk0");
	if (!err)
		err = device_add(device);
	if (err) {
		put_device(device);
		device = NULL;
	}
	return err;
}

void vk_remove(void)
{
	struct device *dev = device;

	device = NULL;
	if (dev)
		device_unregister(dev);
}

int vk_is_bound(void)
{
	return device && device->driver;
}

int vk_init(void)
{
	int err = bus_register(&bus);

	if (err)
		return err;
	err = driver_register(&driver);
	if (err)
		bus_unregister(&bus);
	return err;
}

void vk_exit(void)
{
	driver_unregister(&driver);
	bus_unregister(&bus);
}
