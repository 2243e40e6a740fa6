/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FIFOs of elements of one type, or of records of any length (lib/kfifo.c). One
 * task puts in and one takes out without a lock; more of either need one of
 * their own. A FIFO knows its type at compile time, by members of no size:
 *
 *	type	an element
 *	rec	of records: how many bytes a length takes, 1 or 2; else 0
 *	ptr	what a caller's buffer consists of; void takes any
 *
 * Sizes are powers of 2: what is asked for is rounded up, a buffer of the
 * caller's down. A whole fifo may be filled: in and out run over and are
 * masked where the buffer is touched.
 *
 * Left out: the parts for DMA by scatterlists.
 */
#ifndef _LINUX_KFIFO_H
#define _LINUX_KFIFO_H

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include "compat/levels.h"

struct __kfifo {
	unsigned int in;		/* elements put in since the beginning */
	unsigned int out;		/* and taken out */
	unsigned int mask;		/* size - 1 */
	unsigned int esize;		/* of an element */
	void *data;
};

#define UM_KFIFO(_type, _size, _rec, _ptr) {				\
	struct __kfifo kfifo;						\
	_type *type[0];							\
	char (*rec[0])[_rec];						\
	_ptr *ptr[0];							\
	_type buf[_size];						\
}
/* Of a buffer inside: BUILD_BUG_ON() where a size is given that is none. */
#define UM_KFIFO_SIZE(size) \
	((size) < 2 || ((size) & ((size) - 1)) ? -1 : (size))

#define STRUCT_KFIFO(type, size) \
	struct UM_KFIFO(type, UM_KFIFO_SIZE(size), 0, type)
#define STRUCT_KFIFO_PTR(type) \
	struct UM_KFIFO(type, 0, 0, type)
#define STRUCT_KFIFO_REC_1(size) \
	struct UM_KFIFO(unsigned char, UM_KFIFO_SIZE(size), 1, void)
#define STRUCT_KFIFO_REC_2(size) \
	struct UM_KFIFO(unsigned char, UM_KFIFO_SIZE(size), 2, void)

struct kfifo UM_KFIFO(unsigned char, 0, 0, void);
struct kfifo_rec_ptr_1 UM_KFIFO(unsigned char, 0, 1, void);
struct kfifo_rec_ptr_2 UM_KFIFO(unsigned char, 0, 2, void);

#define DECLARE_KFIFO_PTR(fifo, type)	STRUCT_KFIFO_PTR(type) fifo
#define DECLARE_KFIFO(fifo, type, size)	STRUCT_KFIFO(type, size) fifo

/* The buffer is inside, and not one to be allocated. */
#define um_kfifo_has_buffer(fifo)	(ARRAY_SIZE((fifo)->buf) != 0)
#define um_kfifo_of(fifo)						\
	{ .mask = ARRAY_SIZE((fifo).buf) ? ARRAY_SIZE((fifo).buf) - 1 : 0, \
	  .esize = sizeof((fifo).buf[0]),				\
	  .data = ARRAY_SIZE((fifo).buf) ? (fifo).buf : NULL, }

#define INIT_KFIFO(fifo)						\
	((void)((fifo).kfifo = (struct __kfifo)um_kfifo_of(fifo)))
#define DEFINE_KFIFO(fifo, type, size)					\
	DECLARE_KFIFO(fifo, type, size) = { .kfifo = um_kfifo_of(fifo) }

int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp_mask);
void __kfifo_free(struct __kfifo *fifo);
int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize);
unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len);
unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len);
unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len);
int __kfifo_from_user(struct __kfifo *fifo, const void __user *from, unsigned long len,
		      unsigned int *copied);
int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len,
		    unsigned int *copied);
unsigned int __kfifo_in_r(struct __kfifo *fifo, const void *buf, unsigned int len,
			  size_t recsize);
unsigned int __kfifo_out_r(struct __kfifo *fifo, void *buf, unsigned int len, size_t recsize);
unsigned int __kfifo_out_peek_r(struct __kfifo *fifo, void *buf, unsigned int len,
				size_t recsize);
unsigned int __kfifo_len_r(struct __kfifo *fifo, size_t recsize);
void __kfifo_skip_r(struct __kfifo *fifo, size_t recsize);
unsigned int __kfifo_max_r(unsigned int len, size_t recsize);
int __kfifo_from_user_r(struct __kfifo *fifo, const void __user *from, unsigned long len,
			unsigned int *copied, size_t recsize);
