// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor of VFIO mdevs whose ops do as they are told: the parent device
 * vfio_vendor of the class mdev_test. A type for each way to have ops:
 *
 *	full		the six that are not optional
 *	other		those six, others: it reads as 'o' instead of 'f'
 *	open_only	no other op than open
 *	asking		open, release, and request
 *	empty		a table without any op
 *	bare		class VFIO, and no table
 *	custom		a class of its own, which vfio_test_driver serves
 *
 * Each op passes the point of its name in mdev_test_control and returns its
 * answer, or success. In the group "vendor" of an mdev are
 *
 *	last		the last op but open and release, with its arguments
 *	lock		written: holds the device's lock while the point "lock"
 *			is held
 *
 * The parameter owner says whether the parent ops have one. The parameter ops
 * names the type whose ops the parent has, on a framework that has ops for each
 * parent only; there all types have these.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

#include "mdev_test.h"
#include "mdev_vendor_vfio.h"

#define CUSTOM_CLASS	0x55
#define MAX_TRANSFER	64

static bool owner = true;
module_param(owner, bool, 0444);
MODULE_PARM_DESC(owner, "name this module as the owner of the parent ops");

static char *ops = "full";
module_param(ops, charp, 0444);
MODULE_PARM_DESC(ops, "type whose ops the parent has, if there are none for each mdev");

struct vendor_mdev {
	struct mutex lock;	/* guards last */
	char last[80];
};

__printf(2, 3)
static void note(struct mdev_device *mdev, const char *fmt, ...)
{
	struct vendor_mdev *vm = mdev_get_drvdata(mdev);
	va_list args;

	va_start(args, fmt);
	mutex_lock(&vm->lock);
	vsnprintf(vm->last, sizeof(vm->last), fmt, args);
	mutex_unlock(&vm->lock);
	va_end(args);
}

static int call(struct mdev_device *mdev, const char *point)
{
	return mdev_test_call(point, dev_name(mdev_dev(mdev)));
}

/* ---- ops ------------------------------------------------------------- */

static int vendor_open(struct mdev_device *mdev)
{
	return call(mdev, "open");
}

static void vendor_release(struct mdev_device *mdev)
{
	call(mdev, "release");
}

static ssize_t read_as(char c, struct mdev_device *mdev, char __user *buf, size_t count,
		       loff_t *ppos)
{
	char data[MAX_TRANSFER];
	int ret;

	note(mdev, "read %zu@%#llx", count, *ppos);
	ret = call(mdev, "read");
	if (ret)
		return ret;
	count = min_t(size_t, count, sizeof(data));
	memset(data, c, count);
	if (copy_to_user(buf, data, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static ssize_t full_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	return read_as('f', mdev, buf, count, ppos);
}

static ssize_t other_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	return read_as('o', mdev, buf, count, ppos);
}

static ssize_t vendor_write(struct mdev_device *mdev, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	char data[MAX_TRANSFER] = "";
	int ret;

	count = min_t(size_t, count, sizeof(data) - 1);
	if (copy_from_user(data, buf, count))
		return -EFAULT;
	note(mdev, "write %zu@%#llx %s", count, *ppos, data);
	ret = call(mdev, "write");
	if (ret)
		return ret;
	*ppos += count;
	return count;
}

static long vendor_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	note(mdev, "ioctl %#x %#lx", cmd, arg);
	return call(mdev, "ioctl");
}

/* Nothing is mapped: the test does not touch it. */
static int vendor_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	note(mdev, "mmap %lu@%#llx", vma->vm_end - vma->vm_start,
	     (unsigned long long)vma->vm_pgoff << PAGE_SHIFT);
	return call(mdev, "mmap");
}

static void vendor_request(struct mdev_device *mdev, unsigned int count)
{
	char who[48];

	snprintf(who, sizeof(who), "%s %u", dev_name(mdev_dev(mdev)), count);
	mdev_test_call("request", who);
}

static const struct mdev_vfio_device_ops full_ops = {
	.open = vendor_open,
	.release = vendor_release,
	.read = full_read,
	.write = vendor_write,
	.ioctl = vendor_ioctl,
	.mmap = vendor_mmap,
};

static const struct mdev_vfio_device_ops other_ops = {
	.open = vendor_open,
	.release = vendor_release,
	.read = other_read,
	.write = vendor_write,
	.ioctl = vendor_ioctl,
	.mmap = vendor_mmap,
};

static const struct mdev_vfio_device_ops open_only_ops = { .open = vendor_open };

static const struct mdev_vfio_device_ops asking_ops = {
	.open = vendor_open,
	.release = vendor_release,
	.request = vendor_request,
};

static const struct mdev_vfio_device_ops empty_ops;

