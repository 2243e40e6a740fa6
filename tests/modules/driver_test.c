// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bus with devices and drivers that come and go on command.
 *
 * What is written to "do" of the device "binder" of the class mdev_test, a
 * command and up to two words, is carried out on the bus "testbus"; its error
 * is the write's. A driver matches the devices whose names begin with its
 * own. match, probe, remove and release pass points of mdev_test_control as
 * "<point> <device>"; the files of each level of groups log when they are
 * made.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "mdev_test.h"

#define WORD	48

static struct device *binder;

/* ---- groups, one per level ----------------------------------------------- */

static ssize_t level_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", attr->attr.name);
}

#define LEVEL(_name)							\
static struct device_attribute dev_attr_##_name = __ATTR(_name, 0444, level_show, NULL); \
static struct attribute *_name##_attrs[] = { &dev_attr_##_name.attr, NULL };	\
static umode_t _name##_visible(struct kobject *kobj, struct attribute *attr, int i) \
{									\
	mdev_test_call("group", #_name);				\
	return attr->mode;						\
}									\
static const struct attribute_group _name##_group = {			\
	.attrs = _name##_attrs,						\
	.is_visible = _name##_visible,					\
};									\
static const struct attribute_group *_name##_groups[] = { &_name##_group, NULL }

LEVEL(of_bus);
LEVEL(of_type);
LEVEL(of_device);
LEVEL(of_driver);

/* ---- the bus ------------------------------------------------------------- */

static int bus_match(struct device *dev, struct device_driver *drv)
{
	return !strncmp(dev_name(dev), drv->name, strlen(drv->name));
}

static int bus_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "FROM=bus");
}

static struct bus_type testbus = {
	.name = "testbus",
	.match = bus_match,
	.uevent = bus_uevent,
	.dev_groups = of_bus_groups,
};

static int type_uevent(struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "KIND=type");
}

static const struct device_type test_type = {
	.name = "test_type",
	.groups = of_type_groups,
	.uevent = type_uevent,
};

/* ---- drivers ------------------------------------------------------------- */

struct test_driver {
	struct device_driver driver;
	struct list_head list;
	char name[WORD];
};

static LIST_HEAD(drivers);

static void resource_release(struct device *dev, void *res)
{
	mdev_test_call("resource", dev_name(dev));
}

static int test_probe(struct device *dev)
{
	void *res;
	int ret;

	res = devres_alloc(resource_release, 8, GFP_KERNEL);
	if (!res)
		return -ENOMEM;
	devres_add(dev, res);
	ret = mdev_test_call("probe", dev_name(dev));
	if (!ret)
		dev_set_drvdata(dev, dev);
	return ret;
}

static int test_remove(struct device *dev)
{
	return mdev_test_call(dev_get_drvdata(dev) == dev ? "remove" : "no_data",
			      dev_name(dev));
}

static struct test_driver *find_driver(const char *name)
{
	struct test_driver *d;

	list_for_each_entry(d, &drivers, list)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

static int do_driver(const char *name, const char *option)
{
	struct test_driver *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int ret;

	if (!d)
		return -ENOMEM;
	strscpy(d->name, name, sizeof(d->name));
	d->driver.name = d->name;
	d->driver.bus = &testbus;
	d->driver.owner = THIS_MODULE;
	d->driver.probe = test_probe;
	d->driver.remove = test_remove;
	d->driver.dev_groups = of_driver_groups;
	d->driver.suppress_bind_attrs = !strcmp(option, "unbindable");
	ret = driver_register(&d->driver);
	if (ret) {
		kfree(d);
		return ret;
	}
	list_add_tail(&d->list, &drivers);
	return 0;
}

static int do_undriver(const char *name, const char *b)
{
	struct test_driver *d = find_driver(name);

	if (!d)
		return -ENOENT;
	list_del(&d->list);
	driver_unregister(&d->driver);
	kfree(d);
	return 0;
}

static int do_find_driver(const char *name, const char *b)
{
	return driver_find(name, &testbus) ? 0 : -ENOENT;
}

/* ---- devices ------------------------------------------------------------- */

struct test_device {
	struct device dev;
	struct list_head list;
};

static LIST_HEAD(devices);

static void device_released(struct device *dev)
{
	mdev_test_call("release", dev_name(dev));
	kfree(container_of(dev, struct test_device, dev));
}

static struct test_device *find_device(const char *name)
{
	struct test_device *d;

