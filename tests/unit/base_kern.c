// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of the driver core's test, see base_kern.h.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "base_kern.h"

#define BK_MAJOR	230

/* Has code that is built in appear below /sys/module. */
static bool bk_param;
module_param(bk_param, bool, 0444);

/* ---- log ---------------------------------------------------------------------- */

static DEFINE_SPINLOCK(log_lock);
static char log_text[2][1024];
static int log_now;

static void log_add(const char *what)
{
	spin_lock(&log_lock);
	strlcat(log_text[log_now], what, sizeof(log_text[0]));
	strlcat(log_text[log_now], " ", sizeof(log_text[0]));
	spin_unlock(&log_lock);
}

const char *bk_log(void)
{
	const char *text;

	spin_lock(&log_lock);
	text = log_text[log_now];
	log_now = !log_now;
	log_text[log_now][0] = '\0';
	spin_unlock(&log_lock);
	return text;
}

/* ---- bus and class ------------------------------------------------------------- */

static int bk_match(struct device *dev, struct device_driver *drv)
{
	return !strncmp(dev_name(dev), drv->name, strlen(drv->name));
}

static int bk_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=bk:%s", dev_name(dev));
}

static ssize_t of_bus_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	return sysfs_emit(buf, "of the bus\n");
}
static DEVICE_ATTR_RO(of_bus);

static struct attribute *bus_attrs[] = { &dev_attr_of_bus.attr, NULL };
ATTRIBUTE_GROUPS(bus);

static struct bus_type bk_bus = {
	.name		= "bkbus",
	.match		= bk_match,
	.uevent		= bk_uevent,
	.dev_groups	= bus_groups,
};

int bk_bus_register(void)
{
	return bus_register(&bk_bus);
}

void bk_bus_unregister(void)
{
	bus_unregister(&bk_bus);
}

static ssize_t of_class_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "of the class\n");
}
static DEVICE_ATTR_RO(of_class);

static struct attribute *class_attrs[] = { &dev_attr_of_class.attr, NULL };
ATTRIBUTE_GROUPS(class);

static ssize_t version_show(struct class *class, struct class_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "7\n");
}
static CLASS_ATTR_RO(version);

static struct class bk_class = {
	.name		= "bkclass",
	.dev_groups	= class_groups,
};

int bk_class_register(void)
{
	int err = class_register(&bk_class);

	if (err)
		return err;
	err = class_create_file(&bk_class, &class_attr_version);
	if (err)
		class_unregister(&bk_class);
	return err;
}

void bk_class_unregister(void)
{
	class_remove_file(&bk_class, &class_attr_version);
	class_unregister(&bk_class);
}

/* ---- devices --------------------------------------------------------------------- */

struct bk_device {
	struct device dev;
};

static ssize_t of_type_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "of the type\n");
}
static DEVICE_ATTR_RO(of_type);

static struct attribute *type_attrs[] = { &dev_attr_of_type.attr, NULL };
ATTRIBUTE_GROUPS(type);

static const struct device_type bk_type = {
	.name	= "bktype",
	.groups	= type_groups,
};

static unsigned long number = 0x10;
static DEVICE_ULONG_ATTR(number, 0644, number);
static struct device_attribute dev_attr_mute = {
	.attr = { .name = "mute", .mode = 0644 },
};

static struct attribute *device_attrs[] = {
	&dev_attr_number.attr.attr,
	&dev_attr_mute.attr,
	NULL
};
ATTRIBUTE_GROUPS(device);

static void bk_release(struct device *dev)
{
	log_add("release");
	kfree(container_of(dev, struct bk_device, dev));
}

struct bk_device *bk_device_add(const char *name, struct bk_device *parent,
				int where, int *err)
{
	struct bk_device *bd = kzalloc(sizeof(*bd), GFP_KERNEL);

	*err = -ENOMEM;
	if (!bd)
		return NULL;

	device_initialize(&bd->dev);
	bd->dev.parent = parent ? &parent->dev : NULL;
	bd->dev.type = &bk_type;
	bd->dev.groups = device_groups;
	if (!(where & BK_UNRELEASED))
		bd->dev.release = bk_release;
	if (where & BK_BUS)
		bd->dev.bus = &bk_bus;
	if (where & BK_CLASS)
		bd->dev.class = &bk_class;
	if (where & BK_DEVT)
		bd->dev.devt = MKDEV(BK_MAJOR, 3);

	*err = dev_set_name(&bd->dev, "%s", name);
	if (!*err)
		*err = device_add(&bd->dev);
	if (*err) {
		put_device(&bd->dev);
		return NULL;
	}
	return bd;
}

