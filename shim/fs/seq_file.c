// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of records. The iterator runs, from start() to stop(), within one read at
 * a time, and as long as the reader's buffer has room and the file's has; what is
 * left of the last record waits in the file's buffer. A record that is larger than
 * that is begun anew in one of twice the size. Who reads from where the last read
 * did not end gets there by showing all records before it.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string_helpers.h>
#include <linux/uaccess.h>

/* ---- the buffer ---------------------------------------------------------- */

static int have_buffer(struct seq_file *m)
{
	if (m->buf)
		return 0;
	m->size = m->size ?: PAGE_SIZE;
	m->buf = kvmalloc(m->size, GFP_KERNEL);
	return m->buf ? 0 : -ENOMEM;
}

/* Of twice the size, and empty. */
static int larger_buffer(struct seq_file *m)
{
	kvfree(m->buf);
	m->count = 0;
	m->size *= 2;
	m->buf = kvmalloc(m->size, GFP_KERNEL);
	return m->buf ? 0 : -ENOMEM;
}

static void rewind_to_start(struct seq_file *m)
{
	m->index = 0;
	m->count = 0;
}

/* Shows a record: 0, with m->count as it was if that is to be skipped; or an error. */
static int show(struct seq_file *m, void *p)
{
	size_t before = m->count;
	int err = m->op->show(m, p);

	if (err <= 0)
		return err;
	m->count = before;
	return 0;
}

static void *next(struct seq_file *m, void *p)
{
	loff_t before = m->index;

	p = m->op->next(m, p, &m->index);
	if (m->index == before) {
		pr_info_ratelimited("buggy .next function %ps did not update position index\n",
				    m->op->next);
		m->index++;
	}
	return p;
}

/* ---- reading ------------------------------------------------------------- */

/* Shows all that lies before @offset. -EAGAIN: a record did not fit, there is more room now. */
static int traverse(struct seq_file *m, loff_t offset)
{
	bool too_large = false;
	loff_t pos = 0;
	int err;
	void *p;

	rewind_to_start(m);
	m->from = 0;
	if (!offset)
		return 0;
	err = have_buffer(m);
	if (err)
		return err;
	p = m->op->start(m, &m->index);
	while (p) {
		err = PTR_ERR_OR_ZERO(p) ?: show(m, p);
		if (err)
			break;
		too_large = seq_has_overflowed(m);
		if (too_large)
			break;
		p = next(m, p);
		if (pos + m->count > offset) {
			m->from = offset - pos;
			m->count -= m->from;
			break;
		}
		pos += m->count;
		m->count = 0;
		if (pos == offset)
			break;
	}
	m->op->stop(m, p);
	if (too_large)
		return larger_buffer(m) ?: -EAGAIN;
	return err;
}

static int go_to(struct seq_file *m, loff_t offset)
{
	int err;

	do {
		err = traverse(m, offset);
	} while (err == -EAGAIN);
	if (err) {
		rewind_to_start(m);
		m->read_pos = 0;
	} else {
		m->read_pos = offset;
	}
	return err;
}

/* The first record that is not empty, with the iterator at it; NULL: the end, or *@err. */
static void *first_record(struct seq_file *m, int *err)
{
	void *p;

	m->from = 0;
	p = m->op->start(m, &m->index);
	for (;;) {
		*err = PTR_ERR_OR_ZERO(p);
		if (!p || *err)
			break;
		*err = show(m, p);
		if (*err)
			break;
		if (!m->count) {
			p = next(m, p);
			continue;
		}
		if (!seq_has_overflowed(m))
			return p;
		m->op->stop(m, p);
		*err = larger_buffer(m);
		if (*err)
			return NULL;
		p = m->op->start(m, &m->index);
	}
	m->op->stop(m, p);
	m->count = 0;
	return NULL;
}

/* As many more as the reader wants and the buffer has room for. */
static void more_records(struct seq_file *m, void *p, size_t wanted)
{
	for (;;) {
		size_t before = m->count;

		p = next(m, p);
		if (IS_ERR_OR_NULL(p) || m->count >= wanted)
			break;
		/* an error is the next read's */
		if (show(m, p) || seq_has_overflowed(m)) {
			m->count = before;
			break;
		}
	}
	m->op->stop(m, p);
}

/* To the reader; less than there is when its memory ends. */
static size_t hand_out(struct seq_file *m, char __user *buf, size_t size)
{
	size_t n = min(m->count, size);

	n -= copy_to_user(buf, m->buf + m->from, n);
	m->count -= n;
	m->from += n;
	return n;
}

