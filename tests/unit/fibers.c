// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks on fibers: one runs at a time and each run is the same; time is
 * virtual; what cannot go on is a verdict, and the program outlives it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "child.h"
#include "fibers.h"
#include "on_fibers.h"
#include "report.h"
#include "umdev/umdev.h"

static char text[65536];

static int teardown(void **state)
{
	return um_check_splats();
}

static enum um_verdict try(long (*fn)(void *arg), void *arg, long *result)
{
	text[0] = '\0';
	return um_try("try", fn, arg, result, text, sizeof(text));
}

#define text_says(...) report_says(text, (const char *const []){ __VA_ARGS__, NULL })

static void function_that_returns_has_run(void **state)
{
	long result = 0;

	assert_int_equal(try(k_lock_in_order, NULL, &result), UM_RAN);
	assert_int_equal(result, 2);
	assert_string_equal(text, "");
}

static void deadlock_is_a_verdict(void **state)
{
	long result = 0;
	int i;

	for (i = 0; i < 3; i++) {
		assert_int_equal(try(k_lock_crosswise, NULL, NULL), UM_DEADLOCK);
		text_says("deadlock: no task can go on", "task second (pid ",
			  "waits for mutex &p->a, held by first", "holds &p->b",
			  "task first (pid ", "waits for mutex &p->b, held by second",
			  "holds &p->a");
		assert_int_equal(try(k_lock_in_order, NULL, &result), UM_RAN);
		assert_int_equal(result, 2);
	}
}

static void livelock_is_a_verdict(void **state)
{
	assert_int_equal(try(k_look_for_ever, NULL, NULL), UM_LIVELOCK);
	text_says("livelock: tasks go on and nothing changes: try looked",
		  "k_look_for_ever (tests/unit/fibers_kern.c:");
	assert_int_equal(try(k_look_until_told, NULL, NULL), UM_RAN);
}

static void bug_is_a_verdict(void **state)
{
	long result = 1;

	assert_int_equal(try(k_bug, NULL, NULL), UM_BUG);
	text_says("kernel BUG at tests/unit/fibers_kern.c:", "k_bug (tests/unit/fibers_kern.c:");
	assert_int_equal(try(k_bug, "", &result), UM_RAN);
	assert_int_equal(result, 0);
}

static void time_passes_when_nobody_runs(void **state)
{
	clock_t start = clock();
	long result = 0;

	assert_int_equal(try(k_sleep_long, NULL, &result), UM_RAN);
	assert_int_equal(result, 1000 * 1000);
	assert_int_equal(try(k_busy_until_a_time, NULL, &result), UM_RAN);
	assert_int_equal(result, 1);
	assert_true(clock() - start < 60 * CLOCKS_PER_SEC);
}

static void tasks_take_turns(void **state)
{
	int i;

	for (i = 0; i < 3; i++) {
		assert_int_equal(try(k_turns, NULL, NULL), UM_RAN);
		assert_string_equal(k_trace(), "a1b2c3");
	}
}

static void races_are_found_on_one_thread(void **state)
{
#ifdef __SANITIZE_THREAD__
	run_child("race", text, sizeof(text));
	text_says("data race", "race_under");
	run_child("none", text, sizeof(text));
	assert_null(strstr(text, "data race"));
#else
	puts("SKIP: this build has no TSan (preset tsan has)");
	skip();
#endif
}

static int child_main(const char *name)
{
	return k_race(strcmp(name, "race") ? NULL : "");
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
		T(function_that_returns_has_run),
		T(deadlock_is_a_verdict),
		T(livelock_is_a_verdict),
		T(bug_is_a_verdict),
		T(time_passes_when_nobody_runs),
		T(tasks_take_turns),
		T(races_are_found_on_one_thread),
	};

	on_fibers(argv);
	if (um_boot(NULL))
		return 1;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (cmocka_run_group_tests_name("fibers", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
