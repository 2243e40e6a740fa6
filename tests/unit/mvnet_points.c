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

#include "points.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define CARD		"/sys/bus/mdev/devices/" UUID
#define CREATE		"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio/create"
#define LINK		CARD "/vendor/link"
#define FEATURES	"0x300010020"
#define RUNNING		0xf
#define NEEDS_RESET	0x40

/* ---- the card and its driver ----------------------------------------------------- */

static long tell(const char *text)
{
	return put(CARD "/virtio/do", text);
}

/* While another task is telling it something. */
static long tell_meanwhile(const char *text)
{
	return put(CARD "/virtio/meanwhile", text);
}

/* What the device or the driver answers; a negative errno. */
static long ask(const char *text)
{
	long ret = tell(text);

	if (ret >= 0) {
		void *user = um_user_alloc(32);
		int fd = um_open(CARD "/virtio/result", O_RDONLY);

		ret = fd < 0 ? fd : um_read(fd, user, 31);
		if (fd >= 0)
			um_close(fd);
		if (ret > 0)
			ret = strtol(um_user_ptr(user), NULL, 0);
		um_user_free(user);
	}
	return ret;
}

static long tell_all(const char *const *text)
{
	for (; *text; text++)
		if (tell(*text) < 0)
			return 1;
	return 0;
}

/* A card that runs, with three packets to move, of which it has not been told yet. */
static long card_with_packets(void *arg)
{
	static const char *const steps[] = {
		"status 0", "status 3", "features " FEATURES, "status 0xb",
		"ring 0 16", "callback 0 1", "ready 0 1", "ring 1 16", "callback 1 1", "ready 1 1",
		"status 0xf", "config_callback 1",
		"post 0 100", "post 0 100", "post 0 100", "post 1 70", "post 1 80", "post 1 90",
		NULL
	};

	return tell_all(steps) || put(LINK, "1") != 1;
}

static long kick_and_settle(void *arg)
{
	long ret = tell_meanwhile("kick 1");

	return ret < 0 ? ret : tell_meanwhile("settle");
}

static bool is_sound(void)
{
	return !(ask("get status") & NEEDS_RESET);
}

/* ---- memory ------------------------------------------------------------------------ */

/*
 * Both rings are taken away, and at once their memory is another's: buffers are
 * freed, rings made anew. Of a packet or a ring that the device still looked at a
 * sanitizer would tell, or its own complaint.
 */
static long take_rings_away(void *arg)
{
	static const char *const steps[] = {
		"ready 1 0", "ring 1 16", "ready 0 0", "ring 0 16", NULL
	};

	return tell_all(steps);
}

static long reset(void *arg)
{
	static const char *const steps[] = { "status 0", "ring 0 16", "ring 1 16", NULL };

	return tell_all(steps);
}

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

static int setup(void **state)
{
	static const char *const modules[] = { "mdev", "mdev_test_control", "mvnet",
					       "mdev_test_virtio" };
	size_t i;

	um_audit_mark();
	for (i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (um_insmod(modules[i], NULL))
			return -1;
	return put(CREATE, UUID) != UUID_LEN || tell("config_callback 1") < 0;
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(queue_that_is_not_ready_is_left_alone),
		POINTS_TEST(device_that_was_reset_leaves_rings_alone),
		POINTS_TEST(callback_does_not_run_when_it_is_forgotten),
		POINTS_TEST(need_of_a_reset_is_not_lost),
	};

	if (um_boot(NULL) || !is_built())
		return 77;
	return cmocka_run_group_tests_name("mvnet_points", tests, NULL, points_shut_down);
}
