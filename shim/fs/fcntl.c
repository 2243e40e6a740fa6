// SPDX-License-Identifier: GPL-2.0-only
/*
 * fcntl(): another descriptor of a file, and the flags that a driver looks at. Left
 * out: what is of a descriptor alone (nobody is executed here), locks, owners, leases
 * and pipes.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/spinlock.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

/* What can be changed of an open file; all else is ignored. */
#define SETFL_MASK	(O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

static int set_flags(struct file *file, unsigned int flags)
{
	/* as at open(): nothing here goes past a page cache */
	if (flags & O_DIRECT)
		return -EINVAL;
	spin_lock(&file->f_lock);
	file->f_flags = (flags & SETFL_MASK) | (file->f_flags & ~SETFL_MASK);
	spin_unlock(&file->f_lock);
	return 0;
}

static long do_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return um_dup_from(file, arg);
	case F_GETFL:
		return file->f_flags;
	}
	if (file->f_mode & FMODE_PATH)
		return -EBADF;
	return cmd == F_SETFL ? set_flags(file, arg) : -EINVAL;
}

long um_fcntl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *file;
	long ret = -EBADF;

	um_syscall_enter();
	file = um_fget_raw(fd);
	if (file) {
		ret = do_fcntl(file, cmd, arg);
		fput(file);
	}
	um_syscall_exit();
	return ret;
}
