// SPDX-License-Identifier: GPL-2.0-only
/*
 * A domain of SRCU, its readers and those who wait for them.
 *
 * The device "srcu" of the class mdev_test has
 *	do	"read POINT": reads, past a point of mdev_test_hold(), where it may
 *		sleep; "wait": a grace period of the domain, -EBUSY if a reader that was in before
 *		is in behind it; "wait_other": of another;
 *		"call": a callback; "barrier"; "start": polling for a grace period begins,
 *		"poll": -EAGAIN while it lasts; "make": makes a domain, reads in it and
 *		ends it
 *	called	how often callbacks have run
 */
#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "mdev_test.h"

DEFINE_STATIC_SRCU(domain);
DEFINE_STATIC_SRCU(other);

static atomic_t called = ATOMIC_INIT(0);
static unsigned long cookie;
static atomic_t entered = ATOMIC_INIT(0), left = ATOMIC_INIT(0);

static int do_read(const char *point, const char *unused)
{
	int idx = srcu_read_lock(&domain);
	int held = srcu_read_lock_held(&domain);

	atomic_inc(&entered);
	mdev_test_hold(point);
	atomic_inc(&left);
	srcu_read_unlock(&domain, idx);
	return held ? 0 : -EIO;
}

static int do_wait(const char *a, const char *b)
{
	int in = atomic_read(&entered);

	synchronize_srcu(&domain);
	return atomic_read(&left) < in ? -EBUSY : 0;
}

static int do_wait_other(const char *a, const char *b)
{
	synchronize_srcu_expedited(&other);
	return 0;
}

struct note {
	struct rcu_head head;
};

static void note_fn(struct rcu_head *head)
{
	kfree(container_of(head, struct note, head));
	atomic_inc(&called);
}

static int do_call(const char *a, const char *b)
{
	struct note *note = kzalloc(sizeof(*note), GFP_KERNEL);

	if (!note)
		return -ENOMEM;
	call_srcu(&domain, &note->head, note_fn);
	return 0;
}

static int do_barrier(const char *a, const char *b)
{
	srcu_barrier(&domain);
	return 0;
}

static int do_start(const char *a, const char *b)
{
	cookie = start_poll_synchronize_srcu(&domain);
	return 0;
}

static int do_poll(const char *a, const char *b)
{
	return poll_state_synchronize_srcu(&domain, cookie) ? 0 : -EAGAIN;
}

static int do_make(const char *a, const char *b)
{
	struct srcu_struct *made = kzalloc(sizeof(*made), GFP_KERNEL);
	int outer, inner, ret;

	if (!made)
		return -ENOMEM;
	ret = init_srcu_struct(made);
	if (!ret) {
		outer = srcu_read_lock(made);
		inner = srcu_read_lock(made);
		srcu_read_unlock(made, inner);
		srcu_read_unlock(made, outer);
		synchronize_srcu(made);
		cleanup_srcu_struct(made);
	}
	kfree(made);
	return ret;
}

static const struct mdev_test_command commands[] = {
	{ "read", do_read },
	{ "wait", do_wait },
	{ "wait_other", do_wait_other },
	{ "call", do_call },
	{ "barrier", do_barrier },
	{ "start", do_start },
	{ "poll", do_poll },
	{ "make", do_make },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR(do, 0200, NULL, do_store);

static ssize_t called_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&called));
}
static DEVICE_ATTR_RO(called);

static struct attribute *srcu_attrs[] = {
	&dev_attr_do.attr,
	&dev_attr_called.attr,
	NULL
};
ATTRIBUTE_GROUPS(srcu);

static struct device *srcu;

static int __init srcu_test_init(void)
{
	srcu = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, srcu_groups, "srcu");
	return PTR_ERR_OR_ZERO(srcu);
}

static void __exit srcu_test_exit(void)
{
	device_unregister(srcu);
	srcu_barrier(&domain);
}

module_init(srcu_test_init);
module_exit(srcu_test_exit);
MODULE_DESCRIPTION("A domain of SRCU");
MODULE_LICENSE("GPL v2");
