// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of the mdev core: types below a parent, and those of an mdev.
 *
 * A type is a kobject of its own in the parent's kset. It knows its parent
 * before its directory appears, so a file may be read while the others are
 * still being made. The file "remove" comes with the mdev's device type, and
 * the links between an mdev and its type come from a notifier of the bus: all of
 * it is there before anybody is told of the device.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mdev.h>
#include <linux/slab.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "mdev_private.h"

#define to_mdev_type(_kobj) container_of(_kobj, struct mdev_type, kobj)
#define to_mdev_type_attr(_attr) \
	container_of(_attr, struct mdev_type_attribute, attr)

static ssize_t mdev_type_attr_show(struct kobject *kobj,
				   struct attribute *attr, char *buf)
{
	struct mdev_type_attribute *type_attr = to_mdev_type_attr(attr);

	if (!type_attr->show)
		return -EIO;
	return type_attr->show(kobj, to_mdev_type(kobj)->parent->dev, buf);
}

static ssize_t mdev_type_attr_store(struct kobject *kobj,
				    struct attribute *attr,
				    const char *buf, size_t count)
{
	struct mdev_type_attribute *type_attr = to_mdev_type_attr(attr);

	if (!type_attr->store)
		return -EIO;
	return type_attr->store(kobj, to_mdev_type(kobj)->parent->dev, buf,
				count);
}

static const struct sysfs_ops mdev_type_sysfs_ops = {
	.show = mdev_type_attr_show,
	.store = mdev_type_attr_store,
};

static void mdev_type_release(struct kobject *kobj)
{
	struct mdev_type *type = to_mdev_type(kobj);
	struct mdev_parent *parent = type->parent;

	kfree(type);
	/* The last step: it may unpin the module. */
	mdev_parent_put(parent);
}

static struct kobj_type mdev_type_ktype = {
	.sysfs_ops = &mdev_type_sysfs_ops,
	.release = mdev_type_release,
};

static ssize_t create_store(struct kobject *kobj, struct device *dev,
			    const char *buf, size_t count)
{
	guid_t uuid;
	int ret;

	if (count < UUID_STRING_LEN || count > UUID_STRING_LEN + 1)
		return -EINVAL;
	if (buf[UUID_STRING_LEN] != '\0' && buf[UUID_STRING_LEN] != '\n')
		return -EINVAL;

	ret = guid_parse(buf, &uuid);
	if (ret)
		return ret;

	ret = mdev_device_create(to_mdev_type(kobj), &uuid);
	return ret ? ret : count;
}

static MDEV_TYPE_ATTR_WO(create);

/*
 * Removes the directory with all files that are in it; the type lives on as long
 * as an mdev points to it.
 */
static void mdev_type_del(struct mdev_type *type)
{
	kobject_del(&type->kobj);
	kobject_put(&type->kobj);
}

/* sysfs refuses a group that has neither kind of attribute. */
static bool mdev_type_has_attrs(struct mdev_type *type)
{
	return type->attrs.attrs || type->attrs.bin_attrs;
}

/* A type with its directory, which is empty, and with one reference. */
static struct mdev_type *mdev_type_alloc(struct mdev_parent *parent,
					 const struct attribute_group *group)
{
	struct mdev_type *type;
	int ret;

	type = kzalloc(sizeof(*type), GFP_KERNEL);
	if (!type)
		return ERR_PTR(-ENOMEM);

	kref_get(&parent->ref);
	type->parent = parent;
	type->attrs = *group;
	type->attrs.name = NULL;
	type->kobj.kset = parent->types_kset;

	ret = kobject_init_and_add(&type->kobj, &mdev_type_ktype, NULL, "%s-%s",
				   dev_driver_string(parent->dev), group->name);
	if (ret) {
		kobject_put(&type->kobj);
		return ERR_PTR(ret);
	}
	return type;
}

static int mdev_type_add(struct mdev_parent *parent,
			 const struct attribute_group *group)
{
	struct mdev_type *type;
	int ret;

	if (!group->name)
		return -EINVAL;

	type = mdev_type_alloc(parent, group);
	if (IS_ERR(type))
		return PTR_ERR(type);

	ret = sysfs_create_file(&type->kobj, &mdev_type_attr_create.attr);
	if (ret)
		goto del_type;

	type->devices_kobj = kobject_create_and_add("devices", &type->kobj);
	if (!type->devices_kobj) {
		ret = -ENOMEM;
		goto del_type;
	}

	if (mdev_type_has_attrs(type)) {
		ret = sysfs_create_group(&type->kobj, &type->attrs);
		if (ret)
			goto put_devices;
	}

	list_add_tail(&type->next, &parent->types);
	return 0;

put_devices:
	kobject_put(type->devices_kobj);
del_type:
	mdev_type_del(type);
	return ret;
}

