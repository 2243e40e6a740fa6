/* SPDX-License-Identifier: GPL-2.0-only */
/* What iosys-map.h was called from 5.11 to 5.17, when it was for DMA buffers only. */
#ifndef __DMA_BUF_MAP_H__
#define __DMA_BUF_MAP_H__

#include "compat/levels.h"
#if !KAPI_DMA_BUF_MAP
#error "linux/dma-buf-map.h: not a header of this release; linux/iosys-map.h has it from 5.18 on"
#endif

#include <linux/iosys-map.h>

#define dma_buf_map iosys_map
#define DMA_BUF_MAP_INIT_VADDR(vaddr_) IOSYS_MAP_INIT_VADDR(vaddr_)
#define dma_buf_map_set_vaddr(map, vaddr) iosys_map_set_vaddr(map, vaddr)
#define dma_buf_map_is_equal(lhs, rhs) iosys_map_is_equal(lhs, rhs)
#define dma_buf_map_is_null(map) iosys_map_is_null(map)
#define dma_buf_map_is_set(map) iosys_map_is_set(map)
#define dma_buf_map_clear(map) iosys_map_clear(map)

#endif
