// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver core where a real kernel cannot be asked, or not without harm: what is
 * built in, messages that are for debugging, what only a driver that breaks in could do,
 * and all at once, for TSan. The rest is in contract/driver_core and contract/binding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "base_kern.h"
#include "files.h"

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

static int bus_setup(void **state)
{
	um_audit_mark();
	return bk_bus_register();
}

static int bus_teardown(void **state)
{
	bk_bus_unregister();
	return um_check_splats() + um_audit(NULL, NULL);
}

/* ---- binding ------------------------------------------------------------------------- */

static void driver_that_is_built_in_is_linked_with_its_module(void **state)
{
	struct bk_driver *drv;
	int err;

	drv = bk_driver_add("dev", 0, &err);
	assert_string_equal(target("/sys/bus/bkbus/drivers/dev/module"),
			    "../../../../module/base");
	assert_string_equal(target("/sys/module/base/drivers/bkbus:dev"),
			    "../../../bus/bkbus/drivers/dev");
	bk_driver_remove(drv);
	assert_false(exists("/sys/module/base/drivers/bkbus:dev"));
}

static void reason_of_a_deferral_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();
	struct bk_device *dev;
	struct bk_driver *drv;
	int err;

	dev = bk_device_add("dev0", &err);
	drv = bk_driver_add("dev", 1, &err);
	assert_false(said_since(seq, "not yet"));
	bk_driver_remove(drv);

	um_debug("core.c");
	drv = bk_driver_add("dev", 1, &err);
	um_debug(NULL);
	assert_true(said_since(seq, "dev dev0: error -EPROBE_DEFER: not yet"));
	bk_driver_remove(drv);
	bk_device_remove(dev);
}

static void device_that_is_bound_is_not_bound_again(void **state)
{
	struct bk_driver *drv, *other;
	struct bk_device *dev;
	uint64_t seq;
	int err;

	dev = bk_device_add("dev0", &err);
	drv = bk_driver_add("dev", 0, &err);
	other = bk_driver_add("other", 0, &err);
	seq = um_kmsg_seq();
	assert_int_equal(bk_bind_again(dev, other), 0);
	assert_true(said_since(seq, "driver_bound: device dev0 already bound"));
	assert_true(bk_driver_has(drv, "dev0"));
	assert_false(bk_driver_has(other, "dev0"));
	bk_driver_remove(other);
	bk_driver_remove(drv);
	bk_device_remove(dev);
}

#define ROUNDS	50

static long add_devices(void *name)
{
	struct bk_device *dev;
	int i, err;

	for (i = 0; i < ROUNDS; i++) {
		dev = bk_device_add(name, &err);
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
		drv = bk_driver_add(name, i % 3, &err);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_bus(driver_that_is_built_in_is_linked_with_its_module),
		on_bus(reason_of_a_deferral_is_a_debug_message),
		on_bus(device_that_is_bound_is_not_bound_again),
		on_bus(everything_at_once_is_safe),
	};
	int failed;

	um_console_level(-1);
	if (um_boot(NULL))
		return 1;
	failed = cmocka_run_group_tests_name("base", tests, NULL, NULL);
	return failed || um_shutdown();
}
