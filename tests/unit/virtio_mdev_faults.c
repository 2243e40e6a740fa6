// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every call that can fail, failed once, while an mdev of class virtio gets its
 * drivers and while they work: an error where there is somebody to tell it to,
 * all rolled back, nothing left, and it works afterwards. The card is mvnet's,
 * the virtio driver that of the tests.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "points.h"
#include "virtio_mdev.h"

#define MAX_FAULTS 2000

/* Functions that fail without their caller's failing, and why. */
static const struct {
	const char *where;
	const char *reason;
} benign[] = {
	{ "from kobject_uevent_env", "an event that nobody hears" },
	{ "from driver_probe_device", "a driver that fails to probe fails nothing else" },
	{ "from alloc_some_queue", "a smaller ring will do" },
};

struct scenario {
	const char *name;
	long (*run)(void *arg);		/* 0 or a negative errno */
	long (*undo)(void *arg);
	bool (*done)(void);
};

static bool is_benign(const char *site)
{
	size_t i;

	for (i = 0; i < sizeof(benign) / sizeof(benign[0]); i++)
		if (strstr(site, benign[i].where))
			return true;
	return false;
}

/* One fault. Returns false when it was not reached. */
static bool one_fault(const struct scenario *sc, unsigned int n)
{
	const char *fired;
	bool reached;
	long ret;

	um_audit_mark();
	um_fail_nth(n);
	ret = sc->run(NULL);
	reached = !um_fail_nth(0);
	fired = reached ? um_fault_fired() : "none";
	if (!ret) {
		if (reached && !is_benign(fired)) {
			print_error("%s: fault %u (%s) went unnoticed\n", sc->name, n, fired);
			fail();
		}
		assert_true(sc->done());
		assert_int_equal(sc->undo(NULL), 0);
	}
	if (sc->done() || um_audit(NULL, NULL)) {
		print_error("%s: fault %u (%s), returned %ld: not rolled back\n", sc->name, n,
			    fired, ret);
		fail();
	}
	return reached;
}

static void sweep(const struct scenario *sc)
{
	unsigned int n;

	/* what is made once and kept, such as a cache, is not a leak */
	assert_int_equal(sc->run(NULL), 0);
	assert_int_equal(sc->undo(NULL), 0);
	for (n = 1; n < MAX_FAULTS && one_fault(sc, n); n++) {
		assert_int_equal(sc->run(NULL), 0);
		assert_int_equal(sc->undo(NULL), 0);
	}
	print_message("%s: %u faults\n", sc->name, n - 1);
	assert_in_range(n, 2, MAX_FAULTS - 1);
}

/* ---- scenarios ------------------------------------------------------------------ */

static long run_create(void *arg)
{
	long ret = create_card(arg);

	return ret < 0 ? ret : 0;
}

static long undo_create(void *arg)
{
	return remove_card(arg) != 1;
}

static bool is_created(void)
{
	return exists(CARD);
}

static long run_bind(void *arg)
{
	long ret = bind_card(arg);

	return ret < 0 ? ret : 0;
}

static long undo_bind(void *arg)
{
	return unbind_card(arg) < 0;
}

static bool is_bound(void)
{
	return exists(CARD "/driver");
}

static long run_bind_user(void *arg)
{
	long ret = bind_user(arg);

	return ret < 0 ? ret : 0;
}

static long undo_bind_user(void *arg)
{
	return unbind_user(arg) < 0;
}

static bool has_user(void)
{
	return exists(user_path("/driver"));
}

/* Frames to and fro; the device is reset after them, so it is bound anew each time. */
static long run_frames(void *arg)
{
	long ret = run_bind_user(arg);

	if (ret)
		return ret;
	ret = put(user_path("/test/do"), "flood 40");
	if (ret < 0)
		unbind_user(arg);
	return ret < 0 ? ret : 0;
}

static void creating_a_card_with_both_drivers(void **state)
{
	static const struct scenario sc = { "create", run_create, undo_create, is_created };

	sweep(&sc);
}

static void binding_virtio_mdev(void **state)
{
	static const struct scenario sc = { "bind virtio_mdev", run_bind, undo_bind, is_bound };

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind(NULL), 0);
	sweep(&sc);
	assert_int_equal(undo_create(NULL), 0);
}

static void binding_a_virtio_driver(void **state)
{
	static const struct scenario sc = {
		"bind a virtio driver", run_bind_user, undo_bind_user, has_user,
	};

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind_user(NULL), 0);
	sweep(&sc);
	assert_int_equal(undo_create(NULL), 0);
}

static void sending_frames(void **state)
{
	static const struct scenario sc = { "send frames", run_frames, undo_bind_user, has_user };

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind_user(NULL), 0);
	sweep(&sc);
	assert_int_equal(undo_create(NULL), 0);
}

static int setup(void **state)
{
	um_audit_mark();
	return load_card_modules() ? -1 : 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(creating_a_card_with_both_drivers),
		POINTS_TEST(binding_virtio_mdev),
		POINTS_TEST(binding_a_virtio_driver),
		POINTS_TEST(sending_frames),
	};

	if (um_boot(NULL) || !card_is_built())
		return 77;
	return cmocka_run_group_tests_name("virtio_mdev_faults", tests, NULL, points_shut_down);
}
