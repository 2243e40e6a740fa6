/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drivers: struct device_driver and what registers, searches and extends one.
 *
 * Left out: power management, firmware nodes, asynchronous probing, core
 * dumps of devices. ->pm, ->shutdown and ->of_match_table are carried and never
 * used; every ->probe_type probes in the caller's context.
 */
#ifndef _DEVICE_DRIVER_H_
#define _DEVICE_DRIVER_H_

#include <linux/kobject.h>
#include <linux/klist.h>
#include <linux/device/bus.h>
#include <linux/module.h>

struct of_device_id;
struct driver_private;

enum probe_type {
	PROBE_DEFAULT_STRATEGY,
	PROBE_PREFER_ASYNCHRONOUS,
	PROBE_FORCE_SYNCHRONOUS,
};

struct device_driver {
	const char		*name;
	kapi_bus_const struct bus_type *bus;

	struct module		*owner;
	const char		*mod_name;	/* of a built-in driver */

	bool suppress_bind_attrs;
	enum probe_type probe_type;

	const struct of_device_id	*of_match_table;

	int (*probe)(struct device *dev);
	void (*sync_state)(struct device *dev);	/* all consumers are bound */
	int (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;

	const struct dev_pm_ops *pm;

	struct driver_private *p;
};

int __must_check driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);
struct device_driver *driver_find(const char *name, kapi_bus_const struct bus_type *bus);
void wait_for_device_probe(void);
int driver_set_override(struct device *dev, const char **override, const char *s, size_t len);

struct driver_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device_driver *driver, char *buf);
	ssize_t (*store)(struct device_driver *driver, const char *buf,
			 size_t count);
};

#define DRIVER_ATTR_RW(_name) \
	struct driver_attribute driver_attr_##_name = __ATTR_RW(_name)
#define DRIVER_ATTR_RO(_name) \
	struct driver_attribute driver_attr_##_name = __ATTR_RO(_name)
#define DRIVER_ATTR_WO(_name) \
	struct driver_attribute driver_attr_##_name = __ATTR_WO(_name)

int __must_check driver_create_file(struct device_driver *driver,
				    const struct driver_attribute *attr);
void driver_remove_file(struct device_driver *driver,
			const struct driver_attribute *attr);

int __must_check driver_for_each_device(struct device_driver *drv,
					struct device *start, void *data,
					int (*fn)(struct device *dev, void *));
struct device *driver_find_device(struct device_driver *drv,
				  struct device *start, const void *data,
				  int (*match)(struct device *dev,
					       const void *data));

static inline struct device *
driver_find_device_by_name(struct device_driver *drv, const char *name)
{
	return driver_find_device(drv, NULL, name, device_match_name);
}

static inline struct device *
driver_find_device_by_devt(struct device_driver *drv, dev_t devt)
{
	return driver_find_device(drv, NULL, &devt, device_match_devt);
}

static inline struct device *
driver_find_next_device(struct device_driver *drv, struct device *start)
{
	return driver_find_device(drv, start, NULL, device_match_any);
}

void driver_deferred_probe_add(struct device *dev);

/* module_driver() comes with linux/module.h */
#define builtin_driver(__driver, __register, ...)		\
static int __init __driver##_init(void)				\
{								\
	return __register(&(__driver), ##__VA_ARGS__);		\
}								\
device_initcall(__driver##_init);

#endif
