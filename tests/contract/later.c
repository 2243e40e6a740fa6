// SPDX-License-Identifier: GPL-2.0-only
/* What is put off: timers, work items and RCU, when they run and how they are ended. */
#include "mdev_test.h"

#define STEPS	DIR_TEST "/later"

#include "steps.h"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("later_test", NULL), 0);
}

/* ---- timers ------------------------------------------------------------------------------------------ */

static void timers_run_in_the_order_of_their_times(void **state)
{
	load();
	gives("timer_order", "12");
}

static void timer_says_whether_it_was_pending(void **state)
{
	load();
	gives("timer_pending", "255");
}

static void timer_that_rearms_itself_is_ended_by_a_waiting_delete(void **state)
{
	load();
	gives("timer_rearms", "1");
}

static void deleted_timers_function_is_ordered_before(void **state)
{
	load();
	gives("read_after_delete", "20");
}

/* ---- work ---------------------------------------------------------------------------------------------- */

static void pending_work_can_be_cancelled_and_running_work_cannot(void **state)
{
	load();
	hold("work_in");
	gives("block", "1");
	gives("queue", "1");
	gives("queue", "0");
	gives("cancel", "1");
	gives("cancel", "0");
	gives("queue", "1");
	release("work_in");
	gives("flush", "1");
	gives("cancel", "0");
	gives("drain", "1");
}

static void flush_of_a_queue_waits_for_what_is_in_it(void **state)
{
	struct t_task *flusher;

	load();
	hold("work_in");
	gives("block", "1");
	gives("queue", "1");
	flusher = waits("flush");
	release("work_in");
	ends(flusher, "flush", "1");
}

static void delayed_work_waits_for_its_time_or_a_flush(void **state)
{
	load();
	gives("soon", "1");
	gives("later", "1");
	gives("later", "0");
	gives("later_pending", "1");
	gives("flush_later", "2");
	gives("later_pending", "0");
	gives("flush_later", "2");
	gives("now", "1");
	gives("flush", "3");
}

static void time_of_delayed_work_can_be_changed(void **state)
{
	load();
	gives("mod_later", "0");
	gives("mod_later", "1");
	gives("later_pending", "1");
	gives("mod_now", "1");
	gives("flush", "1");
	gives("mod_now", "0");
	gives("flush", "2");
}

static void delayed_work_can_be_cancelled(void **state)
{
	load();
	gives("cancel_later", "0");
	gives("later", "1");
	gives("cancel_later", "1");
	gives("cancel_later_sync", "0");
	gives("later", "1");
	gives("cancel_later_sync", "1");
	gives("flush", "0");
}

/* Queued while it runs it is pending again, and runs once more. */
static void work_queued_while_it_runs_runs_again(void **state)
{
	load();
	hold("held_in");
	gives("held_start", "1");
	gives("held_queue", "1");
	gives("held_queue", "0");
	release("held_in");
	gives("held_flush", "2");
}

static void waiting_cancel_takes_pending_work_out_and_waits_for_running_work(void **state)
{
	struct t_task *canceller;

	load();
	hold("held_in");
	gives("held_start", "1");
	gives("held_queue", "1");
	canceller = waits("held_cancel_sync");
	/* meanwhile nobody else can queue it */
	gives("held_queue", "0");
	release("held_in");
	ends(canceller, "held_cancel_sync", "1");
	gives("held_flush", "1");
}

static void queue_that_is_drained_takes_what_its_items_queue(void **state)
{
	struct t_task *drainer;

	load();
	hold("held_in");
	gives("chain_start", "1");
	drainer = waits("drain");
	release("held_in");
	ends(drainer, "drain", "1");
}

static void queue_that_is_drained_takes_nothing_from_outside(void **state)
{
	struct t_task *drainer;

	load();
	hold("held_in");
	gives("held_start", "1");
	drainer = waits("drain");
	t_expect_splat("kernel/workqueue.c");
	run("queue");
	clear_log();
	release("held_in");
	ends(drainer, "drain", "0");
	/* it is not queued, and never can be again: a kernel would look for it for ever */
	gives("queue", "0");
	gives("drain", "0");
}

static void item_may_wait_for_the_next_one(void **state)
{
	load();
	gives("next", "100");
}

static void as_many_items_run_as_wait_for_each_other(void **state)
{
	load();
	gives("links", "64");
}

static void item_can_be_cancelled_when_its_queue_is_gone(void **state)
{
	load();
	gives("cancel_gone", "0");
}

static void ordered_queue_runs_one_at_a_time(void **state)
{
	load();
	gives("ordered", "1");
}

/* ---- RCU --------------------------------------------------------------------------------------------------- */

static void old_versions_go_when_no_reader_can_see_them(void **state)
{
	load();
	gives("rcu", "12130");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(timers_run_in_the_order_of_their_times),
		T_TEST(timer_says_whether_it_was_pending),
		T_TEST(timer_that_rearms_itself_is_ended_by_a_waiting_delete),
		T_TEST(deleted_timers_function_is_ordered_before),
		T_TEST(pending_work_can_be_cancelled_and_running_work_cannot),
		T_TEST(flush_of_a_queue_waits_for_what_is_in_it),
		T_TEST(delayed_work_waits_for_its_time_or_a_flush),
		T_TEST(time_of_delayed_work_can_be_changed),
		T_TEST(delayed_work_can_be_cancelled),
		T_TEST(work_queued_while_it_runs_runs_again),
		T_TEST(waiting_cancel_takes_pending_work_out_and_waits_for_running_work),
		T_TEST(queue_that_is_drained_takes_what_its_items_queue),
		T_TEST(queue_that_is_drained_takes_nothing_from_outside),
		T_TEST(item_may_wait_for_the_next_one),
		T_TEST(as_many_items_run_as_wait_for_each_other),
		T_TEST(item_can_be_cancelled_when_its_queue_is_gone),
		T_TEST(ordered_queue_runs_one_at_a_time),
		T_TEST(old_versions_go_when_no_reader_can_see_them),
	};

	return t_run("later", tests);
}
