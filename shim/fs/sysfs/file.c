// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes as files. What a file can do is decided when it is made, by
 * what the object's type can do: an attribute that lacks show() or store()
 * of its own is opened all the same and gives what the type's functions
 * give, mostly -EIO.
 *
 * Left out: mmap of binary files, owners.
 */
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kobject.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <asm/page.h>

#include "fs/sysfs/sysfs.h"

/* ---- callbacks; an active reference is held in all of them --------------------- */

static struct kobject *file_kobj(struct kernfs_open_file *of)
{
	return of->kn->parent->priv;
}

/* Cuts what is too long, and says so: most likely it ran over the page. */
static ssize_t sysfs_call_show(struct kernfs_open_file *of, char *page)
{
	struct kobject *kobj = file_kobj(of);
	const struct sysfs_ops *ops = kobj->ktype->sysfs_ops;
	ssize_t count;

	count = ops->show(kobj, of->kn->priv, page);
	if (count >= (ssize_t)PAGE_SIZE) {
		printk("fill_read_buffer: %pS returned bad count\n",
		       (void *)ops->show);
		count = PAGE_SIZE - 1;
	}
	return count;
}

static ssize_t sysfs_kf_show(struct kernfs_open_file *of, char *page)
{
	memset(page, 0, PAGE_SIZE);
	return sysfs_call_show(of, page);
}

/* For SYSFS_PREALLOC: show() is called for every piece. */
static ssize_t sysfs_kf_read(struct kernfs_open_file *of, char *buf,
			     size_t count, loff_t pos)
{
	ssize_t len;

	len = sysfs_call_show(of, buf);
	if (len < 0)
		return len;
	if (len <= pos)
		return 0;
	len -= pos;
	if (pos)
		memmove(buf, buf + pos, len);
	return min_t(ssize_t, count, len);
}

static ssize_t sysfs_kf_write(struct kernfs_open_file *of, char *buf,
			      size_t count, loff_t pos)
{
	struct kobject *kobj = file_kobj(of);

	if (!count)
		return 0;
	return kobj->ktype->sysfs_ops->store(kobj, of->kn->priv, buf, count);
}

static ssize_t sysfs_kf_bin_read(struct kernfs_open_file *of, char *buf,
				 size_t count, loff_t pos)
{
	struct bin_attribute *battr = of->kn->priv;
	loff_t size = of->kn->attr.size;

	if (!count)
		return 0;
	if (size) {
		if (pos >= size)
			return 0;
		count = min_t(loff_t, count, size - pos);
	}
	if (!battr->read)
		return -EIO;
	return battr->read(of->file, file_kobj(of), battr, buf, pos, count);
}

static ssize_t sysfs_kf_bin_write(struct kernfs_open_file *of, char *buf,
				  size_t count, loff_t pos)
{
	struct bin_attribute *battr = of->kn->priv;
	loff_t size = of->kn->attr.size;

	if (size) {
		if (pos >= size)
			return -EFBIG;
		count = min_t(loff_t, count, size - pos);
	}
	if (!count)
		return 0;
	if (!battr->write)
		return -EIO;
	return battr->write(of->file, file_kobj(of), battr, buf, pos, count);
}

/* Indexed by: can read, can write. */
static const struct kernfs_ops sysfs_file_kfops[2][2] = {
	{ { }, { .write = sysfs_kf_write } },
	{ { .show = sysfs_kf_show },
	  { .show = sysfs_kf_show, .write = sysfs_kf_write } },
};

static const struct kernfs_ops sysfs_prealloc_kfops[2][2] = {
	{ { }, { .write = sysfs_kf_write, .prealloc = true } },
	{ { .read = sysfs_kf_read, .prealloc = true },
	  { .read = sysfs_kf_read, .write = sysfs_kf_write, .prealloc = true } },
};

static const struct kernfs_ops sysfs_bin_kfops[2][2] = {
	{ { }, { .write = sysfs_kf_bin_write } },
	{ { .read = sysfs_kf_bin_read },
	  { .read = sysfs_kf_bin_read, .write = sysfs_kf_bin_write } },
};

/* ---- making files --------------------------------------------------------------- */

