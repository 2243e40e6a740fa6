/* SPDX-License-Identifier: GPL-2.0-only */
/* Between lib.c, which has cmocka, and lib_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_LIB_H
#define UMDEV_TESTS_UNIT_LIB_H

struct lib_case {
	const char *name;
	void (*fn)(void);
};

extern const struct lib_case lib_cases[];	/* ends with a NULL name */

/* Ends the running test. Implemented in lib.c. */
void lib_fail(const char *file, int line, const char *text)
	__attribute__((noreturn));
/* A splat with this text is to come. */
void lib_expect(const char *text);
/* The next fallible call fails. */
void lib_fail_next(void);
/* Whether that fault is still waiting; disarms it. */
int lib_fault_pending(void);

#endif
