// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of the test of what belongs to devices, see
 * base_objects_kern.h.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/levels.h"
#include "base_log.h"
#include "base_objects_kern.h"
#include "umdev/umdev.h"

#define BO_MAJOR	230

const char *bo_log(void)
{
	return log_take();
}

static void log_action(void *name)
{
	log_add(name);
}

static struct device *scratch_device(void)
{
	struct device *dev = root_device_register("boscratch");

	return IS_ERR(dev) ? NULL : dev;
}

static ssize_t of_scratch_show(struct device *dev,
			       struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "of the scratch device\n");
}
static DEVICE_ATTR_RO(of_scratch);

static struct attribute *scratch_attrs[] = { &dev_attr_of_scratch.attr, NULL };
static const struct attribute_group scratch_group = { .attrs = scratch_attrs };

const char *bo_devres(void)
{
	struct device *dev = scratch_device();
	char *p, *q;

	if (!dev)
		return "no device";
	if (devm_add_action(dev, log_action, "first"))
		return "devm_add_action";
	p = devm_kzalloc(dev, 100, GFP_KERNEL);
	if (!p || p[99])
		return "devm_kzalloc";
	q = devm_krealloc(dev, p, 10000, GFP_KERNEL);
	if (!q || q[99])
		return "devm_krealloc";
	devm_kfree(dev, q);
	if (devm_kmalloc(dev, 0, GFP_KERNEL) != ZERO_SIZE_PTR)
		return "no bytes";
	p = devm_kasprintf(dev, GFP_KERNEL, "%s-%d", "text", 5);
	if (!p || strcmp(p, "text-5"))
		return "devm_kasprintf";
	p = devm_kstrdup(dev, p, GFP_KERNEL);
	if (!p || strcmp(p, "text-5"))
		return "devm_kstrdup";
	if (devm_add_action(dev, log_action, "second") ||
	    devm_add_action(dev, log_action, "third"))
		return "devm_add_action";
	devm_remove_action(dev, log_action, "third");
	if (devm_device_add_group(dev, &scratch_group))
		return "devm_device_add_group";

	/* the rest goes with the device */
	root_device_unregister(dev);
	return NULL;
}

const char *bo_devres_group(void)
{
	struct device *dev = scratch_device();
	void *outer, *inner;

	if (!dev)
		return "no device";
	if (devm_add_action(dev, log_action, "before"))
		return "before";
	outer = devres_open_group(dev, NULL, GFP_KERNEL);
	if (devm_add_action(dev, log_action, "outer"))
		return "outer";
	inner = devres_open_group(dev, NULL, GFP_KERNEL);
	if (devm_add_action(dev, log_action, "inner"))
		return "inner";
	devres_close_group(dev, inner);
	devres_close_group(dev, outer);
	if (devm_add_action(dev, log_action, "after"))
		return "after";

	if (devres_release_group(dev, outer) != 2)
		return "a group has two resources";
	log_add("|");
	root_device_unregister(dev);
	return NULL;
}

/* the interface itself, where callbacks get it */
#if KAPI_CLASS_INTERFACE_SELF
#define INTF_SELF , struct class_interface *intf
#else
#define INTF_SELF
#endif

static int intf_add(struct device *dev INTF_SELF)
{
	log_add("add");
	return 0;
}

static void intf_remove(struct device *dev INTF_SELF)
{
	log_add("remove");
}

const char *bo_class_interface(void)
{
	static struct class_interface intf = {
		.add_dev = intf_add, .remove_dev = intf_remove
	};
	struct device *one, *two;
	struct class *class;

	class = class_create(THIS_MODULE, "bointf");
	if (IS_ERR(class))
		return "class";
	intf.class = class;

	one = device_create(class, NULL, 0, NULL, "one");
	if (class_interface_register(&intf))
		return "interface";
	two = device_create(class, NULL, MKDEV(BO_MAJOR, 9), NULL, "two");
	if (IS_ERR(one) || IS_ERR(two))
		return "devices";
	if (class_find_device_by_name(class, "two") != two)
		return "find by name";
	put_device(two);

	device_destroy(class, MKDEV(BO_MAJOR, 9));
	log_add("|");
	class_interface_unregister(&intf);
	device_unregister(one);
	class_destroy(class);
	return NULL;
}

