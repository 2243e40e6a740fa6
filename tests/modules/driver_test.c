// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bus with devices and drivers that come and go on command.
 *
 * What is written to "do" of the device "binder" of the class mdev_test, a
 * command and up to two words, is carried out on the bus "testbus"; its error
 * is the write's. A driver matches the devices whose names begin with its
 * own. probe, remove and release pass points of mdev_test_control as
 * "<point> <device>", and each event of a device waits at "uevent"; the files
 * of each level of groups log when they are made. While it listens, what the
 * notifier of testbus hears passes points, too. "testbus2" has the callbacks and
 * members that testbus does without.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/const.h"
#include "mdev_test.h"

#define WORD	MDEV_TEST_WORD

static struct device *binder;

/* ---- groups, one per level ----------------------------------------------- */

/* Of files whose making is not to be logged. */
#define QUIET_GROUPS(_name, ...)					\
static struct attribute *_name##_attrs[] = { __VA_ARGS__, NULL };	\
static const struct attribute_group _name##_group = { .attrs = _name##_attrs }; \
static const struct attribute_group *_name##_groups[] = { &_name##_group, NULL }

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
LEVEL(managed);

/* What the core makes itself in a device that is bound. */
static struct device_attribute dev_attr_driver = __ATTR(driver, 0444, level_show, NULL);
QUIET_GROUPS(named_driver, &dev_attr_driver.attr);

/* ---- the buses ----------------------------------------------------------- */

static int match_error;

static int bus_match(struct device *dev, kapi_match_const struct device_driver *drv)
{
	if (match_error)
		return match_error;
	return !strncmp(dev_name(dev), drv->name, strlen(drv->name));
}

static int bus_uevent(kapi_uevent_const struct device *dev, struct kobj_uevent_env *env)
{
	mdev_test_hold("uevent");
	return add_uevent_var(env, "FROM=bus");
}

static struct bus_type testbus = {
	.name = "testbus",
	.match = bus_match,
	.uevent = bus_uevent,
	.dev_groups = of_bus_groups,
};

static int bus2_probe(struct device *dev)
{
	return mdev_test_call("bus_probe", dev_name(dev));
}

/* int in kernels before 5.15 */
typedef typeof(((struct bus_type *)NULL)->remove(NULL)) bus_remove_t;

static bus_remove_t bus2_remove(struct device *dev)
{
	return (bus_remove_t)mdev_test_call("bus_remove", dev_name(dev));
}

static ssize_t of_bus2_show(struct device_driver *drv, char *buf)
{
	return sysfs_emit(buf, "%s\n", drv->name);
}
static DRIVER_ATTR_RO(of_bus2);
QUIET_GROUPS(bus2_drivers, &driver_attr_of_bus2.attr);

static ssize_t level_of_bus_show(kapi_bus_const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%s\n", bus->name);
}
static BUS_ATTR_RO(level_of_bus);
QUIET_GROUPS(bus2, &bus_attr_level_of_bus.attr);
QUIET_GROUPS(clashing_bus, &bus_attr_level_of_bus.attr, &bus_attr_level_of_bus.attr);

static struct bus_type testbus2 = {
	.name = "testbus2",
	.dev_name = "auto",
	.match = bus_match,
	.probe = bus2_probe,
	.remove = bus2_remove,
	.bus_groups = bus2_groups,
	.drv_groups = bus2_drivers_groups,
#if KAPI_BUS_PARENT_LOCK
	.need_parent_lock = true,
#endif
};

static int type_uevent(kapi_uevent_const struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "KIND=type");
}

static const struct device_type test_type = {
	.name = "test_type",
	.groups = of_type_groups,
	.uevent = type_uevent,
};

/* ---- what a notifier of the bus hears ------------------------------------- */

static const char *const heard[] = {
	[BUS_NOTIFY_ADD_DEVICE] = "heard_add",
	[BUS_NOTIFY_DEL_DEVICE] = "heard_del",
	[BUS_NOTIFY_REMOVED_DEVICE] = "heard_removed",
	[BUS_NOTIFY_BIND_DRIVER] = "heard_bind",
	[BUS_NOTIFY_BOUND_DRIVER] = "heard_bound",
	[BUS_NOTIFY_UNBIND_DRIVER] = "heard_unbind",
	[BUS_NOTIFY_UNBOUND_DRIVER] = "heard_unbound",
	[BUS_NOTIFY_DRIVER_NOT_BOUND] = "heard_not_bound",
};

static int hear(struct notifier_block *nb, unsigned long event, void *dev)
{
	/* nobody asks what it thinks of it */
	mdev_test_call(heard[event], dev_name(dev));
	return NOTIFY_BAD;
}

static struct notifier_block listener = { .notifier_call = hear };
static bool listening;