static int add_file(struct kernfs_node *parent, const struct attribute *attr,
		    umode_t mode, loff_t size, const struct kernfs_ops *ops)
{
	struct lock_class_key *key = NULL;
	struct kernfs_node *kn;

	if (!attr->ignore_lockdep)
		key = attr->key ? attr->key : (struct lock_class_key *)&attr->skey;

	kn = kernfs_create_file(parent, attr->name, mode & 0777, size, ops,
				(void *)attr, key);
	if (!IS_ERR(kn))
		return 0;
	if (PTR_ERR(kn) == -EEXIST)
		sysfs_warn_dup(parent, attr->name);
	return PTR_ERR(kn);
}

/* @parent is the directory of a kobject or of a group of one. */
int sysfs_add_file(struct kernfs_node *parent, const struct attribute *attr,
		   umode_t mode)
{
	struct kobject *kobj = parent->priv;
	const struct sysfs_ops *ops = kobj->ktype->sysfs_ops;
	const struct kernfs_ops (*kfops)[2] = sysfs_file_kfops;

	if (WARN(!ops, "missing sysfs attribute operations for kobject: %s\n",
		 kobject_name(kobj)))
		return -EINVAL;

	if (mode & SYSFS_PREALLOC)
		kfops = sysfs_prealloc_kfops;
	return add_file(parent, attr, mode, PAGE_SIZE,
			&kfops[!!ops->show][!!ops->store]);
}

int sysfs_add_bin_file(struct kernfs_node *parent,
		       const struct bin_attribute *battr, umode_t mode)
{
	/* the attribute is the first member: priv finds either */
	return add_file(parent, &battr->attr, mode, battr->size,
			&sysfs_bin_kfops[!!battr->read][!!battr->write]);
}

/**
 * sysfs_create_file_ns() - a file for an attribute of an added object
 * @kobj: the object
 * @attr: the attribute; must stay as long as the file
 * @ns: NULL
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL (a splat) when the object is not in sysfs or its type
 * has no sysfs_ops; -EEXIST, said aloud; -ENOENT while it is being removed;
 * -ENOMEM.
 */
int sysfs_create_file_ns(struct kobject *kobj, const struct attribute *attr,
			 const void *ns)
{
	if (WARN_ON(!kobj || !kobj->sd || !attr))
		return -EINVAL;
	return sysfs_add_file(kobj->sd, attr, attr->mode);
}
EXPORT_SYMBOL_GPL(sysfs_create_file_ns);

/**
 * sysfs_create_files() - the files of several attributes, or none
 * @kobj: the object
 * @attrs: the attributes, ends with NULL
 *
 * As in Linux the one that failed is removed too: after -EEXIST the file that
 * was in its way is gone.
 *
 * Context: may sleep.
 *
 * Return: 0, or as sysfs_create_file().
 */
int sysfs_create_files(struct kobject *kobj, const struct attribute * const *attrs)
{
	int i, err = 0;

	for (i = 0; attrs[i]; i++) {
		err = sysfs_create_file(kobj, attrs[i]);
		if (err)
			break;
	}
	if (err)
		for (; i >= 0; i--)
			sysfs_remove_file(kobj, attrs[i]);
	return err;
}
EXPORT_SYMBOL_GPL(sysfs_create_files);

/* The directory of a group, or of the object itself, with a reference. */
static struct kernfs_node *group_dir(struct kobject *kobj, const char *group)
{
	if (group)
		return kernfs_find_and_get(kobj->sd, group);
	kernfs_get(kobj->sd);
	return kobj->sd;
}

/**
 * sysfs_add_file_to_group() - a file in the directory of a group
 * @kobj: the object
 * @attr: the attribute; must stay as long as the file
 * @group: name, NULL for the object's own directory
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOENT without such a group, or as sysfs_create_file().
 */
int sysfs_add_file_to_group(struct kobject *kobj, const struct attribute *attr,
			    const char *group)
{
	struct kernfs_node *parent;
	int err;

	parent = group_dir(kobj, group);
	if (!parent)
		return -ENOENT;
	err = sysfs_add_file(parent, attr, attr->mode);
	kernfs_put(parent);
	return err;
}
EXPORT_SYMBOL_GPL(sysfs_add_file_to_group);

