// SPDX-License-Identifier: GPL-2.0-only
/*
 * IOMMU groups: /sys/kernel/iommu_groups/<n> with devices/, name (once one
 * is set), reserved_regions and type, and a link iommu_group in each device.
 *
 * The last reference on a group is on its directory devices/, which in turn
 * holds the group: iommu_group_get() and _put() count that directory, so the
 * group shows in sysfs exactly as long as somebody holds it. Every device in
 * it holds one, and so does who allocated it.
 *
 * Left out: domains and everything that needs an IOMMU. There is none, so no
 * group has a default domain: its type is "unknown" and cannot be changed,
 * and no region is reserved.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/init.h>
#include <linux/iommu.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"

struct iommu_group {
	struct kobject kobj;
	struct kobject *devices_kobj;
	struct list_head devices;	/* group_device.list */
	struct mutex mutex;		/* guards devices */
	void *iommu_data;
	void (*iommu_data_release)(void *iommu_data);
	char *name;
	int id;
};

struct group_device {
	struct list_head list;
	struct device *dev;
	char *name;			/* of its link in devices/ */
};

struct iommu_group_attribute {
	struct attribute attr;
	ssize_t (*show)(struct iommu_group *group, char *buf);
	ssize_t (*store)(struct iommu_group *group, const char *buf,
			 size_t count);
};

#define IOMMU_GROUP_ATTR(_name, _mode, _show, _store)			\
	static struct iommu_group_attribute iommu_group_attr_##_name =	\
		__ATTR(_name, _mode, _show, _store)

#define to_iommu_group_attr(_attr) \
	container_of(_attr, struct iommu_group_attribute, attr)
#define to_iommu_group(_kobj) container_of(_kobj, struct iommu_group, kobj)

/* /sys/kernel/iommu_groups */
static struct kset *iommu_group_kset;
static DEFINE_IDA(iommu_group_ida);

/* ---- files ----------------------------------------------------------------------- */

static ssize_t iommu_group_attr_show(struct kobject *kobj,
				     struct attribute *attr, char *buf)
{
	struct iommu_group_attribute *ga = to_iommu_group_attr(attr);

	return ga->show ? ga->show(to_iommu_group(kobj), buf) : -EIO;
}

static ssize_t iommu_group_attr_store(struct kobject *kobj,
				      struct attribute *attr, const char *buf,
				      size_t count)
{
	struct iommu_group_attribute *ga = to_iommu_group_attr(attr);

	return ga->store ? ga->store(to_iommu_group(kobj), buf, count) : -EIO;
}

static const struct sysfs_ops iommu_group_sysfs_ops = {
	.show	= iommu_group_attr_show,
	.store	= iommu_group_attr_store,
};

static ssize_t iommu_group_show_name(struct iommu_group *group, char *buf)
{
	return sysfs_emit(buf, "%s\n", group->name);
}
IOMMU_GROUP_ATTR(name, 0444, iommu_group_show_name, NULL);

static ssize_t iommu_group_show_resv_regions(struct iommu_group *group,
					     char *buf)
{
	return 0;
}
IOMMU_GROUP_ATTR(reserved_regions, 0444, iommu_group_show_resv_regions, NULL);

static ssize_t iommu_group_show_type(struct iommu_group *group, char *buf)
{
	return sysfs_emit(buf, "unknown\n");
}

static ssize_t iommu_group_store_type(struct iommu_group *group,
				      const char *buf, size_t count)
{
	return -EINVAL;
}
IOMMU_GROUP_ATTR(type, 0644, iommu_group_show_type, iommu_group_store_type);

/* ---- life ------------------------------------------------------------------------- */

/* For reports, a group is its list of devices: its two kobjects have holders of their own. */
static void describe_group(const void *obj, char *buf, size_t size)
{
	scnprintf(buf, size, "%d", container_of(obj, struct iommu_group, devices)->id);
}

static void iommu_group_release(struct kobject *kobj)
{
	struct iommu_group *group = to_iommu_group(kobj);

	um_object_freed(&group->devices);
	if (group->iommu_data_release)
		group->iommu_data_release(group->iommu_data);
	ida_free(&iommu_group_ida, group->id);
	kfree(group->name);
	kfree(group);
}

static const struct kobj_type iommu_group_ktype = {
	.sysfs_ops	= &iommu_group_sysfs_ops,
	.release	= iommu_group_release,
};

/**
 * iommu_group_alloc() - a new group, with the lowest number that is free
 *
 * Context: may sleep.
 * Return: the group with a reference for the caller, or ERR_PTR(): -ENOMEM,
 * -ENOSPC.
 */
struct iommu_group *iommu_group_alloc(void)
{
	struct iommu_group *group;
	int ret;

