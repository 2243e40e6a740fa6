// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mvnet's one mutex promises, whatever an op is in the middle of
 * (um_interleave()): memory and callbacks that the device was told to forget are
 * left alone when the op returns, a bit of the status that the device has set is
 * not lost, and there is room for as many cards as there may be.
 *
 * The ops are called as a virtio driver in slow motion would (modules/
 * mdev_test_virtio.c). The device's own work runs in a worker beside the tasks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "mvnet_card.h"

static long kick_and_settle(void *arg)
{
	long ret = tell_meanwhile("kick 1");

	return ret < 0 ? ret : tell_meanwhile("settle");
}

/* ---- memory ------------------------------------------------------------------------ */

static long rings_are_left_alone(void *arg, long first, long second)
{
	if (first || second < 0)
		return wrong("an op", first, second);
	if (!is_sound() || ask("get used 0") || ask("get used 1"))
		return wrong("a ring was used", ask("get used 0"), ask("get used 1"));
	return 0;
}

static void queue_that_is_not_ready_is_left_alone(void **state)
{
	const struct um_interleaving s = {
		.name = "make both queues not ready, kick meanwhile", .setup = card_with_packets,
		.first = take_rings_away, .second = kick_and_settle,
		.check = rings_are_left_alone,
	};

	all_orders_are_right(&s);
}

static void device_that_was_reset_leaves_rings_alone(void **state)
{
	const struct um_interleaving s = {
		.name = "reset, kick meanwhile", .setup = card_with_packets,
		.first = reset, .second = kick_and_settle, .check = rings_are_left_alone,
	};

	all_orders_are_right(&s);
}

/* ---- callbacks --------------------------------------------------------------------- */

/* How often the driver had been called when the device had been told to forget it. */
static long calls_then;

static long pull_the_plug(void *arg)
{
	return put(LINK, "0");
}

static long forget_the_driver(void *arg)
{
	long ret = tell("config_callback 0");

	calls_then = ask("get config_calls");
	return ret;
}

static long config_calls_before;

static long card_with_a_plug(void *arg)
{
	long ret = card_with_packets(arg);

	config_calls_before = ask("get config_calls");
	return ret;
}

static long nobody_is_called(void *arg, long pulled, long forgot)
{
	if (pulled != 1 || forgot < 0)
		return wrong("an op", pulled, forgot);
	return ask("get config_calls") == calls_then ? 0 :
	       wrong("called after it was to be forgotten", calls_then, config_calls_before);
}

static long forgotten_before_or_after(void *arg, long forgot, long pulled)
{
	return nobody_is_called(arg, pulled, forgot);
}

static void callback_does_not_run_when_it_is_forgotten(void **state)
{
	const struct um_interleaving pulled_first = {
		.name = "pull the plug, forget the callback meanwhile", .setup = card_with_a_plug,
		.first = pull_the_plug, .second = forget_the_driver, .check = nobody_is_called,
	}, forgotten_first = {
		.name = "forget the callback, pull the plug meanwhile", .setup = card_with_a_plug,
		.first = forget_the_driver, .second = pull_the_plug,
		.check = forgotten_before_or_after,
	};

	all_orders_are_right(&pulled_first);
	all_orders_are_right(&forgotten_first);
}

/* ---- the status ---------------------------------------------------------------------- */

static long card_with_a_broken_ring(void *arg)
{
	return card_with_packets(arg) || tell("break 1 loop") < 0;
}

static long set_status(void *arg)
{
	return tell("status 0xf");
}

static long need_of_a_reset_is_told(void *arg, long first, long second)
{
	if (first < 0 || second < 0)
		return wrong("an op", first, second);
	return ask("get status") == (RUNNING | NEEDS_RESET) ? 0 :
	       wrong("status", ask("get status"), 0);
}

static void need_of_a_reset_is_not_lost(void **state)
{
	const struct um_interleaving s = {
		.name = "set the status, a broken ring meanwhile",
		.setup = card_with_a_broken_ring, .first = set_status,
		.second = kick_and_settle, .check = need_of_a_reset_is_told,
	};

	all_orders_are_right(&s);
}

/* -------------------------------------------------------------------------------------- */

/* Another tree may have no sample drivers. */
static bool is_built(void)
{
	int err = um_insmod("mdev", NULL);

	err = err ? err : um_insmod("mvnet", NULL);
	um_rmmod("mvnet");
	um_rmmod("mdev");
	if (err)
		puts("SKIP: mvnet was not built");
	return !err;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(queue_that_is_not_ready_is_left_alone),
		POINTS_TEST(device_that_was_reset_leaves_rings_alone),
		POINTS_TEST(callback_does_not_run_when_it_is_forgotten),
		POINTS_TEST(need_of_a_reset_is_not_lost),
	};

	on_fibers(argv);
	if (um_boot(NULL) || !is_built())
		return 77;
	return cmocka_run_group_tests_name("mvnet_points", tests, NULL, points_shut_down);
}
