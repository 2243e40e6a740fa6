// SPDX-License-Identifier: GPL-2.0-only
/*
 * Misc devices: char devices that share one major, each with a minor and
 * with the operations it brings.
 *
 * Left out: /proc/misc, and loading a module when a minor that nobody has is
 * opened: no node is there to open.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#define DYNAMIC_MINORS 128

static LIST_HEAD(misc_list);
static DEFINE_MUTEX(misc_mtx);
/* bit i: minor DYNAMIC_MINORS - i - 1 is taken */
static unsigned long misc_minors[DYNAMIC_MINORS / BITS_PER_LONG];
static struct class *misc_class;

static const struct file_operations *misc_find(int minor, struct miscdevice **found)
{
	struct miscdevice *c;

	list_for_each_entry(c, &misc_list, list) {
		if (c->minor == minor) {
			*found = c;
			return fops_get(c->fops);
		}
	}
	return NULL;
}

/* The file's operations become the device's own; their owner is pinned. */
static int misc_open(struct inode *inode, struct file *file)
{
	const struct file_operations *fops;
	struct miscdevice *c;
	int err = -ENODEV;

	mutex_lock(&misc_mtx);
	fops = misc_find(iminor(inode), &c);
	if (!fops)
		goto unlock;
	file->private_data = c;
	err = 0;
	replace_fops(file, fops);
	if (fops->open)
		err = fops->open(inode, file);
unlock:
	mutex_unlock(&misc_mtx);
	return err;
}

static const struct file_operations misc_fops = {
	.open = misc_open,
	.llseek = noop_llseek,
};

static int minor_take(struct miscdevice *misc)
{
	struct miscdevice *c;
	unsigned int i;

	if (misc->minor == MISC_DYNAMIC_MINOR) {
		for (i = 0; i < DYNAMIC_MINORS && test_bit(i, misc_minors); i++)
			;
		if (i == DYNAMIC_MINORS)
			return -EBUSY;
		set_bit(i, misc_minors);
		misc->minor = DYNAMIC_MINORS - i - 1;
		return 0;
	}
	list_for_each_entry(c, &misc_list, list)
		if (c->minor == misc->minor)
			return -EBUSY;
	return 0;
}

static void minor_put(const struct miscdevice *misc)
{
	int i = DYNAMIC_MINORS - misc->minor - 1;

	if (i >= 0 && i < DYNAMIC_MINORS)
		clear_bit(i, misc_minors);
}

/**
 * misc_register() - make a misc device live
 * @misc: filled in by the caller, who keeps it until misc_deregister(); a
 *	minor of MISC_DYNAMIC_MINOR is replaced by one that is free
 *
 * The device, @misc->this_device, is made with @misc as its drvdata.
 *
 * Context: may sleep; takes a mutex that opening any misc device holds around
 * the driver's open().
 * Return: 0, -EBUSY when the minor is taken or none is free, or the error of
 * making the device; after an error a dynamic minor is dynamic again.
 */
int misc_register(struct miscdevice *misc)
{
	bool dynamic = misc->minor == MISC_DYNAMIC_MINOR;
	int err;

	INIT_LIST_HEAD(&misc->list);
	mutex_lock(&misc_mtx);
	err = minor_take(misc);
	if (err)
		goto unlock;
	misc->this_device = device_create_with_groups(misc_class, misc->parent,
						      MKDEV(MISC_MAJOR, misc->minor),
						      misc, misc->groups, "%s", misc->name);
	if (IS_ERR(misc->this_device)) {
		err = PTR_ERR(misc->this_device);
		if (dynamic) {
			minor_put(misc);
			misc->minor = MISC_DYNAMIC_MINOR;
		}
		goto unlock;
	}
	list_add(&misc->list, &misc_list);
unlock:
	mutex_unlock(&misc_mtx);
	return err;
}
EXPORT_SYMBOL(misc_register);

/**
 * misc_deregister() - undo misc_register()
 * @misc: registered, or there is a warning; may be freed afterwards, if no
 *	file of it is open any more
 *
 * Its minor stays in @misc, also a dynamic one, as in Linux.
 *
 * Context: may sleep; takes the same mutex, so not from the driver's open().
 */
void misc_deregister(struct miscdevice *misc)
{
	if (WARN_ON(list_empty(&misc->list)))
		return;
	mutex_lock(&misc_mtx);
	list_del(&misc->list);
	device_destroy(misc_class, MKDEV(MISC_MAJOR, misc->minor));
	minor_put(misc);
	mutex_unlock(&misc_mtx);
}
EXPORT_SYMBOL(misc_deregister);

static char *misc_devnode(struct device *dev, umode_t *mode)
{
	struct miscdevice *c = dev_get_drvdata(dev);

	if (mode && c->mode)
		*mode = c->mode;
	return c->nodename ? kstrdup(c->nodename, GFP_KERNEL) : NULL;
}

static int __init misc_init(void)
{
	int err;

	misc_class = class_create(THIS_MODULE, "misc");
	if (IS_ERR(misc_class))
		return PTR_ERR(misc_class);
	misc_class->devnode = misc_devnode;
	err = register_chrdev(MISC_MAJOR, "misc", &misc_fops);
	if (err)
		class_destroy(misc_class);
	return err;
}
subsys_initcall(misc_init);
