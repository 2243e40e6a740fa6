// SPDX-License-Identifier: GPL-2.0-only
/*
 * Iterators over one range of user or kernel memory. A short copy leaves the
 * iterator after the bytes that were copied.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

void iov_iter_kvec(struct iov_iter *i, unsigned int direction,
		   const struct kvec *kvec, unsigned long nr_segs, size_t count)
{
	BUG_ON(nr_segs != 1);
	*i = (struct iov_iter){
		.iter_type = ITER_KVEC, .data_source = direction == WRITE,
		.kbuf = kvec->iov_base, .count = count,
	};
}
EXPORT_SYMBOL(iov_iter_kvec);

void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	bytes = min(bytes, i->count);
	i->iov_offset += bytes;
	i->count -= bytes;
}
EXPORT_SYMBOL(iov_iter_advance);

void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	if (WARN_ON(bytes > i->iov_offset))
		return;
	i->iov_offset -= bytes;
	i->count += bytes;
}
EXPORT_SYMBOL(iov_iter_revert);

size_t um_copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	size_t n = min(bytes, i->count);

	if (WARN_ON_ONCE(i->data_source))
		return 0;
	might_fault();
	if (i->iter_type == ITER_UBUF)
		n -= um_copy_to_user((char __user *)i->ubuf + i->iov_offset, addr, n);
	else
		memcpy((char *)i->kbuf + i->iov_offset, addr, n);
	iov_iter_advance(i, n);
	return n;
}
EXPORT_SYMBOL(um_copy_to_iter);

size_t um_copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	size_t n = min(bytes, i->count);

	if (WARN_ON_ONCE(!i->data_source))
		return 0;
	might_fault();
	if (i->iter_type == ITER_UBUF)
		n -= um_copy_from_user(addr, (char __user *)i->ubuf + i->iov_offset, n);
	else
		memcpy(addr, (char *)i->kbuf + i->iov_offset, n);
	iov_iter_advance(i, n);
	return n;
}
EXPORT_SYMBOL(um_copy_from_iter);
