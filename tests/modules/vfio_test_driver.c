// SPDX-License-Identifier: GPL-2.0-only
/*
 * An mdev driver that gives its mdevs to VFIO itself, with the op that
 * vfio_mdev does without: request. The ops pass the points "vfio_open",
 * "vfio_release" and "request" of mdev_test_control; there are no others.
 * The class is that of the type "custom" of mdev_test_vfio.
 *
 * While a device is open, the driver's files pin, unpin, notifier and add show
 * what the API of 5.4 returns for arguments that make no sense, and for some
 * that do; keep pins a page and leaves it so.
 */
#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/kernel.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sysfs.h>
#include <linux/vfio.h>

#include "mdev_test.h"

#define CUSTOM_CLASS	0x55

static struct device *opened;	/* one device at a time, in these tests */

static int test_open(void *device_data)
{
	opened = device_data;
	return mdev_test_call("vfio_open", dev_name(device_data));
}

static void test_release(void *device_data)
{
	opened = NULL;
	mdev_test_call("vfio_release", dev_name(device_data));
}

static void test_request(void *device_data, unsigned int count)
{
	mdev_test_call("request", dev_name(device_data));
}

static const struct vfio_device_ops test_ops = {
	.name = "vfio_test_driver",
	.open = test_open,
	.release = test_release,
	.request = test_request,
};

/* ---- the API of 5.4 ---------------------------------------------------- */

static ssize_t pin_show(struct device_driver *drv, char *buf)
{
	unsigned long gfn = 1, pfn;

	if (!opened)
		return -ENODEV;
	return sysfs_emit(buf, "%d %d %d %d %d %d %d %d\n",
			  vfio_pin_pages(NULL, &gfn, 1, IOMMU_READ, &pfn),
			  vfio_pin_pages(opened, NULL, 1, IOMMU_READ, &pfn),
			  vfio_pin_pages(opened, &gfn, 1, IOMMU_READ, NULL),
			  vfio_pin_pages(opened, &gfn, 0, IOMMU_READ, &pfn),
			  vfio_pin_pages(opened, &gfn, -1, IOMMU_READ, &pfn),
			  vfio_pin_pages(opened, &gfn, VFIO_PIN_PAGES_MAX_ENTRIES + 1,
					 IOMMU_READ, &pfn),
			  vfio_pin_pages(opened->parent, &gfn, 1, IOMMU_READ, &pfn),
			  vfio_pin_pages(opened, &gfn, 1, IOMMU_READ, &pfn));
}
static DRIVER_ATTR_RO(pin);

/* Of two pages the second is not mapped: the first must not stay pinned. */
static ssize_t pin_two_show(struct device_driver *drv, char *buf)
{
	unsigned long gfn[] = { 0x100, 0x101 }, pfn[2];
	int first, both;

	if (!opened)
		return -ENODEV;
	both = vfio_pin_pages(opened, gfn, 2, IOMMU_READ, pfn);
	first = vfio_pin_pages(opened, gfn, 1, IOMMU_READ, pfn);
	return sysfs_emit(buf, "%d %d %d\n", both, first,
			  first == 1 ? vfio_unpin_pages(opened, gfn, 1) : 0);
}
static DRIVER_ATTR_RO(pin_two);

/* "258" pins that page until "-258" unpins it. */
static ssize_t keep_store(struct device_driver *drv, const char *buf, size_t count)
{
	unsigned long gfn, pfn;
	long n;
	int ret;

	ret = kstrtol(buf, 0, &n);
	if (ret)
		return ret;
	if (!opened)
		return -ENODEV;
	gfn = n < 0 ? -n : n;
	ret = n < 0 ? vfio_unpin_pages(opened, &gfn, 1) :
		      vfio_pin_pages(opened, &gfn, 1, IOMMU_READ | IOMMU_WRITE, &pfn);
	return ret == 1 ? (ssize_t)count : ret;
}
static DRIVER_ATTR_WO(keep);

static ssize_t unpin_show(struct device_driver *drv, char *buf)
{
	unsigned long gfn = 1;

	if (!opened)
		return -ENODEV;
	return sysfs_emit(buf, "%d %d %d %d %d\n",
			  vfio_unpin_pages(NULL, &gfn, 1),
			  vfio_unpin_pages(opened, NULL, 1),
			  vfio_unpin_pages(opened, &gfn, 0),
			  vfio_unpin_pages(opened, &gfn, VFIO_PIN_PAGES_MAX_ENTRIES + 1),
			  vfio_unpin_pages(opened->parent, &gfn, 1));
}
static DRIVER_ATTR_RO(unpin);

