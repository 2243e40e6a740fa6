// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core of the mediated device framework: parents, and the life of an mdev.
 *
 * Parents are kept in a list, mdevs in a hash table by UUID. An mdev enters
 * the table before its vendor hears of it and leaves it in its release, so
 * that a UUID cannot come back while anybody holds the old device.
 *
 * Creation and removal by sysfs run under the parent's unreg_sem, held for
 * reading, and only ever try to take it: mdev_unregister_device() holds it for
 * writing while it removes the very files whose stores it would be waiting for.
 * An mdev cannot be removed before its creation has ended ("active"), and
 * whoever works on one holds a reference of his own.
 */

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/init.h>
#include <linux/jhash.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "mdev_private.h"

/* 6 mdevs to a chain when there are 100,000 of them. */
#define MDEV_TABLE_BITS 14

static DEFINE_HASHTABLE(mdev_table, MDEV_TABLE_BITS);
/* A spinlock, since the last reference may be dropped in any context. */
static DEFINE_SPINLOCK(mdev_table_lock);

static LIST_HEAD(mdev_parents);
static DEFINE_MUTEX(mdev_parents_lock);

static struct class_compat *mdev_compat_class;

/* The parent of @dev, if it has one. Called under mdev_parents_lock. */
static struct mdev_parent *mdev_parent_find(struct device *dev)
{
	struct mdev_parent *parent;

	list_for_each_entry(parent, &mdev_parents, next) {
		if (parent->dev == dev)
			return parent;
	}
	return NULL;
}

static struct mdev_parent *
mdev_parent_alloc(struct device *dev, const struct mdev_parent_ops *ops)
{
	struct mdev_parent *parent;

	parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	if (!parent)
		return NULL;

	/*
	 * An mdev that somebody holds keeps its type and parent alive after
	 * the unregistration, when the vendor's module, which needs this one,
	 * may be gone already. Their release functions are here.
	 */
	__module_get(THIS_MODULE);
	kref_init(&parent->ref);
	parent->dev = get_device(dev);
	parent->ops = ops;
	parent->state = MDEV_PARENT_REGISTERING;
	init_rwsem(&parent->unreg_sem);
	INIT_LIST_HEAD(&parent->types);
	return parent;
}

static void mdev_parent_release(struct kref *ref)
{
	struct mdev_parent *parent = container_of(ref, struct mdev_parent, ref);

	kfree(parent);
	module_put(THIS_MODULE);
}

struct mdev_parent *mdev_parent_get(struct mdev_parent *parent)
{
	kref_get(&parent->ref);
	return parent;
}

void mdev_parent_put(struct mdev_parent *parent)
{
	kref_put(&parent->ref, mdev_parent_release);
}

/* Gives back what the registration holds. */
static void mdev_parent_end(struct mdev_parent *parent)
{
	put_device(parent->dev);
	mdev_parent_put(parent);
}

/* Takes the place of @parent->dev in the list, or finds it taken. */
static int mdev_parent_list(struct mdev_parent *parent)
{
	int ret = -EEXIST;

	mutex_lock(&mdev_parents_lock);
	if (!mdev_parent_find(parent->dev)) {
		list_add(&parent->next, &mdev_parents);
		ret = 0;
	}
	mutex_unlock(&mdev_parents_lock);
	return ret;
}

static void mdev_parent_unlist(struct mdev_parent *parent)
{
	mutex_lock(&mdev_parents_lock);
	list_del(&parent->next);
	mutex_unlock(&mdev_parents_lock);
}

/* From here on another task may create mdevs, or unregister @parent. */
static void mdev_parent_set_live(struct mdev_parent *parent)
{
	mutex_lock(&mdev_parents_lock);
	/* Pairs with mdev_parent_enter(): the types are complete. */
	smp_store_release(&parent->state, MDEV_PARENT_LIVE);
	mutex_unlock(&mdev_parents_lock);
}

/*
 * Makes the caller the one who takes the live parent of @dev apart. Returns
 * NULL if there is none, or another task is at it.
 */
static struct mdev_parent *mdev_parent_claim(struct device *dev)
{
	struct mdev_parent *parent;

	mutex_lock(&mdev_parents_lock);
	parent = mdev_parent_find(dev);
	if (parent && parent->state == MDEV_PARENT_LIVE) {
		/* Only the value matters to mdev_parent_enter() here. */
		WRITE_ONCE(parent->state, MDEV_PARENT_LEAVING);
	} else {
		parent = NULL;
	}
	mutex_unlock(&mdev_parents_lock);
	return parent;
}

