/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Buffers are mapped by who does not hold their reservation lock, as in 5.4; the
 * functions of that name are for who does.
 */
#ifndef COMPAT_LINUX_DMA_BUF_H
#define COMPAT_LINUX_DMA_BUF_H

#include_next <linux/dma-buf.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if KAPI_DMA_BUF_LOCKED
#define dma_buf_map_attachment(attach, dir) dma_buf_map_attachment_unlocked(attach, dir)
#define dma_buf_unmap_attachment(attach, sgt, dir)	\
	dma_buf_unmap_attachment_unlocked(attach, sgt, dir)
#endif

#endif /* KAPI_AS_5_4 */

#endif