static ssize_t read_records(struct seq_file *m, char __user *buf, size_t size)
{
	size_t done;
	int err;
	void *p;

	err = have_buffer(m);
	if (err)
		return err;
	done = hand_out(m, buf, size);
	if (m->count || done == size)
		return done ?: m->count ? -EFAULT : 0;
	p = first_record(m, &err);
	if (!p)
		return done ?: err;
	more_records(m, p, size - done);
	done += hand_out(m, buf + done, size - done);
	return done ?: -EFAULT;
}

/**
 * seq_read() - the read operation of a file of seq_open()
 * @file: the file
 * @buf:  user memory
 * @size: of it
 * @ppos: where to; moved on
 *
 * Context: may sleep; reads of one file take turns.
 * Return: bytes; 0 at the end; -ENOMEM, -EFAULT, or an error of the iterator, each
 * only when nothing could be read before it.
 */
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	ssize_t ret = 0;

	if (!size)
		return 0;
	mutex_lock(&m->lock);
	if (!*ppos)
		rewind_to_start(m);
	if (*ppos != m->read_pos)
		ret = go_to(m, *ppos);
	if (!ret)
		ret = read_records(m, buf, size);
	if (ret > 0) {
		*ppos += ret;
		m->read_pos += ret;
	}
	mutex_unlock(&m->lock);
	return ret;
}
EXPORT_SYMBOL(seq_read);

/**
 * seq_lseek() - the llseek operation of a file of seq_open()
 * @file:   the file
 * @offset: bytes
 * @whence: SEEK_SET or SEEK_CUR
 *
 * Context: may sleep; shows the records before.
 * Return: the position; -EINVAL, or an error of the iterator, after which the file
 * is at its start.
 */
loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *m = file->private_data;
	loff_t ret = -EINVAL;

	mutex_lock(&m->lock);
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	if ((whence == SEEK_SET || whence == SEEK_CUR) && offset >= 0) {
		ret = offset != m->read_pos ? go_to(m, offset) : 0;
		file->f_pos = ret ? 0 : offset;
		ret = ret ?: offset;
	}
	mutex_unlock(&m->lock);
	return ret;
}
EXPORT_SYMBOL(seq_lseek);

/* ---- opening ------------------------------------------------------------- */

/**
 * seq_open() - make a file one of records; called by its open operation
 * @file: the file, without private data
 * @op:   finds and shows the records
 *
 * private_data is a struct seq_file from then on, whose member private is the
 * caller's. pwrite() is not possible.
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; after 0 seq_release() is to be called.
 */
int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *m;

	WARN_ON(file->private_data);
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	if (!m)
		return -ENOMEM;
	mutex_init(&m->lock);
	m->op = op;
	m->file = file;
	file->private_data = m;
	file->f_mode &= ~FMODE_PWRITE;
	return 0;
}
EXPORT_SYMBOL(seq_open);

/**
 * seq_release() - the release operation of a file of seq_open()
 * @inode: not looked at
 * @file:  the file
 *
 * Return: 0.
 */
int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	mutex_destroy(&m->lock);
	kvfree(m->buf);
	kfree(m);
	return 0;
}
EXPORT_SYMBOL(seq_release);

/**
 * __seq_open_private() - seq_open() with memory for the iterator
 * @file:  the file
 * @ops:   finds and shows the records
 * @psize: bytes of zeroes, which are the member private
 *
 * Context: may sleep.
 * Return: that memory, which seq_release_private() frees; NULL: there was none.
 */
void *__seq_open_private(struct file *file, const struct seq_operations *ops, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(file, ops)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)file->private_data)->private = private;
	return private;
}
EXPORT_SYMBOL(__seq_open_private);

/**
 * seq_open_private() - __seq_open_private() for an open operation
 * @file:  the file
 * @ops:   finds and shows the records
 * @psize: bytes of zeroes, which are the member private
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int seq_open_private(struct file *file, const struct seq_operations *ops, int psize)
{
	return __seq_open_private(file, ops, psize) ? 0 : -ENOMEM;
}
EXPORT_SYMBOL(seq_open_private);

/**
 * seq_release_private() - the release operation of a file of seq_open_private()
 * @inode: not looked at
 * @file:  the file
 *
 * Return: 0.
 */
int seq_release_private(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->private);
	m->private = NULL;
	return seq_release(inode, file);
}
EXPORT_SYMBOL(seq_release_private);

/* ---- files of one record ------------------------------------------------- */

static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : SEQ_START_TOKEN;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

