// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core: the order in which a device comes and goes, walks over devices,
 * compatibility classes. How a device gets its driver is in binding.c.
 */
#include "binder.h"

/* ---- coming -------------------------------------------------------------- */

static void bus_has_its_directories(void **state)
{
	load();
	expect_list(TESTBUS, "devices drivers drivers_autoprobe drivers_probe uevent");
	expect_list(TESTBUS "/devices", "");
	expect_list(DRIVERS, "");
	t_expect(t_rmmod("driver_test"), 0);
	assert_false(t_exists(TESTBUS));
}

static void second_bus_of_a_name_is_eexist(void **state)
{
	load();
	run("same_bus", -EEXIST);
	assert_true(t_exists(TESTBUS "/devices"));
}

static void groups_come_by_type_then_device_then_bus(void **state)
{
	load();
	run("device a1", 0);
	expect_log("group of_type\ngroup of_device\ngroup of_bus\n");
	t_expect_text(DEVICES "/a1/of_bus", "of_bus\n");
	t_expect_text(DEVICES "/a1/of_type", "of_type\n");
	t_expect_text(DEVICES "/a1/of_device", "of_device\n");
}

static void device_is_linked_both_ways(void **state)
{
	load();
	run("device a1", 0);
	expect_link(TESTBUS "/devices/a1", "../../../devices/a1");
	expect_link(DEVICES "/a1/subsystem", "../../bus/testbus");
}

static void add_is_announced_with_variables_of_bus_and_type(void **state)
{
	struct t_uevent ev;

	load();
	run("device a1", 0);
	assert_true(t_uevent_find("add", "/devices/a1", &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "testbus");
	assert_string_equal(t_uevent_get(&ev, "DEVTYPE"), "test_type");
	assert_string_equal(t_uevent_get(&ev, "FROM"), "bus");
	assert_string_equal(t_uevent_get(&ev, "KIND"), "type");
	assert_null(t_uevent_get(&ev, "DRIVER"));
}

static void uevent_file_shows_the_variables(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	t_expect_text(DEVICES "/a1/uevent",
		      "DEVTYPE=test_type\nDRIVER=a\nFROM=bus\nKIND=type\n");
}

static void add_comes_before_probe_and_bind_after(void **state)
{
	struct t_task *task;
	struct t_uevent ev;

	load();
	run("driver a", 0);
	t_uevent_flush();
	hold("probe");
	task = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(task, "probe");
	assert_true(t_uevent_find("add", "/devices/a1", &ev));
	assert_false(t_uevent_find("bind", "/devices/a1", &ev));
	release("probe");
	t_expect(t_task_join(task), strlen("device a1"));
	assert_true(t_uevent_find("bind", "/devices/a1", &ev));
	assert_string_equal(t_uevent_get(&ev, "DRIVER"), "a");
}

static void drivers_group_comes_after_probe(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	expect_log("group of_type\ngroup of_device\ngroup of_bus\nprobe a1\ngroup of_driver\n");
	t_expect_text(DEVICES "/a1/of_driver", "of_driver\n");
}

static void taken_name_is_eexist_and_the_device_is_released(void **state)
{
	load();
	run("device a1", 0);
	clear_log();
	run("device a1", -EEXIST);
	expect_log("release a1\n");
	assert_true(t_exists(TESTBUS "/devices/a1"));
	assert_true(t_kmsg_has("cannot create duplicate filename '/devices/a1'"));
}

static void nameless_device_is_einval(void **state)
{
	load();
	run("nameless_device", -EINVAL);
}

/* Both want the link "subsystem". */
static void device_of_both_bus_and_class_is_eexist(void **state)
{
	load();
	run("both a1", -EEXIST);
	assert_true(t_kmsg_has("cannot create duplicate filename"));
	assert_false(t_exists(TESTBUS "/devices/a1"));
	assert_false(t_exists("/sys/class/mdev_test/a1"));
	assert_false(t_exists(DIR_TEST "/a1"));
	expect_logged("release a1\n");
}

/* "<driver, bus or class> <device>: " */
static void messages_name_driver_and_device(void **state)
{
	static const char *const levels[] = {
		"emerg 1", "alert 2", "crit 3", "err 4", "warn 5", "notice 6", "info 7",
		"error -EINVAL: probing",
	};
	char line[64];
	size_t i;

	load();
	run("device a1", 0);
	run("say a1", 0);
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		snprintf(line, sizeof(line), "testbus a1: %s", levels[i]);
		t_expect(t_kmsg_count(line), 1);
	}
	assert_true(t_kmsg_has("(NULL device *): nobody"));
	/* who asked for memory has said that there is none; and a deferral is no error */
	assert_false(t_kmsg_has("not shown"));
	assert_false(t_kmsg_has("not yet"));
	run("driver a", 0);
	t_kmsg_flush();
	run("say a1", 0);
	assert_true(t_kmsg_has("a a1: warn 5"));
	assert_false(t_kmsg_has("testbus a1"));
}

