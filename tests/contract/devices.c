// SPDX-License-Identifier: GPL-2.0-only
/*
 * Classes and their devices; typed, root and misc devices; attributes whose
 * callbacks the core brings; managed resources. Buses and drivers are
 * driver_core.c's and binding.c's.
 */
#include "mdev_test.h"

#define MAKER		DIR_TEST "/maker"
#define CLASS		"/sys/class/test_class"
#define VIRTUAL		"/sys/devices/virtual/test_class"
#define CASES		DIR_TEST "/device_cases/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("device_test", NULL), 0);
	t_expect(t_insmod("device_cases", NULL), 0);
	t_kmsg_flush();
	t_uevent_flush();
}

#include "cases.h"

static void run(const char *command, long want)
{
	t_expect(t_put(MAKER "/do", command), want < 0 ? want : (long)strlen(command));
}

/* ---- attributes ---------------------------------------------------------- */

static void number_files_check_what_is_written(void **state)
{
	load();
	t_expect(t_put(MAKER "/number", "-0x10\n"), 6);
	t_expect_text(MAKER "/number", "-16\n");
	t_expect(t_put(MAKER "/number", "2147483648"), -EINVAL);
	t_expect(t_put(MAKER "/number", "many"), -EINVAL);
	t_expect_text(MAKER "/number", "-16\n");
	t_expect(t_put(MAKER "/word", "0x7fffffffffffffff"), 18);
	t_expect_text(MAKER "/word", "7fffffffffffffff\n");
	t_expect(t_put(MAKER "/word", "-1"), -EINVAL);
	t_expect_text(MAKER "/word", "7fffffffffffffff\n");
}

static void flag_files_know_yes_and_no(void **state)
{
	load();
	t_expect_text(MAKER "/flag", "0\n");
	t_expect(t_put(MAKER "/flag", "yes"), 3);
	t_expect_text(MAKER "/flag", "1\n");
	t_expect(t_put(MAKER "/flag", "maybe"), -EINVAL);
	t_expect_text(MAKER "/flag", "1\n");
	t_expect(t_put(MAKER "/flag", "off"), 3);
	t_expect_text(MAKER "/flag", "0\n");
}

static void file_that_claims_a_page_is_cut_and_said(void **state)
{
	char text[5000];

	load();
	t_expect(t_get(MAKER "/much", text, sizeof(text)), 4095);
	assert_true(t_kmsg_has("dev_attr_show: much_show"));
}

/* ---- classes ------------------------------------------------------------- */

static void class_has_its_files(void **state)
{
	char text[16];

	load();
	run("class", 0);
	expect_list(CLASS, "level mute version");
	t_expect_text(CLASS "/version", "seven\n");
	t_expect(t_put(CLASS "/level", "5"), 1);
	t_expect_text(CLASS "/level", "5\n");
	t_expect(t_put(CLASS "/level", "x"), -EINVAL);
	t_expect(t_put(CLASS "/mute", "1"), -EIO);
	t_expect(t_get(CLASS "/mute", text, sizeof(text)), -EIO);
	run("unclass", 0);
	assert_false(t_exists(CLASS));
}

static void second_class_of_a_name_is_eexist(void **state)
{
	load();
	run("class", 0);
	run("same_class", -EEXIST);
	run("member m1", 0);
	assert_true(t_exists(CLASS "/m1"));
}

static void class_whose_files_clash_is_eexist(void **state)
{
	load();
	run("clashing_class", -EEXIST);
	assert_false(t_exists("/sys/class/clashing_class"));
	run("clashing_class", -EEXIST);
}

static void class_gives_files_to_its_devices_and_releases_them(void **state)
{
	load();
	run("class", 0);
	run("member m1", 0);
	t_expect_text(VIRTUAL "/m1/of_class", "of the class\n");
	expect_link(CLASS "/m1", "../../devices/virtual/test_class/m1");
	run("unmember m1", 0);
	expect_log("class_release m1\n");
	assert_false(t_exists(VIRTUAL));
}

static void device_whose_files_clash_is_undone(void **state)
{
	struct t_uevent ev;

	load();
	run("class", 0);
	run("clashing m1", -EEXIST);
	expect_log("class_release m1\n");
	expect_list(CLASS, "level mute version");
	assert_false(t_exists(VIRTUAL));
	assert_false(t_uevent_find("add", "/m1", &ev));
	run("member m1", 0);
}

