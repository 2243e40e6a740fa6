/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames of Ethernet. User space's header; left out: socket buffers, and so eth_hdr() and its like. */
#ifndef _LINUX_IF_ETHER_H_SHIM
#define _LINUX_IF_ETHER_H_SHIM

#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/interrupt.h>
#include <linux/uio.h>
#include_next <linux/if_ether.h>

#endif
