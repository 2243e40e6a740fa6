// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done to a card of mvnet at once: kicks, whose packets a worker
 * moves, rings that are taken away or made ready, a reset, the status, the plug.
 *
 * A scenario starts with a card that runs and has three packets to move. When a
 * ring was taken away or the card reset, nothing of it was used afterwards:
 * neither the freed one, of which a detector tells, nor the new one in its place.
 * A card that was not broken needs no reset.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "../unit/mvnet_card.h"
#include "../../shim/tools/umdev_scenarios.h"

enum { TAKES_RINGS = 1, FORGETS = 2 };

/* 0 for what was taken, whatever its length. */
static long taken(long ret)
{
	return ret < 0 ? ret : 0;
}

static long kick(void *arg)
{
	return taken(tell_meanwhile("kick 1"));
}

static long kick_other(void *arg)
{
	return taken(tell_meanwhile("kick 0"));
}

static long set_status(void *arg)
{
	return taken(tell("status 0xf"));
}

static long unplug(void *arg)
{
	return taken(put(LINK, "0"));
}

static long calls_then;

static long forget(void *arg)
{
	long ret = taken(tell("config_callback 0"));

	calls_then = ask("get config_calls");
	return ret;
}

static const struct operation operations[] = {
	{ .name = "kick", .run = kick },
	{ .name = "kick_other", .run = kick_other },
	{ .name = "unready", .run = take_rings_away, .needs = TAKES_RINGS },
	{ .name = "reset", .run = reset, .needs = TAKES_RINGS },
	{ .name = "status", .run = set_status },
	{ .name = "unplug", .run = unplug },
	{ .name = "forget", .run = forget, .needs = FORGETS },
};

static int boot(void)
{
	return setup(NULL) ? -EIO : 0;
}

static long set_up(unsigned int needs)
{
	return card_with_packets(NULL);
}

static long put_back(unsigned int needs)
{
	if (tell("settle") < 0)
		return wrong("the worker does not end", 0, 0);
	if (!is_sound())
		return wrong("status", ask("get status"), 0);
	if (needs & TAKES_RINGS && (ask("get used 0") || ask("get used 1")))
		return wrong("a ring was used", ask("get used 0"), ask("get used 1"));
	if (needs & FORGETS && ask("get config_calls") != calls_then)
		return wrong("called after it was to be forgotten", calls_then,
			     ask("get config_calls"));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct subject mvnet = {
		.name = "mvnet", .operations = operations,
		.n = sizeof(operations) / sizeof(operations[0]),
		.boot = boot, .set_up = set_up, .put_back = put_back,
	};

	scenarios_begin(argv);
	return scenarios_main(&mvnet, argc, argv);
}
