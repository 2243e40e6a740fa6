// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver that lives outside this tree: one device that answers a
 * read of its file with a greeting, and nothing more. Kept as short as a
 * driver can be: it shows what is needed to build against umdev.
 */
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

static const char greeting[] = "hello from outside\n";

static struct class outside_class = {
	.name = "outside",
};
static struct device *parent;

static int outside_open(struct mdev_device *mdev)
{
	return 0;
}

static ssize_t outside_read(struct mdev_device *mdev, char __user *buf,
			    size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, greeting, sizeof(greeting) - 1);
}

static long outside_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	struct vfio_device_info info = {
		.argsz = sizeof(info),
		.flags = VFIO_DEVICE_FLAGS_PCI,
	};

	if (cmd != VFIO_DEVICE_GET_INFO)
		return -ENOTTY;
	return copy_to_user((void __user *)arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static const struct mdev_vfio_device_ops outside_vfio_ops = {
	.open = outside_open,
	.read = outside_read,
	.ioctl = outside_ioctl,
};

static int outside_create(struct kobject *kobj, struct mdev_device *mdev)
{
	mdev_set_vfio_ops(mdev, &outside_vfio_ops);
	return 0;
}

static int outside_remove(struct mdev_device *mdev)
{
	return 0;
}

static struct attribute_group outside_type = { .name = "greeting" };
static struct attribute_group *outside_types[] = { &outside_type, NULL };

static const struct mdev_parent_ops outside_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = outside_types,
	.create = outside_create,
	.remove = outside_remove,
};

static int __init outside_init(void)
{
	int err;

	err = class_register(&outside_class);
	if (err)
		return err;
	parent = device_create(&outside_class, NULL, 0, NULL, "outside0");
	if (IS_ERR(parent)) {
		err = PTR_ERR(parent);
		goto unregister_class;
	}
	err = mdev_register_device(parent, &outside_ops);
	if (err)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(parent);
unregister_class:
	class_unregister(&outside_class);
	return err;
}

static void __exit outside_exit(void)
{
	mdev_unregister_device(parent);
	device_unregister(parent);
	class_unregister(&outside_class);
}

module_init(outside_init);
module_exit(outside_exit);
MODULE_DESCRIPTION("Vendor driver built outside the tree of umdev");
MODULE_LICENSE("GPL");
