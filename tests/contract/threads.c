// SPDX-License-Identifier: GPL-2.0-only
/* A driver's threads, timers by the nanosecond, and red-black trees. */
#include "mdev_test.h"

#define THREADS	DIR_TEST "/threads"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("threads_test", NULL), 0);
}

static void a_thread_ends_when_it_is_told(void **state)
{
	load();
	t_expect_text(THREADS "/kthreads",
		      "stopped: 42 worker/7\n"
		      "never woken: 0 -4\n"
		      "ended by itself: ends\n"
		      "put: 1\n");
}

static void a_thread_waits_where_it_is_parked(void **state)
{
	load();
	t_expect_text(THREADS "/parking",
		      "before it began: 0 0\n"
		      "parked: 0 0\n"
		      "again: 0 0\n"
		      "stopped: 42\n");
}

static void a_timer_expires_once_or_again_and_not_before_its_time(void **state)
{
	load();
	t_expect_text(THREADS "/hrtimers",
		      "idle: 0 0\n"
		      "once: 1 0\n"
		      "again and again: 0 1\n"
		      "cancelled: 1 1 0 1\n"
		      "forward: 0 1 3 1400\n");
}

static void a_tree_keeps_its_order_and_its_balance(void **state)
{
	load();
	t_expect_text(THREADS "/trees",
		      "inserted: 0 1\n"
		      "found: 77 0\n"
		      "replaced: 1 1\n"
		      "children first: 257 1\n"
		      "erased: 0 1\n"
		      "in no tree: 1 1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(a_thread_ends_when_it_is_told),
		T_TEST(a_thread_waits_where_it_is_parked),
		T_TEST(a_timer_expires_once_or_again_and_not_before_its_time),
		T_TEST(a_tree_keeps_its_order_and_its_balance),
	};

	return t_run("threads", tests);
}
