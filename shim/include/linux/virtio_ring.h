/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of rings, from the UAPI, and the barriers of their two sides.
 * Left out: virtqueues, the side of a virtio driver.
 */
#ifndef _LINUX_VIRTIO_RING_H_SHIM
#define _LINUX_VIRTIO_RING_H_SHIM

#include <linux/irqreturn.h>
#include <asm/barrier.h>
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

#endif
