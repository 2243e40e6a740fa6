// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding devices to drivers, and unbinding them.
 *
 * Models what Linux 6.1 does, in its order: matching when a device is added
 * and when a driver is registered, probe under the device's lock (and the
 * parent's, for a bus that asks for it), links both ways, files of the
 * driver in the device, the BIND and UNBIND events, managed resources, and
 * deferred probes: a device whose driver says -EPROBE_DEFER waits on a list
 * and is tried again, by a worker, whenever some driver has been bound.
 *
 * Inside, a probe has three outcomes: 0, bound; a positive errno, this
 * driver said no and another one may be asked; a negative errno, no driver
 * can be tried.
 *
 * Left out: asynchronous probing, the deferral timeout, power management, core
 * dumps of devices.
 */
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "drivers/base/base.h"

/* ---- deferred probes ----------------------------------------------------------- */

/* Guards both lists and the reasons. */
static DEFINE_MUTEX(deferred_probe_mutex);
/* Devices that wait for some driver to be bound, and those being retried. */
static LIST_HEAD(deferred_probe_pending_list);
static LIST_HEAD(deferred_probe_active_list);
/*
 * Counts the triggers, so that a probe during which one happened, and which
 * then defers, can see that it came too late for it.
 */
static atomic_t deferred_trigger_count = ATOMIC_INIT(0);
/* Nothing is retried before the end of the boot. */
static bool driver_deferred_probe_enable;

/* Probes that are running, for wait_for_device_probe(). */
static atomic_t probe_count = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(probe_waitqueue);

static void deferred_set_reason(const struct device *dev, char *reason)
{
	kfree(dev->p->deferred_probe_reason);
	dev->p->deferred_probe_reason = reason;
}

static void deferred_probe_work_func(struct work_struct *work)
{
	struct device_private *p;
	struct device *dev;

	mutex_lock(&deferred_probe_mutex);
	while (!list_empty(&deferred_probe_active_list)) {
		p = list_first_entry(&deferred_probe_active_list,
				     struct device_private, deferred_probe);
		list_del_init(&p->deferred_probe);
		dev = get_device(p->device);
		deferred_set_reason(dev, NULL);

		/* the probe may defer, and then takes the mutex itself */
		mutex_unlock(&deferred_probe_mutex);
		bus_probe_device(dev);
		mutex_lock(&deferred_probe_mutex);

		put_device(dev);
	}
	mutex_unlock(&deferred_probe_mutex);
}
static DECLARE_WORK(deferred_probe_work, deferred_probe_work_func);

/**
 * driver_deferred_probe_add() - have a device probed again later
 * @dev: a device that some driver matched; others are ignored
 *
 * Context: may sleep.
 */
void driver_deferred_probe_add(struct device *dev)
{
	if (!READ_ONCE(dev->can_match))
		return;

	mutex_lock(&deferred_probe_mutex);
	if (list_empty(&dev->p->deferred_probe))
		list_add_tail(&dev->p->deferred_probe,
			      &deferred_probe_pending_list);
	mutex_unlock(&deferred_probe_mutex);
}

/* The device was bound or goes away: no retry, no reason. */
void driver_deferred_probe_del(struct device *dev)
{
	mutex_lock(&deferred_probe_mutex);
	if (!list_empty(&dev->p->deferred_probe)) {
		list_del_init(&dev->p->deferred_probe);
		deferred_set_reason(dev, NULL);
	}
	mutex_unlock(&deferred_probe_mutex);
}

/* Something has changed that the waiting devices may have waited for. */
void driver_deferred_probe_trigger(void)
{
	if (!READ_ONCE(driver_deferred_probe_enable))
		return;

	mutex_lock(&deferred_probe_mutex);
	atomic_inc(&deferred_trigger_count);
	list_splice_tail_init(&deferred_probe_pending_list,
			      &deferred_probe_active_list);
	mutex_unlock(&deferred_probe_mutex);

	queue_work(system_unbound_wq, &deferred_probe_work);
}

/* Keeps what dev_err_probe() said of a deferral; nothing when out of memory. */
void device_set_deferred_probe_reason(const struct device *dev,
				      struct va_format *vaf)
{
	char *reason;

	mutex_lock(&deferred_probe_mutex);
	reason = kasprintf(GFP_KERNEL, "%s: %pV", dev_driver_string(dev), vaf);
	deferred_set_reason(dev, reason);
	mutex_unlock(&deferred_probe_mutex);
}

/**
 * wait_for_device_probe() - until no probe runs and none is to be retried
 *
 * Context: may sleep. Not from a probe, which would wait for itself.
 */
