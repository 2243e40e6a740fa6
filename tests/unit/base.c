// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core from outside: what shows in sysfs, which events and
 * messages come, in which order callbacks run, and what a failing allocation
 * leaves behind (nothing).
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "base_kern.h"

/* ---- helpers ------------------------------------------------------------------- */

static ssize_t store(const char *path, const char *text)
{
	size_t len = strlen(text);
	void *user;
	ssize_t ret;
	int fd;

	fd = um_open(path, O_WRONLY);
	if (fd < 0)
		return fd;
	user = um_user_alloc(len);
	memcpy(um_user_ptr(user), text, len);
	ret = um_write(fd, user, len);
	um_user_free(user);
	um_close(fd);
	return ret;
}

static const char *show(const char *path)
{
	static char text[4097];
	void *user;
	ssize_t ret;
	int fd;

	fd = um_open(path, O_RDONLY);
	if (fd < 0) {
		snprintf(text, sizeof(text), "open: %d", fd);
		return text;
	}
	user = um_user_alloc(4096);
	ret = um_read(fd, user, 4096);
	if (ret < 0)
		snprintf(text, sizeof(text), "read: %zd", ret);
	else
		snprintf(text, sizeof(text), "%.*s", (int)ret,
			 (char *)um_user_ptr(user));
	um_user_free(user);
	um_close(fd);
	return text;
}

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

static bool exists(const char *path)
{
	struct um_stat st;

	return um_stat(path, &st, false) == 0;
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

static bool said_since(uint64_t seq, const char *text)
{
	char buf[1024];
	int level;

	while (um_kmsg_read(&seq, &level, buf, sizeof(buf)) > 0)
		if (strstr(buf, text))
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

	assert_int_equal(store("/sys/devices/dev0/uevent", "change"), 6);
	assert_true(event_has(u, "SUBSYSTEM=bkbus"));
	assert_int_equal(store("/sys/devices/dev0/uevent", "nonsense"),
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

static void second_device_of_a_name_is_refused(void **state)
{
	struct bk_device *dev;
	uint64_t seq;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	seq = um_kmsg_seq();
	assert_null(bk_device_add("dev0", NULL, BK_BUS, &err));
	assert_int_equal(err, -EEXIST);
	assert_true(said_since(seq, "cannot create duplicate filename"));
	assert_true(exists("/sys/bus/bkbus/devices/dev0"));
	bk_device_remove(dev);

	um_expect_splat("attempted to be registered with empty name");
	assert_null(bk_device_add("", NULL, BK_BUS, &err));
	assert_int_equal(err, -EINVAL);
}

static void device_without_release_is_reported(void **state)
{
	struct bk_device *dev;
	int err;

	um_expect_splat("Device 'dev0' does not have a release() function");
	dev = bk_device_add("dev0", NULL, BK_BUS | BK_UNRELEASED, &err);
	bk_device_remove(dev);
}

static void children_can_be_removed_while_walked(void **state)
{
	struct bk_device *parent;
	char name[16];
	int i, err;

	parent = bk_device_add("parent", NULL, BK_BUS, &err);
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		bk_device_add(name, parent, BK_BUS, &err);
	}
	assert_int_equal(bk_device_children(parent), 5);
	bk_device_remove_children(parent);
	assert_int_equal(bk_device_children(parent), 0);
	bk_device_remove(parent);
}

static void attributes_read_and_write(void **state)
{
	struct bk_device *dev;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	assert_string_equal(show("/sys/devices/dev0/number"), "10\n");
	assert_int_equal(store("/sys/devices/dev0/number", "0x20\n"), 5);
	assert_string_equal(show("/sys/devices/dev0/number"), "20\n");
	assert_int_equal(store("/sys/devices/dev0/number", "x"), -EINVAL);
	assert_int_equal(store("/sys/devices/dev0/number", "16"), 2);
	/* there is a mode and no callback */
	assert_string_equal(show("/sys/devices/dev0/mute"), "read: -5");
	assert_int_equal(store("/sys/devices/dev0/mute", "1"), -EIO);
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

static void driver_and_device_are_linked_both_ways(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 0, &err);
	assert_string_equal(target("/sys/devices/dev0/driver"),
			    "../../bus/bkbus/drivers/dev");
	assert_string_equal(target("/sys/bus/bkbus/drivers/dev/dev0"),
			    "../../../../devices/dev0");
	assert_string_equal(show("/sys/devices/dev0/of_driver"),
			    "of the driver\n");
	assert_true(bk_driver_has(drv, "dev0"));

	bk_driver_remove(drv);
	assert_false(exists("/sys/devices/dev0/driver"));
	assert_false(exists("/sys/devices/dev0/of_driver"));
	assert_string_equal(bk_log(), "probe remove ");
	bk_device_remove(dev);
}

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

static void bind_and_unbind_by_hand(void **state)
{
	struct bk_device *dev, *other;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	other = bk_device_add("other", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 0, &err);

	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "dev0"),
			 -EBUSY);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "other"),
			 -ENODEV);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "nobody"),
			 -ENODEV);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/unbind", "other"),
			 -ENODEV);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/unbind", "dev0\n"),
			 5);
	assert_false(exists("/sys/devices/dev0/driver"));
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/unbind", "dev0"),
			 -ENODEV);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "dev0"), 4);
	assert_true(exists("/sys/devices/dev0/driver"));

	bk_driver_remove(drv);
	bk_device_remove(other);
	bk_device_remove(dev);
}

