// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor of VFIO mdevs whose parent device is static, as many drivers have it:
 * memory of the module, with a release function that looks at more of it. Nobody
 * may have a reference on it when the module unregisters; the release may come
 * later than the last one, and the module waits for it.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "mdev_vendor_vfio.h"

static DECLARE_COMPLETION(released);

static void static_release(struct device *dev)
{
	complete(&released);
}

static struct device parent = {
	.init_name = "mdev_static",
	.release = static_release,
};

/* ---- ops ------------------------------------------------------------- */

static int static_open(struct mdev_device *mdev)
{
	return 0;
}

static void static_close(struct mdev_device *mdev)
{
}

static ssize_t static_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	u32 *data = mdev_get_drvdata(mdev);

	count = min(count, sizeof(*data));
	return copy_to_user(buf, data, count) ? -EFAULT : count;
}

static const struct mdev_vfio_device_ops static_vfio_ops = {
	.open = static_open,
	.release = static_close,
	.read = static_read,
};

/* ---- mdevs ----------------------------------------------------------- */

static int static_create(struct kobject *kobj, struct mdev_device *mdev)
{
	u32 *data = kzalloc(sizeof(*data), GFP_KERNEL);

	if (!data)
		return -ENOMEM;
	*data = 42;
	mdev_set_drvdata(mdev, data);
	mdev_set_vfio_ops(mdev, &static_vfio_ops);
	return 0;
}

static int static_remove(struct mdev_device *mdev)
{
	kfree(mdev_get_drvdata(mdev));
	mdev_set_drvdata(mdev, NULL);
	return 0;
}

static ssize_t data_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct mdev_device *mdev = mdev_from_dev(dev);
	u32 *data = mdev_get_drvdata(mdev);

	return sysfs_emit(buf, "%u of %s\n", *data, dev_name(mdev_parent_dev(mdev)));
}
static DEVICE_ATTR_RO(data);

static struct attribute *mdev_attrs[] = { &dev_attr_data.attr, NULL };
static const struct attribute_group mdev_group = { .name = "vendor", .attrs = mdev_attrs };
static const struct attribute_group *mdev_groups[] = { &mdev_group, NULL };

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s, %d\n", dev_name(dev), completion_done(&released));
}
static MDEV_TYPE_ATTR_RO(name);

static struct attribute *type_attrs[] = { &mdev_type_attr_name.attr, NULL };
static struct attribute_group type_group = { .name = "1", .attrs = type_attrs };
static struct attribute_group *type_groups[] = { &type_group, NULL };

static const struct mdev_parent_ops static_ops = {
	.owner = THIS_MODULE,
	.mdev_attr_groups = mdev_groups,
	.supported_type_groups = type_groups,
	.create = static_create,
	.remove = static_remove,
};

/* ---- module ---------------------------------------------------------- */

static int __init mdev_test_static_init(void)
{
	int ret;

	ret = device_register(&parent);
	if (ret)
		goto put_parent;
	ret = mdev_register_device(&parent, &static_ops);
	if (ret)
		goto del_parent;
	return 0;

del_parent:
	device_del(&parent);
put_parent:
	put_device(&parent);
	return ret;
}

static void __exit mdev_test_static_exit(void)
{
	mdev_unregister_device(&parent);
	device_unregister(&parent);
	WARN_ON(kref_read(&parent.kobj.kref));
	wait_for_completion(&released);
}

module_init(mdev_test_static_init);
module_exit(mdev_test_static_exit);
MODULE_DESCRIPTION("Vendor whose parent device is static");
MODULE_LICENSE("GPL v2");
