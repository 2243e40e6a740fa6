// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creating an mdev: a UUID written to a type's create file.
 */
#include "mdev_test.h"

#define CREATE		TYPE_1(PARENT0) "/create"

/* ---- the UUID ------------------------------------------------------------ */

static void uuid_of_36_characters_is_taken(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, UUID_A), 36);
	assert_true(t_exists(MDEV_A));
}

static void newline_after_the_uuid_is_taken(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, UUID_A "\n"), 37);
	assert_true(t_exists(MDEV_A));
}

static void nul_after_the_uuid_is_taken(void **state)
{
	load_parent(NULL);
	t_expect(t_put_bytes(CREATE, UUID_A, 37), 37);
	assert_true(t_exists(MDEV_A));
}

static void other_byte_after_the_uuid_is_einval(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, UUID_A "0"), -EINVAL);
	t_expect(t_put(CREATE, UUID_A " "), -EINVAL);
	t_expect(t_put(CREATE, UUID_A "-"), -EINVAL);
	expect_list(BUS "/devices", "");
}

static void uuid_of_another_length_is_einval(void **state)
{
	char page[4096], more[5000];

	load_parent(NULL);
	t_expect(t_put(CREATE, "\n"), -EINVAL);
	t_expect(t_put(CREATE, "1"), -EINVAL);
	t_expect(t_put_bytes(CREATE, UUID_A, 35), -EINVAL);
	t_expect(t_put(CREATE, UUID_A "\n\n"), -EINVAL);
	t_expect(t_put(CREATE, UUID_A UUID_B), -EINVAL);
	memset(page, 'a', sizeof(page));
	t_expect(t_put_bytes(CREATE, page, sizeof(page)), -EINVAL);
	/* sysfs takes the first page of it */
	memset(more, 'a', sizeof(more));
	t_expect(t_put_bytes(CREATE, more, sizeof(more)), -EINVAL);
	expect_log("");
}

static void empty_write_creates_nothing(void **state)
{
	load_parent(NULL);
	t_expect(t_put_bytes(CREATE, "", 0), 0);
	expect_log("");
}

static void uuid_with_wrong_characters_is_einval(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, "g3b8f4f2-509f-382f-3c1e-e6bfe0fa1001"), -EINVAL);
	t_expect(t_put(CREATE, "83b8f4f2x509f-382f-3c1e-e6bfe0fa1001"), -EINVAL);
	t_expect(t_put(CREATE, "83b8f4f2-509f-382f-3c1e-e6bfe0fa100 "), -EINVAL);
	t_expect(t_put(CREATE, "83b8f4f2509f382f3c1ee6bfe0fa10018888"), -EINVAL);
	t_expect(t_put(CREATE, "83b8f4-f2509f-382f-3c1e-e6bfe0fa1001"), -EINVAL);
	t_expect(t_put_bytes(CREATE, "83b8f4f2-509f-382f-3c1e-\0006bfe0fa1001", 36), -EINVAL);
	expect_log("");
	expect_list(BUS "/devices", "");
}

static void name_is_in_lower_case(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, "83B8F4F2-509F-382f-3C1E-E6BFE0FA1001"), 36);
	assert_true(t_exists(MDEV_A));
	t_expect_text(MDEV_A "/vendor/uuid", UUID_A "\n");
}

static void nil_uuid_is_a_uuid(void **state)
{
	load_parent(NULL);
	t_expect(t_put(CREATE, "00000000-0000-0000-0000-000000000000"), 36);
	t_expect(t_put(CREATE, "00000000-0000-0000-0000-000000000000"), -EEXIST);
}

/* ---- uniqueness ---------------------------------------------------------- */

