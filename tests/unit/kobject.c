// SPDX-License-Identifier: GPL-2.0-only
/*
 * kobjects and sysfs where no kernel can be asked: messages that are for debugging, an
 * object that the shim takes for one initialised again, what a directory costs, every
 * allocation failing in turn. All else is in tests/contract/. The kernel side is
 * kobject_kern.c.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "kobject.h"

static int setup(void **state)
{
	return um_boot(NULL);
}

static int teardown(void **state)
{
	return um_shutdown();
}

static int check(void **state)
{
	return um_audit(NULL, NULL) + um_check_splats();
}

/* ---- objects ------------------------------------------------------------------- */

static void object_without_release_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_int_equal(kt_without_release(), 0);
	assert_false(said_since(seq, "does not have a release() function"));
	um_debug("kobject.c");
	assert_int_equal(kt_without_release(), 0);
	um_debug(NULL);
	assert_true(said_since(seq, "does not have a release() function"));
	assert_false(exists("/sys/immortal"));
}

/* Linux only prints it, and the name of the first is lost. */
static void second_init_is_said_aloud(void **state)
{
	uint64_t seq = um_kmsg_seq();

	um_expect_splat("active: initialised again: a kobject '(no name yet)', which is alive");
	kt_init_twice();
	assert_true(said_since(seq, "tried to init an initialized object, something is seriously wrong."));
}

/* ---- costs ------------------------------------------------------------------------ */

static void add_passed(double *passed, int n, const char *what)
{
	double each = kt_passed() / (double)n;

	print_message("passed while %s of %d: %.2f each\n", what, n, each);
	*passed += each;
}

static double crowd_passed(int n)
{
	struct kt_crowd *c;
	double passed = 0;
	char path[64];
	int i;

	kt_passed();
	c = kt_crowd_new("crowd", n);
	add_passed(&passed, n, "made");
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/sys/crowd/member-%d", i);
		assert_true(exists(path));
	}
	add_passed(&passed, n, "found");
	kt_crowd_free(c);
	add_passed(&passed, n, "removed");
	return passed;
}

static void cost_does_not_grow_with_the_directory(void **state)
{
	double few = crowd_passed(500), many = crowd_passed(8000);

	assert_true(few > 0 && many < 2 * few);
}

/* ---- faults -------------------------------------------------------------------------------------- */

static void every_failure_is_undone(void **state)
{
	unsigned int n;
	int err;

	for (n = 1; ; n++) {
		um_fail_nth(n);
		err = kt_sweep_step();
		if (um_fail_nth(0)) {
			assert_int_equal(err, 0);
			break;
		}
		if (err != -ENOMEM && err != 0)
			fail_msg("fault %u gives %d", n, err);
		assert_false(exists("/sys/sweep"));
		assert_int_equal(um_audit(NULL, NULL), 0);
	}
	assert_true(n > 20);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, check)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(object_without_release_is_a_debug_message),
		TEST(second_init_is_said_aloud),
		TEST(cost_does_not_grow_with_the_directory),
		TEST(every_failure_is_undone),
	};

	return cmocka_run_group_tests_name("kobject", tests, setup, teardown);
}