static void autoprobe_can_be_turned_off(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	assert_string_equal(show("/sys/bus/bkbus/drivers_autoprobe"), "1\n");
	assert_int_equal(store("/sys/bus/bkbus/drivers_autoprobe", "0"), 1);
	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 0, &err);
	assert_false(exists("/sys/devices/dev0/driver"));

	assert_int_equal(store("/sys/bus/bkbus/drivers_probe", "nobody"),
			 -ENODEV);
	assert_int_equal(store("/sys/bus/bkbus/drivers_probe", "dev0"), 4);
	assert_true(exists("/sys/devices/dev0/driver"));

	bk_driver_remove(drv);
	bk_device_remove(dev);
}

static void failing_probe_is_said_and_leaves_no_trace(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	uint64_t seq;
	int err;

	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	seq = um_kmsg_seq();
	drv = bk_driver_add("dev", -EIO, 0, &err);
	assert_int_equal(err, 0);
	assert_true(said_since(seq, "dev: probe of dev0 failed with error -5"));
	assert_false(exists("/sys/devices/dev0/driver"));
	assert_false(exists("/sys/bus/bkbus/drivers/dev/dev0"));
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "dev0"),
			 -EIO);
	bk_driver_remove(drv);

	seq = um_kmsg_seq();
	drv = bk_driver_add("dev", -ENODEV, 0, &err);
	assert_false(said_since(seq, "failed with error"));
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "dev0"),
			 -ENODEV);
	bk_driver_remove(drv);
	bk_device_remove(dev);
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

