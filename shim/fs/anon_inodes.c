// SPDX-License-Identifier: GPL-2.0-only
/* Files that belong to no path: one inode for all of them. */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>

#include "fs/internal.h"
#include "host/host.h"

struct inode *um_anon_inode(void)
{
	static struct inode anon = {
		.i_mode = 0600,
		.i_devices = LIST_HEAD_INIT(anon.i_devices),
	};

	return &anon;
}

/**
 * anon_inode_getfile() - an open file with the given operations
 * @name: for reports
 * @fops: operations; their owner is pinned until the file is released
 * @priv: file->private_data
 * @flags: O_ACCMODE and O_NONBLOCK count
 *
 * open() of @fops is not called. Positioned reads and writes are off, as in
 * the kernel, until the caller sets FMODE_PREAD and FMODE_PWRITE.
 *
 * Context: may sleep.
 *
 * Return: a file with one reference, the caller's; or an ERR_PTR: -ENOENT for
 * an owner that is going, -ENOMEM.
 */
struct file *anon_inode_getfile(const char *name,
				const struct file_operations *fops,
				void *priv, int flags)
{
	struct file *file;
	char label[64];

	if (fops->owner && !try_module_get(fops->owner))
		return ERR_PTR(-ENOENT);
	host_snprintf(label, sizeof(label), "anon_inode:%s", name);
	file = um_file_alloc(label, flags & (O_ACCMODE | O_NONBLOCK), OPEN_FMODE(flags));
	if (IS_ERR(file)) {
		module_put(fops->owner);
		return file;
	}
	if (fops->llseek)
		file->f_mode |= FMODE_LSEEK;
	file->f_op = fops;
	file->private_data = priv;
	um_file_opened(file);
	return file;
}
EXPORT_SYMBOL_GPL(anon_inode_getfile);

/**
 * anon_inode_getfd() - anon_inode_getfile() behind a new descriptor
 * @name: for reports
 * @fops: operations; their owner is pinned until the file is released
 * @priv: file->private_data
 * @flags: O_ACCMODE and O_NONBLOCK count
 *
 * Context: may sleep.
 *
 * Return: the descriptor, which keeps the file's reference; -EMFILE, or as
 * anon_inode_getfile().
 */
int anon_inode_getfd(const char *name, const struct file_operations *fops,
		     void *priv, int flags)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;
	file = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}
EXPORT_SYMBOL_GPL(anon_inode_getfd);
