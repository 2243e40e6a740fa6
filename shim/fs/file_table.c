// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files and their references.
 *
 * The last fput() does not release the file there and then: as in the
 * kernel, that happens on the way back to user mode, where no lock is held.
 * Outside of a system call it happens at once.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/cdev.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "check/op.h"
#include "fs/internal.h"
#include "kernel/rcu/rcu.h"
#include "host/host.h"
#include "kernel/sched/wait.h"
#include "umdev/umdev.h"

static void describe_file(const void *obj, char *buf, size_t size)
{
	const struct file *file = obj;

	strscpy(buf, file->um_name, size);
}

struct file *um_file_alloc(const char *name, unsigned int flags, fmode_t mode)
{
	size_t len = strlen(name) + 1;
	struct file *file;

	file = um_fallible("alloc_empty_file", (struct file *)NULL,
			   (struct file *)host_zalloc(sizeof(*file)));
	if (!file)
		return ERR_PTR(-ENOMEM);
	file->um_name = host_alloc(len);
	if (!file->um_name) {
		host_free(file);
		return ERR_PTR(-ENOMEM);
	}
	memcpy(file->um_name, name, len);
	spin_lock_init(&file->f_lock);
	mutex_init(&file->f_pos_lock);
	file->f_pos_lock.dep_map.one_users = true;
	INIT_LIST_HEAD(&file->um_epitems);
	atomic_long_set(&file->f_count, 1);
	file->f_flags = flags;
	file->f_mode = mode;
	file->f_inode = um_anon_inode();
	file->f_mapping = file->f_inode->i_mapping;
	um_object_new(file, "file", describe_file);
	return file;
}

void um_file_opened(struct file *file)
{
	const struct file_operations *fop = file->f_op;

	if (file->f_mode & FMODE_READ && fop->read)
		file->f_mode |= FMODE_CAN_READ;
	if (file->f_mode & FMODE_WRITE && fop->write)
		file->f_mode |= FMODE_CAN_WRITE;
	file->f_mode |= FMODE_OPENED;
}

static void file_free(struct file *file)
{
	mutex_destroy(&file->f_pos_lock);
	um_object_freed(file);
	host_free(file->um_name);
	host_free(file);
}

static void release(struct file *file)
{
	struct inode *inode = file->f_inode;

	um_epoll_forget(file);
	um_flock_forget(file);
	if (file->f_mode & FMODE_OPENED) {
		might_sleep();
		if (file->f_op->release)
			file->f_op->release(inode, file);
		if (S_ISCHR(inode->i_mode) && inode->i_cdev)
			cdev_put(inode->i_cdev);
		fops_put(file->f_op);
	}
	if (file->um_path) {
		um_path_put(file->um_path);
		host_free(file->um_path);
	}
	file_free(file);
}

/* ---- references ------------------------------------------------------ */

/**
 * get_file() - take a reference on an open file
 * @f: the file, on which the caller has one
 *
 * Return: @f.
 */
struct file *get_file(struct file *f)
{
	um_object_get(f);
	atomic_long_inc(&f->f_count);
	return f;
}
EXPORT_SYMBOL(get_file);

/**
 * fput() - drop a reference on an open file
 * @file: the file, the caller's no longer
 *
 * After the last one release() of the file is called: at the end of the system
 * call that is running, or at once outside of any, where a kernel would leave
 * it to a work item. One too many is a splat.
 *
 * Context: may sleep outside of a system call; within one release() comes at
 * its end.
 */
void fput(struct file *file)
{
	struct task_struct *task = current;
	long left;

	um_object_put(file);
	left = atomic_long_sub_return(1, &file->f_count);
	if (left < 0) {
		atomic_long_set(&file->f_count, 0);
		um_splat("file", "fput() of a file without references");
		return;
	}
	if (left)
		return;
	if (!task->um_syscall) {
		release(file);
		return;
	}
	file->um_next_fput = NULL;
	if (task->um_fputs) {
		struct file *last = task->um_fputs;

		while (last->um_next_fput)
			last = last->um_next_fput;
		last->um_next_fput = file;
	} else {
		task->um_fputs = file;
	}
}
EXPORT_SYMBOL(fput);

void flush_delayed_fput(void)
{
	struct task_struct *task = current;
	struct file *file;

	while ((file = task->um_fputs)) {
		task->um_fputs = file->um_next_fput;
		release(file);
	}
}

/* ---- the border to user mode ----------------------------------------- */

void um_syscall_enter(void)
{
	struct task_struct *task = current;

	if (!task->um_syscall)
		(void)um_begin(UM_CALL);
	__atomic_store_n(&task->um_syscall, task->um_syscall + 1, __ATOMIC_SEQ_CST);
}

void um_syscall_exit_from(const char *name)
{
	struct task_struct *task = current;

	if (task->um_syscall == 1) {
		flush_delayed_fput();
		um_task_ends(name, NULL);
		um_late_flush();
	}
	__atomic_store_n(&task->um_syscall, task->um_syscall - 1, __ATOMIC_SEQ_CST);
	if (task->um_syscall)
		return;
	um_rcu_tasks_left();
	um_end(UM_CALL, 0);
}