/* Never waits. After success the caller has to up_read() the unreg_sem. */
static int mdev_parent_enter(struct mdev_parent *parent)
{
	if (!down_read_trylock(&parent->unreg_sem))
		return -ENODEV;
	/* Pairs with mdev_parent_set_live(). */
	if (smp_load_acquire(&parent->state) == MDEV_PARENT_LIVE)
		return 0;
	up_read(&parent->unreg_sem);
	return -ENODEV;
}

static void mdev_device_release(struct device *dev)
{
	struct mdev_device *mdev = to_mdev_device(dev);
	unsigned long flags;

	spin_lock_irqsave(&mdev_table_lock, flags);
	hash_del(&mdev->node);
	spin_unlock_irqrestore(&mdev_table_lock, flags);

	kobject_put(&mdev->type->kobj);
	kfree(mdev);
}

/* Enters @mdev into the table, or finds its UUID taken. */
static int mdev_claim_uuid(struct mdev_device *mdev)
{
	u32 key = jhash(&mdev->uuid, sizeof(mdev->uuid), 0);
	struct mdev_device *other;
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&mdev_table_lock, flags);
	hash_for_each_possible(mdev_table, other, node, key) {
		if (guid_equal(&other->uuid, &mdev->uuid)) {
			ret = -EEXIST;
			goto unlock;
		}
	}
	hash_add(mdev_table, &mdev->node, key);
unlock:
	spin_unlock_irqrestore(&mdev_table_lock, flags);
	return ret;
}

/* An mdev that has its place in the table, with one reference. */
static struct mdev_device *mdev_device_alloc(struct mdev_type *type,
					     const guid_t *uuid)
{
	struct mdev_device *mdev;
	int ret;

	mdev = kzalloc(sizeof(*mdev), GFP_KERNEL);
	if (!mdev)
		return ERR_PTR(-ENOMEM);

	device_initialize(&mdev->dev);
	mdev->dev.parent = type->parent->dev;
	mdev->dev.bus = &mdev_bus_type;
	mdev->dev.type = &mdev_device_type;
	mdev->dev.groups = type->parent->ops->mdev_attr_groups;
	mdev->dev.release = mdev_device_release;
	kobject_get(&type->kobj);
	mdev->type = type;
	guid_copy(&mdev->uuid, uuid);

	ret = mdev_claim_uuid(mdev);
	if (ret)
		goto put_mdev;

	ret = dev_set_name(&mdev->dev, "%pUl", uuid);
	if (ret)
		goto put_mdev;

	return mdev;

put_mdev:
	put_device(&mdev->dev);
	return ERR_PTR(ret);
}

static void mdev_vendor_remove(struct mdev_device *mdev)
{
	int ret;

	ret = mdev->type->parent->ops->remove(mdev);
	if (ret)
		dev_err(&mdev->dev, "Remove failed: err=%d\n", ret);
}

static int mdev_vendor_create(struct mdev_device *mdev)
{
	struct mdev_parent *parent = mdev->type->parent;
	int ret;

	ret = parent->ops->create(&mdev->type->kobj, mdev);
	if (ret > 0) {
		dev_warn(parent->dev,
			 "create() of %s returned %d, taken as an error\n",
			 dev_name(&mdev->dev), ret);
		return -EINVAL;
	}
	if (ret)
		return ret;

	if (!mdev->class_id) {
		dev_warn(parent->dev,
			 "mdev vendor driver failed to specify device class\n");
		mdev_vendor_remove(mdev);
		return -EINVAL;
	}
	return 0;
}

/* Makes @mdev visible, which also binds a driver. */
static int mdev_device_publish(struct mdev_device *mdev)
{
	int ret;

	ret = device_add(&mdev->dev);
	if (ret)
		return ret;

	ret = mdev_create_links(mdev);
	if (ret)
		device_del(&mdev->dev);
	return ret;
}

/*
 * The end of an active mdev whose remove file is gone already. Called with
 * unreg_sem held; drops the reference of the creation.
 */
static void mdev_device_destroy(struct mdev_device *mdev)
{
	mdev_remove_links(mdev);
	device_del(&mdev->dev);
	mdev_vendor_remove(mdev);
	put_device(&mdev->dev);
}

/**
 * mdev_device_create() - make a mediated device and add it
 * @type: its type, pinned by the caller
 * @uuid: its name
 *
 * Context: may sleep. Called from a store below the type's directory, so it
 * must not wait for an unregistration of the parent.
 *
 * Return: 0; -EEXIST if the UUID is in use; -ENODEV if the parent's
 * registration is not complete or its unregistration has begun; -ENOMEM; or
 * the error of create(), -EINVAL if it breaks its contract; or that of adding
 * the device.
 */