static void renamed_device_takes_the_link_of_its_class_along(void **state)
{
	load();
	run("class", 0);
	run("member m1", 0);
	run("member m2", 0);
	run("rename m1 m2", -EEXIST);
	expect_link(CLASS "/m1", "../../devices/virtual/test_class/m1");
	run("rename m1 m3", 0);
	assert_false(t_exists(CLASS "/m1"));
	expect_link(CLASS "/m3", "../../devices/virtual/test_class/m3");
}

static void devices_of_a_class_are_walked_over(void **state)
{
	load();
	run("class", 0);
	run("member m1", 0);
	run("typed t1", 0);
	run("member m2", 0);
	clear_log();
	run("walk", 0);
	expect_log("walk m1\nwalk t1\nwalk m2\n");
	clear_log();
	run("walk m1 t1", -EINTR);
	expect_log("walk t1\n");
	clear_log();
	run("walk_typed", 0);
	expect_log("walk t1\n");
}

static void devices_of_a_class_are_found_by_name(void **state)
{
	load();
	run("class", 0);
	run("member m1", 0);
	run("member m2", 0);
	run("find m2", 0);
	run("find m2 m1", 0);
	run("find m1 m2", -ENOENT);
	run("find m3", -ENOENT);
}

static void class_that_nobody_registered_has_no_devices(void **state)
{
	load();
	t_expect_splat("class_for_each_device called for class 'raw' before it was initialized");
	run("walk_nowhere", -EINVAL);
	t_expect_splat("class_find_device called for class 'raw' before it was initialized");
	run("find_nowhere", -ENOENT);
	run("interface_nowhere", -ENODEV);
}

/* ---- devices made in other ways ------------------------------------------ */

static void type_says_where_the_node_is_and_whose(void **state)
{
	struct t_uevent ev;
	struct t_stat st;

	load();
	run("class", 0);
	run("typed t1", 0);
	assert_true(t_uevent_find("add", "/test_class/t1", &ev));
	assert_string_equal(t_uevent_get(&ev, "MAJOR"), "240");
	assert_string_equal(t_uevent_get(&ev, "MINOR"), "7");
	assert_string_equal(t_uevent_get(&ev, "DEVNAME"), "typed/t1");
	assert_string_equal(t_uevent_get(&ev, "DEVMODE"), "0640");
	assert_string_equal(t_uevent_get(&ev, "DEVUID"), "5");
	assert_string_equal(t_uevent_get(&ev, "DEVGID"), "6");
	assert_string_equal(t_uevent_get(&ev, "DEVTYPE"), "typed");
	t_expect(t_stat("/dev/typed/t1", &st), 0);
	t_expect(st.mode & 07777, 0640);
	expect_link("/sys/dev/char/240:7", "../../devices/virtual/test_class/t1");
	run("unmember t1", 0);
	expect_log("type_release t1\n");
	assert_false(t_exists("/dev/typed/t1"));
}

static void two_devices_of_a_number_are_eexist(void **state)
{
	load();
	run("class", 0);
	run("typed t1", 0);
	run("typed t2", -EEXIST);
	assert_false(t_exists(CLASS "/t2"));
	expect_link("/sys/dev/char/240:7", "../../devices/virtual/test_class/t1");
}

static void root_device_shows_its_module(void **state)
{
	load();
	run("root r1", 0);
	expect_link("/sys/devices/r1/module", "../../module/device_test");
	run("unroot", 0);
	assert_false(t_exists("/sys/devices/r1"));
}

static void misc_device_gets_a_minor_and_a_node(void **state)
{
	load();
	run("misc one", 0);
	assert_true(t_exists("/dev/one"));
	assert_true(t_exists("/sys/class/misc/one"));
	/* two of one name; what was taken for it is given back */
	run("misc one", -EEXIST);
	run("unmisc one", 0);
	assert_false(t_exists("/dev/one"));
}

static void misc_minor_is_taken_once(void **state)
{
	load();
	run("misc one 200", 0);
	run("misc two 200", -EBUSY);
	assert_false(t_exists("/dev/two"));
	run("unmisc one", 0);
	run("misc two 200", 0);
}

static void misc_device_of_a_going_module_cannot_be_opened(void **state)
{
	struct t_task *going;
	int fd;

	load();
	run("misc one", 0);
	fd = t_open("/dev/one", O_RDWR);
	t_expect(fd >= 0, true);
	t_expect(t_rmmod("device_test"), -EAGAIN);
	t_expect(t_close(fd), 0);
	hold("exit");
	going = t_rmmod_start("device_test");
	expect_held(going, "exit");
	t_expect(t_open("/dev/one", O_RDWR), -ENODEV);
	release("exit");
	t_expect(t_task_join(going), 0);
	assert_false(t_exists("/dev/one"));
}

