// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core from outside: what shows in sysfs, which events and
 * messages come, in which order callbacks run. What contract/driver_core asks of a
 * real kernel, too, is not asked here again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "base_kern.h"

/* ---- helpers ------------------------------------------------------------------- */

static const char *target(const char *path)
{
	static char text[512];
	ssize_t ret = um_readlink(path, text, sizeof(text) - 1);

	if (ret < 0)
		snprintf(text, sizeof(text), "readlink: %zd", ret);
	else
		text[ret] = '\0';
	return text;
}

/* The heads of the events there are, blank-separated. */
static const char *events(struct um_uevents *u)
{
	static char text[4096];
	char buf[4096];

	text[0] = '\0';
	while (um_uevents_read(u, buf, sizeof(buf)) > 0) {
		strcat(text, buf);
		strcat(text, " ");
	}
	return text;
}

/* Has the next event this variable? */
static bool event_has(struct um_uevents *u, const char *var)
{
	char buf[4096];
	ssize_t len = um_uevents_read(u, buf, sizeof(buf)), i;

	for (i = 0; i < len; i += strlen(buf + i) + 1)
		if (!strcmp(buf + i, var))
			return true;
	return false;
}

static int bus_setup(void **state)
{
	um_audit_mark();
	bk_log();
	return bk_bus_register();
}

static int bus_teardown(void **state)
{
	bk_bus_unregister();
	return um_check_splats() + um_audit(NULL, NULL);
}

static int plain_setup(void **state)
{
	um_audit_mark();
	bk_log();
	return 0;
}

static int plain_teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
}

/* ---- devices ---------------------------------------------------------------------- */

static void device_of_a_class_shows_everywhere(void **state)
{
	struct bk_device *dev;
	int err;

	assert_int_equal(bk_class_register(), 0);
	dev = bk_device_add("dev0", NULL, BK_CLASS | BK_DEVT, &err);
	assert_int_equal(err, 0);

	assert_string_equal(target("/sys/class/bkclass/dev0"),
			    "../../devices/virtual/bkclass/dev0");
	assert_string_equal(target("/sys/class/bkclass/dev0/subsystem"),
			    "../../../../class/bkclass");
	assert_string_equal(target("/sys/dev/char/230:3"),
			    "../../devices/virtual/bkclass/dev0");
	assert_string_equal(show("/sys/class/bkclass/dev0/dev"), "230:3\n");
	assert_string_equal(show("/sys/class/bkclass/dev0/of_class"),
			    "of the class\n");
	assert_string_equal(show("/sys/class/bkclass/dev0/of_type"),
			    "of the type\n");
	assert_string_equal(show("/sys/class/bkclass/version"), "7\n");
	assert_string_equal(show("/sys/class/bkclass/dev0/uevent"),
			    "MAJOR=230\nMINOR=3\nDEVNAME=dev0\n"
			    "DEVTYPE=bktype\n");

	bk_device_remove(dev);
	assert_false(exists("/sys/class/bkclass/dev0"));
	assert_false(exists("/sys/dev/char/230:3"));
	assert_false(exists("/sys/devices/virtual/bkclass"));
	assert_string_equal(bk_log(), "release ");
	bk_class_unregister();
	assert_false(exists("/sys/class/bkclass"));
}

static void device_of_a_bus_shows_everywhere(void **state)
{
	struct bk_device *dev;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_int_equal(err, 0);
	assert_string_equal(target("/sys/bus/bkbus/devices/dev0"),
			    "../../../devices/dev0");
	assert_string_equal(target("/sys/devices/dev0/subsystem"),
			    "../../bus/bkbus");
	assert_string_equal(show("/sys/devices/dev0/of_bus"), "of the bus\n");
	assert_string_equal(show("/sys/devices/dev0/uevent"),
			    "DEVTYPE=bktype\nMODALIAS=bk:dev0\n");
	bk_device_remove(dev);
	assert_false(exists("/sys/bus/bkbus/devices/dev0"));
}

