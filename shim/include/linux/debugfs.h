/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debugfs of a kernel without CONFIG_DEBUG_FS: nothing is made, and what makes
 * something returns ERR_PTR(-ENODEV), which drivers must not look at.
 */
#ifndef _DEBUGFS_H_
#define _DEBUGFS_H_

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include <linux/types.h>

struct dentry;
struct device;
struct debugfs_blob_wrapper {
	void *data;
	unsigned long size;
};

static inline bool debugfs_initialized(void) { return false; }

static inline struct dentry *debugfs_lookup(const char *name, struct dentry *parent)
{
	return ERR_PTR(-ENODEV);
}

static inline struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return ERR_PTR(-ENODEV);
}

static inline struct dentry *debugfs_create_file(const char *name, umode_t mode,
						 struct dentry *parent, void *data,
						 const struct file_operations *fops)
{
	return ERR_PTR(-ENODEV);
}
#define debugfs_create_file_unsafe debugfs_create_file

static inline struct dentry *debugfs_create_symlink(const char *name, struct dentry *parent,
						    const char *dest)
{
	return ERR_PTR(-ENODEV);
}

static inline struct dentry *debugfs_create_blob(const char *name, umode_t mode,
						 struct dentry *parent,
						 struct debugfs_blob_wrapper *blob)
{
	return ERR_PTR(-ENODEV);
}

static inline void debugfs_remove(struct dentry *dentry) { }
static inline void debugfs_remove_recursive(struct dentry *dentry) { }

#define UM_DEBUGFS_VALUE(_name, _type)					\
static inline void debugfs_create_##_name(const char *name, umode_t mode, \
					  struct dentry *parent, _type *value) { }
UM_DEBUGFS_VALUE(u8, u8)
UM_DEBUGFS_VALUE(u16, u16)
UM_DEBUGFS_VALUE(u32, u32)
UM_DEBUGFS_VALUE(u64, u64)
UM_DEBUGFS_VALUE(x8, u8)
UM_DEBUGFS_VALUE(x16, u16)
UM_DEBUGFS_VALUE(x32, u32)
UM_DEBUGFS_VALUE(x64, u64)
UM_DEBUGFS_VALUE(ulong, unsigned long)
UM_DEBUGFS_VALUE(size_t, size_t)
UM_DEBUGFS_VALUE(atomic_t, atomic_t)
UM_DEBUGFS_VALUE(bool, bool)
#undef UM_DEBUGFS_VALUE

#endif
