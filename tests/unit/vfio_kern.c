// SPDX-License-Identifier: GPL-2.0-only
/* See vfio_kern.h. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "compat/levels.h"
#include "umdev/umdev.h"
#include "vfio_kern.h"

#define MAX_PINS 8

int vk_opens, vk_closes;
void *vk_kvm;

struct vk_device {
	struct vfio_device vdev;
	dma_addr_t iova;	/* of what is pinned */
	int pinned;
};

#define to_vk(v) container_of(v, struct vk_device, vdev)

static const struct vfio_device_ops ops;

/* All in one set, called by its members' operations. */
static int init(struct vfio_device *vdev)
{
	return vfio_assign_device_set(vdev, (void *)&ops);
}

static int open_device(struct vfio_device *vdev)
{
	vk_opens++;
	vk_kvm = vdev->kvm;
	return 0;
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
	return n;
}

static long do_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vk_device *vk = to_vk(vdev);
	struct vk_dma dma;

	if (copy_from_user(&dma, (void __user *)arg, sizeof(dma)))
		return -EFAULT;
	switch (cmd) {
	case VK_PIN:
		return do_pin(vk, &dma);
	case VK_UNPIN:
		unpin(vk);
		return 0;
	default:
		return -ENOTTY;
	}
}

static void dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct vk_device *vk = to_vk(vdev);

	if (vk->iova >= iova && vk->iova < iova + length)
		unpin(vk);
}

static const struct vfio_device_ops ops = {
	.name = "vk",
	.init = init,
#if KAPI_VFIO_FREE_DEVICE
	.release = vfio_free_device,
#endif
	.open_device = open_device,
	.close_device = close_device,
	.ioctl = do_ioctl,
	.dma_unmap = dma_unmap,
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

static struct device *devices[VK_DEVICES];

static void device_free(struct device *dev)
{
	kfree(dev);
}

int vk_add_nth(int n)
{
	struct device *device = kzalloc(sizeof(*device), GFP_KERNEL);
	int err;

	if (!device)
		return -ENOMEM;
	device_initialize(device);
	device->bus = &bus;
	device->release = device_free;
	err = dev_set_name(device, "vk%d", n);
	if (!err)
		err = device_add(device);
	if (err)
		put_device(device);
	else
		devices[n] = device;
	return err;
}

int vk_add(void)
{
	vk_opens = vk_closes = 0;
	return vk_add_nth(0);
}

void vk_remove_nth(int n)
{
	struct device *dev = devices[n];

	devices[n] = NULL;
	if (dev)
		device_unregister(dev);
	um_late_flush();
}

void vk_remove(void)
{
	vk_remove_nth(0);
}

int vk_is_bound(void)
{
	return devices[0] && devices[0]->driver;
}

int vk_in_set(void)
{
	struct vk_device *vk = dev_get_drvdata(devices[0]);

	return vk->vdev.dev_set->device_count;
}

int vk_set_kvm(int fd, void *kvm)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	vfio_file_set_kvm(file, kvm);
	fput(file);
	return 0;
}

/* ---- chains of capabilities ------------------------------------------ */

static const char *check_chain(const struct vfio_info_cap *caps, size_t offset)
{
	const struct vfio_info_cap_header *header = caps->buf;
	unsigned int id;

	for (id = 1; ; id++) {
		if (header->id != id || header->version != id + 10)
			return "a header";
		if (!header->next)
			break;
		header = (void *)((char *)caps->buf + header->next - offset);
	}
	return id == 3 ? NULL : "its length";
}

const char *vk_capabilities(int *err)
{
	struct vfio_info_cap caps = {};
	struct vfio_info_cap_header *header;
	const char *wrong;
	unsigned int id;

	*err = 0;
	for (id = 1; id <= 3; id++) {
		/* more than a block has to spare: each is an allocation */
		header = vfio_info_cap_add(&caps, sizeof(*header) + 64 * id, id, id + 10);
		if (!IS_ERR(header))
			continue;
		*err = PTR_ERR(header);
		return caps.buf || caps.size ? "a chain is left" : NULL;
	}
	wrong = check_chain(&caps, 0);
	vfio_info_cap_shift(&caps, 32);
	if (!wrong)
		wrong = check_chain(&caps, 32);
	kfree(caps.buf);
	return wrong;
}

/* ---- life ------------------------------------------------------------ */

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
