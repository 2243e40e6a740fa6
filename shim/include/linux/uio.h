/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Iterators over the buffers of one read or write: a single range, of user
 * or of kernel memory. Vectors, pages and pipes are left out.
 */
#ifndef _LINUX_UIO_H_SHIM
#define _LINUX_UIO_H_SHIM

#include <linux/kernel.h>
#include <linux/types.h>
#include_next <linux/uio.h>

struct kvec {
	void *iov_base;
	size_t iov_len;
};

enum iter_type {
	ITER_UBUF,
	ITER_KVEC,
};

struct iov_iter {
	u8 iter_type;
	bool data_source;
	size_t iov_offset;
	size_t count;
	union {
		void __user *ubuf;
		void *kbuf;
	};
};

/* direction, as seen from the iterator */
#define READ	0
#define WRITE	1

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline bool user_backed_iter(const struct iov_iter *i)
{
	return i->iter_type == ITER_UBUF;
}

static inline void iov_iter_ubuf(struct iov_iter *i, unsigned int direction,
				 void __user *buf, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_UBUF, .data_source = direction == WRITE,
		.ubuf = buf, .count = count,
	};
}

/* @nr_segs must be 1 */
void iov_iter_kvec(struct iov_iter *i, unsigned int direction,
		   const struct kvec *kvec, unsigned long nr_segs, size_t count);
void iov_iter_advance(struct iov_iter *i, size_t bytes);
void iov_iter_revert(struct iov_iter *i, size_t bytes);

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = count;
}

size_t um_copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t um_copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);

#define copy_to_iter(addr, bytes, i) \
	um_fallible("copy_to_iter", (size_t)0, um_copy_to_iter(addr, bytes, i))
#define copy_from_iter(addr, bytes, i) \
	um_fallible("copy_from_iter", (size_t)0, um_copy_from_iter(addr, bytes, i))

#include "check/check.h"

#endif
