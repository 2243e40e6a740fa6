/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of fs/sysfs/. */
#ifndef SYSFS_INTERNAL_H
#define SYSFS_INTERNAL_H

#include <linux/spinlock.h>
#include <linux/sysfs.h>

#include "fs/kernfs/kernfs-internal.h"

extern struct kernfs_node *sysfs_root_kn;

/*
 * kobj->sd goes when its owner removes it. Those who are not the owner, who
 * link to it, read it under this lock.
 */
extern spinlock_t sysfs_symlink_target_lock;

void sysfs_warn_dup(struct kernfs_node *parent, const char *name);
int sysfs_add_file(struct kernfs_node *parent, const struct attribute *attr,
		   umode_t mode);
int sysfs_add_bin_file(struct kernfs_node *parent,
		       const struct bin_attribute *battr, umode_t mode);
int sysfs_create_link_sd(struct kernfs_node *kn, struct kobject *target,
			 const char *name);

#endif
