// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files. Each holds an active reference only while a callback runs;
 * what was opened before a removal and is used after it gives -ENODEV.
 *
 * Files with show() are read the way seq_file reads a single record: show()
 * is called when nothing fetched is left and the position is at the start,
 * or when the position is not where the last read left it (then everything
 * before it is thrown away); its text is kept in the open file, so that
 * reading in pieces gives one consistent text. Other files pass each read
 * and write on, a page at most. Every write is one call of write().
 *
 * Left out: mmap, release callbacks, atomic writes longer than a page.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/uaccess.h>
#include <asm/page.h>

#include "check/op.h"
#include "fs/kernfs/kernfs-internal.h"

/* All nodes' attr.open, and who is on it. */
static DEFINE_SPINLOCK(kernfs_open_lock);

/* Page-aligned, as kmalloc() of a page is in Linux and show() may rely on. */
static char *kernfs_page_alloc(size_t size)
{
	might_sleep();
	return um_fallible("kmalloc", NULL, um_slab_alloc(size, PAGE_SIZE, NULL));
}

static struct kernfs_open_file *kernfs_of(struct file *file)
{
	return file->private_data;
}

/* ---- what open files of a node share --------------------------------------------- */

static int kernfs_get_open_node(struct kernfs_node *kn)
{
	struct kernfs_open_node *on, *new = NULL;

	for (;;) {
		spin_lock(&kernfs_open_lock);
		on = kn->attr.open;
		if (!on && new) {
			on = new;
			new = NULL;
			kn->attr.open = on;
		}
		if (on)
			on->files++;
		spin_unlock(&kernfs_open_lock);

		if (on) {
			kfree(new);
			return 0;
		}

		new = kzalloc(sizeof(*new), GFP_KERNEL);
		if (!new)
			return -ENOMEM;
		atomic_set(&new->event, 1);
		init_waitqueue_head(&new->poll);
	}
}

static void kernfs_put_open_node(struct kernfs_node *kn)
{
	struct kernfs_open_node *on, *last = NULL;

	spin_lock(&kernfs_open_lock);
	on = kn->attr.open;
	if (!--on->files) {
		kn->attr.open = NULL;
		last = on;
	}
	spin_unlock(&kernfs_open_lock);
	kfree(last);
}

/**
 * kernfs_notify() - tell pollers that a file's content has changed
 * @kn: the file; a splat for another kind of node
 */
void kernfs_notify(struct kernfs_node *kn)
{
	struct kernfs_open_node *on;
	unsigned long flags;

	if (WARN_ON(kn->type != KERNFS_FILE))
		return;

	spin_lock_irqsave(&kernfs_open_lock, flags);
	on = kn->attr.open;
	if (on) {
		atomic_inc(&on->event);
		wake_up_interruptible(&on->poll);
	}
	spin_unlock_irqrestore(&kernfs_open_lock, flags);
}
EXPORT_SYMBOL_GPL(kernfs_notify);

static __poll_t kernfs_fop_poll(struct file *file, poll_table *wait)
{
	struct kernfs_open_file *of = kernfs_of(file);
	struct kernfs_open_node *on = of->kn->attr.open;
	__poll_t mask = DEFAULT_POLLMASK;

	if (!kernfs_get_active(of->kn))
		return mask | EPOLLERR | EPOLLPRI;

	poll_wait(file, &on->poll, wait);
	if (READ_ONCE(of->event) != atomic_read(&on->event))
		mask |= EPOLLERR | EPOLLPRI;
	kernfs_put_active(of->kn);
	return mask;
}

/* ---- reading what show() gives ------------------------------------------------------ */

/*
 * The single record. of->mutex is taken outside the active reference, as a
 * write does. At the end of the text too the node must still be there.
 */
static int kernfs_fetch(struct kernfs_open_file *of)
{
	ssize_t len;

	mutex_lock(&of->mutex);
	if (!kernfs_get_active(of->kn)) {
		mutex_unlock(&of->mutex);
		return -ENODEV;
	}

	of->from = 0;
	of->count = 0;
	if (of->shown) {
		len = 0;
	} else {
		WRITE_ONCE(of->event, atomic_read(&of->kn->attr.open->event));
		len = of->kn->attr.ops->show(of, of->buf);
		if (len >= 0) {
			of->count = len;
			of->shown = true;
		}
	}

	kernfs_put_active(of->kn);
	mutex_unlock(&of->mutex);
	return len < 0 ? len : 0;
}

/* Fetches anew and drops what lies before @pos. */
static int kernfs_skip_to(struct kernfs_open_file *of, loff_t pos)
{
	int err = 0;

	of->shown = false;
	of->count = 0;
	if (pos)
		err = kernfs_fetch(of);
	if (err) {
		of->shown = false;
		of->read_pos = 0;
		return err;
	}
	if (pos) {
		of->from = min_t(loff_t, pos, of->count);
		of->count -= of->from;
	}
	of->read_pos = pos;
	return 0;
}

