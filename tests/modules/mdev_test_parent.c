// SPDX-License-Identifier: GPL-2.0-only
/*
 * A well-behaved parent driver whose callbacks do as they are told.
 *
 * It makes parents parent0, parent1, ... (parameter parents) of the class
 * mdev_test and registers each with two types, "1" with all kinds of attributes
 * and "2" with a name. create() and remove() pass the points of mdev_test_control, the
 * release of a parent device passes "released". The
 * device "vendor" is the test's handle: numbers written to its files name a
 * parent.
 *
 *	class		what create() does about the class, word by word: see
 *			mdev_test_classes.h
 *	register	mdev_register_device(); "null" for no device at all
 *	unregister	mdev_unregister_device()
 *	unplug		the same, and the parent device goes
 *	child		makes a child of the parent that is no mdev; "0 name"
 *	keep		create() takes a reference on the mdev from now on (1, 0)
 *	kept		the parent of that mdev, or nobody, and what else the core
 *			leads to then; written: dropped
 *	twin		a device of parent0's name under another parent (1, 0)
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "mdev_test.h"
#include "mdev_test_classes.h"
#include "mdev_vendor.h"

#define MAX_PARENTS	8

static int parents = 1;
module_param(parents, int, 0444);
MODULE_PARM_DESC(parents, "number of parent devices");

static bool autoregister = true;
module_param(autoregister, bool, 0444);
MODULE_PARM_DESC(autoregister, "register them when the module is loaded");

static struct device *parent[MAX_PARENTS];
static struct device *vendor, *child, *twin;
static struct mdev_device *kept;
static bool keep;

/* What the driver keeps for each mdev. */
struct vendor_mdev {
	char type[32];
};

static ssize_t class_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	int ret = take_class_steps(NULL, buf);

	if (ret)
		return ret;
	strscpy(class_words, buf, sizeof(class_words));
	return count;
}
static DEVICE_ATTR_WO(class);

/* ---- types --------------------------------------------------------------- */

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "One\n");
}
static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "mdev-test\n");
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t self_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s of %s\n", kobject_name(kobj), dev_name(dev));
}
static MDEV_TYPE_ATTR_RO(self);

static char note[32];

static ssize_t note_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", note);
}

static ssize_t note_store(struct kobject *kobj, struct device *dev,
			  const char *buf, size_t count)
{
	mdev_test_hold("note");
	snprintf(note, sizeof(note), "%s %s", dev_name(dev), buf);
	return count;
}
static MDEV_TYPE_ATTR_RW(note);

static struct mdev_type_attribute mdev_type_attr_mute = __ATTR(mute, 0644, NULL, NULL);

static struct attribute *one_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_self.attr,
	&mdev_type_attr_note.attr,
	&mdev_type_attr_mute.attr,
	NULL
};

static struct attribute *two_attrs[] = { &mdev_type_attr_name.attr, NULL };

static struct attribute_group type_one = { .name = "1", .attrs = one_attrs };
static struct attribute_group type_two = { .name = "2", .attrs = two_attrs };
static struct attribute_group *type_groups[] = { &type_one, &type_two, NULL };

/* ---- attributes of the parent and of each mdev --------------------------- */

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "42\n");
}
static DEVICE_ATTR_RO(serial);

static struct attribute *parent_attrs[] = { &dev_attr_serial.attr, NULL };
static const struct attribute_group parent_group = {
	.name = "card",
	.attrs = parent_attrs,
};
static const struct attribute_group *parent_groups[] = { &parent_group, NULL };

static ssize_t type_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vendor_mdev *vm = mdev_get_drvdata(mdev_from_dev(dev));

	return sysfs_emit(buf, "%s\n", vm->type);
}
static DEVICE_ATTR_RO(type);

static ssize_t uuid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pUl\n", mdev_uuid(mdev_from_dev(dev)));
}
static DEVICE_ATTR_RO(uuid);

static ssize_t parent_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", dev_name(mdev_parent_dev(mdev_from_dev(dev))));
}
static DEVICE_ATTR_RO(parent);

