// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buses: their directory in sysfs, their lists of devices and drivers, and
 * the files by which user space binds and unbinds.
 *
 * A registered bus has /sys/bus/<bus> with uevent, drivers_probe,
 * drivers_autoprobe, devices/ and drivers/. Both lists are klists: walking
 * them is safe against everything that comes and goes meanwhile. A device on
 * the list is referenced by it; a driver is not, because unregistering one
 * waits until no walk stands on it.
 *
 * Left out: subsystem interfaces, sorting, system subsystems.
 */
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "drivers/base/base.h"

#define to_bus_attr(_attr) container_of(_attr, struct bus_attribute, attr)
#define to_drv_attr(_attr) container_of(_attr, struct driver_attribute, attr)

/* Bind and unbind remove and add files elsewhere in sysfs, under locks. */
#define DRIVER_ATTR_IGNORE_LOCKDEP(_name, _mode, _show, _store)	\
	struct driver_attribute driver_attr_##_name =		\
		__ATTR_IGNORE_LOCKDEP(_name, _mode, _show, _store)

/* /sys/bus */
static struct kset *bus_kset;

static struct bus_type *bus_get(struct bus_type *bus)
{
	if (bus)
		kset_get(&subsys_private(bus)->subsys);
	return bus;
}

static void bus_put(struct bus_type *bus)
{
	if (bus)
		kset_put(&subsys_private(bus)->subsys);
}

/* ---- attributes of drivers and buses ------------------------------------------ */

static ssize_t drv_attr_show(struct kobject *kobj, struct attribute *attr,
			     char *buf)
{
	struct driver_attribute *drv_attr = to_drv_attr(attr);

	if (!drv_attr->show)
		return -EIO;
	return drv_attr->show(to_driver(kobj)->driver, buf);
}

static ssize_t drv_attr_store(struct kobject *kobj, struct attribute *attr,
			      const char *buf, size_t count)
{
	struct driver_attribute *drv_attr = to_drv_attr(attr);

	if (!drv_attr->store)
		return -EIO;
	return drv_attr->store(to_driver(kobj)->driver, buf, count);
}

static const struct sysfs_ops driver_sysfs_ops = {
	.show	= drv_attr_show,
	.store	= drv_attr_store,
};

static void driver_release(struct kobject *kobj)
{
	kfree(to_driver(kobj));
}

static const struct kobj_type driver_ktype = {
	.sysfs_ops	= &driver_sysfs_ops,
	.release	= driver_release,
};

static ssize_t bus_attr_show(struct kobject *kobj, struct attribute *attr,
			     char *buf)
{
	struct bus_attribute *bus_attr = to_bus_attr(attr);

	if (!bus_attr->show)
		return -EIO;
	return bus_attr->show(to_subsys_private(kobj)->bus, buf);
}

static ssize_t bus_attr_store(struct kobject *kobj, struct attribute *attr,
			      const char *buf, size_t count)
{
	struct bus_attribute *bus_attr = to_bus_attr(attr);

	if (!bus_attr->store)
		return -EIO;
	return bus_attr->store(to_subsys_private(kobj)->bus, buf, count);
}

static const struct sysfs_ops bus_sysfs_ops = {
	.show	= bus_attr_show,
	.store	= bus_attr_store,
};

static void bus_release(struct kobject *kobj)
{
	struct subsys_private *priv = to_subsys_private(kobj);

	subsys_clear_private(priv->bus, priv);
	kfree(priv);
}

static const struct kobj_type bus_ktype = {
	.sysfs_ops	= &bus_sysfs_ops,
	.release	= bus_release,
};

/* Buses have events of their own; their ksets devices and drivers do not. */
static int bus_uevent_filter(kapi_kset_uevent_set(struct kset *kset) struct kobject *kobj)
{
	return get_ktype(kobj) == &bus_ktype;
}

static const struct kset_uevent_ops bus_uevent_ops = {
	.filter = bus_uevent_filter,
};

