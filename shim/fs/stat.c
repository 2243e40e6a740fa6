// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat(), readlink() and reading directories. Their buffers are the test's
 * own memory: no driver sees them.
 */
#include <linux/fs.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

int um_stat(const char *path, struct um_stat *st, bool follow)
{
	struct um_path p;
	int err;

	um_syscall_enter();
	err = um_path_lookup(path, follow, &p);
	if (!err) {
		um_path_getattr(&p, st);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}

static ssize_t path_readlink(const struct um_path *p, char *buf, size_t size)
{
	struct um_stat st;

	um_path_getattr(p, &st);
	if (!S_ISLNK(st.mode))
		return -EINVAL;
	return p->fs->readlink(p->node, buf, size);
}

ssize_t um_readlink(const char *path, char *buf, size_t size)
{
	struct um_path p;
	ssize_t ret;

	if (!size || (ssize_t)size < 0)
		return -EINVAL;
	um_syscall_enter();
	ret = um_path_lookup(path, false, &p);
	if (!ret) {
		ret = path_readlink(&p, buf, size);
		um_path_put(&p);
	}
	um_syscall_exit();
	return ret;
}

static int read_mounts(int (*fn)(const char *name, void *arg), void *arg)
{
	const char *name;
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && (name = um_mount_name(i)); i++)
		ret = fn(name, arg);
	return ret;
}

static int read_entries(const struct um_path *p, int (*fn)(const char *name, void *arg),
			void *arg)
{
	char name[UM_NAME_MAX + 1];
	struct um_stat st;
	u64 pos = 0;
	int ret;

	um_path_getattr(p, &st);
	if (!S_ISDIR(st.mode))
		return -ENOTDIR;
	if (!p->fs)
		return read_mounts(fn, arg);
	while ((ret = p->fs->readdir(p->node, &pos, name)) > 0) {
		ret = fn(name, arg);
		if (ret)
			break;
	}
	return ret;
}

int um_readdir(const char *path, int (*fn)(const char *name, void *arg), void *arg)
{
	struct um_path p;
	int ret;

	ret = um_path_lookup(path, true, &p);
	if (ret)
		return ret;
	ret = read_entries(&p, fn, arg);
	um_path_put(&p);
	return ret;
}
