// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a failing allocation leaves behind in the driver core: nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "files.h"
#include "base_faults_kern.h"

static int plain_setup(void **state)
{
	um_audit_mark();
	return 0;
}

static int plain_teardown(void **state)
{
	return um_check_splats() + um_audit(NULL, NULL);
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
	sweep(bf_sweep_bus);
}

static void class_and_device_creation_roll_back(void **state)
{
	sweep(bf_sweep_class);
}

static void iommu_group_rolls_back(void **state)
{
	sweep(bf_sweep_iommu);
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
	ssize_t ret = c->file ? put(c->file, c->text) : 0;

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
#define plain(fn) \
	cmocka_unit_test_setup_teardown(fn, plain_setup, plain_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
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
	failed = cmocka_run_group_tests_name("base_faults", tests, NULL, NULL);
	return failed || um_shutdown();
}
