// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(). Everything runs as root, whom permission bits do not stop; what a
 * filesystem refuses root as well, it refuses in its own open().
 *
 * Left out: creating files (there are none that a user could create), O_PATH
 * and O_TMPFILE.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "host/host.h"
#include "host/memory.h"
#include "umdev/umdev.h"

/* ---- an open directory: nothing but a place to stand ----------------- */

static ssize_t dir_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return -EISDIR;
}

static const struct file_operations dir_fops = {
	.read = dir_read,
	.llseek = generic_file_llseek,
};

/* ---- open ------------------------------------------------------------ */

static void file_path_put(struct file *file)
{
	struct um_path *path = file->um_release_arg;

	um_path_put(path);
	host_free(path);
}

static int check_type(const struct um_stat *st, unsigned int flags)
{
	bool dir = S_ISDIR(st->mode);

	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (S_ISLNK(st->mode))
		return -ELOOP;
	if (flags & O_DIRECTORY && !dir)
		return -ENOTDIR;
	if (dir && (flags & O_CREAT || flags & O_TRUNC || OPEN_FMODE(flags) & FMODE_WRITE))
		return -EISDIR;
	return 0;
}

static int open_node(struct file *file, const struct um_path *path, u32 mode)
{
	int err;

	if (S_ISREG(mode) || S_ISDIR(mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	if (S_ISDIR(mode)) {
		file->f_op = &dir_fops;
	} else {
		err = path->fs->open(path->node, file);
		if (err)
			return err;
	}
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	um_file_opened(file);
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	return 0;
}

static struct file *file_open_path(const char *name, unsigned int flags,
				   struct um_path *path)
{
	struct um_stat st;
	struct file *file;
	int err;

	um_path_getattr(path, &st);
	err = check_type(&st, flags);
	if (err)
		return ERR_PTR(err);
	file = um_file_alloc(name, flags, OPEN_FMODE(flags));
	if (IS_ERR(file))
		return file;
	err = open_node(file, path, st.mode);
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

static struct file *do_open(const char *name, unsigned int flags)
{
	struct um_path *path = host_alloc(sizeof(*path));
	struct file *file;
	int err;

	if (!path)
		return ERR_PTR(-ENOMEM);
	err = um_path_lookup(name, !(flags & O_NOFOLLOW), path);
	if (err) {
		host_free(path);
		/* no filesystem here lets a user create a file */
		return ERR_PTR(err == -ENOENT && flags & O_CREAT ? -EACCES : err);
	}
	file = file_open_path(name, flags, path);
	if (IS_ERR(file)) {
		um_path_put(path);
		host_free(path);
		return file;
	}
	file->um_release = file_path_put;
	file->um_release_arg = path;
	return file;
}

static int open_fd(const char *name, unsigned int flags)
{
	struct file *file;
	int fd;

	if (flags & (O_PATH | __O_TMPFILE))
		return -EINVAL;
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	file = do_open(name, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

int um_open(const char *path, int flags)
{
	int fd;

	host_memory_catch();
	um_syscall_enter();
	fd = open_fd(path, flags);
	um_syscall_exit();
	return fd;
}

/* ---- for drivers' open() --------------------------------------------- */

/**
 * nonseekable_open() - for a driver's open(): no lseek(), pread(), pwrite()
 * @inode: not looked at
 * @filp: the file; reads and writes still have a position of their own
 *
 * Context: any.
 *
 * Return: 0.
 */
int nonseekable_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}
EXPORT_SYMBOL(nonseekable_open);

/**
 * stream_open() - for a driver's open(): a file without any position
 * @inode: not looked at
 * @filp: the file; a read and a write may run at the same time
 *
 * Context: any.
 *
 * Return: 0.
 */
int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	filp->f_mode |= FMODE_STREAM;
	return 0;
}
EXPORT_SYMBOL(stream_open);
