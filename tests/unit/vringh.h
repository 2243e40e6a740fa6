/* SPDX-License-Identifier: GPL-2.0-only */
/* Between vringh.c, which has cmocka, and vringh_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_VRINGH_H
#define UMDEV_TESTS_UNIT_VRINGH_H

struct vringh_case {
	const char *name;
	void (*fn)(void);
};

extern const struct vringh_case vringh_cases[];	/* ends with a NULL name */

/* Ends the running test. Implemented in vringh.c. */
void case_fail(const char *file, int line, const char *text) __attribute__((noreturn));

#endif
