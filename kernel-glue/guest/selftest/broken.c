// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test program that must fail: an innocent test of a driver with a fault.
 * Which one is in the name of the test, chosen by TESTS=broken:NAME.
 */
#include "target.h"

#define CREATE "/sys/class/mdev_bus/broken0/mdev_supported_types/broken-1/create"

static void create_two(const char *params)
{
	t_expect(t_modprobe("broken", params), 0);
	t_put(CREATE, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
	t_put(CREATE, "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");
}

static void none(void **state)
{
	create_two("");
}

static void null(void **state)
{
	create_two("fault=null");
}

static void unlock(void **state)
{
	create_two("fault=unlock");
}

static void warn(void **state)
{
	create_two("fault=warn");
}

static void leak(void **state)
{
	create_two("fault=leak");
}

static void lock_order(void **state)
{
	create_two("fault=lock_order");
}

static void use_after_free(void **state)
{
	create_two("fault=use_after_free");
}

static void memory_lost(void **state)
{
	create_two("fault=memory_lost");
}

static void sleeps_in_atomic(void **state)
{
	create_two("fault=sleeps_in_atomic");
}

static void active_freed(void **state)
{
	create_two("fault=active_freed");
}

static void race(void **state)
{
	create_two("fault=race");
}

static void freed_early(void **state)
{
	create_two("fault=freed_early");
}

static void announced(void **state)
{
	t_expect_splat("this does not come");
	create_two("");
}

static void killed(void **state)
{
	abort();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(none),
		T_TEST(null),
		T_TEST(unlock),
		T_TEST(warn),
		T_TEST(leak),
		T_TEST(lock_order),
		T_TEST(use_after_free),
		T_TEST(memory_lost),
		T_TEST(sleeps_in_atomic),
		T_TEST(active_freed),
		T_TEST(race),
		T_TEST(freed_early),
		T_TEST(announced),
		T_TEST(killed),
	};

	return t_run("broken", tests);
}