/**
 * bus_create_file() - add an attribute to a registered bus
 * @bus:  the bus
 * @attr: stays the caller's and must outlive the file
 *
 * Context: may sleep.
 * Return: 0, -EINVAL without a bus, -EEXIST, -ENOMEM.
 */
int bus_create_file(struct bus_type *bus, struct bus_attribute *attr)
{
	int err;

	if (!bus_get(bus))
		return -EINVAL;

	err = sysfs_create_file(&subsys_private(bus)->subsys.kobj, &attr->attr);
	bus_put(bus);
	return err;
}
EXPORT_SYMBOL_GPL(bus_create_file);

/**
 * bus_remove_file() - undo bus_create_file(); waits for the file's callbacks
 * @bus:  registered; NULL does nothing
 * @attr: as given to bus_create_file()
 *
 * Context: may sleep. No lock may be held that a callback takes.
 */
void bus_remove_file(struct bus_type *bus, struct bus_attribute *attr)
{
	if (!bus_get(bus))
		return;

	sysfs_remove_file(&subsys_private(bus)->subsys.kobj, &attr->attr);
	bus_put(bus);
}
EXPORT_SYMBOL_GPL(bus_remove_file);

/* ---- walks ------------------------------------------------------------------------ */

static struct device *bus_next_device(struct klist_iter *i)
{
	struct klist_node *n = klist_next(i);

	return n ? to_device_private_bus(n)->device : NULL;
}

static struct device_driver *bus_next_driver(struct klist_iter *i)
{
	struct klist_node *n = klist_next(i);

	return n ? container_of(n, struct driver_private, knode_bus)->driver :
		   NULL;
}

/**
 * bus_for_each_dev() - call a function for each device of a bus
 * @bus:   the bus
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @fn:    non-zero ends the walk; may remove the device
 *
 * A device is referenced while @fn has it.
 *
 * Context: may sleep, as @fn may: no lock is held around it.
 * Return: what the last call gave, 0, or -EINVAL for an unregistered bus.
 */
int bus_for_each_dev(struct bus_type *bus, struct device *start, void *data,
		     int (*fn)(struct device *dev, void *data))
{
	struct klist_iter i;
	struct device *dev;
	int ret = 0;

	if (!bus || !subsys_private(bus))
		return -EINVAL;

	klist_iter_init_node(&subsys_private(bus)->klist_devices, &i,
			     start ? &start->p->knode_bus : NULL);
	while (!ret && (dev = bus_next_device(&i)))
		ret = fn(dev, data);
	klist_iter_exit(&i);

	return ret;
}
EXPORT_SYMBOL_GPL(bus_for_each_dev);

/**
 * bus_find_device() - the first device of a bus that a function likes
 * @bus:   the bus; one that is not registered has no devices
 * @start: the device before the first one, or NULL
 * @data:  passed on
 * @match: non-zero for the device that is looked for
 *
 * Context: may sleep, as @match may: no lock is held around it.
 * Return: the device with a reference for the caller, or NULL.
 */
struct device *bus_find_device(struct bus_type *bus, struct device *start,
			       const void *data,
			       int (*match)(struct device *dev,
					    const void *data))
{
	struct klist_iter i;
	struct device *dev;

	if (!bus || !subsys_private(bus))
		return NULL;

	klist_iter_init_node(&subsys_private(bus)->klist_devices, &i,
			     start ? &start->p->knode_bus : NULL);
	while ((dev = bus_next_device(&i)))
		if (match(dev, data) && get_device(dev))
			break;
	klist_iter_exit(&i);

	return dev;
}
EXPORT_SYMBOL_GPL(bus_find_device);

/**
 * bus_for_each_drv() - call a function for each driver of a bus
 * @bus:   registered
 * @start: the driver before the first one, or NULL
 * @data:  passed on
 * @fn:    non-zero ends the walk; must not unregister the driver
 *
 * Unregistering a driver waits for a walk that stands on it.
 *
 * Context: may sleep, as @fn may: no lock is held around it.
 * Return: what the last call gave, 0, or -EINVAL without a bus.
 */