int mdev_device_create(struct mdev_type *type, const guid_t *uuid)
{
	struct mdev_parent *parent = type->parent;
	struct mdev_device *mdev;
	int ret;

	mdev = mdev_device_alloc(type, uuid);
	if (IS_ERR(mdev))
		return PTR_ERR(mdev);

	ret = mdev_parent_enter(parent);
	if (ret)
		goto put_mdev;

	ret = mdev_vendor_create(mdev);
	if (ret)
		goto leave_parent;

	ret = mdev_device_publish(mdev);
	if (ret)
		goto vendor_remove;

	/* Once it is active, another task may remove and put the mdev. */
	get_device(&mdev->dev);
	/* Pairs with mdev_device_remove(): the links are there. */
	smp_store_release(&mdev->active, true);
	dev_dbg(&mdev->dev, "MDEV: created\n");
	goto leave_parent;

vendor_remove:
	mdev_vendor_remove(mdev);
leave_parent:
	up_read(&parent->unreg_sem);
put_mdev:
	put_device(&mdev->dev);
	return ret;
}

/**
 * mdev_device_remove() - remove an mdev from the store of its own file
 * @mdev: the mdev whose file "remove" is being written
 *
 * Of several tasks inside the store one removes the device; the others return
 * when it is gone.
 *
 * Context: may sleep. Must not wait for an unregistration of the parent.
 *
 * Return: 0; -EAGAIN while the creation has not ended, the file stays then;
 * -ENODEV if the unregistration of the parent has begun, which removes the
 * mdev.
 */
int mdev_device_remove(struct mdev_device *mdev)
{
	struct mdev_parent *parent = mdev->type->parent;
	int ret;

	ret = mdev_parent_enter(parent);
	if (ret)
		return ret;

	/*
	 * While the store's active reference is broken nothing else keeps mdev
	 * and parent from being freed by the task that removes them.
	 */
	get_device(&mdev->dev);
	mdev_parent_get(parent);

	/* Pairs with mdev_device_create(). */
	if (!smp_load_acquire(&mdev->active)) {
		ret = -EAGAIN;
		goto put_mdev;
	}

	if (mdev_remove_file_self(mdev))
		mdev_device_destroy(mdev);

put_mdev:
	/*
	 * Before unreg_sem: an unregistration does not wait for this store,
	 * and after it the release function of the parent device, which an
	 * mdev pins, may be unloaded with the vendor's module.
	 */
	put_device(&mdev->dev);
	up_read(&parent->unreg_sem);
	mdev_parent_put(parent);
	return ret;
}

/* Called for each child of an unregistering parent; others' are left alone. */
static int mdev_remove_child(struct device *dev, void *unused)
{
	struct mdev_device *mdev = mdev_from_dev(dev);

	if (mdev) {
		mdev_remove_file(mdev);
		mdev_device_destroy(mdev);
	}
	return 0;
}

/* A parent that is listed, but not live yet. */
static struct mdev_parent *
mdev_parent_add(struct device *dev, const struct mdev_parent_ops *ops)
{
	struct mdev_parent *parent;
	int ret;

	parent = mdev_parent_alloc(dev, ops);
	if (!parent)
		return ERR_PTR(-ENOMEM);

	ret = mdev_parent_list(parent);
	if (ret)
		goto end_parent;

	ret = mdev_parent_create_sysfs(parent);
	if (ret)
		goto unlist_parent;

	return parent;

unlist_parent:
	mdev_parent_unlist(parent);
end_parent:
	mdev_parent_end(parent);
	return ERR_PTR(ret);
}

/* Nothing but old user space needs the link: a parent can do without. */
static void mdev_parent_create_link(struct mdev_parent *parent)
{
	struct device *dev = parent->dev;

	parent->linked = !class_compat_create_link(mdev_compat_class, dev, NULL);
	if (!parent->linked)
		dev_warn(dev, "Failed to create compatibility class link\n");
}

/* A link that is not ours is that of another parent of the same name. */
static void mdev_parent_remove_link(struct mdev_parent *parent)
{
	if (parent->linked)
		class_compat_remove_link(mdev_compat_class, parent->dev, NULL);
}

/* Tells user space that what @dev can do has changed. */
static void mdev_parent_announce(struct device *dev, char *state)
{
	char *envp[2] = { state, NULL };

	kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, envp);
}

