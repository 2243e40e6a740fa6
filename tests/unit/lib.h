/* SPDX-License-Identifier: GPL-2.0-only */
/* Between lib.c, which has cmocka, and lib_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_LIB_H
#define UMDEV_TESTS_UNIT_LIB_H

#include "kern_case.h"

extern const struct kern_case lib_cases[];

#endif
