// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO as a vendor's ops saw it up to Linux 5.14: each file is an open of its
 * own, and a release when it is closed. (Since then, only the first and the
 * last are told.)
 *
 * An mdev driver of class VFIO, to be loaded instead of vfio_mdev, without
 * groups and containers: opening /dev/vfio_files opens the mdev, of which
 * there can be one at a time. It must stay, with its vendor, while a file is
 * open. Nothing can be mapped.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/miscdevice.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

static struct mdev_device *served;	/* while the file exists */

static int vfio_files_open(struct inode *inode, struct file *file)
{
	return mdev_get_vfio_ops(served)->open(served);
}

static int vfio_files_release(struct inode *inode, struct file *file)
{
	mdev_get_vfio_ops(served)->release(served);
	return 0;
}

static ssize_t vfio_files_read(struct file *file, char __user *buf, size_t count,
			       loff_t *ppos)
{
	return mdev_get_vfio_ops(served)->read(served, buf, count, ppos);
}

static ssize_t vfio_files_write(struct file *file, const char __user *buf,
				size_t count, loff_t *ppos)
{
	return mdev_get_vfio_ops(served)->write(served, buf, count, ppos);
}

static long vfio_files_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return mdev_get_vfio_ops(served)->ioctl(served, cmd, arg);
}

static const struct file_operations vfio_files_fops = {
	.owner = THIS_MODULE,
	.open = vfio_files_open,
	.release = vfio_files_release,
	.read = vfio_files_read,
	.write = vfio_files_write,
	.unlocked_ioctl = vfio_files_ioctl,
};

static struct miscdevice vfio_files_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vfio_files",
	.fops = &vfio_files_fops,
};

static int vfio_files_probe(struct device *dev)
{
	int ret;

	if (served)
		return -EBUSY;

	served = mdev_from_dev(dev);
	ret = misc_register(&vfio_files_misc);
	if (ret)
		served = NULL;
	return ret;
}

static void vfio_files_remove(struct device *dev)
{
	misc_deregister(&vfio_files_misc);
	served = NULL;
}

static const struct mdev_class_id vfio_files_ids[] = {
	{ MDEV_CLASS_ID_VFIO },
	{ 0 },
};

static struct mdev_driver vfio_files_driver = {
	.name = "vfio_files",
	.probe = vfio_files_probe,
	.remove = vfio_files_remove,
	.id_table = vfio_files_ids,
};

static int __init vfio_files_init(void)
{
	return mdev_register_driver(&vfio_files_driver, THIS_MODULE);
}

static void __exit vfio_files_exit(void)
{
	mdev_unregister_driver(&vfio_files_driver);
}

module_init(vfio_files_init)
module_exit(vfio_files_exit)

MODULE_DESCRIPTION("Test: VFIO where each file is an open");
MODULE_AUTHOR("umdev contributors");
MODULE_LICENSE("GPL");
