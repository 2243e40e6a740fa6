// SPDX-License-Identifier: GPL-2.0-only
/*
 * vringh: the device's side of a virtio ring in kernel memory. The module
 * vringh_test plays the driver's side; its file tells the commands. What is
 * said of wrong rings is in vringh_messages.c.
 */
#include "vringh_test.h"

/* ---- rings ------------------------------------------------------------------- */

static void size_of_a_ring_is_a_power_of_two(void **state)
{
	load_ring("ring 4 -");
	does("init 1", "0");
	does("init 2", "0");
	does("init 32768", "0");
	does("init 0", "-22");
	does("init 3", "-22");
	does("init 65535", "-22");
	does("init 65536", "-22");
}

static void nothing_offered_is_nothing_to_get(void **state)
{
	load_ring("ring 8 -");
	does("get rw", "0 999");
	does("desc 0 0,16,-", "");
	does("get rw", "0 999");
}

/* ---- chains ------------------------------------------------------------------ */

/* Two buffers to read, two to write, not in the order of the table. */
static void offer_chain(void)
{
	does("desc 0 0,16,n,1", "");
	does("desc 1 16,4,n,5", "");
	does("desc 5 100,8,wn,2", "");
	does("desc 2 200,3,w", "");
	does("offer 0", "");
}

static void chain_is_followed_to_its_end(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("get rw", "0 999");
}

static void modern_ring_is_little_endian_as_the_legacy_one_is_here(void **state)
{
	load_ring("ring 8 1");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("complete 0 11", "0");
	does("used", "1: 0 11");
}

static void strong_barriers_change_nothing_that_is_seen(void **state)
{
	load_ring("ring 8 b");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("need_notify", "1");
	does("notify_enable", "1");
}

static void chains_come_in_the_order_of_offers(void **state)
{
	load_ring("ring 4 -");
	does("desc 3 30,3,-", "");
	does("desc 1 10,1,-", "");
	does("desc 2 20,2,w", "");
	does("offer 3", "");
	does("offer 1", "");
	does("offer 2", "");
	does("get rw", "1 3 r30+3");
	does("get rw", "1 1 r10+1");
	does("get rw", "1 2 w20+2");
}

static void chain_may_have_every_descriptor_of_the_ring(void **state)
{
	load_ring("ring 4 -");
	does("desc 0 0,1,n,3", "");
	does("desc 3 3,1,n,1", "");
	does("desc 1 1,1,n,2", "");
	does("desc 2 2,1,-", "");
	does("offer 0", "");
	does("get rw", "1 0 r0+1 r3+1 r1+1 r2+1");
}

static void indices_wrap_at_16_bits(void **state)
{
	load_ring("ring 4 -");
	does("desc 0 0,16,n,1", "");
	does("desc 1 16,4,w", "");
	does("cycle 70000", "70000 4464");
	does("used", "4464: 0 69999");
	does("offer 0", "");
	does("get rw", "1 0 r0+16 w16+4");
}

static void kiov_forgets_the_chain_before(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("advance r 3", "");
	does("desc 4 50,5,w", "");
	does("offer 4", "");
	does("get rw", "1 4 w50+5");
	does("left r", "0");
}

/* ---- indirect tables ------------------------------------------------------------- */

static void indirect_table_is_a_chain_of_its_own(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,48,i", "");
	does("desc t0 0,4,n,2", "");
	does("desc t2 8,4,wn,1", "");
	does("desc t1 12,4,w", "");
	does("offer 3", "");
	does("get rw", "1 3 r0+4 w8+4 w12+4");
}

static void indirect_table_may_be_longer_than_the_ring(void **state)
{
	load_ring("ring 1 -");
	does("desc 0 T,48,i", "");
	does("desc t0 0,1,n,1", "");
	does("desc t1 1,1,n,2", "");
	does("desc t2 2,1,-", "");
	does("offer 0", "");
	does("get rw", "1 0 r0+1 r1+1 r2+1");
}

static void chain_goes_on_after_an_indirect_table(void **state)
{
	load_ring("ring 8 -");
	does("desc 1 90,2,n,3", "");
	does("desc 3 T,16,in,5", "");
	does("desc t0 0,4,-", "");
	does("desc 5 T,16,in,6", "");
	does("desc 6 8,4,w", "");
	does("offer 1", "");
	does("get rw", "1 1 r90+2 r0+4 r0+4 w8+4");
}

