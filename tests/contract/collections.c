// SPDX-License-Identifier: GPL-2.0-only
/*
 * What keeps things, and what counts and calls them: bitmaps, xarrays, ids, refcounts,
 * lists, hash tables, notifiers.
 */
#include "lines.h"
#include "mdev_test.h"

#define COLLECTIONS	DIR_TEST "/collections"
#define CASES		COLLECTIONS "/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("collections_test", NULL), 0);
}

#include "cases.h"

static void bitmaps_are_combined(void **state)
{
	load();
	line_is(COLLECTIONS "/bitmaps", "set", "3-7,60-69 6-7,58-65");
	line_is(COLLECTIONS "/bitmaps", "and", "1 6-7,60-65");
	line_is(COLLECTIONS "/bitmaps", "or", "3-7,58-69");
	line_is(COLLECTIONS "/bitmaps", "xor", "3-5,58-59,66-69");
	line_is(COLLECTIONS "/bitmaps", "andnot", "1 3-5,66-69");
	line_is(COLLECTIONS "/bitmaps", "nothing", "0 1");
	line_is(COLLECTIONS "/bitmaps", "complement", "0-2,8-59");
}

static void bits_past_the_end_do_not_count(void **state)
{
	load();
	line_is(COLLECTIONS "/bitmaps", "disjoint", "0 1");
	line_is(COLLECTIONS "/bitmaps", "full", "1 70");
	line_is(COLLECTIONS "/bitmaps", "subset", "1 0");
	line_is(COLLECTIONS "/bitmaps", "equal", "1 0");
}

static void bitmaps_are_searched(void **state)
{
	load();
	line_is(COLLECTIONS "/bitmaps", "find", "3 60 8 69");
	line_is(COLLECTIONS "/bitmaps", "zero_area", "8 8");
	line_is(COLLECTIONS "/bitmaps", "free_region", "8 3-15,60-69");
	line_is(COLLECTIONS "/bitmaps", "allocate_region", "-16 0");
	line_is(COLLECTIONS "/bitmaps", "release_region", "3-7,24-25,60-69");
	line_is(COLLECTIONS "/bitmaps", "test_and_set", "0 1");
	line_is(COLLECTIONS "/bitmaps", "test_and_clear", "1 0");
}

static void xarray_finds_what_is_there(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "range", "100100");
	line_is(COLLECTIONS "/xarrays", "erase", "100000 1 100 1");
	line_is(COLLECTIONS "/xarrays", "empty", "1");
}

static void reserved_index_is_taken_and_reads_as_nothing(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "reserved", "0 1 5 -16");
	line_is(COLLECTIONS "/xarrays", "only_reserved", "1");
	/* what is stored is not released */
	line_is(COLLECTIONS "/xarrays", "released", "0 5");
}

static void entries_of_the_arrays_own_kind_are_stored(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "internal", "1 300 1");
}

static void xarray_is_changed_under_each_kind_of_lock(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "bh", "2 3");
	line_is(COLLECTIONS "/xarrays", "irq", "2 1");
	line_is(COLLECTIONS "/xarrays", "locked", "1 1 9");
}

static void xarray_hands_out_indices(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "null_kept", "0 1 1");
	line_is(COLLECTIONS "/xarrays", "wrapped", "0 4294967295 1 0 1");
	line_is(COLLECTIONS "/xarrays", "after", "0 2");
}

static void ids_of_null_are_taken_and_passed_over(void **state)
{
	load();
	line_is(COLLECTIONS "/xarrays", "idr_nulls", "1 2 3 4 13 13");
}

static void last_reference_is_dropped_under_a_lock(void **state)
{
	load();
	line_is(COLLECTIONS "/refcounts", "spinlock", "0 1 0");
	line_is(COLLECTIONS "/refcounts", "irqsave", "0 1 0");
	line_is(COLLECTIONS "/refcounts", "mutex", "0 1 0");
	/* not dropped at all unless it is the last */
	line_is(COLLECTIONS "/refcounts", "if_one", "0 0 2");
}

static void refcounts_tell_what_was_before(void **state)
{
	load();
	line_is(COLLECTIONS "/refcounts", "add", "3 1 5");
	line_is(COLLECTIONS "/refcounts", "before", "9 10 1 9");
	line_is(COLLECTIONS "/refcounts", "zero", "0 0");
}

static void sorting_and_cutting(void **state)
{
	load();
	line_is(COLLECTIONS "/lists", "sorted", "11234569 1");
	line_is(COLLECTIONS "/lists", "cut_none", "1 0");
	line_is(COLLECTIONS "/lists", "cut_all", "0 1");
}

static void notifiers_are_called_by_priority_until_one_stops(void **state)
{
	load();
	line_is(COLLECTIONS "/lists", "nobody", " 0");
	line_is(COLLECTIONS "/lists", "by_priority", "bac 1");
	line_is(COLLECTIONS "/lists", "stopped", "b 8006");
	line_is(COLLECTIONS "/lists", "one_less", "ac 0");
	line_is(COLLECTIONS "/lists", "unknown", "-2");
}

static void notifier_registered_twice_is_eexist_with_a_warning(void **state)
{
	load();
	t_expect_splat("already registered");
	t_expect_text(COLLECTIONS "/twice", "-17\n");
}

static void xarray_refuses_advanced_entries(void **state)
{
	t_expect_splat("lib/xarray.c");
	t_expect_splat("lib/xarray.c");
	run_case_of("xarray_refuses_advanced_entries");
}

static void idr_refuses_ids_below_zero(void **state)
{
	t_expect_splat("lib/idr.c");
	run_case_of("idr_refuses_ids_below_zero");
}

static void ida_frees_what_it_has_not_given(void **state)
{
	t_expect_splat("ida_free called for id=5000");
	run_case_of("ida_frees_what_it_has_not_given");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(bitmaps_are_combined),
		T_TEST(bits_past_the_end_do_not_count),
		T_TEST(bitmaps_are_searched),
		T_TEST(xarray_finds_what_is_there),
		T_TEST(reserved_index_is_taken_and_reads_as_nothing),
		T_TEST(entries_of_the_arrays_own_kind_are_stored),
		T_TEST(xarray_is_changed_under_each_kind_of_lock),
		T_TEST(xarray_hands_out_indices),
		T_TEST(ids_of_null_are_taken_and_passed_over),
		T_TEST(last_reference_is_dropped_under_a_lock),
		T_TEST(refcounts_tell_what_was_before),
		T_TEST(sorting_and_cutting),
		T_TEST(notifiers_are_called_by_priority_until_one_stops),
		T_TEST(notifier_registered_twice_is_eexist_with_a_warning),
		T_CASE(bitmap_operations),
		T_CASE(xarray_stores_and_finds),
		T_CASE(xarray_insert_and_exchange),
		T_CASE(xarray_marks),
		T_CASE(xarray_allocates),
		T_CASE(xarray_agrees_with_a_table),
		T_TEST(xarray_refuses_advanced_entries),
		T_CASE(idr_ids),
		T_CASE(idr_cyclic_and_base),
		T_TEST(idr_refuses_ids_below_zero),
		T_CASE(ida_ids),
		T_TEST(ida_frees_what_it_has_not_given),
		T_CASE(list_operations),
		T_CASE(list_sort_keeps_order),
		T_CASE(hash_tables),
		T_CASE(sort_and_search),
	};

	return t_run("collections", tests);
}
