/* SPDX-License-Identifier: GPL-2.0-only */
/* Between dma_buf.c, which has cmocka, and dma_buf_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_DMA_BUF_H
#define UMDEV_TESTS_UNIT_DMA_BUF_H

#include "kern_case.h"

extern const struct kern_case dma_buf_cases[];

#endif
