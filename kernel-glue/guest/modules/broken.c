// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent driver that is wrong on purpose: it tries whether a run in the
 * guest notices.
 *
 * The parameter fault says what create() does: "null" dereferences NULL,
 * "unlock" returns with its mutex held, so that the next create() hangs,
 * "warn" warns, "leak" leaves a device of its own behind when it is unloaded,
 * and "lock_order" takes two mutexes in both orders, which only a kernel with
 * lockdep notices.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "null, unlock, warn, leak or lock_order");

static struct class *broken_class;
static struct device *parent;
static DEFINE_MUTEX(broken_lock);
static DEFINE_MUTEX(broken_inner_lock);

static void broken_dereference(int *nothing)
{
	WRITE_ONCE(*nothing, 1);
}

static int broken_create(struct kobject *kobj, struct mdev_device *mdev)
{
	mdev_set_class(mdev, 0x77);
	if (!strcmp(fault, "null"))
		broken_dereference(NULL);
	if (!strcmp(fault, "warn"))
		WARN(1, "broken_create warns\n");
	if (!strcmp(fault, "lock_order")) {
		mutex_lock(&broken_inner_lock);
		mutex_lock(&broken_lock);
		mutex_unlock(&broken_lock);
		mutex_unlock(&broken_inner_lock);
	}
	mutex_lock(&broken_lock);
	if (!strcmp(fault, "unlock"))
		return -EBUSY;
	mutex_lock(&broken_inner_lock);
	mutex_unlock(&broken_inner_lock);
	mutex_unlock(&broken_lock);
	return 0;
}

static int broken_remove(struct mdev_device *mdev)
{
	return 0;
}

static struct attribute_group broken_type = { .name = "1" };
static struct attribute_group *broken_types[] = { &broken_type, NULL };

static const struct mdev_parent_ops broken_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = broken_types,
	.create = broken_create,
	.remove = broken_remove,
};

static int __init broken_init(void)
{
	int err;

	broken_class = class_create(THIS_MODULE, "broken");
	if (IS_ERR(broken_class))
		return PTR_ERR(broken_class);
	parent = device_create(broken_class, NULL, 0, NULL, "broken0");
	if (IS_ERR(parent)) {
		err = PTR_ERR(parent);
		goto destroy_class;
	}
	err = mdev_register_device(parent, &broken_ops);
	if (err)
		goto unregister_parent;
	return 0;

unregister_parent:
	device_unregister(parent);
destroy_class:
	class_destroy(broken_class);
	return err;
}

static void __exit broken_exit(void)
{
	mdev_unregister_device(parent);
	if (!strcmp(fault, "leak"))
		root_device_register("broken_leak");
	device_unregister(parent);
	class_destroy(broken_class);
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_DESCRIPTION("Parent driver with planted faults");
MODULE_LICENSE("GPL");