static void device_of_both_bus_and_class_is_refused(void **state)
{
	struct bk_device *dev;
	int err;

	/* both want the link "subsystem" */
	assert_int_equal(bk_class_register(), 0);
	dev = bk_device_add("dev0", NULL, BK_BUS | BK_CLASS, &err);
	assert_null(dev);
	assert_int_equal(err, -EEXIST);
	assert_false(exists("/sys/devices/virtual/bkclass"));
	bk_class_unregister();
}

static void class_device_lives_in_a_glue_directory_of_its_parent(void **state)
{
	struct bk_device *parent, *one, *two, *grandchild;
	int err;

	assert_int_equal(bk_class_register(), 0);
	parent = bk_device_add("parent", NULL, BK_BUS, &err);
	one = bk_device_add("one", parent, BK_CLASS, &err);
	two = bk_device_add("two", parent, BK_CLASS, &err);
	grandchild = bk_device_add("three", one, BK_CLASS, &err);
	assert_int_equal(err, 0);

	assert_true(exists("/sys/devices/parent/bkclass/one"));
	assert_true(exists("/sys/devices/parent/bkclass/two"));
	/* a child of a class device needs none */
	assert_true(exists("/sys/devices/parent/bkclass/one/three"));
	assert_string_equal(target("/sys/class/bkclass/one/device"),
			    "../../../parent");

	bk_device_remove(grandchild);
	bk_device_remove(one);
	assert_true(exists("/sys/devices/parent/bkclass"));
	bk_device_remove(two);
	assert_false(exists("/sys/devices/parent/bkclass"));
	bk_device_remove(parent);
	bk_class_unregister();
}

static void events_come_in_order(void **state)
{
	struct um_uevents *u = um_uevents_open();
	struct bk_driver *drv;
	struct bk_device *dev;
	int err;

	drv = bk_driver_add("dev", 0, 0, &err);
	assert_int_equal(err, 0);
	assert_string_equal(events(u), "add@/bus/bkbus/drivers/dev ");

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_string_equal(events(u), "add@/devices/dev0 bind@/devices/dev0 ");
	bk_device_remove(dev);
	assert_string_equal(events(u),
			    "unbind@/devices/dev0 remove@/devices/dev0 ");
	assert_string_equal(bk_log(), "probe remove release ");

	bk_driver_remove(drv);
	events(u);
	um_uevents_close(u);
}

static void events_carry_the_variables_of_the_bus(void **state)
{
	struct um_uevents *u = um_uevents_open();
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_true(event_has(u, "MODALIAS=bk:dev0"));
	drv = bk_driver_add("dev", 0, 0, &err);
	assert_true(event_has(u, "DRIVER=dev"));
	events(u);

	assert_int_equal(put("/sys/devices/dev0/uevent", "change"), 6);
	assert_true(event_has(u, "SUBSYSTEM=bkbus"));
	assert_int_equal(put("/sys/devices/dev0/uevent", "nonsense"),
			 -EINVAL);

	bk_driver_remove(drv);
	bk_device_remove(dev);
	um_uevents_close(u);
}

static void device_without_bus_and_class_has_no_events(void **state)
{
	struct um_uevents *u = um_uevents_open();
	struct bk_device *dev;
	int err;

	dev = bk_device_add("lonely", NULL, 0, &err);
	bk_device_remove(dev);
	assert_string_equal(events(u), "");
	um_uevents_close(u);
}

static void device_without_release_is_reported(void **state)
{
	struct bk_device *dev;
	int err;

	um_expect_splat("Device 'dev0' does not have a release() function");
	dev = bk_device_add("dev0", NULL, BK_BUS | BK_UNRELEASED, &err);
	bk_device_remove(dev);
}

static void attributes_read_and_write(void **state)
{
	struct bk_device *dev;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_string_equal(show("/sys/devices/dev0/number"), "10\n");
	assert_int_equal(put("/sys/devices/dev0/number", "0x20\n"), 5);
	assert_string_equal(show("/sys/devices/dev0/number"), "20\n");
	assert_int_equal(put("/sys/devices/dev0/number", "x"), -EINVAL);
	assert_int_equal(put("/sys/devices/dev0/number", "16"), 2);
	/* there is a mode and no callback */
	assert_string_equal(show("/sys/devices/dev0/mute"), "error -5");
	assert_int_equal(put("/sys/devices/dev0/mute", "1"), -EIO);
	bk_device_remove(dev);
}

