// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent driver for the benchmarks: the device card, any number of mdevs, of
 * type "plain" (its class is served by no driver) or "vfio".
 *
 * It also models how the reference finds a duplicate UUID: one list of all
 * mdevs under one lock, walked at each creation. The list is always kept, and
 * walked only while the parameter walk is set, so that both ways are timed in
 * one run with the same mdevs alive. Link and UUID share a cache line, which
 * flatters the list.
 *
 *	direct	of the parent: "address count times" calls the read op of the
 *		mdev that is open that often, as a VFIO user's read would
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mdev_vfio_ops.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>

#define BENCH_CLASS	0x321

static bool walk;
module_param(walk, bool, 0644);
MODULE_PARM_DESC(walk, "look for a duplicate UUID in the list of all mdevs");

/* ---- the reference's list ---------------------------------------------- */

struct bench_mdev {
	struct list_head next;
	guid_t uuid;
};

static DEFINE_MUTEX(bench_lock);	/* guards the list and bench_open_mdev */
static LIST_HEAD(bench_list);

static int bench_list_add(struct bench_mdev *bm)
{
	struct bench_mdev *other;
	int ret = 0;

	mutex_lock(&bench_lock);
	if (walk) {
		list_for_each_entry(other, &bench_list, next) {
			if (!memcmp(&other->uuid, &bm->uuid, sizeof(bm->uuid))) {
				ret = -EEXIST;
				break;
			}
		}
	}
	if (!ret)
		list_add(&bm->next, &bench_list);
	mutex_unlock(&bench_lock);
	return ret;
}

static void bench_list_del(struct bench_mdev *bm)
{
	mutex_lock(&bench_lock);
	list_del(&bm->next);
	mutex_unlock(&bench_lock);
}

/* ---- a device of 16 registers of four bytes ------------------------------- */

static const u32 bench_registers[16] = { 0x32534348 };
static struct mdev_device *bench_open_mdev;

static int bench_open(struct mdev_device *mdev)
{
	mutex_lock(&bench_lock);
	bench_open_mdev = mdev;
	mutex_unlock(&bench_lock);
	return 0;
}

static void bench_release(struct mdev_device *mdev)
{
	mutex_lock(&bench_lock);
	bench_open_mdev = NULL;
	mutex_unlock(&bench_lock);
}

static ssize_t bench_read(struct mdev_device *mdev, char __user *buf,
			  size_t count, loff_t *ppos)
{
	if (*ppos < 0 || *ppos > sizeof(bench_registers) ||
	    count > sizeof(bench_registers) - *ppos)
		return -EINVAL;
	if (copy_to_user(buf, (const char *)bench_registers + *ppos, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static const struct mdev_vfio_device_ops bench_vfio_ops = {
	.open = bench_open,
	.release = bench_release,
	.read = bench_read,
};

/* Takes the way that vfio_mdev takes, but for VFIO. */
static int bench_read_directly(char __user *buf, size_t count, unsigned int times)
{
	const struct mdev_vfio_device_ops *ops;
	ssize_t ret = 0;
	loff_t pos;

	if (!bench_open_mdev)
		return -ENODEV;
	ops = mdev_get_vfio_ops(bench_open_mdev);
	while (times-- && ret >= 0) {
		pos = 0;
		ret = ops->read(bench_open_mdev, buf, count, &pos);
	}
	return min_t(ssize_t, ret, 0);
}

static ssize_t direct_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t size)
{
	unsigned int count, times;
	unsigned long addr;
	int ret;

	if (sscanf(buf, "%lx %u %u", &addr, &count, &times) != 3)
		return -EINVAL;
	mutex_lock(&bench_lock);
	ret = bench_read_directly((char __user *)addr, count, times);
	mutex_unlock(&bench_lock);
	return ret ?: size;
}
static DEVICE_ATTR_WO(direct);

/* ---- parent driver ---------------------------------------------------------- */

static struct attribute *bench_parent_attrs[] = { &dev_attr_direct.attr, NULL };
ATTRIBUTE_GROUPS(bench_parent);

static struct attribute_group plain_type = { .name = "plain" };
static struct attribute_group vfio_type = { .name = "vfio" };
static struct attribute_group *bench_types[] = { &plain_type, &vfio_type, NULL };

static int bench_create(struct kobject *kobj, struct mdev_device *mdev)
{
	struct bench_mdev *bm;
	int ret;

	bm = kzalloc(sizeof(*bm), GFP_KERNEL);
	if (!bm)
		return -ENOMEM;
	guid_copy(&bm->uuid, mdev_uuid(mdev));
	ret = bench_list_add(bm);
	if (ret) {
		kfree(bm);
		return ret;
	}
	mdev_set_drvdata(mdev, bm);
	if (strstr(kobject_name(kobj), "-vfio"))
		mdev_set_vfio_ops(mdev, &bench_vfio_ops);
	else
		mdev_set_class(mdev, BENCH_CLASS);
	return 0;
}

static int bench_remove(struct mdev_device *mdev)
{
	struct bench_mdev *bm = mdev_get_drvdata(mdev);

	bench_list_del(bm);
	kfree(bm);
	return 0;
}

static const struct mdev_parent_ops bench_ops = {
	.owner = THIS_MODULE,
	.dev_attr_groups = bench_parent_groups,
	.supported_type_groups = bench_types,
	.create = bench_create,
	.remove = bench_remove,
};

/* ---- module ------------------------------------------------------------------ */

static struct class *bench_class;
static struct device *bench_card;

static int __init mdev_bench_init(void)
{
	int ret;

	bench_class = class_create(THIS_MODULE, "mdev_bench");
	if (IS_ERR(bench_class))
		return PTR_ERR(bench_class);
	bench_card = device_create(bench_class, NULL, 0, NULL, "card");
	if (IS_ERR(bench_card)) {
		ret = PTR_ERR(bench_card);
		goto destroy_class;
	}
	ret = mdev_register_device(bench_card, &bench_ops);
	if (ret)
		goto unregister_card;
	return 0;

unregister_card:
	device_unregister(bench_card);
destroy_class:
	class_destroy(bench_class);
	return ret;
}

static void __exit mdev_bench_exit(void)
{
	mdev_unregister_device(bench_card);
	device_unregister(bench_card);
	class_destroy(bench_class);
}

module_init(mdev_bench_init);
module_exit(mdev_bench_exit);
MODULE_DESCRIPTION("Parent driver for benchmarks");
MODULE_LICENSE("GPL v2");
