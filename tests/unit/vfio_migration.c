// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways between migration states that vfio_mig_get_next_state() finds: those
 * that the UAPI's header lists, for devices with and without the optional
 * states. What needs a device is in contract/vfio_migration.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "vfio_migration.h"

#define ALL (MIG_STOP_COPY | MIG_P2P | MIG_PRE_COPY)

/* The number of the state whose name begins a text of names, or -1. */
static int state_of(const char *text)
{
	size_t len = strcspn(text, " ");
	const char *name = MIG_STATES;
	int n;

	for (n = 0; *name; n++) {
		size_t l = strcspn(name, " ");

		if (l == len && !memcmp(name, text, len))
			return n;
		name += l + (name[l] == ' ');
	}
	return -1;
}

/* @way: names of states; from the first to the last it is this and no other. */
static void expect_way(unsigned int flags, const char *way)
{
	const char *last = strrchr(way, ' ') + 1, *next;
	int at = state_of(way), want;

	for (; at != state_of(last); at = want) {
		next = strchr(way, ' ') + 1;
		want = state_of(next);
		assert_true(want > 0);
		if (mig_next(flags, at, state_of(last)) != want)
			fail_msg("towards %s from %s: %d", last, way,
				 mig_next(flags, at, state_of(last)));
		way = next;
	}
	assert_int_equal(mig_next(flags, at, at), at);
}

static void expect_ways(unsigned int flags, const char *const *ways)
{
	for (; *ways; ways++)
		expect_way(flags, *ways);
}

/* ---- tests ----------------------------------------------------------- */

static void all_states_one_step(void **state)
{
	static const char *const ways[] = {
		"RESUMING STOP", "STOP RESUMING", "STOP STOP_COPY", "STOP_COPY STOP",
		"RUNNING RUNNING_P2P", "RUNNING_P2P RUNNING", "RUNNING_P2P STOP",
		"STOP RUNNING_P2P", "PRE_COPY RUNNING", "PRE_COPY PRE_COPY_P2P",
		"PRE_COPY_P2P PRE_COPY", "PRE_COPY_P2P RUNNING_P2P",
		"PRE_COPY_P2P STOP_COPY", "RUNNING PRE_COPY", "RUNNING_P2P PRE_COPY_P2P",
		NULL
	};

	expect_ways(ALL, ways);
}

static void all_states_several_steps(void **state)
{
	static const char *const ways[] = {
		"PRE_COPY PRE_COPY_P2P STOP_COPY",
		"PRE_COPY RUNNING RUNNING_P2P",
		"PRE_COPY RUNNING RUNNING_P2P STOP",
		"PRE_COPY RUNNING RUNNING_P2P STOP RESUMING",
		"PRE_COPY_P2P RUNNING_P2P RUNNING",
		"PRE_COPY_P2P RUNNING_P2P STOP",
		"PRE_COPY_P2P RUNNING_P2P STOP RESUMING",
		"RESUMING STOP RUNNING_P2P",
		"RESUMING STOP RUNNING_P2P PRE_COPY_P2P",
		"RESUMING STOP RUNNING_P2P RUNNING",
		"RESUMING STOP RUNNING_P2P RUNNING PRE_COPY",
		"RESUMING STOP STOP_COPY",
		"RUNNING RUNNING_P2P PRE_COPY_P2P",
		"RUNNING RUNNING_P2P STOP",
		"RUNNING RUNNING_P2P STOP RESUMING",
		"RUNNING RUNNING_P2P STOP STOP_COPY",
		"RUNNING_P2P RUNNING PRE_COPY",
		"RUNNING_P2P STOP RESUMING",
		"RUNNING_P2P STOP STOP_COPY",
		"STOP RUNNING_P2P PRE_COPY_P2P",
		"STOP RUNNING_P2P RUNNING",
		"STOP RUNNING_P2P RUNNING PRE_COPY",
		"STOP_COPY STOP RESUMING",
		"STOP_COPY STOP RUNNING_P2P",
		"STOP_COPY STOP RUNNING_P2P RUNNING",
		NULL
	};

	expect_ways(ALL, ways);
}

static void states_that_are_not_there_are_stepped_over(void **state)
{
	static const char *const plain[] = {
		"RUNNING STOP", "STOP RUNNING", "RUNNING STOP STOP_COPY",
		"RUNNING STOP RESUMING", "STOP_COPY STOP RUNNING", "RESUMING STOP RUNNING",
		NULL
	};
	static const char *const precopy[] = {
		"RUNNING PRE_COPY", "PRE_COPY RUNNING", "PRE_COPY STOP_COPY",
		"PRE_COPY RUNNING STOP", "STOP RUNNING PRE_COPY", "RUNNING STOP STOP_COPY",
		NULL
	};

	expect_ways(MIG_STOP_COPY, plain);
	expect_ways(MIG_STOP_COPY | MIG_PRE_COPY, precopy);
	expect_way(MIG_STOP_COPY | MIG_P2P, "RUNNING RUNNING_P2P STOP STOP_COPY");
}

static void what_cannot_be_reached_is_einval(void **state)
{
	int stop_copy = state_of("STOP_COPY"), running = state_of("RUNNING"), to;

	assert_int_equal(mig_next(ALL, stop_copy, state_of("PRE_COPY")), -EINVAL);
	assert_int_equal(mig_next(ALL, stop_copy, state_of("PRE_COPY_P2P")), -EINVAL);
	assert_int_equal(mig_next(ALL, running, state_of("ERROR")), -EINVAL);
	for (to = state_of("PRE_COPY_P2P") + 1; to < 12; to++)
		assert_int_equal(mig_next(ALL, running, to), -EINVAL);
	assert_int_equal(mig_next(MIG_STOP_COPY, running, state_of("PRE_COPY")), -EINVAL);
	assert_int_equal(mig_next(MIG_STOP_COPY, running, state_of("RUNNING_P2P")), -EINVAL);
}

static void a_state_that_it_cannot_be_in_warns(void **state)
{
	um_expect_splat("WARNING");
	assert_int_equal(mig_next(MIG_STOP_COPY, state_of("PRE_COPY"), state_of("STOP")), -EINVAL);
	um_expect_splat("WARNING");
	assert_int_equal(mig_next(ALL, state_of("ERROR"), state_of("STOP")), -EINVAL);
}

static int setup_all(void **state)
{
	return um_boot(NULL);
}

static int teardown_all(void **state)
{
	return um_shutdown();
}

static int teardown(void **state)
{
	return um_check_splats();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(all_states_one_step, teardown),
		cmocka_unit_test_teardown(all_states_several_steps, teardown),
		cmocka_unit_test_teardown(states_that_are_not_there_are_stepped_over, teardown),
		cmocka_unit_test_teardown(what_cannot_be_reached_is_einval, teardown),
		cmocka_unit_test_teardown(a_state_that_it_cannot_be_in_warns, teardown),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
