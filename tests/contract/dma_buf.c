// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatter lists, DMA mapping and dma-bufs as another driver sees them. What a user sees
 * of a dma-buf is in mbochs.
 */
#include "mdev_test.h"

#define CASES	DIR_TEST "/dmabuf_cases/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("dmabuf_cases", NULL), 0);
}

#include "cases.h"

static void export_wants_its_operations(void **state)
{
	t_expect_splat("dma_buf_export");
	run_case_of("export_wants_its_operations");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_CASE(neighbours_share_an_entry),
		T_CASE(chains_are_followed),
		T_CASE(empty_tables_are_refused),
		T_CASE(device_sees_physical_addresses),
		T_TEST(export_wants_its_operations),
		T_CASE(attachment_maps_each_time),
		T_CASE(exporter_may_refuse_a_device),
		T_CASE(access_is_announced_to_the_exporter),
	};

	return t_run("dma_buf", tests);
}
