// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes of a node, which a program gives it and which go with it. The
 * youngest comes first, as in Linux up to 6.1.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fs/kernfs/kernfs-internal.h"
#include "umdev/umdev.h"

/* Under kernfs_rwsem. */
struct kernfs_xattr {
	struct kernfs_xattr *next;
	const char *name;
	size_t size;
	char value[];
};

static struct kernfs_xattr **find(struct kernfs_node *kn, const char *name)
{
	struct kernfs_xattr **at = &kn->xattrs;

	while (*at && strcmp((*at)->name, name))
		at = &(*at)->next;
	return at;
}

static void xattr_free(struct kernfs_xattr *xattr)
{
	if (xattr)
		kfree(xattr->name);
	kfree(xattr);
}

/* NULL: no memory */
static struct kernfs_xattr *xattr_new(const char *name, const void *value, size_t size)
{
	struct kernfs_xattr *xattr = kmalloc(struct_size(xattr, value, size), GFP_KERNEL);

	if (!xattr)
		return NULL;
	xattr->name = kstrdup(name, GFP_KERNEL);
	if (!xattr->name) {
		kfree(xattr);
		return NULL;
	}
	xattr->size = size;
	memcpy(xattr->value, value, size);
	return xattr;
}

ssize_t kernfs_xattr_get(struct kernfs_node *kn, const char *name, void *value, size_t size)
{
	struct kernfs_xattr *xattr;
	ssize_t ret = -ENODATA;

	down_read(&kernfs_rwsem);
	xattr = *find(kn, name);
	if (xattr) {
		ret = xattr->size;
		if (size && size < xattr->size)
			ret = -ERANGE;
		else if (size)
			memcpy(value, xattr->value, xattr->size);
	}
	up_read(&kernfs_rwsem);
	return ret;
}

static int check_there(bool is_there, int flags)
{
	if (is_there && flags & UM_XATTR_CREATE)
		return -EEXIST;
	return !is_there && flags & UM_XATTR_REPLACE ? -ENODATA : 0;
}

/* @value NULL: it goes */
int kernfs_xattr_set(struct kernfs_node *kn, const char *name, const void *value, size_t size,
		     int flags)
{
	struct kernfs_xattr *new = NULL, *old, **at;
	int err;

	if (value) {
		new = xattr_new(name, value, size);
		if (!new)
			return -ENOMEM;
	}
	down_write(&kernfs_rwsem);
	at = find(kn, name);
	old = *at;
	err = check_there(old, flags);
	if (!err && new) {
		new->next = old ? old->next : kn->xattrs;
		*(old ? at : &kn->xattrs) = new;
	} else if (!err && old) {
		*at = old->next;
	}
	up_write(&kernfs_rwsem);
	xattr_free(err ? new : old);
	return err;
}

ssize_t kernfs_xattr_list(struct kernfs_node *kn, char *list, size_t size)
{
	struct kernfs_xattr *xattr;
	ssize_t used = 0;

	down_read(&kernfs_rwsem);
	for (xattr = kn->xattrs; xattr && used >= 0; xattr = xattr->next) {
		size_t len = strlen(xattr->name) + 1;

		if (size && used + len > size) {
			used = -ERANGE;
			break;
		}
		if (size)
			memcpy(list + used, xattr->name, len);
		used += len;
	}
	up_read(&kernfs_rwsem);
	return used;
}

/* It is freed: nobody looks at it any more. */
void kernfs_xattrs_free(struct kernfs_node *kn)
{
	struct kernfs_xattr *xattr;

	while ((xattr = kn->xattrs)) {
		kn->xattrs = xattr->next;
		xattr_free(xattr);
	}
}
