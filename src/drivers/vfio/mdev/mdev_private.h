/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structures that the files of the mdev core share.
 *
 * Who pins whom: an mdev holds its type's kobject, a type holds its parent, a
 * parent holds the core's module. All of that is memory of the core. What is the
 * vendor's, the parent device and the callbacks, is held by the registration
 * alone: who holds an mdev after its removal keeps none of it, and is led to
 * none of it.
 */
#ifndef MDEV_PRIVATE_H
#define MDEV_PRIVATE_H

#include <linux/device.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/rhashtable-types.h>
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
 * @ref:	held by the registration and by each type
 * @dev:	the parent device, which the registration holds
 * @ops:	the vendor's callbacks
 * @unreg_sem:	held for reading around create and remove by sysfs, taken for
 *		writing by the unregistration. Readers must only try: the
 *		writer waits for stores that are running.
 * @state:	see mdev_parent_is_live()
 * @linked:	has its link in the class mdev_bus
 * @types:	the types; fixed while the parent is live
 * @types_kset:	the directory mdev_supported_types
 * @next:	in the list of parents
 *
 * @dev and @ops must not be touched once the unregistration has ended, though
 * mdevs that were removed keep the structure itself.
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
 * @parent_dev:	the parent device; NULL when the vendor has let go of the mdev
 * @driver_data: the vendor's
 * @class_ops:	the device-specific ops of the class, NULL if it has none
 * @class_id:	0 until create() has set it
 * @active:	the creation has ended, and removal may start
 * @link_error:	why there are no links between the mdev and its type, or 0
 * @iommu_device: the device whose IOMMU isolates this mdev, or NULL
 */
struct mdev_device {
	struct device dev;
	guid_t uuid;
	struct rhash_head node;
	struct mdev_type *type;
	struct device *parent_dev;
	void *driver_data;
	const void *class_ops;
	u16 class_id;
	bool active;
	int link_error;
	struct device *iommu_device;
};

#define to_mdev_device(_dev) container_of(_dev, struct mdev_device, dev)

/*
 * What struct bus_type hands to match() and to uevent(). Linux made both const,
 * one after the other; the core only looks at them.
 */
#define mdev_match_driver typeof(__builtin_choose_expr(			\
	__same_type(((struct bus_type *)NULL)->match,			\
		    int (*)(struct device *, struct device_driver *)),	\
	(struct device_driver *)NULL, (const struct device_driver *)NULL))
#define mdev_uevent_device typeof(__builtin_choose_expr(		\
	__same_type(((struct bus_type *)NULL)->uevent,			\
		    int (*)(struct device *, struct kobj_uevent_env *)), \
	(struct device *)NULL, (const struct device *)NULL))

void mdev_parent_put(struct mdev_parent *parent);

int mdev_device_create(struct mdev_type *type, const guid_t *uuid);
int mdev_device_remove(struct mdev_device *mdev);

extern const struct device_type mdev_device_type;

int mdev_parent_create_sysfs(struct mdev_parent *parent);
void mdev_parent_remove_sysfs(struct mdev_parent *parent);
int mdev_create_links(struct mdev_device *mdev);
void mdev_remove_links(struct mdev_device *mdev);
bool mdev_remove_file_self(struct mdev_device *mdev);

int mdev_bus_register(void);

#endif
