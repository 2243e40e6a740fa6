// SPDX-License-Identifier: GPL-2.0-only
/*
 * What no kernel can show of scatter lists, DMA mapping and dma-bufs: injected
 * failures, what is warned of once only, operations and structures that come or go
 * with a release, and descriptors of kernel code's own. All else is in
 * contract/dma_buf, and what a user sees of a dma-buf in contract/mbochs. The tests
 * themselves are kernel code, in dma_buf_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dma_buf.h"
#include "kern_cases.h"

int main(void)
{
	return run_kern_cases("dma_buf", NULL, 0, dma_buf_cases);
}