/* 0 is also what says "nowhere". */
static void chain_ends_at_an_indirect_table_that_0_should_follow(void **state)
{
	load_ring("ring 8 -");
	does("desc 0 8,4,w", "");
	does("desc 3 T,16,in,0", "");
	does("desc t0 0,4,-", "");
	does("offer 3", "");
	does("get rw", "1 3 r0+4");
}

static void index_after_an_indirect_table_is_the_rings(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,16,in,8", "");
	does("desc t0 0,4,-", "");
	does("offer 3", "");
	does("get rw", "-22 3");
}

static void indirect_tables_do_not_nest(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,32,in,4", "");
	does("desc t0 0,4,n,1", "");
	does("desc t1 T,16,i", "");
	does("offer 3", "");
	does("get rw", "-22 3");
}

static void indirect_table_has_whole_descriptors(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,17,i", "");
	does("desc t0 0,4,-", "");
	does("offer 3", "");
	does("get rw", "-22 3");
}

static void index_in_an_indirect_table_is_checked(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,32,i", "");
	does("desc t0 0,4,n,2", "");
	does("desc t2 0,4,-", "");
	does("offer 3", "");
	does("get rw", "-22 3");
}

/* Linux looks into it before it counts. */
static void empty_indirect_table_is_a_loop(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,0,i", "");
	does("desc t0 0,4,-", "");
	does("offer 3", "");
	does("get rw", "-40 3");
}

static void loop_in_an_indirect_table_is_found(void **state)
{
	load_ring("ring 8 -");
	does("desc 3 T,32,i", "");
	does("desc t0 0,4,n,1", "");
	does("desc t1 4,4,n,0", "");
	does("offer 3", "");
	does("get rw", "-40 3");
}

/* ---- what a driver's side does wrong ------------------------------------------- */

static void offered_index_out_of_range_stays_where_it_is(void **state)
{
	load_ring("ring 8 -");
	does("offer 8", "");
	does("get rw", "-22 999");
	does("get rw", "-22 999");
}

static void refused_chain_is_taken_all_the_same(void **state)
{
	load_ring("ring 8 -");
	does("desc 0 0,1,n,8", "");
	does("desc 1 1,1,-", "");
	does("offer 0", "");
	does("offer 1", "");
	does("get rw", "-22 0");
	does("get rw", "1 1 r1+1");
}

static void loop_is_found(void **state)
{
	load_ring("ring 8 -");
	does("desc 0 0,1,n,1", "");
	does("desc 1 1,1,n,0", "");
	does("offer 0", "");
	does("get rw", "-40 0");
}

static void buffers_to_read_come_before_those_to_write(void **state)
{
	load_ring("ring 8 -");
	does("desc 0 0,1,wn,1", "");
	does("desc 1 1,1,-", "");
	does("offer 0", "");
	does("get rw", "-22 0");
	does("abandon 1", "");
	does("get r", "-71 0");
}

static void direction_that_was_not_asked_for_is_refused(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("get r", "-71 0");
	does("abandon 1", "");
	does("get w", "-71 0");
	does("desc 2 200,3,w", "");
	does("offer 2", "");
	does("get w", "1 2 w200+3");
}

static void asking_for_no_direction_warns(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	t_expect_splat("vringh.c");
	does("get -", "-22 0");
}

/* ---- room for the buffers ------------------------------------------------------------ */

static void callers_room_is_used_while_it_lasts(void **state)
{
	load_ring("ring 8 -");
	does("room r 2", "");
	does("room w 2", "");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("room_of r", "2");
	does("room_of w", "2");
}

static void more_room_is_allocated_and_kept(void **state)
{
	load_ring("ring 16 -");
	does("room r 1", "");
	does("room w 0", "");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("room_of r", "8 allocated");
	does("room_of w", "8 allocated");
	does("desc 6 60,1,n,7", "");
	does("desc 7 70,1,-", "");
	does("offer 6", "");
	does("get rw", "1 6 r60+1 r70+1");
	does("room_of r", "8 allocated");
}

static void room_doubles(void **state)
{
	char command[64];
	int i;

	load_ring("ring 1 -");
	for (i = 0; i < 17; i++) {
		snprintf(command, sizeof(command), "desc t%d %d,1,n,%d", i, i, i + 1);
		does(command, "");
	}
	does("desc t7 7,1,-", "");
	does("desc 0 T,272,i", "");
	does("room r 4", "");
	does("offer 0", "");
	does("get r", "1 0 r0+1 r1+1 r2+1 r3+1 r4+1 r5+1 r6+1 r7+1");
	does("room_of r", "8 allocated");
	does("desc t7 7,1,n,8", "");
	does("desc t8 8,1,-", "");
	does("offer 0", "");
	does("get r", "1 0 r0+1 r1+1 r2+1 r3+1 r4+1 r5+1 r6+1 r7+1 r8+1");
	does("room_of r", "16 allocated");
}