static size_t kernfs_take(struct kernfs_open_file *of, char __user *to, size_t count)
{
	size_t n = min(count, of->count);

	if (!n)
		return 0;
	n -= copy_to_user(to, of->buf + of->from, n);
	of->from += n;
	of->count -= n;
	return n;
}

static ssize_t kernfs_read_locked(struct kernfs_open_file *of, char __user *to,
				  size_t count, loff_t pos)
{
	size_t copied = 0;
	int err = 0;

	/* From the start is always from a fresh start. */
	if (pos == 0) {
		of->shown = false;
		of->count = 0;
	}
	if (!of->buf) {
		of->buf = kernfs_page_alloc(PAGE_SIZE);
		if (!of->buf)
			return -ENOMEM;
	}
	if (pos != of->read_pos) {
		err = kernfs_skip_to(of, pos);
		if (err)
			return err;
	}

	if (of->count) {
		copied = kernfs_take(of, to, count);
		if (of->count)
			return copied ? copied : -EFAULT;
	}

	err = kernfs_fetch(of);
	if (!err && of->count) {
		copied += kernfs_take(of, to + copied, count - copied);
		if (!copied && count)
			return -EFAULT;
	}
	return copied ? copied : err;
}

static ssize_t kernfs_read_shown(struct kernfs_open_file *of, char __user *to,
				 size_t count, loff_t *ppos)
{
	ssize_t ret;

	if (!count)
		return 0;

	mutex_lock(&of->seq_lock);
	ret = kernfs_read_locked(of, to, count, *ppos);
	if (ret > 0) {
		*ppos += ret;
		of->read_pos += ret;
	}
	mutex_unlock(&of->seq_lock);
	return ret;
}

/* ---- reading and writing pieces -------------------------------------------------------- */

static char *kernfs_get_buf(struct kernfs_open_file *of, size_t size)
{
	if (!of->prealloc_buf)
		return kmalloc(size, GFP_KERNEL);
	mutex_lock(&of->prealloc_mutex);
	return of->prealloc_buf;
}

static void kernfs_put_buf(struct kernfs_open_file *of, char *buf)
{
	if (buf == of->prealloc_buf)
		mutex_unlock(&of->prealloc_mutex);
	else
		kfree(buf);
}

static ssize_t kernfs_read_piece(struct kernfs_open_file *of, char *buf,
				 size_t len, loff_t pos)
{
	const struct kernfs_ops *ops = of->kn->attr.ops;
	ssize_t ret;

	mutex_lock(&of->mutex);
	if (!kernfs_get_active(of->kn)) {
		mutex_unlock(&of->mutex);
		return -ENODEV;
	}
	WRITE_ONCE(of->event, atomic_read(&of->kn->attr.open->event));
	ret = ops->read ? ops->read(of, buf, len, pos) : -EINVAL;
	kernfs_put_active(of->kn);
	mutex_unlock(&of->mutex);
	return ret;
}

/* Linux reads and writes these files by iterators, and nobody could be waited for. */
static ssize_t not_queued(ssize_t ret)
{
	BUG_ON(ret == -EIOCBQUEUED);
	return ret;
}

static ssize_t kernfs_fop_read(struct file *file, char __user *to, size_t count,
			       loff_t *ppos)
{
	struct kernfs_open_file *of = kernfs_of(file);
	size_t len = min_t(size_t, count, PAGE_SIZE);
	ssize_t ret;
	char *buf;

	if (of->kn->attr.ops->show)
		return not_queued(kernfs_read_shown(of, to, count, ppos));

	buf = kernfs_get_buf(of, len);
	if (!buf)
		return -ENOMEM;
	ret = kernfs_read_piece(of, buf, len, *ppos);
	if (ret > 0 && copy_to_user(to, buf, ret))
		ret = -EFAULT;
	if (ret > 0)
		*ppos += ret;
	kernfs_put_buf(of, buf);
	return not_queued(ret);
}

static ssize_t kernfs_write_piece(struct kernfs_open_file *of, char *buf,
				  size_t len, loff_t pos)
{
	const struct kernfs_ops *ops = of->kn->attr.ops;
	ssize_t ret;

	mutex_lock(&of->mutex);
	if (!kernfs_get_active(of->kn)) {
		mutex_unlock(&of->mutex);
		return -ENODEV;
	}
	ret = ops->write ? ops->write(of, buf, len, pos) : -EINVAL;
	kernfs_put_active(of->kn);
	mutex_unlock(&of->mutex);
	return ret;
}

