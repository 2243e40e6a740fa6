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
 *
 * Unregistering a parent does not wait for those who hold an mdev that it
 * removes: they may wait for the one who unregisters, as device_shutdown() does,
 * which holds children and takes their parent's lock. So the vendor's module,
 * with the parent device and its release, may go while a removed mdev stays.
 * Nothing that is left of the mdev then leads to anything of the vendor's.
 *
 * The module of the core is pinned by each mdev, by way of type and parent, until
 * the mdev is released. No module can guard the way out of its own code by a
 * reference of its own: who drops the last one is still inside. So a last
 * reference is dropped by the last step of a function, nothing sleeps on the way
 * out, and mdev_exit() waits until all who were on it have left.
 */

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/mdev_virtio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "mdev_private.h"

static const struct rhashtable_params mdev_table_params = {
	.key_len = sizeof(guid_t),
	.key_offset = offsetof(struct mdev_device, uuid),
	.head_offset = offsetof(struct mdev_device, node),
	.automatic_shrinking = true,
};

static struct rhashtable mdev_table;

static LIST_HEAD(mdev_parents);
static DEFINE_MUTEX(mdev_parents_lock);

static struct class_compat *mdev_compat_class;

/* The parent of @dev, if it has one. */
static struct mdev_parent *mdev_parent_find(struct device *dev)
{
	struct mdev_parent *parent;

	lockdep_assert_held(&mdev_parents_lock);
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
	 * An mdev that somebody holds stays, with its type and parent, when
	 * the vendor's module, which needs this one, has gone. Their release
	 * functions are here.
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
	/* Pairs with mdev_parent_is_live(): the types are complete. */
	smp_store_release(&parent->state, MDEV_PARENT_LIVE);
}

static bool mdev_parent_is_live(struct mdev_parent *parent)
{
	/* Pairs with mdev_parent_set_live(). */
	return smp_load_acquire(&parent->state) == MDEV_PARENT_LIVE;
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
	if (parent && mdev_parent_is_live(parent)) {
		/* Only the value matters to mdev_parent_is_live() here. */
		WRITE_ONCE(parent->state, MDEV_PARENT_LEAVING);
	} else {
		parent = NULL;
	}
	mutex_unlock(&mdev_parents_lock);
	return parent;
}

/*
 * Keeps the unregistration of @parent out until mdev_parent_leave(), or finds
 * that it has begun. Never waits.
 */
static int mdev_parent_enter(struct mdev_parent *parent)
{
	if (!down_read_trylock(&parent->unreg_sem))
		return -ENODEV;
	if (mdev_parent_is_live(parent))
		return 0;
	up_read(&parent->unreg_sem);
	return -ENODEV;
}

static void mdev_parent_leave(struct mdev_parent *parent)
{
	up_read(&parent->unreg_sem);
}

static void mdev_device_release(struct device *dev)
{
	struct mdev_device *mdev = to_mdev_device(dev);
	struct mdev_type *type = mdev->type;

	/* One whose UUID was taken is not found, which is as well. */
	rhashtable_remove_fast(&mdev_table, &mdev->node, mdev_table_params);

	/*
	 * Without a grace period: nobody looks at what is in the table but who
	 * changes it, with the lock held that the removal has taken.
	 */
	kfree(mdev);

	/* The last step: it may unpin the module. */
	kobject_put(&type->kobj);
}

