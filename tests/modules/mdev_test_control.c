// SPDX-License-Identifier: GPL-2.0-only
/*
 * The switchboard of the test drivers.
 *
 * A point is a named place in a driver's callback. In the directory of the
 * device "control" of the class mdev_test a test writes
 *
 *	hold	"remove"	whoever gets to this point waits there
 *	release	"remove"	they go on, and the point holds no longer
 *	answer	"remove -5"	what the callback shall return
 *
 *	pin	"parent0 NAME"	a reference is taken on that child of a device of
 *				the class mdev_test; "-": given back
 *
 * and reads log (the points passed, in order, each with the device; any
 * write empties it) and held (the points where somebody waits now). A signal
 * ends a wait too, so that a failed test can be cleaned up. The parameter has
 * tells a test what the framework has: mdev_generation.h.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "compat/const.h"
#include "mdev_generation.h"
#include "mdev_test.h"

#define POINT_NAME	24

struct point {
	struct list_head list;
	char name[POINT_NAME];
	bool held;
	int waiting;
	int answer;
};

static char *has = MDEV_HAS;
module_param(has, charp, 0444);
MODULE_PARM_DESC(has, "what the framework under test has");

static LIST_HEAD(points);
static DEFINE_SPINLOCK(points_lock);	/* @points, what is in them, and the log */
static DECLARE_WAIT_QUEUE_HEAD(points_wait);

static char call_log[PAGE_SIZE];
static size_t call_log_len;

static struct point *find_point(const char *name)
{
	struct point *p;

	list_for_each_entry(p, &points, list)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

/* Points live until the module goes. */
static struct point *get_point(const char *name)
{
	struct point *fresh, *p;

	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return NULL;
	strscpy(fresh->name, name, sizeof(fresh->name));
	spin_lock(&points_lock);
	p = find_point(name);
	if (!p) {
		p = fresh;
		fresh = NULL;
		list_add_tail(&p->list, &points);
	}
	spin_unlock(&points_lock);
	kfree(fresh);
	return p;
}

static bool is_released(struct point *p)
{
	bool released;

	spin_lock(&points_lock);
	released = !p->held;
	spin_unlock(&points_lock);
	return released;
}

void mdev_test_hold(const char *name)
{
	struct point *p;

	spin_lock(&points_lock);
	p = find_point(name);
	if (!p || !p->held) {
		spin_unlock(&points_lock);
		return;
	}
	p->waiting++;
	spin_unlock(&points_lock);

	if (wait_event_interruptible(points_wait, is_released(p)))
		pr_info("wait at %s interrupted\n", name);

	spin_lock(&points_lock);
	p->waiting--;
	spin_unlock(&points_lock);
}
EXPORT_SYMBOL_GPL(mdev_test_hold);

int mdev_test_call(const char *name, const char *who)
{
	struct point *p;
	int answer;

	spin_lock(&points_lock);
	call_log_len += scnprintf(call_log + call_log_len, sizeof(call_log) - call_log_len,
				  "%s %s\n", name, who);
	spin_unlock(&points_lock);

	mdev_test_hold(name);

	spin_lock(&points_lock);
	p = find_point(name);
	answer = p ? p->answer : 0;
	spin_unlock(&points_lock);
	return answer;
}
EXPORT_SYMBOL_GPL(mdev_test_call);

static ssize_t set_held(const char *buf, size_t count, bool held)
{
	char name[POINT_NAME];
	struct point *p;

	if (sscanf(buf, "%23s", name) != 1)
		return -EINVAL;
	p = get_point(name);
	if (!p)
		return -ENOMEM;
	spin_lock(&points_lock);
	p->held = held;
	spin_unlock(&points_lock);
	wake_up_all(&points_wait);
	return count;
}

static ssize_t hold_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	return set_held(buf, count, true);
}
static DEVICE_ATTR_WO(hold);

static ssize_t release_store(struct device *dev, struct device_attribute *attr,
			     const char *buf, size_t count)
{
	return set_held(buf, count, false);
}
static DEVICE_ATTR_WO(release);

static ssize_t answer_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	char name[POINT_NAME];
	struct point *p;
	int answer;

	if (sscanf(buf, "%23s %d", name, &answer) != 2)
		return -EINVAL;
	p = get_point(name);
	if (!p)
		return -ENOMEM;
	spin_lock(&points_lock);
	p->answer = answer;
	spin_unlock(&points_lock);
	return count;
}
static DEVICE_ATTR_WO(answer);