	list_for_each_entry(d, &devices, list)
		if (!strcmp(dev_name(&d->dev), name))
			return d;
	return NULL;
}

static int add_device_under(const char *name, struct device *parent, struct bus_type *bus)
{
	struct test_device *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int ret;

	if (!d)
		return -ENOMEM;
	device_initialize(&d->dev);
	d->dev.parent = parent;
	d->dev.bus = bus;
	d->dev.type = &test_type;
	d->dev.groups = of_device_groups;
	d->dev.release = device_released;
	ret = *name ? dev_set_name(&d->dev, "%s", name) : 0;
	if (!ret)
		ret = device_add(&d->dev);
	if (ret)
		put_device(&d->dev);
	else
		list_add_tail(&d->list, &devices);
	return ret;
}

static int do_device(const char *name, const char *parent)
{
	struct test_device *p = find_device(parent);

	return add_device_under(name, p ? &p->dev : NULL, &testbus);
}

static int do_nameless_device(const char *a, const char *b)
{
	return add_device_under("", NULL, NULL);
}

static int do_undevice(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	if (!d)
		return -ENOENT;
	list_del(&d->list);
	device_unregister(&d->dev);
	return 0;
}

/* Unregistered, but somebody still holds it. */
static struct device *pinned;

static int do_pin(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	if (!d || pinned)
		return -ENOENT;
	pinned = get_device(&d->dev);
	return 0;
}

static int do_unpin(const char *a, const char *b)
{
	struct device *dev = pinned;

	pinned = NULL;
	put_device(dev);
	return 0;
}

static int do_rename(const char *name, const char *to)
{
	struct test_device *d = find_device(name);

	return d ? device_rename(&d->dev, to) : -ENOENT;
}

static int do_attach(const char *name, const char *b)
{
	struct test_device *d = find_device(name);
	int ret;

	if (!d)
		return -ENOENT;
	ret = device_attach(&d->dev);
	return ret == 1 ? 0 : ret ?: -ENODEV;
}

static int do_reprobe(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	return d ? device_reprobe(&d->dev) : -ENOENT;
}

static int do_detach(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	if (!d)
		return -ENOENT;
	device_release_driver(&d->dev);
	return 0;
}

/* ---- walking ------------------------------------------------------------- */

static int log_device(struct device *dev, void *data)
{
	mdev_test_call("walk", dev_name(dev));
	return data && !strcmp(dev_name(dev), data) ? -EINTR : 0;
}

static int do_walk(const char *stop, const char *b)
{
	return bus_for_each_dev(&testbus, NULL, *stop ? (void *)stop : NULL, log_device);
}

static int do_walk_children(const char *name, const char *stop)
{
	struct test_device *d = find_device(name);

	if (!d)
		return -ENOENT;
	return device_for_each_child(&d->dev, *stop ? (void *)stop : NULL, log_device);
}

/* A child that goes while the list is being walked. */
static int unregister_child(struct device *dev, void *data)
{
	struct test_device *d = container_of(dev, struct test_device, dev);

	mdev_test_call("walk", dev_name(dev));
	list_del(&d->list);
	device_unregister(dev);
	return 0;
}

static int do_orphan(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	return d ? device_for_each_child(&d->dev, NULL, unregister_child) : -ENOENT;
}

static int do_find(const char *name, const char *b)
{
	struct device *dev = bus_find_device_by_name(&testbus, NULL, name);

	put_device(dev);
	return dev ? 0 : -ENOENT;
}

static int do_same_bus(const char *a, const char *b)
{
	struct bus_type copy = { .name = "testbus" };

	return bus_register(&copy);
}

/* ---- class_compat -------------------------------------------------------- */

static struct class_compat *compat;

static int do_compat(const char *name, const char *b)
{
	compat = class_compat_register(name);
	return compat ? 0 : -ENOMEM;
}

static int do_uncompat(const char *a, const char *b)
{
	class_compat_unregister(compat);
	compat = NULL;
	return 0;
}

static int do_compat_link(const char *name, const char *to)
{
	struct test_device *d = find_device(name), *other = find_device(to);

	return d ? class_compat_create_link(compat, &d->dev, other ? &other->dev : NULL) : -ENOENT;
}

static int do_compat_unlink(const char *name, const char *to)
{
	struct test_device *d = find_device(name), *other = find_device(to);

	if (!d)
		return -ENOENT;
	class_compat_remove_link(compat, &d->dev, other ? &other->dev : NULL);
	return 0;
}

/* ---- commands ------------------------------------------------------------ */

static const struct {
	const char *name;
	int (*run)(const char *a, const char *b);
} commands[] = {
	{ "driver", do_driver },
	{ "undriver", do_undriver },
	{ "find_driver", do_find_driver },
	{ "device", do_device },
	{ "nameless_device", do_nameless_device },
	{ "undevice", do_undevice },
	{ "pin", do_pin },
	{ "unpin", do_unpin },
	{ "rename", do_rename },
	{ "attach", do_attach },
	{ "reprobe", do_reprobe },
	{ "detach", do_detach },
	{ "walk", do_walk },
	{ "walk_children", do_walk_children },
	{ "orphan", do_orphan },
	{ "find", do_find },
	{ "same_bus", do_same_bus },
	{ "compat", do_compat },
	{ "uncompat", do_uncompat },
	{ "compat_link", do_compat_link },
	{ "compat_unlink", do_compat_unlink },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	char name[WORD] = "", a[WORD] = "", b[WORD] = "";
	unsigned int i;
	int ret;

	sscanf(buf, "%47s %47s %47s", name, a, b);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name))
			continue;
		ret = commands[i].run(a, b);
		return ret ?: count;
	}
	return -ENOTTY;
}
static DEVICE_ATTR_WO(do);

