/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the driver core share: the private halves of devices,
 * drivers, buses and classes, and the calls between core.c, bus.c and dd.c.
 *
 * A private half is allocated by the core when the public structure is added
 * or registered. A driver's and a bus's is an object of its own, with a
 * kobject, and may outlive the public structure, which belongs to a module.
 */
#ifndef UMDEV_DRIVERS_BASE_H
#define UMDEV_DRIVERS_BASE_H

#include <linux/device.h>
#include <linux/klist.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include "compat/levels.h"

struct module_kobject;
struct va_format;

/* Of a bus or a class. */
struct subsys_private {
	struct kset subsys;		/* /sys/bus/<bus> or /sys/class/<class> */
	struct mutex mutex;		/* guards interfaces; held while they are told */
	struct list_head interfaces;	/* class_interface.node */
	struct klist klist_devices;

	/* buses */
	struct bus_type *bus;
	struct kset *devices_kset;
	struct kset *drivers_kset;
	struct klist klist_drivers;
	struct blocking_notifier_head bus_notifier;
	bool drivers_autoprobe;

	/* classes */
	struct class *class;
	struct kset glue_dirs;		/* directories of this class in parents */
	struct lock_class_key lock_key;	/* of one that brings none */

	/* where the public structure is const: in the table of subsys.c */
	const void *public;
	struct hlist_node node;
};
#define to_subsys_private(obj) \
	container_of(obj, struct subsys_private, subsys.kobj)

/*
 * The private half of a registered bus or class, else NULL. Levels with const
 * buses and classes have them in memory that is only read: there it is looked
 * up by address.
 */
#if KAPI_ABI_BUS_CONST
struct subsys_private *subsys_find(const void *public);
void subsys_publish(struct subsys_private *priv, const void *public);
void subsys_withdraw(struct subsys_private *priv);

#define subsys_private(_public)		subsys_find(_public)
#define subsys_set_private(_public, priv) subsys_publish(priv, _public)
#define subsys_clear_private(_public, priv) subsys_withdraw(priv)
#else
#define subsys_private(_public)		((_public)->p)
#define subsys_set_private(_public, priv) ((_public)->p = (priv))
#define subsys_clear_private(_public, priv) ((_public)->p = NULL)
static inline void subsys_withdraw(struct subsys_private *priv) { }
#endif

struct driver_private {
	struct kobject kobj;		/* /sys/bus/<bus>/drivers/<driver> */
	struct klist klist_devices;	/* bound devices */
	struct klist_node knode_bus;
	struct module_kobject *mkobj;	/* of a built-in driver's module */
	struct device_driver *driver;
};
#define to_driver(obj) container_of(obj, struct driver_private, kobj)

/* Made by device_add(), freed with the device. */
struct device_private {
	struct klist klist_children;
	struct klist_node knode_parent;
	struct klist_node knode_driver;
	struct klist_node knode_bus;
	struct klist_node knode_class;
	struct list_head deferred_probe;
	char *deferred_probe_reason;
	struct device *device;
	bool dead;			/* set under the device lock, for ever */
};
#define to_device_private_parent(obj) \
	container_of(obj, struct device_private, knode_parent)
#define to_device_private_driver(obj) \
	container_of(obj, struct device_private, knode_driver)
#define to_device_private_bus(obj) \
	container_of(obj, struct device_private, knode_bus)
#define to_device_private_class(obj) \
	container_of(obj, struct device_private, knode_class)

extern struct kset *devices_kset;

int devices_init(void);
int buses_init(void);
int classes_init(void);

/* bus.c */
int bus_add_device(struct device *dev);
void bus_probe_device(struct device *dev);
void bus_remove_device(struct device *dev);
int bus_add_driver(struct device_driver *drv);
void bus_remove_driver(struct device_driver *drv);
void bus_notify(struct device *dev, unsigned long event);

/* links.c */
void device_links_init(struct device *dev);
void device_links_set_added(struct device *dev, bool added);
void device_links_purge(struct device *dev);
int device_links_check_suppliers(struct device *dev);
void device_links_force_bind(struct device *dev);
void device_links_driver_bound(struct device *dev);
void device_links_no_driver(struct device *dev);
void device_links_driver_cleanup(struct device *dev);
bool device_links_busy(struct device *dev);
void device_links_unbind_consumers(struct device *dev);
bool dev_has_sync_state(struct device *dev);
void device_links_supplier_sync_state_pause(void);
void device_links_supplier_sync_state_resume(void);

/* dd.c */
void device_driver_detach(struct device *dev);
void driver_detach(struct device_driver *drv);
void driver_deferred_probe_del(struct device *dev);
void driver_deferred_probe_trigger(void);
void device_set_deferred_probe_reason(const struct device *dev,
				      struct va_format *vaf);

static inline int driver_match_device(struct device_driver *drv,
				      struct device *dev)
{
	return drv->bus->match ? drv->bus->match(dev, drv) : 1;
}

/* driver.c */
int driver_add_groups(struct device_driver *drv,
		      const struct attribute_group **groups);
void driver_remove_groups(struct device_driver *drv,
			  const struct attribute_group **groups);

/* module.c */
void module_add_driver(struct module *mod, struct device_driver *drv);
void module_remove_driver(struct device_driver *drv);

/* devres.c */
int devres_release_all(struct device *dev);

/* fs/devtmpfs.c: the node of a device with a number. 0 or a negative errno. */
int devtmpfs_create_node(struct device *dev);
int devtmpfs_delete_node(struct device *dev);

#endif