static void renamed_device_takes_its_link_along(void **state)
{
	load();
	run("device a1", 0);
	run("rename a1 a2", 0);
	assert_true(t_exists(DEVICES "/a2/uevent"));
	assert_false(t_exists(DEVICES "/a1"));
}

static void device_cannot_take_a_name_that_is_there(void **state)
{
	load();
	run("device a1", 0);
	run("device a2", 0);
	run("rename a1 a2", -EEXIST);
	assert_true(t_exists(DEVICES "/a1/uevent"));
	assert_true(t_exists(DEVICES "/a2/uevent"));
}

static void device_takes_the_name_it_starts_with(void **state)
{
	load();
	run("early_device", 0);
	assert_true(t_exists(DEVICES "/early/uevent"));
	assert_true(t_exists(TESTBUS "/devices/early"));
}

static void bus_names_its_devices_by_number(void **state)
{
	load();
	run("numbered_device", 0);
	assert_true(t_exists(TESTBUS2 "/devices/auto7"));
}

static void device_has_a_binary_file(void **state)
{
	char data[32] = "";
	struct t_stat st;

	load();
	run("device a1", 0);
	run("blob a1", 0);
	t_expect(t_stat(DEVICES "/a1/blob", &st), 0);
	t_expect(st.size, 16);
	t_expect(t_get(DEVICES "/a1/blob", data, sizeof(data)), 16);
	assert_string_equal(data, "bbbbbbbbbbbbbbbb");
	run("blob a1", -EEXIST);
	run("unblob a1", 0);
	assert_false(t_exists(DEVICES "/a1/blob"));
	run("blob nobody", -EINVAL);
	run("unblob nobody", 0);
}

/* ---- going --------------------------------------------------------------- */

static void driver_is_unbound_before_the_device_is_released(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	clear_log();
	run("undevice a1", 0);
	expect_log("remove a1\nresource a1\nrelease a1\n");
	assert_false(t_exists(DEVICES "/a1"));
	assert_false(t_exists(TESTBUS "/devices/a1"));
	assert_false(t_exists(DRIVERS "/a/a1"));
}

static void groups_go_before_the_driver_is_unbound(void **state)
{
	struct t_task *task;

	load();
	run("driver a", 0);
	run("device a1", 0);
	hold("remove");
	task = t_put_start(DIR_TEST "/binder/do", "undevice a1");
	expect_held(task, "remove");
	assert_false(t_exists(DEVICES "/a1/of_type"));
	assert_false(t_exists(DEVICES "/a1/of_device"));
	assert_false(t_exists(DEVICES "/a1/of_driver"));
	assert_true(t_exists(DEVICES "/a1"));
	release("remove");
	t_expect(t_task_join(task), strlen("undevice a1"));
}

static void unbind_comes_before_remove(void **state)
{
	struct t_uevent ev;

	load();
	run("driver a", 0);
	run("device a1", 0);
	t_uevent_flush();
	run("undevice a1", 0);
	assert_true(t_uevent_find("unbind", "/devices/a1", &ev));
	assert_true(t_uevent_find("remove", "/devices/a1", &ev));
}

