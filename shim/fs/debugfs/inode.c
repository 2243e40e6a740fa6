// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: a tree of files that drivers make, on /sys/kernel/debug.
 *
 * An entry lives by references: that of the tree, which removal drops, those of
 * open files and of walks. Removal takes the entries below first, the newest of
 * siblings before the others, and waits after each file for the operations that
 * run in it (file.c): then what the file led to may be freed. Whoever still has it
 * open gets -EIO, and may close it. Meanwhile nobody lists its directory, makes
 * anything there, or looks for a name that is not there.
 *
 * Whoever makes something may hand in an error in place of the directory, and gets
 * that back; so drivers look at none of the results.
 *
 * Left out: other names for what is there, automounts, options of the mount, locked down kernels, entries that the
 * root user makes or removes, "debugfs=off".
 */
#define pr_fmt(fmt) "debugfs: " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "check/op.h"
#include "fs/debugfs/internal.h"
#include "fs/internal.h"
#include "host/host.h"

/* Guards the tree; never held while somebody is waited for. */
static DEFINE_MUTEX(debugfs_lock);
static u64 last_key = 1;
static struct debugfs_entry root = {
	.dentry = {
		.d_parent = &root.dentry, .d_inode = &root.inode,
		.d_name = { .len = 1, .name = (const unsigned char *)"/" },
		.um_count = REFCOUNT_INIT(1),
	},
	.inode = { .i_mode = S_IFDIR | 0700, .i_ino = 1 },
	.siblings = LIST_HEAD_INIT(root.siblings),
	.children = LIST_HEAD_INIT(root.children),
	.rwsem = __RWSEM_INITIALIZER(root.rwsem),
};
static bool mounted;

/* ---- entries -------------------------------------------------------------- */

static void describe_entry(const void *obj, char *buf, size_t size)
{
	const struct dentry *dentry = obj;

	host_snprintf(buf, size, "%s/%s", (const char *)dentry->d_parent->d_name.name,
		      (const char *)dentry->d_name.name);
}

static void free_entry(struct dentry *dentry)
{
	struct debugfs_entry *e = to_entry(dentry);
	struct dentry *parent = dentry->d_parent;

	um_object_freed(dentry);
	kfree(dentry->d_fsdata);
	kfree(e->link);
	kfree(e);
	dput(parent);
}

static struct debugfs_entry *find(struct debugfs_entry *dir, const char *name, size_t len)
{
	struct debugfs_entry *e;

	list_for_each_entry(e, &dir->children, siblings)
		if (e->dentry.d_name.len == len && !memcmp(e->name, name, len))
			return e;
	return NULL;
}

/* With a reference for the caller, or NULL. */
static struct debugfs_entry *find_get(struct debugfs_entry *dir, const char *name, size_t len)
{
	struct debugfs_entry *e;

	mutex_lock(&debugfs_lock);
	e = find(dir, name, len);
	if (e)
		dget(&e->dentry);
	mutex_unlock(&debugfs_lock);
	return e;
}

/* What is there is found at once; what is not may just be on its way. */
static struct debugfs_entry *lookup(struct debugfs_entry *dir, const char *name, size_t len)
{
	struct debugfs_entry *e = find_get(dir, name, len);

	if (!e) {
		down_read(&dir->rwsem);
		e = find_get(dir, name, len);
		up_read(&dir->rwsem);
	}
	return e;
}

static struct debugfs_entry *new_entry(const char *name, umode_t mode, struct dentry *parent)
{
	size_t len = strlen(name);
	struct debugfs_entry *e = kzalloc(sizeof(*e) + len + 1, GFP_KERNEL);

	if (!e) {
		pr_err("out of free dentries, can not create %s '%s'\n",
		       S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "symlink" : "file", name);
		return NULL;
	}
	memcpy(e->name, name, len);
	e->dentry.d_parent = dget(parent);
	e->dentry.d_name.name = (const unsigned char *)e->name;
	e->dentry.d_name.len = len;
	e->dentry.d_inode = &e->inode;
	e->dentry.um_free = free_entry;
	refcount_set(&e->dentry.um_count, 1);
	e->inode.i_mode = mode;
	INIT_LIST_HEAD(&e->children);
	init_rwsem(&e->rwsem);
	/* an operation of a file may make others elsewhere: what waits is told when it does */
	lockdep_set_novalidate_class(&e->rwsem);
	um_object_new(&e->dentry, "debugfs entry", describe_entry);
	return e;
}

