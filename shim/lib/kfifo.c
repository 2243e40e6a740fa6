// SPDX-License-Identifier: GPL-2.0-only
/*
 * FIFOs. A record is its length, lowest byte first, and its bytes; both may run
 * over the end of the buffer. Whoever puts in writes what he puts before he moves
 * "in", and reads "out" before he takes a place that was used; the other likewise.
 *
 * The functions whose names end with _r are of FIFOs of records, whose elements
 * are bytes. Left out: the parts for DMA.
 */
#include <linux/export.h>
#include <linux/kfifo.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/**
 * __kfifo_alloc() - give a FIFO a buffer; called as kfifo_alloc()
 * @fifo:     the FIFO, empty afterwards
 * @size:     elements, rounded up to a power of 2
 * @esize:    bytes of an element
 * @gfp_mask: how to allocate
 *
 * Return: 0; -EINVAL for less than two elements, -ENOMEM.
 */
int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp_mask)
{
	*fifo = (struct __kfifo){ .esize = esize };
	if (size < 2)
		return -EINVAL;
	size = roundup_pow_of_two(size);
	fifo->data = kmalloc_array(size, esize, gfp_mask);
	if (!fifo->data)
		return -ENOMEM;
	fifo->mask = size - 1;
	return 0;
}
EXPORT_SYMBOL(__kfifo_alloc);

/**
 * __kfifo_free() - free the buffer of kfifo_alloc(); called as kfifo_free()
 * @fifo: the FIFO, which has none afterwards
 */
void __kfifo_free(struct __kfifo *fifo)
{
	kfree(fifo->data);
	*fifo = (struct __kfifo){ };
}
EXPORT_SYMBOL(__kfifo_free);

/**
 * __kfifo_init() - make a FIFO in a buffer; called as kfifo_init()
 * @fifo:   the FIFO, empty afterwards
 * @buffer: the caller's, for as long as the FIFO is used
 * @size:   of it in bytes; of the elements that fit a power of 2 is used
 * @esize:  bytes of an element
 *
 * Return: 0, or -EINVAL for less than two elements.
 */
int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize)
{
	size /= esize;
	if (!is_power_of_2(size))
		size = size ? rounddown_pow_of_two(size) : 0;
	*fifo = (struct __kfifo){ .esize = esize, .data = buffer };
	if (size < 2)
		return -EINVAL;
	fifo->mask = size - 1;
	return 0;
}
EXPORT_SYMBOL(__kfifo_init);

/* ---- the buffer, which goes round ---------------------------------------- */

static unsigned int unused(const struct __kfifo *fifo)
{
	return fifo->mask + 1 - um_kfifo_len(fifo);
}

/* Bytes from element @at on without a gap. */
static size_t to_the_end(const struct __kfifo *fifo, unsigned int at)
{
	return (size_t)(fifo->mask + 1 - (at & fifo->mask)) * fifo->esize;
}

static char *place_of(const struct __kfifo *fifo, unsigned int at)
{
	return (char *)fifo->data + (size_t)(at & fifo->mask) * fifo->esize;
}

static void write_at(struct __kfifo *fifo, unsigned int at, const void *from, unsigned int len)
{
	size_t bytes = (size_t)len * fifo->esize, first = min(bytes, to_the_end(fifo, at));

	memcpy(place_of(fifo, at), from, first);
	memcpy(fifo->data, (const char *)from + first, bytes - first);
}

static void read_at(const struct __kfifo *fifo, unsigned int at, void *to, unsigned int len)
{
	size_t bytes = (size_t)len * fifo->esize, first = min(bytes, to_the_end(fifo, at));

	memcpy(to, place_of(fifo, at), first);
	memcpy((char *)to + first, fifo->data, bytes - first);
}

/* Bytes that could not be copied. */
static size_t write_user_at(struct __kfifo *fifo, unsigned int at, const char __user *from,
			    size_t bytes)
{
	size_t first = min(bytes, to_the_end(fifo, at)), left;

	left = copy_from_user(place_of(fifo, at), from, first);
	if (left)
		return left + bytes - first;
	return bytes > first ? copy_from_user(fifo->data, from + first, bytes - first) : 0;
}

static size_t read_user_at(const struct __kfifo *fifo, unsigned int at, char __user *to,
			   size_t bytes)
{
	size_t first = min(bytes, to_the_end(fifo, at)), left;

	left = copy_to_user(to, place_of(fifo, at), first);
	if (left)
		return left + bytes - first;
	return bytes > first ? copy_to_user(to + first, fifo->data, bytes - first) : 0;
}

static void moved_in(struct __kfifo *fifo, unsigned int len)
{
	smp_store_release(&fifo->in, fifo->in + len);
}

static void moved_out(struct __kfifo *fifo, unsigned int len)
{
	smp_store_release(&fifo->out, fifo->out + len);
}

