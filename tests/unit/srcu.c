// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the detectors tell of SRCU, and of what they are silent: who waits for a
 * grace period as a reader, or under a lock that readers take; domains that are
 * not ended, or ended too early.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "srcu.h"

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

static char told[4096];

static void keep_line(const char *line, void *arg)
{
	size_t n = strlen(told);

	snprintf(told + n, sizeof(told) - n, "%s\n", line);
}

static int teardown(void **state)
{
	return um_check_splats();
}

static void reader_that_waits_for_itself_is_told(void **state)
{
	static char text[65536];

	run_child("self", text, sizeof(text));
	if (!strstr(text, "possible recursive locking detected: domain is taken again by main") ||
	    !strstr(text, "k_wait_as_reader (tests/unit/srcu_kern.c:"))
		fail_msg("not told:\n%s", text);
}

static void nesting_and_other_domains_are_not(void **state)
{
	k_nest();
	k_wait_for_another();
}

static void wait_under_a_lock_that_readers_take_is_told(void **state)
{
	k_read_under_mutex();
	k_take_mutex_as_reader();
	um_expect_splat("possible circular locking dependency detected: main wants domain and holds mutex");
	k_wait_under_mutex();
}

static void end_without_a_beginning_is_told(void **state)
{
	um_expect_splat("srcu_read_unlock() of domain without srcu_read_lock()");
	k_unlock_free();
}

static void domain_that_is_ended_is_silent(void **state)
{
	assert_int_equal(k_make(), 0);
	k_end();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void domain_that_is_not_ended_is_told(void **state)
{
	assert_int_equal(k_make(), 0);
	assert_int_equal(um_audit(keep_line, NULL), 1);
	assert_non_null(strstr(told, "SRCU domain 'made'"));
	k_end();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void end_with_a_reader_warns_and_the_domain_stays(void **state)
{
	assert_int_equal(k_make(), 0);
	um_expect_splat("cleanup_srcu_struct");
	k_end_with_a_reader();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

/* A kernel does not say whether a grace period has begun: so it is shown here. */
static void reader_that_comes_later_is_not_waited_for(void **state)
{
	struct um_task *early, *late, *waiter;

	k_none_is_let();
	early = um_task_start("early", k_reads_until_let, (void *)0);
	assert_true(um_task_wait_blocked(early));
	waiter = um_task_start("waiter", k_waits, NULL);
	assert_true(um_task_wait_blocked(waiter));
	late = um_task_start("late", k_reads_until_let, (void *)1);
	assert_true(um_task_wait_blocked(late));
	k_let(0);
	assert_int_equal(um_task_join(early), 0);
	assert_int_equal(um_task_join(waiter), 0);
	k_let(1);
	assert_int_equal(um_task_join(late), 0);
}

static void making_can_fail(void **state)
{
	um_fail_nth(2);
	assert_int_equal(k_make(), -12);
	um_fail_nth(0);
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static int child_main(void)
{
	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	k_wait_as_reader();
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reader_that_waits_for_itself_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(nesting_and_other_domains_are_not, setup, teardown),
		cmocka_unit_test_setup_teardown(wait_under_a_lock_that_readers_take_is_told, setup,
						teardown),
		cmocka_unit_test_setup_teardown(end_without_a_beginning_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(domain_that_is_ended_is_silent, setup, teardown),
		cmocka_unit_test_setup_teardown(domain_that_is_not_ended_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(end_with_a_reader_warns_and_the_domain_stays, setup,
						teardown),
		cmocka_unit_test_setup_teardown(reader_that_comes_later_is_not_waited_for, setup,
						teardown),
		cmocka_unit_test_setup_teardown(making_can_fail, setup, teardown),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main();
	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests_name("srcu", tests, NULL, NULL) || um_shutdown();
}
