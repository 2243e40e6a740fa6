// SPDX-License-Identifier: GPL-2.0-only
/*
 * synchronize_rcu_tasks(): it ends, and does not wait for tasks that sleep. For
 * whom it waits no kernel can be made to show: unit/rcu_points.c does.
 */
#include "mdev_test.h"

#define GRACE	DIR_TEST "/grace"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("rcu_tasks_test", NULL), 0);
}

static void grace_period_ends_when_nobody_is_there(void **state)
{
	load();
	t_expect(t_put(GRACE "/tasks", "1"), 1);
	t_expect(t_put(GRACE "/pass", "1"), 1);
	t_expect(t_put(GRACE "/tasks", "1"), 1);
}

static void task_that_sleeps_is_not_waited_for(void **state)
{
	struct t_task *reader;

	load();
	hold("reader_in");
	reader = t_put_start(GRACE "/sleep", "1");
	expect_held(reader, "reader_in");
	t_expect(t_put(GRACE "/tasks", "1"), -EBUSY);
	release("reader_in");
	t_expect(t_task_join(reader), 1);
	t_expect(t_put(GRACE "/tasks", "1"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(grace_period_ends_when_nobody_is_there),
		T_TEST(task_that_sleeps_is_not_waited_for),
	};

	return t_run("rcu_tasks", tests);
}
