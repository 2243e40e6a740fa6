// SPDX-License-Identifier: GPL-2.0-only
/*
 * What belongs to devices, in cases of its own: interfaces of classes, glue directories,
 * managed memory, IOMMU groups. The device "device_cases" of the class mdev_test has a
 * file "case", to which the name of a case (cases.h) is written.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cases.h"
#include "compat/levels.h"
#include "mdev_test.h"

#define MAJOR_OF_CASES	230

/* ---- classes ------------------------------------------------------------------ */

/* the interface itself, where callbacks get it */
#if KAPI_CLASS_INTERFACE_SELF
#define INTF_SELF , struct class_interface *intf
#else
#define INTF_SELF
#endif

static int intf_add(struct device *dev INTF_SELF)
{
	return mdev_test_call("intf_add", dev_name(dev));
}

static void intf_remove(struct device *dev INTF_SELF)
{
	mdev_test_call("intf_remove", dev_name(dev));
}

/* One device is there before it, and one after it. */
static void class_interface_sees_all_devices(void)
{
	static struct class_interface intf = {
		.add_dev = intf_add, .remove_dev = intf_remove
	};
	struct class *class = class_create(THIS_MODULE, "seen");
	struct device *one, *two;

	CHECK(!IS_ERR(class));
	intf.class = class;
	one = device_create(class, NULL, 0, NULL, "one");
	CHECK(!IS_ERR(one));
	CHECK_EQ(class_interface_register(&intf), 0);
	two = device_create(class, NULL, MKDEV(MAJOR_OF_CASES, 9), NULL, "two");
	CHECK(!IS_ERR(two));
	device_destroy(class, MKDEV(MAJOR_OF_CASES, 9));
	class_interface_unregister(&intf);
	device_unregister(one);
	class_destroy(class);
}

/* Devices of a class are together below a parent that is of none. */
static void glue_directory_is_there_while_it_is_needed(void)
{
	struct class *class = class_create(THIS_MODULE, "glue");
	struct device *top = root_device_register("glue_top"), *one, *two, *below;

	CHECK(!IS_ERR(class) && !IS_ERR(top));
	one = device_create(class, top, 0, NULL, "one");
	two = device_create(class, top, 0, NULL, "two");
	CHECK(!IS_ERR(one) && !IS_ERR(two));
	below = device_create(class, one, 0, NULL, "below");
	CHECK(!IS_ERR(below));
	mdev_test_hold("both");
	device_unregister(below);
	device_unregister(one);
	mdev_test_hold("one");
	device_unregister(two);
	mdev_test_hold("none");
	root_device_unregister(top);
	class_destroy(class);
}

static void root_devices_have_unique_names(void)
{
	struct device *dev = root_device_register("twin");

	CHECK(!IS_ERR(dev));
	CHECK_EQ(PTR_ERR_OR_ZERO(root_device_register("twin")), -EEXIST);
	root_device_unregister(dev);
}

/* ---- managed memory -------------------------------------------------------------- */

