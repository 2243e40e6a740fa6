// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev: a node for each device that has a number, made and removed by the
 * driver core. Directories on the way to a node come with the first node in
 * them and go with the last. A program can neither make nor remove anything,
 * which a real /dev, a tmpfs, lets root do.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "drivers/base/base.h"
#include "fs/internal.h"
#include "host/host.h"

/* What tmpfs says that an entry takes. */
#define DIRENT_SIZE	20

struct dev_node {
	struct kref kref;		/* one of the tree, while linked */
	struct dev_node *parent;
	struct list_head siblings;	/* by growing number, under nodes_lock */
	struct list_head children;
	struct inode inode;
	struct device *dev;		/* whose node it is; only compared */
	char name[];
};

static DEFINE_MUTEX(nodes_lock);
static unsigned long last_ino = 1;

static struct dev_node root = {
	.kref = KREF_INIT(1),
	.children = LIST_HEAD_INIT(root.children),
	.inode = { .i_mode = S_IFDIR | 0755, .i_ino = 1 },
};

static struct dev_node *to_node(struct um_node *node)
{
	return (struct dev_node *)node;
}

static struct um_node *to_um_node(struct dev_node *node)
{
	return (struct um_node *)node;
}

/* ---- the tree; nodes_lock held --------------------------------------- */

static struct dev_node *node_find(struct dev_node *dir, const char *name, size_t len)
{
	struct dev_node *n;

	list_for_each_entry(n, &dir->children, siblings)
		if (!strncmp(n->name, name, len) && !n->name[len])
			return n;
	return NULL;
}

static struct dev_node *node_add(struct dev_node *dir, const char *name, size_t len,
				 umode_t mode)
{
	struct dev_node *n = host_zalloc(sizeof(*n) + len + 1);

	if (!n)
		return NULL;
	kref_init(&n->kref);
	n->parent = dir;
	INIT_LIST_HEAD(&n->children);
	INIT_LIST_HEAD(&n->inode.i_devices);
	n->inode.i_mode = mode;
	n->inode.i_ino = ++last_ino;
	memcpy(n->name, name, len);
	list_add_tail(&n->siblings, &dir->children);
	return n;
}

static void node_free(struct kref *kref)
{
	struct dev_node *n = container_of(kref, struct dev_node, kref);

	if (S_ISCHR(n->inode.i_mode))
		cd_forget(&n->inode);
	host_free(n);
}

/* Unlinks a node, and the directories that are empty without it. */
static void node_del(struct dev_node *n)
{
	struct dev_node *parent = n->parent;

	list_del(&n->siblings);
	n->parent = NULL;
	kref_put(&n->kref, node_free);
	if (parent != &root && list_empty(&parent->children))
		node_del(parent);
}

/* The directory that the last component of @path lies in; made when @create. */
static struct dev_node *walk_dirs(const char **path, bool create)
{
	struct dev_node *dir = &root, *next;
	const char *slash;

	while ((slash = strchr(*path, '/'))) {
		next = node_find(dir, *path, slash - *path);
		if (!next && create)
			next = node_add(dir, *path, slash - *path, S_IFDIR | 0755);
		if (!next || !S_ISDIR(next->inode.i_mode))
			return NULL;
		dir = next;
		*path = slash + 1;
	}
	return dir;
}

/* ---- what the driver core calls -------------------------------------- */

static int create_node(const char *path, umode_t mode, struct device *dev)
{
	struct dev_node *dir, *n;
	int err = -ENOTDIR;

	mutex_lock(&nodes_lock);
	dir = walk_dirs(&path, true);
	if (!dir)
		goto unlock;
	err = -EEXIST;
	if (node_find(dir, path, strlen(path)))
		goto unlock;
	err = -ENOMEM;
	n = node_add(dir, path, strlen(path), S_IFCHR | mode);
	if (!n)
		goto unlock;
	n->inode.i_rdev = dev->devt;
	n->dev = dev;
	err = 0;
unlock:
	mutex_unlock(&nodes_lock);
	return err;
}

/**
 * devtmpfs_create_node() - the node of a device with a number
 * @dev: the device
 *
 * Context: may sleep.
 *
 * Return: 0, -EEXIST, -ENOMEM; the driver core does not fail a device for it.
 */
int devtmpfs_create_node(struct device *dev)
{
	const char *tmp = NULL, *name;
	umode_t mode = 0;
	kuid_t uid;
	kgid_t gid;
	int err;

	name = device_get_devnode(dev, &mode, &uid, &gid, &tmp);
	if (!name)
		return -ENOMEM;
	err = create_node(name, mode ? mode & 07777 : 0600, dev);
	kfree(tmp);
	return err;
}

