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

static long send(void *arg)
{
	long ret = put(USER "/test/do", "add 1 o60");

	ret = ret < 0 ? ret : put(USER "/test/do", "kick 1");
	/* the device, in a worker, gets to it while this task may run */
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

/* Each may find that the card, the device or its driver has gone, or is going. */
static const struct deed {
	const char *name;
	long (*fn)(void *arg);
	long may[4];		/* beside 0 and more, -ENOENT and -ENODEV */
	bool only_second;	/* its own steps are held in other tests */
} deeds[] = {
	{ "remove the card", remove_card, { 0 } },
	{ "unbind virtio_mdev", unbind_card, { 0 } },
	{ "unbind the virtio driver", unbind_user, { 0 } },
	/* it is bound, unless the other has unbound it */
	{ "bind the virtio driver", bind_user, { -EBUSY, -EINVAL }, true },
	/* of a virtqueue that is full, or broken by a reset of the device */
	{ "send", send, { -ENOSPC, -EIO } },
	{ "reset", reset, { 0 } },
	{ "change the config space", change_config, { 0 } },
	{ "read the status", read_status, { 0 }, true },
	{ "unload the vendor driver", unload_vendor, { -EWOULDBLOCK, -EBUSY }, true },
	{ "unload virtio_mdev", unload_driver, { -EWOULDBLOCK, -EBUSY }, true },
	{ "unload the virtio driver", unload_user, { -EWOULDBLOCK, -EBUSY }, true },
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

static long card_with_a_user(void *arg)
{
	return load_card_modules() || create_card(NULL) != UUID_LEN || !exists(USER "/driver");
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

/*
 * Who unbinds holds the mdev, and so its parent, a moment longer than the vendor
 * driver is pinned. That is no fault: the parent's release is not in its module.
 * But when a module is unloaded, what it has made and somebody holds is told.
 */
static bool is_left_out(const struct deed *first, const struct deed *second)
{
	return first->fn == unbind_card && second->fn == unload_vendor;
}

static void every_pair_with(const struct deed *first)
{
	char name[128];
	size_t i;

	for (i = 0; i < N_DEEDS; i++) {
		struct pair pair = { first, &deeds[i] };
		const struct um_interleaving s = {
			.name = name, .setup = card_with_a_user, .first = first->fn,
			.second = deeds[i].fn, .check = nothing_is_left, .arg = &pair,
		};

		if (is_left_out(first, &deeds[i]))
			continue;
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

int main(void)
{
	struct CMUnitTest tests[N_DEEDS] = { { 0 } };
	size_t i, n = 0;

	if (um_boot(NULL) || !card_is_built())
		return 77;
	for (i = 0; i < N_DEEDS; i++) {
		if (deeds[i].only_second)
			continue;
		tests[n++] = (struct CMUnitTest){
			.name = deeds[i].name, .test_func = each_pair_is_right,
			.setup_func = setup, .teardown_func = points_teardown,
			.initial_state = (void *)&deeds[i],
		};
	}
	return _cmocka_run_group_tests("virtio_mdev_points", tests, n, NULL, points_shut_down);
}
