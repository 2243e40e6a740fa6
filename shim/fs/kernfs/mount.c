// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree as a mounted filesystem: what path lookup sees of it. A um_node
 * is a kernfs_node. Nodes whose removal has begun are not seen.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "fs/kernfs/kernfs-internal.h"

static struct kernfs_node *mounted_root;

static struct kernfs_node *to_kn(struct um_node *node)
{
	return (struct kernfs_node *)node;
}

static struct um_node *node_get(struct um_node *node)
{
	kernfs_get(to_kn(node));
	return node;
}

static void node_put(struct um_node *node)
{
	kernfs_put(to_kn(node));
}

static struct um_node *mount_root(void)
{
	return node_get((struct um_node *)mounted_root);
}

static struct um_node *node_lookup(struct um_node *dir, const char *name,
				   size_t len)
{
	struct kernfs_node *kn;

	down_read(&kernfs_rwsem);
	kn = kernfs_find(to_kn(dir), name, len);
	if (kn && !kernfs_active(kn))
		kn = NULL;
	kernfs_get(kn);
	up_read(&kernfs_rwsem);
	return kn ? (struct um_node *)kn : ERR_PTR(-ENOENT);
}

static void node_getattr(struct um_node *node, struct um_stat *st)
{
	struct kernfs_node *kn = to_kn(node);

	down_read(&kernfs_rwsem);
	st->mode = kn->mode;
	st->size = kn->type == KERNFS_FILE ? kn->attr.size : 0;
	st->ino = kn->ino;
	st->nlink = kn->type == KERNFS_DIR ? kn->dir.subdirs + 2 : 1;
	st->rdev = 0;
	up_read(&kernfs_rwsem);
}

static void node_identify(struct um_node *node, struct um_stat *st)
{
	const struct kernfs_node *kn = to_kn(node);

	st->mode = READ_ONCE(kn->mode) & S_IFMT;
	st->ino = kn->ino;
}

static ssize_t node_readlink(struct um_node *node, char *buf, size_t size)
{
	char *path;
	size_t len;
	int err;

	path = kzalloc(PATH_MAX, GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	err = kernfs_link_target(to_kn(node), path);
	if (err) {
		kfree(path);
		return err;
	}
	len = strlen(path);
	if (len > size)
		len = size;
	memcpy(buf, path, len);
	kfree(path);
	return len;
}

static int node_readdir(struct um_node *dir, u64 from, struct um_dirent *entry)
{
	struct kernfs_node *kn;

	down_read(&kernfs_rwsem);
	kn = kernfs_child_from(to_kn(dir), from);
	while (kn && !kernfs_active(kn))
		kn = kernfs_child_from(to_kn(dir), kn->key + 1);
	if (kn) {
		entry->key = kn->key;
		entry->ino = kn->ino;
		entry->mode = kn->mode & S_IFMT;
		strscpy(entry->name, kn->name, sizeof(entry->name));
	}
	up_read(&kernfs_rwsem);
	return kn ? 1 : 0;
}

static void node_chmod(struct um_node *node, umode_t mode)
{
	struct kernfs_node *kn = to_kn(node);

	down_write(&kernfs_rwsem);
	WRITE_ONCE(kn->mode, (kn->mode & S_IFMT) | mode);
	up_write(&kernfs_rwsem);
}

static ssize_t node_xattr_get(struct um_node *node, const char *name, void *value, size_t size)
{
	return kernfs_xattr_get(to_kn(node), name, value, size);
}

static int node_xattr_set(struct um_node *node, const char *name, const void *value,
			  size_t size, int flags)
{
	return kernfs_xattr_set(to_kn(node), name, value, size, flags);
}

static ssize_t node_xattr_list(struct um_node *node, char *list, size_t size)
{
	return kernfs_xattr_list(to_kn(node), list, size);
}

static int node_open(struct um_node *node, struct file *file)
{
	return kernfs_open(to_kn(node), file);
}

static struct um_filesystem kernfs_filesystem = {
	.max_pos = MAX_NON_LFS,
	.key_shift = KERNFS_KEY_SHIFT,
	.root = mount_root,
	.get = node_get,
	.put = node_put,
	.lookup = node_lookup,
	.getattr = node_getattr,
	.identify = node_identify,
	.readlink = node_readlink,
	.readdir = node_readdir,
	.chmod = node_chmod,
	.xattr_get = node_xattr_get,
	.xattr_set = node_xattr_set,
	.xattr_list = node_xattr_list,
	.open = node_open,
};

/**
 * kernfs_mount() - make a tree visible under a path, for ever
 * @path: where
 * @root: the tree; the caller's reference is taken over
 *
 * Once only: there is one tree.
 *
 * Context: may sleep; at boot.
 *
 * Return: 0.
 */
int kernfs_mount(const char *path, struct kernfs_node *root)
{
	mounted_root = root;
	kernfs_filesystem.mount = path;
	um_register_filesystem(&kernfs_filesystem);
	return 0;
}
