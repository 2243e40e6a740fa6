/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernfs as users of sysfs see it: nodes, opaque and reference counted.
 * Filesystems of a module's own on kernfs (roots, kernfs_ops) are left out;
 * so are namespaces, owners and extended attributes. See fs/kernfs/dir.c.
 */
#ifndef _LINUX_KERNFS_H
#define _LINUX_KERNFS_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/idr.h>

struct kernfs_node;

void kernfs_get(struct kernfs_node *kn);
void kernfs_put(struct kernfs_node *kn);

struct kernfs_node *kernfs_find_and_get_ns(struct kernfs_node *parent,
					   const char *name, const void *ns);

static inline struct kernfs_node *
kernfs_find_and_get(struct kernfs_node *kn, const char *name)
{
	return kernfs_find_and_get_ns(kn, name, NULL);
}

void kernfs_notify(struct kernfs_node *kn);

#endif
