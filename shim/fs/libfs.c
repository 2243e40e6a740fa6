// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ready-made file operations: for data that lies in a buffer, and for one number
 * that two functions get and set.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/**
 * simple_read_from_buffer() - a read operation for a buffer
 * @to: user memory
 * @count: bytes wanted
 * @ppos: where in the buffer; advanced by what was copied
 * @from: the buffer
 * @available: its size in bytes
 *
 * Context: may sleep.
 *
 * Return: bytes copied, 0 at the end, -EINVAL for a negative position,
 * -EFAULT when nothing could be copied.
 */
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos,
				const void *from, size_t available)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min(count, (size_t)(available - pos));
	left = copy_to_user(to, (const char *)from + pos, count);
	if (left == count)
		return -EFAULT;
	count -= left;
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_read_from_buffer);

/**
 * simple_write_to_buffer() - a write operation for a buffer
 * @to: the buffer
 * @available: its size in bytes
 * @ppos: where in the buffer; advanced by what was copied
 * @from: user memory
 * @count: bytes to be written; what is beyond the buffer is left out
 *
 * Context: may sleep.
 *
 * Return: bytes copied, 0 at the end, -EINVAL for a negative position,
 * -EFAULT when nothing could be copied.
 */
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos,
			       const void __user *from, size_t count)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= available || !count)
		return 0;
	count = min(count, (size_t)(available - pos));
	left = copy_from_user((char *)to + pos, from, count);
	if (left == count)
		return -EFAULT;
	count -= left;
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(simple_write_to_buffer);

/**
 * memory_read_from_buffer() - simple_read_from_buffer() into kernel memory
 * @to: room for @count bytes
 * @count: bytes wanted
 * @ppos: where in the buffer; advanced by what was copied
 * @from: the buffer
 * @available: its size in bytes
 *
 * Return: bytes copied, 0 at the end, -EINVAL for a negative position.
 */
ssize_t memory_read_from_buffer(void *to, size_t count, loff_t *ppos,
				const void *from, size_t available)
{
	loff_t pos = *ppos;

	if (pos < 0)
		return -EINVAL;
	if (pos >= available)
		return 0;
	count = min(count, (size_t)(available - pos));
	memcpy(to, (const char *)from + pos, count);
	*ppos = pos + count;
	return count;
}
EXPORT_SYMBOL(memory_read_from_buffer);

/**
 * simple_open() - an open operation: the file's data is the inode's
 * @inode: the inode
 * @file: the file
 *
 * Return: 0.
 */
int simple_open(struct inode *inode, struct file *file)
{
	if (inode->i_private)
		file->private_data = inode->i_private;
	return 0;
}
EXPORT_SYMBOL(simple_open);

/* ---- one number ------------------------------------------------------ */

/**
 * struct simple_attr - an open file of one number
 * @get: its value, or NULL: it cannot be read
 * @set: likewise
 * @data: for both
 * @fmt: of an unsigned long long, with a newline
 * @mutex: guards @text and @input, and orders the calls of one open file
 * @text: what was read, for whoever goes on reading
 * @input: what is written
 */
struct simple_attr {
	int (*get)(void *data, u64 *val);
	int (*set)(void *data, u64 val);
	void *data;
	const char *fmt;
	struct mutex mutex;
	char text[24];
	char input[24];
};

/**
 * simple_attr_open() - an open operation; called as DEFINE_SIMPLE_ATTRIBUTE() has it
 * @inode: whose i_private is the data
 * @file: the file, which cannot be seeked
 * @get: gives the number, 0 or a negative errno; or NULL
 * @set: takes it, likewise
 * @fmt: for an unsigned long long; 23 characters are kept
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int simple_attr_open(struct inode *inode, struct file *file, int (*get)(void *, u64 *),
		     int (*set)(void *, u64), const char *fmt)
{
	struct simple_attr *attr = kzalloc(sizeof(*attr), GFP_KERNEL);

	if (!attr)
		return -ENOMEM;
	attr->get = get;
	attr->set = set;
	attr->data = inode->i_private;
	attr->fmt = fmt;
	mutex_init(&attr->mutex);
	file->private_data = attr;
	return nonseekable_open(inode, file);
}
EXPORT_SYMBOL_GPL(simple_attr_open);

/**
 * simple_attr_release() - the release operation of simple_attr_open()
 * @inode: not looked at
 * @file: the file
 *
 * Return: 0.
 */
int simple_attr_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}
EXPORT_SYMBOL_GPL(simple_attr_release);

/**
 * simple_attr_read() - the read operation of simple_attr_open()
 * @file: the file
 * @buf: user memory
 * @len: bytes wanted
 * @ppos: position; at 0 the number is asked for anew
 *
 * Context: may sleep.
 * Return: bytes, -EACCES for what cannot be read, -ERESTARTSYS, what get() says, or as
 * simple_read_from_buffer().
 */
ssize_t simple_attr_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	struct simple_attr *attr = file->private_data;
	ssize_t ret;
	u64 val;

	if (!attr->get)
		return -EACCES;
	ret = mutex_lock_interruptible(&attr->mutex);
	if (ret)
		return ret;
	if (!*ppos || !attr->text[0]) {
		ret = attr->get(attr->data, &val);
		if (!ret)
			scnprintf(attr->text, sizeof(attr->text), attr->fmt,
				  (unsigned long long)val);
	}
	if (!ret)
		ret = simple_read_from_buffer(buf, len, ppos, attr->text, strlen(attr->text));
	mutex_unlock(&attr->mutex);
	return ret;
}
EXPORT_SYMBOL_GPL(simple_attr_read);

static int parse(const char *text, bool is_signed, u64 *val)
{
	return is_signed ? kstrtoll(text, 0, (long long *)val) :
			   kstrtoull(text, 0, (unsigned long long *)val);
}

static ssize_t write_number(struct simple_attr *attr, const char __user *buf, size_t len,
			    bool is_signed)
{
	size_t size = min(sizeof(attr->input) - 1, len);
	ssize_t ret;
	u64 val;

	if (!attr->set)
		return -EACCES;
	ret = mutex_lock_interruptible(&attr->mutex);
	if (ret)
		return ret;
	ret = copy_from_user(attr->input, buf, size) ? -EFAULT : 0;
	attr->input[size] = '\0';
	if (!ret)
		ret = parse(attr->input, is_signed, &val);
	if (!ret)
		ret = attr->set(attr->data, val);
	mutex_unlock(&attr->mutex);
	/* what lies behind the first 23 characters counts as written, too */
	return ret ?: len;
}

/**
 * simple_attr_write() - the write operation of simple_attr_open()
 * @file: the file
 * @buf: user memory: a number, in any base by its prefix
 * @len: bytes
 * @ppos: not looked at
 *
 * Context: may sleep.
 * Return: @len, -EACCES for what cannot be written, -ERESTARTSYS, -EFAULT, -EINVAL or
 * -ERANGE of what is no number, or what set() says.
 */
ssize_t simple_attr_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos)
{
	return write_number(file->private_data, buf, len, false);
}
EXPORT_SYMBOL_GPL(simple_attr_write);

/**
 * simple_attr_write_signed() - simple_attr_write() of a number that may be negative
 * @file: as for that
 * @buf: likewise
 * @len: likewise
 * @ppos: likewise
 *
 * Context: may sleep.
 * Return: as simple_attr_write().
 */
ssize_t simple_attr_write_signed(struct file *file, const char __user *buf, size_t len,
				 loff_t *ppos)
{
	return write_number(file->private_data, buf, len, true);
}
EXPORT_SYMBOL_GPL(simple_attr_write_signed);
