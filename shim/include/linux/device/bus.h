/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buses: struct bus_type and what registers, walks and searches one.
 *
 * Left out: power management, DMA configuration, sorting,
 * firmware nodes, dev_root, taking devices offline; ->pm and ->shutdown are
 * carried and never called, since a modelled kernel is neither suspended nor
 * powered off. Where the level's ->remove returns an int, it is ignored.
 */
#ifndef _DEVICE_BUS_H_
#define _DEVICE_BUS_H_

#include <linux/kobject.h>
#include <linux/klist.h>
#include <linux/lockdep.h>
#include <linux/pm.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include "compat/const.h"

struct device;
struct device_driver;
struct dev_pm_ops;
struct module;
struct notifier_block;
struct subsys_private;

struct bus_type {
	const char *name;
	const char *dev_name;
	const struct attribute_group **bus_groups;
	const struct attribute_group **dev_groups;
	const struct attribute_group **drv_groups;

	int (*match)(struct device *dev,
		     kapi_match_const struct device_driver *drv);
	int (*uevent)(kapi_uevent_const struct device *dev,
		      struct kobj_uevent_env *env);
	int (*probe)(struct device *dev);
	void (*sync_state)(struct device *dev);
#if KAPI_BUS_REMOVE_INT
	int (*remove)(struct device *dev);
#else
	void (*remove)(struct device *dev);
#endif
	void (*shutdown)(struct device *dev);
	const struct dev_pm_ops *pm;

	struct subsys_private *p;
	struct lock_class_key lock_key;
	bool need_parent_lock;
};

int __must_check bus_register(kapi_bus_const struct bus_type *bus);
void bus_unregister(kapi_bus_const struct bus_type *bus);
int __must_check bus_rescan_devices(kapi_bus_const struct bus_type *bus);

int bus_register_notifier(struct bus_type *bus, struct notifier_block *nb);
int bus_unregister_notifier(struct bus_type *bus, struct notifier_block *nb);

/* What a notifier of a bus hears; its data is the device. */
#define BUS_NOTIFY_ADD_DEVICE		1	/* in sysfs, ADD is not sent yet */
#define BUS_NOTIFY_DEL_DEVICE		2	/* dead, all of it is still there */
#define BUS_NOTIFY_REMOVED_DEVICE	3	/* off the bus, REMOVE is not sent yet */
/* these under the device's lock */
#define BUS_NOTIFY_BIND_DRIVER		4	/* to be probed, or bound without */
#define BUS_NOTIFY_BOUND_DRIVER		5	/* BIND is not sent yet */
#define BUS_NOTIFY_UNBIND_DRIVER	6	/* to be removed from its driver */
#define BUS_NOTIFY_UNBOUND_DRIVER	7	/* UNBIND is not sent yet */
#define BUS_NOTIFY_DRIVER_NOT_BOUND	8	/* the end of BIND_DRIVER, if it failed */

struct bus_attribute {
	struct attribute attr;
	ssize_t (*show)(kapi_bus_const struct bus_type *bus, char *buf);
	ssize_t (*store)(kapi_bus_const struct bus_type *bus, const char *buf, size_t count);
};

#define BUS_ATTR_RW(_name) \
	struct bus_attribute bus_attr_##_name = __ATTR_RW(_name)
#define BUS_ATTR_RO(_name) \
	struct bus_attribute bus_attr_##_name = __ATTR_RO(_name)
#define BUS_ATTR_WO(_name) \
	struct bus_attribute bus_attr_##_name = __ATTR_WO(_name)

int __must_check bus_create_file(kapi_bus_const struct bus_type *bus,
				 struct bus_attribute *attr);
void bus_remove_file(kapi_bus_const struct bus_type *bus, struct bus_attribute *attr);

int device_match_name(struct device *dev, const void *name);
int device_match_devt(struct device *dev, const void *pdevt);
int device_match_any(struct device *dev, const void *unused);

int bus_for_each_dev(kapi_bus_const struct bus_type *bus, struct device *start, void *data,
		     int (*fn)(struct device *dev, void *data));
struct device *bus_find_device(kapi_bus_const struct bus_type *bus, struct device *start,
			       const void *data,
			       int (*match)(struct device *dev,
					    const void *data));
int bus_for_each_drv(kapi_bus_const struct bus_type *bus, struct device_driver *start,
		     void *data, int (*fn)(struct device_driver *, void *));

static inline struct device *bus_find_device_by_name(kapi_bus_const struct bus_type *bus,
						     struct device *start,
						     const char *name)
{
	return bus_find_device(bus, start, name, device_match_name);
}

static inline struct device *bus_find_device_by_devt(kapi_bus_const struct bus_type *bus,
						     dev_t devt)
{
	return bus_find_device(bus, NULL, &devt, device_match_devt);
}

static inline struct device *bus_find_next_device(kapi_bus_const struct bus_type *bus,
						  struct device *cur)
{
	return bus_find_device(bus, cur, NULL, device_match_any);
}

#endif
