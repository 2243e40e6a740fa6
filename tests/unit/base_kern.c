// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of the driver core's test, see base_kern.h.
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/const.h"
#include "base_kern.h"
#include "umdev/umdev.h"

/* Has code that is built in appear below /sys/module. */
static bool bk_param;
module_param(bk_param, bool, 0444);

/* ---- the bus ---------------------------------------------------------------------- */

static int bk_match(struct device *dev, kapi_match_const struct device_driver *drv)
{
	return !strncmp(dev_name(dev), drv->name, strlen(drv->name));
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

static void bk_release(struct device *dev)
{
	kfree(container_of(dev, struct bk_device, dev));
}

struct bk_device *bk_device_add(const char *name, int *err)
{
	struct bk_device *bd = kzalloc(sizeof(*bd), GFP_KERNEL);

	*err = -ENOMEM;
	if (!bd)
		return NULL;

	device_initialize(&bd->dev);
	bd->dev.type = &bk_type;
	bd->dev.release = bk_release;
	bd->dev.bus = &bk_bus;

	*err = dev_set_name(&bd->dev, "%s", name);
	if (!*err)
		*err = device_add(&bd->dev);
	if (*err) {
		put_device(&bd->dev);
		um_late_flush();
		return NULL;
	}
	return bd;
}

void bk_device_remove(struct bk_device *bd)
{
	device_unregister(&bd->dev);
	um_late_flush();
}

/* ---- drivers ----------------------------------------------------------------------- */

struct bk_driver {
	struct device_driver drv;
	atomic_t defer;		/* probes still to be deferred */
};

static int bk_probe(struct device *dev)
{
	struct bk_driver *bd = container_of(dev->driver, struct bk_driver, drv);

	if (atomic_dec_if_positive(&bd->defer) >= 0)
		return dev_err_probe(dev, -EPROBE_DEFER, "not yet\n");
	dev_set_drvdata(dev, bd);
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

struct bk_driver *bk_driver_add(const char *name, int defer, int *err)
{
	struct bk_driver *bd = kzalloc(sizeof(*bd), GFP_KERNEL);

	*err = -ENOMEM;
	if (!bd)
		return NULL;

	atomic_set(&bd->defer, defer);
	bd->drv.name = name;
	bd->drv.bus = &bk_bus;
	bd->drv.mod_name = KBUILD_MODNAME;
	bd->drv.probe = bk_probe;
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
	um_late_flush();
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

int bk_bind_again(struct bk_device *bd, struct bk_driver *drv)
{
	struct device_driver *bound = bd->dev.driver;
	int err;

	device_lock(&bd->dev);
	sysfs_remove_link(&bd->dev.kobj, "driver");
	bd->dev.driver = &drv->drv;
	err = device_bind_driver(&bd->dev);
	bd->dev.driver = bound;
	device_unlock(&bd->dev);
	return err;
}
