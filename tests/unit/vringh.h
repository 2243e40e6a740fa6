/* SPDX-License-Identifier: GPL-2.0-only */
/* Between vringh.c, which has cmocka, and vringh_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_VRINGH_H
#define UMDEV_TESTS_UNIT_VRINGH_H

#include "kern_case.h"

extern const struct kern_case vringh_cases[];

#endif