/**
 * mdev_register_device() - make a device a parent of mediated devices
 * @dev: the device, which must have been added
 * @ops: the vendor's callbacks and types; must stay until @dev is unregistered
 *
 * The core holds a reference on @dev as long as any mdev of it exists.
 * create() may be called before this function returns.
 *
 * Context: may sleep. The caller may hold locks that create() or remove()
 * take.
 *
 * Return: 0; -EINVAL if @dev or a mandatory part of @ops is missing or a type
 * has no name; -EEXIST if @dev is registered, being registered or being
 * unregistered; -ENOMEM; or the error of making the files. After an error
 * nothing is left.
 */
int mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops)
{
	struct mdev_parent *parent;

	if (!dev || !ops || !ops->create || !ops->remove ||
	    !ops->supported_type_groups)
		return -EINVAL;

	parent = mdev_parent_add(dev, ops);
	if (IS_ERR(parent))
		return PTR_ERR(parent);

	mdev_parent_create_link(parent);
	mdev_parent_set_live(parent);

	dev_info(dev, "MDEV: Registered\n");
	mdev_parent_announce(dev, "MDEV_STATE=registered");
	return 0;
}
EXPORT_SYMBOL(mdev_register_device);

/**
 * mdev_unregister_device() - undo mdev_register_device()
 * @dev: the parent device; if it is not registered nothing happens
 *
 * Waits for creations and removals that are running, then removes all mdevs
 * of @dev. No callback of the vendor runs after the return.
 *
 * Context: may sleep. Must not be called from a callback of the vendor or of
 * an mdev driver, nor with a lock held that one of them takes.
 */
void mdev_unregister_device(struct device *dev)
{
	struct mdev_parent *parent;

	parent = mdev_parent_claim(dev);
	if (!parent)
		return;

	dev_info(dev, "MDEV: Unregistering\n");

	down_write(&parent->unreg_sem);
	mdev_parent_remove_link(parent);
	device_for_each_child(dev, NULL, mdev_remove_child);
	mdev_parent_remove_sysfs(parent);
	up_write(&parent->unreg_sem);

	mdev_parent_unlist(parent);
	mdev_parent_end(parent);

	mdev_parent_announce(dev, "MDEV_STATE=unregistered");
}
EXPORT_SYMBOL(mdev_unregister_device);

/* Whether the caller may give @mdev the ops of class @id. */
static bool mdev_claim_class(struct mdev_device *mdev, u16 id)
{
	if (!mdev->class_id) {
		mdev->class_id = id;
		return true;
	}

	WARN(1, "mdev %s: class %u set again, to %u\n", dev_name(&mdev->dev),
	     mdev->class_id, id);
	return mdev->class_id == id && !mdev->class_ops;
}

static void mdev_set_ops(struct mdev_device *mdev, u16 id, const void *ops)
{
	if (mdev_claim_class(mdev, id))
		mdev->class_ops = ops;
}

static const void *mdev_get_ops(struct mdev_device *mdev, u16 id,
				const char *class)
{
	if (WARN(mdev->class_id != id, "mdev %s: %s ops asked of class %u\n",
		 dev_name(&mdev->dev), class, mdev->class_id))
		return NULL;
	return mdev->class_ops;
}

/**
 * mdev_set_class() - say which class an mdev belongs to
 * @mdev: the mdev
 * @id: the class; the drivers on the mdev bus that have it in their id_table
 *	match the mdev
 *
 * For an mdev whose driver needs no ops from the core, typically because
 * vendor driver and mdev driver are one. A second call warns and changes
 * nothing.
 *
 * Context: the vendor's create() callback only.
 */
void mdev_set_class(struct mdev_device *mdev, u16 id)
{
	mdev_claim_class(mdev, id);
}
EXPORT_SYMBOL(mdev_set_class);

/**
 * mdev_set_vfio_ops() - make an mdev one of class VFIO
 * @mdev: the mdev
 * @vfio_ops: what a VFIO user may do; must live as long as @mdev
 *
 * Warns if the class has been set before. The ops are taken nevertheless if it
 * was this class and there are no ops yet.
 *
 * Context: the vendor's create() callback only.
 */
void mdev_set_vfio_ops(struct mdev_device *mdev,
		       const struct mdev_vfio_device_ops *vfio_ops)
{
	mdev_set_ops(mdev, MDEV_CLASS_ID_VFIO, vfio_ops);
}
EXPORT_SYMBOL(mdev_set_vfio_ops);

/**
 * mdev_get_vfio_ops() - the ops given to mdev_set_vfio_ops()
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: the ops; NULL if there are none; NULL with a warning if @mdev is of
 * another class.
 */
const struct mdev_vfio_device_ops *mdev_get_vfio_ops(struct mdev_device *mdev)
{
	return mdev_get_ops(mdev, MDEV_CLASS_ID_VFIO, "VFIO");
}
EXPORT_SYMBOL(mdev_get_vfio_ops);