static void deferral_by_hand_is_not_retried(void **state)
{
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	assert_int_equal(store("/sys/bus/bkbus/drivers_autoprobe", "0"), 1);
	dev = bk_device_add("dev0", NULL, BK_BUS, &err);
	drv = bk_driver_add("dev", 0, 1, &err);
	assert_int_equal(store("/sys/bus/bkbus/drivers/dev/bind", "dev0"),
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

static void second_driver_of_a_name_is_refused(void **state)
{
	struct bk_driver *drv;
	uint64_t seq;
	int err;

	drv = bk_driver_add("dev", 0, 0, &err);
	seq = um_kmsg_seq();
	assert_null(bk_driver_add("dev", 0, 0, &err));
	assert_int_equal(err, -EBUSY);
	assert_true(said_since(seq,
		"Error: Driver 'dev' is already registered, aborting..."));
	bk_driver_remove(drv);
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
		store("/sys/bus/bkbus/drivers/dev/unbind", "dev0");
		store("/sys/bus/bkbus/drivers/dev/bind", "dev0");
		store("/sys/bus/bkbus/drivers_probe", "dev1");
		store("/sys/devices/dev0/uevent", "change");
		store("/sys/bus/bkbus/drivers_autoprobe", i & 1 ? "1" : "0");
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

/* ---- resources, classes, groups ---------------------------------------------------------- */

static void resources_go_in_reverse_order(void **state)
{
	assert_null(bk_devres());
	assert_string_equal(bk_log(), "second first ");
}

static void resource_groups_nest(void **state)
{
	assert_null(bk_devres_group());
	assert_string_equal(bk_log(), "inner outer | after before ");
}

static void class_interface_sees_all_devices(void **state)
{
	assert_null(bk_class_interface());
	assert_string_equal(bk_log(), "add add remove | remove ");
}

static void dead_device_is_not_probed(void **state)
{
	assert_null(bk_dead_device());
	assert_null(strstr(bk_log(), "probe"));
}

static void class_compat_is_a_directory_of_links(void **state)
{
	assert_null(bk_class_compat());
	assert_false(exists("/sys/class/bkcompat"));
}

static void renaming_moves_the_class_link(void **state)
{
	assert_null(bk_rename());
}

static void root_devices_have_unique_names(void **state)
{
	assert_null(bk_root_device());
}

static void iommu_group_lives_as_long_as_it_is_held(void **state)
{
	uint64_t seq = um_kmsg_seq();

	assert_null(bk_iommu_group());
	assert_string_equal(bk_log(), "held data done ");
	assert_true(said_since(seq, "bkscratch: Adding to iommu group 0"));
	assert_true(said_since(seq, "bkscratch: Failed to add to iommu group 0: -17"));
	assert_true(said_since(seq, "bkscratch: Removing from iommu group 0"));
	assert_false(exists("/sys/kernel/iommu_groups/0"));
}

static void iommu_group_can_be_named_anew(void **state)
{
	assert_int_equal(bk_iommu_name("one"), 0);
	assert_string_equal(show("/sys/kernel/iommu_groups/0/name"), "one\n");
	assert_int_equal(bk_iommu_name("two"), 0);
	assert_string_equal(show("/sys/kernel/iommu_groups/0/name"), "two\n");
	assert_int_equal(bk_iommu_name(NULL), 0);
	assert_false(exists("/sys/kernel/iommu_groups/0/name"));
	bk_iommu_put();
}

static void iommu_group_takes_devices_of_one_name(void **state)
{
	assert_null(bk_iommu_same_name());
}

/* ---- faults ------------------------------------------------------------------------------ */

static unsigned int tree_entries(const char *dir);

static int count_entry(const char *name, void *arg)
{
	struct { const char *dir; unsigned int count; } *walk = arg;
	char path[1024];
	struct um_stat st;

	snprintf(path, sizeof(path), "%s/%s", walk->dir, name);
	walk->count++;
	if (!um_stat(path, &st, false) && S_ISDIR(st.mode))
		walk->count += tree_entries(path);
	return 0;
}

static unsigned int tree_entries(const char *dir)
{
	struct { const char *dir; unsigned int count; } walk = { dir, 0 };

	um_readdir(dir, count_entry, &walk);
	return walk.count;
}

/*
 * Fail each fallible call in turn. The scenario undoes itself when it
 * succeeds, which it may do (some failures are of no consequence); nothing
 * may be left in either case.
 */
static void sweep(int (*scenario)(void))
{
	unsigned int n, count, entries = tree_entries("/sys");

	assert_true(entries > 10);
	um_fallible_count();
	assert_int_equal(scenario(), 0);
	count = um_fallible_count();
	assert_true(count > 0);

	for (n = 1; n <= count; n++) {
		int err, left;

		um_audit_mark();
		um_fail_nth(n);
		err = scenario();
		um_fail_nth(0);
		left = um_audit(NULL, NULL);
		left += tree_entries("/sys") - entries;
		if (left || um_check_splats())
			fail_msg("fault %u of %u: %s: gave %d, left %d", n,
				 count, um_fault_fired(), err, left);
	}
	assert_int_equal(scenario(), 0);
}

static void bus_registration_rolls_back(void **state)
{
	sweep(bk_sweep_bus);
}

static void class_and_device_creation_roll_back(void **state)
{
	sweep(bk_sweep_class);
}

static void iommu_group_rolls_back(void **state)
{
	sweep(bk_sweep_iommu);
}

/* ---- faults in what the modules driver_test and device_test do on command ----- */

#define BINDER	"/sys/devices/virtual/mdev_test/binder/do"
#define MAKER	"/sys/devices/virtual/mdev_test/maker/do"
#define DRIVERS	"/sys/bus/testbus/drivers"

struct command {
	const char *file, *text;
};

/* An operation and its inverse, on what some commands have made before. */
struct swept {
	struct command before[4];
	struct command run, undo;	/* no inverse: nothing is left of it */
	bool takes_away;
	struct um_benign benign[3];
};

static long command(const struct command *c)
{
	ssize_t ret = c->file ? store(c->file, c->text) : 0;

	return ret < 0 ? ret : 0;
}

static long run_swept(void *arg)
{
	const struct swept *s = arg;

	return command(&s->run);
}

static long undo_swept(void *arg)
{
	const struct swept *s = arg;

	return command(&s->undo);
}

static int sweep_setup(void **state)
{
	um_audit_mark();
	return um_insmod("mdev_test_control", NULL) || um_insmod("driver_test", NULL) ||
	       um_insmod("device_test", NULL);
}

static int sweep_teardown(void **state)
{
	int bad = um_rmmod("device_test") || um_rmmod("driver_test") ||
		  um_rmmod("mdev_test_control");

	return bad + um_check_splats() + um_audit(NULL, NULL);
}

static void sweep_commands(const struct swept *s)
{
	struct um_scenario scenario = {
		.name = s->run.text, .run = run_swept, .undo = undo_swept, .arg = (void *)s,
		.takes_away = s->takes_away, .benign = s->benign,
	};
	struct um_sweep figures = { 0 };
	size_t i;

	for (i = 0; i < sizeof(s->before) / sizeof(s->before[0]) && s->before[i].file; i++)
		assert_int_equal(command(&s->before[i]), 0);
	assert_int_equal(um_sweep(&scenario, &figures), 0);
	assert_true(figures.rolled_back > 1 || s->takes_away);
}

static void adding_a_device_rolls_back_and_frees_it(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "driver a" } },
		.run = { BINDER, "device a1" }, .undo = { BINDER, "undevice a1" },
	};

	sweep_commands(&s);
}

