// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open directories and what is read from them.
 *
 * The position of an open directory says where to go on, and a program may
 * keep one and seek to it. It is shorter than an entry's key, so the file
 * remembers the key as well, which counts as long as nobody has moved the
 * position: then each entry that was there all the time is returned once.
 */
#include <linux/dirent.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fs/internal.h"
#include "host/host.h"
#include "umdev/umdev.h"

/* Where a position is when all has been read. */
#define POS_END		INT_MAX

struct open_dir {
	u64 from;	/* the key to go on from */
	loff_t pos;	/* while the file's position is this one */
};

static ssize_t dir_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return -EISDIR;
}

static loff_t dir_llseek(struct file *file, loff_t offset, int whence)
{
	const struct um_filesystem *fs = file->um_path->fs;

	return generic_file_llseek_size(file, offset, whence, fs ? fs->max_pos : INT_MAX, 0);
}

static int dir_release(struct inode *inode, struct file *file)
{
	host_free(file->private_data);
	return 0;
}

static const struct file_operations dir_fops = {
	.read = dir_read,
	.llseek = dir_llseek,
	.release = dir_release,
};

int um_dir_open(struct file *file, const struct um_path *path)
{
	struct open_dir *dir = host_zalloc(sizeof(*dir));

	if (!dir)
		return -ENOMEM;
	file->private_data = dir;
	file->f_op = &dir_fops;
	return 0;
}

/* ---- names ----------------------------------------------------------- */

/* Linux gives no name to a program that it could not use as one. */
static int check_name(const char *name)
{
	return *name && !strchr(name, '/') ? 0 : -EIO;
}

static int read_entries(const struct um_path *p, int (*fn)(const char *name, void *arg),
			void *arg)
{
	struct um_dirent *entry;
	struct um_stat st;
	u64 from = 2;
	int ret;

	um_path_getattr(p, &st);
	if (!S_ISDIR(st.mode))
		return -ENOTDIR;
	entry = host_alloc(sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	while ((ret = um_path_readdir(p, from, entry)) > 0) {
		ret = check_name(entry->name);
		if (!ret)
			ret = fn(entry->name, arg);
		if (ret)
			break;
		from = entry->key + 1;
	}
	host_free(entry);
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

/* ---- getdents64() ---------------------------------------------------- */

/* What a call has written so far. */
struct filled {
	char __user *buf;
	size_t size, len;
	char __user *last;	/* the entry whose d_off is still to be told */
};

/* Each entry carries the position of the one after it. */
static int tell_next(struct filled *f, loff_t pos)
{
	s64 off = pos;

	if (!f->last)
		return 0;
	return copy_to_user(f->last + offsetof(struct linux_dirent64, d_off), &off, sizeof(off)) ?
	       -EFAULT : 0;
}

static int fill(struct filled *f, const struct um_dirent *entry, loff_t pos)
{
	size_t name = strlen(entry->name) + 1;
	size_t len = ALIGN(offsetof(struct linux_dirent64, d_name) + name, sizeof(u64));
	struct linux_dirent64 head = {
		.d_ino = entry->ino,
		.d_reclen = len,
		.d_type = (entry->mode & S_IFMT) >> 12,
	};
	char __user *to = f->buf + f->len;
	int err;

	err = check_name(entry->name);
	if (err)
		return err;
	if (len > f->size - f->len)
		return -EINVAL;
	err = tell_next(f, pos);
	if (err)
		return err;
	if (copy_to_user(to, &head, offsetof(struct linux_dirent64, d_name)) ||
	    copy_to_user(to + offsetof(struct linux_dirent64, d_name), entry->name, name))
		return -EFAULT;
	f->last = to;
	f->len += len;
	return 0;
}

/* "." is at position 0, ".." at 1. */
static int fill_dots(struct filled *f, struct file *file, struct um_dirent *entry)
{
	struct um_stat st;
	int err;

	um_path_getattr(file->um_path, &st);
	for (; file->f_pos < 2; file->f_pos++) {
		entry->mode = S_IFDIR;
		entry->ino = file->f_pos ? file->um_path->up_ino : st.ino;
		strscpy(entry->name, file->f_pos ? ".." : ".", sizeof(entry->name));
		err = fill(f, entry, file->f_pos);
		if (err)
			return err;
	}
	return 0;
}

static int fill_entries(struct filled *f, struct file *file, struct um_dirent *entry)
{
	const struct um_filesystem *fs = file->um_path->fs;
	unsigned int shift = fs ? fs->key_shift : 0;
	struct open_dir *dir = file->private_data;
	int ret;

	if (dir->pos != file->f_pos) {
		dir->pos = file->f_pos;
		dir->from = (u64)file->f_pos << shift;
	}
	while ((ret = um_path_readdir(file->um_path, dir->from, entry)) > 0) {
		file->f_pos = dir->pos = entry->key >> shift;
		ret = fill(f, entry, dir->pos);
		if (ret)
			return ret;
		dir->from = entry->key + 1;
	}
	if (!ret)
		file->f_pos = POS_END;
	return ret;
}

static ssize_t read_dir(struct file *file, struct filled *f)
{
	struct um_dirent *entry = host_alloc(sizeof(*entry));
	int err;

	if (!entry)
		return -ENOMEM;
	err = fill_dots(f, file, entry);
	if (!err && file->f_pos != POS_END)
		err = fill_entries(f, file, entry);
	host_free(entry);
	if (!f->len)
		return err;
	return tell_next(f, file->f_pos) ?: f->len;
}

ssize_t um_getdents(int fd, void *user_buf, size_t size)
{
	struct filled f = { .buf = user_buf, .size = size };
	struct file *file;
	ssize_t ret = -ENOTDIR;

	um_syscall_enter();
	file = fget(fd);
	if (!file) {
		ret = -EBADF;
	} else {
		mutex_lock(&file->f_pos_lock);
		if (file->f_op == &dir_fops)
			ret = read_dir(file, &f);
		mutex_unlock(&file->f_pos_lock);
		fput(file);
	}
	um_syscall_exit();
	return ret;
}
