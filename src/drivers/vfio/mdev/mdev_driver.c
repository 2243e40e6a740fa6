// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mdev bus: which driver serves which mediated device.
 *
 * Drivers are matched by class id. While a driver is bound, the mdev is in an
 * IOMMU group of its own. A notifier makes the links of an mdev before its ADD
 * uevent is sent. Probe and remove are callbacks of each driver rather
 * than of the bus, because the type of the latter's remove has changed.
 */

#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/iommu.h>
#include <linux/mdev.h>
#include <linux/notifier.h>

#include "mdev_private.h"

static int mdev_attach_iommu(struct device *dev)
{
	struct iommu_group *group;
	int ret;

	group = iommu_group_alloc();
	if (IS_ERR(group))
		return PTR_ERR(group);

	ret = iommu_group_add_device(group, dev);
	if (!ret)
		dev_info(dev, "MDEV: group_id = %d\n", iommu_group_id(group));

	/* The device holds the group from here on. */
	iommu_group_put(group);
	return ret;
}

static void mdev_detach_iommu(struct device *dev)
{
	iommu_group_remove_device(dev);
	dev_info(dev, "MDEV: detaching iommu\n");
}

static int mdev_probe(struct device *dev)
{
	struct mdev_driver *drv = to_mdev_driver(dev->driver);
	int ret;

	ret = mdev_attach_iommu(dev);
	if (ret)
		return ret;

	if (drv->probe) {
		ret = drv->probe(dev);
		if (ret)
			mdev_detach_iommu(dev);
	}
	return ret;
}

static int mdev_remove(struct device *dev)
{
	struct mdev_driver *drv = to_mdev_driver(dev->driver);

	if (drv->remove)
		drv->remove(dev);

	mdev_detach_iommu(dev);
	return 0;
}

static int mdev_match(struct device *dev, mdev_match_driver drv)
{
	const struct mdev_class_id *ids = to_mdev_driver(drv)->id_table;

	if (!ids)
		return 0;

	for (; ids->id; ids++) {
		if (ids->id == to_mdev_device(dev)->class_id)
			return 1;
	}
	return 0;
}

static int mdev_uevent(mdev_uevent_device dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "MODALIAS=mdev:c%02X",
			      to_mdev_device(dev)->class_id);
}

struct bus_type mdev_bus_type = {
	.name = "mdev",
	.match = mdev_match,
	.uevent = mdev_uevent,
};
EXPORT_SYMBOL_GPL(mdev_bus_type);

/**
 * mdev_register_driver() - add a driver to the mdev bus
 * @drv: the driver; must stay until mdev_unregister_driver()
 * @owner: its module
 *
 * Context: may sleep; probes mdevs that match.
 *
 * Return: 0, or the error of driver_register().
 */
int mdev_register_driver(struct mdev_driver *drv, struct module *owner)
{
	drv->driver.name = drv->name;
	drv->driver.bus = &mdev_bus_type;
	drv->driver.owner = owner;
	drv->driver.probe = mdev_probe;
	drv->driver.remove = mdev_remove;

	return driver_register(&drv->driver);
}
EXPORT_SYMBOL(mdev_register_driver);

/**
 * mdev_unregister_driver() - undo mdev_register_driver()
 * @drv: the driver
 *
 * Context: may sleep; unbinds all mdevs of @drv.
 */
void mdev_unregister_driver(struct mdev_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL(mdev_unregister_driver);

/*
 * Between the two events an mdev and its type are linked with each other: before
 * ADD is sent, and until the driver is unbound. An error cannot be returned here:
 * mdev_device_publish() looks for it.
 */
static int mdev_bus_notify(struct notifier_block *nb, unsigned long event,
			   void *data)
{
	struct mdev_device *mdev = to_mdev_device(data);

	switch (event) {
	case BUS_NOTIFY_ADD_DEVICE:
		mdev->link_error = mdev_create_links(mdev);
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		mdev_remove_links(mdev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block mdev_bus_notifier = {
	.notifier_call = mdev_bus_notify,
};

/* What this registers goes with the bus. */
int mdev_bus_register(void)
{
	int ret;

	ret = bus_register(&mdev_bus_type);
	if (ret)
		return ret;

	/* Fails only for a notifier that is there already. */
	bus_register_notifier(&mdev_bus_type, &mdev_bus_notifier);
	return 0;
}