static void managed_memory_is_like_any(void)
{
	struct device *dev = root_device_register("manager");
	char *p, *q;

	CHECK(!IS_ERR(dev));
	p = devm_kzalloc(dev, 100, GFP_KERNEL);
	CHECK(p && !memchr_inv(p, 0, 100));
	q = devm_krealloc(dev, p, 10000, GFP_KERNEL);
	CHECK(q && !memchr_inv(q, 0, 100));
	devm_kfree(dev, q);
	CHECK(devm_kmalloc(dev, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	p = devm_kasprintf(dev, GFP_KERNEL, "%s-%d", "text", 5);
	CHECK(p);
	CHECK_STR(p, "text-5");
	q = devm_kstrdup(dev, p, GFP_KERNEL);
	CHECK(q);
	CHECK_STR(q, "text-5");
	/* the rest goes with the device */
	root_device_unregister(dev);
}

/* ---- IOMMU groups ------------------------------------------------------------------ */

static int is_device(struct device *dev, void *want)
{
	return dev == want ? 42 : 0;
}

static void data_release(void *data)
{
	mdev_test_call("group_release", data);
}

static void iommu_group_lives_as_long_as_it_is_held(void)
{
	struct device *dev = root_device_register("grouped");
	struct iommu_group *group = iommu_group_alloc(), *again;

	CHECK(!IS_ERR(dev) && !IS_ERR(group));
	iommu_group_set_iommudata(group, "data", data_release);
	CHECK_STR((char *)iommu_group_get_iommudata(group), "data");
	CHECK_EQ(iommu_group_set_name(group, "case"), 0);
	CHECK(!iommu_group_get(dev));
	CHECK_EQ(iommu_group_add_device(group, dev), 0);
	CHECK_EQ(iommu_group_add_device(group, dev), -EEXIST);
	CHECK_EQ(iommu_group_for_each_dev(group, dev, is_device), 42);
	again = iommu_group_get(dev);
	CHECK(again == group);
	iommu_group_put(again);
	/* the device holds it now, as vfio does */
	iommu_group_put(group);
	mdev_test_call("held", "group");
	iommu_group_remove_device(dev);
	iommu_group_remove_device(dev);
	root_device_unregister(dev);
}

static void iommu_group_can_be_named_anew(void)
{
	struct iommu_group *group = iommu_group_alloc();
	char id[12];

	CHECK(!IS_ERR(group));
	snprintf(id, sizeof(id), "%d", iommu_group_id(group));
	mdev_test_call("id", id);
	CHECK_EQ(iommu_group_set_name(group, "one"), 0);
	mdev_test_hold("named_one");
	CHECK_EQ(iommu_group_set_name(group, "two"), 0);
	mdev_test_hold("named_two");
	CHECK_EQ(iommu_group_set_name(group, NULL), 0);
	mdev_test_hold("nameless");
	iommu_group_put(group);
}

/* Each has a link in the group: a second of a name gets a number behind it. */
static void iommu_group_takes_devices_of_one_name(void)
{
	struct device *a, *b, *c, *top = root_device_register("same_top");
	struct class *class = class_create(THIS_MODULE, "same_class");
	struct iommu_group *group = iommu_group_alloc();

	CHECK(!IS_ERR(group) && !IS_ERR(top) && !IS_ERR(class));
	a = root_device_register("same");
	b = device_create(class, NULL, 0, NULL, "same");
	c = device_create(class, top, 0, NULL, "other");
	CHECK(!IS_ERR(a) && !IS_ERR(b) && !IS_ERR(c));
	CHECK_EQ(iommu_group_add_device(group, a), 0);
	CHECK_EQ(iommu_group_add_device(group, b), 0);
	CHECK_EQ(iommu_group_add_device(group, c), 0);
	iommu_group_remove_device(c);
	iommu_group_remove_device(a);
	iommu_group_remove_device(b);
	iommu_group_put(group);
	device_unregister(c);
	device_unregister(b);
	root_device_unregister(a);
	root_device_unregister(top);
	class_destroy(class);
}

static const struct mdev_test_case cases[] = {
	CASE(class_interface_sees_all_devices),
	CASE(glue_directory_is_there_while_it_is_needed),
	CASE(root_devices_have_unique_names),
	CASE(managed_memory_is_like_any),
	CASE(iommu_group_lives_as_long_as_it_is_held),
	CASE(iommu_group_can_be_named_anew),
	CASE(iommu_group_takes_devices_of_one_name),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct attribute *device_cases_attrs[] = {
	&dev_attr_case.attr,
	NULL
};
ATTRIBUTE_GROUPS(device_cases);

static struct device *device_cases;

static int __init device_cases_init(void)
{
	device_cases = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
						 device_cases_groups, "device_cases");
	return PTR_ERR_OR_ZERO(device_cases);
}

static void __exit device_cases_exit(void)
{
	device_unregister(device_cases);
}

module_init(device_cases_init);
module_exit(device_cases_exit);
MODULE_DESCRIPTION("Cases of what belongs to devices");
MODULE_LICENSE("GPL v2");
