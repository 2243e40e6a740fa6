// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories of kobjects. kobj->sd is set while the object is in sysfs;
 * its owner alone changes it, under sysfs_symlink_target_lock when it goes.
 */
#define pr_fmt(fmt) "sysfs: " fmt

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kobject.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "fs/sysfs/sysfs.h"

DEFINE_SPINLOCK(sysfs_symlink_target_lock);

/* Says which name is taken, and who wanted it. */
void sysfs_warn_dup(struct kernfs_node *parent, const char *name)
{
	char *path;

	path = kzalloc(PATH_MAX, GFP_KERNEL);
	if (path)
		kernfs_path(parent, path, PATH_MAX);
	pr_warn("cannot create duplicate filename '%s/%s'\n",
		path ? path : "(null)", name);
	dump_stack();
	kfree(path);
}

/**
 * sysfs_create_dir_ns() - the directory of an object that has its name
 * @kobj: the object
 * @ns: NULL
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOENT when the parent has none; -EEXIST, said aloud; -ENOMEM.
 */
int sysfs_create_dir_ns(struct kobject *kobj, const void *ns)
{
	struct kernfs_node *parent, *kn;

	if (WARN_ON(!kobj || ns))
		return -EINVAL;

	parent = kobj->parent ? kobj->parent->sd : sysfs_root_kn;
	if (!parent)
		return -ENOENT;

	kn = kernfs_create_dir(parent, kobject_name(kobj), 0755, kobj);
	if (IS_ERR(kn)) {
		if (PTR_ERR(kn) == -EEXIST)
			sysfs_warn_dup(parent, kobject_name(kobj));
		return PTR_ERR(kn);
	}
	kobj->sd = kn;
	return 0;
}

/* With everything in it; waits for callbacks of its files. */
void sysfs_remove_dir(struct kobject *kobj)
{
	struct kernfs_node *kn = kobj->sd;

	spin_lock(&sysfs_symlink_target_lock);
	kobj->sd = NULL;
	spin_unlock(&sysfs_symlink_target_lock);

	if (!kn)
		return;
	WARN_ON_ONCE(kn->type != KERNFS_DIR);
	kernfs_remove(kn);
}

int sysfs_rename_dir_ns(struct kobject *kobj, const char *new_name,
			const void *new_ns)
{
	struct kernfs_node *parent;
	int err;

	parent = kernfs_get_parent(kobj->sd);
	err = kernfs_rename(kobj->sd, parent, new_name);
	kernfs_put(parent);
	return err;
}

int sysfs_move_dir_ns(struct kobject *kobj, struct kobject *new_parent_kobj,
		      const void *new_ns)
{
	struct kernfs_node *new_parent = sysfs_root_kn;

	if (new_parent_kobj && new_parent_kobj->sd)
		new_parent = new_parent_kobj->sd;
	return kernfs_rename(kobj->sd, new_parent, kobj->sd->name);
}