static ssize_t same_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct mdev_device *mdev = mdev_from_dev(dev);

	return sysfs_emit(buf, "%d %d\n", mdev_dev(mdev) == dev,
			  !mdev_from_dev(mdev_parent_dev(mdev)));
}
static DEVICE_ATTR_RO(same);

static ssize_t iommu_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct device *iommu = mdev_get_iommu_device(dev);

	return sysfs_emit(buf, "%s\n", iommu ? dev_name(iommu) : "none");
}

static ssize_t iommu_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	int ret = mdev_set_iommu_device(dev, vendor);

	return ret ?: count;
}
static DEVICE_ATTR_RW(iommu);

static struct attribute *mdev_attrs[] = {
	&dev_attr_type.attr,
	&dev_attr_uuid.attr,
	&dev_attr_parent.attr,
	&dev_attr_same.attr,
	&dev_attr_iommu.attr,
	CLASS_ATTRS
	NULL
};
static const struct attribute_group mdev_group = { .name = "vendor", .attrs = mdev_attrs };
static const struct attribute_group *mdev_groups[] = { &mdev_group, NULL };

/* ---- callbacks ----------------------------------------------------------- */

static int vendor_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct vendor_mdev *vm;
	int ret;

	if (keep && !kept) {
		get_device(mdev_dev(mdev));
		kept = mdev;
	}
	ret = mdev_test_call("create", dev_name(mdev_dev(mdev)));
	if (ret)
		return ret;
	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return -ENOMEM;
	strscpy(vm->type, kobject_name(kobj), sizeof(vm->type));
	mdev_set_drvdata(mdev, vm);
	take_class_steps(mdev, class_words);
	return 0;
}

static int vendor_remove(struct mdev_device *mdev)
{
	int ret = mdev_test_call("remove", dev_name(mdev_dev(mdev)));

	kfree(mdev_get_drvdata(mdev));
	return ret;
}

static const struct mdev_parent_ops vendor_ops = {
	.owner = THIS_MODULE,
	.dev_attr_groups = parent_groups,
	.mdev_attr_groups = mdev_groups,
	.supported_type_groups = type_groups,
	.create = vendor_create,
	.remove = vendor_remove,
};

/* ---- devices ------------------------------------------------------------- */

static void free_device(struct device *dev)
{
	kfree(dev);
}

static void free_parent(struct device *dev)
{
	mdev_test_call("released", dev_name(dev));
	kfree(dev);
}

static struct device *add_device(struct device *under, struct class *class,
				 const struct attribute_group **groups, const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int ret;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	device_initialize(dev);
	dev->parent = under;
	dev->class = class;
	dev->groups = groups;
	dev->release = free_device;
	ret = dev_set_name(dev, "%s", name);
	if (!ret)
		ret = device_add(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return dev;
}

static struct device *parent_of(const char *buf)
{
	unsigned int i;

	if (kstrtouint(buf, 0, &i) || i >= MAX_PARENTS)
		return NULL;
	return parent[i];
}

static ssize_t register_store(struct device *dev, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	int ret;

	if (sysfs_streq(buf, "null"))
		ret = mdev_register_device(NULL, &vendor_ops);
	else
		ret = mdev_register_device(parent_of(buf), &vendor_ops);
	return ret ?: count;
}
static DEVICE_ATTR_WO(register);

static ssize_t unregister_store(struct device *dev, struct device_attribute *attr,
				const char *buf, size_t count)
{
	struct device *p = parent_of(buf);

	if (!p)
		return -ENODEV;
	mdev_unregister_device(p);
	return count;
}
static DEVICE_ATTR_WO(unregister);

static ssize_t unplug_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct device *p = parent_of(buf);
	unsigned int i;

	if (!p)
		return -ENODEV;
	for (i = 0; i < MAX_PARENTS; i++)
		if (parent[i] == p)
			parent[i] = NULL;
	mdev_unregister_device(p);
	device_unregister(p);
	return count;
}
static DEVICE_ATTR_WO(unplug);

