// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices as a driver has them.
 *
 * Each node below /dev has operations of another kind. The device "chardev"
 * of the class mdev_test has a file "do" as the device "thing" of sysfs_test:
 * what is written there is carried out, and its error is the write's.
 */
#include <linux/anon_inodes.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "chardev_test.h"
#include "mdev_test.h"

static char text[64];
static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool readable;
static DEFINE_SPINLOCK(lock);		/* guards readable */
static DEFINE_MUTEX(mutex);
static struct eventfd_ctx *ctx;

/* ---- ioctls --------------------------------------------------------------- */

static ssize_t anon_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, "anonymous", 9);
}

static const struct file_operations anon_fops = {
	.owner = THIS_MODULE,
	.read = anon_read,
	.llseek = default_llseek,
};

static long keep_ctx(int fd)
{
	struct eventfd_ctx *new = eventfd_ctx_fdget(fd);

	if (IS_ERR(new))
		return PTR_ERR(new);
	ctx = new;
	return 0;
}

static long same_ctx(int fd)
{
	struct eventfd_ctx *other = eventfd_ctx_fdget(fd);
	bool same = other == ctx;

	if (IS_ERR(other))
		return PTR_ERR(other);
	eventfd_ctx_put(other);
	return same;
}

static void drop_ctx(void)
{
	if (ctx)
		eventfd_ctx_put(ctx);
	ctx = NULL;
}

static int locked_release(struct inode *inode, struct file *file)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	return 0;
}

static const struct file_operations locked_fops = {
	.owner = THIS_MODULE,
	.release = locked_release,
};

/* The last reference of a file that takes the same lock when it is released. */
static long fput_locked(void)
{
	struct file *file = anon_inode_getfile("[locked]", &locked_fops, NULL, O_RDWR);

	if (IS_ERR(file))
		return PTR_ERR(file);
	mutex_lock(&mutex);
	fput(file);
	mutex_unlock(&mutex);
	return 0;
}

static long plain_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case CD_FLAGS:
		return !!(file->f_flags & O_NONBLOCK);
	case CD_ANON:
		return anon_inode_getfd("[chardev]", &anon_fops, NULL, O_RDONLY);
	case CD_EVENTFD:
		return keep_ctx(arg);
	case CD_SAME_EVENTFD:
		return same_ctx(arg);
	case CD_SIGNAL:
		eventfd_signal(ctx, 1);
		return 0;
	case CD_DROP_EVENTFD:
		drop_ctx();
		return 0;
	case CD_READABLE:
		spin_lock(&lock);
		readable = arg;
		spin_unlock(&lock);
		wake_up_interruptible(&queue);
		return 0;
	case CD_FPUT:
		return fput_locked();
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- operations, a kind for each minor number ------------------------------ */

static ssize_t text_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return simple_read_from_buffer(buf, count, pos, text, sizeof(text));
}

static ssize_t text_write(struct file *file, const char __user *buf, size_t count,
			  loff_t *pos)
{
	return simple_write_to_buffer(text, sizeof(text), pos, buf, count);
}

/* As many bytes as asked for, all the lowest of the position. */
static ssize_t where_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char byte = *pos;

	if (put_user(byte, buf))
		return -EFAULT;
	*pos += count;
	return count;
}

static __poll_t plain_poll(struct file *file, poll_table *wait)
{
	__poll_t mask;

	poll_wait(file, &queue, wait);
	spin_lock(&lock);
	mask = readable ? EPOLLIN | EPOLLRDNORM : 0;
	spin_unlock(&lock);
	return mask;
}

static int plain_flush(struct file *file, fl_owner_t id)
{
	return mdev_test_call("flush", "plain");
}

static int unsigned_open(struct inode *inode, struct file *file)
{
	/* since 6.12 the operations say so */
#ifdef FMODE_UNSIGNED_OFFSET
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
#endif
	return 0;
}

enum { PLAIN, NONE, NOOP, STREAM, UNSIGNED, OWNERLESS, BARE, KINDS, EMPTY = KINDS, MINORS };

static const char *const names[MINORS] = {
	"chardev_plain", "chardev_none", "chardev_noop", "chardev_stream",
	"chardev_unsigned", "chardev_ownerless", "chardev_bare", "chardev_empty",
};

