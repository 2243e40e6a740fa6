// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registering and unregistering a parent device.
 */
#include "mdev_test.h"

#define CLASS_LINK	"/sys/class/mdev_bus"

/* ---- refusals ------------------------------------------------------------ */

static void shape_is_refused(const char *shape, long want)
{
	char list[512];

	t_expect(load_shape(shape), want);
	assert_false(t_exists(TYPES(SHAPED)));
	assert_false(t_exists(SHAPED "/card"));
	assert_false(t_exists(CLASS_LINK "/shaped"));
	assert_false(t_kmsg_has("MDEV: Registered"));
	t_expect(t_list(SHAPED, list, sizeof(list)) > 0, true);
	assert_null(strstr(list, "mdev"));
}

static void register_without_ops_is_einval(void **state)
{
	shape_is_refused("no_ops", -EINVAL);
}

static void register_without_create_is_einval(void **state)
{
	shape_is_refused("no_create", -EINVAL);
}

static void register_without_remove_is_einval(void **state)
{
	shape_is_refused("no_remove", -EINVAL);
}

static void register_without_types_is_einval(void **state)
{
	shape_is_refused("no_types", -EINVAL);
}

static void register_no_device_is_einval(void **state)
{
	load_parent(NULL);
	vendor("register", "null", -EINVAL);
}

static void register_twice_is_eexist(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_kmsg_flush();
	t_uevent_flush();
	vendor("register", "0", -EEXIST);
	assert_false(t_kmsg_has("MDEV: Registered"));
	assert_true(t_exists(TYPE_1(PARENT0) "/create"));
	assert_true(t_exists(CLASS_LINK "/parent0"));
	assert_true(t_exists(MDEV_A));
	create(TYPE_2(PARENT0), UUID_B);
	discard(MDEV_A);
}

static void register_after_a_refusal_succeeds(void **state)
{
	load_parent("autoregister=0");
	vendor("register", "null", -EINVAL);
	vendor("register", "0", 0);
	create(TYPE_1(PARENT0), UUID_A);
}

/* ---- what appears -------------------------------------------------------- */

static void first_registration_makes_the_class_link(void **state)
{
	load_parent("parents=2");
	expect_list(CLASS_LINK, "parent0 parent1");
	expect_link_to(CLASS_LINK "/parent0", "parent0");
	assert_true(t_exists(CLASS_LINK "/parent0/mdev_supported_types"));
}

static void core_alone_has_no_parents(void **state)
{
	t_expect(t_insmod("mdev", NULL), 0);
	if (t_exists(CLASS_LINK))
		expect_list(CLASS_LINK, "");
	expect_list(BUS "/devices", "");
}

static void class_link_that_cannot_be_made_only_warns(void **state)
{
	load_parent(NULL);
	t_kmsg_flush();
	vendor("twin", "1", 0);
	/* that it is registered, and before that the warning */
	assert_true(t_kmsg_has("parent0: MDEV: Registered"));
	t_expect(t_kmsg_count("parent0: ") > 1, true);
	assert_true(t_exists(TYPES(VENDOR "/parent0")));
}

static void class_link_of_the_first_stays_when_its_twin_goes(void **state)
{
	load_parent(NULL);
	vendor("twin", "1", 0);
	vendor("twin", "0", 0);
	assert_true(t_exists(CLASS_LINK "/parent0/mdev_supported_types"));
}

static void groups_of_the_parent_come_and_go(void **state)
{
	load_parent(NULL);
	t_expect_text(PARENT0 "/card/serial", "42\n");
	vendor("unregister", "0", 0);
	assert_false(t_exists(PARENT0 "/card"));
	assert_false(t_exists(TYPES(PARENT0)));
	assert_true(t_exists(PARENT0 "/uevent"));
}

static void empty_groups_are_no_groups(void **state)
{
	t_expect(load_shape("empty_groups"), 0);
	create(TYPE_1(SHAPED), UUID_A);
}

static void no_type_at_all_registers(void **state)
{
	long ret = load_shape("empty_types");

	t_expect(ret, 0);
	expect_list(TYPES(SHAPED), "");
}

static long insmod_shape(void *arg)
{
	return t_insmod("mdev_test_shapes", arg);
}

static void kset_comes_before_groups_and_groups_before_types(void **state)
{
	struct t_task *task;

	load_core();
	hold("parent_visible");
	task = t_task_start("insmod", insmod_shape, "shape=watched");
	expect_held(task, "parent_visible");
	expect_list(TYPES(SHAPED), "");
	release("parent_visible");
	t_expect(t_task_join(task), 0);
	t_expect_text(SHAPED "/result", "0\n");
	assert_true(t_exists(SHAPED "/watched/serial"));
	assert_true(t_exists(TYPE_1(SHAPED) "/create"));
}

