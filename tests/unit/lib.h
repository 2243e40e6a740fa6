/* SPDX-License-Identifier: GPL-2.0-only */
/* Between lib.c, which has cmocka, and lib_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_LIB_H
#define UMDEV_TESTS_UNIT_LIB_H

#include "kern_case.h"

extern const struct kern_case lib_cases[];

/* A splat with this text is to come. */
void lib_expect(const char *text);
/* The next fallible call fails. */
void lib_fail_next(void);
/* Whether that fault is still waiting; disarms it. */
int lib_fault_pending(void);

#endif
