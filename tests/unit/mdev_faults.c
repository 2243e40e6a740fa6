// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every failure point of the mdev core, one after the other, by um_sweep():
 * after each failure everything must be as it was before, and the operation
 * must succeed when it is tried again. And the core's debug message.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "faults.h"
#include "files.h"

#define DIR_TEST	"/sys/devices/virtual/mdev_test"
#define VENDOR		DIR_TEST "/vendor"
#define PARENT		DIR_TEST "/parent0"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-1/create"
#define DRIVER		"/sys/bus/mdev/drivers/mdev_test_driver"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEV		PARENT "/" UUID

/* ---- operations --------------------------------------------------------------------- */

static long load_core(void)
{
	return um_insmod("mdev", NULL);
}

static long unload_core(void)
{
	return um_rmmod("mdev");
}

static bool core_is_loaded(void)
{
	return exists("/sys/bus/mdev");
}

static long register_parent(void)
{
	return put_done(VENDOR "/register", "0");
}

static long unregister_parent(void)
{
	return put_done(VENDOR "/unregister", "0");
}

static bool parent_is_registered(void)
{
	return exists(CREATE);
}

static long create(void)
{
	return put_done(CREATE, UUID);
}

static long discard(void)
{
	return put_done(MDEV "/remove", "1");
}

static bool mdev_is_there(void)
{
	return exists(MDEV);
}

static long load_driver(void)
{
	return um_insmod("mdev_test_driver", NULL);
}

static long unload_driver(void)
{
	return um_rmmod("mdev_test_driver");
}

static bool driver_is_loaded(void)
{
	return exists(DRIVER);
}

static long bind(void)
{
	return put_done(DRIVER "/bind", UUID);
}

static long unbind(void)
{
	return put_done(DRIVER "/unbind", UUID);
}

static bool driver_is_bound(void)
{
	return exists(MDEV "/driver");
}

struct operation {
	const char *name;
	long (*run)(void);
	long (*undo)(void);
	bool (*done)(void);
};

static long run(void *arg)
{
	const struct operation *o = arg;

	return o->run();
}

static long undo(void *arg)
{
	const struct operation *o = arg;

	return o->undo();
}

/* Of the leaves that fail otherwise than for want of memory, all outside of the core. */
static long own_error(const char *site)
{
	static const struct {
		const char *leaf;
		long error;
	} others[] = {
		{ "copy_from_user ", -EFAULT },
		{ "get_unused_fd_flags ", -EMFILE },
		{ "try_module_get ", -ENOENT },
	};
	unsigned int i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strncmp(site, others[i].leaf, strlen(others[i].leaf)))
			return others[i].error;
	return -ENOMEM;
}

/* Each fault has its own error, and the user gets that one: no other, and no success. */
static void errors_are_those_of_the_faults(const struct operation *o)
{
	unsigned int n, failed = 0;
	const char *site = "";
	long ret;

	for (n = 1; site; n++) {
		um_fail_nth(n);
		ret = o->run();
		site = um_fault_fired();
		um_fail_nth(0);
		if (!ret) {
			assert_int_equal(o->undo(), 0);
			continue;
		}
		failed++;
		if (!site || ret != own_error(site))
			fail_msg("%s gives %ld: %s", o->name, ret, site ?: "no fault");
	}
	assert_true(failed > 2);
}

static void sweep(const struct operation *o)
{
	struct um_scenario s = { .name = o->name, .run = run, .undo = undo, .arg = (void *)o };

	assert_int_equal(o->run(), 0);
	assert_true(o->done());
	assert_int_equal(o->undo(), 0);
	assert_false(o->done());
	errors_are_those_of_the_faults(o);
	assert_false(o->done());
	every_fault_is_rolled_back(&s);
	assert_false(o->done());
}

/* Taking away: a fault either leaves all in place, or changes nothing about the result. */
static void sweep_undo(const struct operation *o)
{
	struct um_scenario s = {
		.name = o->name, .setup = run, .run = undo, .undo = run, .takes_away = true,
		.arg = (void *)o,
	};

	every_fault_is_rolled_back(&s);
	assert_true(o->done());
	assert_int_equal(o->undo(), 0);
}