/**
 * single_open() - make a file one of a single record
 * @file: the file, without private data
 * @show: prints the record
 * @data: the member private of the struct seq_file that it gets
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; after 0 single_release() is to be called.
 */
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data)
{
	struct seq_operations *op = kmalloc(sizeof(*op), GFP_KERNEL);
	int err;

	if (!op)
		return -ENOMEM;
	*op = (struct seq_operations){
		.start = single_start, .next = single_next, .stop = single_stop, .show = show,
	};
	err = seq_open(file, op);
	if (err)
		kfree(op);
	else
		((struct seq_file *)file->private_data)->private = data;
	return err;
}
EXPORT_SYMBOL(single_open);

/**
 * single_open_size() - single_open() with a buffer of a certain size
 * @file: the file, without private data
 * @show: prints the record
 * @data: the member private of the struct seq_file that it gets
 * @size: how long the record may be expected to be
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; after 0 single_release() is to be called.
 */
int single_open_size(struct file *file, int (*show)(struct seq_file *m, void *v), void *data,
		     size_t size)
{
	char *buf = kvmalloc(size, GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!buf)
		return -ENOMEM;
	err = single_open(file, show, data);
	if (err) {
		kvfree(buf);
		return err;
	}
	m = file->private_data;
	m->buf = buf;
	m->size = size;
	return 0;
}
EXPORT_SYMBOL(single_open_size);

/**
 * single_release() - the release operation of a file of single_open()
 * @inode: not looked at
 * @file:  the file
 *
 * Return: 0.
 */
int single_release(struct inode *inode, struct file *file)
{
	const struct seq_operations *op = ((struct seq_file *)file->private_data)->op;
	int ret = seq_release(inode, file);

	kfree(op);
	return ret;
}
EXPORT_SYMBOL(single_release);

/* ---- printing ------------------------------------------------------------ */

/* It did not fit: the record will be shown again. */
static void overflow(struct seq_file *m)
{
	m->count = m->size;
}

/**
 * seq_vprintf() - print into the record
 * @m:    the file, inside of show()
 * @fmt:  as of printk()
 * @args: for it
 *
 * As of all functions that print here: what does not fit makes show() be called
 * again, with more room.
 */
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	size_t room = m->size - m->count;
	int n;

	if (!room)
		return;
	n = vsnprintf(m->buf + m->count, room, fmt, args);
	if (n < room)
		m->count += n;
	else
		overflow(m);
}
EXPORT_SYMBOL(seq_vprintf);

/**
 * seq_printf() - print into the record
 * @m:   the file, inside of show()
 * @fmt: as of printk()
 * @...: for it
 */
void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(seq_printf);

/**
 * seq_write() - put bytes into the record
 * @m:    the file, inside of show()
 * @data: the bytes
 * @len:  how many
 *
 * Return: 0, or -1 when they did not fit.
 */
int seq_write(struct seq_file *m, const void *data, size_t len)
{
	if (m->count + len >= m->size) {
		overflow(m);
		return -1;
	}
	memcpy(m->buf + m->count, data, len);
	m->count += len;
	return 0;
}
EXPORT_SYMBOL(seq_write);

/**
 * seq_putc() - put a character into the record
 * @m: the file, inside of show()
 * @c: the character
 */
void seq_putc(struct seq_file *m, char c)
{
	if (m->count < m->size)
		m->buf[m->count++] = c;
}
EXPORT_SYMBOL(seq_putc);

#undef seq_puts
/**
 * seq_puts() - put a text into the record
 * @m: the file, inside of show()
 * @s: the text
 */
void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}
EXPORT_SYMBOL(seq_puts);

/**
 * seq_pad() - fill the record up to what seq_setwidth() said
 * @m: the file, inside of show()
 * @c: printed behind the blanks, if it is not 0
 */
void seq_pad(struct seq_file *m, char c)
{
	ssize_t blanks = (ssize_t)m->pad_until - (ssize_t)m->count;

	if (blanks > 0) {
		if (m->count + blanks > m->size) {
			overflow(m);
			return;
		}
		memset(m->buf + m->count, ' ', blanks);
		m->count += blanks;
	}
	if (c)
		seq_putc(m, c);
}
EXPORT_SYMBOL(seq_pad);

/**
 * seq_put_decimal_ull() - print a number, as "%s%llu" does
 * @m:         the file, inside of show()
 * @delimiter: before it; NULL: nothing
 * @num:       the number
 */
void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num)
{
	seq_printf(m, "%s%llu", delimiter ?: "", num);
}
EXPORT_SYMBOL(seq_put_decimal_ull);

/**
 * seq_put_decimal_ll() - print a number, as "%s%lld" does
 * @m:         the file, inside of show()
 * @delimiter: before it; NULL: nothing
 * @num:       the number
 */