static const struct file_operations fops[KINDS] = {
	[PLAIN] = {
		.owner = THIS_MODULE,
		.read = text_read,
		.write = text_write,
		.llseek = default_llseek,
		.unlocked_ioctl = plain_ioctl,
		.compat_ioctl = compat_ptr_ioctl,
		.poll = plain_poll,
		.flush = plain_flush,
	},
	[NONE] = { .owner = THIS_MODULE, .read = text_read, .llseek = no_llseek },
	[NOOP] = { .owner = THIS_MODULE, .read = text_read, .llseek = noop_llseek },
	[STREAM] = {
		.owner = THIS_MODULE,
		.open = nonseekable_open,
		.read = text_read,
		.llseek = default_llseek,
	},
	[UNSIGNED] = {
		.owner = THIS_MODULE,
		.open = unsigned_open,
#ifndef FMODE_UNSIGNED_OFFSET
		.fop_flags = FOP_UNSIGNED_OFFSET,
#endif
		.read = where_read,
		.llseek = default_llseek,
	},
	[OWNERLESS] = { .owner = THIS_MODULE, .read = text_read },
	[BARE] = { .owner = THIS_MODULE, .open = stream_open },
};

/* ---- numbers and nodes ------------------------------------------------------ */

static dev_t first;
static struct cdev cdevs[KINDS];
static struct cdev *wide;		/* all numbers from MINORS on, 4 of them */
static int old_major;

#define WIDE_FIRST	MINORS
#define WIDE_COUNT	4
#define ALL_MINORS	(MINORS + WIDE_COUNT)

static dev_t number(unsigned int minor)
{
	return MKDEV(MAJOR(first), MINOR(first) + minor);
}

static int node_add(dev_t dev, const char *name)
{
	return PTR_ERR_OR_ZERO(device_create(&mdev_test_class, NULL, dev, NULL, "%s", name));
}

static int do_region(const char *major, const char *minor)
{
	unsigned int a, b;

	if (kstrtouint(major, 0, &a) || kstrtouint(minor, 0, &b))
		return -EINVAL;
	return register_chrdev_region(MKDEV(a, b), 2, "chardev_region");
}

static int do_unregion(const char *major, const char *minor)
{
	unsigned int a, b;

	if (kstrtouint(major, 0, &a) || kstrtouint(minor, 0, &b))
		return -EINVAL;
	unregister_chrdev_region(MKDEV(a, b), 2);
	return 0;
}

/* Over the end of the first major into the second, which @a says is taken. */
static int do_region_over(const char *taken, const char *b)
{
	dev_t from = MKDEV(510, MINORMASK);
	int err, again;

	err = taken[0] ? register_chrdev_region(MKDEV(511, 0), 1, "chardev_taken") : 0;
	if (err)
		return err;
	err = register_chrdev_region(from, 2, "chardev_over");
	/* what is free again can be had */
	again = register_chrdev_region(from, 1, "chardev_again");
	if (!again)
		unregister_chrdev_region(from, 1);
	if (!err)
		unregister_chrdev_region(from, 2);
	if (taken[0])
		unregister_chrdev_region(MKDEV(511, 0), 1);
	if (again != (err ? 0 : -EBUSY))
		return -EIO;
	return err;
}

static int do_our_numbers(const char *a, const char *b)
{
	return register_chrdev(MAJOR(first), "chardev_clash", &fops[PLAIN]);
}

static int do_too_many(const char *a, const char *b)
{
	dev_t dev;

	return alloc_chrdev_region(&dev, 1, MINORMASK + 1, "chardev_many");
}

/* Majors until there are no more. */
static int do_all_majors(const char *a, const char *b)
{
	static dev_t all[CHRDEV_MAJOR_MAX];
	unsigned int n = 0;
	int err = 0;

	while (!err && n < ARRAY_SIZE(all)) {
		err = alloc_chrdev_region(&all[n], 0, 1, "chardev_all");
		if (!err)
			n++;
	}
	while (n)
		unregister_chrdev_region(all[--n], 1);
	return err;
}

static int do_old(const char *a, const char *b)
{
	int err;

	old_major = register_chrdev(0, "chardev_old", &fops[PLAIN]);
	if (old_major < 0)
		return old_major;
	err = node_add(MKDEV(old_major, 7), "chardev_old");
	if (err)
		unregister_chrdev(old_major, "chardev_old");
	return err;
}

/* The node stays for a while: opening it finds nobody. */
static int do_unold(const char *a, const char *b)
{
	unregister_chrdev(old_major, "chardev_old");
	return 0;
}

static int do_unold_node(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, MKDEV(old_major, 7));
	return 0;
}

static int do_wide(const char *a, const char *b)
{
	int err;

	wide = cdev_alloc();
	if (!wide)
		return -ENOMEM;
	wide->owner = THIS_MODULE;
	wide->ops = &fops[NOOP];
	err = cdev_add(wide, number(WIDE_FIRST), WIDE_COUNT);
	if (!err)
		err = node_add(number(WIDE_FIRST + 1), "chardev_wide");
	return err;
}

