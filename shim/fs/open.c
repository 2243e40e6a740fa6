// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(), access(), chmod() and truncate(). Everything runs as root, whom permission
 * bits do not stop; what a filesystem refuses root as well, it refuses in its
 * own open().
 *
 * Left out: creating files, which sysfs does not do either.
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

/* What open() takes; all else is ignored. Closing on exec is a descriptor's. */
#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | \
			 O_NONBLOCK | O_SYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | \
			 O_NOFOLLOW | O_NOATIME | O_PATH | __O_TMPFILE)
#define O_PATH_FLAGS	(O_DIRECTORY | O_NOFOLLOW | O_PATH)

/* ---- flags ----------------------------------------------------------- */

/* As open(), which knows no bad flag, and not openat2(). */
static unsigned int known_flags(unsigned int flags)
{
	flags &= OPEN_FLAGS;
	return flags & O_PATH ? flags & O_PATH_FLAGS : flags;
}

static bool wants_write(unsigned int flags)
{
	return flags & O_TRUNC || OPEN_FMODE(flags) & FMODE_WRITE;
}

static int check_flags(unsigned int flags)
{
	if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		return -EINVAL;
	if (flags & __O_TMPFILE && !(flags & O_DIRECTORY && OPEN_FMODE(flags) & FMODE_WRITE))
		return -EINVAL;
	return 0;
}

/* In the order of Linux: each error tells what was looked at first. */
static int check_type(const struct um_stat *st, unsigned int flags)
{
	bool dir = S_ISDIR(st->mode);

	if (flags & O_CREAT) {
		if (flags & O_EXCL)
			return -EEXIST;
		if (dir)
			return -EISDIR;
	}
	if (flags & O_DIRECTORY && !dir)
		return -ENOTDIR;
	if (flags & O_PATH)
		return 0;
	if (S_ISLNK(st->mode))
		return -ELOOP;
	if (dir && wants_write(flags))
		return -EISDIR;
	return 0;
}

/* ---- open ------------------------------------------------------------ */

static const struct file_operations path_fops;

static int open_node(struct file *file, u32 mode)
{
	const struct um_path *path = file->um_path;
	int err;

	if (file->f_flags & O_PATH) {
		file->f_mode = FMODE_PATH | FMODE_OPENED;
		file->f_op = &path_fops;
		return 0;
	}
	if (S_ISREG(mode) || S_ISDIR(mode))
		file->f_mode |= FMODE_ATOMIC_POS;
	file->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	err = S_ISDIR(mode) ? um_dir_open(file, path) : path->fs->open(path->node, file);
	if (err)
		return err;
	if (!file->f_op->llseek)
		file->f_mode &= ~FMODE_LSEEK;
	um_file_opened(file);
	file->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	/* nothing here goes past a page cache; the driver has been asked first */
	return file->f_flags & O_DIRECT ? -EINVAL : 0;
}

/* @path becomes the file's, or is put. */
static struct file *file_open_path(const char *name, unsigned int flags,
				   struct um_path *path)
{
	struct um_stat st;
	struct file *file;
	int err;

	um_path_getattr(path, &st);
	err = check_type(&st, flags);
	file = err ? ERR_PTR(err) : um_file_alloc(name, flags, OPEN_FMODE(flags));
	if (IS_ERR(file)) {
		um_path_put(path);
		host_free(path);
		return file;
	}
	file->um_path = path;
	err = open_node(file, st.mode);
	if (!err)
		return file;
	fput(file);
	return ERR_PTR(err);
}

/* With O_CREAT a name has to be one that a file could have. */
static int check_last(const char *name)
{
	struct um_last *last = host_alloc(sizeof(*last));
	struct um_path dir;
	int err;

	if (!last)
		return -ENOMEM;
	err = um_path_parent(name, &dir, last);
	if (!err) {
		um_path_put(&dir);
		if (last->slash && last->type == UM_LAST_NORM)
			err = -EISDIR;
	}
	host_free(last);
	return err;
}

static int find(const char *name, unsigned int flags, struct um_path *path)
{
	bool follow = !(flags & O_NOFOLLOW || (flags & O_CREAT && flags & O_EXCL));
	int err;

	if (flags & O_CREAT) {
		err = check_last(name);
		if (err)
			return err;
	}
	err = um_path_lookup(name, follow, path);
	/* no filesystem here lets a program create a file */
	return err == -ENOENT && flags & O_CREAT ? -EACCES : err;
}

static struct file *do_open(const char *name, unsigned int flags)
{
	struct um_path *path = host_alloc(sizeof(*path));
	int err;

	if (!path)
		return ERR_PTR(-ENOMEM);
	err = find(name, flags, path);
	if (err) {
		host_free(path);
		return ERR_PTR(err);
	}
	return file_open_path(name, flags, path);
}

