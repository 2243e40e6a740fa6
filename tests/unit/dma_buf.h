/* SPDX-License-Identifier: GPL-2.0-only */
/* Between dma_buf.c, which has cmocka, and dma_buf_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_DMA_BUF_H
#define UMDEV_TESTS_UNIT_DMA_BUF_H

struct dma_buf_case {
	const char *name;
	void (*fn)(void);
};

extern const struct dma_buf_case dma_buf_cases[];	/* ends with a NULL name */

/* Ends the running test. Implemented in dma_buf.c. */
void case_fail(const char *file, int line, const char *text) __attribute__((noreturn));

#endif
