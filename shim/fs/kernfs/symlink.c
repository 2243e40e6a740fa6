// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbolic links. A link holds the node it points at, not a text: the text
 * is computed when it is read, relative, from where both are at that time.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "fs/kernfs/kernfs-internal.h"

/**
 * kernfs_create_link() - a link in a directory
 * @parent: the directory
 * @name: of the link
 * @target: the node it leads to; held by the link
 *
 * Context: may sleep.
 *
 * Return: the tree's node, or ERR_PTR(): -EEXIST, -ENOENT, -ENOMEM.
 */
struct kernfs_node *kernfs_create_link(struct kernfs_node *parent,
				       const char *name,
				       struct kernfs_node *target)
{
	struct kernfs_node *kn;
	int err;

	kn = kernfs_new_node(parent, name, S_IFLNK | 0777, KERNFS_LINK, NULL);
	if (!kn)
		return ERR_PTR(-ENOMEM);
	kernfs_get(target);
	kn->symlink.target = target;

	err = kernfs_add_one(kn);
	if (err) {
		kernfs_put(kn);
		return ERR_PTR(err);
	}
	return kn;
}

static bool is_below(const struct kernfs_node *kn, const struct kernfs_node *dir)
{
	do {
		kn = kn->parent;
	} while (kn && kn != dir);
	return kn;
}

/*
 * "../" for each step from the link's directory to the first ancestor that
 * the target lies below (the root at the latest), then the names from there
 * to the target.
 */
static int link_text(struct kernfs_node *link, char *path)
{
	struct kernfs_node *target = link->symlink.target;
	struct kernfs_node *base = link->parent, *kn;
	size_t up = 0, len = 0, n;

	while (base->parent && !is_below(target, base)) {
		if (up + 3 >= PATH_MAX)
			return -ENAMETOOLONG;
		memcpy(path + up, "../", 3);
		up += 3;
		base = base->parent;
	}

	for (kn = target; kn->parent && kn != base; kn = kn->parent)
		len += strlen(kn->name) + 1;
	if (len < 2)
		return -EINVAL;
	len--;
	if (up + len >= PATH_MAX)
		return -ENAMETOOLONG;

	path[up + len] = '\0';
	for (kn = target; ; kn = kn->parent) {
		n = strlen(kn->name);
		len -= n;
		memcpy(path + up + len, kn->name, n);
		if (!len)
			return 0;
		path[up + --len] = '/';
	}
}

/**
 * kernfs_link_target() - what readlink() gives
 * @link: the link
 * @path: PATH_MAX bytes; NUL-terminated on return
 *
 * Context: may sleep.
 *
 * Return: 0, -EINVAL for a link to the root, -ENAMETOOLONG.
 */
int kernfs_link_target(struct kernfs_node *link, char *path)
{
	int err;

	down_read(&kernfs_rwsem);
	err = link_text(link, path);
	up_read(&kernfs_rwsem);
	return err;
}
