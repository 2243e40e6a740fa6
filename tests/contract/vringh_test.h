/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands to the module vringh_test, for the tests of vringh. */
#ifndef UMDEV_TESTS_VRINGH_TEST_H
#define UMDEV_TESTS_VRINGH_TEST_H

#include "mdev_test.h"

#define RING	DIR_TEST "/ring"

/* One command, and what comes of it. */
#define does(command, want) does_at(command, want "\n", __FILE__, __LINE__)
static inline void does_at(const char *command, const char *want, const char *file, int line)
{
	t_expect_at(t_put(RING "/do", command), (long)strlen(command), command, file, line);
	t_expect_text_at(RING "/result", want, file, line);
}

/* @ring: the command that sets the first one up. On a real kernel vringh comes with it. */
static inline void load_ring(const char *ring)
{
	t_expect(t_modprobe("vringh_test", NULL), 0);
	does_at(ring, "0\n", __FILE__, __LINE__);
}

#endif