/* ---- types ----------------------------------------------------------- */

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sysfs_emit(buf, "%s\n", kobject_name(kobj));
}
static MDEV_TYPE_ATTR_RO(name);

static struct attribute *type_attrs[] = { &mdev_type_attr_name.attr, NULL };

static struct attribute_group full_group = { .name = "full", .attrs = type_attrs };
static struct attribute_group other_group = { .name = "other", .attrs = type_attrs };
static struct attribute_group open_only_group = { .name = "open_only", .attrs = type_attrs };
static struct attribute_group asking_group = { .name = "asking", .attrs = type_attrs };
static struct attribute_group empty_group = { .name = "empty", .attrs = type_attrs };
static struct attribute_group bare_group = { .name = "bare", .attrs = type_attrs };
static struct attribute_group custom_group = { .name = "custom", .attrs = type_attrs };

static struct attribute_group *type_groups[] = {
	&full_group,
	&other_group,
	&open_only_group,
	&asking_group,
	&empty_group,
	&bare_group,
	&custom_group,
	NULL
};

static const struct {
	struct attribute_group *group;
	const struct mdev_vfio_device_ops *ops;
} types[] = {
	{ &full_group, &full_ops },
	{ &other_group, &other_ops },
	{ &open_only_group, &open_only_ops },
	{ &asking_group, &asking_ops },
	{ &empty_group, &empty_ops },
};

static bool is_type(struct kobject *kobj, const struct attribute_group *group)
{
	const char *name = strchr(kobject_name(kobj), '-');

	return name && !strcmp(name + 1, group->name);
}

static void set_class(struct kobject *kobj, struct mdev_device *mdev)
{
	unsigned int i;

	if (is_type(kobj, &bare_group))
		mdev_set_class(mdev, MDEV_CLASS_ID_VFIO);
	if (is_type(kobj, &custom_group))
		mdev_set_class(mdev, CUSTOM_CLASS);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (is_type(kobj, types[i].group))
			mdev_set_vfio_ops(mdev, types[i].ops);
}

/* ---- the parent's ops ------------------------------------------------ */

static int vendor_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct vendor_mdev *vm;
	int ret;

	ret = call(mdev, "create");
	if (ret)
		return ret;
	vm = kzalloc(sizeof(*vm), GFP_KERNEL);
	if (!vm)
		return -ENOMEM;
	mutex_init(&vm->lock);
	mdev_set_drvdata(mdev, vm);
	set_class(kobj, mdev);
	return 0;
}

static int vendor_remove(struct mdev_device *mdev)
{
	struct vendor_mdev *vm = mdev_get_drvdata(mdev);
	int ret = call(mdev, "remove");

	mdev_set_drvdata(mdev, NULL);
	mutex_destroy(&vm->lock);
	kfree(vm);
	return ret;
}

static ssize_t last_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct vendor_mdev *vm = mdev_get_drvdata(mdev_from_dev(dev));
	ssize_t len;

	mutex_lock(&vm->lock);
	len = sysfs_emit(buf, "%s\n", vm->last);
	mutex_unlock(&vm->lock);
	return len;
}
static DEVICE_ATTR_RO(last);

static ssize_t lock_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	device_lock(dev);
	mdev_test_hold("lock");
	device_unlock(dev);
	return count;
}
static DEVICE_ATTR_WO(lock);

static struct attribute *vendor_attrs[] = {
	&dev_attr_last.attr,
	&dev_attr_lock.attr,
	NULL
};
static const struct attribute_group vendor_group = { .name = "vendor", .attrs = vendor_attrs };
static const struct attribute_group *vendor_groups[] = { &vendor_group, NULL };

static struct mdev_parent_ops vendor_ops = {
	.mdev_attr_groups = vendor_groups,
	.supported_type_groups = type_groups,
	.create = vendor_create,
	.remove = vendor_remove,
};

/* ---- the parent ------------------------------------------------------ */

static struct device *vendor;

static void offer_ops(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].group->name, ops))
			vendor_offers(&vendor_ops, types[i].ops);
}

static int __init mdev_test_vfio_init(void)
{
	int ret;

	offer_ops();
	vendor = device_create(&mdev_test_class, NULL, MKDEV(0, 0), NULL, "vfio_vendor");
	if (IS_ERR(vendor))
		return PTR_ERR(vendor);
	vendor_ops.owner = owner ? THIS_MODULE : NULL;
	ret = mdev_register_device(vendor, &vendor_ops);
	if (ret)
		device_unregister(vendor);
	return ret;
}

static void __exit mdev_test_vfio_exit(void)
{
	mdev_unregister_device(vendor);
	device_unregister(vendor);
}

module_init(mdev_test_vfio_init);
module_exit(mdev_test_vfio_exit);
MODULE_DESCRIPTION("Vendor of VFIO mdevs that does as a test says");
MODULE_LICENSE("GPL v2");