static ssize_t child_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	char number[4], name[40] = "child";
	struct device *p, *new;

	if (sscanf(buf, "%3s %39s", number, name) < 1)
		return -EINVAL;
	p = parent_of(number);
	if (!p || child)
		return -EBUSY;
	new = add_device(p, &mdev_test_class, NULL, name);
	if (IS_ERR(new))
		return PTR_ERR(new);
	child = new;
	return count;
}
static DEVICE_ATTR_WO(child);

static void remove_twin(void)
{
	if (!twin)
		return;
	mdev_unregister_device(twin);
	device_unregister(twin);
	twin = NULL;
}

static ssize_t twin_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	struct device *new;
	bool on;
	int ret;

	ret = kstrtobool(buf, &on);
	if (ret)
		return ret;
	remove_twin();
	if (!on)
		return count;
	/* no class of its own: that would have a link of the same name */
	new = add_device(vendor, NULL, NULL, "parent0");
	if (IS_ERR(new))
		return PTR_ERR(new);
	ret = mdev_register_device(new, &vendor_ops);
	if (ret) {
		device_unregister(new);
		return ret;
	}
	twin = new;
	return count;
}
static DEVICE_ATTR_WO(twin);

static ssize_t keep_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	int ret = kstrtobool(buf, &keep);

	return ret ?: count;
}
static DEVICE_ATTR_WO(keep);

static ssize_t kept_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct device *p;

	if (!kept)
		return sysfs_emit(buf, "none\n");
	p = mdev_parent_dev(kept);
	if (p)
		return sysfs_emit(buf, "%s of %s\n", dev_name(mdev_dev(kept)), dev_name(p));
	return sysfs_emit(buf, "%s of nobody%s%s%s\n", dev_name(mdev_dev(kept)),
			  mdev_get_drvdata(kept) ? ", with data" : "",
			  leads_to_ops(kept) ? ", with ops" : "",
			  mdev_get_iommu_device(mdev_dev(kept)) ? ", behind an IOMMU" : "");
}

static void drop_kept(void)
{
	struct mdev_device *mdev = kept;

	kept = NULL;
	if (mdev)
		put_device(mdev_dev(mdev));
}

static ssize_t kept_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	drop_kept();
	return count;
}
static DEVICE_ATTR_RW(kept);

static struct attribute *vendor_attrs[] = {
	&dev_attr_class.attr,
	&dev_attr_register.attr,
	&dev_attr_unregister.attr,
	&dev_attr_unplug.attr,
	&dev_attr_child.attr,
	&dev_attr_twin.attr,
	&dev_attr_keep.attr,
	&dev_attr_kept.attr,
	NULL
};
ATTRIBUTE_GROUPS(vendor);

static void remove_all(void)
{
	int i;

	remove_twin();
	for (i = MAX_PARENTS - 1; i >= 0; i--) {
		if (!parent[i])
			continue;
		mdev_unregister_device(parent[i]);
		if (child && child->parent == parent[i]) {
			device_unregister(child);
			child = NULL;
		}
		device_unregister(parent[i]);
	}
	drop_kept();
	device_unregister(vendor);
}

static int add_parent(int i)
{
	char name[16];
	struct device *dev;

	snprintf(name, sizeof(name), "parent%d", i);
	dev = add_device(NULL, &mdev_test_class, NULL, name);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	dev->release = free_parent;
	parent[i] = dev;
	return autoregister ? mdev_register_device(dev, &vendor_ops) : 0;
}

static int __init mdev_test_parent_init(void)
{
	int i, ret;

	vendor = add_device(NULL, &mdev_test_class, vendor_groups, "vendor");
	if (IS_ERR(vendor))
		return PTR_ERR(vendor);
	for (i = 0; i < parents && i < MAX_PARENTS; i++) {
		ret = add_parent(i);
		if (ret) {
			remove_all();
			return ret;
		}
	}
	return 0;
}

static void __exit mdev_test_parent_exit(void)
{
	remove_all();
}

module_init(mdev_test_parent_init);
module_exit(mdev_test_parent_exit);
MODULE_DESCRIPTION("Parent driver that does as a test says");
MODULE_LICENSE("GPL v2");