static void messages_name_driver_and_device(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	uint64_t seq;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	seq = um_kmsg_seq();
	bk_device_say(dev);
	assert_true(said_since(seq, "bkbus dev0: emerg 1"));
	assert_true(said_since(seq, "bkbus dev0: info"));
	assert_true(said_since(seq, "(NULL device *): nobody"));
	assert_true(said_since(seq, "bkbus dev0: error -EINVAL: probing"));
	assert_true(said_since(seq, "bkbus dev0: error -EIO: trying"));
	assert_false(said_since(seq, "not shown"));

	drv = bk_driver_add("dev", 0, 0, &err);
	seq = um_kmsg_seq();
	bk_device_say(dev);
	assert_true(said_since(seq, "dev dev0: warn"));
	bk_device_remove(dev);
	bk_driver_remove(drv);
}

/* ---- binding ------------------------------------------------------------------------- */

static void driver_that_is_built_in_is_linked_with_its_module(void **state)
{
	struct bk_driver *drv;
	int err;

	drv = bk_driver_add("dev", 0, 0, &err);
	assert_string_equal(target("/sys/bus/bkbus/drivers/dev/module"),
			    "../../../../module/base");
	assert_string_equal(target("/sys/module/base/drivers/bkbus:dev"),
			    "../../../bus/bkbus/drivers/dev");
	bk_driver_remove(drv);
	assert_false(exists("/sys/module/base/drivers/bkbus:dev"));
}

static void next_driver_is_asked_when_one_refuses(void **state)
{
	struct bk_driver *no, *yes;
	struct bk_device *dev;
	int err;

	no = bk_driver_add("de", -ENXIO, 0, &err);
	yes = bk_driver_add("dev", 0, 0, &err);
	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_string_equal(bk_log(), "probe probe ");
	assert_true(bk_driver_has(yes, "dev0"));
	bk_device_remove(dev);
	bk_driver_remove(yes);
	bk_driver_remove(no);
}

static void deferred_probe_is_retried_when_a_driver_binds(void **state)
{
	struct bk_device *dev, *other;
	struct bk_driver *drv, *otherdrv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 1, &err);
	bk_wait_for_probes();
	assert_false(bk_driver_has(drv, "dev0"));
	assert_string_equal(bk_log(), "probe ");

	other = bk_device_add("other", NULL, BK_BUS, &err);
	otherdrv = bk_driver_add("other", 0, 0, &err);
	bk_wait_for_probes();
	assert_true(bk_driver_has(drv, "dev0"));
	assert_string_equal(bk_log(), "probe probe ");

	bk_driver_remove(otherdrv);
	bk_driver_remove(drv);
	bk_device_remove(other);
	bk_device_remove(dev);
}

static void reason_of_a_deferral_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 1, &err);
	assert_false(said_since(seq, "not yet"));
	bk_driver_remove(drv);

	um_debug("core.c");
	drv = bk_driver_add("dev", 0, 1, &err);
	um_debug(NULL);
	assert_true(said_since(seq, "dev dev0: error -EPROBE_DEFER: not yet"));
	bk_driver_remove(drv);
	bk_device_remove(dev);
}

static void deferral_by_hand_is_not_retried(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	assert_int_equal(put("/sys/bus/bkbus/drivers_autoprobe", "0"), 1);
	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 1, &err);
	assert_int_equal(put("/sys/bus/bkbus/drivers/dev/bind", "dev0"),
			 -EAGAIN);
	bk_driver_remove(drv);
	bk_device_remove(dev);
}

static void deferred_device_can_go(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 1000, &err);
	bk_device_remove(dev);
	bk_driver_remove(drv);
}

static void dead_device_is_not_probed(void **state)
{
	assert_null(bk_dead_device());
	assert_null(strstr(bk_log(), "probe"));
}

