// SPDX-License-Identifier: GPL-2.0-only
/*
 * A character device, /dev/mod_node, that can be opened and nothing else: what
 * it is for is the reference that an open file of it has on this module.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>

static const struct file_operations node_fops = {
	.owner = THIS_MODULE,
};

static dev_t node_devt;
static struct class *node_class;
static struct cdev node_cdev;

static int __init mod_node_init(void)
{
	struct device *dev;
	int ret;

	ret = alloc_chrdev_region(&node_devt, 0, 1, "mod_node");
	if (ret)
		return ret;

	node_class = class_create(THIS_MODULE, "mod_node");
	if (IS_ERR(node_class)) {
		ret = PTR_ERR(node_class);
		goto unregister_region;
	}

	cdev_init(&node_cdev, &node_fops);
	node_cdev.owner = THIS_MODULE;
	ret = cdev_add(&node_cdev, node_devt, 1);
	if (ret)
		goto destroy_class;

	dev = device_create(node_class, NULL, node_devt, NULL, "mod_node");
	if (IS_ERR(dev)) {
		ret = PTR_ERR(dev);
		goto del_cdev;
	}
	return 0;

del_cdev:
	cdev_del(&node_cdev);
destroy_class:
	class_destroy(node_class);
unregister_region:
	unregister_chrdev_region(node_devt, 1);
	return ret;
}

static void __exit mod_node_exit(void)
{
	device_destroy(node_class, node_devt);
	cdev_del(&node_cdev);
	class_destroy(node_class);
	unregister_chrdev_region(node_devt, 1);
}

module_init(mod_node_init);
module_exit(mod_node_exit);
MODULE_DESCRIPTION("A character device to have open");
MODULE_LICENSE("GPL v2");
