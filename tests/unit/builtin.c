// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules linked straight into a program: mod_exports and mod_params are
 * part of this one (umdev_link_builtin()).
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"

static void initcalls_ran_at_boot(void **state)
{
	assert_true(said_since(0, "mod_exports: hello"));
	assert_true(said_since(0, "mod_params: number 1 text default"));
}

static void parameters_are_in_sysfs(void **state)
{
	struct um_stat st;

	assert_string_equal(show("/sys/module/mod_params/parameters/number"), "1\n");
	assert_string_equal(show("/sys/module/mod_params/parameters/text"), "default\n");
	assert_string_equal(show("/sys/module/mod_exports/parameters/init_returns"), "0\n");
	/* what only a loaded module has */
	assert_int_equal(um_stat("/sys/module/mod_params/refcnt", &st, false), -ENOENT);
}

static void modules_bind_to_what_is_built_in(void **state)
{
	assert_int_equal(um_insmod("mod_user", NULL), 0);
	assert_true(said_since(0, "mod_user: next 101 counter 101 gpl 42 ns 43"));
	assert_int_equal(um_rmmod("mod_user"), 0);
}

static void the_same_module_cannot_be_loaded(void **state)
{
	assert_int_equal(um_insmod("mod_exports", NULL), -ENOEXEC);
	assert_true(said_since(0, "mod_exports: exports duplicate symbol mod_exports_"));
	assert_true(said_since(0, "(owned by kernel)"));
	assert_int_equal(um_insmod("mod_params", NULL), -EINVAL);
	assert_true(said_since(0, "mod_params: module is already loaded"));
}

static void what_is_built_in_cannot_be_removed(void **state)
{
	assert_int_equal(um_rmmod("mod_exports"), -ENOENT);
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int down(void **state)
{
	return um_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initcalls_ran_at_boot),
		cmocka_unit_test(parameters_are_in_sysfs),
		cmocka_unit_test(modules_bind_to_what_is_built_in),
		cmocka_unit_test(the_same_module_cannot_be_loaded),
		cmocka_unit_test(what_is_built_in_cannot_be_removed),
	};

	return cmocka_run_group_tests(tests, boot, down);
}