static void adding_a_device_of_a_class_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { MAKER, "class" } },
		.run = { MAKER, "member m1" }, .undo = { MAKER, "unmember m1" },
	};

	sweep_commands(&s);
}

static void adding_a_device_with_a_number_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { MAKER, "class" }, { MAKER, "member m1" } },
		.run = { MAKER, "typed t1" }, .undo = { MAKER, "unmember t1" },
		.benign = { { "from devtmpfs_create_node (",
			      "a device without its node is still a device" } },
	};

	sweep_commands(&s);
}

static void adding_a_child_of_a_class_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { MAKER, "class" }, { MAKER, "root r1" } },
		.run = { MAKER, "member c1 r1" }, .undo = { MAKER, "unmember c1" },
	};

	sweep_commands(&s);
}

static void adding_a_device_with_its_first_name_rolls_back(void **state)
{
	static const struct swept s = {
		.run = { BINDER, "early_device" }, .undo = { BINDER, "undevice early" },
	};

	sweep_commands(&s);
}

static void binding_a_driver_that_a_device_names_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "driver a" } },
		.run = { BINDER, "prebound x1 a" }, .undo = { BINDER, "undevice x1" },
		.benign = { { "from bus_probe_device (",
			      "a device that cannot be bound is added all the same" } },
	};

	sweep_commands(&s);
}

static void removing_a_device_goes_on_to_the_end(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "driver a" }, { BINDER, "device a1" } },
		.run = { BINDER, "undevice a1" }, .undo = { BINDER, "device a1" },
		.takes_away = true,
	};

	sweep_commands(&s);
}

static void binding_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "driver a" }, { BINDER, "device a1" },
			    { DRIVERS "/a/unbind", "a1" } },
		.run = { DRIVERS "/a/bind", "a1" }, .undo = { DRIVERS "/a/unbind", "a1" },
	};

	sweep_commands(&s);
}

static void binding_with_managed_groups_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "driver a managed" }, { BINDER, "device a1" },
			    { DRIVERS "/a/unbind", "a1" } },
		.run = { DRIVERS "/a/bind", "a1" }, .undo = { DRIVERS "/a/unbind", "a1" },
	};

	sweep_commands(&s);
}

static void registering_a_driver_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "device2 a1" } },
		.run = { BINDER, "driver2 a" }, .undo = { BINDER, "undriver a" },
		.benign = { { "from driver_add_groups (",
			      "files that a bus gives its drivers are only warned about" } },
	};

	sweep_commands(&s);
}

static void renaming_a_device_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "device a1" } },
		.run = { BINDER, "rename a1 a2" }, .undo = { BINDER, "rename a2 a1" },
	};

	sweep_commands(&s);
}

