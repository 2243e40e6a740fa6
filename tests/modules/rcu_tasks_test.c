// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader of the RCU of tasks, and two who wait for it.
 *
 * The device "grace" of the class mdev_test has
 *	pass	written to: a way through this file without sleeping
 *	sleep	the same, past the point "reader_in" of mdev_test_hold()
 *	tasks	written to: synchronize_rcu_tasks(); -EBUSY if somebody who was
 *		on the way before has not come out
 *	plain	the same with synchronize_rcu(), which is not meant for this
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "mdev_test.h"

static atomic_t entered = ATOMIC_INIT(0), left = ATOMIC_INIT(0);
static DEFINE_SPINLOCK(lock);

static ssize_t pass_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	atomic_inc(&entered);
	spin_lock(&lock);
	spin_unlock(&lock);
	atomic_inc(&left);
	return count;
}
static DEVICE_ATTR_WO(pass);

static ssize_t sleep_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	atomic_inc(&entered);
	mdev_test_hold("reader_in");
	atomic_inc(&left);
	return count;
}
static DEVICE_ATTR_WO(sleep);

static ssize_t wait_for_readers(void (*synchronize)(void), size_t count)
{
	int before = atomic_read(&entered);

	synchronize();
	return atomic_read(&left) < before ? -EBUSY : count;
}

static ssize_t tasks_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	return wait_for_readers(synchronize_rcu_tasks, count);
}
static DEVICE_ATTR_WO(tasks);

static ssize_t plain_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	return wait_for_readers(synchronize_rcu, count);
}
static DEVICE_ATTR_WO(plain);

static struct attribute *grace_attrs[] = {
	&dev_attr_pass.attr,
	&dev_attr_sleep.attr,
	&dev_attr_tasks.attr,
	&dev_attr_plain.attr,
	NULL
};
ATTRIBUTE_GROUPS(grace);

static void grace_release(struct device *dev)
{
	kfree(dev);
}

static struct device *grace;

static int __init rcu_tasks_test_init(void)
{
	int ret;

	grace = kzalloc(sizeof(*grace), GFP_KERNEL);
	if (!grace)
		return -ENOMEM;
	device_initialize(grace);
	grace->class = &mdev_test_class;
	grace->groups = grace_groups;
	grace->release = grace_release;
	ret = dev_set_name(grace, "grace");
	if (!ret)
		ret = device_add(grace);
	if (ret)
		put_device(grace);
	return ret;
}

static void __exit rcu_tasks_test_exit(void)
{
	device_unregister(grace);
}

module_init(rcu_tasks_test_init);
module_exit(rcu_tasks_test_exit);
MODULE_DESCRIPTION("Grace periods of tasks");
MODULE_LICENSE("GPL v2");
