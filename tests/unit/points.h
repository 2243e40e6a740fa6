/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests in which two tasks meet at every point (um_interleave()): what the
 * tasks do with files, and how a check says what is wrong.
 */
#ifndef UMDEV_TESTS_UNIT_POINTS_H
#define UMDEV_TESTS_UNIT_POINTS_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "on_fibers.h"
#include "umdev/umdev.h"

/* A file, or a file's operation, whose object has gone. */
static inline bool is_gone(long ret)
{
	return ret == -ENOENT || ret == -ENODEV;
}

/* A mark for what is wrong, told with the schedule that um_interleave() names. */
static inline long wrong(const char *what, long first, long second)
{
	print_error("%s: the first returned %ld, the second %ld\n", what, first, second);
	return 1;
}

static inline void all_orders_are_right(const struct um_interleaving *s)
{
	assert_true(um_interleave(s) > 1);
}

/* ---- before and after the tests ---------------------------------------------- */

static inline int points_boot(void **state)
{
	return um_boot(NULL);
}

static inline int points_shut_down(void **state)
{
	return um_shutdown();
}

static inline int points_unload(const char *module, void *arg)
{
	um_rmmod(module);
	return 0;
}

/* What a test that failed has left goes, too; a module that is used in a later round. */
static inline int points_teardown(void **state)
{
	unsigned int left_open;
	int i;

	um_debug(NULL);
	/* a test that has failed leaves some, which an unload would wait for */
	left_open = um_exit_files();
	for (i = 0; i < 4; i++)
		um_readdir("/sys/module", points_unload, NULL);
	return left_open + um_audit(NULL, NULL) + um_check_splats() ? -1 : 0;
}

#define POINTS_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, points_teardown)
#define run_points(name, tests) \
	cmocka_run_group_tests_name(name, tests, points_boot, points_shut_down)

#endif
