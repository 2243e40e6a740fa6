// SPDX-License-Identifier: GPL-2.0-only
/*
 * vringh where a real kernel cannot be asked: allocations that fail, and the
 * two sides of a ring in two tasks, for TSan. The tests themselves are kernel
 * code, in vringh_kern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "vringh.h"

#define MAX_CASES 32

void case_fail(const char *file, int line, const char *text)
{
	print_error("%s:%d: %s\n", file, line, text);
	_fail(file, line);
	abort();
}

static void run(void **state)
{
	const struct vringh_case *c = *state;

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

	for (; vringh_cases[n].name && n < MAX_CASES; n++) {
		tests[n].name = vringh_cases[n].name;
		tests[n].test_func = run;
		tests[n].initial_state = (void *)&vringh_cases[n];
	}
	return _cmocka_run_group_tests("vringh", tests, n, boot, shut_down);
}
