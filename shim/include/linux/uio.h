/* SPDX-License-Identifier: GPL-2.0-only */
/* Vectors of buffers: the user's (from the UAPI) and the kernel's own. */
#ifndef __LINUX_UIO_H_SHIM
#define __LINUX_UIO_H_SHIM

#include <linux/mm_types.h>
#include <linux/types.h>
#include_next <linux/uio.h>

/* The layout of struct iovec: arrays of one are resized as the other. */
struct kvec {
	void *iov_base;
	size_t iov_len;
};

#endif