static ssize_t held_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct point *p;
	ssize_t len = 0;

	spin_lock(&points_lock);
	list_for_each_entry(p, &points, list)
		if (p->waiting)
			len += sysfs_emit_at(buf, len, "%s %d\n", p->name, p->waiting);
	spin_unlock(&points_lock);
	return len;
}
static DEVICE_ATTR_RO(held);

static ssize_t log_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	ssize_t len;

	spin_lock(&points_lock);
	len = scnprintf(buf, PAGE_SIZE, "%s", call_log);
	spin_unlock(&points_lock);
	return len;
}

static ssize_t log_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	spin_lock(&points_lock);
	call_log_len = 0;
	call_log[0] = '\0';
	spin_unlock(&points_lock);
	return count;
}
static DEVICE_ATTR_RW(log);

/*
 * Somebody who holds a device, and knows nothing of it that would keep its
 * driver's module.
 */
static struct device *pinned;

static int pin_if_named(struct device *dev, void *name)
{
	if (strcmp(dev_name(dev), name))
		return 0;
	pinned = get_device(dev);
	return 1;
}

struct pin {
	char parent[32];
	char child[48];
};

static int pin_child(struct device *dev, void *data)
{
	struct pin *pin = data;

	if (strcmp(dev_name(dev), pin->parent))
		return 0;
	return device_for_each_child(dev, pin->child, pin_if_named);
}

static void unpin(void)
{
	put_device(pinned);
	pinned = NULL;
}

static ssize_t pin_store(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct pin pin;

	unpin();
	if (sscanf(buf, "%31s %47s", pin.parent, pin.child) != 2)
		return count;
	return class_for_each_device(&mdev_test_class, NULL, &pin, pin_child) ? count : -ENODEV;
}
static DEVICE_ATTR_WO(pin);

static struct attribute *control_attrs[] = {
	&dev_attr_hold.attr,
	&dev_attr_release.attr,
	&dev_attr_answer.attr,
	&dev_attr_held.attr,
	&dev_attr_log.attr,
	&dev_attr_pin.attr,
	NULL
};
ATTRIBUTE_GROUPS(control);

/* Lets a test see which locks are held while the core sends its uevents. */
static int mdev_test_uevent(kapi_class_uevent_const struct device *dev, struct kobj_uevent_env *env)
{
	int i;

	for (i = 0; i < env->envp_idx; i++) {
		if (!strcmp(env->envp[i], "MDEV_STATE=registered"))
			mdev_test_hold("registered");
		if (!strcmp(env->envp[i], "MDEV_STATE=unregistered"))
			mdev_test_hold("unregistered");
	}
	return 0;
}

struct class mdev_test_class = {
	.name = "mdev_test",
	.dev_uevent = mdev_test_uevent,
};
EXPORT_SYMBOL_GPL(mdev_test_class);

static struct device *control;

static void control_release(struct device *dev)
{
	kfree(dev);
}

static int __init mdev_test_control_init(void)
{
	int ret;

	ret = class_register(&mdev_test_class);
	if (ret)
		return ret;

	control = kzalloc(sizeof(*control), GFP_KERNEL);
	if (!control) {
		ret = -ENOMEM;
		goto unregister_class;
	}
	control->class = &mdev_test_class;
	control->groups = control_groups;
	control->release = control_release;
	ret = dev_set_name(control, "control");
	if (ret) {
		kfree(control);
		goto unregister_class;
	}
	ret = device_register(control);
	if (ret)
		goto put_control;
	return 0;

put_control:
	put_device(control);
unregister_class:
	class_unregister(&mdev_test_class);
	return ret;
}

static void __exit mdev_test_control_exit(void)
{
	struct point *p, *next;

	unpin();
	device_unregister(control);
	class_unregister(&mdev_test_class);
	list_for_each_entry_safe(p, next, &points, list)
		kfree(p);
}

module_init(mdev_test_control_init);
module_exit(mdev_test_control_exit);
MODULE_DESCRIPTION("Switchboard of the mdev test drivers");
MODULE_LICENSE("GPL v2");
