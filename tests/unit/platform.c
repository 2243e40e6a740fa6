// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers of platform devices, which a test plugs in; a region that is left, and a block
 * of a pool that is given back twice, of which a kernel tells only where it was configured
 * to. What else there is of devices, regions and pools is in contract/hardware and
 * contract/platform.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "platform.h"
#include "report.h"
#include "umdev/umdev.h"

static uint64_t seq;

static int setup(void **state)
{
	seq = um_kmsg_seq();
	return 0;
}

static int teardown(void **state)
{
	/* the name of a driver is taken until its last reference is released */
	um_late_flush();
	return um_check_splats();
}

static void driver_maps_the_registers_it_is_given(void **state)
{
	assert_int_equal(k_registers(), 0);
}

static void registers_that_are_anothers_are_refused(void **state)
{
	assert_int_equal(k_region_of_another(), -16);
	report_says(report_text(&seq), (const char *const []){
		"can't request region for resource [mem 0x", NULL });
}

static void parts_of_a_large_range_are_mapped_for_a_while(void **state)
{
	assert_int_equal(k_io_mapping(), 0);
}

static void block_that_is_given_back_twice_is_told(void **state)
{
	um_audit_mark();
	assert_int_equal(k_pool_twice(), 0);
	report_says(report_text(&seq), (const char *const []){ "dma_pool_free p, ", "(bad dma)", NULL });
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void region_that_is_left_is_told(void **state)
{
	um_audit_mark();
	k_leave_region();
	assert_int_equal(um_audit(NULL, NULL), 1);
	k_release_region();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(driver_maps_the_registers_it_is_given),
		TEST(registers_that_are_anothers_are_refused),
		TEST(parts_of_a_large_range_are_mapped_for_a_while),
		TEST(block_that_is_given_back_twice_is_told),
		TEST(region_that_is_left_is_told),
	};

	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("platform", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
