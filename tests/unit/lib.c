// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's library as the shim has it: printf, numbers, strings, UUIDs,
 * idr, ida, xarray, lists, bitmaps, sorting, allocation, messages. The tests
 * themselves are kernel code, in lib_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "lib.h"

void lib_fail(const char *file, int line, const char *text)
{
	print_error("%s:%d: %s\n", file, line, text);
	_fail(file, line);
	abort();
}

void lib_expect(const char *text)
{
	um_expect_splat(text);
}

void lib_fail_next(void)
{
	um_fail_nth(1);
}

int lib_fault_pending(void)
{
	return um_fail_nth(0) != 0;
}

static void run(void **state)
{
	const struct lib_case *c = *state;

	c->fn();
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
	struct CMUnitTest tests[128] = { { 0 } };
	size_t n = 0;

	for (; lib_cases[n].name && n < 128; n++) {
		tests[n].name = lib_cases[n].name;
		tests[n].test_func = run;
		tests[n].initial_state = (void *)&lib_cases[n];
	}
	return _cmocka_run_group_tests("lib", tests, n, boot, shut_down);
}