	group = kzalloc(sizeof(*group), GFP_KERNEL);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->kobj.kset = iommu_group_kset;
	mutex_init(&group->mutex);
	INIT_LIST_HEAD(&group->devices);

	ret = ida_alloc(&iommu_group_ida, GFP_KERNEL);
	if (ret < 0) {
		kfree(group);
		return ERR_PTR(ret);
	}
	group->id = ret;

	ret = kobject_init_and_add(&group->kobj, &iommu_group_ktype, NULL,
				   "%d", group->id);
	if (ret)
		goto err_group;
	um_object_kind(&group->kobj, "IOMMU group directory");

	group->devices_kobj = kobject_create_and_add("devices", &group->kobj);
	if (!group->devices_kobj) {
		ret = -ENOMEM;
		goto err_group;
	}
	/* from here on devices/ holds the group, and we hold devices/ */
	kobject_put(&group->kobj);

	ret = sysfs_create_file(&group->kobj,
				&iommu_group_attr_reserved_regions.attr);
	if (ret)
		goto err_devices;
	ret = sysfs_create_file(&group->kobj, &iommu_group_attr_type.attr);
	if (ret)
		goto err_devices;

	um_object_kind(group->devices_kobj, "IOMMU group directory");
	um_object_new(&group->devices, "IOMMU group", describe_group);
	return group;

err_devices:
	kobject_put(group->devices_kobj);
	return ERR_PTR(ret);
err_group:
	kobject_put(&group->kobj);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(iommu_group_alloc);

/**
 * iommu_group_get() - the group of a device
 * @dev: the device, which does not leave its group meanwhile
 *
 * Return: the group with a reference for the caller, or NULL.
 */
struct iommu_group *iommu_group_get(struct device *dev)
{
	return dev->iommu_group ? iommu_group_ref_get(dev->iommu_group) : NULL;
}
EXPORT_SYMBOL_GPL(iommu_group_get);

/**
 * iommu_group_ref_get() - one more reference on a group
 * @group: one of whose references is held already
 *
 * Return: @group.
 */
struct iommu_group *iommu_group_ref_get(struct iommu_group *group)
{
	um_object_get(&group->devices);
	kobject_get(group->devices_kobj);
	return group;
}
EXPORT_SYMBOL_GPL(iommu_group_ref_get);

/**
 * iommu_group_put() - give a reference back
 * @group: the group; NULL does nothing
 *
 * The last one takes the group out of sysfs, calls what
 * iommu_group_set_iommudata() was given, and frees the group.
 *
 * Context: may sleep with the last reference; otherwise any.
 */
void iommu_group_put(struct iommu_group *group)
{
	if (!group)
		return;
	/* first: it knows a group that is gone, without touching it */
	um_object_put(&group->devices);
	kobject_put(group->devices_kobj);
}
EXPORT_SYMBOL_GPL(iommu_group_put);

/**
 * iommu_group_id() - a group's number, which is its name in sysfs
 * @group: the group
 *
 * Return: the number.
 */
int iommu_group_id(struct iommu_group *group)
{
	return group->id;
}
EXPORT_SYMBOL_GPL(iommu_group_id);

/**
 * iommu_group_get_iommudata() - what iommu_group_set_iommudata() set
 * @group: the group
 *
 * Return: the data; NULL at first.
 */
void *iommu_group_get_iommudata(struct iommu_group *group)
{
	return group->iommu_data;
}
EXPORT_SYMBOL_GPL(iommu_group_get_iommudata);

/**
 * iommu_group_set_iommudata() - hang data of a driver's on a group
 * @group:      the group
 * @iommu_data: the data; what was there before is forgotten, not released
 * @release:    called with it when the group is freed, or NULL
 *
 * Context: the caller sees to it that nobody else sets it meanwhile.
 */
void iommu_group_set_iommudata(struct iommu_group *group, void *iommu_data,
			       void (*release)(void *iommu_data))
{
	group->iommu_data = iommu_data;
	group->iommu_data_release = release;
}
EXPORT_SYMBOL_GPL(iommu_group_set_iommudata);

/**
 * iommu_group_set_name() - name a group, which makes its file name
 * @group: the group; the caller sees to it that nobody else names it meanwhile
 * @name:  copied; NULL takes the name away, from a group that has one
 *
 * Context: may sleep; waits for readers of the old name.
 * Return: 0, -ENOMEM (also for NULL when there was no name, as in Linux), or
 * what making the file gave, with no name left.
 */
int iommu_group_set_name(struct iommu_group *group, const char *name)
{
	int err;

	if (group->name) {
		sysfs_remove_file(&group->kobj, &iommu_group_attr_name.attr);
		kfree(group->name);
		group->name = NULL;
		if (!name)
			return 0;
	}

	group->name = kstrdup(name, GFP_KERNEL);
	if (!group->name)
		return -ENOMEM;

	err = sysfs_create_file(&group->kobj, &iommu_group_attr_name.attr);
	if (err) {
		kfree(group->name);
		group->name = NULL;
	}
	return err;
}
EXPORT_SYMBOL_GPL(iommu_group_set_name);

/* ---- devices ------------------------------------------------------------------------ */

/*
 * The link in devices/. Devices of different buses may have one name: the
 * second gets <name>.0 and so on.
 */
static int group_device_link(struct iommu_group *group,
			     struct group_device *device)
{
	struct kobject *kobj = &device->dev->kobj;
	int err, i = 0;