static ssize_t kernfs_fop_write(struct file *file, const char __user *from,
				size_t count, loff_t *ppos)
{
	struct kernfs_open_file *of = kernfs_of(file);
	size_t len = min_t(size_t, count, PAGE_SIZE);
	ssize_t ret;
	char *buf;

	buf = kernfs_get_buf(of, len + 1);
	if (!buf)
		return -ENOMEM;
	if (copy_from_user(buf, from, len)) {
		ret = -EFAULT;
		goto put_buf;
	}
	buf[len] = '\0';

	ret = kernfs_write_piece(of, buf, len, *ppos);
	if (ret > 0)
		*ppos += ret;
put_buf:
	kernfs_put_buf(of, buf);
	return not_queued(ret);
}

static loff_t kernfs_fop_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek_size(file, offset, whence, MAX_NON_LFS,
					kernfs_of(file)->kn->attr.size);
}

/* ---- open and release --------------------------------------------------------------------- */

static int kernfs_fop_release(struct inode *inode, struct file *file)
{
	struct kernfs_open_file *of = kernfs_of(file);

	kernfs_put_open_node(of->kn);
	kfree(of->buf);
	kfree(of->prealloc_buf);
	kfree(of);
	return 0;
}

static const struct file_operations kernfs_file_fops = {
	.read = kernfs_fop_read,
	.write = kernfs_fop_write,
	.llseek = kernfs_fop_llseek,
	.poll = kernfs_fop_poll,
	.release = kernfs_fop_release,
};

/* Root passes the mode bits, but not what the file cannot do. */
static bool kernfs_may_open(struct kernfs_node *kn, fmode_t mode)
{
	const struct kernfs_ops *ops = kn->attr.ops;
	umode_t perm = READ_ONCE(kn->mode);

	if ((mode & FMODE_WRITE) && (!(perm & S_IWUGO) || !ops->write))
		return false;
	if ((mode & FMODE_READ) &&
	    (!(perm & S_IRUGO) || !(ops->show || ops->read)))
		return false;
	return true;
}

static struct kernfs_open_file *kernfs_new_open_file(struct kernfs_node *kn,
						     struct file *file)
{
	struct kernfs_open_file *of;

	of = kzalloc(sizeof(*of), GFP_KERNEL);
	if (!of)
		return NULL;
	mutex_init(&of->mutex);
	of->mutex.dep_map.one_users = true;
	mutex_init(&of->prealloc_mutex);
	mutex_init(&of->seq_lock);
	of->kn = kn;
	of->file = file;

	if (kn->attr.ops->prealloc) {
		of->prealloc_buf = kernfs_page_alloc(PAGE_SIZE + 1);
		if (!of->prealloc_buf) {
			kfree(of);
			return NULL;
		}
	}
	return of;
}

/**
 * kernfs_open() - open a file
 * @kn: a file that the caller keeps until @file was released
 * @file: the open file; given its operations
 *
 * Context: may sleep.
 *
 * Return: 0, -ENODEV once removal has begun, -EACCES when the file cannot do
 * what it is opened for (to root too), -ENOMEM.
 */
int kernfs_open(struct kernfs_node *kn, struct file *file)
{
	struct kernfs_open_file *of;
	int err = -EACCES;

	if (!kernfs_get_active(kn))
		return -ENODEV;
	if (!kernfs_may_open(kn, file->f_mode))
		goto put_active;

	err = -ENOMEM;
	of = kernfs_new_open_file(kn, file);
	if (!of)
		goto put_active;
	err = kernfs_get_open_node(kn);
	if (err)
		goto free_of;

	file->private_data = of;
	file->f_op = &kernfs_file_fops;
	file->f_mode |= FMODE_UM_WHOLE;
	kernfs_put_active(kn);
	return 0;

free_of:
	kfree(of->prealloc_buf);
	kfree(of);
put_active:
	kernfs_put_active(kn);
	return err;
}

/**
 * kernfs_create_file() - a file in a directory
 * @parent: the directory
 * @name: its name
 * @mode: permissions
 * @size: what stat says; 0 when unknown
 * @ops: its callbacks; must stay as long as the file
 * @priv: for the callbacks
 * @key: lock class of its active reference, in static storage, or NULL
 *
 * Context: may sleep.
 *
 * Return: the tree's node, or ERR_PTR(): -EEXIST, -ENOENT, -ENOMEM.
 */
struct kernfs_node *kernfs_create_file(struct kernfs_node *parent,
				       const char *name, umode_t mode,
				       loff_t size, const struct kernfs_ops *ops,
				       void *priv, struct lock_class_key *key)
{
	struct kernfs_node *kn;
	int err;

	kn = kernfs_new_node(parent, name, mode | S_IFREG, KERNFS_FILE, key);
	if (!kn)
		return ERR_PTR(-ENOMEM);
	kn->attr.ops = ops;
	kn->attr.size = size;
	kn->priv = priv;

	err = kernfs_add_one(kn);
	if (err) {
		kernfs_put(kn);
		return ERR_PTR(err);
	}
	return kn;
}
