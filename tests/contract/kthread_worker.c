// SPDX-License-Identifier: GPL-2.0-only
/* Workers of kthread_worker: order, cancelling, flushing, what waits for its time. */
#include "target.h"

static void works_are_done_in_order_and_waited_for(void **state)
{
	t_expect(t_insmod("kthread_worker_test", NULL), 0);
	t_expect_text("/sys/module/kthread_worker_test/parameters/states", "65535\n");
	t_expect(t_rmmod("kthread_worker_test"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(works_are_done_in_order_and_waited_for),
	};

	return t_run("kthread_worker", tests);
}