void wait_for_device_probe(void)
{
	flush_work(&deferred_probe_work);
	wait_event(probe_waitqueue, atomic_read(&probe_count) == 0);
}
EXPORT_SYMBOL_GPL(wait_for_device_probe);

static int deferred_probe_initcall(void)
{
	WRITE_ONCE(driver_deferred_probe_enable, true);
	driver_deferred_probe_trigger();
	flush_work(&deferred_probe_work);
	return 0;
}
late_initcall(deferred_probe_initcall);

/* ---- links between a device and its driver ------------------------------------------ */

static int driver_sysfs_add(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	const char *name = kobject_name(&dev->kobj);
	int err;

	bus_notify(dev, BUS_NOTIFY_BIND_DRIVER);

	err = sysfs_create_link(&drv->p->kobj, &dev->kobj, name);
	if (err)
		return err;
	err = sysfs_create_link(&dev->kobj, &drv->p->kobj, "driver");
	if (err)
		sysfs_remove_link(&drv->p->kobj, name);
	return err;
}

static void driver_sysfs_remove(struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (!drv)
		return;

	sysfs_remove_link(&drv->p->kobj, kobject_name(&dev->kobj));
	sysfs_remove_link(&dev->kobj, "driver");
}

/**
 * device_is_bound() - whether a driver has been bound, as against: is probing
 * @dev: the device; one that was never added is not bound
 *
 * Context: device lock held.
 * Return: true from the end of a probe that succeeded until it is unbound.
 */
bool device_is_bound(struct device *dev)
{
	return dev->p && klist_node_attached(&dev->p->knode_driver);
}

static void driver_bound(struct device *dev)
{
	if (device_is_bound(dev)) {
		pr_warn("%s: device %s already bound\n", __func__, kobject_name(&dev->kobj));
		return;
	}
	klist_add_tail(&dev->p->knode_driver, &dev->driver->p->klist_devices);
	device_links_driver_bound(dev);

	/* before the trigger: this device waits for nothing any more */
	driver_deferred_probe_del(dev);
	driver_deferred_probe_trigger();

	bus_notify(dev, BUS_NOTIFY_BOUND_DRIVER);
	kobject_uevent(&dev->kobj, KOBJ_BIND);
}

/**
 * device_bind_driver() - bind a device to the driver it names, unprobed
 * @dev: its driver set
 *
 * Context: may sleep; device lock held.
 * Return: 0, or -EEXIST or -ENOMEM of making the links.
 */
int device_bind_driver(struct device *dev)
{
	int err = driver_sysfs_add(dev);

	if (!err) {
		device_links_force_bind(dev);
		driver_bound(dev);
	} else {
		bus_notify(dev, BUS_NOTIFY_DRIVER_NOT_BOUND);
	}
	return err;
}
EXPORT_SYMBOL_GPL(device_bind_driver);

/* ---- probe ------------------------------------------------------------------------------ */

/* What a driver leaves behind, whether its probe failed or it was unbound. */
static void device_unbind_cleanup(struct device *dev)
{
	devres_release_all(dev);
	WRITE_ONCE(dev->driver, NULL);
	dev_set_drvdata(dev, NULL);
}

static ssize_t state_synced_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(dev->state_synced));
}
static DEVICE_ATTR_RO(state_synced);

static void device_remove(struct device *dev)
{
	device_remove_file(dev, &dev_attr_state_synced);
	device_remove_groups(dev, dev->driver->dev_groups);

	if (dev->bus && dev->bus->remove)
		dev->bus->remove(dev);
	else if (dev->driver->remove)
		dev->driver->remove(dev);
}

/* The bus's callback, which calls the driver's as it likes, or the driver's. */
static int call_driver_probe(struct device *dev, struct device_driver *drv)
{
	int ret = 0;

	if (dev->bus->probe)
		ret = dev->bus->probe(dev);
	else if (drv->probe)
		ret = drv->probe(dev);

	switch (ret) {
	case 0:
	case -EPROBE_DEFER:
	/* this driver is not for this device after all: no message */
	case -ENODEV:
	case -ENXIO:
		break;
	default:
		pr_warn("%s: probe of %s failed with error %d\n", drv->name,
			dev_name(dev), ret);
	}
	return ret;
}

