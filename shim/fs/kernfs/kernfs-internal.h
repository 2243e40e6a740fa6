/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree below /sys: what sysfs, and only sysfs, builds on.
 *
 * Two counts per node. kn->count keeps the memory: one for being in the tree,
 * one per child, one per link that points at it, one per lookup and open
 * file. kn->active keeps what the callbacks use: each running callback holds
 * one, and removal waits until all are gone. KN_DEACTIVATED_BIAS is added
 * when removal begins, after which no new one is to be had.
 *
 * kernfs_rwsem guards the shape of the tree and kn->flags; kn->parent and
 * kn->name change under it and kernfs_rename_lock both.
 */
#ifndef KERNFS_INTERNAL_H
#define KERNFS_INTERNAL_H

#include <linux/atomic.h>
#include <linux/kernfs.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/types.h>
#include <linux/wait.h>

struct file;
struct kernfs_open_file;
struct kernfs_xattr;

/* A hash has 31 bits, as positions have: see kn->key. */
#define KERNFS_KEY_SHIFT	33

#define KN_DEACTIVATED_BIAS	(-0x7fffffff)

enum kernfs_node_type {
	KERNFS_DIR,
	KERNFS_FILE,
	KERNFS_LINK,
};

/* kn->flags */
#define KERNFS_REMOVING		0x01
#define KERNFS_SUICIDAL		0x02	/* somebody's kernfs_remove_self() won */

/* A file is read by show() as a whole, or by read() piece by piece. */
struct kernfs_ops {
	ssize_t (*show)(struct kernfs_open_file *of, char *page);
	ssize_t (*read)(struct kernfs_open_file *of, char *buf, size_t count,
			loff_t pos);
	ssize_t (*write)(struct kernfs_open_file *of, char *buf, size_t count,
			 loff_t pos);
	/* read() and write() use a page allocated at open */
	bool prealloc;
};

/* What the open files of one node share. */
struct kernfs_open_node {
	unsigned int files;
	atomic_t event;		/* counts kernfs_notify() */
	wait_queue_head_t poll;
};

struct kernfs_node {
	/*
	 * Siblings are ordered by key: the name's hash in the upper bits, in
	 * the others a number that tells equal hashes apart. Reading a
	 * directory goes by it, and the hash is the position that a program
	 * sees, so the key stays while the node does.
	 */
	u64 key;
	struct kernfs_node *next;	/* in its bucket, by key */

	atomic_t count;
	atomic_t active;

	struct kernfs_node *parent;
	const char *name;
	u64 ino;
	void *priv;		/* sysfs: the kobject, or the attribute */

	u8 type;		/* enum kernfs_node_type; never changes */
	u8 flags;
	bool linked;		/* in a bucket of its parent */
	bool suicided;		/* a kernfs_remove_self() has removed it */
	umode_t mode;

	union {
		struct {
			/* 1 << bits of them; NULL: the one below */
			struct kernfs_node **buckets;
			struct kernfs_node *bucket;
			u32 children;
			u32 subdirs;	/* directories among them */
			u32 first;	/* no bucket before it has any */
			u8 bits;
		} dir;
		struct {
			struct kernfs_node *target;
		} symlink;
		struct {
			const struct kernfs_ops *ops;
			loff_t size;
			struct kernfs_open_node *open;
		} attr;
	};

	struct kernfs_xattr *xattrs;	/* inode.c */

	bool lockdep;		/* the active reference is a lock of dep_map */
	struct lockdep_map dep_map;
};

struct kernfs_open_file {
	struct kernfs_node *kn;
	struct file *file;
	struct mutex mutex;	/* outside the active reference */
	int event;		/* node's event count at the last read */
	char *prealloc_buf;
	struct mutex prealloc_mutex;

	/* What show() gave: buf[from, from + count) is still to be read. */
	struct mutex seq_lock;
	char *buf;
	size_t from, count;
	loff_t read_pos;	/* file position that buf[from] is */
	bool shown;		/* the one record has been fetched */
};

extern struct rw_semaphore kernfs_rwsem;

/* dir.c */
extern atomic64_t kernfs_passed;
struct kernfs_node *kernfs_new_root(void);
struct kernfs_node *kernfs_new_node(struct kernfs_node *parent, const char *name,
				    umode_t mode, enum kernfs_node_type type,
				    struct lock_class_key *key);
int kernfs_add_one(struct kernfs_node *kn);
struct kernfs_node *kernfs_create_dir(struct kernfs_node *parent,
				      const char *name, umode_t mode, void *priv);
int kernfs_path(struct kernfs_node *kn, char *buf, size_t buflen);
struct kernfs_node *kernfs_find(struct kernfs_node *parent, const char *name,
				size_t len);
struct kernfs_node *kernfs_child_from(struct kernfs_node *dir, u64 key);
struct kernfs_node *kernfs_get_parent(struct kernfs_node *kn);
void kernfs_remove(struct kernfs_node *kn);
int kernfs_remove_by_name(struct kernfs_node *parent, const char *name);
bool kernfs_remove_self(struct kernfs_node *kn);
int kernfs_rename(struct kernfs_node *kn, struct kernfs_node *new_parent,
		  const char *new_name);
bool kernfs_active(struct kernfs_node *kn);
bool kernfs_get_active(struct kernfs_node *kn);
void kernfs_put_active(struct kernfs_node *kn);
void kernfs_break_active_protection(struct kernfs_node *kn);
void kernfs_unbreak_active_protection(struct kernfs_node *kn);

/* file.c */
struct kernfs_node *kernfs_create_file(struct kernfs_node *parent,
				       const char *name, umode_t mode,
				       loff_t size, const struct kernfs_ops *ops,
				       void *priv, struct lock_class_key *key);
int kernfs_open(struct kernfs_node *kn, struct file *file);

/* inode.c */
ssize_t kernfs_xattr_get(struct kernfs_node *kn, const char *name, void *value, size_t size);
int kernfs_xattr_set(struct kernfs_node *kn, const char *name, const void *value, size_t size,
		     int flags);
ssize_t kernfs_xattr_list(struct kernfs_node *kn, char *list, size_t size);
void kernfs_xattrs_free(struct kernfs_node *kn);

/* symlink.c */
struct kernfs_node *kernfs_create_link(struct kernfs_node *parent,
				       const char *name,
				       struct kernfs_node *target);
int kernfs_link_target(struct kernfs_node *link, char *path);

/* mount.c */
int kernfs_mount(const char *path, struct kernfs_node *root);

#endif
