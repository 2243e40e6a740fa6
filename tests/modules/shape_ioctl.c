// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver that needs nothing of VFIO but ioctls, in the shape of the
 * s390 crypto driver: adapters are assigned to an mdev over sysfs, one mdev
 * each, while nobody has it open. Its remove() complains of adapters that are
 * still assigned by returning -EBUSY, but gives them back all the same.
 */
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define ADAPTERS	64
#define MAX_INSTANCES	4

struct shape_mdev {
	DECLARE_BITMAP(adapters, ADAPTERS);
	unsigned int users;
	unsigned int resets;
};

/* Guards the following, and what is in each struct shape_mdev. */
static DEFINE_MUTEX(shape_lock);
static DECLARE_BITMAP(assigned, ADAPTERS);
static unsigned int instances;

static struct shape_mdev *to_shape(struct device *dev)
{
	return mdev_get_drvdata(mdev_from_dev(dev));
}

/* ---- ops ------------------------------------------------------------- */

static int shape_open(struct mdev_device *mdev)
{
	struct shape_mdev *sm = mdev_get_drvdata(mdev);

	mutex_lock(&shape_lock);
	sm->users++;
	mutex_unlock(&shape_lock);
	return 0;
}

static void shape_release(struct mdev_device *mdev)
{
	struct shape_mdev *sm = mdev_get_drvdata(mdev);

	mutex_lock(&shape_lock);
	sm->users--;
	mutex_unlock(&shape_lock);
}

static long get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 0;
	info.num_irqs = 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long shape_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	struct shape_mdev *sm = mdev_get_drvdata(mdev);

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info((void __user *)arg);
	case VFIO_DEVICE_RESET:
		mutex_lock(&shape_lock);
		sm->resets++;
		mutex_unlock(&shape_lock);
		return 0;
	default:
		return -ENOTTY;
	}
}

static const struct mdev_vfio_device_ops shape_ops = {
	.open = shape_open,
	.release = shape_release,
	.ioctl = shape_ioctl,
};

/* ---- attributes of an mdev ------------------------------------------- */

static int change_adapter(struct shape_mdev *sm, unsigned int n, bool assign)
{
	if (sm->users)
		return -EBUSY;
	if (assign && test_bit(n, assigned))
		return test_bit(n, sm->adapters) ? 0 : -EADDRINUSE;
	if (!assign && !test_bit(n, sm->adapters))
		return -ENODEV;
	if (assign) {
		__set_bit(n, assigned);
		__set_bit(n, sm->adapters);
	} else {
		__clear_bit(n, assigned);
		__clear_bit(n, sm->adapters);
	}
	return 0;
}

static ssize_t store_adapter(struct device *dev, const char *buf, size_t count, bool assign)
{
	unsigned int n;
	int ret;

	ret = kstrtouint(buf, 0, &n);
	if (ret)
		return ret;
	if (n >= ADAPTERS)
		return -ENODEV;
	mutex_lock(&shape_lock);
	ret = change_adapter(to_shape(dev), n, assign);
	mutex_unlock(&shape_lock);
	return ret ?: count;
}

static ssize_t assign_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	return store_adapter(dev, buf, count, true);
}
static DEVICE_ATTR_WO(assign);

static ssize_t unassign_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	return store_adapter(dev, buf, count, false);
}
static DEVICE_ATTR_WO(unassign);

static ssize_t adapters_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct shape_mdev *sm = to_shape(dev);
	ssize_t len = 0;
	unsigned int n;

	mutex_lock(&shape_lock);
	for (n = 0; n < ADAPTERS; n++)
		if (test_bit(n, sm->adapters))
			len += sysfs_emit_at(buf, len, "%02x\n", n);
	mutex_unlock(&shape_lock);
	return len;
}
static DEVICE_ATTR_RO(adapters);

static ssize_t resets_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned int resets;

	mutex_lock(&shape_lock);
	resets = to_shape(dev)->resets;
	mutex_unlock(&shape_lock);
	return sysfs_emit(buf, "%u\n", resets);
}
static DEVICE_ATTR_RO(resets);

static struct attribute *mdev_attrs[] = {
	&dev_attr_assign.attr,
	&dev_attr_unassign.attr,
	&dev_attr_adapters.attr,
	&dev_attr_resets.attr,
	NULL
};
static const struct attribute_group mdev_group = { .attrs = mdev_attrs };
static const struct attribute_group *mdev_groups[] = { &mdev_group, NULL };

/* ---- the parent's ops ------------------------------------------------ */

static int shape_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct shape_mdev *sm;
	int ret = 0;

	sm = kzalloc(sizeof(*sm), GFP_KERNEL);
	if (!sm)
		return -ENOMEM;
	mutex_lock(&shape_lock);
	if (instances == MAX_INSTANCES)
		ret = -ENOSPC;
	else
		instances++;
	mutex_unlock(&shape_lock);
	if (ret) {
		kfree(sm);
		return ret;
	}
	mdev_set_drvdata(mdev, sm);
	mdev_set_vfio_ops(mdev, &shape_ops);
	return 0;
}

static int shape_remove(struct mdev_device *mdev)
{
	struct shape_mdev *sm = mdev_get_drvdata(mdev);
	int ret;

	mutex_lock(&shape_lock);
	ret = bitmap_empty(sm->adapters, ADAPTERS) ? 0 : -EBUSY;
	bitmap_andnot(assigned, assigned, sm->adapters, ADAPTERS);
	instances--;
	mutex_unlock(&shape_lock);
	mdev_set_drvdata(mdev, NULL);
	kfree(sm);
	return ret;
}

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "adapters passed through\n");
}
static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", VFIO_DEVICE_API_AP_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	unsigned int left;

	mutex_lock(&shape_lock);
	left = MAX_INSTANCES - instances;
	mutex_unlock(&shape_lock);
	return sysfs_emit(buf, "%u\n", left);
}
static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL
};
static struct attribute_group passthrough = { .name = "passthrough", .attrs = type_attrs };
static struct attribute_group *types[] = { &passthrough, NULL };

static const struct mdev_parent_ops parent_ops = {
	.owner = THIS_MODULE,
	.mdev_attr_groups = mdev_groups,
	.supported_type_groups = types,
	.create = shape_create,
	.remove = shape_remove,
};

/* ---- module ---------------------------------------------------------- */

static struct class *shape_class;
static struct device *parent;

static int __init shape_ioctl_init(void)
{
	int ret;

	shape_class = class_create(THIS_MODULE, "shape_ioctl");
	if (IS_ERR(shape_class))
		return PTR_ERR(shape_class);
	parent = device_create(shape_class, NULL, MKDEV(0, 0), NULL, "matrix");
	if (IS_ERR(parent)) {
		ret = PTR_ERR(parent);
		goto destroy_class;
	}
	ret = mdev_register_device(parent, &parent_ops);
	if (ret)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(parent);
destroy_class:
	class_destroy(shape_class);
	return ret;
}

static void __exit shape_ioctl_exit(void)
{
	mdev_unregister_device(parent);
	device_unregister(parent);
	class_destroy(shape_class);
}

module_init(shape_ioctl_init);
module_exit(shape_ioctl_exit);
MODULE_DESCRIPTION("Vendor driver with ioctls only");
MODULE_LICENSE("GPL v2");
