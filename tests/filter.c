// SPDX-License-Identifier: GPL-2.0-only
/*
 * UMDEV_FILTER for programs that know nothing of it, and UMDEV_TEST, by which
 * reports name the running test; and a group's teardown that fails, fails the
 * program: linked into each of tests/unit, with
 * --wrap=_cmocka_run_group_tests. (Those of tests/contract have all that from
 * target_observe.c.)
 */
#include "filter.h"

int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);

/* The tests that run, one after the other. */
static struct {
	struct CMUnitTest *test;
	CMFixtureFunction *setup;
	size_t n, next;
} wanted;

static int name_test(void **state)
{
	size_t i = wanted.next++;

	setenv("UMDEV_TEST", wanted.test[i].name, 1);
	return wanted.setup[i] ? wanted.setup[i](state) : 0;
}

static void want(const struct CMUnitTest *test)
{
	wanted.test[wanted.n] = *test;
	wanted.setup[wanted.n] = test->setup_func;
	wanted.test[wanted.n++].setup_func = name_test;
}

int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown)
{
	size_t i;
	int ret;

	wanted.test = calloc(n + 1, sizeof(*wanted.test));
	wanted.setup = calloc(n + 1, sizeof(*wanted.setup));
	wanted.n = wanted.next = 0;
	if (!wanted.test || !wanted.setup)
		abort();
	for (i = 0; i < n; i++)
		if (filter_has(tests[i].name))
			want(&tests[i]);
	ret = run_group(group, wanted.test, wanted.n, setup, teardown);
	free(wanted.test);
	free(wanted.setup);
	return ret;
}