/* ---- elements ------------------------------------------------------------ */

/**
 * __kfifo_in() - put in as many elements as fit; called as kfifo_in(), kfifo_put()
 * @fifo: the FIFO
 * @buf:  elements
 * @len:  how many
 *
 * Context: one task at a time at this end: what is put in and what is taken
 * out need no lock between them.
 * Return: how many there was room for.
 */
unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len)
{
	len = min(len, unused(fifo));
	write_at(fifo, fifo->in, buf, len);
	moved_in(fifo, len);
	return len;
}
EXPORT_SYMBOL(__kfifo_in);

/**
 * __kfifo_out_peek() - look at the next elements; called as kfifo_out_peek(), kfifo_peek()
 * @fifo: the FIFO, which keeps them
 * @buf:  room for them
 * @len:  how many
 *
 * Context: nobody else takes out meanwhile.
 * Return: how many there were.
 */
unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len)
{
	len = min(len, um_kfifo_len(fifo));
	read_at(fifo, fifo->out, buf, len);
	return len;
}
EXPORT_SYMBOL(__kfifo_out_peek);

/**
 * __kfifo_out() - take out the next elements; called as kfifo_out(), kfifo_get()
 * @fifo: the FIFO
 * @buf:  room for them
 * @len:  how many
 *
 * Context: one task at a time at this end: what is put in and what is taken
 * out need no lock between them.
 * Return: how many there were.
 */
unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len)
{
	len = __kfifo_out_peek(fifo, buf, len);
	moved_out(fifo, len);
	return len;
}
EXPORT_SYMBOL(__kfifo_out);

/**
 * __kfifo_from_user() - put in elements of a user's; called as kfifo_from_user()
 * @fifo:   the FIFO
 * @from:   user memory
 * @len:    bytes of it
 * @copied: bytes of whole elements that were put in
 *
 * Context: may sleep; one task at a time.
 * Return: 0, or -EFAULT; then as much is in as could be copied.
 */
int __kfifo_from_user(struct __kfifo *fifo, const void __user *from, unsigned long len,
		      unsigned int *copied)
{
	unsigned int n = min_t(unsigned long, len / fifo->esize, unused(fifo));
	size_t left = write_user_at(fifo, fifo->in, from, (size_t)n * fifo->esize);

	n -= DIV_ROUND_UP(left, fifo->esize);
	moved_in(fifo, n);
	*copied = n * fifo->esize;
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL(__kfifo_from_user);

/**
 * __kfifo_to_user() - take out elements to a user; called as kfifo_to_user()
 * @fifo:   the FIFO
 * @to:     user memory
 * @len:    bytes of it
 * @copied: bytes of whole elements that were taken out
 *
 * Context: may sleep; one task at a time.
 * Return: 0, or -EFAULT; then as much is out as could be copied.
 */
int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len,
		    unsigned int *copied)
{
	unsigned int n = min_t(unsigned long, len / fifo->esize, um_kfifo_len(fifo));
	size_t left = read_user_at(fifo, fifo->out, to, (size_t)n * fifo->esize);

	n -= DIV_ROUND_UP(left, fifo->esize);
	moved_out(fifo, n);
	*copied = n * fifo->esize;
	return left ? -EFAULT : 0;
}
EXPORT_SYMBOL(__kfifo_to_user);

/* ---- records ------------------------------------------------------------- */

/**
 * __kfifo_max_r() - the longest record of a length
 * @len:     bytes
 * @recsize: bytes that its length takes
 *
 * Return: @len, or the largest length that can be written.
 */
unsigned int __kfifo_max_r(unsigned int len, size_t recsize)
{
	return min(len, (1U << (recsize * 8)) - 1);
}
EXPORT_SYMBOL(__kfifo_max_r);

/**
 * __kfifo_len_r() - the length of the next record; called as kfifo_peek_len()
 * @fifo:    the FIFO, not empty
 * @recsize: bytes that a length takes
 *
 * Return: bytes.
 */
unsigned int __kfifo_len_r(struct __kfifo *fifo, size_t recsize)
{
	unsigned int len = 0, i;

	for (i = 0; i < recsize; i++)
		len |= (unsigned int)*(u8 *)place_of(fifo, fifo->out + i) << (8 * i);
	return len;
}
EXPORT_SYMBOL(__kfifo_len_r);

static void write_len(struct __kfifo *fifo, unsigned int len, size_t recsize)
{
	unsigned int i;

	for (i = 0; i < recsize; i++)
		*(u8 *)place_of(fifo, fifo->in + i) = len >> (8 * i);
}

