// SPDX-License-Identifier: GPL-2.0-only
/* Ready-made file operations for data that lies in a buffer. */
#include <linux/export.h>
#include <linux/fs.h>
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