static void second_mdev_of_a_uuid_is_eexist(void **state)
{
	load_parent("parents=2");
	create(TYPE_1(PARENT0), UUID_A);
	t_expect(t_put(TYPE_1(PARENT0) "/create", UUID_A), -EEXIST);
	t_expect(t_put(TYPE_2(PARENT0) "/create", UUID_A), -EEXIST);
	t_expect(t_put(TYPE_1(PARENT1) "/create", UUID_A), -EEXIST);
	t_expect(t_put(CREATE, "83B8F4F2-509F-382F-3C1E-E6BFE0FA1001"), -EEXIST);
	expect_log("create " UUID_A "\n");
	assert_true(t_exists(MDEV_A "/remove"));
}

static void uuid_is_taken_from_the_first_moment(void **state)
{
	struct t_task *creator;

	load_parent("parents=2");
	hold("create");
	creator = t_put_start(CREATE, UUID_A);
	expect_held(creator, "create");
	t_expect(t_put(TYPE_2(PARENT1) "/create", UUID_A), -EEXIST);
	release("create");
	t_expect(t_task_join(creator), UUID_LEN);
}

/* ADD has been sent when a driver is probed, and nothing is made after the probe's beginning. */
static void who_hears_add_finds_all_files(void **state)
{
	struct t_task *creator;
	struct t_uevent ev;

	load_parent(NULL);
	load_driver(NULL);
	hold("probe");
	t_uevent_flush();
	creator = t_put_start(CREATE, UUID_A);
	expect_held(creator, "probe");
	assert_true(t_uevent_find("add", "/" UUID_A, &ev));
	assert_true(t_exists(MDEV_A "/remove"));
	assert_true(t_exists(MDEV_A "/vendor/uuid"));
	expect_link_to(MDEV_A "/mdev_type", "mdev_test-1");
	expect_link_to(TYPE_1(PARENT0) "/devices/" UUID_A, UUID_A);
	expect_link_to(BUS "/devices/" UUID_A, UUID_A);
	/* who does not only look is too early, and may come again */
	t_expect(t_put(MDEV_A "/remove", "1"), -EAGAIN);
	release("probe");
	t_expect(t_task_join(creator), UUID_LEN);
	discard(MDEV_A);
}

static void uuid_is_taken_until_the_vendor_has_removed_it(void **state)
{
	struct t_task *remover;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "remove");
	t_expect(t_put(CREATE, UUID_A), -EEXIST);
	release("remove");
	t_expect(t_task_join(remover), 1);
	create(TYPE_1(PARENT0), UUID_A);
}

static void uuid_is_taken_until_the_last_reference_is_dropped(void **state)
{
	load_parent(NULL);
	vendor("keep", "1", 0);
	create(TYPE_1(PARENT0), UUID_A);
	vendor("keep", "0", 0);
	discard(MDEV_A);
	assert_false(t_exists(MDEV_A));
	t_expect(t_put(CREATE, UUID_A), -EEXIST);
	vendor("kept", "-", 0);
	create(TYPE_1(PARENT0), UUID_A);
}

static void uuid_is_free_after_a_failed_create(void **state)
{
	load_parent(NULL);
	answer("create -5");
	t_expect(t_put(CREATE, UUID_A), -EIO);
	answer("create 0");
	create(TYPE_1(PARENT0), UUID_A);
}

/* The core serialises nothing for the vendor: two callbacks run side by side. */
static void create_callbacks_run_at_the_same_time(void **state)
{
	struct t_task *first, *second;

	load_parent("parents=2");
	hold("create");
	first = t_put_start(CREATE, UUID_A);
	expect_held(first, "create");
	second = t_put_start(TYPE_2(PARENT1) "/create", UUID_B);
	assert_true(t_task_wait_blocked(second));
	t_expect_text(CONTROL "/held", "create 2\n");
	release("create");
	t_expect(t_task_join(first), UUID_LEN);
	t_expect(t_task_join(second), UUID_LEN);
}

/* ---- what there is afterwards -------------------------------------------- */