	device->name = kasprintf(GFP_KERNEL, "%s", kobject_name(kobj));
	for (;;) {
		if (!device->name)
			return -ENOMEM;

		err = sysfs_create_link_nowarn(group->devices_kobj, kobj,
					       device->name);
		if (!err)
			return 0;

		kfree(device->name);
		if (err != -EEXIST)
			return err;
		device->name = kasprintf(GFP_KERNEL, "%s.%d",
					 kobject_name(kobj), i++);
	}
}

/**
 * iommu_group_add_device() - put a device into a group
 * @group: the device takes a reference of its own
 * @dev:   in sysfs, in no group
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, -EEXIST when it is in a group.
 */
int iommu_group_add_device(struct iommu_group *group, struct device *dev)
{
	struct group_device *device;
	int err;

	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device->dev = dev;

	err = sysfs_create_link(&dev->kobj, &group->kobj, "iommu_group");
	if (err)
		goto err_device;
	err = group_device_link(group, device);
	if (err)
		goto err_link;

	iommu_group_ref_get(group);
	dev->iommu_group = group;

	mutex_lock(&group->mutex);
	list_add_tail(&device->list, &group->devices);
	mutex_unlock(&group->mutex);

	dev_info(dev, "Adding to iommu group %d\n", group->id);
	return 0;

err_link:
	sysfs_remove_link(&dev->kobj, "iommu_group");
err_device:
	kfree(device);
	dev_err(dev, "Failed to add to iommu group %d: %d\n", group->id, err);
	return err;
}
EXPORT_SYMBOL_GPL(iommu_group_add_device);

static struct group_device *group_take_device(struct iommu_group *group,
					      struct device *dev)
{
	struct group_device *device, *found = NULL;

	mutex_lock(&group->mutex);
	list_for_each_entry(device, &group->devices, list) {
		if (device->dev == dev) {
			list_del(&device->list);
			found = device;
			break;
		}
	}
	mutex_unlock(&group->mutex);

	return found;
}

/**
 * iommu_group_remove_device() - undo iommu_group_add_device()
 * @dev: the device, whose reference on the group goes; nothing happens when
 *	it is in none
 *
 * Context: may sleep.
 */
void iommu_group_remove_device(struct device *dev)
{
	struct iommu_group *group = dev->iommu_group;
	struct group_device *device;

	if (!group)
		return;
	dev_info(dev, "Removing from iommu group %d\n", group->id);

	device = group_take_device(group, dev);
	if (!device)
		return;

	sysfs_remove_link(group->devices_kobj, device->name);
	sysfs_remove_link(&dev->kobj, "iommu_group");
	kfree(device->name);
	kfree(device);
	dev->iommu_group = NULL;
	iommu_group_put(group);
}
EXPORT_SYMBOL_GPL(iommu_group_remove_device);

/**
 * iommu_group_for_each_dev() - call a function for each device of a group
 * @group: the group
 * @data:  passed on
 * @fn:    must not add or remove devices of the group; non-zero ends the walk
 *
 * Context: may sleep; @fn is called with the group's mutex held.
 * Return: what the last call gave, or 0.
 */
int iommu_group_for_each_dev(struct iommu_group *group, void *data,
			     int (*fn)(struct device *, void *))
{
	struct group_device *device;
	int ret = 0;

	mutex_lock(&group->mutex);
	list_for_each_entry(device, &group->devices, list) {
		ret = fn(device->dev, data);
		if (ret)
			break;
	}
	mutex_unlock(&group->mutex);

	return ret;
}
EXPORT_SYMBOL_GPL(iommu_group_for_each_dev);

/* The directory stays for ever. */
static int iommu_init(void)
{
	iommu_group_kset = kset_create_and_add("iommu_groups", NULL,
					       kernel_kobj);
	if (!iommu_group_kset)
		return -ENOMEM;
	um_object_permanent(&iommu_group_kset->kobj);
	return 0;
}
subsys_initcall(iommu_init);