static int really_probe(struct device *dev, struct device_driver *drv)
{
	int ret = device_links_check_suppliers(dev);

	if (ret)
		return ret;
	if (!list_empty(&dev->devres_head)) {
		dev_crit(dev, "Resources present before probing\n");
		return -EBUSY;
	}

	WRITE_ONCE(dev->driver, drv);

	ret = driver_sysfs_add(dev);
	if (ret) {
		pr_err("%s: driver_sysfs_add(%s) failed\n", __func__,
		       dev_name(dev));
		goto err_driver;
	}

	ret = call_driver_probe(dev, drv);
	if (ret) {
		/* let the next driver have a try */
		ret = -ret;
		goto err_links;
	}

	ret = device_add_groups(dev, drv->dev_groups);
	if (ret) {
		dev_err(dev, "device_add_groups() failed\n");
		goto err_remove;
	}
	if (dev_has_sync_state(dev)) {
		ret = device_create_file(dev, &dev_attr_state_synced);
		if (ret) {
			dev_err(dev, "state_synced sysfs add failed\n");
			goto err_remove;
		}
	}

	driver_bound(dev);
	return 0;

err_remove:
	device_remove(dev);
err_links:
	driver_sysfs_remove(dev);
err_driver:
	bus_notify(dev, BUS_NOTIFY_DRIVER_NOT_BOUND);
	device_links_no_driver(dev);
	device_unbind_cleanup(dev);
	return ret;
}

static int __driver_probe_device(struct device_driver *drv, struct device *dev)
{
	/*
	 * What device_is_registered() reads is settled between being ready
	 * and being dead, and only then.
	 */
	if (dev->p->dead || (dev->ready_to_probe && !device_is_registered(dev)))
		return -ENODEV;
	if (dev->driver)
		return -EBUSY;
	if (!dev->ready_to_probe)
		return dev_err_probe(dev, -EPROBE_DEFER,
				     "Device not ready to probe\n");

	WRITE_ONCE(dev->can_match, true);
	return really_probe(dev, drv);
}

/* Device lock held. Return: 0, or an errno of either sign, see the top. */
static int driver_probe_device(struct device_driver *drv, struct device *dev)
{
	int triggers = atomic_read(&deferred_trigger_count);
	int ret;

	atomic_inc(&probe_count);

	ret = __driver_probe_device(drv, dev);
	if (ret == -EPROBE_DEFER || ret == EPROBE_DEFER) {
		driver_deferred_probe_add(dev);

		/* what it waits for may have come while it was probed */
		if (triggers != atomic_read(&deferred_trigger_count))
			driver_deferred_probe_trigger();
	}

	atomic_dec(&probe_count);
	wake_up_all(&probe_waitqueue);
	return ret;
}

/* ---- a device looks for a driver ------------------------------------------------------------ */

/* For bus_for_each_drv(): 1 ends the walk, bound; negative ends it, failed. */
static int try_driver(struct device_driver *drv, void *data)
{
	struct device *dev = data;
	int ret;

	ret = driver_match_device(drv, dev);
	if (!ret)
		return 0;
	if (ret == -EPROBE_DEFER) {
		WRITE_ONCE(dev->can_match, true);
		driver_deferred_probe_add(dev);
	}
	if (ret < 0)
		return ret;

	ret = driver_probe_device(drv, dev);
	if (ret < 0)
		return ret;
	return ret == 0;
}

/**
 * device_attach() - find a driver for a device
 * @dev: on a bus
 *
 * A device that names its driver already is bound to that one, unprobed; if
 * that fails, it names none any more.
 *
 * Context: may sleep; takes the device lock. For a bus with need_parent_lock
 * the caller holds the parent's.
 * Return: 1 bound, 0 no driver, negative: a match or a probe could not be
 * tried.
 */
int device_attach(struct device *dev)
{
	int ret = 0;

	device_lock(dev);
	if (dev->p->dead)
		goto out;

	if (!dev->driver) {
		ret = bus_for_each_drv(dev->bus, NULL, dev, try_driver);
	} else if (device_is_bound(dev) || !device_bind_driver(dev)) {
		ret = 1;
	} else {
		WRITE_ONCE(dev->driver, NULL);
	}
out:
	device_unlock(dev);
	return ret;
}
EXPORT_SYMBOL_GPL(device_attach);

/* The first look, when the device was added: no driver is no error. */
void device_initial_probe(struct device *dev)
{
	if (device_attach(dev) < 0)
		dev_dbg(dev, "no driver could be tried\n");
}

/* ---- a driver looks for devices ------------------------------------------------------------- */

static void device_driver_lock(struct device *dev, struct device *parent)
{
	if (parent && dev->bus->need_parent_lock)
		device_lock(parent);
	device_lock(dev);
}

static void device_driver_unlock(struct device *dev, struct device *parent)
{
	device_unlock(dev);
	if (parent && dev->bus->need_parent_lock)
		device_unlock(parent);
}