static struct attribute *binder_attrs[] = { &dev_attr_do.attr, NULL };
ATTRIBUTE_GROUPS(binder);

static void binder_release(struct device *dev)
{
	kfree(dev);
}

static int add_binder(void)
{
	int ret;

	binder = kzalloc(sizeof(*binder), GFP_KERNEL);
	if (!binder)
		return -ENOMEM;
	device_initialize(binder);
	binder->class = &mdev_test_class;
	binder->groups = binder_groups;
	binder->release = binder_release;
	ret = dev_set_name(binder, "binder");
	if (!ret)
		ret = device_add(binder);
	if (ret)
		put_device(binder);
	return ret;
}

static int __init driver_test_init(void)
{
	int ret;

	ret = bus_register(&testbus);
	if (ret)
		return ret;
	ret = add_binder();
	if (ret)
		bus_unregister(&testbus);
	return ret;
}

static void __exit driver_test_exit(void)
{
	struct test_device *dev, *next_dev;
	struct test_driver *drv, *next_drv;

	device_unregister(binder);
	list_for_each_entry_safe_reverse(dev, next_dev, &devices, list) {
		list_del(&dev->list);
		device_unregister(&dev->dev);
	}
	list_for_each_entry_safe_reverse(drv, next_drv, &drivers, list) {
		list_del(&drv->list);
		driver_unregister(&drv->driver);
		kfree(drv);
	}
	put_device(pinned);
	if (compat)
		class_compat_unregister(compat);
	bus_unregister(&testbus);
}

module_init(driver_test_init);
module_exit(driver_test_exit);
MODULE_DESCRIPTION("Bus, devices and drivers on command");
MODULE_LICENSE("GPL v2");
