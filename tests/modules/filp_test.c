// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that the kernel opens itself. The device "filp" of the class mdev_test has
 *	path	which file
 *	from	a position; reading it shows where the last read or write ended
 * Reading its node, /dev/filp, opens the file and reads it from there on; writing
 * the node writes the file. 100 bytes at most.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "mdev_test.h"

static char path[128];
static loff_t pos;

static ssize_t path_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	char copy[sizeof(path)];

	strscpy(copy, buf, sizeof(copy));
	strscpy(path, strim(copy), sizeof(path));
	pos = 0;
	return count;
}
static DEVICE_ATTR_WO(path);

/* Not of attributes, which would hold locks of sysfs, whose files are opened here. */
static ssize_t node_read(struct file *node, char __user *user, size_t count, loff_t *unused)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	char buf[100];
	ssize_t ret;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_read(file, buf, min(count, sizeof(buf)), &pos);
	err = filp_close(file, NULL);
	if (ret > 0 && copy_to_user(user, buf, ret))
		return -EFAULT;
	return err ?: ret;
}

static ssize_t node_write(struct file *node, const char __user *user, size_t count,
			  loff_t *unused)
{
	char buf[100];
	struct file *file;
	ssize_t ret;

	if (count > sizeof(buf) || copy_from_user(buf, user, count))
		return -EFAULT;
	file = filp_open(path, O_WRONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_write(file, buf, count, &pos);
	filp_close(file, NULL);
	return ret;
}

static const struct file_operations node_fops = {
	.owner = THIS_MODULE, .read = node_read, .write = node_write,
};

static ssize_t from_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%lld\n", pos);
}

static ssize_t from_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	return kstrtoll(buf, 0, &pos) ?: count;
}
static DEVICE_ATTR_RW(from);

static struct attribute *filp_attrs[] = {
	&dev_attr_path.attr,
	&dev_attr_from.attr,
	NULL
};
ATTRIBUTE_GROUPS(filp);

static struct device *filp;
static struct cdev cdev;
static dev_t number;

static int __init filp_test_init(void)
{
	int err = alloc_chrdev_region(&number, 0, 1, "filp_test");

	if (err)
		return err;
	cdev_init(&cdev, &node_fops);
	cdev.owner = THIS_MODULE;
	err = cdev_add(&cdev, number, 1);
	if (err)
		goto unregister_region;
	filp = device_create_with_groups(&mdev_test_class, NULL, number, NULL, filp_groups,
					 "filp");
	err = PTR_ERR_OR_ZERO(filp);
	if (err)
		goto del_cdev;
	return 0;

del_cdev:
	cdev_del(&cdev);
unregister_region:
	unregister_chrdev_region(number, 1);
	return err;
}

static void __exit filp_test_exit(void)
{
	device_destroy(&mdev_test_class, number);
	cdev_del(&cdev);
	unregister_chrdev_region(number, 1);
}

module_init(filp_test_init);
module_exit(filp_test_exit);
MODULE_DESCRIPTION("Files that the kernel opens itself");
MODULE_LICENSE("GPL v2");