static void mdev_type_remove(struct mdev_type *type)
{
	list_del(&type->next);
	kobject_put(type->devices_kobj);
	mdev_type_del(type);
}

static void mdev_parent_remove_types(struct mdev_parent *parent)
{
	while (!list_empty(&parent->types))
		mdev_type_remove(list_last_entry(&parent->types,
						 struct mdev_type, next));
}

static int mdev_parent_add_types(struct mdev_parent *parent)
{
	struct attribute_group **group;
	int ret;

	for (group = parent->ops->supported_type_groups; *group; group++) {
		ret = mdev_type_add(parent, *group);
		if (ret) {
			mdev_parent_remove_types(parent);
			return ret;
		}
	}
	return 0;
}

/**
 * mdev_parent_create_sysfs() - make all files of a parent
 * @parent: a parent that is not live yet
 *
 * Return: 0, or an error with nothing left behind.
 */
int mdev_parent_create_sysfs(struct mdev_parent *parent)
{
	struct kobject *kobj = &parent->dev->kobj;
	int ret;

	parent->types_kset = kset_create_and_add("mdev_supported_types", NULL,
						 kobj);
	if (!parent->types_kset)
		return -ENOMEM;

	ret = sysfs_create_groups(kobj, parent->ops->dev_attr_groups);
	if (ret)
		goto unregister_kset;

	ret = mdev_parent_add_types(parent);
	if (ret)
		goto remove_groups;

	return 0;

remove_groups:
	sysfs_remove_groups(kobj, parent->ops->dev_attr_groups);
unregister_kset:
	kset_unregister(parent->types_kset);
	return ret;
}

/**
 * mdev_parent_remove_sysfs() - undo mdev_parent_create_sysfs()
 * @parent: a parent without mdevs
 *
 * Waits for callbacks of the files that are running.
 */
void mdev_parent_remove_sysfs(struct mdev_parent *parent)
{
	mdev_parent_remove_types(parent);
	sysfs_remove_groups(&parent->dev->kobj, parent->ops->dev_attr_groups);
	kset_unregister(parent->types_kset);
}

static ssize_t remove_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	unsigned long val;
	int ret;

	if (kstrtoul(buf, 0, &val))
		return -EINVAL;
	if (!val)
		return count;

	ret = mdev_device_remove(to_mdev_device(dev));
	return ret ? ret : count;
}

static DEVICE_ATTR_WO(remove);

static struct attribute *mdev_device_attrs[] = {
	&dev_attr_remove.attr,
	NULL,
};

static const struct attribute_group mdev_device_group = {
	.attrs = mdev_device_attrs,
};

static const struct attribute_group *mdev_device_groups[] = {
	&mdev_device_group,
	NULL,
};

const struct device_type mdev_device_type = {
	.groups = mdev_device_groups,
};

/**
 * mdev_remove_file_self() - remove the file "remove" from its own store
 * @mdev: the mdev, with a reference that does not depend on the file
 *
 * Return: true for the one task that shall remove the mdev; false for others,
 * after that task has left the store.
 */
bool mdev_remove_file_self(struct mdev_device *mdev)
{
	return device_remove_file_self(&mdev->dev, &dev_attr_remove);
}

/**
 * mdev_create_links() - link an mdev and its type with each other
 * @mdev: an mdev that is being added, whose directory is there
 *
 * Return: 0, or an error; mdev_remove_links() undoes what there is then.
 */
int mdev_create_links(struct mdev_device *mdev)
{
	struct kobject *kobj = &mdev->dev.kobj;
	struct mdev_type *type = mdev->type;
	int ret;

	ret = sysfs_create_link(type->devices_kobj, kobj, dev_name(&mdev->dev));
	if (ret)
		return ret;

	return sysfs_create_link(kobj, &type->kobj, "mdev_type");
}

/**
 * mdev_remove_links() - undo mdev_create_links()
 * @mdev: an mdev that is being deleted, whose directory is still there; links
 *	may be missing
 */
void mdev_remove_links(struct mdev_device *mdev)
{
	sysfs_remove_link(&mdev->dev.kobj, "mdev_type");
	sysfs_remove_link(mdev->type->devices_kobj, dev_name(&mdev->dev));
}
