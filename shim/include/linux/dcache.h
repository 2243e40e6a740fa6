/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dentries: names in a directory, each with its inode. Only debugfs has them here
 * (fs/debugfs/inode.c); sysfs and /dev have nodes of their own, and there is no
 * cache: one that is not there is NULL, and none is negative.
 */
#ifndef __LINUX_DCACHE_H
#define __LINUX_DCACHE_H

#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <linux/wait.h>

struct inode;

struct qstr {
	u32 len;
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;	/* the root's is itself */
	struct qstr d_name;
	struct inode *d_inode;
	void *d_fsdata;			/* of its filesystem */
	/* the shim's own */
	refcount_t um_count;
	bool um_unlinked;
	void (*um_free)(struct dentry *dentry);
};

struct dentry *dget(struct dentry *dentry);
void dput(struct dentry *dentry);

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline bool d_unlinked(const struct dentry *dentry)
{
	return READ_ONCE(dentry->um_unlinked);
}
#define d_unhashed d_unlinked

#endif
