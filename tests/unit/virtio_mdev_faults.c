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

#include "faults.h"
#include "points.h"
#include "virtio_mdev.h"

/* Where a virtqueue with fewer descriptors is as good. */
static const struct um_benign benign[] = {
	{ "from alloc_some_queue", "a smaller ring will do" },
	{ NULL, NULL }
};

struct operation {
	long (*run)(void *arg);		/* 0 or a negative errno */
	long (*undo)(void *arg);
	const char *done;		/* what is there then */
};

static long run(void *arg)
{
	const struct operation *o = arg;

	return o->run(NULL);
}

static long undo(void *arg)
{
	const struct operation *o = arg;

	return o->undo(NULL);
}

static void sweep(const char *name, const struct operation *o)
{
	const struct um_scenario s = {
		.name = name, .run = run, .undo = undo, .arg = (void *)o, .benign = benign,
	};

	assert_int_equal(o->run(NULL), 0);
	assert_true(exists(o->done));
	assert_int_equal(o->undo(NULL), 0);
	assert_false(exists(o->done));
	every_fault_is_rolled_back(&s);
	assert_false(exists(o->done));
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

static long run_bind(void *arg)
{
	long ret = bind_card(arg);

	return ret < 0 ? ret : 0;
}

static long undo_bind(void *arg)
{
	return unbind_card(arg) < 0;
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

/* Frames to and fro; the device is reset after them, so it is bound anew each time. */
static long run_frames(void *arg)
{
	long ret = run_bind_user(arg);

	if (ret)
		return ret;
	ret = put(user_path("/test/do"), "flood 40");
	if (ret >= 0)
		return 0;
	/* what comes after the failure is no fault's: all later calls may be to fail */
	um_fail_nth(0);
	unbind_user(arg);
	return ret;
}

static void creating_a_card_with_both_drivers(void **state)
{
	static const struct operation creating = { run_create, undo_create, CARD };

	sweep("create", &creating);
}

static void binding_virtio_mdev(void **state)
{
	static const struct operation binding = { run_bind, undo_bind, CARD "/driver" };

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind(NULL), 0);
	sweep("bind virtio_mdev", &binding);
	assert_int_equal(undo_create(NULL), 0);
}

static void binding_a_virtio_driver(void **state)
{
	static const struct operation binding = {
		run_bind_user, undo_bind_user, user_path("/driver"),
	};

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind_user(NULL), 0);
	sweep("bind a virtio driver", &binding);
	assert_int_equal(undo_create(NULL), 0);
}

static void sending_frames(void **state)
{
	static const struct operation sending = {
		run_frames, undo_bind_user, user_path("/driver"),
	};

	assert_int_equal(run_create(NULL), 0);
	assert_int_equal(undo_bind_user(NULL), 0);
	sweep("send frames", &sending);
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
