// SPDX-License-Identifier: GPL-2.0-only
/*
 * The root of sysfs, mounted on /sys at boot and for ever; and directories in it for
 * other filesystems to be mounted on.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kobject.h>

#include "fs/sysfs/sysfs.h"

struct kernfs_node *sysfs_root_kn;

/* A second boot of the same process finds the tree in place. */
static int sysfs_init(void)
{
	if (sysfs_root_kn)
		return 0;
	sysfs_root_kn = kernfs_new_root();
	if (!sysfs_root_kn)
		return -ENOMEM;
	return kernfs_mount("/sys", sysfs_root_kn);
}
pure_initcall(sysfs_init);

/**
 * sysfs_create_mount_point() - an empty directory that nothing can be put into
 * @parent_kobj: in whose directory
 * @name: its name
 *
 * Context: may sleep.
 *
 * Return: 0; -EEXIST, said aloud; -ENOENT while the parent is being removed; -ENOMEM.
 */
int sysfs_create_mount_point(struct kobject *parent_kobj, const char *name)
{
	struct kernfs_node *kn = kernfs_create_dir(parent_kobj->sd, name, 0755, NULL);

	if (PTR_ERR_OR_ZERO(kn) == -EEXIST)
		sysfs_warn_dup(parent_kobj->sd, name);
	return PTR_ERR_OR_ZERO(kn);
}
EXPORT_SYMBOL_GPL(sysfs_create_mount_point);

/**
 * sysfs_remove_mount_point() - undo sysfs_create_mount_point()
 * @parent_kobj: in whose directory
 * @name: its name
 *
 * Context: may sleep.
 */
void sysfs_remove_mount_point(struct kobject *parent_kobj, const char *name)
{
	kernfs_remove_by_name(parent_kobj->sd, name);
}
EXPORT_SYMBOL_GPL(sysfs_remove_mount_point);
