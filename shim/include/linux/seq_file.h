/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are read as records, one after another (fs/seq_file.c): an iterator
 * finds them, show() prints each, and a reader gets whole records, whatever the
 * size of its buffer.
 *
 * Left out: seq_path() and the like, poll by namespaces, and what is per CPU.
 */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

#include <linux/bug.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/rculist.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/types.h>

struct seq_operations;

struct seq_file {
	char *buf;
	size_t size;			/* of @buf */
	size_t from;			/* where in it what has not been read begins */
	size_t count;			/* how much there is of that; size: it did not fit */
	size_t pad_until;
	loff_t index;			/* of the iterator's record */
	loff_t read_pos;		/* of the reader's file */
	struct mutex lock;
	const struct seq_operations *op;
	int poll_event;
	const struct file *file;
	void *private;
};

/*
 * start() gets the record at *@pos, and next() moves *@pos on, even at the end;
 * NULL ends, an ERR_PTR() fails. stop() follows each start(), whatever it got.
 * show() fails, or says SEQ_SKIP: what it printed is none.
 */
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP 1
/* For a start() that shows a head line first. */
#define SEQ_START_TOKEN ((void *)1)

int seq_open(struct file *file, const struct seq_operations *op);
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int seq_release(struct inode *inode, struct file *file);

void *__seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
int seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
int seq_release_private(struct inode *inode, struct file *file);

int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data,
		     size_t size);
int single_release(struct inode *inode, struct file *file);

/* ---- printing into the record -------------------------------------------- */

static inline bool seq_has_overflowed(struct seq_file *m)
{
	return m->count == m->size;
}

/* Where a caller may write by itself, and how much; then seq_commit(). */
static inline size_t seq_get_buf(struct seq_file *m, char **bufp)
{
	BUG_ON(m->count > m->size);
	*bufp = m->count < m->size ? m->buf + m->count : NULL;
	return m->size - m->count;
}

/* @num: bytes written there, or -1: they did not fit */
static inline void seq_commit(struct seq_file *m, int num)
{
	if (num < 0) {
		m->count = m->size;
		return;
	}
	BUG_ON(m->count + num > m->size);
	m->count += num;
}

/* What is printed from here to seq_pad() is to be so wide. */
static inline void seq_setwidth(struct seq_file *m, size_t size)
{
	m->pad_until = m->count + size;
}
void seq_pad(struct seq_file *m, char c);

__printf(2, 0) void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
__printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
int seq_write(struct seq_file *m, const void *data, size_t len);
void seq_putc(struct seq_file *m, char c);
void seq_puts(struct seq_file *m, const char *s);
void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num);
void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num);
void seq_hex_dump(struct seq_file *m, const char *prefix_str, int prefix_type, int rowsize,
		  int groupsize, const void *buf, size_t len, bool ascii);
void seq_escape_mem(struct seq_file *m, const char *src, size_t len, unsigned int flags,
		    const char *esc);

static inline void seq_escape_str(struct seq_file *m, const char *src, unsigned int flags,
				  const char *esc)
{
	seq_escape_mem(m, src, strlen(src), flags, esc);
}

/* Octal for the characters of @esc, and no others. */
static inline void seq_escape(struct seq_file *m, const char *src, const char *esc)
{
	seq_escape_str(m, src, ESCAPE_OCTAL, esc);
}

static inline void seq_show_option(struct seq_file *m, const char *name, const char *value)
{
	seq_putc(m, ',');
	seq_escape(m, name, ",= \t\n\\");
	if (value) {
		seq_putc(m, '=');
		seq_escape(m, value, ", \t\n\\");
	}
}

/* ---- file_operations by name: those of foo_open, from foo_sops or foo_show - */

#define DEFINE_SEQ_ATTRIBUTE(__name)					\
static int __name ## _open(struct inode *inode, struct file *file)	\
{									\
	int ret = seq_open(file, &__name ## _sops);			\
									\
	if (!ret && inode->i_private)					\
		((struct seq_file *)file->private_data)->private = inode->i_private; \
	return ret;							\
}									\
									\
static const struct file_operations __name ## _fops = {			\
	.owner = THIS_MODULE,						\
	.open = __name ## _open,					\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = seq_release,						\
}

#define DEFINE_SHOW_ATTRIBUTE(__name)					\
static int __name ## _open(struct inode *inode, struct file *file)	\
{									\
	return single_open(file, __name ## _show, inode->i_private);	\
}									\
									\
static const struct file_operations __name ## _fops = {			\
	.owner = THIS_MODULE,						\
	.open = __name ## _open,					\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = single_release,					\
}

/* ---- iterators of lists: for start() and next() -------------------------- */

struct list_head *seq_list_start(struct list_head *head, loff_t pos);
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos);
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos);
struct hlist_node *seq_hlist_start(struct hlist_head *head, loff_t pos);
struct hlist_node *seq_hlist_start_head(struct hlist_head *head, loff_t pos);
struct hlist_node *seq_hlist_next(void *v, struct hlist_head *head, loff_t *ppos);

#endif
