// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bus "linkbus" with devices and drivers of the same names, and links between the
 * devices, on commands that are written to "do" of the device "linker":
 *
 *	device NAME [PARENT]	undevice NAME	driver NAME [sync]	undriver NAME
 *	link CONSUMER:SUPPLIER [LETTERS]	as device_link_add(); a link is known by its ends
 *	unlink CONSUMER:SUPPLIER	by device_link_remove()
 *	del	the link that was added last, by device_link_del()
 *	at_probe CONSUMER:SUPPLIER	linked in the consumer's probe
 *
 * Letters: s stateless, c and S removed with the consumer's and the supplier's driver,
 * p probed with the supplier, y for sync_state() only, r for power management.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/const.h"
#include "mdev_test.h"

static struct device *linker;

static int link_match(struct device *dev, kapi_match_const struct device_driver *drv)
{
	return !strcmp(dev_name(dev), drv->name);
}

static struct bus_type linkbus = { .name = "linkbus", .match = link_match };

/* ---- devices ------------------------------------------------------------- */

struct link_device {
	struct device dev;
	struct list_head list;
};

static LIST_HEAD(devices);

static void device_released(struct device *dev)
{
	mdev_test_call("release", dev_name(dev));
	kfree(container_of(dev, struct link_device, dev));
}

static struct device *find_device(const char *name)
{
	struct link_device *d;

	list_for_each_entry(d, &devices, list)
		if (!strcmp(dev_name(&d->dev), name))
			return &d->dev;
	return NULL;
}

static int do_device(const char *name, const char *parent)
{
	struct link_device *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int err;

	if (!d)
		return -ENOMEM;
	device_initialize(&d->dev);
	d->dev.bus = &linkbus;
	d->dev.parent = find_device(parent);
	d->dev.release = device_released;
	err = dev_set_name(&d->dev, "%s", name);
	if (!err)
		err = device_add(&d->dev);
	if (err)
		put_device(&d->dev);
	else
		list_add(&d->list, &devices);
	return err;
}

static void remove_device(struct link_device *d)
{
	list_del(&d->list);
	device_unregister(&d->dev);
	/* what a link holds of it is dropped later, and calls our release */
	device_link_wait_removal();
}

static int do_undevice(const char *name, const char *b)
{
	struct device *dev = find_device(name);

	if (!dev)
		return -ENOENT;
	remove_device(container_of(dev, struct link_device, dev));
	return 0;
}

/* ---- links --------------------------------------------------------------- */

struct ends {
	struct device *consumer, *supplier;
};

static int find_ends(const char *text, struct ends *ends)
{
	char consumer[MDEV_TEST_WORD] = "", supplier[MDEV_TEST_WORD] = "";

	sscanf(text, "%47[^:]:%47s", consumer, supplier);
	ends->consumer = find_device(consumer);
	ends->supplier = find_device(supplier);
	return ends->consumer && ends->supplier ? 0 : -ENOENT;
}

static u32 flags_of(const char *letters)
{
	static const struct {
		char letter;
		u32 flag;
	} flags[] = {
		{ 's', DL_FLAG_STATELESS }, { 'c', DL_FLAG_AUTOREMOVE_CONSUMER },
		{ 'S', DL_FLAG_AUTOREMOVE_SUPPLIER }, { 'p', DL_FLAG_AUTOPROBE_CONSUMER },
		{ 'y', DL_FLAG_SYNC_STATE_ONLY }, { 'r', DL_FLAG_PM_RUNTIME },
		{ 'x', 1U << 31 },
	};
	u32 ret = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (strchr(letters, flags[i].letter))
			ret |= flags[i].flag;
	return ret;
}

static struct device_link *last_link;

static int do_link(const char *names, const char *letters)
{
	struct ends ends;
	int err = find_ends(names, &ends);

	if (err)
		return err;
	last_link = device_link_add(ends.consumer, ends.supplier, flags_of(letters));
	return last_link ? 0 : -EINVAL;
}

static int do_unlink(const char *names, const char *b)
{
	struct ends ends;
	int err = find_ends(names, &ends);

	if (!err)
		device_link_remove(ends.consumer, ends.supplier);
	return err;
}

static int do_del(const char *a, const char *b)
{
	if (!last_link)
		return -ENOENT;
	device_link_del(last_link);
	return 0;
}

static char probe_link[MDEV_TEST_WORD];

static int do_at_probe(const char *names, const char *b)
{
	strscpy(probe_link, names, sizeof(probe_link));
	return 0;
}

/* ---- drivers ------------------------------------------------------------- */

struct link_driver {
	struct device_driver driver;
	struct list_head list;
	char name[MDEV_TEST_WORD];
};

static LIST_HEAD(drivers);

static int link_probe(struct device *dev)
{
	struct ends ends;

	if (*probe_link && !find_ends(probe_link, &ends) && ends.consumer == dev &&
	    !device_link_add(dev, ends.supplier, DL_FLAG_AUTOREMOVE_CONSUMER))
		return -EINVAL;
	return mdev_test_call("probe", dev_name(dev));
}

static int link_remove(struct device *dev)
{
	mdev_test_call("remove", dev_name(dev));
	return 0;
}

static void link_sync_state(struct device *dev)
{
	mdev_test_call("sync", dev_name(dev));
}

static int do_driver(const char *name, const char *option)
{
	struct link_driver *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int err;

	if (!d)
		return -ENOMEM;
	strscpy(d->name, name, sizeof(d->name));
	d->driver.name = d->name;
	d->driver.bus = &linkbus;
	d->driver.owner = THIS_MODULE;
	d->driver.probe = link_probe;
	d->driver.remove = link_remove;
	if (!strcmp(option, "sync"))
		d->driver.sync_state = link_sync_state;
	err = driver_register(&d->driver);
	if (err)
		kfree(d);
	else
		list_add_tail(&d->list, &drivers);
	return err;
}

static void remove_driver(struct link_driver *d)
{
	list_del(&d->list);
	driver_unregister(&d->driver);
	kfree(d);
}

static int do_undriver(const char *name, const char *b)
{
	struct link_driver *d;

	list_for_each_entry(d, &drivers, list) {
		if (!strcmp(d->name, name)) {
			remove_driver(d);
			return 0;
		}
	}
	return -ENOENT;
}

/* ---- the module ---------------------------------------------------------- */

static const struct mdev_test_command commands[] = {
	{ "device", do_device },
	{ "undevice", do_undevice },
	{ "driver", do_driver },
	{ "undriver", do_undriver },
	{ "link", do_link },
	{ "unlink", do_unlink },
	{ "del", do_del },
	{ "at_probe", do_at_probe },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR(do, 0200, NULL, do_store);

static struct attribute *link_test_attrs[] = {
	&dev_attr_do.attr,
	NULL
};
ATTRIBUTE_GROUPS(link_test);

static int __init link_test_init(void)
{
	int err = bus_register(&linkbus);

	if (err)
		return err;
	linker = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, link_test_groups,
					   "linker");
	if (!IS_ERR(linker))
		return 0;
	bus_unregister(&linkbus);
	return PTR_ERR(linker);
}

static void __exit link_test_exit(void)
{
	struct link_driver *drv, *next_drv;
	struct link_device *d, *next;

	device_unregister(linker);
	list_for_each_entry_safe(d, next, &devices, list)
		remove_device(d);
	list_for_each_entry_safe(drv, next_drv, &drivers, list)
		remove_driver(drv);
	bus_unregister(&linkbus);
}

module_init(link_test_init);
module_exit(link_test_exit);
MODULE_DESCRIPTION("Links between devices");
MODULE_LICENSE("GPL v2");
