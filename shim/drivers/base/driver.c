// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers: registration, attributes, and searches among the devices that one
 * is bound to. The binding itself is dd.c's.
 *
 * Left out: driver_override helpers.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "drivers/base/base.h"

static struct device *driver_next_device(struct klist_iter *i)
{
	struct klist_node *n = klist_next(i);

	return n ? to_device_private_driver(n)->device : NULL;
}

/**
 * driver_for_each_device() - call a function for each bound device
 * @drv:   the driver
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @fn:    non-zero ends the walk
 *
 * The list holds no references: a walk keeps a device from being unbound,
 * so @fn must not unbind.
 *
 * Context: may sleep, as @fn may: no lock is held around it.
 * Return: what the last call gave, 0, or -EINVAL without a driver.
 */
int driver_for_each_device(struct device_driver *drv, struct device *start,
			   void *data, int (*fn)(struct device *, void *))
{
	struct klist_iter i;
	struct device *dev;
	int ret = 0;

	if (!drv)
		return -EINVAL;

	klist_iter_init_node(&drv->p->klist_devices, &i,
			     start ? &start->p->knode_driver : NULL);
	while (!ret && (dev = driver_next_device(&i)))
		ret = fn(dev, data);
	klist_iter_exit(&i);

	return ret;
}
EXPORT_SYMBOL_GPL(driver_for_each_device);

/**
 * driver_find_device() - the first bound device that a function likes
 * @drv:   the driver; one that is not registered has no devices
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @match: non-zero for the device that is looked for
 *
 * Context: may sleep, as @match may: no lock is held around it.
 * Return: the device with a reference for the caller, or NULL.
 */
struct device *driver_find_device(struct device_driver *drv,
				  struct device *start, const void *data,
				  int (*match)(struct device *dev,
					       const void *data))
{
	struct klist_iter i;
	struct device *dev;

	if (!drv || !drv->p)
		return NULL;

	klist_iter_init_node(&drv->p->klist_devices, &i,
			     start ? &start->p->knode_driver : NULL);
	while ((dev = driver_next_device(&i)))
		if (match(dev, data) && get_device(dev))
			break;
	klist_iter_exit(&i);

	return dev;
}
EXPORT_SYMBOL_GPL(driver_find_device);

/**
 * driver_create_file() - add an attribute to a registered driver
 * @drv:  the driver
 * @attr: stays the caller's and must outlive the file
 *
 * Context: may sleep.
 * Return: 0, -EINVAL without a driver, -EEXIST, -ENOMEM.
 */
int driver_create_file(struct device_driver *drv,
		       const struct driver_attribute *attr)
{
	return drv ? sysfs_create_file(&drv->p->kobj, &attr->attr) : -EINVAL;
}
EXPORT_SYMBOL_GPL(driver_create_file);

/**
 * driver_remove_file() - undo driver_create_file(); waits for callbacks
 * @drv:  registered; NULL does nothing
 * @attr: as given to driver_create_file()
 *
 * Context: may sleep. No lock may be held that a callback takes.
 */
void driver_remove_file(struct device_driver *drv,
			const struct driver_attribute *attr)
{
	if (drv)
		sysfs_remove_file(&drv->p->kobj, &attr->attr);
}
EXPORT_SYMBOL_GPL(driver_remove_file);

int driver_add_groups(struct device_driver *drv,
		      const struct attribute_group **groups)
{
	return sysfs_create_groups(&drv->p->kobj, groups);
}

void driver_remove_groups(struct device_driver *drv,
			  const struct attribute_group **groups)
{
	sysfs_remove_groups(&drv->p->kobj, groups);
}

/**
 * driver_register() - register a driver and bind it to the devices it matches
 * @drv: name, bus, owner and callbacks set; stays its owner's
 *
 * Context: may sleep; takes devices' locks; calls match and probe callbacks.
 * Return: 0; -EINVAL when the bus is not registered; -EBUSY when it has a
 * driver of that name; -ENOMEM, or what adding an attribute gave, with
 * everything undone.
 */
int driver_register(struct device_driver *drv)
{
	struct bus_type *bus = drv->bus;
	int err;

	if (!subsys_private(bus)) {
		pr_err("Driver '%s' was unable to register with bus_type '%s' because the bus was not initialized.\n",
		       drv->name, bus->name);
		return -EINVAL;
	}

	/* of a pair the bus's callback is called and the driver's is not */
	if ((bus->probe && drv->probe) || (bus->remove && drv->remove) ||
	    (bus->shutdown && drv->shutdown))
		pr_warn("Driver '%s' needs updating - please use bus_type methods\n",
			drv->name);

	if (driver_find(drv->name, bus)) {
		pr_err("Error: Driver '%s' is already registered, aborting...\n",
		       drv->name);
		return -EBUSY;
	}

	err = bus_add_driver(drv);
	if (err)
		return err;
	err = driver_add_groups(drv, drv->groups);
	if (err) {
		bus_remove_driver(drv);
		return err;
	}

	kobject_uevent(&drv->p->kobj, KOBJ_ADD);
	return 0;
}
EXPORT_SYMBOL_GPL(driver_register);

/**
 * driver_unregister() - unbind a driver everywhere and forget it
 * @drv: registered, or there is a warning; may be freed afterwards
 *
 * Context: may sleep; takes devices' locks; calls remove callbacks, and
 * waits for walks over the bus's drivers that stand on this one.
 */
void driver_unregister(struct device_driver *drv)
{
	if (!drv || !drv->p) {
		WARN(1, "Unexpected driver unregister!\n");
		return;
	}

	driver_remove_groups(drv, drv->groups);
	bus_remove_driver(drv);
}
EXPORT_SYMBOL_GPL(driver_unregister);

/**
 * driver_find() - a driver by name
 * @name: its name
 * @bus:  registered
 *
 * Context: may sleep.
 * Return: the driver, or NULL. No reference is taken: it stays valid only
 * while something else keeps it registered.
 */
struct device_driver *driver_find(const char *name, struct bus_type *bus)
{
	struct kobject *kobj = kset_find_obj(subsys_private(bus)->drivers_kset, name);
	struct device_driver *drv;

	if (!kobj)
		return NULL;

	drv = to_driver(kobj)->driver;
	kobject_put(kobj);
	return drv;
}
EXPORT_SYMBOL_GPL(driver_find);

/**
 * driver_set_override() - which driver alone may serve a device, by its name
 * @dev:      the device
 * @override: where the name is kept: freed, and set to a copy, or to NULL
 * @s:        the name, as a user has written it; empty, or a newline: any driver
 * @len:      bytes of it
 *
 * Context: may sleep; takes the device's lock.
 * Return: 0; -EINVAL for a name that is too long, or none; -ENOMEM.
 */
int driver_set_override(struct device *dev, const char **override, const char *s, size_t len)
{
	char *new = NULL, *end;
	const char *old;

	if (!override || !s || len >= PAGE_SIZE - 1)
		return -EINVAL;
	/* a user may have written zeroes behind it */
	len = strlen(s);
	end = strnchr(s, len, '\n');
	if (end)
		len = end - s;
	if (len) {
		new = kstrndup(s, len, GFP_KERNEL);
		if (!new)
			return -ENOMEM;
	}
	device_lock(dev);
	old = *override;
	*override = new;
	device_unlock(dev);
	kfree(old);
	return 0;
}
EXPORT_SYMBOL_GPL(driver_set_override);
