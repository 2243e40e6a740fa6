// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev driver of class VFIO: user space reaches an mdev through its VFIO
 * group.
 *
 * Each call goes to the mdev's own device-specific ops, unchanged. While a
 * user has the device open, this module and that of the vendor driver are
 * pinned, so that unloading one of them fails instead of waiting for the user.
 */

#include <linux/device.h>
#include <linux/init.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/vfio.h>

#include "mdev_private.h"

static struct module *vfio_mdev_vendor(struct mdev_device *mdev)
{
	return mdev->type->parent->ops->owner;
}

static int vfio_mdev_open(void *device_data)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);
	int ret;

	if (!ops->open)
		return -EINVAL;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;

	if (!try_module_get(vfio_mdev_vendor(mdev))) {
		ret = -ENODEV;
		goto put_this_module;
	}

	ret = ops->open(mdev);
	if (ret)
		goto put_vendor;
	return 0;

put_vendor:
	module_put(vfio_mdev_vendor(mdev));
put_this_module:
	module_put(THIS_MODULE);
	return ret;
}

static void vfio_mdev_release(void *device_data)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (ops->release)
		ops->release(mdev);

	module_put(vfio_mdev_vendor(mdev));
	module_put(THIS_MODULE);
}

static long vfio_mdev_ioctl(void *device_data, unsigned int cmd,
			    unsigned long arg)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (!ops->ioctl)
		return -EINVAL;
	return ops->ioctl(mdev, cmd, arg);
}

static ssize_t vfio_mdev_read(void *device_data, char __user *buf,
			      size_t count, loff_t *ppos)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (!ops->read)
		return -EINVAL;
	return ops->read(mdev, buf, count, ppos);
}

static ssize_t vfio_mdev_write(void *device_data, const char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (!ops->write)
		return -EINVAL;
	return ops->write(mdev, buf, count, ppos);
}

static int vfio_mdev_mmap(void *device_data, struct vm_area_struct *vma)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (!ops->mmap)
		return -EINVAL;
	return ops->mmap(mdev, vma);
}

static void vfio_mdev_request(void *device_data, unsigned int count)
{
	struct mdev_device *mdev = device_data;
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev);

	if (ops->request)
		ops->request(mdev, count);
}

static const struct vfio_device_ops vfio_mdev_dev_ops = {
	.name = "vfio-mdev",
	.open = vfio_mdev_open,
	.release = vfio_mdev_release,
	.ioctl = vfio_mdev_ioctl,
	.read = vfio_mdev_read,
	.write = vfio_mdev_write,
	.mmap = vfio_mdev_mmap,
	.request = vfio_mdev_request,
};

static int vfio_mdev_probe(struct device *dev)
{
	struct mdev_device *mdev = mdev_from_dev(dev);

	if (!mdev_get_vfio_ops(mdev)) {
		dev_err(dev, "class VFIO without ops: call mdev_set_vfio_ops() in create()\n");
		return -EINVAL;
	}
	return vfio_add_group_dev(dev, &vfio_mdev_dev_ops, mdev);
}

static void vfio_mdev_remove(struct device *dev)
{
	vfio_del_group_dev(dev);
}

static const struct mdev_class_id vfio_mdev_ids[] = {
	{ MDEV_CLASS_ID_VFIO },
	{ 0 },
};
MODULE_DEVICE_TABLE(mdev, vfio_mdev_ids);

static struct mdev_driver vfio_mdev_driver = {
	.name = "vfio_mdev",
	.probe = vfio_mdev_probe,
	.remove = vfio_mdev_remove,
	.id_table = vfio_mdev_ids,
};

static int __init vfio_mdev_init(void)
{
	return mdev_register_driver(&vfio_mdev_driver, THIS_MODULE);
}

static void __exit vfio_mdev_exit(void)
{
	mdev_unregister_driver(&vfio_mdev_driver);
}

module_init(vfio_mdev_init)
module_exit(vfio_mdev_exit)

MODULE_DESCRIPTION("VFIO driver for mediated devices");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
/* For a modpost that does not know tables of the mdev bus. */
MODULE_ALIAS("mdev:c01");
