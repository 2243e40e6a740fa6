// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatter lists, DMA mapping and dma-bufs as another driver sees them. What a
 * user sees of a dma-buf is in contract/mbochs. The tests themselves are
 * kernel code, in dma_buf_kern.c.
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
