// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work queues and timers: items that wait for each other, the end of a queue
 * against those who still queue, timers that run at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "umdev/umdev.h"
#include "workqueue.h"

static int teardown(void **state)
{
	return um_check_splats();
}

static void queue_goes_while_a_worker_is_added(void **state)
{
	struct um_task *a, *b;
	int i;

	for (i = 0; i < 500; i++) {
		k_make();
		b = um_task_start("b", k_wait_and_destroy, NULL);
		a = um_task_start("a", k_queue, NULL);
		um_task_join(a);
		um_task_join(b);
	}
}

static void timers_of_two_tasks_run_at_once(void **state)
{
	k_timer_waits_for_timer();
}

static void item_that_waits_for_one_behind_it_is_reported(void **state)
{
	um_expect_splat("possible circular locking dependency detected");
	k_ordered_waits_for_itself();
}

static void cancelling_what_a_queue_dropped_is_told(void **state)
{
	int way;

	for (way = 0; way < 3; way++) {
		/* of the first, once */
		if (!way)
			um_expect_splat("WARNING");
		um_expect_splat("a work item is cancelled that a queue dropped while it was drained");
		k_cancel_dropped(way, 0);
		assert_int_equal(um_check_splats(), 0);
	}
}

static void cancelling_what_has_run_is_not(void **state)
{
	int way;

	for (way = 0; way < 3; way++)
		k_cancel_dropped(way, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
		T(queue_goes_while_a_worker_is_added),
		T(timers_of_two_tasks_run_at_once),
		T(item_that_waits_for_one_behind_it_is_reported),
		T(cancelling_what_a_queue_dropped_is_told),
		T(cancelling_what_has_run_is_not),
	};

	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("workqueue", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