int bus_for_each_drv(struct bus_type *bus, struct device_driver *start,
		     void *data, int (*fn)(struct device_driver *, void *))
{
	struct klist_iter i;
	struct device_driver *drv;
	int ret = 0;

	if (!bus)
		return -EINVAL;

	klist_iter_init_node(&subsys_private(bus)->klist_drivers, &i,
			     start ? &start->p->knode_bus : NULL);
	while (!ret && (drv = bus_next_driver(&i)))
		ret = fn(drv, data);
	klist_iter_exit(&i);

	return ret;
}
EXPORT_SYMBOL_GPL(bus_for_each_drv);

/* ---- binding by hand ------------------------------------------------------------------ */

static ssize_t unbind_store(struct device_driver *drv, const char *buf,
			    size_t count)
{
	struct bus_type *bus = bus_get(drv->bus);
	struct device *dev = bus_find_device_by_name(bus, NULL, buf);
	ssize_t ret = -ENODEV;

	if (dev && READ_ONCE(dev->driver) == drv) {
		device_driver_detach(dev);
		ret = count;
	}

	put_device(dev);
	bus_put(bus);
	return ret;
}
static DRIVER_ATTR_IGNORE_LOCKDEP(unbind, 0200, NULL, unbind_store);

static ssize_t bind_store(struct device_driver *drv, const char *buf,
			  size_t count)
{
	struct bus_type *bus = bus_get(drv->bus);
	struct device *dev = bus_find_device_by_name(bus, NULL, buf);
	ssize_t ret = -ENODEV;

	if (dev && driver_match_device(drv, dev)) {
		ret = device_driver_attach(drv, dev);
		if (!ret)
			ret = count;
	}

	put_device(dev);
	bus_put(bus);
	return ret;
}
static DRIVER_ATTR_IGNORE_LOCKDEP(bind, 0200, NULL, bind_store);

static ssize_t uevent_store(struct device_driver *drv, const char *buf,
			    size_t count)
{
	int err = kobject_synth_uevent(&drv->p->kobj, buf, count);

	return err ? err : count;
}
static DRIVER_ATTR_WO(uevent);

static int add_bind_files(struct device_driver *drv)
{
	int err;

	err = driver_create_file(drv, &driver_attr_unbind);
	if (err)
		return err;
	err = driver_create_file(drv, &driver_attr_bind);
	if (err)
		driver_remove_file(drv, &driver_attr_unbind);
	return err;
}

static void remove_bind_files(struct device_driver *drv)
{
	driver_remove_file(drv, &driver_attr_bind);
	driver_remove_file(drv, &driver_attr_unbind);
}

static int bus_rescan_device(struct device *dev, void *unused)
{
	bool parent_lock = dev->parent && dev->bus->need_parent_lock;
	int ret;

	if (READ_ONCE(dev->driver))
		return 0;

	if (parent_lock)
		device_lock(dev->parent);
	ret = device_attach(dev);
	if (parent_lock)
		device_unlock(dev->parent);

	return ret < 0 ? ret : 0;
}

/**
 * bus_rescan_devices() - look for drivers for all devices without one
 * @bus: the bus
 *
 * Context: may sleep; takes each device's lock, and its parent's for a bus
 * with need_parent_lock; calls match and probe callbacks.
 * Return: 0, -EINVAL for an unregistered bus, or the first error of a match
 * or probe that could not be tried, which ends the walk.
 */
int bus_rescan_devices(struct bus_type *bus)
{
	return bus_for_each_dev(bus, NULL, NULL, bus_rescan_device);
}
EXPORT_SYMBOL_GPL(bus_rescan_devices);

/**
 * device_reprobe() - unbind a device and look for its driver anew
 * @dev: on a bus
 *
 * Context: may sleep; takes the device's lock, and its parent's for a bus
 * with need_parent_lock; calls match, remove and probe callbacks.
 * Return: 0, also when there is no driver; or the error of a match or probe
 * that could not be tried.
 */
