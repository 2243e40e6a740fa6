// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side of the driver core's fault sweeps, see base_faults_kern.h.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/iommu.h>
#include <linux/kdev_t.h>
#include <linux/module.h>

#include "base_faults_kern.h"

#define BF_MAJOR	230

static struct bus_type bf_bus = { .name = "bfbus" };

int bf_sweep_bus(void)
{
	int err = bus_register(&bf_bus);

	if (!err)
		bus_unregister(&bf_bus);
	return err;
}

int bf_sweep_class(void)
{
	struct class *class = class_create(THIS_MODULE, "bfsweep");
	struct device *dev;
	int err = 0;

	if (IS_ERR(class))
		return PTR_ERR(class);
	dev = device_create(class, NULL, MKDEV(BF_MAJOR, 5), NULL, "a!b");
	if (IS_ERR(dev))
		err = PTR_ERR(dev);
	else
		device_unregister(dev);
	class_destroy(class);
	return err;
}

int bf_sweep_iommu(void)
{
	struct device *dev = root_device_register("bfscratch");
	struct iommu_group *group;
	int err;

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	group = iommu_group_alloc();
	err = PTR_ERR_OR_ZERO(group);
	if (!err) {
		err = iommu_group_set_name(group, "sweep");
		if (!err)
			err = iommu_group_add_device(group, dev);
		if (!err)
			iommu_group_remove_device(dev);
		iommu_group_put(group);
	}
	root_device_unregister(dev);
	return err;
}