static int do_listen(const char *a, const char *b)
{
	int ret = bus_register_notifier(&testbus, &listener);

	listening |= !ret;
	return ret;
}

static int do_unlisten(const char *a, const char *b)
{
	listening = false;
	return bus_unregister_notifier(&testbus, &listener);
}

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

static int take_resource(struct device *dev)
{
	void *res = devres_alloc(resource_release, 8, GFP_KERNEL);

	if (!res)
		return -ENOMEM;
	devres_add(dev, res);
	return 0;
}

static int test_probe(struct device *dev)
{
	int ret = take_resource(dev);

	if (ret)
		return ret;
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

static int managed_probe(struct device *dev)
{
#if KAPI_DEVM_ADD_GROUPS
	return devm_device_add_groups(dev, managed_groups);
#else
	return devm_device_add_group(dev, managed_groups[0]);
#endif
}

/* The second time its file is there. */
static int greedy_probe(struct device *dev)
{
	int ret = managed_probe(dev);

	return ret ?: managed_probe(dev);
}

static struct test_driver *find_driver(const char *name)
{
	struct test_driver *d;

	list_for_each_entry(d, &drivers, list)
		if (!strcmp(d->name, name))
			return d;
	return NULL;
}

static ssize_t bind_show(struct device_driver *drv, char *buf)
{
	return 0;
}
static DRIVER_ATTR_RO(bind);
QUIET_GROUPS(clashing_driver, &driver_attr_bind.attr);

static void set_option(struct device_driver *drv, const char *option)
{
	if (!strcmp(option, "unbindable")) {
		drv->suppress_bind_attrs = true;
	} else if (!strcmp(option, "clashing")) {
		drv->groups = clashing_driver_groups;
	} else if (!strcmp(option, "managed")) {
		drv->probe = managed_probe;
	} else if (!strcmp(option, "greedy")) {
		drv->probe = greedy_probe;
	} else if (!strcmp(option, "plain")) {
		drv->probe = NULL;
		drv->remove = NULL;
		drv->dev_groups = NULL;
	}
}

static int add_driver(struct bus_type *bus, const char *name, const char *option)
{
	struct test_driver *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int ret;

	if (!d)
		return -ENOMEM;
	strscpy(d->name, name, sizeof(d->name));
	d->driver.name = d->name;
	d->driver.bus = bus;
	d->driver.owner = THIS_MODULE;
	d->driver.probe = test_probe;
	d->driver.remove = test_remove;
	d->driver.dev_groups = of_driver_groups;
	set_option(&d->driver, option);
	ret = driver_register(&d->driver);
	if (ret) {
		kfree(d);
		return ret;
	}
	list_add_tail(&d->list, &drivers);
	return 0;
}

static int do_driver(const char *name, const char *option)
{
	return add_driver(&testbus, name, option);
}

static int do_driver2(const char *name, const char *option)
{
	return add_driver(&testbus2, name, option);
}

static int do_driver_of_no_bus(const char *name, const char *b)
{
	static struct bus_type nobus = { .name = "nobus" };

	return add_driver(&nobus, name, "");
}

static int do_undriver_stranger(const char *a, const char *b)
{
	struct device_driver stranger = { .name = "stranger", .bus = &testbus };

	driver_unregister(&stranger);
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

static struct test_device *new_device(const char *name)
{
	struct test_device *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	device_initialize(&d->dev);
	d->dev.type = &test_type;
	d->dev.groups = of_device_groups;
	d->dev.release = device_released;
	if (*name && dev_set_name(&d->dev, "%s", name)) {
		put_device(&d->dev);
		return NULL;
	}
	return d;
}

/* Takes @d over, also when it fails. */
static int add_device(struct test_device *d)
{
	int ret;

	if (!d)
		return -ENOMEM;
	ret = device_add(&d->dev);
	if (ret)
		put_device(&d->dev);
	else
		list_add_tail(&d->list, &devices);
	return ret;
}

static int add_device_under(const char *name, const char *parent, struct bus_type *bus)
{
	struct test_device *d = new_device(name), *p = find_device(parent);

	if (d) {
		d->dev.parent = p ? &p->dev : NULL;
		d->dev.bus = bus;
	}
	return add_device(d);
}

static int do_device(const char *name, const char *parent)
{
	return add_device_under(name, parent, &testbus);
}

static int do_device2(const char *name, const char *parent)
{
	return add_device_under(name, parent, &testbus2);
}

static int do_nameless_device(const char *a, const char *b)
{
	return add_device_under("", "", NULL);
}

/* Names of a device: the bus's, or one that it starts with. */
static int do_numbered_device(const char *a, const char *b)
{
	struct test_device *d = new_device("");

	if (d) {
		d->dev.bus = &testbus2;
		d->dev.id = 7;
	}
	return add_device(d);
}

static int do_early_device(const char *a, const char *b)
{
	struct test_device *d = new_device("");

	if (d) {
		d->dev.bus = &testbus;
		d->dev.init_name = "early";
	}
	return add_device(d);
}

/* Of the bus and of a class. */
static int do_both(const char *name, const char *b)
{
	struct test_device *d = new_device(name);

	if (d) {
		d->dev.bus = &testbus;
		d->dev.class = &mdev_test_class;
	}
	return add_device(d);
}

/* As one that goes does: nobody is to bind it any more. */
static int do_kill(const char *name, const char *b)
{
	struct test_device *d = find_device(name);
	bool first;

	if (!d)
		return -ENOENT;
	device_lock(&d->dev);
	first = kill_device(&d->dev);
	device_unlock(&d->dev);
	return first ? 0 : -EALREADY;
}

/* A message of each level, and of each kind that a probe may have. */
static int do_say(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	if (!d)
		return -ENOENT;
	dev_emerg(&d->dev, "emerg %d\n", 1);
	dev_alert(&d->dev, "alert 2\n");
	dev_crit(&d->dev, "crit 3\n");
	dev_err(&d->dev, "err 4\n");
	dev_warn(&d->dev, "warn 5\n");
	dev_notice(&d->dev, "notice 6\n");
	dev_info(&d->dev, "info 7\n");
	dev_info(NULL, "nobody\n");
	dev_err_probe(&d->dev, -EINVAL, "probing\n");
	dev_err_probe(&d->dev, -ENOMEM, "not shown\n");
	return dev_err_probe(&d->dev, -EPROBE_DEFER, "not yet\n") == -EPROBE_DEFER ? 0 : -EIO;
}

static int add_prebound(const char *name, const char *driver,
			const struct attribute_group **groups)
{
	struct test_driver *drv = find_driver(driver);
	struct test_device *d;

	if (!drv)
		return -ENOENT;
	d = new_device(name);
	if (d) {
		d->dev.bus = &testbus;
		d->dev.driver = &drv->driver;
		d->dev.groups = groups;
	}
	return add_device(d);
}

/* A device that says itself whose it is. */
static int do_prebound(const char *name, const char *driver)
{
	return add_prebound(name, driver, of_device_groups);
}

static int do_prebound_clash(const char *name, const char *driver)
{
	return add_prebound(name, driver, named_driver_groups);
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

static int do_take_resource(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	return d ? take_resource(&d->dev) : -ENOENT;
}

static ssize_t blob_read(struct file *file, struct kobject *kobj,
			 kapi_bin_const struct bin_attribute *attr,
			 char *buf, loff_t pos, size_t count)
{
	memset(buf, 'b', count);
	return count;
}

static const struct bin_attribute blob = {
	.attr = { .name = "blob", .mode = 0400 }, .size = 16, .read = blob_read,
};

static int do_blob(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	return device_create_bin_file(d ? &d->dev : NULL, &blob);
}

static int do_unblob(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	device_remove_bin_file(d ? &d->dev : NULL, &blob);
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

/* What matching returns from now on. */
static int do_match(const char *error, const char *b)
{
	return kstrtoint(error, 0, &match_error);
}

static int do_rescan(const char *a, const char *b)
{
	return bus_rescan_devices(&testbus);
}

/* Until no probe is under way or to be tried again. */
static int do_settle(const char *a, const char *b)
{
	wait_for_device_probe();
	return 0;
}

/* ---- walking ------------------------------------------------------------- */

static struct device *device_or_null(const char *name)
{
	struct test_device *d = find_device(name);

	return d ? &d->dev : NULL;
}

static int log_device(struct device *dev, void *data)
{
	mdev_test_call("walk", dev_name(dev));
	return data && !strcmp(dev_name(dev), data) ? -EINTR : 0;
}

static int do_walk(const char *stop, const char *b)
{
	return bus_for_each_dev(&testbus, NULL, *stop ? (void *)stop : NULL, log_device);
}

static int do_walk_from(const char *start, const char *b)
{
	return bus_for_each_dev(&testbus, device_or_null(start), NULL, log_device);
}

/* Whether the search that begins behind @a finds @b. */
static int found(struct device *dev, const char *name)
{
	int ret = dev && !strcmp(dev_name(dev), name) ? 0 : -ENOENT;

	put_device(dev);
	return ret;
}

static int do_next(const char *start, const char *name)
{
	return found(bus_find_next_device(&testbus, device_or_null(start)), name);
}

static int log_driver(struct device_driver *drv, void *data)
{
	mdev_test_call("walk", drv->name);
	return data && !strcmp(drv->name, data) ? -EINTR : 0;
}

static int do_walk_drivers(const char *start, const char *stop)
{
	struct test_driver *d = find_driver(start);

	return bus_for_each_drv(&testbus, d ? &d->driver : NULL, (void *)stop, log_driver);
}

static int do_walk_bound(const char *name, const char *start)
{
	struct test_driver *d = find_driver(name);

	return driver_for_each_device(d ? &d->driver : NULL, device_or_null(start), NULL,
				      log_device);
}

static int do_next_bound(const char *start, const char *name)
{
	struct device *dev = device_or_null(start);

	return found(driver_find_next_device(dev->driver, dev), name);
}

static int do_walk_children(const char *name, const char *stop)
{
	struct test_device *d = find_device(name);

	if (!d)
		return -ENOENT;
	return device_for_each_child(&d->dev, *stop ? (void *)stop : NULL, log_device);
}

static int do_walk_children_back(const char *name, const char *b)
{
	struct test_device *d = find_device(name);

	return d ? device_for_each_child_reverse(&d->dev, NULL, log_device) : -ENOENT;
}

static int do_child(const char *parent, const char *name)
{
	return found(device_find_child_by_name(device_or_null(parent), name), name);
}

static int do_any_child(const char *parent, const char *name)
{
	return found(device_find_any_child(device_or_null(parent)), name);
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

static int do_clashing_bus(const char *a, const char *b)
{
	static struct bus_type clashing = {
		.name = "clashing_bus", .bus_groups = clashing_bus_groups,
	};

	return bus_register(&clashing);
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

/* Whether a bus can ask for its devices' parents to be locked. */
static int do_parent_lock(const char *name, const char *option)
{
	return KAPI_BUS_PARENT_LOCK ? 0 : -EOPNOTSUPP;
}

/* ---- commands ------------------------------------------------------------ */

static const struct mdev_test_command commands[] = {
	{ "driver", do_driver },
	{ "driver2", do_driver2 },
	{ "undriver", do_undriver },
	{ "driver_of_no_bus", do_driver_of_no_bus },
	{ "undriver_stranger", do_undriver_stranger },
	{ "find_driver", do_find_driver },
	{ "device", do_device },
	{ "device2", do_device2 },
	{ "nameless_device", do_nameless_device },
	{ "numbered_device", do_numbered_device },
	{ "early_device", do_early_device },
	{ "both", do_both },
	{ "kill", do_kill },
	{ "say", do_say },
	{ "prebound", do_prebound },
	{ "prebound_clash", do_prebound_clash },
	{ "take_resource", do_take_resource },
	{ "blob", do_blob },
	{ "unblob", do_unblob },
	{ "undevice", do_undevice },
	{ "pin", do_pin },
	{ "unpin", do_unpin },
	{ "rename", do_rename },
	{ "attach", do_attach },
	{ "reprobe", do_reprobe },
	{ "detach", do_detach },
	{ "match", do_match },
	{ "rescan", do_rescan },
	{ "settle", do_settle },
	{ "walk", do_walk },
	{ "walk_from", do_walk_from },
	{ "walk_drivers", do_walk_drivers },
	{ "walk_bound", do_walk_bound },
	{ "walk_children", do_walk_children },
	{ "walk_children_back", do_walk_children_back },
	{ "orphan", do_orphan },
	{ "find", do_find },
	{ "next", do_next },
	{ "next_bound", do_next_bound },
	{ "child", do_child },
	{ "any_child", do_any_child },
	{ "listen", do_listen },
	{ "unlisten", do_unlisten },
	{ "same_bus", do_same_bus },
	{ "clashing_bus", do_clashing_bus },
	{ "compat", do_compat },
	{ "parent_lock", do_parent_lock },
	{ "uncompat", do_uncompat },
	{ "compat_link", do_compat_link },
	{ "compat_unlink", do_compat_unlink },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

QUIET_GROUPS(binder, &dev_attr_do.attr);

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
	ret = bus_register(&testbus2);
	if (ret)
		goto unregister_bus;
	ret = add_binder();
	if (ret)
		goto unregister_bus2;
	return 0;

unregister_bus2:
	bus_unregister(&testbus2);
unregister_bus:
	bus_unregister(&testbus);
	return ret;
}

static void __exit driver_test_exit(void)
{
	struct test_device *dev, *next_dev;
	struct test_driver *drv, *next_drv;

	device_unregister(binder);
	if (listening)
		do_unlisten(NULL, NULL);
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
	bus_unregister(&testbus2);
	bus_unregister(&testbus);
}

module_init(driver_test_init);
module_exit(driver_test_exit);
MODULE_DESCRIPTION("Bus, devices and drivers on command");
MODULE_LICENSE("GPL v2");