const char *bo_class_compat(void)
{
	struct device *dev = scratch_device();
	struct class_compat *cls;

	if (!dev)
		return "no device";
	cls = class_compat_register("bocompat");
	if (!cls)
		return "class";
	if (class_compat_create_link(cls, dev, NULL))
		return "link";
	if (class_compat_create_link(cls, dev, NULL) != -EEXIST)
		return "twice";
	class_compat_remove_link(cls, dev, NULL);
	class_compat_unregister(cls);
	root_device_unregister(dev);
	um_late_flush();
	return NULL;
}

const char *bo_rename(void)
{
	struct device *dev;
	struct class *class = class_create(THIS_MODULE, "boren");

	if (IS_ERR(class))
		return "class";
	dev = device_create(class, NULL, 0, NULL, "old");
	if (IS_ERR(dev))
		return "device";
	if (device_rename(dev, "new") || strcmp(dev_name(dev), "new"))
		return "rename";
	device_unregister(dev);
	class_destroy(class);
	return NULL;
}

static int is_device(struct device *dev, void *want)
{
	return dev == want ? 42 : 0;
}

static void data_release(void *data)
{
	log_add(data);
}

const char *bo_iommu_group(void)
{
	struct device *dev = scratch_device();
	struct iommu_group *group = iommu_group_alloc(), *again;

	if (!dev || IS_ERR(group))
		return "setup";
	iommu_group_set_iommudata(group, "data", data_release);
	if (strcmp(iommu_group_get_iommudata(group), "data"))
		return "data";
	if (iommu_group_set_name(group, "bogroup"))
		return "name";
	if (iommu_group_get(dev))
		return "in a group before";
	if (iommu_group_add_device(group, dev))
		return "add";
	if (iommu_group_add_device(group, dev) != -EEXIST)
		return "twice";
	if (iommu_group_for_each_dev(group, dev, is_device) != 42)
		return "walk";

	again = iommu_group_get(dev);
	if (again != group)
		return "get";
	iommu_group_put(again);
	again = iommu_group_get_by_id(iommu_group_id(group));
	if (again != group)
		return "by id";
	iommu_group_put(again);
	if (iommu_group_get_by_id(4711))
		return "no such group";

	/* the device holds it now, as vfio does */
	iommu_group_put(group);
	log_add("held");
	iommu_group_remove_device(dev);
	iommu_group_remove_device(dev);
	um_late_flush();
	log_add("done");
	root_device_unregister(dev);
	return NULL;
}

static struct iommu_group *named_group;

int bo_iommu_name(const char *name)
{
	if (!named_group)
		named_group = iommu_group_alloc();
	if (IS_ERR(named_group))
		return PTR_ERR(named_group);
	return iommu_group_set_name(named_group, name);
}

void bo_iommu_put(void)
{
	iommu_group_put(named_group);
	named_group = NULL;
}

const char *bo_iommu_same_name(void)
{
	struct iommu_group *group = iommu_group_alloc();
	struct device *a, *b, *c, *top = scratch_device();
	struct class *class = class_create(THIS_MODULE, "bosame");

	if (IS_ERR(group) || !top || IS_ERR(class))
		return "setup";
	a = root_device_register("same");
	b = device_create(class, NULL, 0, NULL, "same");
	c = device_create(class, top, 0, NULL, "other");
	if (IS_ERR(a) || IS_ERR(b) || IS_ERR(c))
		return "devices";
	if (iommu_group_add_device(group, a) ||
	    iommu_group_add_device(group, b) ||
	    iommu_group_add_device(group, c))
		return "add";
	iommu_group_remove_device(c);
	iommu_group_remove_device(a);
	iommu_group_remove_device(b);
	iommu_group_put(group);
	device_unregister(c);
	device_unregister(b);
	root_device_unregister(a);
	root_device_unregister(top);
	class_destroy(class);
	return NULL;
}

const char *bo_root_device(void)
{
	struct device *dev = scratch_device();
	struct device *twin = root_device_register("boscratch");

	if (PTR_ERR(twin) != -EEXIST)
		return "two of one name";
	root_device_unregister(dev);
	return NULL;
}
