/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of debugfs share: an entry, and who is in its operations. */
#ifndef UMDEV_DEBUGFS_INTERNAL_H
#define UMDEV_DEBUGFS_INTERNAL_H

#include <linux/completion.h>
#include <linux/container_of.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/rwsem.h>

/**
 * struct debugfs_entry - a directory, a file or a link
 * @dentry:   what drivers have of it; d_fsdata is a struct debugfs_users, or NULL
 *	      before anybody has used the file
 * @inode:    the dentry's
 * @key:      its position in the directory: the newest has the largest
 * @siblings: of @children of its parent
 * @children: of a directory, the newest first
 * @dead:     of a directory that is being removed: nothing comes in any more
 * @rwsem:    of a directory: held to put something into it, to take something out
 *	      and wait for its users, and to look for a name that is not there
 * @fops:     the driver's operations of a file
 * @link:     the target of a link
 * @name:     what dentry.d_name points at
 *
 * Everything but the operations is guarded by debugfs_lock (inode.c), inside of
 * @rwsem, of which nobody holds two.
 */
struct debugfs_entry {
	struct dentry dentry;
	struct inode inode;
	u64 key;
	struct list_head siblings, children;
	bool dead;
	struct rw_semaphore rwsem;
	const struct file_operations *fops;
	char *link;
	char name[];
};

/* Removal holds the first of the users, and waits until the others have gone. */
struct debugfs_users {
	refcount_t active;
	struct completion drained;
};

static inline struct debugfs_entry *to_entry(const struct dentry *dentry)
{
	return container_of(dentry, struct debugfs_entry, dentry);
}

extern const struct file_operations debugfs_noop_file_operations;
extern const struct file_operations debugfs_open_proxy_file_operations;
extern const struct file_operations debugfs_full_proxy_file_operations;

#endif