/** devtmpfs_delete_node() - only the device's own node, should names have clashed. */
int devtmpfs_delete_node(struct device *dev)
{
	const char *tmp = NULL, *name;
	struct dev_node *dir, *n = NULL;

	name = device_get_devnode(dev, NULL, NULL, NULL, &tmp);
	if (!name)
		return -ENOMEM;
	mutex_lock(&nodes_lock);
	dir = walk_dirs(&name, false);
	if (dir)
		n = node_find(dir, name, strlen(name));
	if (n && n->dev == dev)
		node_del(n);
	else
		n = NULL;
	mutex_unlock(&nodes_lock);
	kfree(tmp);
	return n ? 0 : -ENOENT;
}

/* ---- what path lookup calls ------------------------------------------ */

static struct um_node *dev_get(struct um_node *node)
{
	kref_get(&to_node(node)->kref);
	return node;
}

static void dev_put(struct um_node *node)
{
	kref_put(&to_node(node)->kref, node_free);
}

static struct um_node *dev_root(void)
{
	return dev_get(to_um_node(&root));
}

static struct um_node *dev_lookup(struct um_node *dir, const char *name, size_t len)
{
	struct dev_node *n;

	/* as tmpfs does; sysfs just does not find such a name */
	if (len > UM_NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	mutex_lock(&nodes_lock);
	n = node_find(to_node(dir), name, len);
	if (n)
		kref_get(&n->kref);
	mutex_unlock(&nodes_lock);
	return n ? to_um_node(n) : ERR_PTR(-ENOENT);
}

/* As tmpfs counts: two entries that are not seen, and a size for each. */
static void measure_dir(struct dev_node *dir, struct um_stat *st)
{
	struct dev_node *n;

	st->nlink = 2;
	st->size = 2 * DIRENT_SIZE;
	mutex_lock(&nodes_lock);
	list_for_each_entry(n, &dir->children, siblings) {
		st->nlink += S_ISDIR(n->inode.i_mode);
		st->size += DIRENT_SIZE;
	}
	mutex_unlock(&nodes_lock);
}

static void dev_getattr(struct um_node *node, struct um_stat *st)
{
	const struct inode *inode = &to_node(node)->inode;

	*st = (struct um_stat){
		.mode = inode->i_mode, .ino = inode->i_ino, .rdev = inode->i_rdev, .nlink = 1,
	};
	if (S_ISDIR(inode->i_mode))
		measure_dir(to_node(node), st);
}

static void dev_identify(struct um_node *node, struct um_stat *st)
{
	const struct inode *inode = &to_node(node)->inode;

	st->mode = READ_ONCE(inode->i_mode) & S_IFMT;
	st->ino = inode->i_ino;
}

static int dev_readdir(struct um_node *dir, u64 from, struct um_dirent *entry)
{
	struct dev_node *n;
	int found = 0;

	mutex_lock(&nodes_lock);
	list_for_each_entry(n, &to_node(dir)->children, siblings) {
		if (n->inode.i_ino < from)
			continue;
		entry->key = entry->ino = n->inode.i_ino;
		entry->mode = n->inode.i_mode & S_IFMT;
		strscpy(entry->name, n->name, sizeof(entry->name));
		found = 1;
		break;
	}
	mutex_unlock(&nodes_lock);
	return found;
}

static void dev_chmod(struct um_node *node, umode_t mode)
{
	struct inode *inode = &to_node(node)->inode;

	mutex_lock(&nodes_lock);
	WRITE_ONCE(inode->i_mode, (inode->i_mode & S_IFMT) | mode);
	mutex_unlock(&nodes_lock);
}

static int dev_open(struct um_node *node, struct file *file)
{
	file->f_inode = &to_node(node)->inode;
	return um_chrdev_open(file->f_inode, file);
}

static struct um_filesystem devtmpfs = {
	.mount = "/dev",
	.max_pos = LLONG_MAX,
	.root = dev_root,
	.get = dev_get,
	.put = dev_put,
	.lookup = dev_lookup,
	.getattr = dev_getattr,
	.identify = dev_identify,
	.readdir = dev_readdir,
	.chmod = dev_chmod,
	.open = dev_open,
};

static int devtmpfs_init(void)
{
	um_register_filesystem(&devtmpfs);
	return 0;
}
core_initcall(devtmpfs_init);
