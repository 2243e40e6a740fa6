// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that forgets a kobject, and takes a reference on it that it never
 * gives back; or (left=code, left=data) an object that needs the module for
 * its end.
 */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *left = "object";
module_param(left, charp, 0444);
MODULE_PARM_DESC(left, "what is left: object, code (its release), data (its type)");

static struct kobject *forgotten;

static void leaky_release(struct kobject *kobj)
{
	kfree(kobj);
}

static const struct kobj_type leaky_ktype = { .release = leaky_release };

static int leaky_add(const struct kobj_type *type)
{
	int err;

	forgotten = kzalloc(sizeof(*forgotten), GFP_KERNEL);
	if (!forgotten || !type)
		return -ENOMEM;
	err = kobject_init_and_add(forgotten, type, NULL, "leaky");
	if (err)
		kobject_put(forgotten);
	return err;
}

static int __init leaky_init(void)
{
	if (!strcmp(left, "data"))
		return leaky_add(&leaky_ktype);
	if (!strcmp(left, "code"))
		return leaky_add(kmemdup(&leaky_ktype, sizeof(leaky_ktype), GFP_KERNEL));
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