/* ---- managed resources --------------------------------------------------- */

static void load_root(void)
{
	load();
	run("root r1", 0);
}

static void resources_go_with_the_device_latest_first(void **state)
{
	load_root();
	run("add 1", 0);
	run("add 2", 0);
	run("add 3", 0);
	run("unroot", 0);
	expect_log("released 3\nreleased 2\nreleased 1\n");
}

static void resources_are_found(void **state)
{
	load_root();
	run("find_number 1", -ENOENT);
	run("add 1", 0);
	run("add 2", 0);
	run("open g", 0);
	run("find_number 1", 0);
	run("find_number 0", 0);
	run("find_number 3", -ENOENT);
	expect_log("found 1\nfound 2\n");
}

static void resource_is_added_unless_it_is_there(void **state)
{
	load_root();
	run("get_number 1", 0);
	run("get_number 1", 0);
	run("unroot", 0);
	expect_log("new 1\nold 1\nreleased 1\n");
}

static void resource_is_released_or_destroyed_once(void **state)
{
	load_root();
	run("add 1", 0);
	run("add 2", 0);
	run("release_number 1", 0);
	run("release_number 1", -ENOENT);
	run("destroy_number 2", 0);
	run("destroy_number 2", -ENOENT);
	run("unroot", 0);
	expect_log("released 1\n");
}

static void closed_group_is_released_alone(void **state)
{
	load_root();
	run("add 1", 0);
	run("open a", 0);
	run("add 2", 0);
	run("close a", 0);
	run("add 3", 0);
	run("release_group a", 0);
	expect_log("released 2\nresources 1\n");
	clear_log();
	run("unroot", 0);
	expect_log("released 3\nreleased 1\n");
}

static void open_group_is_released_to_the_end(void **state)
{
	load_root();
	run("open a", 0);
	run("add 1", 0);
	run("open b", 0);
	run("add 2", 0);
	/* no name: the latest that is open, and then the other */
	run("release_group", 0);
	run("add 3", 0);
	run("release_group", 0);
	expect_log("released 2\nresources 1\nreleased 3\nreleased 1\nresources 2\n");
}

static void group_inside_another_goes_with_it(void **state)
{
	load_root();
	run("open a", 0);
	run("open b", 0);
	run("add 1", 0);
	run("close b", 0);
	run("open c", 0);
	run("add 2", 0);
	run("release_group a", 0);
	expect_log("released 2\nreleased 1\nresources 2\n");
}

static void group_that_only_reaches_in_stays(void **state)
{
	load_root();
	run("open a", 0);
	run("add 1", 0);
	run("open b", 0);
	run("add 2", 0);
	run("close a", 0);
	run("add 3", 0);
	run("close b", 0);
	run("release_group a", 0);
	expect_log("released 2\nreleased 1\nresources 2\n");
	clear_log();
	run("release_group b", 0);
	expect_log("released 3\nresources 1\n");
}

static void forgotten_group_leaves_its_resources(void **state)
{
	load_root();
	run("open a", 0);
	run("add 1", 0);
	run("close a", 0);
	run("forget a", 0);
	expect_log("");
	run("unroot", 0);
	expect_log("released 1\n");
}

static void groups_that_are_not_there_are_warned_about(void **state)
{
	load_root();
	/* nothing at all may have been released before */
	run("release_group a", 0);
	run("add 1", 0);
	t_expect_splat("drivers/base/devres.c");
	run("release_group a", 0);
	t_expect_splat("drivers/base/devres.c");
	run("close a", 0);
	t_expect_splat("drivers/base/devres.c");
	run("forget a", 0);
}

static void actions_are_done_with_the_device_or_earlier(void **state)
{
	load_root();
	run("actions", 0);
	expect_log("act first\ndone r1\n");
	clear_log();
	run("unroot", 0);
	expect_log("act third\n");
}

static void memory_of_a_device_can_grow(void **state)
{
	load_root();
	run("memory", 0);
}

static void memory_of_another_device_is_refused(void **state)
{
	load_root();
	t_expect_splat("Memory chunk not managed or managed by a different device.");
	run("foreign_memory", 0);
}

/* ---- cases ----------------------------------------------------------------- */

static void class_interface_sees_all_devices(void **state)
{
	run_case_of("class_interface_sees_all_devices");
	expect_log("intf_add one\nintf_add two\nintf_remove two\nintf_remove one\n");
}