int device_reprobe(struct device *dev)
{
	if (READ_ONCE(dev->driver))
		device_driver_detach(dev);
	return bus_rescan_device(dev, NULL);
}
EXPORT_SYMBOL_GPL(device_reprobe);

static ssize_t drivers_probe_store(struct bus_type *bus, const char *buf,
				   size_t count)
{
	struct device *dev = bus_find_device_by_name(bus, NULL, buf);
	ssize_t ret = count;

	if (!dev)
		return -ENODEV;

	if (bus_rescan_device(dev, NULL))
		ret = -EINVAL;
	put_device(dev);
	return ret;
}
static BUS_ATTR_WO(drivers_probe);

static ssize_t drivers_autoprobe_show(struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(subsys_private(bus)->drivers_autoprobe));
}

static ssize_t drivers_autoprobe_store(struct bus_type *bus, const char *buf,
				       size_t count)
{
	WRITE_ONCE(subsys_private(bus)->drivers_autoprobe, buf[0] != '0');
	return count;
}
static BUS_ATTR_RW(drivers_autoprobe);

static int add_probe_files(struct bus_type *bus)
{
	int err;

	err = bus_create_file(bus, &bus_attr_drivers_probe);
	if (err)
		return err;
	err = bus_create_file(bus, &bus_attr_drivers_autoprobe);
	if (err)
		bus_remove_file(bus, &bus_attr_drivers_probe);
	return err;
}

static void remove_probe_files(struct bus_type *bus)
{
	bus_remove_file(bus, &bus_attr_drivers_autoprobe);
	bus_remove_file(bus, &bus_attr_drivers_probe);
}

/* ---- devices of a bus ---------------------------------------------------------------------- */

/*
 * Groups and links of the bus, and its list: from here on drivers find the
 * device. Takes a reference on the bus, given back by bus_remove_device().
 */
int bus_add_device(struct device *dev)
{
	struct bus_type *bus = bus_get(dev->bus);
	int err;

	if (!bus)
		return 0;

	err = device_add_groups(dev, bus->dev_groups);
	if (err)
		goto err_put;
	err = sysfs_create_link(&subsys_private(bus)->devices_kset->kobj, &dev->kobj,
				dev_name(dev));
	if (err)
		goto err_groups;
	err = sysfs_create_link(&dev->kobj, &subsys_private(bus)->subsys.kobj, "subsystem");
	if (err)
		goto err_link;

	klist_add_tail(&dev->p->knode_bus, &subsys_private(bus)->klist_devices);
	return 0;

err_link:
	sysfs_remove_link(&subsys_private(bus)->devices_kset->kobj, dev_name(dev));
err_groups:
	device_remove_groups(dev, bus->dev_groups);
err_put:
	bus_put(bus);
	return err;
}

/* Look for a driver for a new device, if the bus does so by itself. */
void bus_probe_device(struct device *dev)
{
	if (dev->bus && READ_ONCE(subsys_private(dev->bus)->drivers_autoprobe))
		device_initial_probe(dev);
}

void bus_remove_device(struct device *dev)
{
	struct bus_type *bus = dev->bus;

	if (!bus)
		return;

	sysfs_remove_link(&dev->kobj, "subsystem");
	sysfs_remove_link(&subsys_private(bus)->devices_kset->kobj, dev_name(dev));
	device_remove_groups(dev, bus->dev_groups);
	if (klist_node_attached(&dev->p->knode_bus))
		klist_del(&dev->p->knode_bus);
	device_release_driver(dev);
	bus_put(bus);
}

/* ---- drivers of a bus ---------------------------------------------------------------------- */

/*
 * A driver's files come after its devices were probed: a probe never finds
 * them. That one of them cannot be made is said and otherwise ignored.
 */
static void driver_add_files(struct device_driver *drv)
{
	int err;

	err = driver_create_file(drv, &driver_attr_uevent);
	if (err)
		printk(KERN_ERR "%s: uevent attr (%s) failed\n",
		       "bus_add_driver", drv->name);

	err = driver_add_groups(drv, drv->bus->drv_groups);
	if (err)
		printk(KERN_ERR "%s: driver_add_groups(%s) failed\n",
		       "bus_add_driver", drv->name);

	if (drv->suppress_bind_attrs)
		return;
	err = add_bind_files(drv);
	if (err)
		printk(KERN_ERR "%s: add_bind_files(%s) failed\n",
		       "bus_add_driver", drv->name);
}

