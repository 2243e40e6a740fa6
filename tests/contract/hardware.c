// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers of devices call, function by function: how lines of interrupts flow,
 * platform devices, regions of addresses, pools of memory for DMA. How these play
 * together is in irq.c and platform.c; what there is of cards in pci.c.
 */
#include "mdev_test.h"

#define CASES	DIR_TEST "/hardware/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("hardware_test", NULL), 0);
}

#include "cases.h"

static void type_that_a_chip_has_not_is_told(void **state)
{
	run_case_of("lines_have_a_type");
	assert_true(t_kmsg_has("Setting trigger mode 3 for irq "));
}

static void bad_line_is_told(void **state)
{
	run_case_of("bad_line_is_not_handled");
	assert_true(t_kmsg_has("unexpected IRQ trap at vector "));
}

static void region_is_had_once(void **state)
{
	run_case_of("region_is_had_once");
	assert_true(t_kmsg_has("Trying to free nonexistent resource <0x0000004000001000-0x000000400000101f>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_CASE(level_line_is_masked_while_it_is_handled),
		T_CASE(controller_is_told_of_the_end),
		T_CASE(simple_line_is_only_handled),
		T_CASE(edge_is_acknowledged_and_kept_while_it_is_off),
		T_TEST(bad_line_is_told),
		T_CASE(chip_enables_and_disables_as_it_can),
		T_TEST(type_that_a_chip_has_not_is_told),
		T_CASE(chained_line_is_on_at_once),
		T_CASE(resources_are_found_by_number_and_name),
		T_CASE(devices_that_want_the_same_are_refused),
		T_CASE(several_are_added_or_none),
		T_CASE(driver_that_finds_nothing_is_not_bound),
		T_TEST(region_is_had_once),
		T_CASE(blocks_of_a_pool_are_apart_and_within_bounds),
		T_CASE(managed_memory_for_dma_goes_with_its_driver),
	};

	return t_run("hardware", tests);
}
