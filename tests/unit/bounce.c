// SPDX-License-Identifier: GPL-2.0-only
/* What a device does not reach: copies, and whose turn it is; and what cannot be reached at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bounce.h"
#include "umdev/umdev.h"

static char told[8192];

static void tell(const char *line, void *arg)
{
	strncat(told, line, sizeof(told) - strlen(told) - 1);
}

static int teardown(void **state)
{
	return um_audit(NULL, NULL) + um_check_splats();
}

static void what_a_device_writes_is_seen_after_a_sync(void **state)
{
	assert_int_equal(bounce_from_device(), 0);
}

static void what_a_driver_writes_is_seen_after_a_sync(void **state)
{
	assert_int_equal(bounce_to_device(), 0);
}

static void unmapping_without_a_sync_copies_nothing(void **state)
{
	assert_int_equal(bounce_both_ways(), 0);
}

static void memory_within_the_mask_is_not_copied(void **state)
{
	assert_int_equal(bounce_page_within_the_mask(), 0);
}

static void entries_of_a_list_are_copied_each(void **state)
{
	assert_int_equal(bounce_list(), 0);
}

static void memory_out_of_reach_is_told(void **state)
{
	um_expect_splat("swiotlb addr");
	assert_int_equal(bounce_out_of_reach(), 0);
}

static void registers_out_of_reach_are_told(void **state)
{
	um_expect_splat("overflow (mask ffffffff");
	assert_int_equal(bounce_resource_out_of_reach(), 0);
}

static void mapping_that_is_left_is_told_once(void **state)
{
	const char *at;

	assert_int_equal(bounce_left(), 0);
	told[0] = '\0';
	um_audit(tell, NULL);
	bounce_give_back();
	at = strstr(told, "DMA mapping");
	assert_non_null(at);
	assert_non_null(strstr(told, "bounce_left"));
	assert_null(strstr(told, "pfn"));
}

#define TEST(test) cmocka_unit_test_teardown(test, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_a_device_writes_is_seen_after_a_sync),
		TEST(what_a_driver_writes_is_seen_after_a_sync),
		TEST(unmapping_without_a_sync_copies_nothing),
		TEST(memory_within_the_mask_is_not_copied),
		TEST(entries_of_a_list_are_copied_each),
		TEST(memory_out_of_reach_is_told),
		TEST(registers_out_of_reach_are_told),
		TEST(mapping_that_is_left_is_told_once),
	};

	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests_name("bounce", tests, NULL, NULL) || um_shutdown();
}