/* ---- tests ------------------------------------------------------------------------------- */

static const struct operation loading = {
	"load", load_core, unload_core, core_is_loaded
};
static const struct operation registering = {
	"register", register_parent, unregister_parent, parent_is_registered
};
static const struct operation creating = {
	"create", create, discard, mdev_is_there
};
static const struct operation driving = {
	"driver", load_driver, unload_driver, driver_is_loaded
};

static const struct operation binding = {
	"bind", bind, unbind, driver_is_bound
};

static void load_parent(const char *params)
{
	assert_int_equal(um_insmod("mdev", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_control", NULL), 0);
	assert_int_equal(um_insmod("mdev_test_parent", params), 0);
}

static void loading_the_core(void **state)
{
	sweep(&loading);
}

static void registering_a_parent(void **state)
{
	load_parent("autoregister=0");
	sweep(&registering);
}

static void unregistering_a_parent(void **state)
{
	load_parent("autoregister=0");
	sweep_undo(&registering);
}

static void creating_an_mdev(void **state)
{
	load_parent(NULL);
	sweep(&creating);
}

static void creating_an_mdev_with_a_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(um_insmod("mdev_test_driver", NULL), 0);
	sweep(&creating);
}

static void removing_an_mdev(void **state)
{
	load_parent(NULL);
	sweep_undo(&creating);
}

static void removing_an_mdev_with_a_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(um_insmod("mdev_test_driver", NULL), 0);
	sweep_undo(&creating);
}

static void loading_an_mdev_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(create(), 0);
	sweep(&driving);
}

static void binding_an_mdev_to_a_driver(void **state)
{
	load_parent(NULL);
	assert_int_equal(um_insmod("mdev_test_driver", NULL), 0);
	assert_int_equal(create(), 0);
	assert_int_equal(unbind(), 0);
	sweep(&binding);
}

/*
 * A nameless device must not reach the vendor, nor be what the driver core
 * refuses with another error.
 */
static void name_that_cannot_be_set_is_noticed(void **state)
{
	unsigned int n, named = 0;
	const char *site;
	long ret;

	load_parent(NULL);
	for (n = 1; n < 100; n++) {
		um_fail_nth(n);
		ret = create();
		site = um_fault_fired();
		um_fail_nth(0);
		if (!ret)
			discard();
		if (!site)
			break;
		if (!strstr(site, "from dev_set_name"))
			continue;
		named++;
		assert_int_equal(ret, -ENOMEM);
	}
	assert_in_range(named, 1, 10);
}

static void created_is_a_debug_message(void **state)
{
	uint64_t seq = um_kmsg_seq();

	load_parent(NULL);
	assert_int_equal(create(), 0);
	assert_false(said_since(seq, "MDEV: created"));
	assert_int_equal(discard(), 0);
	um_debug("mdev_core.c");
	assert_int_equal(create(), 0);
	um_debug(NULL);
	assert_true(said_since(seq, UUID ": MDEV: created"));
	assert_int_equal(discard(), 0);
}

/* ---- frame ---------------------------------------------------------------------------------- */

static int setup(void **state)
{
	um_check_splats();
	um_audit_mark();
	return 0;
}

static int teardown(void **state)
{
	um_fail_nth(0);
	um_debug(NULL);
	um_rmmod("mdev_test_driver");
	um_rmmod("mdev_test_parent");
	um_rmmod("mdev_test_control");
	um_rmmod("mdev");
	return um_audit(NULL, NULL) + um_check_splats() ? -1 : 0;
}

static int boot(void **state)
{
	return um_boot(NULL);
}

static int shut_down(void **state)
{
	return um_shutdown();
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loading_the_core),
		TEST(registering_a_parent),
		TEST(unregistering_a_parent),
		TEST(creating_an_mdev),
		TEST(creating_an_mdev_with_a_driver),
		TEST(removing_an_mdev),
		TEST(removing_an_mdev_with_a_driver),
		TEST(loading_an_mdev_driver),
		TEST(binding_an_mdev_to_a_driver),
		TEST(name_that_cannot_be_set_is_noticed),
		TEST(created_is_a_debug_message),
	};

	return cmocka_run_group_tests_name("mdev_faults", tests, boot, shut_down);
}