/* A file without a name, in a directory: not even a real sysfs has any. */
static int no_tmpfile(const char *name)
{
	struct um_path path;
	struct um_stat st;
	int err;

	err = um_path_lookup(name, true, &path);
	if (err)
		return err;
	um_path_getattr(&path, &st);
	um_path_put(&path);
	return S_ISDIR(st.mode) ? -EOPNOTSUPP : -ENOTDIR;
}

static int open_fd(const char *name, unsigned int flags)
{
	struct file *file;
	int fd;

	flags = known_flags(flags);
	fd = check_flags(flags);
	if (fd < 0)
		return fd;
	/* as any program of 64 bits has it */
	if (!(flags & O_PATH))
		flags |= O_LARGEFILE;
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	file = flags & __O_TMPFILE ? ERR_PTR(no_tmpfile(name)) : do_open(name, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/**
 * filp_open() - open a file from inside the kernel
 * @filename: absolute path
 * @flags:    O_...
 * @mode:     not looked at: no file is made here
 *
 * Context: may sleep.
 * Return: the file, for filp_close(); an ERR_PTR() as open() fails.
 */
struct file *filp_open(const char *filename, int flags, umode_t mode)
{
	unsigned int known = known_flags(flags);
	int err = check_flags(known);

	if (err)
		return ERR_PTR(err);
	return known & __O_TMPFILE ? ERR_PTR(no_tmpfile(filename)) : do_open(filename, known);
}
EXPORT_SYMBOL(filp_open);

int um_open(const char *path, int flags)
{
	int fd;

	host_memory_catch();
	um_syscall_enter();
	fd = open_fd(path, flags);
	um_syscall_exit();
	return fd;
}

/* ---- what else is done to a path or an open file --------------------- */

/* Root may all but execute: in a file system whose files are no programs, or what nobody may. */
static int check_access(const struct um_path *path, unsigned int mode)
{
	struct um_stat st;

	um_path_getattr(path, &st);
	if (!(mode & S_IXOTH) || S_ISDIR(st.mode))
		return 0;
	return S_ISREG(st.mode) || !(st.mode & S_IXUGO) ? -EACCES : 0;
}

int um_access(const char *path, unsigned int mode)
{
	struct um_path p;
	int err;

	if (mode & ~S_IRWXO)
		return -EINVAL;
	um_syscall_enter();
	err = um_path_lookup(path, true, &p);
	if (!err) {
		err = check_access(&p, mode);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}

int um_chmod(const char *path, unsigned int mode)
{
	struct um_path p;
	int err;

	um_syscall_enter();
	err = um_path_lookup(path, true, &p);
	if (!err) {
		/* the root of all mounts is nobody's */
		if (p.fs)
			p.fs->chmod(p.node, mode & S_IALLUGO);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}

/* Files of sysfs, which alone are regular ones, ignore the new size. */
static int truncate_path(const struct um_path *p, int64_t length)
{
	struct um_stat st;

	um_path_getattr(p, &st);
	if (S_ISDIR(st.mode))
		return -EISDIR;
	if (!S_ISREG(st.mode))
		return -EINVAL;
	return length > p->fs->max_pos ? -EFBIG : 0;
}

int um_truncate(const char *path, int64_t length)
{
	struct um_path p;
	int err;

	if (length < 0)
		return -EINVAL;
	um_syscall_enter();
	err = um_path_lookup(path, true, &p);
	if (!err) {
		err = truncate_path(&p, length);
		um_path_put(&p);
	}
	um_syscall_exit();
	return err;
}

static int truncate_file(const struct file *file, int64_t length)
{
	struct um_stat st;

	if (!file->um_path || !(file->f_mode & FMODE_WRITE))
		return -EINVAL;
	um_path_getattr(file->um_path, &st);
	return S_ISREG(st.mode) ? truncate_path(file->um_path, length) : -EINVAL;
}

int um_ftruncate(int fd, int64_t length)
{
	struct file *file;
	int err = -EBADF;

	if (length < 0)
		return -EINVAL;
	um_syscall_enter();
	file = fget(fd);
	if (file) {
		err = truncate_file(file, length);
		fput(file);
	}
	um_syscall_exit();
	return err;
}

/* ---- for drivers' open() --------------------------------------------- */

/**
 * nonseekable_open() - for a driver's open(): no lseek(), pread(), pwrite()
 * @inode: not looked at
 * @filp: the file; reads and writes still have a position of their own
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
 * Return: 0.
 */
int stream_open(struct inode *inode, struct file *filp)
{
	filp->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	filp->f_mode |= FMODE_STREAM;
	return 0;
}
EXPORT_SYMBOL(stream_open);