/* Puts it into its directory; or says why not. */
static int link_entry(struct debugfs_entry *e)
{
	const char *parent = (const char *)e->dentry.d_parent->d_name.name;
	struct debugfs_entry *dir = to_entry(e->dentry.d_parent), *old;
	int err = -ENOENT;

	down_write(&dir->rwsem);
	mutex_lock(&debugfs_lock);
	if (dir->dead)
		goto unlock;
	old = find(dir, e->name, e->dentry.d_name.len);
	if (old) {
		err = -EEXIST;
		if (S_ISDIR(old->inode.i_mode))
			pr_err("Directory '%s' with parent '%s' already present!\n", e->name,
			       parent);
		else
			pr_err("File '%s' in directory '%s' already present!\n", e->name, parent);
		goto unlock;
	}
	e->key = ++last_key;
	e->inode.i_ino = e->key;
	list_add(&e->siblings, &dir->children);
	err = 0;
unlock:
	mutex_unlock(&debugfs_lock);
	up_write(&dir->rwsem);
	return err;
}

static struct dentry *create(const char *name, umode_t mode, struct dentry *parent, void *data,
			     const struct file_operations *i_fop,
			     const struct file_operations *fops, char *link)
{
	struct debugfs_entry *e;
	int err;

	if (IS_ERR(parent)) {
		kfree(link);
		return parent;
	}
	e = new_entry(name, mode, parent ?: &root.dentry);
	if (!e) {
		kfree(link);
		return ERR_PTR(-ENOMEM);
	}
	e->inode.i_private = data;
	e->inode.i_fop = i_fop;
	e->fops = fops;
	e->link = link;
	err = link_entry(e);
	if (!err)
		return &e->dentry;
	dput(&e->dentry);
	return ERR_PTR(err);
}

static umode_t regular(umode_t mode)
{
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	BUG_ON(!S_ISREG(mode));
	return mode;
}

/* ---- what drivers call ---------------------------------------------------- */

/**
 * debugfs_initialized() - is there a debugfs?
 *
 * Return: true once the kernel has booted.
 */
bool debugfs_initialized(void)
{
	return mounted;
}
EXPORT_SYMBOL_GPL(debugfs_initialized);

/**
 * debugfs_create_file() - a file whose operations no removal comes in between
 * @name:   its name in the directory; copied
 * @mode:   its permissions
 * @parent: the directory, NULL for the topmost; an ERR_PTR() is given back
 * @data:   inode->i_private, for @fops' open()
 * @fops:   may be NULL, for a file that is empty and ignores what is written
 *
 * llseek, read, write, poll and unlocked_ioctl are called between
 * debugfs_file_get() and debugfs_file_put(), so that debugfs_remove() waits for them.
 * mmap is not there; release is always called, even when the file is gone.
 *
 * Context: may sleep.
 * Return: for debugfs_remove(); an ERR_PTR(): -EEXIST, said aloud; -ENOENT when the
 * directory is being removed; -ENOMEM. Nobody needs to look at it.
 */
struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct file_operations *fops)
{
	return create(name, regular(mode), parent, data,
		      fops ? &debugfs_full_proxy_file_operations : &debugfs_noop_file_operations,
		      fops, NULL);
}
EXPORT_SYMBOL_GPL(debugfs_create_file);

/**
 * debugfs_create_file_unsafe() - a file whose operations take care of removal
 * @name:   as for debugfs_create_file()
 * @mode:   likewise
 * @parent: likewise
 * @data:   likewise
 * @fops:   called directly once the file is open, mmap as well: what they touch is
 *	    to lie between debugfs_file_get() and debugfs_file_put()
 *
 * Context: may sleep.
 * Return: as debugfs_create_file().
 */
struct dentry *debugfs_create_file_unsafe(const char *name, umode_t mode, struct dentry *parent,
					  void *data, const struct file_operations *fops)
{
	return create(name, regular(mode), parent, data,
		      fops ? &debugfs_open_proxy_file_operations : &debugfs_noop_file_operations,
		      fops, NULL);
}
EXPORT_SYMBOL_GPL(debugfs_create_file_unsafe);

/**
 * debugfs_create_file_size() - debugfs_create_file() with a size for stat()
 * @name:      as for that
 * @mode:      likewise
 * @parent:    likewise
 * @data:      likewise
 * @fops:      likewise
 * @file_size: bytes
 *
 * Context: may sleep.
 */
