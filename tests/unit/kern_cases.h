/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs tests that are kernel code (kern_case.h): each leaves no object and no splat.
 * For one file of a program, which has cmocka.
 */
#ifndef UMDEV_TESTS_UNIT_KERN_CASES_H
#define UMDEV_TESTS_UNIT_KERN_CASES_H

#include <stdlib.h>
#include <string.h>

#include "kern_case.h"
#include "umdev/umdev.h"

void case_fail(const char *file, int line, const char *text)
{
	print_error("%s:%d: %s\n", file, line, text);
	_fail(file, line);
	abort();
}

void case_expects(const char *text)
{
	um_expect_splat(text);
}

void case_fails_next(void)
{
	um_fail_nth(1);
}

int case_fault_pending(void)
{
	return um_fail_nth(0) != 0;
}

static void run_kern_case(void **state)
{
	const struct kern_case *c = *state;

	um_audit_mark();
	c->fn();
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static int boot_for_kern_cases(void **state)
{
	return um_boot(NULL);
}

static int shut_down_after_kern_cases(void **state)
{
	return um_shutdown();
}

/* The @n_own tests of the program, which may be none, and then all @cases. */
static inline int run_kern_cases(const char *name, const struct CMUnitTest *own, size_t n_own,
				 const struct kern_case *cases)
{
	struct CMUnitTest *tests;
	size_t i, n = 0;
	int failed;

	while (cases[n].name)
		n++;
	tests = calloc(n_own + n, sizeof(*tests));
	if (!tests)
		return 1;
	if (n_own)
		memcpy(tests, own, n_own * sizeof(*own));
	for (i = 0; i < n; i++) {
		tests[n_own + i] = (struct CMUnitTest){
			.name = cases[i].name, .test_func = run_kern_case,
			.initial_state = (void *)&cases[i],
		};
	}
	failed = _cmocka_run_group_tests(name, tests, n_own + n, boot_for_kern_cases,
					 shut_down_after_kern_cases);
	free(tests);
	return failed;
}

#endif
