// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core: the order in which a device comes and goes, matching,
 * binding by hand, and walks over devices.
 */
#include "mdev_test.h"

#define DEVICES		"/sys/devices"
#define TESTBUS		"/sys/bus/testbus"
#define DRIVERS		TESTBUS "/drivers"
#define TESTBUS2	"/sys/bus/testbus2"
#define DRIVERS2	TESTBUS2 "/drivers"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("driver_test", NULL), 0);
	t_kmsg_flush();
	t_uevent_flush();
}

static void run(const char *command, long want)
{
	t_expect(t_put(DIR_TEST "/binder/do", command),
		 want < 0 ? want : (long)strlen(command));
}

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

/* ---- matching ------------------------------------------------------------ */

static void driver_is_tried_when_the_device_comes(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	run("device b1", 0);
	expect_link(DEVICES "/a1/driver", "../../bus/testbus/drivers/a");
	expect_link(DRIVERS "/a/a1", "../../../../devices/a1");
	assert_false(t_exists(DEVICES "/b1/driver"));
}

static void devices_are_tried_when_the_driver_comes(void **state)
{
	load();
	run("device a1", 0);
	run("device a2", 0);
	run("device b1", 0);
	clear_log();
	run("driver a", 0);
	expect_log("probe a1\ngroup of_driver\nprobe a2\ngroup of_driver\n");
}

static void first_driver_that_takes_it_keeps_it(void **state)
{
	load();
	run("driver a", 0);
	run("driver a1", 0);
	run("device a1", 0);
	expect_link_to(DEVICES "/a1/driver", "a");
}

static void next_driver_is_tried_after_a_failed_probe_of_enodev(void **state)
{
	load();
	run("driver a", 0);
	run("driver a1", 0);
	answer("probe -19");
	run("device a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	expect_log("group of_type\ngroup of_device\ngroup of_bus\n"
		   "probe a1\nresource a1\nprobe a1\nresource a1\n");
}

