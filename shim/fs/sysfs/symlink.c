// SPDX-License-Identifier: GPL-2.0-only
/* Links between the directories of kobjects. */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kobject.h>

#include "fs/sysfs/sysfs.h"

/* The directory of an object that is not ours, with a reference, or NULL. */
static struct kernfs_node *target_dir(struct kobject *target)
{
	struct kernfs_node *kn;

	spin_lock(&sysfs_symlink_target_lock);
	kn = target->sd;
	kernfs_get(kn);
	spin_unlock(&sysfs_symlink_target_lock);
	return kn;
}

static int do_create_link(struct kernfs_node *parent, struct kobject *target_kobj,
			  const char *name, bool warn)
{
	struct kernfs_node *kn, *target;

	if (WARN_ON(!name || !parent))
		return -EINVAL;

	target = target_dir(target_kobj);
	if (!target)
		return -ENOENT;
	kn = kernfs_create_link(parent, name, target);
	kernfs_put(target);

	if (!IS_ERR(kn))
		return 0;
	if (warn && PTR_ERR(kn) == -EEXIST)
		sysfs_warn_dup(parent, name);
	return PTR_ERR(kn);
}

int sysfs_create_link_sd(struct kernfs_node *kn, struct kobject *target,
			 const char *name)
{
	return do_create_link(kn, target, name, true);
}

static struct kernfs_node *dir_of(struct kobject *kobj)
{
	return kobj ? kobj->sd : sysfs_root_kn;
}

/**
 * sysfs_create_link() - a link to an object's directory
 * @kobj: where; NULL for the root of sysfs
 * @target: the object that the link leads to
 * @name: of the link
 *
 * Context: may sleep.
 *
 * Return: 0; -EFAULT when @kobj is not in sysfs; -ENOENT when @target is not;
 * -EINVAL, with a splat, without a name; -EEXIST, said aloud; -ENOMEM.
 */
int sysfs_create_link(struct kobject *kobj, struct kobject *target,
		      const char *name)
{
	if (!dir_of(kobj))
		return -EFAULT;
	return do_create_link(dir_of(kobj), target, name, true);
}
EXPORT_SYMBOL_GPL(sysfs_create_link);

/**
 * sysfs_create_link_nowarn() - as sysfs_create_link(), silent about -EEXIST
 * @kobj: where; NULL for the root of sysfs
 * @target: the object that the link leads to
 * @name: of the link
 *
 * Context: may sleep.
 *
 * Return: as sysfs_create_link().
 */
int sysfs_create_link_nowarn(struct kobject *kobj, struct kobject *target,
			     const char *name)
{
	if (!dir_of(kobj))
		return -EFAULT;
	return do_create_link(dir_of(kobj), target, name, false);
}
EXPORT_SYMBOL_GPL(sysfs_create_link_nowarn);

/* For links of objects with namespaces in Linux; the same here. */
void sysfs_delete_link(struct kobject *kobj, struct kobject *targ,
		       const char *name)
{
	kernfs_remove_by_name(kobj->sd, name);
}

/**
 * sysfs_remove_link() - remove a link
 * @kobj: where; NULL for the root of sysfs
 * @name: of the link; none of that name is no event
 *
 * Context: may sleep.
 */
void sysfs_remove_link(struct kobject *kobj, const char *name)
{
	kernfs_remove_by_name(dir_of(kobj), name);
}
EXPORT_SYMBOL_GPL(sysfs_remove_link);

/**
 * sysfs_rename_link_ns() - give a link another name
 * @kobj: where; NULL for the root of sysfs
 * @targ: the object that the link must lead to
 * @old: its name
 * @new: the new one
 * @new_ns: NULL
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOENT, -EINVAL when it is no link to @targ, -EEXIST, -ENOMEM.
 */
int sysfs_rename_link_ns(struct kobject *kobj, struct kobject *targ,
			 const char *old, const char *new, const void *new_ns)
{
	struct kernfs_node *parent = dir_of(kobj), *kn;
	int err = -EINVAL;

	kn = kernfs_find_and_get(parent, old);
	if (!kn)
		return -ENOENT;
	if (kn->type == KERNFS_LINK && kn->symlink.target->priv == targ)
		err = kernfs_rename(kn, parent, new);
	kernfs_put(kn);
	return err;
}
EXPORT_SYMBOL_GPL(sysfs_rename_link_ns);
