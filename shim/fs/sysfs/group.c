// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attribute groups: all files of a group, or none of them, in a directory of
 * the group's name or, without a name, in the object's own. is_visible() and
 * is_bin_visible() give a file's mode; 0 leaves it out.
 */
#define pr_fmt(fmt) fmt

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/printk.h>

#include "fs/sysfs/sysfs.h"

#define GROUP_MODES (SYSFS_PREALLOC | 0664)

static void remove_files(struct kernfs_node *parent,
			 const struct attribute_group *grp)
{
	struct bin_attribute *const *battr;
	struct attribute *const *attr;

	for (attr = grp->attrs; attr && *attr; attr++)
		kernfs_remove_by_name(parent, (*attr)->name);
	for (battr = grp->bin_attrs; battr && *battr; battr++)
		kernfs_remove_by_name(parent, (*battr)->attr.name);
}

static umode_t group_mode(const struct attribute *attr, umode_t mode)
{
	WARN(mode & ~GROUP_MODES, "Attribute %s: Invalid permissions 0%o\n",
	     attr->name, mode);
	return mode & GROUP_MODES;
}

/* An update takes each file away and puts it back with what is visible now. */
static int create_file(struct kernfs_node *parent, struct kobject *kobj,
		       const struct attribute_group *grp, int i, bool update)
{
	struct attribute *attr = grp->attrs[i];
	umode_t mode = attr->mode;

	if (update)
		kernfs_remove_by_name(parent, attr->name);
	if (grp->is_visible) {
		mode = grp->is_visible(kobj, attr, i);
		if (!mode)
			return 0;
	}
	return sysfs_add_file(parent, attr, group_mode(attr, mode));
}

static int create_bin_file(struct kernfs_node *parent, struct kobject *kobj,
			   const struct attribute_group *grp, int i, bool update)
{
	struct bin_attribute *battr = grp->bin_attrs[i];
	umode_t mode = battr->attr.mode;

	if (update)
		kernfs_remove_by_name(parent, battr->attr.name);
	if (grp->is_bin_visible) {
		mode = grp->is_bin_visible(kobj, battr, i);
		if (!mode)
			return 0;
	}
	return sysfs_add_bin_file(parent, battr, group_mode(&battr->attr, mode));
}

static int create_files(struct kernfs_node *parent, struct kobject *kobj,
			const struct attribute_group *grp, bool update)
{
	int i, err = 0;

	for (i = 0; !err && grp->attrs && grp->attrs[i]; i++)
		err = create_file(parent, kobj, grp, i, update);
	for (i = 0; !err && grp->bin_attrs && grp->bin_attrs[i]; i++)
		err = create_bin_file(parent, kobj, grp, i, update);
	if (err)
		remove_files(parent, grp);
	return err;
}

/* The directory that the files go to, with a reference. */
static struct kernfs_node *group_dir(struct kobject *kobj,
				     const struct attribute_group *grp,
				     bool update)
{
	struct kernfs_node *kn;

	if (!grp->name) {
		kernfs_get(kobj->sd);
		return kobj->sd;
	}

	if (update) {
		kn = kernfs_find_and_get(kobj->sd, grp->name);
		if (kn)
			return kn;
		pr_warn("Can't update unknown attr grp name: %s/%s\n",
			kobj->name, grp->name);
		return ERR_PTR(-EINVAL);
	}

	kn = kernfs_create_dir(kobj->sd, grp->name, 0755, kobj);
	if (!IS_ERR(kn))
		kernfs_get(kn);
	else if (PTR_ERR(kn) == -EEXIST)
		sysfs_warn_dup(kobj->sd, grp->name);
	return kn;
}

static int create_group(struct kobject *kobj, const struct attribute_group *grp,
			bool update)
{
	struct kernfs_node *dir;
	int err;

	if (WARN_ON(!kobj || (!update && !kobj->sd)))
		return -EINVAL;
	/* an update may come before the object is added */
	if (!kobj->sd)
		return -EINVAL;
	if (WARN(!grp->attrs && !grp->bin_attrs,
		 "sysfs: (bin_)attrs not set by subsystem for group: %s/%s\n",
		 kobj->name, grp->name ? grp->name : ""))
		return -EINVAL;

	dir = group_dir(kobj, grp, update);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	err = create_files(dir, kobj, grp, update);
	if (err && grp->name && !update)
		kernfs_remove(dir);
	kernfs_put(dir);
	return err;
}

static int create_groups(struct kobject *kobj,
			 const struct attribute_group **groups, bool update)
{
	int i, err;

	for (i = 0; groups && groups[i]; i++) {
		err = create_group(kobj, groups[i], update);
		if (err)
			goto remove;
	}
	return 0;

remove:
	while (--i >= 0)
		sysfs_remove_group(kobj, groups[i]);
	return err;
}

/**
 * sysfs_create_group() - the files of a group
 * @kobj: an added object
 * @grp: the group; must stay as long as the files
 *
 * Context: may sleep; calls is_visible() of the group.
 *
 * Return: 0; -EINVAL (a splat) for a group without attributes or an object
 * that is not in sysfs; -EEXIST, said aloud; -ENOMEM. After an error there
 * is nothing of the group, nor files of its files' names, as in Linux.
 */
int sysfs_create_group(struct kobject *kobj, const struct attribute_group *grp)
{
	return create_group(kobj, grp, false);
}
EXPORT_SYMBOL_GPL(sysfs_create_group);

/**
 * sysfs_create_groups() - the files of several groups, or none
 * @kobj: an added object
 * @groups: the groups, ends with NULL; may be NULL
 *
 * Context: may sleep.
 *
 * Return: 0, or as sysfs_create_group().
 */
