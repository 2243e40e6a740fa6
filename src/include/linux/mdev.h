/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mediated devices: the interface of the core to vendor drivers and to
 * drivers on the mdev bus.
 *
 * A vendor driver registers a device as a parent, with the types it can make.
 * Users create mediated devices of these types by sysfs. Each mdev says in its
 * create() callback which class it belongs to, and the driver on the mdev bus
 * that serves this class is bound to it. Ops that only one class needs are
 * given per mdev by a helper of that class.
 */
#ifndef MDEV_H
#define MDEV_H

#include <linux/device.h>
#include <linux/mod_devicetable.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/uuid.h>

struct mdev_device;
struct mdev_vfio_device_ops;
struct mdev_virtio_device_ops;

/* Classes with a driver of their own; 0 stands for an mdev without a class. */
enum {
	MDEV_CLASS_ID_VFIO = 1,
	MDEV_CLASS_ID_VIRTIO = 2,
};

/**
 * struct mdev_parent_ops - a vendor driver's side of a parent device
 * @owner:		module of the vendor driver; a VFIO user of an mdev pins
 *			it. May be NULL.
 * @dev_attr_groups:	attributes added to the parent while it is registered;
 *			ends with NULL, may be NULL
 * @mdev_attr_groups:	attributes of each mdev; ends with NULL, may be NULL
 * @supported_type_groups: mandatory, ends with NULL. One type per group, named
 *			after it; the attributes are struct mdev_type_attribute.
 *			A group may be without attributes, but not without name.
 * @create:		mandatory. Allocate what @mdev needs, tell its class by
 *			mdev_set_class() or a helper such as mdev_set_vfio_ops().
 *			@kobj is the type's kobject. The mdev is not visible yet
 *			and has no driver. 0 or a negative error; after an error
 *			@remove is not called.
 * @remove:		mandatory. Undo @create: the driver is unbound and the
 *			mdev gone from sysfs. An error is logged, nothing else.
 *
 * Callbacks of different mdevs may run at the same time, and create() as soon
 * as the registration has succeeded, possibly before mdev_register_device()
 * has returned. The structure and all it points to must stay until
 * mdev_unregister_device() has returned.
 */
struct mdev_parent_ops {
	struct module *owner;
	const struct attribute_group **dev_attr_groups;
	const struct attribute_group **mdev_attr_groups;
	struct attribute_group **supported_type_groups;

	int (*create)(struct kobject *kobj, struct mdev_device *mdev);
	int (*remove)(struct mdev_device *mdev);
};

/**
 * struct mdev_type_attribute - an attribute of a type's directory
 * @attr:	name and mode
 * @show:	reading; without it reads give -EIO
 * @store:	writing; without it writes give -EIO
 *
 * The callbacks get the type's kobject and the parent device.
 */
struct mdev_type_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct device *dev, char *buf);
	ssize_t (*store)(struct kobject *kobj, struct device *dev,
			 const char *buf, size_t count);
};

#define MDEV_TYPE_ATTR(_name, _mode, _show, _store)		\
	struct mdev_type_attribute mdev_type_attr_##_name =	\
		__ATTR(_name, _mode, _show, _store)
#define MDEV_TYPE_ATTR_RW(_name)				\
	struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RW(_name)
#define MDEV_TYPE_ATTR_RO(_name)				\
	struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RO(_name)
#define MDEV_TYPE_ATTR_WO(_name)				\
	struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_WO(_name)

/**
 * struct mdev_driver - a driver on the mdev bus
 * @name:	name of the driver
 * @probe:	bind to an mdev, which is in an IOMMU group of its own; may be
 *		NULL
 * @remove:	unbind, after which the mdev leaves its IOMMU group; may be NULL
 * @driver:	the core fills in what it needs
 * @id_table:	the classes served, ending with id 0; NULL serves none
 */
struct mdev_driver {
	const char *name;
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	struct device_driver driver;
	const struct mdev_class_id *id_table;
};

#define to_mdev_driver(drv) container_of(drv, struct mdev_driver, driver)

extern struct bus_type mdev_bus_type;

int mdev_register_device(struct device *dev,
			 const struct mdev_parent_ops *ops);
void mdev_unregister_device(struct device *dev);

int mdev_register_driver(struct mdev_driver *drv, struct module *owner);
void mdev_unregister_driver(struct mdev_driver *drv);

void mdev_set_class(struct mdev_device *mdev, u16 id);
void mdev_set_vfio_ops(struct mdev_device *mdev,
		       const struct mdev_vfio_device_ops *vfio_ops);
const struct mdev_vfio_device_ops *mdev_get_vfio_ops(struct mdev_device *mdev);
void mdev_set_virtio_ops(struct mdev_device *mdev,
			 const struct mdev_virtio_device_ops *virtio_ops);
const struct mdev_virtio_device_ops *mdev_get_virtio_ops(struct mdev_device *mdev);

void *mdev_get_drvdata(struct mdev_device *mdev);
void mdev_set_drvdata(struct mdev_device *mdev, void *data);
const guid_t *mdev_uuid(struct mdev_device *mdev);

struct device *mdev_parent_dev(struct mdev_device *mdev);
struct device *mdev_dev(struct mdev_device *mdev);
struct mdev_device *mdev_from_dev(struct device *dev);

int mdev_set_iommu_device(struct device *dev, struct device *iommu_device);
struct device *mdev_get_iommu_device(struct device *dev);

#endif
