/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that are kernel code: NAME_kern.c has them in a table, and NAME.c, which has
 * cmocka, runs it (kern_cases.h). CHECK() and its like end the test that runs.
 */
#ifndef UMDEV_TESTS_UNIT_KERN_CASE_H
#define UMDEV_TESTS_UNIT_KERN_CASE_H

struct kern_case {
	const char *name;		/* NULL behind the last one */
	void (*fn)(void);
};

void case_fail(const char *file, int line, const char *text) __attribute__((noreturn));
/* A splat with this text is to come. */
void case_expects(const char *text);
/* The next fallible call fails; whether that fault is still waiting, and disarms it. */
void case_fails_next(void);
int case_fault_pending(void);

#define CHECK(expr) \
	do { if (!(expr)) case_fail(__FILE__, __LINE__, #expr); } while (0)

#define CHECK_EQ(got, want)						\
do {									\
	long long __got = (got), __want = (want);			\
	char __text[200];						\
									\
	if (__got != __want) {						\
		snprintf(__text, sizeof(__text), "%s is %lld, not %lld", \
			 #got, __got, __want);				\
		case_fail(__FILE__, __LINE__, __text);			\
	}								\
} while (0)

#define CHECK_STR(got, want)						\
do {									\
	const char *__got = (got), *__want = (want);			\
	char __text[400];						\
									\
	if (strcmp(__got, __want)) {					\
		snprintf(__text, sizeof(__text), "got '%s', not '%s'",	\
			 __got, __want);				\
		case_fail(__FILE__, __LINE__, __text);			\
	}								\
} while (0)

#endif
