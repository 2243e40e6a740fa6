/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside drivers/virtio/: a split ring and what its driver's side keeps beside it.
 *
 * What a descriptor says is kept in extra[], of which the device knows nothing;
 * so is what of the driver's belongs to a chain, in state[]. Free descriptors are
 * linked through extra[].next.
 */
#ifndef UMDEV_VIRTQUEUE_H
#define UMDEV_VIRTQUEUE_H

#include <linux/types.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

/* What belongs to the chain that begins at a descriptor; data is NULL where none does. */
struct desc_state {
	void *data;
	void *ctx;			/* without indirect tables */
	struct vring_desc *table;	/* with them, where the chain has one */
};

/* What a descriptor says, in the processor's order. */
struct desc_extra {
	dma_addr_t addr;
	u32 len;
	u16 flags;
	u16 next;
};

/* A ring and what is kept beside it; replaced as a whole. */
struct ring {
	struct vring vring;
	struct desc_state *state;
	struct desc_extra *extra;
	dma_addr_t dma_addr;
	size_t size;
	unsigned int align;
	bool may_reduce_num;
};

struct vring_virtqueue {
	struct virtqueue vq;
	struct ring ring;
	bool we_own_ring;	/* and free its memory */

	bool use_dma_api;
	bool weak_barriers;
	bool indirect;		/* the device knows indirect tables, the driver has no contexts */
	bool event;		/* both sides say by an index when to be told */
	bool event_triggered;	/* a hint: the device has called, and will not again */
	bool broken;		/* the other side makes no sense, or there is none any more */

	u16 free_head;
	u16 num_added;		/* chains since the last kick */
	u16 last_used_idx;
	u16 avail_idx;		/* what the ring has; never read back */
	u16 avail_flags;

	bool (*notify)(struct virtqueue *vq);
};

#define to_vvq(_vq) container_of(_vq, struct vring_virtqueue, vq)

static inline u16 mask(const struct vring_virtqueue *vq, u16 idx)
{
	return idx & (vq->ring.vring.num - 1);
}

static inline u16 get16(const struct vring_virtqueue *vq, const __virtio16 *p)
{
	return virtio16_to_cpu(vq->vq.vdev, READ_ONCE(*p));
}

static inline void put16(const struct vring_virtqueue *vq, __virtio16 *p, u16 val)
{
	WRITE_ONCE(*p, cpu_to_virtio16(vq->vq.vdev, val));
}

static inline bool vring_use_dma_api(const struct virtio_device *vdev)
{
	return !virtio_has_dma_quirk(vdev);
}

#endif