/**
 * sysfs_remove_file_from_group() - undo sysfs_add_file_to_group()
 * @kobj: the object
 * @attr: the attribute; none of that name is no event
 * @group: name, NULL for the object's own directory
 *
 * Context: may sleep; waits for callbacks of the file.
 */
void sysfs_remove_file_from_group(struct kobject *kobj,
				  const struct attribute *attr,
				  const char *group)
{
	struct kernfs_node *parent;

	parent = group_dir(kobj, group);
	if (!parent)
		return;
	kernfs_remove_by_name(parent, attr->name);
	kernfs_put(parent);
}
EXPORT_SYMBOL_GPL(sysfs_remove_file_from_group);

/**
 * sysfs_chmod_file() - change the permissions of a file
 * @kobj: the object
 * @attr: whose file it is
 * @mode: the new bits; the file's type stays, files that are open too
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOENT.
 */
int sysfs_chmod_file(struct kobject *kobj, const struct attribute *attr,
		     umode_t mode)
{
	struct kernfs_node *kn;

	kn = kernfs_find_and_get(kobj->sd, attr->name);
	if (!kn)
		return -ENOENT;
	down_write(&kernfs_rwsem);
	WRITE_ONCE(kn->mode, (mode & S_IALLUGO) | (kn->mode & ~S_IALLUGO));
	up_write(&kernfs_rwsem);
	kernfs_put(kn);
	return 0;
}
EXPORT_SYMBOL_GPL(sysfs_chmod_file);

/* ---- removing files ---------------------------------------------------------------- */

/**
 * sysfs_break_active_protection() - let a file be removed during its callback
 * @kobj: the object, pinned in exchange
 * @attr: whose callback the caller is in
 *
 * Context: may sleep; in a callback of the file.
 *
 * Return: what sysfs_unbreak_active_protection() takes, or NULL when the file
 * is gone, and then nothing is pinned.
 */
struct kernfs_node *sysfs_break_active_protection(struct kobject *kobj,
						  const struct attribute *attr)
{
	struct kernfs_node *kn;

	kobject_get(kobj);
	kn = kernfs_find_and_get(kobj->sd, attr->name);
	if (kn)
		kernfs_break_active_protection(kn);
	else
		kobject_put(kobj);
	return kn;
}
EXPORT_SYMBOL_GPL(sysfs_break_active_protection);

/**
 * sysfs_unbreak_active_protection() - end it before the callback returns
 * @kn: what sysfs_break_active_protection() gave
 *
 * Context: may sleep. May drop the last reference on the object.
 */
void sysfs_unbreak_active_protection(struct kernfs_node *kn)
{
	struct kobject *kobj = kn->parent->priv;

	kernfs_unbreak_active_protection(kn);
	kernfs_put(kn);
	kobject_put(kobj);
}
EXPORT_SYMBOL_GPL(sysfs_unbreak_active_protection);

/**
 * sysfs_remove_file_ns() - remove a file
 * @kobj: the object
 * @attr: whose file it is; none of that name is no event
 * @ns: NULL
 *
 * Context: may sleep; waits for callbacks of the file, so none of them may
 * call it, nor hold what they take.
 */
void sysfs_remove_file_ns(struct kobject *kobj, const struct attribute *attr,
			  const void *ns)
{
	kernfs_remove_by_name(kobj->sd, attr->name);
}
EXPORT_SYMBOL_GPL(sysfs_remove_file_ns);

/**
 * sysfs_remove_file_self() - remove a file from its own callback
 * @kobj: the object
 * @attr: whose callback the caller is in
 *
 * Context: may sleep.
 *
 * Return: true if this call removed it. False if another callback did, whose
 * end was waited for; or, with a splat, if the file was gone already.
 */
bool sysfs_remove_file_self(struct kobject *kobj, const struct attribute *attr)
{
	struct kernfs_node *kn;
	bool won;

	kn = kernfs_find_and_get(kobj->sd, attr->name);
	if (WARN_ON_ONCE(!kn))
		return false;
	won = kernfs_remove_self(kn);
	kernfs_put(kn);
	return won;
}
EXPORT_SYMBOL_GPL(sysfs_remove_file_self);

