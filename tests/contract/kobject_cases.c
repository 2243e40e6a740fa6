// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kobjects, counts and klists as a kernel's own code meets them: calls without sense,
 * counts that go wrong, nodes that go while they are walked over.
 */
#include "mdev_test.h"

#define STEPS	DIR_TEST "/kobject_cases"
#define CASES	STEPS "/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("kobject_cases", NULL), 0);
	t_kmsg_flush();
}

#include "cases.h"
#include "steps.h"

static void object_must_have_a_type(void **state)
{
	run_case_of("object_without_a_type_is_refused_aloud");
	assert_true(t_kmsg_has("must have a ktype to be initialized properly!"));
}

static void object_must_be_there(void **state)
{
	run_case_of("no_object_is_refused_aloud");
	assert_true(t_kmsg_has("invalid kobject pointer!"));
}

static void set_must_have_a_type(void **state)
{
	run_case_of("set_without_a_type_is_einval");
	assert_true(t_kmsg_has("must have a ktype to be initialized properly!"));
}

static void bytes_of_an_event_are_limited(void **state)
{
	t_expect_splat("add_uevent_var: buffer size too small");
	run_case_of("event_has_room_for_so_many_bytes");
}

static void variables_of_an_event_are_limited(void **state)
{
	t_expect_splat("add_uevent_var: too many keys");
	run_case_of("event_has_room_for_so_many_variables");
}

static void count_must_not_be_dropped_to_zero_unseen(void **state)
{
	t_expect_splat("refcount_t: decrement hit 0; leaking memory.");
	run_case_of("count_that_is_dropped_to_zero_warns");
}

static void count_must_not_overflow(void **state)
{
	t_expect_splat("refcount_t: saturated; leaking memory.");
	run_case_of("count_that_overflows_while_it_is_taken_saturates");
}

static void count_must_not_fall_below_zero(void **state)
{
	t_expect_splat("refcount_t: underflow; use-after-free.");
	run_case_of("count_of_zero_is_not_one_and_warns");
}

static void klist_remove_waits_for_a_walker(void **state)
{
	struct t_task *task;

	load();
	gives("walk", "1");
	task = waits("remove");
	run("leave");
	t_expect(t_task_join(task), strlen("remove"));
	logged_too("leave", "0");
	logged_too("remove", "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(object_must_have_a_type),
		T_TEST(object_must_be_there),
		T_TEST(set_must_have_a_type),
		T_CASE(object_without_a_parent_is_not_renamed),
		T_CASE(object_of_no_set_sends_no_event),
		T_CASE(object_without_references_gives_none),
		T_TEST(bytes_of_an_event_are_limited),
		T_TEST(variables_of_an_event_are_limited),
		T_CASE(counts_that_are_used_well_are_quiet),
		T_TEST(count_must_not_be_dropped_to_zero_unseen),
		T_TEST(count_must_not_overflow),
		T_TEST(count_must_not_fall_below_zero),
		T_CASE(klist_nodes_may_go_under_a_walker),
		T_CASE(dead_klist_node_of_another_walker_is_passed_over),
		T_TEST(klist_remove_waits_for_a_walker),
	};

	return t_run("kobject_cases", tests);
}