static void held_device_is_released_late(void **state)
{
	load();
	run("device a1", 0);
	run("pin a1", 0);
	clear_log();
	run("undevice a1", 0);
	assert_false(t_exists(DEVICES "/a1"));
	expect_log("");
	run("unpin", 0);
	expect_log("release a1\n");
}

static void parent_outlives_its_child(void **state)
{
	load();
	run("device a1", 0);
	run("device a2 a1", 0);
	assert_true(t_exists(DEVICES "/a1/a2"));
	clear_log();
	run("undevice a2", 0);
	run("undevice a1", 0);
	expect_log("release a2\nrelease a1\n");
}

static void managed_resources_of_an_unbound_device_go_with_it(void **state)
{
	load();
	run("device a1", 0);
	run("take_resource a1", 0);
	clear_log();
	run("undevice a1", 0);
	expect_log("resource a1\nrelease a1\n");
}

/* ---- walks --------------------------------------------------------------- */

static void walk_over_the_bus_is_in_order_of_addition(void **state)
{
	load();
	run("device b1", 0);
	run("device a1", 0);
	run("device c1", 0);
	clear_log();
	run("walk", 0);
	expect_log("walk b1\nwalk a1\nwalk c1\n");
	clear_log();
	run("walk a1", -EINTR);
	expect_log("walk b1\nwalk a1\n");
}

static void devices_are_found_by_name(void **state)
{
	load();
	run("device a1", 0);
	run("find a1", 0);
	run("find a", -ENOENT);
	run("undevice a1", 0);
	run("find a1", -ENOENT);
}

static void children_may_go_while_they_are_walked_over(void **state)
{
	load();
	run("device p1", 0);
	run("device a1 p1", 0);
	run("device a2 p1", 0);
	run("device a3 p1", 0);
	clear_log();
	run("orphan p1", 0);
	/* a kernel, or a run, whose releases come late: all the same, but last */
	if (getenv("UMDEV_LATE_RELEASE"))
		expect_log("walk a1\nwalk a2\nwalk a3\nrelease a1\nrelease a2\nrelease a3\n");
	else
		expect_log("walk a1\nrelease a1\nwalk a2\nrelease a2\nwalk a3\nrelease a3\n");
	clear_log();
	run("walk_children p1", 0);
	expect_log("");
}

static void walk_over_children_stops_at_an_error(void **state)
{
	load();
	run("device p1", 0);
	run("device a1 p1", 0);
	run("device a2 p1", 0);
	clear_log();
	run("walk_children p1 a1", -EINTR);
	expect_log("walk a1\n");
}

static void walk_over_children_can_go_backwards(void **state)
{
	load();
	run("device p1", 0);
	run("device a1 p1", 0);
	run("device a2 p1", 0);
	clear_log();
	run("walk_children_back p1", 0);
	expect_log("walk a2\nwalk a1\n");
}

static void children_are_found(void **state)
{
	load();
	run("device p1", 0);
	run("any_child p1 a1", -ENOENT);
	run("device a1 p1", 0);
	run("device a2 p1", 0);
	run("child p1 a2", 0);
	run("child p1 a3", -ENOENT);
	run("child nobody a1", -ENOENT);
	run("any_child p1 a1", 0);
}

static void walks_can_begin_behind_a_device(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	run("device b1", 0);
	run("device a2", 0);
	clear_log();
	run("walk_from a1", 0);
	expect_log("walk b1\nwalk a2\n");
	run("next a1 b1", 0);
	run("next a2 b1", -ENOENT);
	run("next_bound a1 a2", 0);
	run("next_bound a2 a1", -ENOENT);
}

static void devices_of_a_driver_are_walked_over(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	run("device b1", 0);
	run("device a2", 0);
	clear_log();
	run("walk_bound a", 0);
	expect_log("walk a1\nwalk a2\n");
	clear_log();
	run("walk_bound a a1", 0);
	expect_log("walk a2\n");
	run("walk_bound nobody", -EINVAL);
}