/* ---- what is in them ------------------------------------------------------------------- */

static void pull_crosses_buffers(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("data 0 abcdefghijklmnopqrst", "");
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("pull 3", "3 abc");
	does("left r", "17 r3+13 r16+4");
	does("pull 14", "14 defghijklmnopq");
	does("left r", "3 r0+16 r17+3");
	does("pull 10", "3 rst");
	does("pull 10", "0 ");
	does("left r", "0 r0+16 r16+4");
}

static void push_crosses_buffers(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("push abcde", "5");
	does("left w", "6 w105+3 w200+3");
	does("push fghijklmn", "6");
	does("push o", "0");
	does("show 100 8", "abcdefgh");
	does("show 200 3", "ijk");
	does("left w", "0 w100+8 w200+3");
}

static void empty_buffers_are_passed_over(void **state)
{
	load_ring("ring 8 -");
	does("desc 0 0,0,n,1", "");
	does("desc 1 4,2,n,2", "");
	does("desc 2 8,0,n,3", "");
	does("desc 3 12,1,n,4", "");
	does("desc 4 100,0,wn,5", "");
	does("desc 5 104,2,w", "");
	does("data 4 ab", "");
	does("data 12 c", "");
	does("offer 0", "");
	does("get rw", "1 0 r0+0 r4+2 r8+0 r12+1 w100+0 w104+2");
	does("pull 3", "3 abc");
	does("push de", "2");
	does("show 104 2", "de");
}

static void advance_skips_and_stops_at_the_end(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("data 0 abcdefghijklmnopqrst", "");
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("advance r 5", "");
	does("left r", "15 r5+11 r16+4");
	does("pull 1", "1 f");
	does("advance r 11", "");
	does("left r", "3 r0+16 r17+3");
	does("advance r 999", "");
	does("left r", "0 r0+16 r16+4");
}

static void reset_goes_back_to_the_first_byte(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("data 0 abcdefghijklmnopqrst", "");
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("advance r 18", "");
	does("left r", "2 r0+16 r18+2");
	does("reset r", "");
	does("left r", "20 r0+16 r16+4");
	does("pull 20", "20 abcdefghijklmnopqrst");
	does("reset r", "");
	does("left r", "20 r0+16 r16+4");
}

/* ---- used and abandoned ------------------------------------------------------------------ */

static void abandoned_chains_come_again(void **state)
{
	load_ring("ring 4 -");
	does("desc 1 10,1,-", "");
	does("desc 2 20,2,-", "");
	does("offer 1", "");
	does("offer 2", "");
	does("get rw", "1 1 r10+1");
	does("get rw", "1 2 r20+2");
	does("abandon 1", "");
	does("get rw", "1 2 r20+2");
	does("abandon 2", "");
	does("get rw", "1 1 r10+1");
	does("get rw", "1 2 r20+2");
	does("get rw", "0 999");
}

static void completed_chains_are_in_the_used_ring(void **state)
{
	load_ring("ring 2 -");
	does("used", "0: 0 0");
	does("complete 1 100", "0");
	does("used", "1: 1 100");
	does("complete 0 7", "0");
	does("used", "2: 0 7");
	does("complete 1 8", "0");
	does("used", "3: 1 8");
}

static void completing_what_was_never_taken_is_not_noticed(void **state)
{
	load_ring("ring 2 -");
	does("complete 77 5", "0");
	does("used", "1: 77 5");
}

/* ---- who wants to be told ------------------------------------------------------------------ */

static void flag_of_the_driver_stops_notifications(void **state)
{
	load_ring("ring 8 -");
	does("need_notify", "1");
	does("complete 0 0", "0");
	does("need_notify", "1");
	does("flags 1", "");
	does("complete 0 0", "0");
	does("need_notify", "0");
	does("used", "2: 0 0");
}

static void event_index_of_the_driver_says_when_to_notify(void **state)
{
	load_ring("ring 8 e");
	does("need_notify", "0");
	does("complete 0 0", "0");
	does("need_notify", "1");
	does("need_notify", "0");
	/* of the entry 3, which is the fourth; the flag does not count */
	does("event 3", "");
	does("flags 1", "");
	does("complete 0 0", "0");
	does("complete 0 0", "0");
	does("need_notify", "0");
	does("complete 0 0", "0");
	does("need_notify", "1");
	does("complete 0 0", "0");
	does("need_notify", "0");
	does("used", "5: 0 0");
}

