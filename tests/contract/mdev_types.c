// SPDX-License-Identifier: GPL-2.0-only
/*
 * Types: their directories, their attributes, and groups of odd shapes.
 */
#include "mdev_test.h"

#define VISIBLE		TYPES(SHAPED) "/mdev_test-visible"

static void type_is_named_after_driver_string_and_group(void **state)
{
	load_parent(NULL);
	expect_list(TYPES(PARENT0), "mdev_test-1 mdev_test-2");
}

static void type_holds_create_devices_and_its_attributes(void **state)
{
	load_parent(NULL);
	expect_list(TYPE_1(PARENT0), "create device_api devices mute name note self");
	expect_list(TYPE_1(PARENT0) "/devices", "");
}

static void group_without_attributes_is_a_type(void **state)
{
	t_expect(load_shape("bare"), 0);
	expect_list(TYPES(SHAPED) "/mdev_test-bare", "create devices");
	create(TYPES(SHAPED) "/mdev_test-bare", UUID_A);
}

static void create_is_write_only(void **state)
{
	struct t_stat st;
	char buf[16];

	load_parent(NULL);
	t_expect(t_stat(TYPE_1(PARENT0) "/create", &st), 0);
	t_expect(st.mode & 07777, 0200);
	t_expect(t_get(TYPE_1(PARENT0) "/create", buf, sizeof(buf)), -EACCES);
}

static void attribute_gets_type_and_parent(void **state)
{
	load_parent("parents=2");
	t_expect_text(TYPE_1(PARENT0) "/self", "mdev_test-1 of parent0\n");
	t_expect_text(TYPE_1(PARENT1) "/self", "mdev_test-1 of parent1\n");
	t_expect(t_put(TYPE_1(PARENT1) "/note", "hello"), 5);
	t_expect_text(TYPE_1(PARENT0) "/note", "parent1 hello\n");
}

static void attribute_without_show_reads_eio(void **state)
{
	char buf[16];

	load_parent(NULL);
	t_expect(t_get(TYPE_1(PARENT0) "/mute", buf, sizeof(buf)), -EIO);
}

static void attribute_without_store_writes_eio(void **state)
{
	load_parent(NULL);
	t_expect(t_put(TYPE_1(PARENT0) "/mute", "x"), -EIO);
}

static void read_only_attribute_does_not_open_for_writing(void **state)
{
	load_parent(NULL);
	t_expect(t_open(TYPE_1(PARENT0) "/name", O_WRONLY), -EACCES);
	t_expect(t_open(TYPE_1(PARENT0) "/name", O_RDWR), -EACCES);
}

static void attribute_reads_at_any_offset(void **state)
{
	char all[64], buf[64];
	ssize_t len;
	int fd;

	load_parent(NULL);
	len = t_get(TYPE_1(PARENT0) "/name", all, sizeof(all));
	t_expect(len >= 2, true);
	fd = t_open(TYPE_1(PARENT0) "/name", O_RDONLY);
	t_expect(fd >= 0, true);
	t_expect(t_pread(fd, buf, sizeof(buf), len - 2), 2);
	assert_memory_equal(buf, all + len - 2, 2);
	t_expect(t_pread(fd, buf, sizeof(buf), len), 0);
	t_expect(t_pread(fd, buf, sizeof(buf), 4096), 0);
	t_expect(t_pread(fd, buf, 1, 0), 1);
	t_close(fd);
}

static void nameless_group_is_einval(void **state)
{
	t_expect(load_shape("nameless"), -EINVAL);
	assert_false(t_exists(TYPES(SHAPED)));
}

static void two_types_of_one_name_are_eexist(void **state)
{
	t_expect(load_shape("duplicate"), -EEXIST);
	assert_false(t_exists(TYPES(SHAPED)));
}

static void errno_of_a_failed_attribute_is_returned(void **state)
{
	t_expect(load_shape("clash"), -EEXIST);
	assert_false(t_exists(TYPES(SHAPED)));
}

