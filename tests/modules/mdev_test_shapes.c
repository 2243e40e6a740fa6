// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parent drivers as they should not be, or seldom are: the parameter shape
 * picks one. Loading makes the device "shaped" of the class mdev_test and
 * registers it; the file result there holds what mdev_register_device()
 * returned. The points "type_visible" and "parent_visible" of
 * mdev_test_control are passed while the files of a type, or the parent's,
 * are being made.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "compat/const.h"
#include "mdev_test.h"
#include "mdev_vendor.h"

static char *shape = "plain";
module_param(shape, charp, 0444);
MODULE_PARM_DESC(shape, "which parent driver to be");

/* ---- callbacks ----------------------------------------------------------- */

static int shapes_create(struct kobject *kobj, struct mdev_device *mdev)
{
	mdev_set_class(mdev, 0x23);
	return mdev_test_call("create", dev_name(mdev_dev(mdev)));
}

static int shapes_remove(struct mdev_device *mdev)
{
	return mdev_test_call("remove", dev_name(mdev_dev(mdev)));
}

/* ---- attributes ---------------------------------------------------------- */

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s of %s\n", kobject_name(kobj), dev_name(dev));
}
static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "mdev-test\n");
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t hidden_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "never seen\n");
}
static MDEV_TYPE_ATTR_RO(hidden);

static ssize_t create_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "clashes with the core's own create\n");
}
static MDEV_TYPE_ATTR_RO(create);

static ssize_t uevent_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "clashes with the driver core's own uevent\n");
}

static ssize_t uevent_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	return -EIO;
}
static DEVICE_ATTR_RW(uevent);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "42\n");
}
static DEVICE_ATTR_RO(serial);

static ssize_t rom_read(struct file *filp, struct kobject *kobj,
			kapi_bin_const struct bin_attribute *attr,
			char *buf, loff_t pos, size_t count)
{
	memset(buf, 0x5a, count);
	return count;
}
static BIN_ATTR_RO(rom, 16);

static umode_t type_is_visible(struct kobject *kobj, struct attribute *attr, int i)
{
	if (attr == &mdev_type_attr_hidden.attr)
		return 0;
	/* the attribute before this one is there already */
	if (attr == &mdev_type_attr_device_api.attr)
		mdev_test_hold("type_visible");
	return attr->mode;
}

static umode_t parent_is_visible(struct kobject *kobj, struct attribute *attr, int i)
{
	mdev_test_hold("parent_visible");
	return attr->mode;
}

static struct attribute *name_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	NULL
};
static struct attribute *visible_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_hidden.attr,
	&mdev_type_attr_device_api.attr,
	NULL
};
static struct attribute *clash_attrs[] = { &mdev_type_attr_create.attr, NULL };
static kapi_bin_const struct bin_attribute *kapi_bin_const rom_attrs[] = { &bin_attr_rom, NULL };
static struct attribute *uevent_attrs[] = { &dev_attr_uevent.attr, NULL };
static struct attribute *serial_attrs[] = { &dev_attr_serial.attr, NULL };

/* ---- groups -------------------------------------------------------------- */

static struct attribute_group type_1 = { .name = "1", .attrs = name_attrs };
static struct attribute_group type_1_too = { .name = "1", .attrs = name_attrs };
static struct attribute_group type_2 = { .name = "2", .attrs = name_attrs };
static struct attribute_group type_bare = { .name = "bare" };
static struct attribute_group type_nameless = { .attrs = name_attrs };
static struct attribute_group type_clash = { .name = "clash", .attrs = clash_attrs };
static struct attribute_group type_visible = {
	.name = "visible",
	.attrs = visible_attrs,
	.is_visible = type_is_visible,
	.bin_attrs = rom_attrs,
};
static struct attribute_group type_binary = { .name = "binary", .bin_attrs = rom_attrs };

static struct attribute_group *plain_types[] = { &type_1, &type_2, NULL };
static struct attribute_group *bare_types[] = { &type_1, &type_bare, NULL };
static struct attribute_group *no_types[] = { NULL };
static struct attribute_group *nameless_types[] = { &type_1, &type_nameless, NULL };
static struct attribute_group *duplicate_types[] = { &type_1, &type_1_too, NULL };
static struct attribute_group *clash_types[] = { &type_1, &type_clash, NULL };
static struct attribute_group *visible_types[] = { &type_1, &type_visible, NULL };
static struct attribute_group *binary_types[] = { &type_binary, NULL };
static struct attribute_group *late_types[] = { &type_1, &type_visible, &type_clash, NULL };

