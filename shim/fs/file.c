// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor tables: the program's, and that of a child (kernel/fork.c) while it
 * runs. Numbers start at UM_FD_BASE; the lowest free one is given out. Left out:
 * close on exec, limits below the table's own.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "check/op.h"
#include "fs/internal.h"
#include "host/host.h"
#include "mm/arena.h"
#include "umdev/umdev.h"

#define MAX_FDS		(1 << 16)

/* A number that is taken and has no file yet. */
#define RESERVED	((struct file *)1)

struct files_struct {
	spinlock_t lock;
	struct file **fd;
	unsigned int size;
	unsigned int next;	/* no free number below */
};

static struct files_struct init_files = {
	.lock = __SPIN_LOCK_UNLOCKED(init_files.lock),
};

static struct files_struct *current_files(void)
{
	return current->files ?: &init_files;
}

static bool table_grow(struct files_struct *table)
{
	unsigned int size = table->size ? table->size * 2 : 64;
	struct file **fd;

	if (size > MAX_FDS)
		return false;
	fd = host_realloc(table->fd, size * sizeof(*fd));
	if (!fd)
		return false;
	memset(fd + table->size, 0, (size - table->size) * sizeof(*fd));
	table->fd = fd;
	table->size = size;
	return true;
}

/* Lock held: the lowest from @from on. */
static int table_reserve(struct files_struct *table, unsigned int from)
{
	unsigned int i = max(from, table->next);

	while (i < table->size && table->fd[i])
		i++;
	while (i >= table->size)
		if (!table_grow(table))
			return -EMFILE;
	table->fd[i] = RESERVED;
	if (from <= table->next)
		table->next = i + 1;
	return UM_FD_BASE + i;
}

static int fd_reserve(unsigned int from)
{
	struct files_struct *table = current_files();
	int fd;

	spin_lock(&table->lock);
	fd = table_reserve(table, from);
	spin_unlock(&table->lock);
	return fd;
}

/**
 * get_unused_fd_flags() - take a descriptor without a file
 * @flags: not looked at: nothing is closed on exec here
 *
 * Context: process context: takes the table's lock, interrupts on.
 *
 * Return: the lowest free number, which fd_install() or put_unused_fd() must
 * follow; -EMFILE.
 */
int get_unused_fd_flags(unsigned int flags)
{
	return um_fallible("get_unused_fd_flags", -EMFILE, fd_reserve(0));
}
EXPORT_SYMBOL(get_unused_fd_flags);

/* The slot of @fd, or NULL; lock held. */
static struct file **slot(struct files_struct *table, unsigned int fd)
{
	unsigned int i = fd - UM_FD_BASE;

	return fd >= UM_FD_BASE && i < table->size ? &table->fd[i] : NULL;
}

static struct file *slot_clear(struct files_struct *table, unsigned int fd)
{
	struct file **s = slot(table, fd), *file = s ? *s : NULL;

	if (!file)
		return NULL;
	*s = NULL;
	if (fd - UM_FD_BASE < table->next)
		table->next = fd - UM_FD_BASE;
	return file;
}

/**
 * put_unused_fd() - give back a descriptor that got no file
 * @fd: what get_unused_fd_flags() gave; anything else is a splat
 *
 * Context: process context: takes the table's lock, interrupts on.
 */
void put_unused_fd(unsigned int fd)
{
	struct files_struct *table = current_files();
	struct file *file;

	spin_lock(&table->lock);
	file = slot_clear(table, fd);
	spin_unlock(&table->lock);
	WARN_ON(file != RESERVED);
}
EXPORT_SYMBOL(put_unused_fd);

/**
 * fd_install() - give a taken number its file: user space can use it at once
 * @fd: what get_unused_fd_flags() gave; anything else is a BUG()
 * @file: the table keeps the caller's reference
 *
 * Context: process context: takes the table's lock, interrupts on. Cannot be
 * undone by the caller.
 */
void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *table = current_files();
	struct file **s;
	bool bad;

	spin_lock(&table->lock);
	s = slot(table, fd);
	bad = !s || *s != RESERVED;
	if (!bad)
		*s = file;
	spin_unlock(&table->lock);
	BUG_ON(bad);
}
EXPORT_SYMBOL(fd_install);

