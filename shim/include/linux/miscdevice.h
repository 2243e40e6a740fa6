/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Character devices of one minor number each, under major 10
 * (drivers/char/misc.c).
 */
#ifndef _LINUX_MISCDEVICE_H
#define _LINUX_MISCDEVICE_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/major.h>
#include <linux/module.h>
#include <linux/types.h>

#define VFIO_MINOR		196
#define MISC_DYNAMIC_MINOR	255

struct attribute_group;
struct file_operations;

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	struct device *parent;
	struct device *this_device;
	const struct attribute_group **groups;
	const char *nodename;
	umode_t mode;
};

int misc_register(struct miscdevice *misc);
void misc_deregister(struct miscdevice *misc);

#define builtin_misc_device(misc) builtin_driver(misc, misc_register)
#define module_misc_device(misc) \
	module_driver(misc, misc_register, misc_deregister)

#endif