static void mdev_is_a_child_of_the_parent_on_the_bus(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(t_exists(MDEV_A "/uevent"));
	assert_true(t_exists(MDEV_A "/remove"));
	expect_link_to(MDEV_A "/subsystem", "mdev");
	expect_link_to(BUS "/devices/" UUID_A, UUID_A);
	t_expect_text(MDEV_A "/vendor/parent", "parent0\n");
}

static void links_lead_from_type_to_mdev_and_back(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	expect_link(TYPE_1(PARENT0) "/devices/" UUID_A, "../../../" UUID_A);
	expect_link(MDEV_A "/mdev_type", "../mdev_supported_types/mdev_test-1");
	expect_list(TYPE_1(PARENT0) "/devices", UUID_A);
	expect_list(TYPE_2(PARENT0) "/devices", "");
	assert_true(t_exists(MDEV_A "/mdev_type/name"));
}

static void vendors_groups_are_on_each_mdev(void **state)
{
	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_2(PARENT0), UUID_B);
	t_expect_text(MDEV_A "/vendor/type", "mdev_test-1\n");
	t_expect_text(MDEV_B "/vendor/type", "mdev_test-2\n");
	t_expect_text(MDEV_B "/vendor/same", "1 1\n");
}

static void mdev_is_announced_with_its_alias(void **state)
{
	struct t_uevent ev;

	load_parent(NULL);
	t_uevent_flush();
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(t_uevent_find("add", "/parent0/" UUID_A, &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "mdev");
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "mdev:c23");
	assert_null(t_uevent_get(&ev, "DRIVER"));
}

static void vendors_create_comes_before_the_device_is_visible(void **state)
{
	struct t_task *creator;
	struct t_uevent ev;

	load_parent(NULL);
	t_uevent_flush();
	hold("create");
	creator = t_put_start(CREATE, UUID_A);
	expect_held(creator, "create");
	assert_false(t_exists(MDEV_A));
	expect_list(BUS "/devices", "");
	assert_false(t_uevent_find("add", UUID_A, &ev));
	release("create");
	t_expect(t_task_join(creator), UUID_LEN);
	assert_true(t_uevent_find("add", UUID_A, &ev));
}

static void vendors_create_comes_before_probe(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	expect_log("create " UUID_A "\nprobe " UUID_A "\n");
}

/* ---- failures ------------------------------------------------------------ */

static void nothing_is_left_of(const char *mdev)
{
	expect_list(BUS "/devices", "");
	expect_list(TYPE_1(PARENT0) "/devices", "");
	assert_false(t_exists(mdev));
}

static void error_of_create_is_returned_without_remove(void **state)
{
	struct t_uevent ev;

	load_parent(NULL);
	t_uevent_flush();
	answer("create -28");
	t_expect(t_put(CREATE, UUID_A), -ENOSPC);
	expect_log("create " UUID_A "\n");
	nothing_is_left_of(MDEV_A);
	/* a driver is asked when the device is there, and so announced */
	t_expect(t_uevent_find("add", UUID_A, &ev), !t_framework_has("parent_ops"));
}

static void positive_return_of_create_is_einval_with_a_warning(void **state)
{
	load_parent(NULL);
	answer("create 7");
	t_kmsg_flush();
	t_expect(t_put(CREATE, UUID_A), -EINVAL);
	assert_true(t_kmsg_has("parent0: ") || t_kmsg_has(UUID_A));
	expect_log("create " UUID_A "\n");
	nothing_is_left_of(MDEV_A);
}

static void class_left_out_is_einval_and_never_visible(void **state)
{
	char line[256];
	struct t_uevent ev;

	load_parent(NULL);
	t_uevent_flush();
	vendor("class", "none", 0);
	t_expect(t_put(CREATE, UUID_A), -EINVAL);
	assert_true(t_kmsg_find("mdev vendor driver failed to specify device class",
				line, sizeof(line)));
	assert_non_null(strstr(line, "parent0"));
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
	nothing_is_left_of(MDEV_A);
	assert_false(t_uevent_find("add", UUID_A, &ev));
}