static void glue_directory_is_there_while_it_is_needed(void **state)
{
	struct t_task *task;

	load();
	hold("both");
	hold("one");
	hold("none");
	task = t_put_start(CASES, "glue_directory_is_there_while_it_is_needed");
	t_expect(t_task_wait_blocked(task), true);
	assert_true(t_exists("/sys/devices/glue_top/glue/one"));
	assert_true(t_exists("/sys/devices/glue_top/glue/two"));
	/* a child of a device of the class needs none */
	assert_true(t_exists("/sys/devices/glue_top/glue/one/below"));
	expect_link("/sys/class/glue/one/device", "../../../glue_top");
	release("both");
	t_expect(t_task_wait_blocked(task), true);
	assert_false(t_exists("/sys/devices/glue_top/glue/one"));
	assert_true(t_exists("/sys/devices/glue_top/glue/two"));
	release("one");
	t_expect(t_task_wait_blocked(task), true);
	assert_false(t_exists("/sys/devices/glue_top/glue"));
	release("none");
	t_expect(t_task_join(task), strlen("glue_directory_is_there_while_it_is_needed"));
}

static void iommu_group_lives_as_long_as_it_is_held(void **state)
{
	run_case_of("iommu_group_lives_as_long_as_it_is_held");
	expect_log("held group\ngroup_release data\n");
	assert_true(t_kmsg_has("grouped: Adding to iommu group "));
	assert_true(t_kmsg_has("grouped: Failed to add to iommu group "));
	assert_true(t_kmsg_has("grouped: Removing from iommu group "));
}

static void iommu_group_can_be_named_anew(void **state)
{
	char log[64], name[96];
	struct t_task *task;
	int id;

	load();
	hold("named_one");
	hold("named_two");
	hold("nameless");
	task = t_put_start(CASES, "iommu_group_can_be_named_anew");
	t_expect(t_task_wait_blocked(task), true);
	t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
	t_expect(sscanf(log, "id %d", &id), 1);
	snprintf(name, sizeof(name), "/sys/kernel/iommu_groups/%d/name", id);
	t_expect_text(name, "one\n");
	release("named_one");
	t_expect(t_task_wait_blocked(task), true);
	t_expect_text(name, "two\n");
	release("named_two");
	t_expect(t_task_wait_blocked(task), true);
	assert_false(t_exists(name));
	release("nameless");
	t_expect(t_task_join(task), strlen("iommu_group_can_be_named_anew"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(number_files_check_what_is_written),
		T_TEST(flag_files_know_yes_and_no),
		T_TEST(file_that_claims_a_page_is_cut_and_said),
		T_TEST(class_has_its_files),
		T_TEST(second_class_of_a_name_is_eexist),
		T_TEST(class_whose_files_clash_is_eexist),
		T_TEST(class_gives_files_to_its_devices_and_releases_them),
		T_TEST(device_whose_files_clash_is_undone),
		T_TEST(renamed_device_takes_the_link_of_its_class_along),
		T_TEST(devices_of_a_class_are_walked_over),
		T_TEST(devices_of_a_class_are_found_by_name),
		T_TEST(class_that_nobody_registered_has_no_devices),
		T_TEST(type_says_where_the_node_is_and_whose),
		T_TEST(two_devices_of_a_number_are_eexist),
		T_TEST(root_device_shows_its_module),
		T_TEST(misc_device_gets_a_minor_and_a_node),
		T_TEST(misc_minor_is_taken_once),
		T_TEST(misc_device_of_a_going_module_cannot_be_opened),
		T_TEST(resources_go_with_the_device_latest_first),
		T_TEST(resources_are_found),
		T_TEST(resource_is_added_unless_it_is_there),
		T_TEST(resource_is_released_or_destroyed_once),
		T_TEST(closed_group_is_released_alone),
		T_TEST(open_group_is_released_to_the_end),
		T_TEST(group_inside_another_goes_with_it),
		T_TEST(group_that_only_reaches_in_stays),
		T_TEST(forgotten_group_leaves_its_resources),
		T_TEST(groups_that_are_not_there_are_warned_about),
		T_TEST(actions_are_done_with_the_device_or_earlier),
		T_TEST(memory_of_a_device_can_grow),
		T_TEST(memory_of_another_device_is_refused),
		T_TEST(class_interface_sees_all_devices),
		T_TEST(glue_directory_is_there_while_it_is_needed),
		T_CASE(root_devices_have_unique_names),
		T_CASE(managed_memory_is_like_any),
		T_TEST(iommu_group_lives_as_long_as_it_is_held),
		T_TEST(iommu_group_can_be_named_anew),
		T_CASE(iommu_group_takes_devices_of_one_name),
	};

	return t_run("devices", tests);
}