static void failing_group_of_the_parent_undoes_all(void **state)
{
	shape_is_refused("parent_clash", -EEXIST);
}

static void failing_type_undoes_all(void **state)
{
	shape_is_refused("duplicate", -EEXIST);
}

static void failing_type_undoes_the_parents_groups(void **state)
{
	shape_is_refused("card_duplicate", -EEXIST);
}

static void create_before_registration_has_succeeded_is_enodev(void **state)
{
	struct t_task *task;

	load_core();
	hold("type_visible");
	task = t_task_start("insmod", insmod_shape, "shape=late");
	expect_held(task, "type_visible");
	t_expect(t_put(TYPE_1(SHAPED) "/create", UUID_A), -ENODEV);
	expect_log("");
	release("type_visible");
	t_expect(t_task_join(task), 0);
	t_expect_text(SHAPED "/result", "-17\n");
	expect_list(BUS "/devices", "");
}

static void create_works_once_registration_has_succeeded(void **state)
{
	struct t_task *task;

	load_core();
	hold("type_visible");
	task = t_task_start("insmod", insmod_shape, "shape=visible");
	expect_held(task, "type_visible");
	t_expect(t_put(TYPE_1(SHAPED) "/create", UUID_A), -ENODEV);
	release("type_visible");
	t_expect(t_task_join(task), 0);
	create(TYPE_1(SHAPED), UUID_A);
	expect_log("create " UUID_A "\n");
}

/* ---- announcements ------------------------------------------------------- */

static void registering_is_announced(void **state)
{
	struct t_uevent ev;

	load_parent(NULL);
	assert_true(t_kmsg_has("mdev_test parent0: MDEV: Registered"));
	assert_true(t_uevent_find("change", "/mdev_test/parent0", &ev));
	assert_string_equal(t_uevent_get(&ev, "MDEV_STATE"), "registered");
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "mdev_test");
}

static void unregistering_is_announced(void **state)
{
	struct t_uevent ev;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	t_kmsg_flush();
	t_uevent_flush();
	vendor("unregister", "0", 0);
	assert_true(t_kmsg_has("mdev_test parent0: MDEV: Unregistering"));
	assert_true(t_uevent_find("remove", "/" UUID_A, &ev));
	assert_true(t_uevent_find("change", "/mdev_test/parent0", &ev));
	assert_string_equal(t_uevent_get(&ev, "MDEV_STATE"), "unregistered");
}

static void registered_uevent_is_sent_without_locks(void **state)
{
	struct t_task *task;

	load_parent("autoregister=0 parents=2");
	hold("registered");
	task = t_put_start(VENDOR "/register", "0");
	expect_held(task, "registered");
	/* parent0 is complete, and another can register and work meanwhile */
	create(TYPE_1(PARENT0), UUID_A);
	discard(MDEV_A);
	if (t_framework_has("parent_ops"))
		vendor("register", "0", -EEXIST);
	release("registered");
	t_expect(t_task_join(task), 1);
	vendor("register", "1", 0);
}

static void second_parent_registers_while_the_first_announces(void **state)
{
	struct t_task *first, *second;

	load_parent("autoregister=0 parents=2");
	hold("registered");
	first = t_put_start(VENDOR "/register", "0");
	expect_held(first, "registered");
	second = t_task_start("insmod", insmod_shape, "shape=plain");
	assert_true(t_task_wait_blocked(second));
	t_expect_text(CONTROL "/held", "registered 2\n");
	release("registered");
	t_expect(t_task_join(first), 1);
	t_expect(t_task_join(second), 0);
	t_expect_text(SHAPED "/result", "0\n");
}

static void unregistered_uevent_is_sent_without_locks(void **state)
{
	struct t_task *task;

	load_parent("parents=2");
	hold("unregistered");
	task = t_put_start(VENDOR "/unregister", "0");
	expect_held(task, "unregistered");
	assert_false(t_exists(TYPES(PARENT0)));
	create(TYPE_1(PARENT1), UUID_A);
	release("unregistered");
	t_expect(t_task_join(task), 1);
}

/* ---- unregistering ------------------------------------------------------- */

