/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device's side of a split virtio ring, for rings in kernel memory, as in
 * Linux 6.1 (drivers/vhost/vringh.c). Left out: rings in user memory
 * (vringh_*_user) and behind an IOTLB (vringh_*_iotlb), and what lets a
 * virtio driver play the device (vringh_config_ops).
 */
#ifndef _LINUX_VRINGH_H
#define _LINUX_VRINGH_H

#include <linux/dma-direction.h>
#include <asm/barrier.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uio.h>
#include <linux/virtio_byteorder.h>
#include <linux/virtio_ring.h>

#include "compat/levels.h"

/**
 * struct vringh - a ring and how far the device is in it
 * @little_endian: VIRTIO_F_VERSION_1 was negotiated
 * @event_indices: VIRTIO_RING_F_EVENT_IDX was negotiated
 * @weak_barriers: barriers between processors are enough
 * @last_avail_idx: next entry of the available ring that is to be taken
 * @last_used_idx: the used index when vringh_need_notify_kern() last looked;
 *	without event indices that never moves it
 * @completed: entries completed since
 * @vring: the ring itself
 * @notify: what vringh_notify() calls, or NULL; the init functions leave it alone
 *
 * Nothing here is locked: one task at a time.
 */
struct vringh {
	bool little_endian;
	bool event_indices;
	bool weak_barriers;
	u16 last_avail_idx;
	u16 last_used_idx;
	u32 completed;
	struct vring vring;
	void (*notify)(struct vringh *vrh);
};

/**
 * struct vringh_kiov - the buffers of a chain, one direction of them
 * @iov: its elements; those that are partly consumed are changed in place
 * @consumed: bytes of @iov[@i] that are consumed already
 * @i: the first element that is not consumed
 * @used: how many elements the chain has
 * @max_num: room in @iov, and VRINGH_IOV_ALLOCATED when it must be freed
 */
struct vringh_kiov {
	struct kvec *iov;
	size_t consumed;
	unsigned int i, used, max_num;
};

/* In max_num: iov came from kmalloc(), vringh_kiov_cleanup() frees it. */
#define VRINGH_IOV_ALLOCATED 0x8000000

/* @kvec: room for @num elements, of the caller's; more are allocated when a chain has more. */
static inline void vringh_kiov_init(struct vringh_kiov *kiov, struct kvec *kvec,
				    unsigned int num)
{
	kiov->iov = kvec;
	kiov->max_num = num;
	kiov->used = 0;
	kiov->i = 0;
	kiov->consumed = 0;
}

/*
 * Back to the first byte. As in Linux it looks at iov[i] also when all is
 * consumed, and so needs room for one element more than the chain has; and it
 * restores only the element it stands in: pull and push restore the others.
 */
static inline void vringh_kiov_reset(struct vringh_kiov *kiov)
{
	struct kvec *now = &kiov->iov[kiov->i];

	now->iov_base -= kiov->consumed;
	now->iov_len += kiov->consumed;
	kiov->consumed = 0;
	kiov->i = 0;
}

/* Frees what was allocated; the kiov needs a new vringh_kiov_init() then. */
static inline void vringh_kiov_cleanup(struct vringh_kiov *kiov)
{
	if (kiov->max_num & VRINGH_IOV_ALLOCATED)
		kfree(kiov->iov);
	vringh_kiov_init(kiov, NULL, 0);
}

/* Bytes that are not consumed yet. */
static inline size_t vringh_kiov_length(struct vringh_kiov *kiov)
{
	unsigned int i;
	size_t len = 0;

	for (i = kiov->i; i < kiov->used; i++)
		len += kiov->iov[i].iov_len;
	return len;
}

void vringh_kiov_advance(struct vringh_kiov *kiov, size_t len);

int vringh_init_kern(struct vringh *vrh, u64 features, unsigned int num,
		     bool weak_barriers, struct vring_desc *desc,
		     struct vring_avail *avail, struct vring_used *used);
int vringh_getdesc_kern(struct vringh *vrh, struct vringh_kiov *riov,
			struct vringh_kiov *wiov, u16 *head, gfp_t gfp);
#if KAPI_VRINGH_PULL
ssize_t vringh_iov_pull_kern(struct vringh_kiov *riov, void *dst, size_t len);
ssize_t vringh_iov_push_kern(struct vringh_kiov *wiov, const void *src, size_t len);
void vringh_abandon_kern(struct vringh *vrh, unsigned int num);
#endif
int vringh_complete_kern(struct vringh *vrh, u16 head, u32 len);
bool vringh_notify_enable_kern(struct vringh *vrh);
void vringh_notify_disable_kern(struct vringh *vrh);
int vringh_need_notify_kern(struct vringh *vrh);

/* Tells the driver's side, in the way that the owner of @vrh set. */
static inline void vringh_notify(struct vringh *vrh)
{
	if (vrh->notify)
		vrh->notify(vrh);
}

static inline bool vringh_is_little_endian(const struct vringh *vrh)
{
	return vrh->little_endian || virtio_legacy_is_little_endian();
}

#define UM_VRINGH_BYTEORDER(bits)						\
static inline u##bits vringh##bits##_to_cpu(const struct vringh *vrh,		\
					    __virtio##bits val)			\
{										\
	return __virtio##bits##_to_cpu(vringh_is_little_endian(vrh), val);	\
}										\
										\
static inline __virtio##bits cpu_to_vringh##bits(const struct vringh *vrh,	\
						 u##bits val)			\
{										\
	return __cpu_to_virtio##bits(vringh_is_little_endian(vrh), val);	\
}

UM_VRINGH_BYTEORDER(16)
UM_VRINGH_BYTEORDER(32)
UM_VRINGH_BYTEORDER(64)

#undef UM_VRINGH_BYTEORDER

#endif
