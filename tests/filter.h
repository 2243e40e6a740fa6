/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands between a program and cmocka, for those who wrap
 * _cmocka_run_group_tests(). UMDEV_FILTER: which tests of a program run, patterns
 * as a shell has them, separated by commas; unset or empty for all. It is meant for
 * this program alone, and no more there for those that a test runs. And a group's
 * teardown that fails, fails the program, and so does whatever ends it within the group.
 */
#ifndef UMDEV_TESTS_FILTER_H
#define UMDEV_TESTS_FILTER_H

#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static inline const char *filter_patterns(void)
{
	static char *patterns;
	const char *p = getenv("UMDEV_FILTER");

	if (!patterns) {
		patterns = strdup(p ? p : "");
		unsetenv("UMDEV_FILTER");
	}
	return patterns;
}

static inline bool filter_has(const char *name)
{
	const char *p = filter_patterns();
	char pattern[256];
	size_t len;

	if (!p || !*p)
		return true;
	for (; *p; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, p);
		if (!fnmatch(pattern, name, 0))
			return true;
	}
	return false;
}

int __real__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);

static CMFixtureFunction filter_teardown;	/* of the group */
static bool filter_teardown_failed;

static int group_teardown(void **state)
{
	int ret;

	/* an assertion jumps past what follows */
	filter_teardown_failed = true;
	ret = filter_teardown(state);
	filter_teardown_failed = ret != 0;
	return ret;
}

static pid_t filter_running;	/* the process whose tests run, and no child of it */

/* exit(0) in a test, or in what it calls, is no success. */
static inline void fail_if_running(void)
{
	if (filter_running != getpid())
		return;
	fflush(NULL);
	fprintf(stderr, "umdev: exit() was called before the tests had ended\n");
	_exit(1);
}

/* cmocka prints that the teardown failed, and returns as if it had not. */
static inline int run_group(const char *group, const struct CMUnitTest *tests, size_t n,
			    CMFixtureFunction setup, CMFixtureFunction teardown)
{
	int ret;

	filter_teardown = teardown;
	filter_teardown_failed = false;
	if (!filter_running)
		atexit(fail_if_running);
	filter_running = getpid();
	ret = __real__cmocka_run_group_tests(group, tests, n, setup,
					     teardown ? group_teardown : NULL);
	filter_running = -1;
	return ret + filter_teardown_failed;
}

#endif
