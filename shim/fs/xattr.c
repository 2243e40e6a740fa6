// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes of what a path leads to, as root sees them: those of sysfs that are
 * "trusted." or "security.", which it keeps, and "user.", of which it has none. A file
 * system without the operations has no others either. No driver sees any of it; names
 * and values are the test's own memory.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

#define NAME_LEN_MAX	255
#define VALUE_MAX	65536

static int check_name(const char *name)
{
	size_t len = strnlen(name, NAME_LEN_MAX + 1);

	return len && len <= NAME_LEN_MAX ? 0 : -ERANGE;
}

/* Whether @name is of a sort that @p's file system has, and @p may have one of. */
static int check_sort(const struct um_path *p, const char *name, bool write)
{
	static const char *const sorts[] = { "trusted.", "security.", "user." };
	struct um_stat st;
	size_t len;
	int i;

	um_path_getattr(p, &st);
	if (str_has_prefix(name, "user.") && !S_ISREG(st.mode) && !S_ISDIR(st.mode))
		return write ? -EPERM : -ENODATA;
	if (!p->fs || !p->fs->xattr_get)
		return -EOPNOTSUPP;
	for (i = 0; i < ARRAY_SIZE(sorts); i++) {
		len = str_has_prefix(name, sorts[i]);
		if (len)
			return name[len] ? 0 : -EINVAL;
	}
	return -EOPNOTSUPP;
}

static ssize_t get(const struct um_path *p, const char *name, void *value, size_t size)
{
	ssize_t ret = check_name(name) ?: check_sort(p, name, false);

	return ret ?: p->fs->xattr_get(p->node, name, value, size);
}

static int set(const struct um_path *p, const char *name, const void *value, size_t size,
	       int flags)
{
	int err = check_name(name) ?: check_sort(p, name, true);

	if (err)
		return err;
	if (str_has_prefix(name, "user."))
		return -EOPNOTSUPP;
	return p->fs->xattr_set(p->node, name, value, size, flags);
}

ssize_t um_getxattr(const char *path, const char *name, void *value, size_t size)
{
	struct um_path p;
	ssize_t ret;

	um_syscall_enter();
	ret = um_path_lookup(path, true, &p);
	if (!ret) {
		ret = get(&p, name, value, size);
		um_path_put(&p);
	}
	um_syscall_exit();
	return ret;
}

ssize_t um_listxattr(const char *path, char *list, size_t size)
{
	struct um_path p;
	ssize_t ret;

	um_syscall_enter();
	ret = um_path_lookup(path, true, &p);
	if (!ret) {
		if (p.fs && p.fs->xattr_list)
			ret = p.fs->xattr_list(p.node, list, size);
		um_path_put(&p);
	}
	um_syscall_exit();
	return ret;
}

int um_setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	struct um_path p;
	int err;

	um_syscall_enter();
	err = um_path_lookup(path, true, &p);
	if (!err) {
		if (flags & ~(UM_XATTR_CREATE | UM_XATTR_REPLACE))
			err = -EINVAL;
		else if (size > VALUE_MAX)
			err = check_name(name) ?: -E2BIG;
		else
			err = set(&p, name, value, size, flags);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}

int um_removexattr(const char *path, const char *name)
{
	struct um_path p;
	int err;

	um_syscall_enter();
	err = um_path_lookup(path, true, &p);
	if (!err) {
		err = set(&p, name, NULL, 0, UM_XATTR_REPLACE);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}
