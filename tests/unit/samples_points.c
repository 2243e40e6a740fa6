// SPDX-License-Identifier: GPL-2.0-only
/*
 * What points show of the sample drivers (um_interleave()): two who create the
 * last mdev that there is room for; who reads while mtty comes, or a card goes.
 * Not mdpy, which paints its picture in a thousand points (contract/mdpy).
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
#define OTHER_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define DEVICES		"/sys/bus/mdev/devices/"
#define MTTY		"/sys/devices/virtual/mtty/mtty"
#define MTTY_TYPE	MTTY "/mdev_supported_types/mtty-1"

/* Another tree may have no sample drivers. */
static void skip_without(const char *name)
{
	int err = um_insmod(name, NULL);

	if (err == -ENOENT) {
		printf("SKIP: %s was not built\n", name);
		skip();
	}
	assert_int_equal(err, 0);
	assert_int_equal(um_rmmod(name), 0);
}

/* ---- room for one more -------------------------------------------------------- */

static long create_by(const char *type, const char *uuid)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/create", type);
	return put(path, uuid);
}

static long create(void *type)
{
	return create_by(type, UUID);
}

static long create_other(void *type)
{
	return create_by(type, OTHER_UUID);
}

static long room(const char *type)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/available_instances", type);
	return get_number(path);
}

static long one_was_created(void *type, long a, long b)
{
	if (!(a == UUID_LEN && b == -ENOSPC) && !(a == -ENOSPC && b == UUID_LEN))
		return wrong("create", a, b);
	if (room(type) != 0)
		return wrong("room for another", a, b);
	if (put(a == UUID_LEN ? DEVICES UUID "/remove" : DEVICES OTHER_UUID "/remove", "1") != 1)
		return wrong("remove", a, b);
	return room(type) == 1 ? 0 : wrong("no room for one", a, b);
}

/* There is room for one, and for one it is again after each schedule. */
static void room_is_given_to_one_of_two(const char *type)
{
	const struct um_interleaving s = {
		.name = "create the last, another meanwhile", .first = create,
		.second = create_other, .check = one_was_created, .arg = (void *)type,
	};

	assert_int_equal(room(type), 1);
	all_orders_are_right(&s);
}

static void memory_of_mbochs_is_given_to_one_of_two(void **state)
{
	skip_without("mbochs");
	assert_int_equal(um_insmod("mbochs", "mbytes=4"), 0);
	room_is_given_to_one_of_two("/sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-small");
	assert_int_equal(um_rmmod("mbochs"), 0);
}

static void last_card_of_mvnet_is_given_to_one_of_two(void **state)
{
	skip_without("mvnet");
	assert_int_equal(um_insmod("mvnet", "count=1"), 0);
	room_is_given_to_one_of_two("/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio");
	assert_int_equal(um_rmmod("mvnet"), 0);
}

/* All but one of its 24 are taken before. */
static void last_port_of_mtty_is_given_to_one_of_two(void **state)
{
	char uuid[UUID_LEN + 1];
	int i;

	skip_without("mtty");
	assert_int_equal(um_insmod("mtty", NULL), 0);
	for (i = 0; i < 23; i++) {
		snprintf(uuid, sizeof(uuid), "%08x-509f-382f-3c1e-e6bfe0fa1001", i);
		assert_int_equal(create_by(MTTY_TYPE, uuid), UUID_LEN);
	}
	room_is_given_to_one_of_two(MTTY_TYPE);
	assert_int_equal(um_rmmod("mtty"), 0);
}

/* ---- mtty is read ---------------------------------------------------------------- */

static long load_mtty(void *arg)
{
	return um_insmod("mtty", NULL);
}

static long read_free_ports(void *arg)
{
	return get_number(MTTY_TYPE "/available_instances");
}

static long loaded_and_read(void *arg, long loaded, long ports)
{
	long unloaded = um_rmmod("mtty");

	if (loaded || unloaded)
		return wrong("load", loaded, unloaded);
	return ports == 24 || is_gone(ports) ? 0 : wrong("ports", loaded, ports);
}

static void mtty_is_read_while_it_is_loaded(void **state)
{
	const struct um_interleaving s = {
		.name = "load mtty, read meanwhile",
		.first = load_mtty, .second = read_free_ports, .check = loaded_and_read,
	};

	skip_without("mtty");
	all_orders_are_right(&s);
}

static long create_cards(void *arg)
{
	return put(MTTY_TYPE "/create", UUID) != UUID_LEN ||
	       put(MTTY_TYPE "/create", OTHER_UUID) != UUID_LEN;
}

/* The one made last: it is the first of a list. */
static long remove_card(void *arg)
{
	return put(MTTY "/" OTHER_UUID "/remove", "1");
}

static long read_and_removed(void *arg, long ports, long removed)
{
	if (removed != 1 || (ports != 22 && ports != 23))
		return wrong("ports", ports, removed);
	return put(MTTY "/" UUID "/remove", "1") != 1;
}

static void mtty_is_read_while_a_card_goes(void **state)
{
	const struct um_interleaving s = {
		.name = "read free ports, remove a card meanwhile", .setup = create_cards,
		.first = read_free_ports, .second = remove_card, .check = read_and_removed,
	};

	skip_without("mtty");
	assert_int_equal(load_mtty(NULL), 0);
	all_orders_are_right(&s);
	assert_int_equal(um_rmmod("mtty"), 0);
}

/* ------------------------------------------------------------------------------------ */

static int setup(void **state)
{
	um_audit_mark();
	return um_insmod("mdev", NULL);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(memory_of_mbochs_is_given_to_one_of_two),
		POINTS_TEST(last_card_of_mvnet_is_given_to_one_of_two),
		POINTS_TEST(last_port_of_mtty_is_given_to_one_of_two),
		POINTS_TEST(mtty_is_read_while_it_is_loaded),
		POINTS_TEST(mtty_is_read_while_a_card_goes),
	};

	on_fibers(argv);
	return run_points("samples_points", tests);
}