/**
 * __kfifo_in_r() - put in a record; called as kfifo_in(), kfifo_put()
 * @fifo:    the FIFO
 * @buf:     the record
 * @len:     its bytes
 * @recsize: bytes that a length takes
 *
 * Context: one task at a time at this end: what is put in and what is taken
 * out need no lock between them.
 * Return: @len, or 0 when it does not fit.
 */
unsigned int __kfifo_in_r(struct __kfifo *fifo, const void *buf, unsigned int len,
			  size_t recsize)
{
	if (len + recsize > unused(fifo))
		return 0;
	write_len(fifo, len, recsize);
	write_at(fifo, fifo->in + recsize, buf, len);
	moved_in(fifo, len + recsize);
	return len;
}
EXPORT_SYMBOL(__kfifo_in_r);

/**
 * __kfifo_out_peek_r() - look at the next record; called as kfifo_out_peek(), kfifo_peek()
 * @fifo:    the FIFO, which keeps it
 * @buf:     room for it
 * @len:     bytes of that
 * @recsize: bytes that a length takes
 *
 * Context: nobody else takes out meanwhile.
 * Return: bytes copied: the record's, or as many as there was room for.
 */
unsigned int __kfifo_out_peek_r(struct __kfifo *fifo, void *buf, unsigned int len,
				size_t recsize)
{
	if (!um_kfifo_len(fifo))
		return 0;
	len = min(len, __kfifo_len_r(fifo, recsize));
	read_at(fifo, fifo->out + recsize, buf, len);
	return len;
}
EXPORT_SYMBOL(__kfifo_out_peek_r);

/**
 * __kfifo_out_r() - take out the next record; called as kfifo_out(), kfifo_get()
 * @fifo:    the FIFO
 * @buf:     room for it; what is longer is lost
 * @len:     bytes of that
 * @recsize: bytes that a length takes
 *
 * Context: one task at a time at this end: what is put in and what is taken
 * out need no lock between them.
 * Return: bytes copied.
 */
unsigned int __kfifo_out_r(struct __kfifo *fifo, void *buf, unsigned int len, size_t recsize)
{
	if (!um_kfifo_len(fifo))
		return 0;
	len = __kfifo_out_peek_r(fifo, buf, len, recsize);
	__kfifo_skip_r(fifo, recsize);
	return len;
}
EXPORT_SYMBOL(__kfifo_out_r);

/**
 * __kfifo_skip_r() - drop the next record; called as kfifo_skip()
 * @fifo:    the FIFO, not empty
 * @recsize: bytes that a length takes
 *
 * Context: one task at a time at this end: what is put in and what is taken
 * out need no lock between them.
 */
void __kfifo_skip_r(struct __kfifo *fifo, size_t recsize)
{
	moved_out(fifo, __kfifo_len_r(fifo, recsize) + recsize);
}
EXPORT_SYMBOL(__kfifo_skip_r);

/**
 * __kfifo_from_user_r() - put in a record of a user's; called as kfifo_from_user()
 * @fifo:    the FIFO
 * @from:    user memory
 * @len:     bytes of it; no more than a record can have are taken
 * @copied:  the record's length; 0 when it does not fit, or could not be copied
 * @recsize: bytes that a length takes
 *
 * Context: may sleep; one task at a time.
 * Return: 0, or -EFAULT with nothing put in.
 */
int __kfifo_from_user_r(struct __kfifo *fifo, const void __user *from, unsigned long len,
			unsigned int *copied, size_t recsize)
{
	unsigned int n = __kfifo_max_r(min_t(unsigned long, len, UINT_MAX), recsize);

	*copied = 0;
	if (n + recsize > unused(fifo))
		return 0;
	write_len(fifo, n, recsize);
	if (write_user_at(fifo, fifo->in + recsize, from, n))
		return -EFAULT;
	moved_in(fifo, n + recsize);
	*copied = n;
	return 0;
}
EXPORT_SYMBOL(__kfifo_from_user_r);

/**
 * __kfifo_to_user_r() - take out a record to a user; called as kfifo_to_user()
 * @fifo:    the FIFO
 * @to:      user memory
 * @len:     bytes of it; what a record has beyond is lost
 * @copied:  bytes copied
 * @recsize: bytes that a length takes
 *
 * Context: may sleep; one task at a time.
 * Return: 0, or -EFAULT with the record still there.
 */
int __kfifo_to_user_r(struct __kfifo *fifo, void __user *to, unsigned long len,
		      unsigned int *copied, size_t recsize)
{
	unsigned int n;

	*copied = 0;
	if (!um_kfifo_len(fifo))
		return 0;
	n = min_t(unsigned long, len, __kfifo_len_r(fifo, recsize));
	if (read_user_at(fifo, fifo->out + recsize, to, n))
		return -EFAULT;
	__kfifo_skip_r(fifo, recsize);
	*copied = n;
	return 0;
}
EXPORT_SYMBOL(__kfifo_to_user_r);
