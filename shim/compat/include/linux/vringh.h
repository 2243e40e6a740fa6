/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What vringh had for a device whose ring is in the kernel's memory, where it has
 * it no more: the bytes of a chain in and out, and taking a chain back.
 */
#ifndef COMPAT_LINUX_VRINGH_H
#define COMPAT_LINUX_VRINGH_H

#include_next <linux/vringh.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if !KAPI_VRINGH_PULL
#include <linux/minmax.h>
#include <linux/string.h>

/* Bytes moved: @len, or what is left of the chain. */
static inline ssize_t vringh_iov_pull_kern(struct vringh_kiov *riov, void *dst, size_t len)
{
	size_t done = 0;

	while (done < len && riov->i < riov->used) {
		const struct kvec *vec = &riov->iov[riov->i];
		size_t part = min(vec->iov_len, len - done);

		memcpy(dst + done, vec->iov_base, part);
		done += part;
		if (part)
			vringh_kiov_advance(riov, part);
		else
			riov->i++;
	}
	return done;
}

static inline ssize_t vringh_iov_push_kern(struct vringh_kiov *wiov, const void *src, size_t len)
{
	size_t done = 0;

	while (done < len && wiov->i < wiov->used) {
		const struct kvec *vec = &wiov->iov[wiov->i];
		size_t part = min(vec->iov_len, len - done);

		memcpy(vec->iov_base, src + done, part);
		done += part;
		if (part)
			vringh_kiov_advance(wiov, part);
		else
			wiov->i++;
	}
	return done;
}

/* The last @num chains are there to be taken again. */
static inline void vringh_abandon_kern(struct vringh *vrh, unsigned int num)
{
	vrh->last_avail_idx -= num;
}

#endif /* !KAPI_VRINGH_PULL */

#endif /* KAPI_AS_5_4 */

#endif
