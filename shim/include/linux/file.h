/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptors. Those of the modelled kernel start at UM_FD_BASE, far above
 * what the host gives out, so that a real descriptor (an eventfd) and a
 * modelled one can be told apart.
 */
#ifndef _LINUX_FILE_H
#define _LINUX_FILE_H

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/types.h>

struct file;

#define UM_FD_BASE (1 << 20)

struct fd {
	struct file *file;
	unsigned int flags;
};

struct file *fget(unsigned int fd);
void fput(struct file *file);

static inline struct fd fdget(unsigned int fd)
{
	return (struct fd){ .file = fget(fd) };
}

static inline void fdput(struct fd fd)
{
	if (fd.file)
		fput(fd.file);
}

int get_unused_fd_flags(unsigned int flags);
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);
int close_fd(unsigned int fd);
/* run what fput() put off in this task, now */
void flush_delayed_fput(void);

DEFINE_CLASS(fd, struct fd, fdput(_T), fdget(fd), int fd)
DEFINE_CLASS(get_unused_fd, int, if (_T >= 0) put_unused_fd(_T),
	     get_unused_fd_flags(flags), unsigned int flags)
DEFINE_FREE(fput, struct file *, if (!IS_ERR_OR_NULL(_T)) fput(_T))

#endif
