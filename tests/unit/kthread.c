// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver's threads as a kernel does not show them: one that has ended by itself is
 * stopped all the same, and may find anything there, without the reference to its task
 * that is left out here; one that nobody stops is told; there is no memory for one. What
 * threads are told, and how they end, is in contract/threads.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "kthread.h"

static char lines[8192];

static void keep_line(const char *line, void *arg)
{
	strncat(lines, line, sizeof(lines) - strlen(lines) - 2);
	strcat(lines, "\n");
}

static void a_thread_that_ended_leaves_nothing(void **state)
{
	assert_int_equal(kt_end(), 0);
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static void one_that_ended_cannot_be_stopped(void **state)
{
	um_expect_splat("kthread: kthread_stop() of short, which has ended by itself");
	assert_int_equal(kt_end_and_stop(), 7);
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static void one_that_leaves_its_function_has_ended(void **state)
{
	um_expect_splat("kthread: kthread_stop() of short, which has ended by itself");
	assert_int_equal(kt_leave_and_stop(), 7);
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static void one_has_ended_when_it_says_so(void **state)
{
	assert_int_equal(kt_leave_and_complete(), 0);
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(um_check_splats(), 0);
}

static void one_that_nobody_stops_is_told_with_its_maker(void **state)
{
	assert_int_equal(kt_lose(), 0);
	lines[0] = '\0';
	um_audit(keep_line, NULL);
	kt_give_back();
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_non_null(strstr(lines, "thread 'lost'"));
	assert_non_null(strstr(lines, "kt_lose"));
}

static void without_memory_there_is_none(void **state)
{
	assert_int_equal(kt_without_memory(), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_that_ended_leaves_nothing),
		cmocka_unit_test(one_that_ended_cannot_be_stopped),
		cmocka_unit_test(one_that_leaves_its_function_has_ended),
		cmocka_unit_test(one_has_ended_when_it_says_so),
		cmocka_unit_test(one_that_nobody_stops_is_told_with_its_maker),
		cmocka_unit_test(without_memory_there_is_none),
	};

	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests_name("kthread", tests, NULL, NULL) || um_shutdown();
}
