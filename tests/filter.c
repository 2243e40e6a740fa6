// SPDX-License-Identifier: GPL-2.0-only
/*
 * UMDEV_FILTER for programs that know nothing of it: linked into each of
 * tests/unit, with --wrap=_cmocka_run_group_tests. (Those of tests/contract
 * have it from target_observe.c.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "filter.h"

int __real__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);
int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);

int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct CMUnitTest *wanted = calloc(n + 1, sizeof(*wanted));
	size_t i, n_wanted = 0;
	int ret;

	if (!wanted)
		abort();
	for (i = 0; i < n; i++)
		if (filter_has(tests[i].name))
			wanted[n_wanted++] = tests[i];
	ret = __real__cmocka_run_group_tests(group, wanted, n_wanted, setup, teardown);
	free(wanted);
	return ret;
}