/* Takes a reference on the bus, given back by bus_remove_driver(). */
int bus_add_driver(struct device_driver *drv)
{
	struct bus_type *bus = bus_get(drv->bus);
	struct driver_private *priv;
	int err;

	if (!bus)
		return -EINVAL;

	priv = kzalloc(sizeof(*priv), GFP_KERNEL);
	if (!priv) {
		err = -ENOMEM;
		goto err_bus;
	}
	klist_init(&priv->klist_devices, NULL, NULL);
	priv->driver = drv;
	priv->kobj.kset = subsys_private(bus)->drivers_kset;
	drv->p = priv;

	err = kobject_init_and_add(&priv->kobj, &driver_ktype, NULL, "%s",
				   drv->name);
	if (err)
		goto err_private;

	klist_add_tail(&priv->knode_bus, &subsys_private(bus)->klist_drivers);
	/* nothing but a bus without its private half fails this */
	if (READ_ONCE(subsys_private(bus)->drivers_autoprobe))
		WARN_ON(driver_attach(drv));
	module_add_driver(drv->owner, drv);
	driver_add_files(drv);
	return 0;

err_private:
	kobject_put(&priv->kobj);	/* frees priv */
	drv->p = NULL;
err_bus:
	bus_put(bus);
	return err;
}

void bus_remove_driver(struct device_driver *drv)
{
	struct bus_type *bus = drv->bus;

	if (!bus)
		return;

	if (!drv->suppress_bind_attrs)
		remove_bind_files(drv);
	driver_remove_groups(drv, bus->drv_groups);
	driver_remove_file(drv, &driver_attr_uevent);

	/* waits for walks that stand on it: nobody probes by it afterwards */
	klist_remove(&drv->p->knode_bus);
	driver_detach(drv);
	module_remove_driver(drv);
	kobject_put(&drv->p->kobj);
	bus_put(bus);
}

/* ---- buses -------------------------------------------------------------------------------- */

static void klist_devices_get(struct klist_node *n)
{
	get_device(to_device_private_bus(n)->device);
}

static void klist_devices_put(struct klist_node *n)
{
	put_device(to_device_private_bus(n)->device);
}

static ssize_t bus_uevent_store(struct bus_type *bus, const char *buf,
				size_t count)
{
	int err = kobject_synth_uevent(&subsys_private(bus)->subsys.kobj, buf, count);

	return err ? err : count;
}

static struct bus_attribute bus_attr_uevent =
	__ATTR(uevent, 0200, NULL, bus_uevent_store);

/* devices/ and drivers/ */
static int bus_add_ksets(struct subsys_private *priv)
{
	priv->devices_kset = kset_create_and_add("devices", NULL,
						 &priv->subsys.kobj);
	if (!priv->devices_kset)
		return -ENOMEM;

	priv->drivers_kset = kset_create_and_add("drivers", NULL,
						 &priv->subsys.kobj);
	if (!priv->drivers_kset) {
		kset_unregister(priv->devices_kset);
		return -ENOMEM;
	}
	return 0;
}

static void bus_remove_ksets(struct subsys_private *priv)
{
	kset_unregister(priv->drivers_kset);
	kset_unregister(priv->devices_kset);
}

/**
 * bus_register() - make a bus: /sys/bus/<bus> and its lists
 * @bus: static storage of its owner, who unregisters it before it goes
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EEXIST when the name is taken, or what adding its
 * groups gave; after an error nothing is left of it.
 */