static int do_unwide(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 1));
	cdev_del(wide);
	return 0;
}

/* One of the numbers of the wide one has operations of its own. */
static int do_narrow(const char *a, const char *b)
{
	cdev_init(&cdevs[NONE], &fops[NONE]);
	return cdev_add(&cdevs[NONE], number(WIDE_FIRST + 1), 1);
}

static int do_number_zero(const char *a, const char *b)
{
	int err;

	cdev_init(&cdevs[NONE], &fops[NONE]);
	err = cdev_add(&cdevs[NONE], 0, 1);
	if (!err)
		cdev_del(&cdevs[NONE]);
	return err;
}

static int do_unnarrow(const char *a, const char *b)
{
	cdev_del(&cdevs[NONE]);
	return 0;
}

static int do_node(const char *name, const char *b)
{
	return node_add(number(WIDE_FIRST + 2), name);
}

static int do_node_below(const char *name, const char *b)
{
	return node_add(number(WIDE_FIRST + 3), name);
}

static int do_unnode(const char *a, const char *b)
{
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 2));
	device_destroy(&mdev_test_class, number(WIDE_FIRST + 3));
	return 0;
}

/* ---- commands ----------------------------------------------------------------- */

static const struct mdev_test_command commands[] = {
	{ "region", do_region },
	{ "unregion", do_unregion },
	{ "region_over", do_region_over },
	{ "our_numbers", do_our_numbers },
	{ "too_many", do_too_many },
	{ "all_majors", do_all_majors },
	{ "old", do_old },
	{ "unold", do_unold },
	{ "unold_node", do_unold_node },
	{ "wide", do_wide },
	{ "unwide", do_unwide },
	{ "narrow", do_narrow },
	{ "unnarrow", do_unnarrow },
	{ "number_zero", do_number_zero },
	{ "node", do_node },
	{ "node_below", do_node_below },
	{ "unnode", do_unnode },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr,
			const char *buf, size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR_WO(do);

static struct device *control;

/* ---- coming and going ---------------------------------------------------------- */

/* NONE stays without a cdev until "narrow": its node is the wide one's. */
static bool has_cdev(unsigned int kind)
{
	return kind != NONE && kind != EMPTY;
}

static void nodes_del(unsigned int n)
{
	while (n-- > 0) {
		if (n != NONE)
			device_destroy(&mdev_test_class, number(n));
		if (has_cdev(n))
			cdev_del(&cdevs[n]);
	}
}

static int nodes_add(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < MINORS; i++) {
		if (has_cdev(i)) {
			cdev_init(&cdevs[i], &fops[i]);
			cdevs[i].owner = i == OWNERLESS ? NULL : THIS_MODULE;
			err = cdev_add(&cdevs[i], number(i), 1);
			if (err)
				break;
		}
		err = i == NONE ? 0 : node_add(number(i), names[i]);
		if (err && has_cdev(i))
			cdev_del(&cdevs[i]);
	}
	if (err)
		nodes_del(i);
	return err;
}

static int control_add(void)
{
	int err;

	control = device_create(&mdev_test_class, NULL, 0, NULL, "chardev");
	if (IS_ERR(control))
		return PTR_ERR(control);
	err = device_create_file(control, &dev_attr_do);
	if (err)
		device_unregister(control);
	return err;
}

static int __init chardev_test_init(void)
{
	int err;

	err = alloc_chrdev_region(&first, 0, ALL_MINORS, "chardev_test");
	if (err)
		return err;
	err = nodes_add();
	if (err)
		goto unregister;
	err = control_add();
	if (err)
		goto del_nodes;
	return 0;

del_nodes:
	nodes_del(MINORS);
unregister:
	unregister_chrdev_region(first, ALL_MINORS);
	return err;
}

/* A file of a module that goes: nobody could keep its operations. */
static void try_file(void)
{
	struct file *file = anon_inode_getfile("[late]", &anon_fops, NULL, O_RDONLY);

	mdev_test_call("late_file", PTR_ERR(file) == -ENOENT ? "none" : "some");
	if (!IS_ERR(file))
		fput(file);
}

static void __exit chardev_test_exit(void)
{
	mdev_test_hold("exit");
	try_file();
	device_unregister(control);
	nodes_del(MINORS);
	unregister_chrdev_region(first, ALL_MINORS);
	drop_ctx();
}

module_init(chardev_test_init);
module_exit(chardev_test_exit);
MODULE_DESCRIPTION("Character devices on command");
MODULE_LICENSE("GPL v2");