static struct file *fget_but(unsigned int fd, fmode_t mode)
{
	struct files_struct *table = current_files();
	struct file **s, *file = NULL;

	spin_lock(&table->lock);
	s = slot(table, fd);
	if (s && *s && *s != RESERVED && !((*s)->f_mode & mode))
		file = get_file(*s);
	spin_unlock(&table->lock);
	return file;
}

/**
 * fget() - the file behind a descriptor
 * @fd: the descriptor
 *
 * Context: process context: takes the table's lock, interrupts on.
 *
 * Return: the file with a reference, to be dropped by fput(); NULL if none is
 * open there, or one that only stands for its path (O_PATH).
 */
struct file *fget(unsigned int fd)
{
	return fget_but(fd, FMODE_PATH);
}
EXPORT_SYMBOL(fget);

/* Any file, for calls that only look at it or at the descriptor. */
struct file *um_fget_raw(unsigned int fd)
{
	return fget_but(fd, 0);
}

/**
 * filp_close() - close what filp_open() has opened
 * @filp: the file, the caller's no longer
 * @id:   whose it was, for flush(); NULL for the kernel's own
 *
 * Context: may sleep; calls flush() of the file, and its release() as fput() does.
 *
 * Return: 0, or the error of flush(), which keeps nothing open.
 */
int filp_close(struct file *filp, fl_owner_t id)
{
	int err = filp->f_op->flush ? filp->f_op->flush(filp, id) : 0;

	fput(filp);
	return err;
}
EXPORT_SYMBOL(filp_close);

/**
 * close_fd() - close a descriptor, as the system call does
 * @fd: the descriptor, free again when this returns
 *
 * Context: may sleep; calls flush() of the file and may call its release().
 *
 * Return: 0, -EBADF, or the error of flush(), which keeps nothing open.
 */
int close_fd(unsigned int fd)
{
	struct files_struct *table = current_files();
	struct file **s, *file = NULL;

	spin_lock(&table->lock);
	s = slot(table, fd);
	if (s && *s != RESERVED)
		file = slot_clear(table, fd);
	spin_unlock(&table->lock);
	return file ? filp_close(file, table) : -EBADF;
}
EXPORT_SYMBOL(close_fd);

int um_close(int fd)
{
	int err;

	um_syscall_enter();
	err = close_fd(fd);
	um_syscall_exit();
	return err;
}

unsigned int um_exit_files(void)
{
	unsigned int n = um_unmap_files(), i;

	for (i = 0; i < READ_ONCE(current_files()->size); i++)
		n += !um_close(UM_FD_BASE + i);
	return n;
}

/* ---- a child's ------------------------------------------------------- */

struct files_struct *um_files_copy(void)
{
	struct files_struct *old = current_files(), *new = host_zalloc(sizeof(*new));
	unsigned int i;

	if (!new)
		return NULL;
	spin_lock_init(&new->lock);
	spin_lock(&old->lock);
	new->fd = host_zalloc(old->size * sizeof(*new->fd) ?: 1);
	new->size = new->fd ? old->size : 0;
	for (i = 0; i < new->size; i++)
		if (old->fd[i] && old->fd[i] != RESERVED)
			new->fd[i] = get_file(old->fd[i]);
	spin_unlock(&old->lock);
	if (new->fd)
		return new;
	host_free(new);
	return NULL;
}

void um_files_exit(struct files_struct *files)
{
	unsigned int i;

	for (i = 0; i < files->size; i++)
		if (files->fd[i])
			filp_close(files->fd[i], files);
	host_free(files->fd);
	host_free(files);
}

int um_dup_from(struct file *file, unsigned long from)
{
	int fd;

	if (from >= UM_FD_BASE + MAX_FDS)
		return -EINVAL;
	fd = um_fallible("fcntl", -EMFILE,
			 fd_reserve(from > UM_FD_BASE ? from - UM_FD_BASE : 0));
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

int um_dup(int fd)
{
	struct file *file;
	int copy = -EBADF;

	um_syscall_enter();
	file = um_fget_raw(fd);
	if (file) {
		copy = get_unused_fd_flags(0);
		if (copy >= 0)
			fd_install(copy, file);
		else
			fput(file);
	}
	um_syscall_exit();
	return copy;
}