void debugfs_create_file_size(const char *name, umode_t mode, struct dentry *parent, void *data,
			      const struct file_operations *fops, loff_t file_size)
{
	struct dentry *dentry = debugfs_create_file(name, mode, parent, data, fops);

	if (!IS_ERR(dentry))
		WRITE_ONCE(d_inode(dentry)->i_size, file_size);
}
EXPORT_SYMBOL_GPL(debugfs_create_file_size);

/**
 * debugfs_create_dir() - a directory
 * @name:   its name; copied
 * @parent: as for debugfs_create_file()
 *
 * Context: may sleep.
 * Return: as debugfs_create_file().
 */
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return create(name, S_IFDIR | 0755, parent, NULL, NULL, NULL, NULL);
}
EXPORT_SYMBOL_GPL(debugfs_create_dir);

/**
 * debugfs_create_symlink() - a symbolic link
 * @name:   its name; copied
 * @parent: as for debugfs_create_file()
 * @target: a path; copied
 *
 * Context: may sleep.
 * Return: as debugfs_create_file().
 */
struct dentry *debugfs_create_symlink(const char *name, struct dentry *parent, const char *target)
{
	char *link = kstrdup(target, GFP_KERNEL);

	if (!link)
		return ERR_PTR(-ENOMEM);
	return create(name, S_IFLNK | 0777, parent, NULL, NULL, NULL, link);
}
EXPORT_SYMBOL_GPL(debugfs_create_symlink);

/**
 * debugfs_lookup() - find an entry by its name
 * @name:   in the directory
 * @parent: as for debugfs_create_file()
 *
 * Context: may sleep.
 * Return: the entry, for dput(); or NULL.
 */
struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	struct debugfs_entry *e;

	if (IS_ERR_OR_NULL(name) || IS_ERR(parent))
		return NULL;
	e = lookup(to_entry(parent ?: &root.dentry), name, strlen(name));
	return e ? &e->dentry : NULL;
}
EXPORT_SYMBOL_GPL(debugfs_lookup);

/* For those in its operations. Whoever comes now sees that it is unlinked. */
static void wait_for_users(struct debugfs_entry *e)
{
	struct debugfs_users *users;

	/* with cmpxchg() in debugfs_file_get(): one of both sees what the other did */
	smp_mb();
	users = READ_ONCE(e->dentry.d_fsdata);
	if (users && !refcount_dec_and_test(&users->active))
		wait_for_completion(&users->drained);
}

/* The entry deepest in @top, with a reference; nothing comes into it any more. */
static struct debugfs_entry *deepest(struct debugfs_entry *top)
{
	struct debugfs_entry *e = top, *below;

	for (;;) {
		down_write(&e->rwsem);
		mutex_lock(&debugfs_lock);
		e->dead = true;
		below = list_first_entry_or_null(&e->children, struct debugfs_entry, siblings);
		if (below)
			dget(&below->dentry);
		mutex_unlock(&debugfs_lock);
		up_write(&e->rwsem);
		if (!below)
			return e;
		if (e != top)
			dput(&e->dentry);
		e = below;
	}
}

/* Of its directory; the tree's reference goes with it, if nobody else was quicker. */
static void take_out(struct debugfs_entry *e)
{
	struct debugfs_entry *dir = to_entry(e->dentry.d_parent);
	bool ours;

	down_write(&dir->rwsem);
	mutex_lock(&debugfs_lock);
	ours = !e->dentry.um_unlinked;
	list_del_init(&e->siblings);
	WRITE_ONCE(e->dentry.um_unlinked, true);
	mutex_unlock(&debugfs_lock);
	if (ours) {
		if (S_ISREG(READ_ONCE(e->inode.i_mode)))
			wait_for_users(e);
		dput(&e->dentry);
	}
	up_write(&dir->rwsem);
}

/**
 * debugfs_remove() - remove an entry, and all that is below it
 * @dentry: of debugfs_create_...(), not to be used afterwards; NULL and errors are ignored
 *
 * No operation of the files runs afterwards, apart from release.
 *
 * Context: may sleep; waits for operations that run, so it is not called in one, nor
 * with a lock that one takes.
 */
void debugfs_remove(struct dentry *dentry)
{
	struct debugfs_entry *top, *e;

	if (IS_ERR_OR_NULL(dentry))
		return;
	top = to_entry(dentry);
	dget(dentry);
	do {
		e = deepest(top);
		take_out(e);
		dput(&e->dentry);
	} while (e != top);
}
EXPORT_SYMBOL_GPL(debugfs_remove);

/**
 * debugfs_lookup_and_remove() - debugfs_remove() of an entry by its name
 * @name:   in the directory; none of that name is no event
 * @parent: as for debugfs_create_file()
 *
 * Context: as debugfs_remove().
 */