static const struct attribute_group clash_group = { .attrs = uevent_attrs };
static const struct attribute_group serial_group = { .name = "card", .attrs = serial_attrs };
static const struct attribute_group watched_group = {
	.name = "watched",
	.attrs = serial_attrs,
	.is_visible = parent_is_visible,
};

static const struct attribute_group *watched_groups[] = { &watched_group, NULL };
static const struct attribute_group *serial_groups[] = { &serial_group, NULL };
static const struct attribute_group *clash_groups[] = { &serial_group, &clash_group, NULL };
static const struct attribute_group *no_groups[] = { NULL };

/* ---- shapes -------------------------------------------------------------- */

#define CALLBACKS	.create = shapes_create, .remove = shapes_remove

static const struct {
	const char *name;
	const struct mdev_parent_ops ops;
} shapes[] = {
	{ "plain", { CALLBACKS, .supported_type_groups = plain_types } },
	{ "bare", { CALLBACKS, .supported_type_groups = bare_types } },
	{ "no_create", { .remove = shapes_remove, .supported_type_groups = plain_types } },
	{ "no_remove", { .create = shapes_create, .supported_type_groups = plain_types } },
	{ "no_types", { CALLBACKS } },
	{ "empty_types", { CALLBACKS, .supported_type_groups = no_types } },
	{ "empty_groups", { CALLBACKS, .supported_type_groups = plain_types,
			    .dev_attr_groups = no_groups, .mdev_attr_groups = no_groups } },
	{ "nameless", { CALLBACKS, .supported_type_groups = nameless_types } },
	{ "duplicate", { CALLBACKS, .supported_type_groups = duplicate_types } },
	{ "card_duplicate", { CALLBACKS, .supported_type_groups = duplicate_types,
			      .dev_attr_groups = serial_groups } },
	{ "clash", { CALLBACKS, .supported_type_groups = clash_types } },
	{ "visible", { CALLBACKS, .supported_type_groups = visible_types } },
	{ "binary", { CALLBACKS, .supported_type_groups = binary_types } },
	{ "late", { CALLBACKS, .supported_type_groups = late_types } },
	{ "watched", { CALLBACKS, .supported_type_groups = visible_types,
		       .dev_attr_groups = watched_groups } },
	{ "parent_clash", { CALLBACKS, .supported_type_groups = plain_types,
			    .dev_attr_groups = clash_groups } },
	{ "mdev_clash", { CALLBACKS, .supported_type_groups = plain_types,
			  .mdev_attr_groups = clash_groups } },
};

static const struct mdev_parent_ops *find_shape(bool *known)
{
	unsigned int i;

	*known = true;
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		if (!strcmp(shape, shapes[i].name))
			return &shapes[i].ops;
	*known = !strcmp(shape, "no_ops");
	return NULL;
}

/* ---- the device ---------------------------------------------------------- */

static int result;

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", result);
}
static DEVICE_ATTR_RO(result);

static struct attribute *shaped_attrs[] = { &dev_attr_result.attr, NULL };
ATTRIBUTE_GROUPS(shaped);

static struct device *shaped;

static void shaped_release(struct device *dev)
{
	kfree(dev);
}

static int __init mdev_test_shapes_init(void)
{
	const struct mdev_parent_ops *ops;
	bool known;
	int ret;

	ops = find_shape(&known);
	if (!known)
		return -EINVAL;
	shaped = kzalloc(sizeof(*shaped), GFP_KERNEL);
	if (!shaped)
		return -ENOMEM;
	device_initialize(shaped);
	shaped->class = &mdev_test_class;
	shaped->groups = shaped_groups;
	shaped->release = shaped_release;
	ret = dev_set_name(shaped, "shaped");
	if (!ret)
		ret = device_add(shaped);
	if (ret) {
		put_device(shaped);
		return ret;
	}
	result = mdev_register_device(shaped, ops);
	return 0;
}

static void __exit mdev_test_shapes_exit(void)
{
	mdev_unregister_device(shaped);
	device_unregister(shaped);
}

module_init(mdev_test_shapes_init);
module_exit(mdev_test_shapes_exit);
MODULE_DESCRIPTION("Parent drivers of odd shapes");
MODULE_LICENSE("GPL v2");