static int ignore(struct notifier_block *nb, unsigned long action, void *data)
{
	return NOTIFY_DONE;
}

static int register_notifier(struct device *dev, enum vfio_notify_type type,
			     unsigned long events, struct notifier_block *nb)
{
	int ret = vfio_register_notifier(dev, type, &events, nb);

	return !ret && events ? -EIO : ret;
}

static ssize_t notifier_show(struct device_driver *drv, char *buf)
{
	static struct notifier_block nb = { .notifier_call = ignore };
	const unsigned long unmap = VFIO_IOMMU_NOTIFY_DMA_UNMAP;
	int got[10];

	if (!opened)
		return -ENODEV;
	got[0] = register_notifier(NULL, VFIO_IOMMU_NOTIFY, unmap, &nb);
	got[1] = register_notifier(opened, VFIO_IOMMU_NOTIFY, unmap, NULL);
	got[2] = register_notifier(opened, VFIO_IOMMU_NOTIFY, 0, &nb);
	got[3] = register_notifier(opened, VFIO_IOMMU_NOTIFY, unmap << 1, &nb);
	got[4] = register_notifier(opened, VFIO_GROUP_NOTIFY, unmap, &nb);
	got[5] = register_notifier(opened->parent, VFIO_IOMMU_NOTIFY, unmap, &nb);
	got[6] = vfio_unregister_notifier(opened, VFIO_IOMMU_NOTIFY, &nb);
	got[7] = register_notifier(opened, VFIO_IOMMU_NOTIFY, unmap, &nb);
	got[8] = vfio_unregister_notifier(opened, VFIO_GROUP_NOTIFY, &nb);
	got[9] = vfio_unregister_notifier(opened, VFIO_IOMMU_NOTIFY, &nb);
	return sysfs_emit(buf, "%d %d %d %d %d %d %d %d %d %d\n", got[0], got[1], got[2],
			  got[3], got[4], got[5], got[6], got[7], got[8], got[9]);
}
static DRIVER_ATTR_RO(notifier);

static ssize_t add_show(struct device_driver *drv, char *buf)
{
	static const struct vfio_device_ops no_open = { .release = test_release };
	static const struct vfio_device_ops no_release = { .open = test_open };

	if (!opened)
		return -ENODEV;
	return sysfs_emit(buf, "%d %d %d %d %d\n",
			  vfio_add_group_dev(NULL, &test_ops, NULL),
			  vfio_add_group_dev(opened, NULL, NULL),
			  vfio_add_group_dev(opened, &no_open, NULL),
			  vfio_add_group_dev(opened, &no_release, NULL),
			  vfio_add_group_dev(opened, &test_ops, opened));
}
static DRIVER_ATTR_RO(add);

/* Warns: the parent was never given to VFIO. */
static ssize_t del_show(struct device_driver *drv, char *buf)
{
	if (!opened)
		return -ENODEV;
	return sysfs_emit(buf, "%d\n", !vfio_del_group_dev(opened->parent));
}
static DRIVER_ATTR_RO(del);

static struct attribute *driver_attrs[] = {
	&driver_attr_pin.attr,
	&driver_attr_pin_two.attr,
	&driver_attr_keep.attr,
	&driver_attr_unpin.attr,
	&driver_attr_notifier.attr,
	&driver_attr_add.attr,
	&driver_attr_del.attr,
	NULL
};
ATTRIBUTE_GROUPS(driver);

/* ---- mdev driver ------------------------------------------------------- */

static int test_probe(struct device *dev)
{
	return vfio_add_group_dev(dev, &test_ops, dev);
}

static void test_remove(struct device *dev)
{
	WARN_ON(vfio_del_group_dev(dev) != dev);
}

static const struct mdev_class_id test_ids[] = { { CUSTOM_CLASS }, { 0 } };

static struct mdev_driver test_driver = {
	.name = "vfio_test_driver",
	.probe = test_probe,
	.remove = test_remove,
	.id_table = test_ids,
	.driver = { .groups = driver_groups },
};

static int __init vfio_test_driver_init(void)
{
	return mdev_register_driver(&test_driver, THIS_MODULE);
}

static void __exit vfio_test_driver_exit(void)
{
	mdev_unregister_driver(&test_driver);
}

module_init(vfio_test_driver_init);
module_exit(vfio_test_driver_exit);
MODULE_DESCRIPTION("mdev driver that has the VFIO op request");
MODULE_LICENSE("GPL v2");