void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num)
{
	seq_printf(m, "%s%lld", delimiter ?: "", num);
}
EXPORT_SYMBOL(seq_put_decimal_ll);

/**
 * seq_escape_mem() - put bytes into the record, some of them escaped
 * @m:     the file, inside of show()
 * @src:   the bytes
 * @len:   how many
 * @flags: how: ESCAPE_...
 * @esc:   which, or NULL
 */
void seq_escape_mem(struct seq_file *m, const char *src, size_t len, unsigned int flags,
		    const char *esc)
{
	char *buf;
	size_t room = seq_get_buf(m, &buf);
	int n = string_escape_mem(src, len, buf, room, flags, esc);

	seq_commit(m, n < room ? n : -1);
}
EXPORT_SYMBOL(seq_escape_mem);

/**
 * seq_hex_dump() - print_hex_dump() into the record
 * @m:           the file, inside of show()
 * @prefix_str:  before each line
 * @prefix_type: DUMP_PREFIX_...
 * @rowsize:     bytes in a line: 16 or 32
 * @groupsize:   bytes in a group: 1, 2, 4, 8
 * @buf:         what is dumped
 * @len:         its bytes
 * @ascii:       characters behind them
 */
void seq_hex_dump(struct seq_file *m, const char *prefix_str, int prefix_type, int rowsize,
		  int groupsize, const void *buf, size_t len, bool ascii)
{
	char row[32 * 3 + 2 + 32 + 1];
	size_t at, n;

	rowsize = rowsize == 32 ? 32 : 16;
	for (at = 0; at < len && !seq_has_overflowed(m); at += rowsize) {
		n = min_t(size_t, len - at, rowsize);
		hex_dump_to_buffer((const char *)buf + at, n, rowsize, groupsize, row,
				   sizeof(row), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			seq_printf(m, "%s%p: %s\n", prefix_str, (const char *)buf + at, row);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			seq_printf(m, "%s%.8x: %s\n", prefix_str, (unsigned int)at, row);
		else
			seq_printf(m, "%s%s\n", prefix_str, row);
	}
}
EXPORT_SYMBOL(seq_hex_dump);

/* ---- iterators of lists -------------------------------------------------- */

/**
 * seq_list_start() - the entry of a list at a position
 * @head: of the list, which the caller has locked
 * @pos:  which, from 0 on
 *
 * Return: the entry, or NULL.
 */
struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *entry;

	list_for_each(entry, head)
		if (!pos--)
			return entry;
	return NULL;
}
EXPORT_SYMBOL(seq_list_start);

/**
 * seq_list_start_head() - seq_list_start() with the head at position 0
 * @head: of the list, which the caller has locked
 * @pos:  which
 *
 * Return: @head, the entry, or NULL.
 */
struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}
EXPORT_SYMBOL(seq_list_start_head);

/**
 * seq_list_next() - the entry behind one
 * @v:    the entry, or the head
 * @head: of the list, which the caller has locked
 * @ppos: moved on
 *
 * Return: the entry, or NULL.
 */
struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *entry = ((struct list_head *)v)->next;

	++*ppos;
	return entry == head ? NULL : entry;
}
EXPORT_SYMBOL(seq_list_next);

/**
 * seq_hlist_start() - the entry of a hash list at a position
 * @head: of the list, which the caller has locked
 * @pos:  which, from 0 on
 *
 * Return: the entry, or NULL.
 */
struct hlist_node *seq_hlist_start(struct hlist_head *head, loff_t pos)
{
	struct hlist_node *node;

	hlist_for_each(node, head)
		if (!pos--)
			return node;
	return NULL;
}
EXPORT_SYMBOL(seq_hlist_start);

/**
 * seq_hlist_start_head() - seq_hlist_start() with a head line at position 0
 * @head: of the list, which the caller has locked
 * @pos:  which
 *
 * Return: SEQ_START_TOKEN, the entry, or NULL.
 */
struct hlist_node *seq_hlist_start_head(struct hlist_head *head, loff_t pos)
{
	return pos ? seq_hlist_start(head, pos - 1) : SEQ_START_TOKEN;
}
EXPORT_SYMBOL(seq_hlist_start_head);

/**
 * seq_hlist_next() - the entry behind one
 * @v:    the entry, or SEQ_START_TOKEN
 * @head: of the list, which the caller has locked
 * @ppos: moved on
 *
 * Return: the entry, or NULL.
 */
struct hlist_node *seq_hlist_next(void *v, struct hlist_head *head, loff_t *ppos)
{
	++*ppos;
	return v == SEQ_START_TOKEN ? head->first : ((struct hlist_node *)v)->next;
}
EXPORT_SYMBOL(seq_hlist_next);
