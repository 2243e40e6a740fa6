// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever is done to a card of class virtio, and whatever else meanwhile: each
 * pair, in every order that one preemption of the first can make
 * (um_interleave()). Nothing hangs, nothing that has gone is touched, each gets
 * an answer that it can expect, and afterwards the card can be used again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "virtio_mdev.h"

/* ---- what is done -------------------------------------------------------------------- */

static long reset(void *arg)
{
	return put(USER "/test/do", "reset");
}

static long kick(void *arg)
{
	long ret = put(USER "/test/do", "add 1 o60");

	return ret < 0 ? ret : put(USER "/test/do", "kick 1");
}

/* The device, in a worker, gets to what it was kicked for, and calls. */
static long be_interrupted(void *arg)
{
	long ret = kick(arg);

	return ret < 0 ? ret : put(USER "/test/do", "settle");
}

/* The plug is pulled out: the config space changes, and an interrupt tells so. */
static long change_config(void *arg)
{
	return put(CARD "/vendor/link", "0");
}

static long read_status(void *arg)
{
	return get_number(USER "/status");
}

static long unload_vendor(void *arg)
{
	return um_rmmod("mvnet");
}

static long unload_driver(void *arg)
{
	return um_rmmod("virtio_mdev");
}

static long unload_user(void *arg)
{
	return um_rmmod("virtio_test_driver");
}

/* What is bound anew by a deed is not bound before. */
enum before { CARD_AND_USER, CARD_WITHOUT_DRIVER, CARD_WITHOUT_USER };

/* Each may find that the card, the device or its driver has gone, or is going. */
static const struct deed {
	const char *name;
	long (*fn)(void *arg);
	long may[4];		/* beside 0 and more, -ENOENT and -ENODEV */
	enum before before;	/* where it comes first */
} deeds[] = {
	{ "remove the card", remove_card, { 0 } },
	{ "unbind virtio_mdev", unbind_card, { 0 } },
	/* it is bound already where another deed comes first */
	{ "probe by virtio_mdev", bind_card, { -EBUSY, -EAGAIN }, CARD_WITHOUT_DRIVER },
	{ "unbind the virtio driver", unbind_user, { 0 } },
	{ "probe by the virtio driver", bind_user, { -EBUSY, -EINVAL, -EAGAIN }, CARD_WITHOUT_USER },
	/* of a virtqueue that is full, or broken by a reset of the device */
	{ "kick", kick, { -ENOSPC, -EIO } },
	{ "interrupt", be_interrupted, { -ENOSPC, -EIO } },
	{ "reset", reset, { 0 } },
	{ "change the config space", change_config, { 0 } },
	{ "read the status", read_status, { 0 } },
	{ "unload the vendor driver", unload_vendor, { -EWOULDBLOCK, -EBUSY } },
	{ "unload virtio_mdev", unload_driver, { -EWOULDBLOCK, -EBUSY } },
	{ "unload the virtio driver", unload_user, { -EWOULDBLOCK, -EBUSY } },
};
#define N_DEEDS (sizeof(deeds) / sizeof(deeds[0]))

struct pair {
	const struct deed *first, *second;
};

static bool may_be(const struct deed *deed, long ret)
{
	size_t i;

	if (ret >= 0 || is_gone(ret))
		return true;
	for (i = 0; i < 4; i++)
		if (deed->may[i] && deed->may[i] == ret)
			return true;
	return false;
}

/* ---- before and after each schedule ---------------------------------------------------- */

static long card_as_it_must_be(void *arg)
{
	const struct pair *pair = arg;

	if (load_card_modules() || create_card(NULL) != UUID_LEN || !exists(USER "/driver"))
		return 1;
	if (pair->first->before == CARD_WITHOUT_DRIVER)
		return unbind_card(NULL) < 0;
	if (pair->first->before == CARD_WITHOUT_USER)
		return unbind_user(NULL) < 0;
	return 0;
}

/* Whatever is left goes, and then all can be had again. */
static long nothing_is_left(void *arg, long a, long b)
{
	const struct pair *pair = arg;

	if (!may_be(pair->first, a) || !may_be(pair->second, b))
		return wrong(pair->first->name, a, b);
	if (exists(CARD) && remove_card(NULL) != 1)
		return wrong("the card does not go", a, b);
	if (exists(USER))
		return wrong("the virtio device is still there", a, b);
	return 0;
}

static void every_pair_with(const struct deed *first)
{
	char name[128];
	size_t i;

	for (i = 0; i < N_DEEDS; i++) {
		struct pair pair = { first, &deeds[i] };
		const struct um_interleaving s = {
			.name = name, .setup = card_as_it_must_be, .first = first->fn,
			.second = deeds[i].fn, .check = nothing_is_left, .arg = &pair,
		};

		snprintf(name, sizeof(name), "%s, %s meanwhile", first->name, deeds[i].name);
		all_orders_are_right(&s);
	}
}

static void each_pair_is_right(void **state)
{
	every_pair_with(*state);
}

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[N_DEEDS] = { { 0 } };
	size_t i, n = 0;

	on_fibers(argv);
	if (um_boot(NULL) || !card_is_built())
		return 77;
	for (i = 0; i < N_DEEDS; i++) {
		tests[n++] = (struct CMUnitTest){
			.name = deeds[i].name, .test_func = each_pair_is_right,
			.setup_func = setup, .teardown_func = points_teardown,
			.initial_state = (void *)&deeds[i],
		};
	}
	return _cmocka_run_group_tests("virtio_mdev_points", tests, n, NULL, points_shut_down);
}
