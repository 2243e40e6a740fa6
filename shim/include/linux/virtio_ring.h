/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of rings, from the UAPI, the barriers of their two sides, and what
 * makes virtqueues of them for a transport.
 */
#ifndef _LINUX_VIRTIO_RING_H_SHIM
#define _LINUX_VIRTIO_RING_H_SHIM

#include <linux/irqreturn.h>
#include <asm/barrier.h>
#include <linux/irqreturn.h>
#include <linux/types.h>
#define UM_UAPI_HEADER
#include_next <linux/virtio_ring.h>
#undef UM_UAPI_HEADER

/*
 * @weak_barriers: the other side is a processor too, not a device. Here there
 * are no devices, but which kind is asked for is the caller's to know.
 */
#define UM_VIRTIO_BARRIER(name, strong)				\
static inline void virtio_##name(bool weak_barriers)		\
{								\
	if (weak_barriers)					\
		virt_##name();					\
	else							\
		strong();					\
}

UM_VIRTIO_BARRIER(mb, mb)
UM_VIRTIO_BARRIER(rmb, dma_rmb)
UM_VIRTIO_BARRIER(wmb, dma_wmb)

#undef UM_VIRTIO_BARRIER

#define virtio_store_mb(weak_barriers, p, v)	\
do {						\
	if (weak_barriers) {			\
		virt_store_mb(*(p), v);		\
	} else {				\
		WRITE_ONCE(*(p), v);		\
		mb();				\
	}					\
} while (0)

struct virtio_device;
struct virtqueue;

struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 unsigned int vring_align, struct virtio_device *vdev,
					 bool weak_barriers, bool may_reduce_num, bool ctx,
					 bool (*notify)(struct virtqueue *vq),
					 void (*callback)(struct virtqueue *vq),
					 const char *name);
struct virtqueue *vring_new_virtqueue(unsigned int index, unsigned int num,
				      unsigned int vring_align, struct virtio_device *vdev,
				      bool weak_barriers, bool ctx, void *pages,
				      bool (*notify)(struct virtqueue *vq),
				      void (*callback)(struct virtqueue *vq), const char *name);
void vring_del_virtqueue(struct virtqueue *vq);
void vring_transport_features(struct virtio_device *vdev);
irqreturn_t vring_interrupt(int irq, void *vq);

#endif
