// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent driver that is wrong on purpose: it tries whether a run in the
 * guest notices.
 *
 * The parameter fault says what create() does: see faults[]. What is wrong with
 * the last of them only a kernel notices that looks for it (../../debug).
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "what is wrong");

static struct class *broken_class;
static struct device *parent;
static DEFINE_MUTEX(broken_lock);
static DEFINE_MUTEX(broken_inner_lock);
static DEFINE_SPINLOCK(broken_spinlock);

/* ---- what any kernel notices ------------------------------------------------ */

static noinline void broken_dereference(int *nothing)
{
	WRITE_ONCE(*nothing, 1);
}

static void broken_null(void)
{
	broken_dereference(NULL);
}

static void broken_warn(void)
{
	WARN(1, "broken_create warns\n");
}

/* ---- what a kernel notices that looks ---------------------------------------- */

/* The other order than that of every create(). */
static void broken_lock_order(void)
{
	mutex_lock(&broken_inner_lock);
	mutex_lock(&broken_lock);
	mutex_unlock(&broken_lock);
	mutex_unlock(&broken_inner_lock);
}

static void broken_use_after_free(void)
{
	int *mem = kmalloc(64, GFP_KERNEL);

	kfree(mem);
	broken_dereference(mem);
}

/* Known by its contents: when it is told of the module has gone. */
static void broken_memory_lost(void)
{
	char *mem = kmalloc(1000, GFP_KERNEL);

	if (mem)
		strcpy(mem, "broken_lost");
	/* nobody reads it: without this it would not be written either */
	barrier_data(mem);
}

static void broken_sleeps_in_atomic(void)
{
	spin_lock(&broken_spinlock);
	mutex_lock(&broken_inner_lock);
	mutex_unlock(&broken_inner_lock);
	spin_unlock(&broken_spinlock);
}

static void broken_work_fn(struct work_struct *work)
{
}

/* It is queued, and will run in memory that has another owner by then. */
static void broken_active_freed(void)
{
	struct delayed_work *work = kmalloc(sizeof(*work), GFP_KERNEL);

	if (!work)
		return;
	INIT_DELAYED_WORK(work, broken_work_fn);
	schedule_delayed_work(work, 1000 * HZ);
	kfree(work);
}

static int broken_count;

static int broken_counts(void *unused)
{
	int i;

	for (i = 0; i < 2000000 && !kthread_should_stop(); i++) {
		broken_count++;
		if (i % 1000 == 0)
			cond_resched();
	}
	while (!kthread_should_stop())
		msleep(1);
	return 0;
}

static void broken_race(void)
{
	struct task_struct *one = kthread_run(broken_counts, NULL, "broken_one");
	struct task_struct *two = kthread_run(broken_counts, NULL, "broken_two");

	msleep(3000);
	if (!IS_ERR(one))
		kthread_stop(one);
	if (!IS_ERR(two))
		kthread_stop(two);
}

static void broken_release(struct kobject *kobj)
{
	kfree(kobj);
}

/* The module's own release, which may come when the module has gone. */
static const struct kobj_type broken_ktype = { .release = broken_release };

static void broken_freed_early(void)
{
	struct kobject *kobj = kzalloc(sizeof(*kobj), GFP_KERNEL);

	if (!kobj)
		return;
	kobject_init(kobj, (struct kobj_type *)&broken_ktype);
	kobject_put(kobj);
	/* whose last reference was put, so it is gone: but it is not yet */
	kfree(kobj);
}

static const struct {
	const char *name;
	void (*fn)(void);
} faults[] = {
	{ "null", broken_null },
	{ "warn", broken_warn },
	{ "lock_order", broken_lock_order },
	{ "use_after_free", broken_use_after_free },
	{ "memory_lost", broken_memory_lost },
	{ "sleeps_in_atomic", broken_sleeps_in_atomic },
	{ "active_freed", broken_active_freed },
	{ "race", broken_race },
	{ "freed_early", broken_freed_early },
};

static bool has_fault(const char *name)
{
	return !strcmp(fault, name);
}

/* "unlock" returns with a mutex held, so that the next create() hangs. */
static int broken_create(struct kobject *kobj, struct mdev_device *mdev)
{
	unsigned int i;

	mdev_set_class(mdev, 0x77);
	mutex_lock(&broken_lock);
	if (has_fault("unlock"))
		return -EBUSY;
	mutex_lock(&broken_inner_lock);
	mutex_unlock(&broken_inner_lock);
	mutex_unlock(&broken_lock);
	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (has_fault(faults[i].name))
			faults[i].fn();
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
	if (has_fault("leak"))
		/* a device that nobody unregisters */
		root_device_register("broken_leak");
	device_unregister(parent);
	class_destroy(broken_class);
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_DESCRIPTION("Parent driver with planted faults");
MODULE_LICENSE("GPL");