/* The end is told when it has come: who hears of it need not try again. */
static void who_hears_unregistered_can_register_again(void **state)
{
	struct t_task *unregister;

	load_parent(NULL);
	hold("unregistered");
	unregister = t_put_start(VENDOR "/unregister", "0");
	expect_held(unregister, "unregistered");
	vendor("register", "0", 0);
	assert_true(t_exists(CLASS_LINK "/parent0"));
	release("unregistered");
	t_expect(t_task_join(unregister), 1);
	create(TYPE_1(PARENT0), UUID_A);
}

static void unregister_of_a_stranger_is_ignored(void **state)
{
	struct t_uevent ev;

	load_parent("autoregister=0");
	t_uevent_flush();
	t_kmsg_flush();
	vendor("unregister", "0", 0);
	assert_false(t_uevent_find("change", "/parent0", &ev));
	assert_false(t_kmsg_has("MDEV: Unregistering"));
}

static void unregister_twice_is_ignored(void **state)
{
	load_parent(NULL);
	vendor("unregister", "0", 0);
	t_kmsg_flush();
	vendor("unregister", "0", 0);
	assert_false(t_kmsg_has("MDEV: Unregistering"));
}

static void unregister_removes_every_mdev(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_2(PARENT0), UUID_B);
	create(TYPE_1(PARENT0), UUID_C);
	vendor("unregister", "0", 0);
	expect_list(BUS "/devices", "");
	assert_false(t_exists(MDEV_A));
	assert_false(t_exists(CLASS_LINK "/parent0"));
}

static void unregister_goes_on_after_a_failing_remove(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT0), UUID_B);
	create(TYPE_1(PARENT0), UUID_C);
	answer("remove -16");
	vendor("unregister", "0", 0);
	t_expect(t_kmsg_count("Remove failed: err=-16"), 3);
	expect_list(BUS "/devices", "");
	assert_false(t_exists(TYPES(PARENT0)));
}

static void unregister_leaves_other_children_alone(void **state)
{
	load_parent(NULL);
	vendor("child", "0", 0);
	create(TYPE_1(PARENT0), UUID_A);
	vendor("unregister", "0", 0);
	assert_false(t_exists(MDEV_A));
	assert_true(t_exists(PARENT0 "/child/uevent"));
}

static void unregister_leaves_other_parents_alone(void **state)
{
	load_parent("parents=2");
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT1), UUID_B);
	vendor("unregister", "0", 0);
	expect_list(CLASS_LINK, "parent1");
	expect_list(BUS "/devices", UUID_B);
}

static void unregister_waits_for_a_create_under_way(void **state)
{
	struct t_task *creator, *unregister;

	load_parent(NULL);
	hold("create");
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, "create");
	unregister = t_put_start(VENDOR "/unregister", "0");
	assert_true(t_task_wait_blocked(unregister));
	assert_true(t_exists(TYPES(PARENT0)));
	release("create");
	t_expect(t_task_join(creator), UUID_LEN);
	t_expect(t_task_join(unregister), 1);
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
	expect_list(BUS "/devices", "");
}

static void unregister_waits_for_a_remove_under_way(void **state)
{
	struct t_task *remover, *unregister;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "remove");
	unregister = t_put_start(VENDOR "/unregister", "0");
	assert_true(t_task_wait_blocked(unregister));
	release("remove");
	t_expect(t_task_join(remover), 1);
	t_expect(t_task_join(unregister), 1);
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
}

static void create_during_unregistration_is_enodev_at_once(void **state)
{
	struct t_task *unregister;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	unregister = t_put_start(VENDOR "/unregister", "0");
	expect_held(unregister, "remove");
	t_expect(t_put(TYPE_1(PARENT0) "/create", UUID_B), -ENODEV);
	release("remove");
	t_expect(t_task_join(unregister), 1);
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
}

/* The class link is the first thing to go, but only once nothing is under way. */
static void class_link_goes_before_the_children(void **state)
{
	struct t_task *unregister;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	unregister = t_put_start(VENDOR "/unregister", "0");
	expect_held(unregister, "remove");
	assert_false(t_exists(CLASS_LINK "/parent0"));
	assert_true(t_exists(TYPE_1(PARENT0)));
	release("remove");
	t_expect(t_task_join(unregister), 1);
}

/* What registering returns while an unregistration of the same parent runs. */
static long register_during_unregistration(void)
{
	struct t_task *unregister;
	long ret;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	unregister = t_put_start(VENDOR "/unregister", "0");
	expect_held(unregister, "remove");
	ret = t_put(VENDOR "/register", "0");
	release("remove");
	t_expect(t_task_join(unregister), 1);
	return ret;
}

static void register_during_unregistration_is_refused(void **state)
{
	t_expect(register_during_unregistration() < 0, true);
	vendor("register", "0", 0);
	create(TYPE_1(PARENT0), UUID_A);
}

