// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioctl(). Of the commands that every file has, those that change a
 * descriptor's or a file's flags; the rest go to the driver.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uaccess.h>
#include <asm-generic/ioctls.h>

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
