// SPDX-License-Identifier: GPL-2.0-only
/*
 * For whom synchronize_rcu_tasks() waits: a task that was preempted anywhere in
 * the kernel without sleeping (um_interleave()). synchronize_rcu() does not, and
 * shows that the test would notice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "points.h"

#define GRACE	"/sys/devices/virtual/mdev_test/grace"

static long pass(void *arg)
{
	return put(GRACE "/pass", "1");
}

static long wait_for_tasks(void *arg)
{
	return put(GRACE "/tasks", "1");
}

static long wait_for_sections(void *arg)
{
	return put(GRACE "/plain", "1");
}

static long nobody_was_overtaken(void *arg, long passed, long waited)
{
	return passed != 1 || waited != 1;
}

static void preempted_task_is_waited_for(void **state)
{
	const struct um_interleaving s = {
		.name = "pass, a grace period of tasks meanwhile",
		.first = pass, .second = wait_for_tasks, .check = nobody_was_overtaken,
	};

	all_orders_are_right(&s);
}

static void keep(const char *line, void *arg)
{
}

static void sections_are_not_enough(void **state)
{
	const struct um_interleaving s = {
		.name = "pass, a grace period of sections meanwhile", .report = keep,
		.first = pass, .second = wait_for_sections, .check = nobody_was_overtaken,
	};

	assert_int_equal(um_interleave(&s), -ECANCELED);
}

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return um_insmod("mdev_test_control", NULL) || um_insmod("rcu_tasks_test", NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(preempted_task_is_waited_for),
		POINTS_TEST(sections_are_not_enough),
	};

	on_fibers(argv);
	return run_points("rcu_points", tests);
}