static void linking_into_a_compatibility_class_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { BINDER, "device a1" }, { BINDER, "device a2" },
			    { BINDER, "compat swept" } },
		.run = { BINDER, "compat_link a1 a2" }, .undo = { BINDER, "compat_unlink a1 a2" },
	};

	sweep_commands(&s);
}

static void registering_a_class_rolls_back(void **state)
{
	static const struct swept s = {
		.run = { MAKER, "class" }, .undo = { MAKER, "unclass" },
	};

	sweep_commands(&s);
}

static void making_a_root_device_rolls_back(void **state)
{
	static const struct swept s = {
		.run = { MAKER, "root r1" }, .undo = { MAKER, "unroot" },
	};

	sweep_commands(&s);
}

static void making_a_misc_device_rolls_back(void **state)
{
	static const struct swept s = {
		.run = { MAKER, "misc one" }, .undo = { MAKER, "unmisc one" },
		.benign = { { "from devtmpfs_create_node (",
			      "a device without its node is still a device" } },
	};

	sweep_commands(&s);
}

static void taking_a_managed_resource_rolls_back(void **state)
{
	static const struct swept s = {
		.before = { { MAKER, "root r1" } },
		.run = { MAKER, "open a" }, .undo = { MAKER, "release_group a" },
	};
	static const struct swept memory = { .run = { MAKER, "memory" } };

	sweep_commands(&s);
	sweep_commands(&memory);
}

#define swept(fn) \
	cmocka_unit_test_setup_teardown(fn, sweep_setup, sweep_teardown)
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
		on_bus(second_device_of_a_name_is_refused),
		on_bus(device_without_release_is_reported),
		on_bus(children_can_be_removed_while_walked),
		on_bus(attributes_read_and_write),
		on_bus(messages_name_driver_and_device),
		on_bus(driver_and_device_are_linked_both_ways),
		on_bus(driver_that_is_built_in_is_linked_with_its_module),
		on_bus(bind_and_unbind_by_hand),
		on_bus(autoprobe_can_be_turned_off),
		on_bus(failing_probe_is_said_and_leaves_no_trace),
		on_bus(next_driver_is_asked_when_one_refuses),
		on_bus(deferred_probe_is_retried_when_a_driver_binds),
		on_bus(deferral_by_hand_is_not_retried),
		on_bus(deferred_device_can_go),
		on_bus(dead_device_is_not_probed),
		on_bus(second_driver_of_a_name_is_refused),
		on_bus(everything_at_once_is_safe),
		plain(driver_of_an_unregistered_bus_is_refused),
		plain(resources_go_in_reverse_order),
		plain(resource_groups_nest),
		plain(class_interface_sees_all_devices),
		plain(class_compat_is_a_directory_of_links),
		plain(renaming_moves_the_class_link),
		plain(root_devices_have_unique_names),
		plain(iommu_group_lives_as_long_as_it_is_held),
		plain(iommu_group_can_be_named_anew),
		plain(iommu_group_takes_devices_of_one_name),
		plain(bus_registration_rolls_back),
		plain(class_and_device_creation_roll_back),
		plain(iommu_group_rolls_back),
		swept(adding_a_device_rolls_back_and_frees_it),
		swept(adding_a_device_of_a_class_rolls_back),
		swept(adding_a_device_with_a_number_rolls_back),
		swept(adding_a_child_of_a_class_rolls_back),
		swept(adding_a_device_with_its_first_name_rolls_back),
		swept(binding_a_driver_that_a_device_names_rolls_back),
		swept(removing_a_device_goes_on_to_the_end),
		swept(binding_rolls_back),
		swept(binding_with_managed_groups_rolls_back),
		swept(registering_a_driver_rolls_back),
		swept(renaming_a_device_rolls_back),
		swept(linking_into_a_compatibility_class_rolls_back),
		swept(registering_a_class_rolls_back),
		swept(making_a_root_device_rolls_back),
		swept(making_a_misc_device_rolls_back),
		swept(taking_a_managed_resource_rolls_back),
	};
	int failed;

	um_console_level(-1);
	if (um_boot(NULL))
		return 1;
	failed = cmocka_run_group_tests_name("base", tests, NULL, NULL);
	return failed || um_shutdown();
}