static void is_visible_is_honoured(void **state)
{
	t_expect(load_shape("visible"), 0);
	expect_list(VISIBLE, "create device_api devices name rom");
}

static void bin_attributes_are_honoured(void **state)
{
	unsigned char rom[32];
	struct t_stat st;
	int fd;

	t_expect(load_shape("visible"), 0);
	t_expect(t_stat(VISIBLE "/rom", &st), 0);
	t_expect(st.size, 16);
	fd = t_open(VISIBLE "/rom", O_RDONLY);
	t_expect(fd >= 0, true);
	t_expect(t_read(fd, rom, sizeof(rom)), 16);
	t_expect(rom[0], 0x5a);
	t_expect(rom[15], 0x5a);
	t_expect(t_read(fd, rom, sizeof(rom)), 0);
	t_close(fd);
}

static void group_of_bin_attributes_alone_is_a_type(void **state)
{
	t_expect(load_shape("binary"), 0);
	expect_list(TYPES(SHAPED) "/mdev_test-binary", "create devices rom");
	create(TYPES(SHAPED) "/mdev_test-binary", UUID_A);
	t_expect(t_rmmod("mdev_test_shapes"), 0);
	assert_false(t_exists(TYPES(SHAPED)));
}

static void types_go_with_the_registration(void **state)
{
	char buf[16];
	int fd;

	load_parent(NULL);
	fd = t_open(TYPE_1(PARENT0) "/name", O_RDONLY);
	t_expect(fd >= 0, true);
	vendor("unregister", "0", 0);
	t_expect(t_read(fd, buf, sizeof(buf)), -ENODEV);
	t_close(fd);
	t_expect(t_open(TYPE_1(PARENT0) "/name", O_RDONLY), -ENOENT);
}

static void unregistering_waits_for_a_running_store(void **state)
{
	struct t_task *writer, *unregister;

	load_parent(NULL);
	hold("note");
	writer = t_put_start(TYPE_1(PARENT0) "/note", "slow");
	expect_held(writer, "note");
	unregister = t_put_start(VENDOR "/unregister", "0");
	assert_true(t_task_wait_blocked(unregister));
	release("note");
	t_expect(t_task_join(writer), 4);
	t_expect(t_task_join(unregister), 1);
	assert_false(t_exists(TYPES(PARENT0)));
}

static void directory_of_types_is_gone_after_unregistering(void **state)
{
	char list[256];

	load_parent(NULL);
	t_expect(t_list(TYPES(PARENT0), list, sizeof(list)) > 0, true);
	vendor("unregister", "0", 0);
	t_expect(t_list(TYPES(PARENT0), list, sizeof(list)), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(type_is_named_after_driver_string_and_group),
		T_NEEDS("parent_ops", type_holds_create_devices_and_its_attributes),
		T_BETTER_NEEDS("parent_ops", group_without_attributes_is_a_type),
		T_TEST(create_is_write_only),
		T_NEEDS("parent_ops", attribute_gets_type_and_parent),
		T_NEEDS("parent_ops", attribute_without_show_reads_eio),
		T_NEEDS("parent_ops", attribute_without_store_writes_eio),
		T_TEST(read_only_attribute_does_not_open_for_writing),
		T_TEST(attribute_reads_at_any_offset),
		T_NEEDS("parent_ops", nameless_group_is_einval),
		T_TEST(two_types_of_one_name_are_eexist),
		T_BETTER_NEEDS("parent_ops", errno_of_a_failed_attribute_is_returned),
		T_BETTER_NEEDS("parent_ops", is_visible_is_honoured),
		T_BETTER_NEEDS("parent_ops", bin_attributes_are_honoured),
		T_BETTER_NEEDS("parent_ops", group_of_bin_attributes_alone_is_a_type),
		T_TEST(types_go_with_the_registration),
		T_NEEDS("parent_ops", unregistering_waits_for_a_running_store),
		T_TEST(directory_of_types_is_gone_after_unregistering),
	};

	return t_run("mdev_types", tests);
}