int __kfifo_to_user_r(struct __kfifo *fifo, void __user *to, unsigned long len,
		      unsigned int *copied, size_t recsize);

static inline unsigned int __must_check __kfifo_uint_must_check_helper(unsigned int val)
{
	return val;
}

static inline int __must_check __kfifo_int_must_check_helper(int val)
{
	return val;
}

/* ---- what it is ---------------------------------------------------------- */

#define kfifo_initialized(fifo)	((fifo)->kfifo.mask)
#define kfifo_esize(fifo)	((fifo)->kfifo.esize)
#define kfifo_recsize(fifo)	(sizeof(**(fifo)->rec))
#define kfifo_size(fifo)	((fifo)->kfifo.mask + 1)

static inline unsigned int um_kfifo_len(const struct __kfifo *fifo)
{
	return smp_load_acquire(&fifo->in) - smp_load_acquire(&fifo->out);
}

static inline void um_kfifo_set_out(struct __kfifo *fifo, unsigned int out)
{
	smp_store_release(&fifo->out, out);
}

/* Bytes of a record that still fits, or elements. */
static inline unsigned int um_kfifo_avail(const struct __kfifo *fifo, size_t recsize)
{
	unsigned int unused = fifo->mask + 1 - um_kfifo_len(fifo);

	if (!recsize)
		return unused;
	return unused <= recsize ? 0 : __kfifo_max_r(unused - recsize, recsize);
}

#define kfifo_len(fifo)		um_kfifo_len(&(fifo)->kfifo)
#define kfifo_is_empty(fifo)	(!kfifo_len(fifo))
#define kfifo_is_full(fifo)	(kfifo_len(fifo) > (fifo)->kfifo.mask)
#define kfifo_avail(fifo) \
	__kfifo_uint_must_check_helper(um_kfifo_avail(&(fifo)->kfifo, kfifo_recsize(fifo)))

/* Bytes that the next element or record has. */
#define kfifo_peek_len(fifo)						\
	__kfifo_uint_must_check_helper(					\
		kfifo_recsize(fifo) ? __kfifo_len_r(&(fifo)->kfifo, kfifo_recsize(fifo)) : \
				      kfifo_len(fifo) * sizeof(**(fifo)->type))

/* ---- its buffer ---------------------------------------------------------- */

/* Only of those without a buffer inside: of the others -EINVAL. */
#define kfifo_alloc(fifo, size, gfp_mask)				\
	__kfifo_int_must_check_helper(um_kfifo_has_buffer(fifo) ? -EINVAL :	\
		__kfifo_alloc(&(fifo)->kfifo, size, sizeof(**(fifo)->type), gfp_mask))
#define kfifo_init(fifo, buffer, size)					\
	(um_kfifo_has_buffer(fifo) ? -EINVAL :				\
	 __kfifo_init(&(fifo)->kfifo, buffer, size, sizeof(**(fifo)->type)))
#define kfifo_free(fifo)						\
	(um_kfifo_has_buffer(fifo) ? (void)0 : __kfifo_free(&(fifo)->kfifo))

/* Nobody else may be at it. */
#define kfifo_reset(fifo)	((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
/* Only by the task that takes out. */
#define kfifo_reset_out(fifo) \
	um_kfifo_set_out(&(fifo)->kfifo, smp_load_acquire(&(fifo)->kfifo.in))

/* ---- one element, or a record of its size -------------------------------- */

#define kfifo_put(fifo, val)						\
({									\
	typeof((fifo) + 1) __put = (fifo);				\
	typeof(**__put->type) __val = (val);				\
									\
	kfifo_recsize(__put) ?						\
		__kfifo_in_r(&__put->kfifo, &__val, sizeof(__val), kfifo_recsize(__put)) : \
		__kfifo_in(&__put->kfifo, &__val, 1);			\
})
#define um_kfifo_one(fifo, val, out)					\
({									\
	typeof((fifo) + 1) __one = (fifo);				\
	typeof(*__one->ptr) __to = (val);				\
									\
	kfifo_recsize(__one) ?						\
		out##_r(&__one->kfifo, __to, sizeof(*(val)), kfifo_recsize(__one)) != 0 : \
		out(&__one->kfifo, __to, 1);				\
})
#define kfifo_get(fifo, val) \
	__kfifo_uint_must_check_helper(um_kfifo_one(fifo, val, __kfifo_out))
