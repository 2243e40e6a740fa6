// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent driver that holds, while it unregisters its parent, a lock that
 * its own remove() takes: what the framework's documentation forbids. Writing
 * to the parameter "unregister" does it. A deadlock only if an mdev is there
 * at that moment.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

static struct class *locked_class;
static struct device *locked_dev;
static DEFINE_MUTEX(vendor_lock);

static int locked_create(struct kobject *kobj, struct mdev_device *mdev)
{
	mdev_set_class(mdev, 0x77);
	return 0;
}

static int locked_remove(struct mdev_device *mdev)
{
	mutex_lock(&vendor_lock);
	mutex_unlock(&vendor_lock);
	return 0;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "Locked\n");
}
static MDEV_TYPE_ATTR_RO(name);

static struct attribute *locked_attrs[] = { &mdev_type_attr_name.attr, NULL };
static struct attribute_group locked_group = { .name = "1", .attrs = locked_attrs };
static struct attribute_group *locked_groups[] = { &locked_group, NULL };

static const struct mdev_parent_ops locked_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = locked_groups,
	.create = locked_create,
	.remove = locked_remove,
};

static int unregister_set(const char *val, const struct kernel_param *kp)
{
	mutex_lock(&vendor_lock);
	mdev_unregister_device(locked_dev);
	mutex_unlock(&vendor_lock);
	return 0;
}

static const struct kernel_param_ops unregister_ops = { .set = unregister_set };
module_param_cb(unregister, &unregister_ops, NULL, 0200);

static int __init locked_init(void)
{
	int ret;

	locked_class = class_create(THIS_MODULE, "mdev_locked");
	if (IS_ERR(locked_class))
		return PTR_ERR(locked_class);
	locked_dev = device_create(locked_class, NULL, 0, NULL, "locked");
	if (IS_ERR(locked_dev)) {
		ret = PTR_ERR(locked_dev);
		goto destroy_class;
	}
	ret = mdev_register_device(locked_dev, &locked_ops);
	if (ret)
		goto unregister_device;
	return 0;

unregister_device:
	device_unregister(locked_dev);
destroy_class:
	class_destroy(locked_class);
	return ret;
}

static void __exit locked_exit(void)
{
	mdev_unregister_device(locked_dev);
	device_unregister(locked_dev);
	class_destroy(locked_class);
}

module_init(locked_init);
module_exit(locked_exit);
MODULE_DESCRIPTION("Unregisters its parent under a lock that its remove() takes");
MODULE_LICENSE("GPL");