void bk_device_remove(struct bk_device *bd)
{
	bool unreleased = !bd->dev.release;

	device_unregister(&bd->dev);
	if (unreleased)
		kfree(bd);
}

void bk_device_say(struct bk_device *bd)
{
	dev_emerg(&bd->dev, "emerg %d\n", 1);
	dev_alert(&bd->dev, "alert\n");
	dev_crit(&bd->dev, "crit\n");
	dev_err(&bd->dev, "err\n");
	dev_warn(&bd->dev, "warn\n");
	dev_notice(&bd->dev, "notice\n");
	dev_info(&bd->dev, "info\n");
	dev_info(NULL, "nobody\n");
	dev_err_probe(&bd->dev, -EINVAL, "probing\n");
	dev_err_probe(&bd->dev, -ENOMEM, "not shown\n");
	dev_warn_probe(&bd->dev, -EIO, "trying\n");
}

static int count_child(struct device *dev, void *count)
{
	++*(int *)count;
	return 0;
}

int bk_device_children(struct bk_device *bd)
{
	int count = 0;

	device_for_each_child(&bd->dev, &count, count_child);
	return count;
}

static int remove_child(struct device *dev, void *unused)
{
	device_unregister(dev);
	return 0;
}

void bk_device_remove_children(struct bk_device *bd)
{
	device_for_each_child(&bd->dev, NULL, remove_child);
}

/* ---- drivers ----------------------------------------------------------------------- */

struct bk_driver {
	struct device_driver drv;
	int probe;
	int defer;
};

static int bk_probe(struct device *dev)
{
	struct bk_driver *bd = container_of(dev->driver, struct bk_driver, drv);

	log_add("probe");
	if (bd->defer && bd->defer--)
		return dev_err_probe(dev, -EPROBE_DEFER, "not yet\n");
	dev_set_drvdata(dev, bd);
	return bd->probe;
}

static int bk_remove(struct device *dev)
{
	log_add("remove");
	return 0;
}

static ssize_t of_driver_show(struct device *dev,
			      struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "of the driver\n");
}
static DEVICE_ATTR_RO(of_driver);

static struct attribute *driver_attrs[] = { &dev_attr_of_driver.attr, NULL };
ATTRIBUTE_GROUPS(driver);

struct bk_driver *bk_driver_add(const char *name, int probe, int defer,
				int *err)
{
	struct bk_driver *bd = kzalloc(sizeof(*bd), GFP_KERNEL);

	*err = -ENOMEM;
	if (!bd)
		return NULL;

	bd->probe = probe;
	bd->defer = defer;
	bd->drv.name = name;
	bd->drv.bus = &bk_bus;
	bd->drv.mod_name = KBUILD_MODNAME;
	bd->drv.probe = bk_probe;
	bd->drv.remove = bk_remove;
	bd->drv.dev_groups = driver_groups;

	*err = driver_register(&bd->drv);
	if (*err) {
		kfree(bd);
		return NULL;
	}
	return bd;
}

void bk_driver_remove(struct bk_driver *bd)
{
	driver_unregister(&bd->drv);
	kfree(bd);
}

int bk_driver_has(struct bk_driver *bd, const char *name)
{
	struct device *dev = driver_find_device_by_name(&bd->drv, name);

	put_device(dev);
	return !!dev;
}

void bk_wait_for_probes(void)
{
	wait_for_device_probe();
}

/* ---- scenarios ------------------------------------------------------------------------ */

static void log_action(void *name)
{
	log_add(name);
}

static struct device *scratch_device(void)
{
	struct device *dev = root_device_register("bkscratch");

	return IS_ERR(dev) ? NULL : dev;
}

const char *bk_devres(void)
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
	if (devm_device_add_group(dev, &driver_group))
		return "devm_device_add_group";

	/* the rest goes with the device */
	root_device_unregister(dev);
	return NULL;
}

const char *bk_devres_group(void)
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

static int intf_add(struct device *dev, struct class_interface *intf)
{
	log_add("add");
	return 0;
}

static void intf_remove(struct device *dev, struct class_interface *intf)
{
	log_add("remove");
}

const char *bk_class_interface(void)
{
	static struct class_interface intf = {
		.add_dev = intf_add, .remove_dev = intf_remove
	};
	struct device *one, *two;
	struct class *class;

	class = class_create(THIS_MODULE, "bkintf");
	if (IS_ERR(class))
		return "class";
	intf.class = class;

	one = device_create(class, NULL, 0, NULL, "one");
	if (class_interface_register(&intf))
		return "interface";
	two = device_create(class, NULL, MKDEV(BK_MAJOR, 9), NULL, "two");
	if (IS_ERR(one) || IS_ERR(two))
		return "devices";
	if (class_find_device_by_name(class, "two") != two)
		return "find by name";
	put_device(two);

	device_destroy(class, MKDEV(BK_MAJOR, 9));
	log_add("|");
	class_interface_unregister(&intf);
	device_unregister(one);
	class_destroy(class);
	return NULL;
}

