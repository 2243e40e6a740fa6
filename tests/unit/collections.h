/* SPDX-License-Identifier: GPL-2.0-only */
/* Between collections.c, which has cmocka, and collections_kern.c, which has the kernel API. */
#ifndef UMDEV_TESTS_UNIT_COLLECTIONS_H
#define UMDEV_TESTS_UNIT_COLLECTIONS_H

#include "kern_case.h"

extern const struct kern_case collections_cases[];

#endif
