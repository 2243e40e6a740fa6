// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor whose parent driver and mdev driver are one module, tightly
 * coupled: a class id of its own, no ops at all. The mdev driver finds the
 * vendor's data behind the mdev and serves it through an attribute that is
 * there while it is bound. "slots" bounds how many mdevs there can be;
 * "driver_first" is the order in which the two drivers go on unloading.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#define DIRECT_CLASS	0x123

static unsigned int slots = 2;
module_param(slots, uint, 0444);
MODULE_PARM_DESC(slots, "number of mdevs the device can make");

static bool driver_first;
module_param(driver_first, bool, 0444);
MODULE_PARM_DESC(driver_first, "on unloading the mdev driver goes before the parent");

static DEFINE_MUTEX(direct_lock);	/* guards slots_used */
static unsigned int slots_used;

struct direct_mdev {
	unsigned int generation;	/* how often it was bound */
};

/* ---- parent driver --------------------------------------------------------- */

static int direct_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct direct_mdev *dm;
	int ret = 0;

	dm = kzalloc(sizeof(*dm), GFP_KERNEL);
	if (!dm)
		return -ENOMEM;
	mutex_lock(&direct_lock);
	if (slots_used == slots)
		ret = -ENOSPC;
	else
		slots_used++;
	mutex_unlock(&direct_lock);
	if (ret) {
		kfree(dm);
		return ret;
	}
	mdev_set_drvdata(mdev, dm);
	mdev_set_class(mdev, DIRECT_CLASS);
	return 0;
}

static int direct_remove(struct mdev_device *mdev)
{
	kfree(mdev_get_drvdata(mdev));
	mutex_lock(&direct_lock);
	slots_used--;
	mutex_unlock(&direct_lock);
	return 0;
}

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	unsigned int left;

	mutex_lock(&direct_lock);
	left = slots - slots_used;
	mutex_unlock(&direct_lock);
	return sysfs_emit(buf, "%u\n", left);
}
static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *slot_attrs[] = {
	&mdev_type_attr_available_instances.attr,
	NULL
};
static struct attribute_group slot_group = { .name = "slot", .attrs = slot_attrs };
static struct attribute_group *direct_types[] = { &slot_group, NULL };

static const struct mdev_parent_ops direct_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = direct_types,
	.create = direct_create,
	.remove = direct_remove,
};

/* ---- mdev driver ------------------------------------------------------------ */

static ssize_t generation_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct mdev_device *mdev = mdev_from_dev(dev);
	struct direct_mdev *dm = mdev_get_drvdata(mdev);

	return sysfs_emit(buf, "%u of %s\n", dm->generation, dev_name(mdev_parent_dev(mdev)));
}
static DEVICE_ATTR_RO(generation);

static int direct_probe(struct device *dev)
{
	struct direct_mdev *dm = mdev_get_drvdata(mdev_from_dev(dev));

	dm->generation++;
	return sysfs_create_file(&dev->kobj, &dev_attr_generation.attr);
}

static void direct_unbind(struct device *dev)
{
	sysfs_remove_file(&dev->kobj, &dev_attr_generation.attr);
}

static const struct mdev_class_id direct_ids[] = { { DIRECT_CLASS }, { 0 } };

static struct mdev_driver direct_driver = {
	.name = "direct",
	.probe = direct_probe,
	.remove = direct_unbind,
	.id_table = direct_ids,
};

/* ---- module ------------------------------------------------------------------- */

static struct class direct_class = {
	.name = "mdev_direct",
};

static struct device *direct;

static void direct_release(struct device *dev)
{
	kfree(dev);
}

static int direct_add(void)
{
	int ret;

	direct = kzalloc(sizeof(*direct), GFP_KERNEL);
	if (!direct)
		return -ENOMEM;
	device_initialize(direct);
	direct->class = &direct_class;
	direct->release = direct_release;
	ret = dev_set_name(direct, "card");
	if (!ret)
		ret = device_add(direct);
	if (ret)
		put_device(direct);
	return ret;
}

static int __init direct_init(void)
{
	int ret;

	ret = class_register(&direct_class);
	if (ret)
		return ret;
	ret = mdev_register_driver(&direct_driver, THIS_MODULE);
	if (ret)
		goto unregister_class;
	ret = direct_add();
	if (ret)
		goto unregister_driver;
	ret = mdev_register_device(direct, &direct_ops);
	if (ret)
		goto unregister_card;
	return 0;

unregister_card:
	device_unregister(direct);
unregister_driver:
	mdev_unregister_driver(&direct_driver);
unregister_class:
	class_unregister(&direct_class);
	return ret;
}

static void __exit direct_exit(void)
{
	if (driver_first)
		mdev_unregister_driver(&direct_driver);
	mdev_unregister_device(direct);
	device_unregister(direct);
	if (!driver_first)
		mdev_unregister_driver(&direct_driver);
	class_unregister(&direct_class);
}

module_init(direct_init);
module_exit(direct_exit);
MODULE_DESCRIPTION("Parent driver and mdev driver in one");
MODULE_LICENSE("GPL v2");