int sysfs_create_groups(struct kobject *kobj,
			const struct attribute_group **groups)
{
	return create_groups(kobj, groups, false);
}
EXPORT_SYMBOL_GPL(sysfs_create_groups);

/**
 * sysfs_update_groups() - sysfs_update_group() for several groups
 * @kobj: the object
 * @groups: the groups, ends with NULL; may be NULL
 *
 * Context: may sleep.
 *
 * Return: 0, or as sysfs_update_group(); after an error all groups before the
 * failed one are gone.
 */
int sysfs_update_groups(struct kobject *kobj,
			const struct attribute_group **groups)
{
	return create_groups(kobj, groups, true);
}
EXPORT_SYMBOL_GPL(sysfs_update_groups);

/**
 * sysfs_update_group() - ask again what is visible, and with which mode
 * @kobj: the object
 * @grp: the group; each file is taken away and put back
 *
 * Context: may sleep; calls is_visible() of the group and waits for callbacks
 * of its files.
 *
 * Return: 0, -EINVAL when there is no such group, or as sysfs_create_group().
 */
int sysfs_update_group(struct kobject *kobj, const struct attribute_group *grp)
{
	return create_group(kobj, grp, true);
}
EXPORT_SYMBOL_GPL(sysfs_update_group);

/**
 * sysfs_remove_group() - undo sysfs_create_group()
 * @kobj: the object, still in sysfs
 * @grp: the group; a named one that is not there is a splat
 *
 * Context: may sleep; waits for callbacks of the files.
 */
void sysfs_remove_group(struct kobject *kobj, const struct attribute_group *grp)
{
	struct kernfs_node *dir = kobj->sd;

	if (grp->name) {
		dir = kernfs_find_and_get(kobj->sd, grp->name);
		if (WARN(!dir, "sysfs group '%s' not found for kobject '%s'\n",
			 grp->name, kobject_name(kobj)))
			return;
	} else {
		kernfs_get(dir);
	}

	remove_files(dir, grp);
	if (grp->name)
		kernfs_remove(dir);
	kernfs_put(dir);
}
EXPORT_SYMBOL_GPL(sysfs_remove_group);

/**
 * sysfs_remove_groups() - sysfs_remove_group() for several groups
 * @kobj: the object, still in sysfs
 * @groups: the groups, ends with NULL; may be NULL
 *
 * Context: may sleep; waits for callbacks of the files.
 */
void sysfs_remove_groups(struct kobject *kobj,
			 const struct attribute_group **groups)
{
	for (; groups && *groups; groups++)
		sysfs_remove_group(kobj, *groups);
}
EXPORT_SYMBOL_GPL(sysfs_remove_groups);

/**
 * sysfs_merge_group() - more files in a named group that is there
 * @kobj: the object
 * @grp: the name, and the further files; is_visible() is not asked
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOENT without it, -EEXIST, -ENOMEM; after an error none of
 * the new files is there, nor one that was in the way of the one that failed.
 */
int sysfs_merge_group(struct kobject *kobj, const struct attribute_group *grp)
{
	struct kernfs_node *parent;
	int i, err = 0;

	parent = kernfs_find_and_get(kobj->sd, grp->name);
	if (!parent)
		return -ENOENT;

	for (i = 0; grp->attrs[i]; i++) {
		err = sysfs_add_file(parent, grp->attrs[i], grp->attrs[i]->mode);
		if (err)
			break;
	}
	if (err)
		for (; i >= 0; i--)
			kernfs_remove_by_name(parent, grp->attrs[i]->name);
	kernfs_put(parent);
	return err;
}
EXPORT_SYMBOL_GPL(sysfs_merge_group);

/**
 * sysfs_unmerge_group() - undo sysfs_merge_group()
 * @kobj: the object
 * @grp: as it was merged; no group of that name is no event
 *
 * Context: may sleep; waits for callbacks of the files.
 */
void sysfs_unmerge_group(struct kobject *kobj, const struct attribute_group *grp)
{
	struct kernfs_node *parent;
	struct attribute *const *attr;

	parent = kernfs_find_and_get(kobj->sd, grp->name);
	if (!parent)
		return;
	for (attr = grp->attrs; *attr; attr++)
		kernfs_remove_by_name(parent, (*attr)->name);
	kernfs_put(parent);
}
EXPORT_SYMBOL_GPL(sysfs_unmerge_group);

/**
 * sysfs_add_link_to_group() - a link in the directory of a group
 * @kobj: the object with the group
 * @group_name: of the group
 * @target: the object that the link leads to
 * @link_name: of the link
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOENT without the group or the target's directory; -EEXIST,
 * said aloud; -ENOMEM.
 */
int sysfs_add_link_to_group(struct kobject *kobj, const char *group_name,
			    struct kobject *target, const char *link_name)
{
	struct kernfs_node *parent;
	int err;

	parent = kernfs_find_and_get(kobj->sd, group_name);
	if (!parent)
		return -ENOENT;
	err = sysfs_create_link_sd(parent, target, link_name);
	kernfs_put(parent);
	return err;
}
EXPORT_SYMBOL_GPL(sysfs_add_link_to_group);

/**
 * sysfs_remove_link_from_group() - undo sysfs_add_link_to_group()
 * @kobj: the object with the group
 * @group_name: of the group; none of that name is no event
 * @link_name: of the link
 *
 * Context: may sleep.
 */
void sysfs_remove_link_from_group(struct kobject *kobj, const char *group_name,
				  const char *link_name)
{
	struct kernfs_node *parent;

	parent = kernfs_find_and_get(kobj->sd, group_name);
	if (!parent)
		return;
	kernfs_remove_by_name(parent, link_name);
	kernfs_put(parent);
}
EXPORT_SYMBOL_GPL(sysfs_remove_link_from_group);