/**
 * sysfs_remove_files() - sysfs_remove_file() for several attributes
 * @kobj: the object
 * @attrs: the attributes, ends with NULL
 *
 * Context: may sleep; as sysfs_remove_file_ns().
 */
void sysfs_remove_files(struct kobject *kobj, const struct attribute * const *attrs)
{
	for (; *attrs; attrs++)
		sysfs_remove_file(kobj, *attrs);
}
EXPORT_SYMBOL_GPL(sysfs_remove_files);

/**
 * sysfs_create_bin_file() - a file that is read and written in pieces
 * @kobj: the object
 * @attr: the attribute, with the file's size; must stay as long as the file
 *
 * Context: may sleep.
 *
 * Return: as sysfs_create_file().
 */
int sysfs_create_bin_file(struct kobject *kobj, const struct bin_attribute *attr)
{
	if (WARN_ON(!kobj || !kobj->sd || !attr))
		return -EINVAL;
	return sysfs_add_bin_file(kobj->sd, attr, attr->attr.mode);
}
EXPORT_SYMBOL_GPL(sysfs_create_bin_file);

/**
 * sysfs_remove_bin_file() - undo sysfs_create_bin_file()
 * @kobj: the object
 * @attr: the attribute; none of that name is no event
 *
 * Context: may sleep; as sysfs_remove_file_ns().
 */
void sysfs_remove_bin_file(struct kobject *kobj, const struct bin_attribute *attr)
{
	kernfs_remove_by_name(kobj->sd, attr->attr.name);
}
EXPORT_SYMBOL_GPL(sysfs_remove_bin_file);

/* ---- notifying, emitting --------------------------------------------------------------- */

/**
 * sysfs_notify() - tell pollers that an attribute has changed
 * @kobj: the object; nothing happens when it is not in sysfs
 * @dir: a group, or NULL
 * @attr: name, or NULL, for which nothing happens
 *
 * Context: may sleep.
 */
void sysfs_notify(struct kobject *kobj, const char *dir, const char *attr)
{
	struct kernfs_node *parent = NULL, *kn = NULL;

	if (kobj->sd)
		parent = group_dir(kobj, dir);
	if (parent && attr)
		kn = kernfs_find_and_get(parent, attr);
	if (kn)
		kernfs_notify(kn);
	kernfs_put(kn);
	kernfs_put(parent);
}
EXPORT_SYMBOL_GPL(sysfs_notify);

static __printf(3, 0) int emit(char *buf, int at, const char *fmt, va_list args)
{
	return vscnprintf(buf + at, PAGE_SIZE - at, fmt, args);
}

/**
 * sysfs_emit() - print into the page of a show()
 * @buf: the page, from its start; anything else is a splat and prints nothing
 * @fmt: the text
 * @...: arguments for @fmt
 *
 * Return: how many bytes, without the NUL; never more than fit.
 */
int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	if (WARN(!buf || ((unsigned long)buf & ~PAGE_MASK),
		 "invalid sysfs_emit: buf:%p\n", buf))
		return 0;

	va_start(args, fmt);
	len = emit(buf, 0, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL_GPL(sysfs_emit);

/**
 * sysfs_emit_at() - as sysfs_emit(), further on in the page
 * @buf: the page, from its start
 * @at: bytes into it; what lies outside is a splat and prints nothing
 * @fmt: the text
 * @...: arguments for @fmt
 *
 * Return: how many bytes were added, without the NUL; never more than fit.
 */
int sysfs_emit_at(char *buf, int at, const char *fmt, ...)
{
	va_list args;
	int len;

	if (WARN(!buf || ((unsigned long)buf & ~PAGE_MASK) || at < 0 ||
		 at >= (int)PAGE_SIZE,
		 "invalid sysfs_emit_at: buf:%p at:%d\n", buf, at))
		return 0;

	va_start(args, fmt);
	len = emit(buf, at, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL_GPL(sysfs_emit_at);
