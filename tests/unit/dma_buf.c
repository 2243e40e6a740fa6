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
#include <stdlib.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "dma_buf.h"

#define MAX_CASES 32

void case_fail(const char *file, int line, const char *text)
{
	print_error("%s:%d: %s\n", file, line, text);
	_fail(file, line);
	abort();
}

static void run(void **state)
{
	const struct dma_buf_case *c = *state;

	um_audit_mark();
	c->fn();
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

int main(void)
{
	struct CMUnitTest tests[MAX_CASES] = { { 0 } };
	size_t n = 0;

	for (; dma_buf_cases[n].name && n < MAX_CASES; n++) {
		tests[n].name = dma_buf_cases[n].name;
		tests[n].test_func = run;
		tests[n].initial_state = (void *)&dma_buf_cases[n];
	}
	return _cmocka_run_group_tests("dma_buf", tests, n, boot, shut_down);
}