/**
 * device_driver_attach() - bind one device to one driver, as bind does
 * @drv: matches @dev, says the caller
 * @dev: on the driver's bus
 *
 * A deferral is not retried.
 *
 * Context: may sleep; takes the device lock, and the parent's for a bus with
 * need_parent_lock.
 * Return: 0; -EBUSY with a driver bound, -ENODEV when the device is going,
 * -EAGAIN for a deferral, or the probe's error.
 */
int device_driver_attach(struct device_driver *drv, struct device *dev)
{
	int ret;

	device_driver_lock(dev, dev->parent);
	ret = __driver_probe_device(drv, dev);
	device_driver_unlock(dev, dev->parent);

	if (ret > 0)
		ret = -ret;
	return ret == -EPROBE_DEFER ? -EAGAIN : ret;
}
EXPORT_SYMBOL_GPL(device_driver_attach);

/*
 * Always goes on to the next device. Errors are of no interest here: the
 * driver stays registered, and the device without it.
 */
static int try_device(struct device *dev, void *data)
{
	struct device_driver *drv = data;
	int ret;

	ret = driver_match_device(drv, dev);
	if (ret == -EPROBE_DEFER) {
		WRITE_ONCE(dev->can_match, true);
		driver_deferred_probe_add(dev);
	}
	if (ret <= 0)
		return 0;

	device_driver_lock(dev, dev->parent);
	driver_probe_device(drv, dev);
	device_driver_unlock(dev, dev->parent);
	return 0;
}

/**
 * driver_attach() - bind a driver to all devices of its bus that it matches
 * @drv: registered
 *
 * A probe that fails is nobody's error.
 *
 * Context: may sleep; takes the locks of the devices that match, and their
 * parents' for a bus with need_parent_lock.
 * Return: 0, or -EINVAL when the bus is not registered.
 */
int driver_attach(struct device_driver *drv)
{
	return bus_for_each_dev(drv->bus, NULL, drv, try_device);
}
EXPORT_SYMBOL_GPL(driver_attach);

/* ---- unbinding --------------------------------------------------------------------------- */

/*
 * Its consumers go first, without its lock: false when another has unbound the device
 * meanwhile.
 */
static bool unbind_consumers(struct device *dev, struct device *parent)
{
	struct device_driver *drv = dev->driver;

	while (device_links_busy(dev)) {
		device_driver_unlock(dev, parent);
		device_links_unbind_consumers(dev);
		device_driver_lock(dev, parent);
		if (dev->driver != drv)
			return false;
	}
	return true;
}

/* Only from @drv, unless NULL. Takes the locks. */
static void device_release_driver_internal(struct device *dev,
					   struct device_driver *drv,
					   struct device *parent)
{
	device_driver_lock(dev, parent);

	if (dev->driver && (!drv || drv == dev->driver) && unbind_consumers(dev, parent)) {
		driver_sysfs_remove(dev);
		bus_notify(dev, BUS_NOTIFY_UNBIND_DRIVER);
		device_remove(dev);
		device_unbind_cleanup(dev);
		device_links_driver_cleanup(dev);
		/* waits for walks over the driver's devices */
		klist_remove(&dev->p->knode_driver);
		bus_notify(dev, BUS_NOTIFY_UNBOUND_DRIVER);
		kobject_uevent(&dev->kobj, KOBJ_UNBIND);
	}

	device_driver_unlock(dev, parent);
}

/**
 * device_release_driver() - unbind a device; nothing without a driver
 * @dev: the device
 *
 * In this order: links, the driver's groups, its remove, managed resources,
 * the UNBIND event.
 *
 * Context: may sleep; takes the device lock. For a bus with need_parent_lock
 * the caller holds the parent's.
 */
void device_release_driver(struct device *dev)
{
	device_release_driver_internal(dev, NULL, NULL);
}
EXPORT_SYMBOL_GPL(device_release_driver);

/* The same, taking the parent's lock where the bus asks for it. */
void device_driver_detach(struct device *dev)
{
	device_release_driver_internal(dev, NULL, dev->parent);
}

static struct device *driver_last_device(struct device_driver *drv)
{
	struct klist *k = &drv->p->klist_devices;
	struct device *dev = NULL;

	spin_lock(&k->k_lock);
	if (!list_empty(&k->k_list))
		dev = get_device(list_last_entry(&k->k_list,
						 struct device_private,
						 knode_driver.n_node)->device);
	spin_unlock(&k->k_lock);

	return dev;
}

/* Unbind a driver from all its devices, the last bound first. */
void driver_detach(struct device_driver *drv)
{
	struct device *dev;

	while ((dev = driver_last_device(drv))) {
		device_release_driver_internal(dev, drv, dev->parent);
		put_device(dev);
	}
}