#define kfifo_peek(fifo, val) \
	__kfifo_uint_must_check_helper(um_kfifo_one(fifo, val, __kfifo_out_peek))

/* The next element or record, unseen. */
#define kfifo_skip(fifo)						\
({									\
	typeof((fifo) + 1) __skip = (fifo);				\
									\
	if (kfifo_recsize(__skip))					\
		__kfifo_skip_r(&__skip->kfifo, kfifo_recsize(__skip));	\
	else								\
		um_kfifo_set_out(&__skip->kfifo, __skip->kfifo.out + 1);	\
	(void)0;							\
})

/* ---- many elements, or a record ------------------------------------------ */

#define kfifo_in(fifo, buf, n)						\
({									\
	typeof((fifo) + 1) __in = (fifo);				\
	typeof(**__in->ptr) const *__from = (buf);			\
									\
	kfifo_recsize(__in) ?						\
		__kfifo_in_r(&__in->kfifo, __from, n, kfifo_recsize(__in)) : \
		__kfifo_in(&__in->kfifo, __from, n);			\
})
#define um_kfifo_many(fifo, buf, n, out)				\
({									\
	typeof((fifo) + 1) __many = (fifo);				\
	typeof(*__many->ptr) __to = (buf);				\
									\
	kfifo_recsize(__many) ?						\
		out##_r(&__many->kfifo, __to, n, kfifo_recsize(__many)) : \
		out(&__many->kfifo, __to, n);				\
})
#define kfifo_out(fifo, buf, n) \
	__kfifo_uint_must_check_helper(um_kfifo_many(fifo, buf, n, __kfifo_out))
#define kfifo_out_peek(fifo, buf, n) \
	__kfifo_uint_must_check_helper(um_kfifo_many(fifo, buf, n, __kfifo_out_peek))

/* @len and *@copied are bytes; 0, or -EFAULT with what could be copied. */
#define um_kfifo_user(fifo, user, len, copied, move)			\
({									\
	typeof((fifo) + 1) __mv = (fifo);				\
									\
	kfifo_recsize(__mv) ?						\
		move##_r(&__mv->kfifo, user, len, copied, kfifo_recsize(__mv)) : \
		move(&__mv->kfifo, user, len, copied);			\
})
#define kfifo_from_user(fifo, from, len, copied) \
	__kfifo_int_must_check_helper(um_kfifo_user(fifo, from, len, copied, __kfifo_from_user))
#define kfifo_to_user(fifo, to, len, copied) \
	__kfifo_int_must_check_helper(um_kfifo_user(fifo, to, len, copied, __kfifo_to_user))

/* ---- under a lock -------------------------------------------------------- */

#define um_kfifo_locked(lock, what)					\
({									\
	unsigned long __flags;						\
	unsigned int __done;						\
									\
	spin_lock_irqsave(lock, __flags);				\
	__done = what;							\
	spin_unlock_irqrestore(lock, __flags);				\
	__done;								\
})
#define um_kfifo_locked_noirqsave(lock, what)				\
({									\
	unsigned int __done;						\
									\
	spin_lock(lock);						\
	__done = what;							\
	spin_unlock(lock);						\
	__done;								\
})

#define kfifo_in_spinlocked(fifo, buf, n, lock) \
	um_kfifo_locked(lock, kfifo_in(fifo, buf, n))
#define kfifo_out_spinlocked(fifo, buf, n, lock) \
	__kfifo_uint_must_check_helper(um_kfifo_locked(lock, kfifo_out(fifo, buf, n)))
#define kfifo_in_spinlocked_noirqsave(fifo, buf, n, lock) \
	um_kfifo_locked_noirqsave(lock, kfifo_in(fifo, buf, n))
#define kfifo_out_spinlocked_noirqsave(fifo, buf, n, lock) \
	__kfifo_uint_must_check_helper(um_kfifo_locked_noirqsave(lock, kfifo_out(fifo, buf, n)))
#define kfifo_is_empty_spinlocked(fifo, lock) \
	um_kfifo_locked(lock, kfifo_is_empty(fifo))
#define kfifo_is_empty_spinlocked_noirqsave(fifo, lock) \
	um_kfifo_locked_noirqsave(lock, kfifo_is_empty(fifo))
#define kfifo_in_locked(fifo, buf, n, lock)	kfifo_in_spinlocked(fifo, buf, n, lock)
#define kfifo_out_locked(fifo, buf, n, lock)	kfifo_out_spinlocked(fifo, buf, n, lock)

#endif
