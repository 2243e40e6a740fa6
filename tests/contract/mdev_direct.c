// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor whose parent driver and mdev driver are one module.
 */
#include "mdev_test.h"

#define CARD		"/sys/devices/virtual/mdev_direct/card"
#define SLOT		CARD "/mdev_supported_types/mdev_direct-slot"
#define DIRECT		BUS "/drivers/direct"
#define CARD_A		CARD "/" UUID_A

static void load_direct(const char *params)
{
	t_expect(t_insmod("mdev", NULL), 0);
	t_expect(t_insmod("mdev_test_direct", params), 0);
}

static void mdev_is_served_by_its_own_vendor(void **state)
{
	load_direct(NULL);
	create(SLOT, UUID_A);
	expect_link_to(CARD_A "/driver", "direct");
	t_expect_text(CARD_A "/generation", "1 of card\n");
}

static void rebinding_keeps_the_vendors_data(void **state)
{
	load_direct(NULL);
	create(SLOT, UUID_A);
	t_expect(t_put(DIRECT "/unbind", UUID_A), UUID_LEN);
	assert_false(t_exists(CARD_A "/generation"));
	t_expect(t_put(DIRECT "/bind", UUID_A), UUID_LEN);
	t_expect_text(CARD_A "/generation", "2 of card\n");
}

static void instances_are_limited(void **state)
{
	load_direct("slots=1");
	t_expect_text(SLOT "/available_instances", "1\n");
	create(SLOT, UUID_A);
	t_expect_text(SLOT "/available_instances", "0\n");
	t_expect(t_put(SLOT "/create", UUID_B), -ENOSPC);
	discard(CARD_A);
	t_expect_text(SLOT "/available_instances", "1\n");
	create(SLOT, UUID_B);
}

static void its_alias_has_three_digits(void **state)
{
	struct t_uevent ev;

	load_direct(NULL);
	t_uevent_flush();
	create(SLOT, UUID_A);
	assert_true(t_uevent_find("add", "/" UUID_A, &ev));
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "mdev:c123");
}

static void unloading_takes_everything_along(void **state)
{
	load_direct(NULL);
	create(SLOT, UUID_A);
	create(SLOT, UUID_B);
	t_expect(t_rmmod("mdev"), -EWOULDBLOCK);
	t_expect(t_rmmod("mdev_test_direct"), 0);
	expect_list(BUS "/devices", "");
	expect_list(BUS "/drivers", "");
	t_expect(t_rmmod("mdev"), 0);
}

static void drivers_may_go_in_either_order(void **state)
{
	static const char *const orders[] = { "driver_first=0", "driver_first=1" };
	int i;

	t_expect(t_insmod("mdev", NULL), 0);
	for (i = 0; i < 2; i++) {
		t_expect(t_insmod("mdev_test_direct", orders[i]), 0);
		create(SLOT, UUID_A);
		create(SLOT, UUID_B);
		t_expect(t_put(DIRECT "/unbind", UUID_B), UUID_LEN);
		t_kmsg_flush();
		t_expect(t_rmmod("mdev_test_direct"), 0);
		t_expect(t_kmsg_count("MDEV: detaching iommu"), 1);
		expect_list(BUS "/devices", "");
		expect_list(BUS "/drivers", "");
	}
}

static void unbound_mdev_can_be_removed(void **state)
{
	load_direct(NULL);
	create(SLOT, UUID_A);
	t_expect(t_put(DIRECT "/unbind", UUID_A), UUID_LEN);
	t_expect(t_put(DIRECT "/unbind", UUID_A), -ENODEV);
	discard(CARD_A);
	t_expect_text(SLOT "/available_instances", "2\n");
	t_expect(t_put(DIRECT "/bind", UUID_A), -ENODEV);
}

static void module_can_be_loaded_again(void **state)
{
	int i;

	t_expect(t_insmod("mdev", NULL), 0);
	for (i = 0; i < 3; i++) {
		t_expect(t_insmod("mdev_test_direct", NULL), 0);
		create(SLOT, UUID_A);
		t_expect(t_rmmod("mdev_test_direct"), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(mdev_is_served_by_its_own_vendor),
		T_TEST(rebinding_keeps_the_vendors_data),
		T_TEST(instances_are_limited),
		T_TEST(its_alias_has_three_digits),
		T_TEST(unloading_takes_everything_along),
		T_TEST(drivers_may_go_in_either_order),
		T_TEST(unbound_mdev_can_be_removed),
		T_TEST(module_can_be_loaded_again),
	};

	return t_run("mdev_direct", tests);
}