void debugfs_lookup_and_remove(const char *name, struct dentry *parent)
{
	struct dentry *dentry = debugfs_lookup(name, parent);

	if (!dentry)
		return;
	debugfs_remove(dentry);
	dput(dentry);
}
EXPORT_SYMBOL_GPL(debugfs_lookup_and_remove);

/* ---- as a filesystem ------------------------------------------------------ */

static struct debugfs_entry *to_node(struct um_node *node)
{
	return (struct debugfs_entry *)node;
}

static struct um_node *node_get(struct um_node *node)
{
	dget(&to_node(node)->dentry);
	return node;
}

static void node_put(struct um_node *node)
{
	dput(&to_node(node)->dentry);
}

static struct um_node *mount_root(void)
{
	return node_get((struct um_node *)&root);
}

static struct um_node *node_lookup(struct um_node *dir, const char *name, size_t len)
{
	struct debugfs_entry *e = lookup(to_node(dir), name, len);

	return e ? (struct um_node *)e : ERR_PTR(-ENOENT);
}

static void node_getattr(struct um_node *node, struct um_stat *st)
{
	struct debugfs_entry *e = to_node(node), *child;

	mutex_lock(&debugfs_lock);
	*st = (struct um_stat){
		.mode = e->inode.i_mode, .ino = e->inode.i_ino, .nlink = 1,
		.size = e->link ? strlen(e->link) : READ_ONCE(e->inode.i_size),
	};
	if (S_ISDIR(st->mode)) {
		st->nlink = 2;
		list_for_each_entry(child, &e->children, siblings)
			st->nlink += S_ISDIR(child->inode.i_mode);
	}
	mutex_unlock(&debugfs_lock);
}

static void node_identify(struct um_node *node, struct um_stat *st)
{
	const struct inode *inode = &to_node(node)->inode;

	st->mode = READ_ONCE(inode->i_mode) & S_IFMT;
	st->ino = inode->i_ino;
}

static ssize_t node_readlink(struct um_node *node, char *buf, size_t size)
{
	size_t len = min(strlen(to_node(node)->link), size);

	memcpy(buf, to_node(node)->link, len);
	return len;
}

static int node_readdir(struct um_node *dir, u64 from, struct um_dirent *entry)
{
	struct debugfs_entry *e, *found = NULL;

	down_read(&to_node(dir)->rwsem);
	mutex_lock(&debugfs_lock);
	list_for_each_entry(e, &to_node(dir)->children, siblings) {
		if (e->key < from)
			break;
		found = e;
	}
	if (found) {
		entry->key = found->key;
		entry->ino = found->inode.i_ino;
		entry->mode = found->inode.i_mode & S_IFMT;
		strscpy(entry->name, found->name, sizeof(entry->name));
	}
	mutex_unlock(&debugfs_lock);
	up_read(&to_node(dir)->rwsem);
	return found ? 1 : 0;
}

static void node_chmod(struct um_node *node, umode_t mode)
{
	struct inode *inode = &to_node(node)->inode;

	mutex_lock(&debugfs_lock);
	WRITE_ONCE(inode->i_mode, (inode->i_mode & S_IFMT) | mode);
	mutex_unlock(&debugfs_lock);
}

static int node_open(struct um_node *node, struct file *file)
{
	struct debugfs_entry *e = to_node(node);
	int err;

	file->f_path.dentry = &e->dentry;
	file->f_inode = &e->inode;
	file->f_op = e->inode.i_fop;
	err = file->f_op->open(file->f_inode, file);
	/* a driver's operations may have taken the place of the first */
	if (err)
		fops_put(file->f_op);
	return err;
}

static struct um_filesystem debugfs = {
	.mount = "/sys/kernel/debug",
	.max_pos = LLONG_MAX,
	.root = mount_root,
	.get = node_get,
	.put = node_put,
	.lookup = node_lookup,
	.getattr = node_getattr,
	.identify = node_identify,
	.readlink = node_readlink,
	.readdir = node_readdir,
	.chmod = node_chmod,
	.open = node_open,
};

static int __init debugfs_init(void)
{
	int err = sysfs_create_mount_point(kernel_kobj, "debug");

	if (err)
		return err;
	um_object_new(&root.dentry, "debugfs entry", describe_entry);
	um_object_permanent(&root.dentry);
	err = um_mount_over(&debugfs);
	mounted = !err;
	return err;
}
postcore_initcall(debugfs_init);
