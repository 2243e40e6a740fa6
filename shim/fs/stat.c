// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat() and its like, readlink(), name_to_handle_at(). Their buffers are the test's own memory: no
 * driver sees them.
 */
#include <linux/file.h>
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

int um_statx(const char *path, unsigned int flags, unsigned int mask, struct um_stat *st)
{
	const unsigned int known = UM_AT_SYMLINK_NOFOLLOW | UM_AT_NO_AUTOMOUNT | UM_AT_EMPTY_PATH |
				   UM_AT_STATX_SYNC_TYPE;

	if (mask & UM_STATX__RESERVED || flags & ~known ||
	    (flags & UM_AT_STATX_SYNC_TYPE) == UM_AT_STATX_SYNC_TYPE)
		return -EINVAL;
	return um_stat(path, st, !(flags & UM_AT_SYMLINK_NOFOLLOW));
}

int um_fstat(int fd, struct um_stat *st)
{
	struct file *file;
	int err = -EBADF;

	um_syscall_enter();
	file = um_fget_raw(fd);
	if (file) {
		err = 0;
		if (file->um_path)
			um_path_getattr(file->um_path, st);
		else
			*st = (struct um_stat){
				.mode = file_inode(file)->i_mode, .nlink = 1,
				.ino = file_inode(file)->i_ino,
			};
		fput(file);
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

/* No file system here is exported. */
int um_name_to_handle(const char *path, unsigned int flags)
{
	struct um_path p;
	int err;

	if (flags & ~(UM_AT_SYMLINK_FOLLOW | UM_AT_EMPTY_PATH))
		return -EINVAL;
	um_syscall_enter();
	err = um_path_lookup(path, flags & UM_AT_SYMLINK_FOLLOW, &p);
	if (!err) {
		err = -EOPNOTSUPP;
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
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