static void failed_probe_is_logged_and_ignored(void **state)
{
	load();
	run("driver a", 0);
	answer("probe -5");
	run("device a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_true(t_kmsg_has("probe of a1 failed with error -5"));
	assert_true(t_exists(DEVICES "/a1/of_type"));
}

static void enodev_and_enxio_are_not_logged(void **state)
{
	load();
	run("driver a", 0);
	answer("probe -6");
	run("device a1", 0);
	answer("probe -19");
	run("device a2", 0);
	assert_false(t_kmsg_has("failed with error"));
}

static void deferred_probe_is_no_failure(void **state)
{
	load();
	run("driver a", 0);
	answer("probe -517");
	run("device a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_false(t_kmsg_has("failed with error"));
	t_expect(t_put(DRIVERS "/a/bind", "a1"), -EAGAIN);
	answer("probe 0");
	/* another device that is bound brings the deferred ones back */
	run("device a2", 0);
	run("settle", 0);
	assert_true(t_exists(DEVICES "/a1/driver"));
}

/* Something is bound while the probe that defers is under way: it is tried again at once. */
static void deferral_that_came_too_late_is_retried_at_once(void **state)
{
	struct t_task *task;

	load();
	run("driver a", 0);
	run("driver b plain", 0);
	answer("probe -517");
	hold("probe");
	task = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(task, "probe");
	run("device b1", 0);
	assert_true(t_exists(DEVICES "/b1/driver"));
	clear_log();
	release("probe");
	t_expect(t_task_join(task), strlen("device a1"));
	run("settle", 0);
	expect_log("resource a1\nprobe a1\nresource a1\n");
}

/* A driver that comes while the device is being announced. */
static void device_is_probed_when_it_is_there_and_not_before(void **state)
{
	struct t_task *task;

	load();
	hold("uevent");
	task = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(task, "uevent");
	clear_log();
	run("driver a", 0);
	expect_log("");
	assert_true(t_exists(TESTBUS "/devices/a1"));
	release("uevent");
	t_expect(t_task_join(task), strlen("device a1"));
	run("settle", 0);
	assert_true(t_exists(DEVICES "/a1/driver"));
	expect_log("probe a1\ngroup of_driver\n");
}

static void bus_can_put_a_match_off(void **state)
{
	load();
	run("driver b plain", 0);
	run("driver a", 0);
	run("match -517", 0);
	run("device a1", 0);
	run("device b1", 0);
	run("driver a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_false(t_exists(DEVICES "/b1/driver"));
	run("match 0", 0);
	t_expect(t_put(TESTBUS "/drivers_probe", "b1"), 2);
	assert_true(t_exists(DEVICES "/b1/driver"));
	/* and that brings back the one that was put off */
	run("settle", 0);
	assert_true(t_exists(DEVICES "/a1/driver"));
}

static void match_that_fails_ends_the_search(void **state)
{
	load();
	run("driver a", 0);
	run("match -5", 0);
	run("device a1", 0);
	run("driver a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	run("rescan", -EIO);
	t_expect(t_put(TESTBUS "/drivers_probe", "a1"), -EINVAL);
	run("match 0", 0);
	run("rescan", 0);
	expect_link_to(DEVICES "/a1/driver", "a");
}

static void resources_before_probing_keep_a_device_unbound(void **state)
{
	load();
	run("device a1", 0);
	run("take_resource a1", 0);
	clear_log();
	run("driver a", 0);
	t_expect(t_put(DRIVERS "/a/bind", "a1"), -EBUSY);
	expect_log("");
	assert_true(t_kmsg_has("a1: Resources present before probing"));
}

static void device_that_names_its_driver_is_bound_unprobed(void **state)
{
	struct t_uevent ev;

	load();
	run("driver a", 0);
	run("prebound x1 a", 0);
	expect_link_to(DEVICES "/x1/driver", "a");
	assert_true(t_exists(DRIVERS "/a/x1"));
	expect_log("group of_type\ngroup of_device\ngroup of_bus\n");
	assert_true(t_uevent_find("bind", "/devices/x1", &ev));
	clear_log();
	run("undevice x1", 0);
	expect_log("no_data x1\nrelease x1\n");
}

static void device_whose_driver_cannot_be_linked_stays_unbound(void **state)
{
	struct t_uevent ev;

	load();
	run("driver a", 0);
	run("prebound_clash x1 a", 0);
	t_expect_text(DEVICES "/x1/driver", "driver\n");
	assert_false(t_exists(DRIVERS "/a/x1"));
	assert_false(t_uevent_find("bind", "/devices/x1", &ev));
	run("undevice x1", 0);
}

static void driver_is_not_bound_where_its_link_cannot_be(void **state)
{
	load();
	run("driver b plain", 0);
	run("prebound_clash a1 b", 0);
	clear_log();
	run("driver a", 0);
	expect_log("");
	assert_false(t_exists(DRIVERS "/a/a1"));
	assert_true(t_kmsg_has("driver_sysfs_add(a1) failed"));
}

static void managed_groups_go_when_the_driver_does(void **state)
{
	load();
	run("driver a managed", 0);
	run("device a1", 0);
	t_expect_text(DEVICES "/a1/managed", "managed\n");
	t_expect(t_put(DRIVERS "/a/unbind", "a1"), 2);
	assert_false(t_exists(DEVICES "/a1/managed"));
}

static void probe_that_adds_a_group_twice_leaves_none(void **state)
{
	load();
	run("driver a greedy", 0);
	run("device a1", 0);
	assert_false(t_exists(DEVICES "/a1/managed"));
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_true(t_kmsg_has("probe of a1 failed with error -17"));
}

/* ---- binding by hand ----------------------------------------------------- */

static void unbind_and_bind(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	clear_log();
	t_expect(t_put(DRIVERS "/a/unbind", "a1"), 2);
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_false(t_exists(DRIVERS "/a/a1"));
	assert_false(t_exists(DEVICES "/a1/of_driver"));
	t_expect(t_put(DRIVERS "/a/bind", "a1\n"), 3);
	assert_true(t_exists(DRIVERS "/a/a1"));
	expect_log("remove a1\nresource a1\nprobe a1\ngroup of_driver\n");
}

static void unbind_of_what_is_not_bound_is_enodev(void **state)
{
	load();
	run("driver a", 0);
	run("driver b", 0);
	run("device a1", 0);
	t_expect(t_put(DRIVERS "/a/unbind", "nothing"), -ENODEV);
	t_expect(t_put(DRIVERS "/b/unbind", "a1"), -ENODEV);
	t_expect(t_put(DRIVERS "/a/unbind", ""), 0);
	t_expect(t_put(DRIVERS "/a/unbind", "a1"), 2);
	t_expect(t_put(DRIVERS "/a/unbind", "a1"), -ENODEV);
}

static void bind_of_what_does_not_match_is_enodev(void **state)
{
	load();
	run("driver a", 0);
	run("device b1", 0);
	t_expect(t_put(DRIVERS "/a/bind", "b1"), -ENODEV);
	t_expect(t_put(DRIVERS "/a/bind", "nothing"), -ENODEV);
}

static void bind_of_what_is_bound_already(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	clear_log();
	t_expect(t_put(DRIVERS "/a/bind", "a1"), -EBUSY);
	expect_log("");
}

static void bind_returns_the_error_of_probe(void **state)
{
	load();
	run("device a1", 0);
	answer("probe -5");
	run("driver a", 0);
	t_expect(t_put(DRIVERS "/a/bind", "a1"), -EIO);
	answer("probe 0");
	t_expect(t_put(DRIVERS "/a/bind", "a1"), 2);
}

static void driver_can_be_without_bind_and_unbind(void **state)
{
	load();
	run("driver a unbindable", 0);
	run("device a1", 0);
	assert_true(t_exists(DRIVERS "/a/a1"));
	assert_false(t_exists(DRIVERS "/a/bind"));
	assert_false(t_exists(DRIVERS "/a/unbind"));
}

static void autoprobe_can_be_switched_off(void **state)
{
	load();
	t_expect_text(TESTBUS "/drivers_autoprobe", "1\n");
	t_expect(t_put(TESTBUS "/drivers_autoprobe", "0"), 1);
	t_expect_text(TESTBUS "/drivers_autoprobe", "0\n");
	run("driver a", 0);
	run("device a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	t_expect(t_put(TESTBUS "/drivers_probe", "a1"), 2);
	assert_true(t_exists(DEVICES "/a1/driver"));
	t_expect(t_put(TESTBUS "/drivers_probe", "nothing"), -ENODEV);
}

static void device_is_locked_during_probe(void **state)
{
	struct t_task *probing, *unbinding;

	load();
	run("driver a", 0);
	hold("probe");
	probing = t_put_start(DIR_TEST "/binder/do", "device a1");
	expect_held(probing, "probe");
	unbinding = t_put_start(DRIVERS "/a/unbind", "a1");
	assert_true(t_task_wait_blocked(unbinding));
	release("probe");
	t_expect(t_task_join(probing), strlen("device a1"));
	t_expect(t_task_join(unbinding), 2);
	assert_false(t_exists(DEVICES "/a1/driver"));
}

static void attaching_and_detaching(void **state)
{
	load();
	t_expect(t_put(TESTBUS "/drivers_autoprobe", "0"), 1);
	run("driver a", 0);
	run("device a1", 0);
	run("attach a1", 0);
	assert_true(t_exists(DEVICES "/a1/driver"));
	run("attach a1", 0);
	run("detach a1", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	run("detach a1", 0);
}

static void reprobing_unbinds_first(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	clear_log();
	run("reprobe a1", 0);
	expect_log("remove a1\nresource a1\nprobe a1\ngroup of_driver\n");
}

static void probe_by_hand_locks_the_parent_where_the_bus_asks(void **state)
{
	struct t_task *probing, *reading;

	load();
	if (t_put(DIR_TEST "/binder/do", "parent_lock") == -EOPNOTSUPP)
		t_skip("no bus of this release can ask for it");
	run("device2 p1", 0);
	t_expect(t_put(TESTBUS2 "/drivers_autoprobe", "0"), 1);
	run("device2 a1 p1", 0);
	run("driver2 a", 0);
	hold("bus_probe");
	probing = t_put_start(TESTBUS2 "/drivers_probe", "a1");
	expect_held(probing, "bus_probe");
	reading = t_get_start(DEVICES "/p1/uevent");
	assert_true(t_task_wait_blocked(reading));
	release("bus_probe");
	t_expect(t_task_join(probing), 2);
	t_expect(t_task_join(reading) > 0, true);
	t_expect(t_put(DRIVERS2 "/a/unbind", "a1"), 2);
	t_expect(t_put(DRIVERS2 "/a/bind", "a1"), 2);
}

static void probe_by_hand_leaves_the_parent_alone_otherwise(void **state)
{
	struct t_task *probing;
	char text[256];

	load();
	run("device p1", 0);
	run("device a1 p1", 0);
	t_expect(t_put(TESTBUS "/drivers_autoprobe", "0"), 1);
	run("driver a", 0);
	hold("probe");
	probing = t_put_start(TESTBUS "/drivers_probe", "a1");
	expect_held(probing, "probe");
	t_expect(t_get(DEVICES "/p1/uevent", text, sizeof(text)) > 0, true);
	release("probe");
	t_expect(t_task_join(probing), 2);
}

/* ---- drivers ------------------------------------------------------------- */

static void driver_has_its_directory(void **state)
{
	load();
	run("driver a", 0);
	expect_list(DRIVERS "/a", "bind module uevent unbind");
	expect_link(DRIVERS "/a/module", "../../../../module/driver_test");
	assert_true(t_exists("/sys/module/driver_test/drivers/testbus:a"));
	run("find_driver a", 0);
	run("undriver a", 0);
	assert_false(t_exists(DRIVERS "/a"));
	run("find_driver a", -ENOENT);
}

static void second_driver_of_a_name_is_ebusy(void **state)
{
	load();
	run("driver a", 0);
	run("driver a", -EBUSY);
	assert_true(t_kmsg_has("Driver 'a' is already registered"));
	assert_true(t_exists(DRIVERS "/a/bind"));
}

static void going_driver_unbinds_its_devices(void **state)
{
	load();
	run("driver a", 0);
	run("device a1", 0);
	run("device a2", 0);
	clear_log();
	run("undriver a", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	assert_true(t_exists(DEVICES "/a1"));
	assert_false(t_exists(DEVICES "/a2/driver"));
	expect_log("remove a2\nresource a2\nremove a1\nresource a1\n");
}

static void callbacks_of_the_bus_come_before_those_of_the_driver(void **state)
{
	load();
	run("driver2 a", 0);
	assert_true(t_kmsg_has("Driver 'a' needs updating - please use bus_type methods"));
	clear_log();
	run("device2 a1", 0);
	expect_log("group of_type\ngroup of_device\nbus_probe a1\ngroup of_driver\n");
	clear_log();
	t_expect(t_put(DRIVERS2 "/a/unbind", "a1"), 2);
	expect_log("bus_remove a1\n");
}

static void bus_gives_files_to_itself_and_its_drivers(void **state)
{
	load();
	t_expect_text(TESTBUS2 "/level_of_bus", "testbus2\n");
	run("driver2 a", 0);
	t_expect_text(DRIVERS2 "/a/of_bus2", "a\n");
	run("undriver a", 0);
	assert_false(t_exists(DRIVERS2 "/a"));
}

static void bus_whose_files_clash_is_eexist(void **state)
{
	load();
	run("clashing_bus", -EEXIST);
	assert_false(t_exists("/sys/bus/clashing_bus"));
	run("clashing_bus", -EEXIST);
}

static void driver_whose_files_clash_is_undone(void **state)
{
	load();
	run("device a1", 0);
	clear_log();
	run("driver a clashing", -EEXIST);
	assert_false(t_exists(DRIVERS "/a"));
	assert_false(t_exists(DEVICES "/a1/driver"));
	expect_log("probe a1\ngroup of_driver\nremove a1\nresource a1\n");
	run("find_driver a", -ENOENT);
}

static void unregistering_a_stranger_warns(void **state)
{
	load();
	t_expect_splat("Unexpected driver unregister!");
	run("undriver_stranger", 0);
}

static void events_of_buses_and_drivers_can_be_asked_for(void **state)
{
	struct t_uevent ev;

	load();
	run("driver a", 0);
	t_uevent_flush();
	t_expect(t_put(DRIVERS "/a/uevent", "change"), 6);
	assert_true(t_uevent_find("change", "/bus/testbus/drivers/a", &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "drivers");
	t_expect(t_put(TESTBUS "/uevent", "add"), 3);
	assert_true(t_uevent_find("add", "/bus/testbus", &ev));
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "bus");
	t_expect(t_put(TESTBUS "/uevent", "nonsense"), -EINVAL);
	t_expect(t_put(DRIVERS "/a/uevent", "nonsense"), -EINVAL);
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
		T_TEST(driver_is_tried_when_the_device_comes),
		T_TEST(devices_are_tried_when_the_driver_comes),
		T_TEST(first_driver_that_takes_it_keeps_it),
		T_TEST(next_driver_is_tried_after_a_failed_probe_of_enodev),
		T_TEST(failed_probe_is_logged_and_ignored),
		T_TEST(enodev_and_enxio_are_not_logged),
		T_TEST(deferred_probe_is_no_failure),
		T_TEST(deferral_that_came_too_late_is_retried_at_once),
		T_TEST(device_is_probed_when_it_is_there_and_not_before),
		T_TEST(bus_can_put_a_match_off),
		T_TEST(match_that_fails_ends_the_search),
		T_TEST(resources_before_probing_keep_a_device_unbound),
		T_TEST(device_that_names_its_driver_is_bound_unprobed),
		T_TEST(device_whose_driver_cannot_be_linked_stays_unbound),
		T_TEST(driver_is_not_bound_where_its_link_cannot_be),
		T_TEST(managed_groups_go_when_the_driver_does),
		T_TEST(probe_that_adds_a_group_twice_leaves_none),
		T_TEST(unbind_and_bind),
		T_TEST(unbind_of_what_is_not_bound_is_enodev),
		T_TEST(bind_of_what_does_not_match_is_enodev),
		T_TEST(bind_of_what_is_bound_already),
		T_TEST(bind_returns_the_error_of_probe),
		T_TEST(driver_can_be_without_bind_and_unbind),
		T_TEST(autoprobe_can_be_switched_off),
		T_TEST(device_is_locked_during_probe),
		T_TEST(attaching_and_detaching),
		T_TEST(reprobing_unbinds_first),
		T_TEST(probe_by_hand_locks_the_parent_where_the_bus_asks),
		T_TEST(probe_by_hand_leaves_the_parent_alone_otherwise),
		T_TEST(driver_has_its_directory),
		T_TEST(second_driver_of_a_name_is_ebusy),
		T_TEST(going_driver_unbinds_its_devices),
		T_TEST(callbacks_of_the_bus_come_before_those_of_the_driver),
		T_TEST(bus_gives_files_to_itself_and_its_drivers),
		T_TEST(bus_whose_files_clash_is_eexist),
		T_TEST(driver_whose_files_clash_is_undone),
		T_TEST(unregistering_a_stranger_warns),
		T_TEST(events_of_buses_and_drivers_can_be_asked_for),
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
