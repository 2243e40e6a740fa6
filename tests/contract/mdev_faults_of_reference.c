// SPDX-License-Identifier: GPL-2.0-only
/*
 * One test per known fault of the reference that a callback, a held point or
 * a sequence of calls can show; those that need a failing allocation are in
 * tests/unit/mdev_faults.c. Each fails on the reference.
 */
#include "mdev_test.h"

#define VISIBLE		TYPES(SHAPED) "/mdev_test-visible"

static long insmod_shape(void *arg)
{
	return t_insmod("mdev_test_shapes", arg);
}

static void type_attribute_read_while_the_types_files_are_made(void **state)
{
	struct t_task *task;

	load_core();
	hold("type_visible");
	task = t_task_start("insmod", insmod_shape, "shape=visible");
	expect_held(task, "type_visible");
	t_expect_text(VISIBLE "/name", "mdev_test-visible of shaped\n");
	release("type_visible");
	t_expect(t_task_join(task), 0);
}

static void removed_mdev_that_is_held_leads_to_nothing_of_its_vendor(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_put(MDEV_A "/vendor/iommu", "1"), 1);
	t_expect_text(VENDOR "/kept", UUID_A " of parent0\n");
	discard(MDEV_A);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

static void mdev_that_is_held_has_no_parent_after_the_unregistration(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	vendor("unregister", "0", 0);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

static void removed_mdev_that_is_held_leads_to_no_ops(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	vendor("class", "vfio", 0);
	create(TYPE_1(PARENT0), UUID_A);
	t_expect_text(MDEV_A "/vendor/ops", "some\n");
	discard(MDEV_A);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

static void mdev_whose_creation_fails_has_no_parent(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	answer("create -5");
	t_expect(t_put(TYPE_1(PARENT0) "/create", UUID_A), -EIO);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

static void mdev_that_could_not_be_made_has_no_parent(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	vendor("class", "none", 0);
	t_expect(t_put(TYPE_1(PARENT0) "/create", UUID_A), -EINVAL);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

static void mdev_has_its_parent_until_the_vendor_has_removed_it(void **state)
{
	struct t_task *remover;

	load_parent(NULL);
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "remove");
	t_expect_text(VENDOR "/kept", UUID_A " of parent0\n");
	release("remove");
	t_expect(t_task_join(remover), 1);
	t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

/* Its release tells, and comes with the vendor's own last reference. */
static void parent_device_goes_though_an_mdev_is_held(void **state)
{
	load_parent("parents=2");
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	clear_log();
	vendor("unplug", "0", 0);
	assert_false(t_exists(PARENT0));
	expect_log("remove " UUID_A "\nreleased parent0\n");
	if (t_framework_has("parent_ops"))
		t_expect_text(VENDOR "/kept", UUID_A " of nobody\n");
	vendor("kept", "-", 0);
}

/* Nobody waits for the holder; the core alone stays for him. */
static void removed_mdev_that_is_held_pins_the_core(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	tell("pin", "parent0 " UUID_A);
	t_expect(t_rmmod("mdev_test_parent"), 0);
	t_expect(t_rmmod("mdev"), -EWOULDBLOCK);
	tell("pin", "-");
	t_expect(t_rmmod("mdev"), 0);
}

static void type_is_there_as_long_as_an_mdev_is_held(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	vendor("keep", "0", 0);
	vendor("unregister", "0", 0);
	/* a new registration makes new types beside the one still held */
	vendor("register", "0", 0);
	create(TYPE_1(PARENT0), UUID_B);
	t_expect(t_put(TYPE_1(PARENT0) "/create", UUID_A), -EEXIST);
	vendor("kept", "-", 0);
	create(TYPE_1(PARENT0), UUID_A);
}

static void remove_file_survives_a_removal_that_came_too_early(void **state)
{
	struct t_task *creator;

	load_parent(NULL);
	load_driver(NULL);
	hold(probe_point());
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, probe_point());
	t_expect(t_put(MDEV_A "/remove", "1"), -EAGAIN);
	t_expect(t_put(MDEV_A "/remove", "1"), -EAGAIN);
	release(probe_point());
	t_expect(t_task_join(creator), UUID_LEN);
	assert_true(t_exists(MDEV_A "/remove"));
	discard(MDEV_A);
}

static void no_mdev_is_orphaned_by_a_type_that_fails_later(void **state)
{
	struct t_task *task;

	load_core();
	hold("type_visible");
	task = t_task_start("insmod", insmod_shape, "shape=late");
	expect_held(task, "type_visible");
	t_expect(t_put(TYPE_1(SHAPED) "/create", UUID_A), -ENODEV);
	release("type_visible");
	t_expect(t_task_join(task), 0);
	t_expect_text(SHAPED "/result", "-17\n");
	expect_list(BUS "/devices", "");
	t_expect(t_rmmod("mdev_test_shapes"), 0);
}

static void type_without_attributes_can_be_registered(void **state)
{
	t_expect(load_shape("bare"), 0);
	expect_list(TYPES(SHAPED) "/mdev_test-bare", "create devices");
}

static void failing_remove_does_not_stop_the_others(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT0), UUID_B);
	create(TYPE_1(PARENT0), UUID_C);
	answer("remove -16");
	t_expect(t_rmmod("mdev_test_parent"), 0);
	expect_list(BUS "/devices", "");
	t_expect(t_kmsg_count("Remove failed: err=-16"), 3);
}

static void second_registration_keeps_the_references_of_the_first(void **state)
{
	int i;

	load_parent(NULL);
	for (i = 0; i < 3; i++)
		vendor("register", "0", -EEXIST);
	create(TYPE_1(PARENT0), UUID_A);
	vendor("unregister", "0", 0);
	vendor("register", "0", 0);
	create(TYPE_1(PARENT0), UUID_A);
}

static void errno_of_remove_is_not_masked(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	answer("remove -75");
	discard(MDEV_A);
	assert_true(t_kmsg_has("Remove failed: err=-75"));
}

static void probe_and_remove_come_in_the_right_order(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	discard(MDEV_A);
	expect_log("create " UUID_A "\nprobe " UUID_A "\n"
		   "unbind " UUID_A "\nremove " UUID_A "\n");
}

static void no_mdev_is_orphaned_by_an_unregistration(void **state)
{
	struct t_task *creator, *unregister;

	load_parent(NULL);
	hold("create");
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, "create");
	unregister = t_put_start(VENDOR "/unplug", "0");
	assert_true(t_task_wait_blocked(unregister));
	release("create");
	t_expect(t_task_join(creator), UUID_LEN);
	t_expect(t_task_join(unregister), 1);
	expect_list(BUS "/devices", "");
	assert_false(t_exists(PARENT0));
}

