/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parent drivers of the tests on a framework from 6.1 on, where a parent brings
 * the one driver that serves its mdevs: create() is called by that driver's
 * probe, remove() by its remove. What the caller has to keep there, the parent
 * and its types, is made by each registration and freed after it, as vendors
 * do; who holds an mdev longer than that meets what is gone.
 *
 * The framework keeps no list of parents, has no groups for them and makes the
 * attributes of types itself: those members of the table are not looked at.
 */
#ifndef MDEV_VENDOR_MDEV_DRIVER_H
#define MDEV_VENDOR_MDEV_DRIVER_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

struct mdev_parent_ops {
	struct module *owner;
	const struct attribute_group **dev_attr_groups;
	const struct attribute_group **mdev_attr_groups;
	struct attribute_group **supported_type_groups;
	int (*create)(struct kobject *kobj, struct mdev_device *mdev);
	int (*remove)(struct mdev_device *mdev);
};

struct mdev_type_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct device *dev, char *buf);
	ssize_t (*store)(struct kobject *kobj, struct device *dev, const char *buf, size_t count);
};

#define MDEV_TYPE_ATTR_RW(_name) \
	struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RW(_name)
#define MDEV_TYPE_ATTR_RO(_name) \
	struct mdev_type_attribute mdev_type_attr_##_name = __ATTR_RO(_name)

/* What create() leaves with its mdev: the driver's data. */
struct vendor_driver_data {
	void *data;
	/* how the mdev is given to its users, and taken back; NULL without */
	int (*serve)(struct mdev_device *mdev);
	void (*withdraw)(struct mdev_device *mdev);
	const void *ops;
};

/* ---- an mdev ----------------------------------------------------------------- */

static inline struct vendor_driver_data *vendor_driver_data(struct mdev_device *mdev)
{
	return dev_get_drvdata(mdev_dev(mdev));
}

static inline void *mdev_get_drvdata(struct mdev_device *mdev)
{
	struct vendor_driver_data *of = vendor_driver_data(mdev);

	return of ? of->data : NULL;
}

static inline void mdev_set_drvdata(struct mdev_device *mdev, void *data)
{
	vendor_driver_data(mdev)->data = data;
}

/* The bus is not exported. */
static inline struct mdev_device *mdev_from_dev(struct device *dev)
{
	return dev->bus && !strcmp(dev->bus->name, "mdev") ? to_mdev_device(dev) : NULL;
}

static inline struct device *mdev_parent_dev(struct mdev_device *mdev)
{
	return mdev->type->parent->dev;
}

static inline const guid_t *mdev_uuid(struct mdev_device *mdev)
{
	return &mdev->uuid;
}

static inline void mdev_set_class(struct mdev_device *mdev, u16 id)
{
}

static inline int mdev_set_iommu_device(struct device *dev, struct device *iommu_device)
{
	return -EOPNOTSUPP;
}

static inline struct device *mdev_get_iommu_device(struct device *dev)
{
	return NULL;
}

/* ---- the driver ---------------------------------------------------------------- */

static const struct mdev_parent_ops *vendor_driver_ops;

static int vendor_driver_probe(struct mdev_device *mdev)
{
	struct vendor_driver_data *of = kzalloc(sizeof(*of), GFP_KERNEL);
	int ret;

	if (!of)
		return -ENOMEM;
	dev_set_drvdata(mdev_dev(mdev), of);
	ret = vendor_driver_ops->create(&mdev->type->kobj, mdev);
	if (ret)
		goto free_data;
	if (of->serve)
		ret = of->serve(mdev);
	if (ret)
		goto remove;
	return 0;

remove:
	vendor_driver_ops->remove(mdev);
free_data:
	dev_set_drvdata(mdev_dev(mdev), NULL);
	kfree(of);
	return ret;
}

static void vendor_driver_remove(struct mdev_device *mdev)
{
	struct vendor_driver_data *of = vendor_driver_data(mdev);

	if (of->withdraw)
		of->withdraw(mdev);
	vendor_driver_ops->remove(mdev);
	dev_set_drvdata(mdev_dev(mdev), NULL);
	kfree(of);
}

static struct mdev_driver vendor_driver = {
	.device_api = "mdev-test",
	.max_instances = 1 << 20,
	.probe = vendor_driver_probe,
	.remove = vendor_driver_remove,
	.driver = {
		.name = KBUILD_MODNAME,
		.mod_name = KBUILD_MODNAME,
	},
};

/* ---- its parents ------------------------------------------------------------------- */

struct vendor_driver_parent {
	struct list_head list;
	struct mdev_parent parent;
	struct device *dev;
	struct mdev_type *pointers[8];
	struct mdev_type types[8];
};

static LIST_HEAD(vendor_driver_parents);
static DEFINE_MUTEX(vendor_driver_lock);	/* the list, and whether the driver is there */

/* The driver is there as long as one of its parents is. */
static int vendor_driver_add(struct vendor_driver_parent *p, const struct mdev_parent_ops *ops)
{
	int ret = 0;

	mutex_lock(&vendor_driver_lock);
	if (list_empty(&vendor_driver_parents)) {
		vendor_driver_ops = ops;
		vendor_driver.driver.dev_groups = ops->mdev_attr_groups;
		vendor_driver.driver.owner = ops->owner;
		ret = mdev_register_driver(&vendor_driver);
	}
	if (!ret)
		list_add(&p->list, &vendor_driver_parents);
	mutex_unlock(&vendor_driver_lock);
	return ret;
}

static void vendor_driver_del(struct vendor_driver_parent *p)
{
	mutex_lock(&vendor_driver_lock);
	list_del(&p->list);
	if (list_empty(&vendor_driver_parents))
		mdev_unregister_driver(&vendor_driver);
	mutex_unlock(&vendor_driver_lock);
	kfree(p);
}

static int mdev_register_device(struct device *dev, const struct mdev_parent_ops *ops)
{
	struct vendor_driver_parent *p = kzalloc(sizeof(*p), GFP_KERNEL);
	unsigned int n;
	int ret;

	if (!p)
		return -ENOMEM;
	p->dev = dev;
	for (n = 0; n < ARRAY_SIZE(p->types) && ops->supported_type_groups[n]; n++) {
		p->types[n].sysfs_name = ops->supported_type_groups[n]->name;
		p->pointers[n] = &p->types[n];
	}
	ret = vendor_driver_add(p, ops);
	if (ret) {
		kfree(p);
		return ret;
	}
	ret = mdev_register_parent(&p->parent, dev, &vendor_driver, p->pointers, n);
	if (ret)
		vendor_driver_del(p);
	return ret;
}

static struct vendor_driver_parent *vendor_driver_find(struct device *dev)
{
	struct vendor_driver_parent *p, *found = NULL;

	mutex_lock(&vendor_driver_lock);
	list_for_each_entry(p, &vendor_driver_parents, list) {
		if (p->dev == dev)
			found = p;
	}
	/* who finds it unregisters it */
	if (found)
		found->dev = NULL;
	mutex_unlock(&vendor_driver_lock);
	return found;
}

static void mdev_unregister_device(struct device *dev)
{
	struct vendor_driver_parent *p = vendor_driver_find(dev);

	if (!p)
		return;
	mdev_unregister_parent(&p->parent);
	vendor_driver_del(p);
}

#endif
