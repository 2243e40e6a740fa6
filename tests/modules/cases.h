/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that are kernel code: a module has them in a table, and runs the one whose name
 * is written to a file of its device (tests/contract/cases.h). CHECK() and its like are
 * for such a function itself: what is not so is told, and ends it.
 */
#ifndef UMDEV_TESTS_CASES_H
#define UMDEV_TESTS_CASES_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct mdev_test_case {
	const char *name;
	void (*run)(void);
};

#define CASE(fn)	{ #fn, fn }

static bool case_failed;

#define CASE_FAILS(fmt, ...)						\
do {									\
	pr_info("case failed at %s:%d: " fmt "\n",			\
		kbasename(__FILE__), __LINE__, ##__VA_ARGS__);		\
	case_failed = true;						\
	return;								\
} while (0)

#define CHECK(expr)							\
do {									\
	if (!(expr))							\
		CASE_FAILS("%s", #expr);				\
} while (0)

#define CHECK_EQ(got, want)						\
do {									\
	long long __got = (got), __want = (want);			\
									\
	if (__got != __want)						\
		CASE_FAILS("%s is %lld, not %lld", #got, __got, __want); \
} while (0)

#define CHECK_STR(got, want)						\
do {									\
	const char *__got = (got), *__want = (want);			\
									\
	if (strcmp(__got, __want))					\
		CASE_FAILS("got '%s', not '%s'", __got, __want);	\
} while (0)

/* For the store of the file: @count, or -EIO if the case failed. */
static inline ssize_t mdev_test_run_case(const struct mdev_test_case *cases, unsigned int n,
					 const char *name, size_t count)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!sysfs_streq(cases[i].name, name))
			continue;
		case_failed = false;
		cases[i].run();
		return case_failed ? -EIO : count;
	}
	return -ENOTTY;
}

#endif