static void register_during_unregistration_is_eexist(void **state)
{
	t_expect(register_during_unregistration(), -EEXIST);
}

static void register_again_after_unregistering(void **state)
{
	int i;

	load_parent(NULL);
	for (i = 0; i < 5; i++) {
		create(TYPE_1(PARENT0), UUID_A);
		vendor("unregister", "0", 0);
		vendor("register", "0", 0);
	}
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(t_exists(CLASS_LINK "/parent0"));
}

/* ---- unloading ----------------------------------------------------------- */

/* In the log: @first, and after it @then. */
static void logged_after(const char *first, const char *then)
{
	char log[512];
	const char *at;

	t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
	at = strstr(log, first);
	if (at && strstr(at, then))
		return;
	print_error("'%s' does not follow on '%s' in:\n%s", then, first, log);
	fail();
}

static void unloading_the_parent_driver_removes_its_mdevs(void **state)
{
	load_parent("parents=2");
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT1), UUID_B);
	t_expect(t_rmmod("mdev_test_parent"), 0);
	expect_list(BUS "/devices", "");
	/* how long after that a parent is released is nobody's promise */
	logged_after("create " UUID_B, "remove " UUID_B);
	logged_after("remove " UUID_B, "remove " UUID_A);
	logged_after("remove " UUID_B, "released parent1");
	logged_after("remove " UUID_A, "released parent0");
}

static void core_in_use_does_not_unload(void **state)
{
	load_parent(NULL);
	t_expect(t_rmmod("mdev"), -EWOULDBLOCK);
	t_expect(t_rmmod("mdev_test_parent"), 0);
	t_expect(t_rmmod("mdev"), 0);
	assert_false(t_exists(BUS));
	assert_false(t_exists(CLASS_LINK));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_NEEDS("parent_ops", register_without_ops_is_einval),
		T_NEEDS("parent_ops", register_without_create_is_einval),
		T_NEEDS("parent_ops", register_without_remove_is_einval),
		T_NEEDS("parent_ops", register_without_types_is_einval),
		T_NEEDS("parent_ops", register_no_device_is_einval),
		T_NEEDS("parent_ops", register_twice_is_eexist),
		T_NEEDS("parent_ops", register_after_a_refusal_succeeds),
		T_TEST(first_registration_makes_the_class_link),
		T_TEST(core_alone_has_no_parents),
		T_TEST(class_link_that_cannot_be_made_only_warns),
		T_BETTER(class_link_of_the_first_stays_when_its_twin_goes),
		T_NEEDS("parent_ops", groups_of_the_parent_come_and_go),
		T_TEST(empty_groups_are_no_groups),
		T_TEST(no_type_at_all_registers),
		T_NEEDS("parent_ops", kset_comes_before_groups_and_groups_before_types),
		T_NEEDS("parent_ops", failing_group_of_the_parent_undoes_all),
		T_TEST(failing_type_undoes_all),
		T_NEEDS("parent_ops", failing_type_undoes_the_parents_groups),
		T_BETTER_NEEDS("parent_ops", create_before_registration_has_succeeded_is_enodev),
		T_BETTER_NEEDS("parent_ops", create_works_once_registration_has_succeeded),
		T_TEST(registering_is_announced),
		T_TEST(unregistering_is_announced),
		T_TEST(registered_uevent_is_sent_without_locks),
		T_TEST(second_parent_registers_while_the_first_announces),
		T_TEST(unregistered_uevent_is_sent_without_locks),
		T_TEST(who_hears_unregistered_can_register_again),
		T_NEEDS("parent_ops", unregister_of_a_stranger_is_ignored),
		T_NEEDS("parent_ops", unregister_twice_is_ignored),
		T_TEST(unregister_removes_every_mdev),
		T_NEEDS("parent_ops", unregister_goes_on_after_a_failing_remove),
		T_TEST(unregister_leaves_other_children_alone),
		T_TEST(unregister_leaves_other_parents_alone),
		T_TEST(unregister_waits_for_a_create_under_way),
		T_TEST(unregister_waits_for_a_remove_under_way),
		T_TEST(create_during_unregistration_is_enodev_at_once),
		T_TEST(class_link_goes_before_the_children),
		T_TEST(register_during_unregistration_is_refused),
		T_BETTER_NEEDS("parent_ops", register_during_unregistration_is_eexist),
		T_TEST(register_again_after_unregistering),
		T_TEST(unloading_the_parent_driver_removes_its_mdevs),
		T_TEST(core_in_use_does_not_unload),
	};

	return t_run("mdev_register", tests);
}