static void device_that_is_bound_is_not_bound_again(void **state)
{
	struct bk_driver *drv, *other;
	struct bk_device *dev;
	uint64_t seq;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 0, &err);
	other = bk_driver_add("other", 0, 0, &err);
	seq = um_kmsg_seq();
	assert_int_equal(bk_bind_again(dev, other), 0);
	assert_true(said_since(seq, "driver_bound: device dev0 already bound"));
	assert_true(bk_driver_has(drv, "dev0"));
	assert_false(bk_driver_has(other, "dev0"));
	bk_driver_remove(other);
	bk_driver_remove(drv);
	bk_device_remove(dev);
}

static void driver_of_an_unregistered_bus_is_refused(void **state)
{
	uint64_t seq = um_kmsg_seq();
	int err;

	assert_null(bk_driver_add("dev", 0, 0, &err));
	assert_int_equal(err, -EINVAL);
	assert_true(said_since(seq, "because the bus was not initialized."));
}

#define ROUNDS	50

static long add_devices(void *name)
{
	struct bk_device *dev;
	int i, err;

	for (i = 0; i < ROUNDS; i++) {
		dev = bk_device_add(name, NULL, BK_BUS, &err);
		if (!dev)
			return err;
		bk_device_remove(dev);
	}
	return 0;
}

static long add_drivers(void *name)
{
	struct bk_driver *drv;
	int i, err;

	for (i = 0; i < ROUNDS; i++) {
		drv = bk_driver_add(name, 0, i % 3, &err);
		if (!drv)
			return err;
		bk_driver_remove(drv);
	}
	return 0;
}

/* What comes of it depends on the moment; it must only not break anything. */
static long bind_and_read(void *unused)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		put("/sys/bus/bkbus/drivers/dev/unbind", "dev0");
		put("/sys/bus/bkbus/drivers/dev/bind", "dev0");
		put("/sys/bus/bkbus/drivers_probe", "dev1");
		put("/sys/devices/dev0/uevent", "change");
		put("/sys/bus/bkbus/drivers_autoprobe", i & 1 ? "1" : "0");
	}
	return 0;
}

static void everything_at_once_is_safe(void **state)
{
	struct um_task *task[] = {
		um_task_start("dev0", add_devices, "dev0"),
		um_task_start("dev1", add_devices, "dev1"),
		um_task_start("driver", add_drivers, "dev"),
		um_task_start("user", bind_and_read, NULL),
	};
	size_t i;

	for (i = 0; i < sizeof(task) / sizeof(task[0]); i++)
		assert_int_equal(um_task_join(task[i]), 0);
	bk_wait_for_probes();
}

#define on_bus(fn) \
	cmocka_unit_test_setup_teardown(fn, bus_setup, bus_teardown)
#define plain(fn) \
	cmocka_unit_test_setup_teardown(fn, plain_setup, plain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		plain(device_of_a_class_shows_everywhere),
		on_bus(device_of_a_bus_shows_everywhere),
		on_bus(device_of_both_bus_and_class_is_refused),
		on_bus(class_device_lives_in_a_glue_directory_of_its_parent),
		on_bus(events_come_in_order),
		on_bus(events_carry_the_variables_of_the_bus),
		on_bus(device_without_bus_and_class_has_no_events),
		on_bus(device_without_release_is_reported),
		on_bus(attributes_read_and_write),
		on_bus(messages_name_driver_and_device),
		on_bus(driver_that_is_built_in_is_linked_with_its_module),
		on_bus(next_driver_is_asked_when_one_refuses),
		on_bus(deferred_probe_is_retried_when_a_driver_binds),
		on_bus(reason_of_a_deferral_is_a_debug_message),
		on_bus(deferral_by_hand_is_not_retried),
		on_bus(deferred_device_can_go),
		on_bus(dead_device_is_not_probed),
		on_bus(device_that_is_bound_is_not_bound_again),
		on_bus(everything_at_once_is_safe),
		plain(driver_of_an_unregistered_bus_is_refused),
	};
	int failed;

	um_console_level(-1);
	if (um_boot(NULL))
		return 1;
	failed = cmocka_run_group_tests_name("base", tests, NULL, NULL);
	return failed || um_shutdown();
}
