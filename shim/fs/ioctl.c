// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl(). Of the commands that every file has, those that change a
 * descriptor's or a file's flags, and those that a regular file of sysfs
 * answers; the rest go to the driver. Left out: what concerns the blocks and
 * flags of a filesystem that has some.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <asm-generic/ioctls.h>
#include <asm/page.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

/**
 * vfs_ioctl() - hand a command to the driver
 * @file: the file
 * @cmd: the command
 * @arg: its argument, often a user pointer
 *
 * Context: may sleep.
 *
 * Return: what the driver returned; -ENOTTY without an ioctl operation and
 * for -ENOIOCTLCMD.
 */
long vfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	long ret;

	if (!file->f_op->unlocked_ioctl)
		return -ENOTTY;
	ret = file->f_op->unlocked_ioctl(file, cmd, arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}
EXPORT_SYMBOL(vfs_ioctl);

static int set_nonblock(struct file *file, int __user *argp)
{
	int on;

	if (get_user(on, argp))
		return -EFAULT;
	spin_lock(&file->f_lock);
	if (on)
		file->f_flags |= O_NONBLOCK;
	else
		file->f_flags &= ~O_NONBLOCK;
	spin_unlock(&file->f_lock);
	return 0;
}

/* No file here has a fasync operation: it can be turned off only. */
static int set_async(int __user *argp)
{
	int on;

	if (get_user(on, argp))
		return -EFAULT;
	return on ? -ENOTTY : 0;
}

/* What is left to be read, at most as stat() tells it. */
static int bytes_left(struct file *file, const struct um_stat *st, int __user *argp)
{
	return put_user((int)(st->size - file->f_pos), argp);
}

/* No file here has blocks. */
static int no_block(int __user *argp)
{
	int block;

	if (get_user(block, argp))
		return -EFAULT;
	if (block < 0)
		return -EINVAL;
	return put_user(0, argp) ? -EFAULT : -EINVAL;
}

/* Bytes that a file has on a disk: none. */
static int no_bytes(void __user *argp)
{
	loff_t none = 0;

	return copy_to_user(argp, &none, sizeof(none)) ? -EFAULT : 0;
}

/* A file opened by a path: regular, a directory, or a device, whose driver is asked. */
static long path_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *argp = (void __user *)arg;
	struct um_stat st;

	um_path_getattr(file->um_path, &st);
	if (cmd == FIOQSIZE)
		return S_ISREG(st.mode) || S_ISDIR(st.mode) ? no_bytes(argp) : -ENOTTY;
	if (S_ISREG(st.mode) && cmd == FIONREAD)
		return bytes_left(file, &st, argp);
	if (S_ISREG(st.mode) && cmd == FIBMAP)
		return no_block(argp);
	return vfs_ioctl(file, cmd, arg);
}

static long do_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case FIOCLEX:
	case FIONCLEX:
		return 0;
	case FIONBIO:
		return set_nonblock(file, (int __user *)arg);
	case FIOASYNC:
		return set_async((int __user *)arg);
	case FIGETBSZ:
		return put_user((int)PAGE_SIZE, (int __user *)arg);
	case FIONREAD:
	case FIBMAP:
	case FIOQSIZE:
		if (file->um_path)
			return path_ioctl(file, cmd, arg);
		fallthrough;
	default:
		return vfs_ioctl(file, cmd, arg);
	}
}

long um_ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *file;
	long ret = -EBADF;

	um_syscall_enter();
	file = fget(fd);
	if (file) {
		ret = do_ioctl(file, cmd, arg);
		fput(file);
	}
	um_syscall_exit();
	return ret;
}