static void drivers_of_a_bus_are_walked_over(void **state)
{
	load();
	run("driver a", 0);
	run("driver b", 0);
	run("driver c", 0);
	clear_log();
	run("walk_drivers a", 0);
	expect_log("walk b\nwalk c\n");
	clear_log();
	run("walk_drivers - b", -EINTR);
	expect_log("walk a\nwalk b\n");
}

/* ---- class_compat -------------------------------------------------------- */

static void compat_class_links_devices(void **state)
{
	load();
	run("device a1", 0);
	run("device a2", 0);
	run("compat test_compat", 0);
	expect_list("/sys/class/test_compat", "");
	run("compat_link a1", 0);
	expect_link("/sys/class/test_compat/a1", "../../devices/a1");
	run("compat_link a1", -EEXIST);
	run("compat_unlink a1", 0);
	expect_list("/sys/class/test_compat", "");
	run("uncompat", 0);
	assert_false(t_exists("/sys/class/test_compat"));
}

static void compat_link_can_make_a_device_link_too(void **state)
{
	load();
	run("device a1", 0);
	run("device a2", 0);
	run("compat test_compat", 0);
	run("compat_link a1 a2", 0);
	expect_link_to(DEVICES "/a1/device", "a2");
	run("compat_unlink a1 a2", 0);
	assert_false(t_exists(DEVICES "/a1/device"));
}

static void compat_class_of_a_name_that_is_taken_is_none(void **state)
{
	load();
	run("compat mdev_test", -ENOMEM);
	assert_true(t_exists("/sys/class/mdev_test/binder"));
}

static void compat_link_that_cannot_be_whole_is_undone(void **state)
{
	load();
	run("device a1", 0);
	run("device a2", 0);
	run("compat test_compat", 0);
	run("compat_link a1 a2", 0);
	run("compat_unlink a1", 0);
	/* the link "device" is still there */
	run("compat_link a1 a2", -EEXIST);
	expect_list("/sys/class/test_compat", "");
	expect_link_to(DEVICES "/a1/device", "a2");
	run("uncompat", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(bus_has_its_directories),
		T_TEST(second_bus_of_a_name_is_eexist),
		T_TEST(groups_come_by_type_then_device_then_bus),
		T_TEST(device_is_linked_both_ways),
		T_TEST(add_is_announced_with_variables_of_bus_and_type),
		T_TEST(uevent_file_shows_the_variables),
		T_TEST(add_comes_before_probe_and_bind_after),
		T_TEST(drivers_group_comes_after_probe),
		T_TEST(taken_name_is_eexist_and_the_device_is_released),
		T_TEST(nameless_device_is_einval),
		T_TEST(device_of_both_bus_and_class_is_eexist),
		T_TEST(messages_name_driver_and_device),
		T_TEST(renamed_device_takes_its_link_along),
		T_TEST(device_cannot_take_a_name_that_is_there),
		T_TEST(device_takes_the_name_it_starts_with),
		T_TEST(bus_names_its_devices_by_number),
		T_TEST(device_has_a_binary_file),
		T_TEST(driver_is_unbound_before_the_device_is_released),
		T_TEST(groups_go_before_the_driver_is_unbound),
		T_TEST(unbind_comes_before_remove),
		T_TEST(held_device_is_released_late),
		T_TEST(parent_outlives_its_child),
		T_TEST(managed_resources_of_an_unbound_device_go_with_it),
		T_TEST(walk_over_the_bus_is_in_order_of_addition),
		T_TEST(devices_are_found_by_name),
		T_TEST(children_may_go_while_they_are_walked_over),
		T_TEST(walk_over_children_stops_at_an_error),
		T_TEST(walk_over_children_can_go_backwards),
		T_TEST(children_are_found),
		T_TEST(walks_can_begin_behind_a_device),
		T_TEST(devices_of_a_driver_are_walked_over),
		T_TEST(drivers_of_a_bus_are_walked_over),
		T_TEST(compat_class_links_devices),
		T_TEST(compat_link_can_make_a_device_link_too),
		T_TEST(compat_class_of_a_name_that_is_taken_is_none),
		T_TEST(compat_link_that_cannot_be_whole_is_undone),
	};

	return t_run("driver_core", tests);
}