/* Enters @mdev into the table, or finds its UUID taken. */
static int mdev_claim_uuid(struct mdev_device *mdev)
{
	int ret;

	ret = rhashtable_lookup_insert_fast(&mdev_table, &mdev->node,
					    mdev_table_params);
	/*
	 * -E2BIG and -EBUSY would tell the user of something else: they, too,
	 * mean that the table cannot have the room for one more now.
	 */
	if (ret && ret != -EEXIST)
		ret = -ENOMEM;
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
	mdev->parent_dev = type->parent->dev;
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

/*
 * The vendor has let go of @mdev, and all that is the vendor's may go: whoever
 * holds @mdev finds nothing of it any more.
 */
static void mdev_vendor_forget(struct mdev_device *mdev)
{
	WRITE_ONCE(mdev->parent_dev, NULL);
	WRITE_ONCE(mdev->class_ops, NULL);
	WRITE_ONCE(mdev->driver_data, NULL);
	WRITE_ONCE(mdev->iommu_device, NULL);
}

static void mdev_vendor_remove(struct mdev_device *mdev)
{
	struct mdev_parent *parent = mdev->type->parent;
	int ret;

	lockdep_assert_held(&parent->unreg_sem);

	ret = parent->ops->remove(mdev);
	if (ret)
		dev_err(&mdev->dev, "Remove failed: err=%d\n", ret);
	mdev_vendor_forget(mdev);
}

static int mdev_vendor_create(struct mdev_device *mdev)
{
	struct mdev_parent *parent = mdev->type->parent;
	int ret;

	lockdep_assert_held_read(&parent->unreg_sem);

	ret = parent->ops->create(&mdev->type->kobj, mdev);
	if (ret > 0) {
		dev_warn(parent->dev,
			 "create() of %s returned %d, taken as an error\n",
			 dev_name(&mdev->dev), ret);
		ret = -EINVAL;
	}
	if (ret) {
		mdev_vendor_forget(mdev);
		return ret;
	}

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

	/* The notifier that makes the links cannot fail the addition. */
	if (mdev->link_error)
		device_del(&mdev->dev);
	return mdev->link_error;
}

/* The end of an active mdev; drops the reference of the creation. */
static void mdev_device_destroy(struct mdev_device *mdev)
{
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
	struct mdev_device *mdev;
	int ret;

	mdev = mdev_device_alloc(type, uuid);
	if (IS_ERR(mdev))
		return PTR_ERR(mdev);

	ret = mdev_parent_enter(type->parent);
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
	/* Pairs with mdev_device_remove(): the device is whole. */
	smp_store_release(&mdev->active, true);
	dev_dbg(&mdev->dev, "MDEV: created\n");
	goto leave_parent;

vendor_remove:
	mdev_vendor_remove(mdev);
leave_parent:
	mdev_parent_leave(mdev->type->parent);
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
	int ret;

	ret = mdev_parent_enter(mdev->type->parent);
	if (ret)
		return ret;

	/*
	 * While the store's active reference is broken nothing else keeps the
	 * mdev, and with it parent and module, from being freed by the task
	 * that removes it. An unregistration does not wait for this store any
	 * more once unreg_sem is left.
	 */
	get_device(&mdev->dev);

	/* Pairs with mdev_device_create(). */
	if (!smp_load_acquire(&mdev->active))
		ret = -EAGAIN;
	else if (mdev_remove_file_self(mdev))
		mdev_device_destroy(mdev);

	mdev_parent_leave(mdev->type->parent);
	put_device(&mdev->dev);
	return ret;
}

/* Called for each child of an unregistering parent; others' are left alone. */
static int mdev_remove_child(struct device *dev, void *unused)
{
	struct mdev_device *mdev = mdev_from_dev(dev);

	if (mdev)
		mdev_device_destroy(mdev);
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
 * The core holds a reference on @dev until it is unregistered. create() may be
 * called before this function returns.
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
 * of @dev. After the return no callback of the vendor runs, and the core has
 * let go of @dev and of all that the vendor gave it, also if somebody still
 * holds one of the mdevs.
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
	mdev_parent_announce(dev, "MDEV_STATE=unregistered");
	mdev_parent_end(parent);
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
	return READ_ONCE(mdev->class_ops);
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
 * Return: the ops; NULL if there are none, or @mdev was removed; NULL with a
 * warning if @mdev is of another class.
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
 * Return: the ops; NULL if there are none, or @mdev was removed; NULL with a
 * warning if @mdev is of another class.
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
 * Return: what mdev_set_drvdata() was given last, NULL at first and after the
 * removal.
 */
void *mdev_get_drvdata(struct mdev_device *mdev)
{
	return READ_ONCE(mdev->driver_data);
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
 * Return: the device, without a reference; NULL if @mdev was removed. It is there
 * in the vendor's callbacks for @mdev, and for a driver as long as it is bound.
 * Who merely holds @mdev must keep it from being removed by other means.
 */
struct device *mdev_parent_dev(struct mdev_device *mdev)
{
	return READ_ONCE(mdev->parent_dev);
}
EXPORT_SYMBOL(mdev_parent_dev);

/**
 * mdev_dev() - the struct device of an mdev
 * @mdev: the mdev
 *
 * Context: any.
 *
 * Return: the device; get_device() on it pins @mdev. The last put_device() may
 * come in any context but with interrupts disabled.
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
 * Return: the device, or NULL; NULL after the removal.
 */
struct device *mdev_get_iommu_device(struct device *dev)
{
	return READ_ONCE(to_mdev_device(dev)->iommu_device);
}
EXPORT_SYMBOL(mdev_get_iommu_device);

static int __init mdev_init(void)
{
	int ret;

	ret = rhashtable_init(&mdev_table, &mdev_table_params);
	if (ret)
		return ret;

	mdev_compat_class = class_compat_register("mdev_bus");
	if (!mdev_compat_class) {
		ret = -ENOMEM;
		goto destroy_table;
	}

	ret = mdev_bus_register();
	if (ret)
		goto unregister_class;

	return 0;

unregister_class:
	class_compat_unregister(mdev_compat_class);
destroy_table:
	rhashtable_destroy(&mdev_table);
	return ret;
}

static void __exit mdev_exit(void)
{
	bus_unregister(&mdev_bus_type);
	class_compat_unregister(mdev_compat_class);
	rhashtable_destroy(&mdev_table);

	/*
	 * Those who dropped the last reference on this module may still be on
	 * their way out of it. They do not sleep any more.
	 */
	synchronize_rcu_tasks();
}

module_init(mdev_init)
module_exit(mdev_exit)

MODULE_DESCRIPTION("Mediated device framework");
MODULE_AUTHOR("Mediated device framework contributors");
MODULE_LICENSE("GPL");
/* That of the interface: 0.1 is the one without classes. */
MODULE_VERSION("0.2");
MODULE_SOFTDEP("post: vfio_mdev");
