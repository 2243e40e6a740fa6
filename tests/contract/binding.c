// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a device gets its driver, and loses it: matching, probing and its failures,
 * binding by hand, drivers that come and go.
 */
#include "binder.h"

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
static void deferred_device_and_its_driver_can_go(void **state)
{
	load();
	run("driver a", 0);
	run("driver b", 0);
	answer("probe -517");
	run("device a1", 0);
	run("device a2", 0);
	run("device b1", 0);
	run("undevice a1", 0);
	run("undriver a", 0);
	answer("probe 0");
	clear_log();
	run("device b2", 0);
	run("settle", 0);
	assert_true(t_exists(DEVICES "/b1/driver"));
	assert_true(t_exists(DEVICES "/a2/of_type"));
	assert_false(t_exists(DEVICES "/a2/driver"));
}

static void dead_device_is_not_bound(void **state)
{
	load();
	run("device a1", 0);
	run("kill a1", 0);
	run("kill a1", -EALREADY);
	clear_log();
	run("driver a", 0);
	assert_false(t_exists(DEVICES "/a1/driver"));
	run("attach a1", -ENODEV);
	t_expect(t_put(DRIVERS "/a/bind", "a1"), -ENODEV);
	expect_log("");
	assert_false(t_exists(DEVICES "/a1/driver"));
}

static void driver_of_a_bus_that_is_not_there_is_einval(void **state)
{
	load();
	run("driver_of_no_bus a", -EINVAL);
	assert_true(t_kmsg_has("Driver 'a' was unable to register with bus_type 'nobus' "
			       "because the bus was not initialized."));
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(driver_is_tried_when_the_device_comes),
		T_TEST(devices_are_tried_when_the_driver_comes),
		T_TEST(first_driver_that_takes_it_keeps_it),
		T_TEST(next_driver_is_tried_after_a_failed_probe_of_enodev),
		T_TEST(failed_probe_is_logged_and_ignored),
		T_TEST(enodev_and_enxio_are_not_logged),
		T_TEST(deferred_probe_is_no_failure),
		T_TEST(deferral_that_came_too_late_is_retried_at_once),
		T_TEST(deferred_device_and_its_driver_can_go),
		T_TEST(dead_device_is_not_bound),
		T_TEST(driver_of_a_bus_that_is_not_there_is_einval),
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
	};

	return t_run("binding", tests);
}
