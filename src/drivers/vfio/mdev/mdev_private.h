/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures that the files of the mdev core share.
 *
 * Who pins whom: an mdev holds its type's kobject, a type holds its parent and
 * the parent's struct device, a parent holds the core's module. So type, parent
 * and parent device can be read through an mdev as long as somebody holds the
 * mdev, even after its removal or after the unregistration of the parent.
 */
#ifndef MDEV_PRIVATE_H
#define MDEV_PRIVATE_H

#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <linux/uuid.h>

enum mdev_parent_state {
	MDEV_PARENT_REGISTERING,	/* in the list, makes no mdevs yet */
	MDEV_PARENT_LIVE,
	MDEV_PARENT_LEAVING,		/* in the list, makes no mdevs any more */
};

/**
 * struct mdev_parent - a registered parent device
 * @ref:	held by the registration, by each type, and by a store that
 *		removes an mdev
 * @dev:	the parent device; the registration and each type hold it
 * @ops:	the vendor's callbacks; of no use once unregistered
 * @unreg_sem:	held for reading around create and remove by sysfs, taken for
 *		writing by the unregistration. Readers must only try: the
 *		writer waits for stores that are running.
 * @state:	changed under the lock of the list of parents, read without it
 * @linked:	has its link in the class mdev_bus
 * @types:	the types; fixed while the parent is live
 * @types_kset:	the directory mdev_supported_types
 * @next:	in the list of parents
 */
struct mdev_parent {
	struct kref ref;
	struct device *dev;
	const struct mdev_parent_ops *ops;
	struct rw_semaphore unreg_sem;
	enum mdev_parent_state state;
	bool linked;
	struct list_head types;
	struct kset *types_kset;
	struct list_head next;
};

/**
 * struct mdev_type - a directory under mdev_supported_types
 * @kobj:	the directory; its release frees the type
 * @devices_kobj: the directory of links to mdevs, valid until the type is
 *		removed
 * @parent:	with a reference; set before the directory appears
 * @attrs:	the vendor's group without its name, which names the type and
 *		is no subdirectory
 * @next:	in the parent's list of types
 */
struct mdev_type {
	struct kobject kobj;
	struct kobject *devices_kobj;
	struct mdev_parent *parent;
	struct attribute_group attrs;
	struct list_head next;
};

/**
 * struct mdev_device - a mediated device
 * @dev:	its release frees the mdev
 * @uuid:	unique among all mdevs that are not released yet
 * @node:	in the table of UUIDs
 * @type:	with a reference to its kobject
 * @driver_data: the vendor's
 * @class_ops:	the device-specific ops of the class, NULL if it has none
 * @class_id:	0 until create() has set it
 * @active:	the creation has ended, and removal may start
 * @iommu_device: the device whose IOMMU isolates this mdev, or NULL
 */
struct mdev_device {
	struct device dev;
	guid_t uuid;
	struct hlist_node node;
	struct mdev_type *type;
	void *driver_data;
	const void *class_ops;
	u16 class_id;
	bool active;
	struct device *iommu_device;
};

#define to_mdev_device(_dev) container_of(_dev, struct mdev_device, dev)

struct mdev_parent *mdev_parent_get(struct mdev_parent *parent);
void mdev_parent_put(struct mdev_parent *parent);

int mdev_device_create(struct mdev_type *type, const guid_t *uuid);
int mdev_device_remove(struct mdev_device *mdev);

extern const struct device_type mdev_device_type;

int mdev_parent_create_sysfs(struct mdev_parent *parent);
void mdev_parent_remove_sysfs(struct mdev_parent *parent);
int mdev_create_links(struct mdev_device *mdev);
void mdev_remove_links(struct mdev_device *mdev);
bool mdev_remove_file_self(struct mdev_device *mdev);
void mdev_remove_file(struct mdev_device *mdev);

int mdev_bus_register(void);
void mdev_bus_unregister(void);

#endif
