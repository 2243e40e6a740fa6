/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of a network frame on virtio. User space's header; left out: what makes socket buffers of it. */
#ifndef _LINUX_VIRTIO_NET_H_SHIM
#define _LINUX_VIRTIO_NET_H_SHIM

#include_next <linux/virtio_net.h>

#endif
