/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where an open file stands. Here only files of debugfs have a dentry: of all
 * others it is NULL, and nothing is known of mounts.
 */
#ifndef _LINUX_PATH_H
#define _LINUX_PATH_H

struct dentry;
struct vfsmount;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

#endif