const char *bk_class_compat(void)
{
	struct device *dev = scratch_device();
	struct class_compat *cls;

	if (!dev)
		return "no device";
	cls = class_compat_register("bkcompat");
	if (!cls)
		return "class";
	if (class_compat_create_link(cls, dev, NULL))
		return "link";
	if (class_compat_create_link(cls, dev, NULL) != -EEXIST)
		return "twice";
	class_compat_remove_link(cls, dev, NULL);
	class_compat_unregister(cls);
	root_device_unregister(dev);
	return NULL;
}

/* With the bus registered. */
const char *bk_dead_device(void)
{
	struct bk_device *bd;
	struct bk_driver *drv;
	bool first, second;
	int err;

	bd = bk_device_add("dead", NULL, BK_BUS, &err);
	if (err)
		return "device";

	device_lock(&bd->dev);
	first = kill_device(&bd->dev);
	second = kill_device(&bd->dev);
	device_unlock(&bd->dev);
	if (!first || second)
		return "it dies once";

	drv = bk_driver_add("dead", 0, 0, &err);
	if (err)
		return "driver";
	if (device_is_bound(&bd->dev))
		return "bound with the driver's coming";
	if (device_attach(&bd->dev) || device_is_bound(&bd->dev))
		return "bound by device_attach()";
	if (device_driver_attach(&drv->drv, &bd->dev) != -ENODEV)
		return "bound by hand";

	bk_driver_remove(drv);
	bk_device_remove(bd);
	return NULL;
}

const char *bk_rename(void)
{
	struct device *dev;
	struct class *class = class_create(THIS_MODULE, "bkren");

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

const char *bk_iommu_group(void)
{
	struct device *dev = scratch_device();
	struct iommu_group *group = iommu_group_alloc(), *again;

	if (!dev || IS_ERR(group))
		return "setup";
	iommu_group_set_iommudata(group, "data", data_release);
	if (strcmp(iommu_group_get_iommudata(group), "data"))
		return "data";
	if (iommu_group_set_name(group, "bkgroup"))
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
	log_add("done");
	root_device_unregister(dev);
	return NULL;
}

static struct iommu_group *named_group;

int bk_iommu_name(const char *name)
{
	if (!named_group)
		named_group = iommu_group_alloc();
	if (IS_ERR(named_group))
		return PTR_ERR(named_group);
	return iommu_group_set_name(named_group, name);
}

void bk_iommu_put(void)
{
	iommu_group_put(named_group);
	named_group = NULL;
}

const char *bk_iommu_same_name(void)
{
	struct iommu_group *group = iommu_group_alloc();
	struct device *a, *b, *c, *top = scratch_device();
	struct class *class = class_create(THIS_MODULE, "bksame");

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

const char *bk_root_device(void)
{
	struct device *dev = scratch_device();
	struct device *twin = root_device_register("bkscratch");

	if (PTR_ERR(twin) != -EEXIST)
		return "two of one name";
	root_device_unregister(dev);
	return NULL;
}

/* ---- sweeps ------------------------------------------------------------------------------ */

int bk_sweep_bus(void)
{
	int err = bus_register(&bk_bus);

	if (!err)
		bus_unregister(&bk_bus);
	return err;
}

int bk_sweep_class(void)
{
	struct class *class = class_create(THIS_MODULE, "bksweep");
	struct device *dev;
	int err = 0;

	if (IS_ERR(class))
		return PTR_ERR(class);
	dev = device_create(class, NULL, MKDEV(BK_MAJOR, 5), NULL, "a!b");
	if (IS_ERR(dev))
		err = PTR_ERR(dev);
	else
		device_unregister(dev);
	class_destroy(class);
	return err;
}

int bk_sweep_iommu(void)
{
	struct device *dev = scratch_device();
	struct iommu_group *group;
	int err;

	if (!dev)
		return -ENOMEM;
	group = iommu_group_alloc();
	err = PTR_ERR_OR_ZERO(group);
	if (!err) {
		err = iommu_group_set_name(group, "sweep");
		if (!err)
			err = iommu_group_add_device(group, dev);
		if (!err)
			iommu_group_remove_device(dev);
		iommu_group_put(group);
	}
	root_device_unregister(dev);
	return err;
}