/**
 * mdev_set_virtio_ops() - make an mdev one of class virtio
 * @mdev: the mdev
 * @virtio_ops: what a virtio driver may do; must live as long as @mdev
 *
 * Warns if the class has been set before. The ops are taken nevertheless if it
 * was this class and there are no ops yet.
 *
 * Context: the vendor's create() callback only.
 */
void mdev_set_virtio_ops(struct mdev_device *mdev,
			 const struct mdev_virtio_device_ops *virtio_ops)
{
	mdev_set_ops(mdev, MDEV_CLASS_ID_VIRTIO, virtio_ops);
}
EXPORT_SYMBOL(mdev_set_virtio_ops);

/**
 * mdev_get_virtio_ops() - the ops given to mdev_set_virtio_ops()
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: the ops; NULL if there are none; NULL with a warning if @mdev is of
 * another class.
 */
const struct mdev_virtio_device_ops *
mdev_get_virtio_ops(struct mdev_device *mdev)
{
	return mdev_get_ops(mdev, MDEV_CLASS_ID_VIRTIO, "virtio");
}
EXPORT_SYMBOL(mdev_get_virtio_ops);

/**
 * mdev_get_drvdata() - the vendor's private pointer
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: what mdev_set_drvdata() was given last, NULL at first.
 */
void *mdev_get_drvdata(struct mdev_device *mdev)
{
	return mdev->driver_data;
}
EXPORT_SYMBOL(mdev_get_drvdata);

/**
 * mdev_set_drvdata() - set the vendor's private pointer
 * @mdev: the mdev
 * @data: any pointer; the core does nothing with it
 *
 * Context: any.
 */
void mdev_set_drvdata(struct mdev_device *mdev, void *data)
{
	mdev->driver_data = data;
}
EXPORT_SYMBOL(mdev_set_drvdata);

/**
 * mdev_uuid() - the UUID of an mdev
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: a pointer that is valid as long as @mdev is.
 */
const guid_t *mdev_uuid(struct mdev_device *mdev)
{
	return &mdev->uuid;
}
EXPORT_SYMBOL(mdev_uuid);

/**
 * mdev_parent_dev() - the parent device of an mdev
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: the device, without a reference of its own: it is pinned as long as
 * @mdev is, even after it was unregistered.
 */
struct device *mdev_parent_dev(struct mdev_device *mdev)
{
	return mdev->type->parent->dev;
}
EXPORT_SYMBOL(mdev_parent_dev);

/**
 * mdev_dev() - the struct device of an mdev
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: the device; get_device() on it pins @mdev.
 */
struct device *mdev_dev(struct mdev_device *mdev)
{
	return &mdev->dev;
}
EXPORT_SYMBOL(mdev_dev);

/**
 * mdev_from_dev() - the mdev that a struct device belongs to
 * @dev: any device
 *
 * Context: any.
 *
 * Return: the mdev, or NULL if @dev is not on the mdev bus.
 */
struct mdev_device *mdev_from_dev(struct device *dev)
{
	return dev->bus == &mdev_bus_type ? to_mdev_device(dev) : NULL;
}
EXPORT_SYMBOL(mdev_from_dev);

/**
 * mdev_set_iommu_device() - name the device whose IOMMU isolates an mdev
 * @dev: the device of the mdev
 * @iommu_device: a device with an IOMMU domain, or NULL; no reference is taken
 *
 * Context: any.
 *
 * Return: 0.
 */
int mdev_set_iommu_device(struct device *dev, struct device *iommu_device)
{
	to_mdev_device(dev)->iommu_device = iommu_device;
	return 0;
}
EXPORT_SYMBOL(mdev_set_iommu_device);

/**
 * mdev_get_iommu_device() - what mdev_set_iommu_device() was given
 * @dev: the device of the mdev
 *
 * Context: any.
 *
 * Return: the device, or NULL.
 */
struct device *mdev_get_iommu_device(struct device *dev)
{
	return to_mdev_device(dev)->iommu_device;
}
EXPORT_SYMBOL(mdev_get_iommu_device);

static int __init mdev_init(void)
{
	int ret;

	mdev_compat_class = class_compat_register("mdev_bus");
	if (!mdev_compat_class)
		return -ENOMEM;

	ret = mdev_bus_register();
	if (ret)
		class_compat_unregister(mdev_compat_class);
	return ret;
}

static void __exit mdev_exit(void)
{
	mdev_bus_unregister();
	class_compat_unregister(mdev_compat_class);
}

module_init(mdev_init)
module_exit(mdev_exit)

MODULE_DESCRIPTION("Mediated device framework");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("post: vfio_mdev");
