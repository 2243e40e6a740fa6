// SPDX-License-Identifier: GPL-2.0-only
/* A module that forgets a kobject, and takes a reference on it that it never gives back. */
#include <linux/kobject.h>
#include <linux/module.h>

static struct kobject *forgotten;

static int __init leaky_init(void)
{
	forgotten = kobject_create_and_add("leaky", NULL);
	if (!forgotten)
		return -ENOMEM;
	kobject_get(forgotten);
	return 0;
}

static void __exit leaky_exit(void)
{
}

module_init(leaky_init);
module_exit(leaky_exit);
MODULE_DESCRIPTION("Leaves a kobject behind");
MODULE_LICENSE("GPL");