static void event_index_that_was_passed_on_the_way_counts(void **state)
{
	load_ring("ring 4 e");
	does("desc 0 0,1,-", "");
	does("event 5000", "");
	does("cycle 4464", "4464 4464");
	does("need_notify", "0");
	does("cycle 1000", "1000 5464");
	does("need_notify", "1");
}

static void whole_round_of_indices_passes_every_event(void **state)
{
	load_ring("ring 4 e");
	does("desc 0 0,1,-", "");
	does("event 5000", "");
	does("cycle 70000", "70000 4464");
	does("need_notify", "1");
	does("need_notify", "0");
}

static void device_asks_by_its_flag(void **state)
{
	load_ring("ring 8 -");
	does("wishes", "flags 0 event 0");
	does("notify_disable", "");
	does("wishes", "flags 1 event 0");
	does("notify_enable", "1");
	does("wishes", "flags 0 event 0");
}

static void device_asks_by_its_event_index(void **state)
{
	load_ring("ring 8 e");
	offer_chain();
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("notify_disable", "");
	does("wishes", "flags 0 event 0");
	does("notify_enable", "1");
	does("wishes", "flags 0 event 1");
}

static void asking_tells_of_what_came_before(void **state)
{
	load_ring("ring 8 -");
	offer_chain();
	does("notify_disable", "");
	does("notify_enable", "0");
	does("wishes", "flags 0 event 0");
	does("get rw", "1 0 r0+16 r16+4 w100+8 w200+3");
	does("notify_enable", "1");
}

static void notify_calls_the_owners_function_if_there_is_one(void **state)
{
	load_ring("ring 8 -");
	does("notify y", "1");
	does("notify y", "2");
	does("notify n", "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(size_of_a_ring_is_a_power_of_two),
		T_TEST(nothing_offered_is_nothing_to_get),
		T_TEST(chain_is_followed_to_its_end),
		T_TEST(modern_ring_is_little_endian_as_the_legacy_one_is_here),
		T_TEST(strong_barriers_change_nothing_that_is_seen),
		T_TEST(chains_come_in_the_order_of_offers),
		T_TEST(chain_may_have_every_descriptor_of_the_ring),
		T_TEST(indices_wrap_at_16_bits),
		T_TEST(kiov_forgets_the_chain_before),
		T_TEST(indirect_table_is_a_chain_of_its_own),
		T_TEST(indirect_table_may_be_longer_than_the_ring),
		T_TEST(chain_goes_on_after_an_indirect_table),
		T_TEST(chain_ends_at_an_indirect_table_that_0_should_follow),
		T_TEST(index_after_an_indirect_table_is_the_rings),
		T_TEST(indirect_tables_do_not_nest),
		T_TEST(indirect_table_has_whole_descriptors),
		T_TEST(index_in_an_indirect_table_is_checked),
		T_TEST(empty_indirect_table_is_a_loop),
		T_TEST(loop_in_an_indirect_table_is_found),
		T_TEST(offered_index_out_of_range_stays_where_it_is),
		T_TEST(refused_chain_is_taken_all_the_same),
		T_TEST(loop_is_found),
		T_TEST(buffers_to_read_come_before_those_to_write),
		T_TEST(direction_that_was_not_asked_for_is_refused),
		T_TEST(asking_for_no_direction_warns),
		T_TEST(callers_room_is_used_while_it_lasts),
		T_TEST(more_room_is_allocated_and_kept),
		T_TEST(room_doubles),
		T_TEST(pull_crosses_buffers),
		T_TEST(push_crosses_buffers),
		T_TEST(empty_buffers_are_passed_over),
		T_TEST(advance_skips_and_stops_at_the_end),
		T_TEST(reset_goes_back_to_the_first_byte),
		T_TEST(abandoned_chains_come_again),
		T_TEST(completed_chains_are_in_the_used_ring),
		T_TEST(completing_what_was_never_taken_is_not_noticed),
		T_TEST(flag_of_the_driver_stops_notifications),
		T_TEST(event_index_of_the_driver_says_when_to_notify),
		T_TEST(event_index_that_was_passed_on_the_way_counts),
		T_TEST(whole_round_of_indices_passes_every_event),
		T_TEST(device_asks_by_its_flag),
		T_TEST(device_asks_by_its_event_index),
		T_TEST(asking_tells_of_what_came_before),
		T_TEST(notify_calls_the_owners_function_if_there_is_one),
	};

	return t_run("vringh", tests);
}
