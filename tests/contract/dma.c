// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device reaches by DMA: masks, and memory, lists and registers that are mapped
 * for it and come back as they were.
 */
#include "mdev_test.h"

#define DMA	DIR_TEST "/dma"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("dma_test", NULL), 0);
}

static void masks_are_set_if_memory_can_be_had_for_them(void **state)
{
	load();
	t_expect_text(DMA "/masks",
		      "at first: ffffffff ffffffff\n"
		      "too small: -5 -5 -5\n"
		      "as they were: ffffffff ffffffff\n"
		      "set: 0 ffffffffff 0 7fffffff\n"
		      "both: 0 ffffffffffffffff ffffffffffffffff ffffffffffffffff\n"
		      "none: -5 ffffffff\n"
		      "forced: 0 1 ffffffff\n");
}

static void memory_is_mapped_within_the_mask(void **state)
{
	load();
	t_expect_text(DMA "/transfers", "mapped: 3 3\nas it was: 6\n");
}

static void lists_are_mapped_within_the_mask(void **state)
{
	load();
	t_expect_text(DMA "/lists", "mapped: 3\nas it was: 3 wWw\n");
}

static void registers_beyond_the_mask_cannot_be_mapped(void **state)
{
	load();
	t_expect_splat("kernel/dma/direct.");
	t_expect_text(DMA "/resources", "mapped: 0 1\nbeyond the mask: -12\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(masks_are_set_if_memory_can_be_had_for_them),
		T_TEST(memory_is_mapped_within_the_mask),
		T_TEST(lists_are_mapped_within_the_mask),
		T_TEST(registers_beyond_the_mask_cannot_be_mapped),
	};

	return t_run("dma", tests);
}