static void failing_device_add_calls_remove(void **state)
{
	t_expect(load_shape("mdev_clash"), 0);
	t_expect(t_put(TYPE_1(SHAPED) "/create", UUID_A), -EEXIST);
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
	expect_list(BUS "/devices", "");
	expect_list(TYPE_1(SHAPED) "/devices", "");
	assert_false(t_exists(SHAPED "/" UUID_A));
	t_expect(t_put(TYPE_1(SHAPED) "/create", UUID_A), -EEXIST);
}

/* A child of the parent that has the UUID's name is in the way. */
static void name_taken_by_another_device_is_eexist(void **state)
{
	load_parent(NULL);
	vendor("child", "0 " UUID_A, 0);
	t_expect(t_put(CREATE, UUID_A), -EEXIST);
	/* a driver is asked when the device is there: not at all */
	expect_log(t_framework_has("parent_ops") ? "create " UUID_A "\nremove " UUID_A "\n" : "");
	assert_true(t_exists(MDEV_A "/uevent"));
	assert_false(t_exists(MDEV_A "/mdev_type"));
	expect_list(TYPE_1(PARENT0) "/devices", "");
	create(TYPE_1(PARENT0), UUID_B);
}

static void driver_that_fails_to_probe_does_not_fail_the_creation(void **state)
{
	load_parent(NULL);
	load_driver(NULL);
	answer("probe -5");
	create(TYPE_1(PARENT0), UUID_A);
	assert_true(t_exists(MDEV_A "/remove"));
	assert_false(t_exists(MDEV_A "/driver"));
	expect_log("create " UUID_A "\nprobe " UUID_A "\n");
	discard(MDEV_A);
	expect_log("create " UUID_A "\nprobe " UUID_A "\nremove " UUID_A "\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(uuid_of_36_characters_is_taken),
		T_TEST(newline_after_the_uuid_is_taken),
		T_TEST(nul_after_the_uuid_is_taken),
		T_BETTER(other_byte_after_the_uuid_is_einval),
		T_TEST(uuid_of_another_length_is_einval),
		T_TEST(empty_write_creates_nothing),
		T_TEST(uuid_with_wrong_characters_is_einval),
		T_TEST(name_is_in_lower_case),
		T_TEST(nil_uuid_is_a_uuid),
		T_TEST(second_mdev_of_a_uuid_is_eexist),
		T_TEST(uuid_is_taken_from_the_first_moment),
		T_BETTER_NEEDS("mdev_drivers", who_hears_add_finds_all_files),
		T_TEST(uuid_is_taken_until_the_vendor_has_removed_it),
		T_TEST(uuid_is_taken_until_the_last_reference_is_dropped),
		T_TEST(uuid_is_free_after_a_failed_create),
		T_TEST(create_callbacks_run_at_the_same_time),
		T_TEST(mdev_is_a_child_of_the_parent_on_the_bus),
		T_TEST(links_lead_from_type_to_mdev_and_back),
		T_TEST(vendors_groups_are_on_each_mdev),
		T_NEEDS("class_ids", mdev_is_announced_with_its_alias),
		T_NEEDS("parent_ops", vendors_create_comes_before_the_device_is_visible),
		T_NEEDS("mdev_drivers", vendors_create_comes_before_probe),
		T_TEST(error_of_create_is_returned_without_remove),
		T_BETTER_NEEDS("parent_ops", positive_return_of_create_is_einval_with_a_warning),
		T_NEEDS("class_ids", class_left_out_is_einval_and_never_visible),
		T_NEEDS("parent_ops", failing_device_add_calls_remove),
		T_TEST(name_taken_by_another_device_is_eexist),
		T_NEEDS("mdev_drivers", driver_that_fails_to_probe_does_not_fail_the_creation),
	};

	return t_run("mdev_create", tests);
}