int bus_register(struct bus_type *bus)
{
	struct subsys_private *priv;
	int err;

	priv = kzalloc(sizeof(*priv), GFP_KERNEL);
	if (!priv)
		return -ENOMEM;

	priv->bus = bus;
	priv->drivers_autoprobe = true;
	INIT_LIST_HEAD(&priv->interfaces);
	__mutex_init(&priv->mutex, "subsys mutex", &bus->lock_key);
	klist_init(&priv->klist_devices, klist_devices_get, klist_devices_put);
	klist_init(&priv->klist_drivers, NULL, NULL);
	BLOCKING_INIT_NOTIFIER_HEAD(&priv->bus_notifier);
	subsys_set_private(bus, priv);

	err = kobject_set_name(&priv->subsys.kobj, "%s", bus->name);
	if (err)
		goto err_private;
	priv->subsys.kobj.kset = bus_kset;
	priv->subsys.kobj.ktype = &bus_ktype;
	err = kset_register(&priv->subsys);
	if (err)
		goto err_private;

	err = bus_create_file(bus, &bus_attr_uevent);
	if (err)
		goto err_kset;
	err = bus_add_ksets(priv);
	if (err)
		goto err_uevent;
	err = add_probe_files(bus);
	if (err)
		goto err_ksets;
	err = sysfs_create_groups(&priv->subsys.kobj, bus->bus_groups);
	if (err)
		goto err_probe_files;
	return 0;

err_probe_files:
	remove_probe_files(bus);
err_ksets:
	bus_remove_ksets(priv);
err_uevent:
	bus_remove_file(bus, &bus_attr_uevent);
err_kset:
	kset_unregister(&priv->subsys);		/* frees priv, withdraws it */
	return err;
err_private:
	subsys_clear_private(bus, priv);
	kfree(priv);
	return err;
}
EXPORT_SYMBOL_GPL(bus_register);

/**
 * bus_unregister() - undo bus_register()
 * @bus: without devices and drivers; may be freed afterwards
 *
 * Context: may sleep; waits for callbacks of the bus's files.
 */
void bus_unregister(struct bus_type *bus)
{
	struct subsys_private *priv = subsys_private(bus);

	sysfs_remove_groups(&priv->subsys.kobj, bus->bus_groups);
	remove_probe_files(bus);
	bus_remove_ksets(priv);
	bus_remove_file(bus, &bus_attr_uevent);
	kset_unregister(&priv->subsys);
}
EXPORT_SYMBOL_GPL(bus_unregister);

/**
 * bus_register_notifier() - hear what happens to the devices of a bus
 * @bus: registered
 * @nb:  not copied; called with BUS_NOTIFY_* and the device
 *
 * A callback cannot fail what it hears of: what it returns ends the chain at
 * most. Those of binding and unbinding come under the device's lock.
 *
 * Context: may sleep; waits until the notifiers are not being called.
 * Return: 0, or -EEXIST with a warning if @nb is there already.
 */
int bus_register_notifier(struct bus_type *bus, struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&subsys_private(bus)->bus_notifier, nb);
}
EXPORT_SYMBOL_GPL(bus_register_notifier);

/**
 * bus_unregister_notifier() - undo bus_register_notifier()
 * @bus: registered
 * @nb:  the caller's again
 *
 * Context: may sleep; waits until the notifiers are not being called.
 * Return: 0, or -ENOENT.
 */
int bus_unregister_notifier(struct bus_type *bus, struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&subsys_private(bus)->bus_notifier, nb);
}
EXPORT_SYMBOL_GPL(bus_unregister_notifier);

void bus_notify(struct device *dev, unsigned long event)
{
	if (dev->bus)
		blocking_notifier_call_chain(&subsys_private(dev->bus)->bus_notifier, event,
					     dev);
}

/* /sys/bus and /sys/devices/system. They stay for ever. */
int buses_init(void)
{
	struct kset *system_kset;

	bus_kset = kset_create_and_add("bus", &bus_uevent_ops, NULL);
	if (!bus_kset)
		return -ENOMEM;
	um_object_permanent(&bus_kset->kobj);

	system_kset = kset_create_and_add("system", NULL, &devices_kset->kobj);
	if (!system_kset)
		return -ENOMEM;
	um_object_permanent(&system_kset->kobj);
	return 0;
}
