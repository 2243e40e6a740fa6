// SPDX-License-Identifier: GPL-2.0-only
/*
 * flock(): locks of whole files, each held by an open file, which has one at most, and
 * not by its descriptors or a task. They are nothing to drivers, which here have no
 * operation for them. Left out: locks of ranges, leases.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

struct um_flock {
	struct list_head node;
	const void *of;			/* what is locked */
	bool exclusive;
};

static LIST_HEAD(flocks);
static DEFINE_SPINLOCK(flocks_lock);	/* them, and file->um_flock */
static DECLARE_WAIT_QUEUE_HEAD(flocks_wait);

/* Two open files of one path are of the same; all that have none are of one inode. */
static const void *locked_of(const struct file *file)
{
	return file->um_path ? (const void *)file->um_path->node : file_inode(file);
}

static void unlock(struct file *file)
{
	struct um_flock *l;

	spin_lock(&flocks_lock);
	l = file->um_flock;
	file->um_flock = NULL;
	if (l)
		list_del(&l->node);
	spin_unlock(&flocks_lock);
	kfree(l);
	if (l)
		wake_up_all(&flocks_wait);
}

/* flocks_lock held: does another than @own hold what @new must not be beside? */
static bool in_the_way(const struct um_flock *new, const struct um_flock *own)
{
	struct um_flock *l;

	list_for_each_entry(l, &flocks, node)
		if (l != own && l->of == new->of && (l->exclusive || new->exclusive))
			return true;
	return false;
}

static bool try_lock(struct file *file, struct um_flock *new)
{
	struct um_flock *own;
	bool done;

	spin_lock(&flocks_lock);
	/* of another task, which has locked the same open file meanwhile */
	own = file->um_flock;
	done = !in_the_way(new, own);
	if (done) {
		if (own)
			list_del(&own->node);
		list_add(&new->node, &flocks);
		file->um_flock = new;
	}
	spin_unlock(&flocks_lock);
	if (done)
		kfree(own);
	return done;
}

static bool has_lock(struct file *file, bool exclusive)
{
	bool has;

	spin_lock(&flocks_lock);
	has = file->um_flock && file->um_flock->exclusive == exclusive;
	spin_unlock(&flocks_lock);
	return has;
}

static int lock(struct file *file, bool exclusive, bool waits)
{
	struct um_flock *new;
	int err = 0;

	if (has_lock(file, exclusive))
		return 0;
	/* one of another sort goes first, and may be lost */
	unlock(file);
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->of = locked_of(file);
	new->exclusive = exclusive;
	if (waits && wait_event_interruptible(flocks_wait, try_lock(file, new)))
		err = -EINTR;
	else if (!waits && !try_lock(file, new))
		err = -EWOULDBLOCK;
	if (err)
		kfree(new);
	return err;
}

void um_flock_forget(struct file *file)
{
	if (file->um_flock)
		unlock(file);
}

static int do_flock(struct file *file, unsigned int op)
{
	switch (op & ~UM_LOCK_NB) {
	case UM_LOCK_UN:
		unlock(file);
		return 0;
	case UM_LOCK_SH:
	case UM_LOCK_EX:
		if (!(file->f_mode & (FMODE_READ | FMODE_WRITE)))
			return -EBADF;
		return lock(file, op & UM_LOCK_EX, !(op & UM_LOCK_NB));
	}
	return -EINVAL;
}

int um_flock(int fd, unsigned int op)
{
	struct file *file;
	int ret = -EBADF;

	um_syscall_enter();
	file = fget(fd);
	if (file) {
		ret = do_flock(file, op);
		fput(file);
	}
	um_syscall_exit();
	return ret;
}