/* What creating costs with many of them is the benchmark's to say. */
static void many_mdevs_live_side_by_side(void **state)
{
	char uuid[UUID_LEN + 1], path[128];
	unsigned int i;

	load_parent(NULL);
	for (i = 0; i < 300; i++) {
		snprintf(uuid, sizeof(uuid), "00000000-0000-4000-8000-%012x", i);
		t_expect(t_put(TYPE_1(PARENT0) "/create", uuid), UUID_LEN);
	}
	t_expect(t_put(TYPE_2(PARENT0) "/create", uuid), -EEXIST);
	for (i = 0; i < 300; i += 2) {
		snprintf(path, sizeof(path), PARENT0 "/00000000-0000-4000-8000-%012x/remove", i);
		t_expect(t_put(path, "1"), 1);
	}
	vendor("unregister", "0", 0);
	expect_list(BUS "/devices", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_BETTER_NEEDS("parent_ops", type_attribute_read_while_the_types_files_are_made),
		T_BETTER_NEEDS("parent_ops", removed_mdev_that_is_held_leads_to_nothing_of_its_vendor),
		T_BETTER_NEEDS("parent_ops", mdev_that_is_held_has_no_parent_after_the_unregistration),
		T_BETTER_NEEDS("class_ids", removed_mdev_that_is_held_leads_to_no_ops),
		T_BETTER_NEEDS("parent_ops", mdev_whose_creation_fails_has_no_parent),
		T_BETTER_NEEDS("class_ids", mdev_that_could_not_be_made_has_no_parent),
		T_BETTER_NEEDS("parent_ops", mdev_has_its_parent_until_the_vendor_has_removed_it),
		T_BETTER(parent_device_goes_though_an_mdev_is_held),
		T_BETTER(removed_mdev_that_is_held_pins_the_core),
		T_BETTER(type_is_there_as_long_as_an_mdev_is_held),
		T_BETTER(remove_file_survives_a_removal_that_came_too_early),
		T_BETTER_NEEDS("parent_ops", no_mdev_is_orphaned_by_a_type_that_fails_later),
		T_BETTER_NEEDS("parent_ops", type_without_attributes_can_be_registered),
		T_BETTER_NEEDS("parent_ops", failing_remove_does_not_stop_the_others),
		T_BETTER_NEEDS("parent_ops", second_registration_keeps_the_references_of_the_first),
		T_BETTER_NEEDS("parent_ops", errno_of_remove_is_not_masked),
		T_BETTER_NEEDS("mdev_drivers", probe_and_remove_come_in_the_right_order),
		T_BETTER(no_mdev_is_orphaned_by_an_unregistration),
		T_BETTER(many_mdevs_live_side_by_side),
	};

	return t_run("mdev_faults_of_reference", tests);
}
