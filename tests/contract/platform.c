// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platform devices: their names and files, what a driver is given, its line, and
 * binding by hand. tests/modules/platform_test.c has both sides.
 */
#include "target.h"

#define BUS	"/sys/bus/platform"
#define DRIVER	BUS "/drivers/platform_test"
#define ONE	"/sys/devices/platform/plat_one.0"
#define FOUND	ONE "/found"

static void begin(void)
{
	t_expect(t_insmod("platform_test", NULL), 0);
}

/* The driver's handler pins who made the line: the module itself. */
static void end(void)
{
	t_expect(t_rmmod("platform_test"), -EWOULDBLOCK);
	t_expect(t_put(DRIVER "/unbind", "plat_one.0"), 10);
	t_expect(t_rmmod("platform_test"), 0);
	assert_false(t_exists(ONE));
}

static void device_is_named_by_name_and_id(void **state)
{
	struct t_uevent ev;
	char names[4096];

	t_uevent_flush();
	begin();
	assert_true(t_exists(ONE));
	t_expect_text(ONE "/modalias", "platform:plat_one\n");
	t_list(BUS "/devices", names, sizeof(names));
	assert_non_null(strstr(names, "plat_two."));
	assert_non_null(strstr(names, ".auto"));
	assert_true(t_uevent_find("add", "/plat_one.0", &ev));
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "platform:plat_one");
	end();
}

static void driver_is_given_what_was_registered(void **state)
{
	begin();
	t_expect_text(FOUND, "data 1 text hello irq 1 other -6 named 1 interrupts 0\n");
	end();
}

static void handler_of_its_line_is_called(void **state)
{
	begin();
	t_expect(t_put(FOUND, "raise"), 5);
	t_expect(t_put(FOUND, "raise"), 5);
	t_expect_text(FOUND, "data 1 text hello irq 1 other -6 named 1 interrupts 2\n");
	end();
}

static void resources_go_with_the_driver(void **state)
{
	begin();
	t_expect(t_refcnt("platform_test"), 1);
	t_expect(t_put(DRIVER "/unbind", "plat_one.0"), 10);
	t_expect(t_refcnt("platform_test"), 0);
	assert_false(t_exists(FOUND));
	t_expect(t_put(DRIVER "/bind", "plat_one.0"), 10);
	t_expect_text(FOUND, "data 1 text hello irq 1 other -6 named 1 interrupts 0\n");
	end();
}

static void override_keeps_other_drivers_away(void **state)
{
	begin();
	t_expect(t_put(DRIVER "/unbind", "plat_one.0"), 10);
	t_expect(t_put(ONE "/driver_override", "another"), 7);
	t_expect(t_put(DRIVER "/bind", "plat_one.0"), -ENODEV);
	t_expect(t_put(ONE "/driver_override", "platform_test\n"), 14);
	t_expect_text(ONE "/driver_override", "platform_test\n");
	t_expect(t_put(ONE "/driver_override", "\n"), 1);
	t_expect(t_put(DRIVER "/bind", "plat_one.0"), 10);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_is_named_by_name_and_id),
		T_TEST(driver_is_given_what_was_registered),
		T_TEST(handler_of_its_line_is_called),
		T_TEST(resources_go_with_the_driver),
		T_TEST(override_keeps_other_drivers_away),
	};

	return t_run("platform", tests);
}
