// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtqueues: the driver's side of a split ring, with a device behind it that
 * does as a test says. Tests that a ring's shape makes no difference to run for
 * each: plain, with indirect tables, with event indices, of a legacy device, in
 * memory of the transport's own.
 */
#include "virtio_test.h"

static const struct shape {
	const char *features, *memory;
} shapes[] = {
	{ MODERN, "normal" },
	{ WITH_INDIRECT, "normal" },
	{ WITH_EVENT, "normal" },
	{ "0x330000000", "normal" },
	{ LEGACY, "normal" },
	{ "0x10000000", "normal" },
	{ MODERN, "whole" },
	/* no access by the platform: it does not map this memory */
	{ "0x100000000", "own" },
};

static void next_shape(const struct shape *shape)
{
	char text[64];

	device_does("unregister");
	snprintf(text, sizeof(text), "features %s", shape->features);
	device_does(text);
	snprintf(text, sizeof(text), "memory %s", shape->memory);
	device_does(text);
	device_does("register");
	assert_string_not_equal(virtio_below(TRANSPORT), "");
}

#define for_each_shape(i)						\
	for (load_device(MODERN), (i) = 0;				\
	     (i) < sizeof(shapes) / sizeof(shapes[0]) && (next_shape(&shapes[i]), true); (i)++)

/* ---- to the device and back ---------------------------------------------------- */

static void buffer_goes_to_the_device_and_comes_back(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver("get 0", "none");
		driver_does("add 0 o100");
		driver("ask 0 free", "7");
		driver("get 0", "none");
		device("use 0 0", "out 100 in 0 of 0");
		driver("get 0", "0: 0");
		driver("ask 0 free", "8");
		driver("get 0", "none");
	}
}

static void buffer_comes_back_with_what_the_device_wrote(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver_does("add 0 i100");
		device("use 0 60", "out 0 in 100");
		driver("get 0", "0: 60 of 0");
		driver_does("add 0 i1");
		device("use 0 1", "out 0 in 1");
		driver("get 0", "1: 1 of 0");
	}
}

/* The device answers with what follows from the number that it was sent. */
static void buffers_may_have_parts_of_both_kinds(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver_does("add 1 o10");
		device("use 1 0", "out 10 in 0 of 0");
		driver("get 1", "0: 0");
		driver_does("add 1 o1+o2+o300+i4+i5000+i6");
		t_expect(try_at(TRANSPORT, "use 1 5007"), 0);
		driver("get 1", "1: 5007 of 1");
		driver("ask 1 free", "8");
	}
}

static void buffer_of_one_part_has_no_table(void **state)
{
	load_device(WITH_INDIRECT);
	driver_does("add 0 o10");
	device("use 0 0", "out 10 in 0 of 0");
	driver_does("add 0 o10+o10");
	device("use 0 0", "out 20 in 0 indirect of 1");
}

static void used_out_of_order_comes_back_so(void **state)
{
	load_device(MODERN);
	driver_does("add 0 o1");
	driver_does("add 0 o2+o2");
	driver_does("add 0 o3");
	/* descriptors 0, 1 and 2, 3 */
	device_does("used 0 3");
	device_does("used 0 0");
	device_does("used 0 1");
	driver("get 0", "2: 0");
	driver("get 0", "0: 0");
	driver("get 0", "1: 0");
	driver("ask 0 free", "8");
}

static void freed_descriptors_are_used_again(void **state)
{
	unsigned int i, n;
	char text[40];

	for_each_shape(i) {
		for (n = 0; n < 100; n++) {
			driver_does("add 0 o20+i30");
			driver_does("add 0 i20+i30+i40");
			t_expect(try_at(TRANSPORT, "use 0 25"), 0);
			t_expect(try_at(TRANSPORT, "use 0 70"), 0);
			snprintf(text, sizeof(text), "%u: 25 of %u\n", 2 * n, 2 * n & 0xff);
			did_at(driver_dir(), "get 0", text, __FILE__, __LINE__);
			snprintf(text, sizeof(text), "%u: 70 of 0\n", 2 * n + 1);
			did_at(driver_dir(), "get 0", text, __FILE__, __LINE__);
		}
		driver("ask 0 free", "8");
	}
}

static void virtqueues_are_apart(void **state)
{
	load_device(MODERN);
	driver_does("add 0 o10");
	driver_does("add 1 o20");
	device("use 1 0", "out 20 in 0 of 0");
	device("use 1 0", "none");
	driver("get 0", "none");
	driver("get 1", "0: 0");
	device("use 0 0", "out 10 in 0 of 0");
}

static void context_comes_back_with_its_buffer(void **state)
{
	load_virtio("contexts=1");
	/* with contexts there are no indirect tables */
	device_does("features " WITH_INDIRECT);
	device_does("register");
	driver_does("add_ctx 0 i50");
	driver_does("add_ctx 0 i60");
	driver_does("add 0 o10+o10");
	driver("ask 0 free", "4");
	device("use 0 50", "out 0 in 50");
	device("use 0 1", "out 0 in 60");
	device("use 0 0", "out 20 in 0 of 2");
	driver("get_ctx 0", "0: 50, its context");
	driver("get_ctx 0", "1: 1, its context");
}

/* ---- no room -------------------------------------------------------------------- */

static void full_ring_takes_no_more(void **state)
{
	int i;

	load_device(MODERN);
	for (i = 0; i < 4; i++)
		driver_does("add 0 o1+i1");
	driver("ask 0 free", "0");
	driver_gets("add 0 i1", -ENOSPC);
	device("kicks 0", "0");
	/* one with something to read is worth a kick */
	driver_gets("add 0 o1", -ENOSPC);
	device("kicks 0", "1");
	device("use 0 0", "out 1 in 1 of 0");
	driver_gets("add 0 o1", -ENOSPC);
	driver("get 0", "0: 0 of 238");
	driver_gets("add 0 o1+o1+o1", -ENOSPC);
	driver_does("add 0 o1+o1");
}

static void table_has_more_parts_than_the_ring(void **state)
{
	load_device(WITH_INDIRECT);
	driver_does("add 0 o1+o1+o1+o1+o1+o1+o1+o1+o1+i1+i1");
	driver("ask 0 free", "7");
	device("use 0 2", "out 9 in 2 indirect of 0");
	driver("get 0", "0: 2 of 0");
}

static void more_parts_than_the_ring_has_is_a_bug(void **state)
{
	load_device(MODERN);
	t_expect_splat("drivers/virtio/virtio_ring.c");
	driver_gets("add 0 o1+o1+o1+o1+o1+o1+o1+o1+o1", -ENOSPC);
}

/* ---- who tells whom ---------------------------------------------------------------- */

static void device_is_kicked_unless_it_asks_not_to_be(void **state)
{
	load_device(MODERN);
	driver("kick 0", "1");
	device("kicks 0", "1");
	device_does("flags 0 1");
	driver_does("add 0 o1");
	driver("kick 0", "1");
	device("kicks 0", "1");
	device_does("flags 0 0");
	driver("kick 0", "1");
	device("kicks 0", "2");
}

static void device_says_by_an_index_when_to_be_kicked(void **state)
{
	load_device(WITH_EVENT);
	driver_does("add 0 o1");
	driver("kick 0", "1");
	device("kicks 0", "1");
	/* of the fourth one */
	device_does("event 0 3");
	driver_does("add 0 o1");
	driver("kick 0", "1");
	driver_does("add 0 o1");
	driver("kick 0", "1");
	device("kicks 0", "1");
	driver_does("add 0 o1");
	driver_does("add 0 o1");
	driver("kick 0", "1");
	device("kicks 0", "2");
	driver("kick 0", "1");
	device("kicks 0", "2");
}

static void device_that_cannot_be_told_breaks_the_virtqueue(void **state)
{
	load_device(MODERN);
	device_does("deaf 1");
	driver_does("add 0 o1");
	driver("ask 0 broken", "0");
	driver("kick 0", "0");
	driver("ask 0 broken", "1");
	driver_gets("add 0 o1", -EIO);
	device_does("deaf 0");
	driver("kick 0", "0");
	device("kicks 0", "1");
	/* the other one works */
	driver("kick 1", "1");
	driver("ask 1 broken", "0");
}

static void interrupt_without_a_used_buffer_is_not_ours(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	device("interrupt 0", "none");
	driver("ask 0 calls", "0");
	device("use 0 5", "out 0 in 10");
	device("interrupt 0", "handled");
	driver("ask 0 calls", "1");
	driver("ask 1 calls", "0");
	driver("get 0", "0: 5 of 0");
	device("interrupt 0", "none");
	driver("ask 0 calls", "1");
}

static void virtqueue_without_callback_asks_for_none(void **state)
{
	load_virtio("quiet=1");
	device_does("register");
	device("wishes 0", "avail 0 flags 1 event 0");
	driver_does("add 0 i10");
	device("use 0 5", "out 0 in 10");
	device("interrupt 0", "handled");
	driver("ask 0 calls", "0");
}

static void driver_asks_for_calls_by_its_flag(void **state)
{
	load_device(MODERN);
	device("wishes 0", "avail 0 flags 0 event 0");
	driver_does("disable 0");
	driver_does("disable 0");
	device("wishes 0", "avail 0 flags 1 event 0");
	driver("enable 0", "1");
	driver("enable 0", "1");
	device("wishes 0", "avail 0 flags 0 event 0");
}

static void driver_asks_for_calls_by_its_index(void **state)
{
	load_device(WITH_EVENT);
	driver_does("add 0 i1");
	driver_does("add 0 i1");
	device("use 0 1", "out 0 in 1");
	driver("get 0", "0: 1 of 0");
	device("wishes 0", "avail 2 flags 0 event 1");
	driver_does("disable 0");
	device("wishes 0", "avail 2 flags 0 event 0");
	driver("enable 0", "1");
	device("wishes 0", "avail 2 flags 0 event 1");
}

static void device_that_called_need_not_be_silenced(void **state)
{
	load_device(WITH_EVENT);
	driver_does("add 0 i1");
	device("use 0 1", "out 0 in 1");
	device("interrupt 0", "handled");
	driver("get 0", "0: 1 of 0");
	device("wishes 0", "avail 1 flags 0 event 1");
	/* it will not call again before it is asked to */
	driver_does("disable 0");
	device("wishes 0", "avail 1 flags 0 event 1");
	driver("enable 0", "1");
	driver_does("disable 0");
	device("wishes 0", "avail 1 flags 0 event 0");
}

static void enabling_tells_of_what_came_before(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver_does("disable 0");
		driver_does("add 0 i1");
		device("use 0 1", "out 0 in 1");
		driver("enable 0", "0");
		driver("get 0", "0: 1 of 0");
		driver("enable 0", "1");
	}
}

static void poll_tells_of_what_came_since(void **state)
{
	load_device(MODERN);
	driver_does("disable 0");
	driver_does("prepare 0");
	driver("poll 0", "0");
	driver_does("add 0 i1");
	driver("poll 0", "0");
	device("use 0 1", "out 0 in 1");
	driver("poll 0", "1");
	driver_does("break");
	driver("poll 0", "0");
}

static void delayed_call_comes_after_most_of_them(void **state)
{
	int i;

	load_device(WITH_EVENT);
	driver_does("disable 0");
	for (i = 0; i < 8; i++)
		driver_does("add 0 i1");
	driver("delayed 0", "1");
	device("wishes 0", "avail 8 flags 0 event 6");
	for (i = 0; i < 6; i++)
		device("use 0 1", "out 0 in 1");
	driver_does("disable 0");
	driver("delayed 0", "1");
	device("use 0 1", "out 0 in 1");
	driver_does("disable 0");
	driver("delayed 0", "0");
}

/* ---- a device that makes no sense ------------------------------------------------------ */

static void used_index_out_of_range_breaks_the_virtqueue(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	device_does("used 0 8");
	driver("get 0", "none");
	assert_true(t_kmsg_find("rx:id 8 out of range", NULL, 0));
	driver("ask 0 broken", "1");
	driver_gets("add 0 o1", -EIO);
	driver("kick 0", "0");
	/* nothing is lost: the driver gets it back when it gives up */
	driver("detach 0", "0");
	driver("detach 0", "none");
}

static void used_index_that_is_no_head_breaks_the_virtqueue(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10+i10");
	device_does("used 0 1");
	driver("get 0", "none");
	assert_true(t_kmsg_find("rx:id 1 is not a head!", NULL, 0));
	driver("ask 0 broken", "1");
	driver("detach 0", "0");
	driver("ask 0 free", "8");
}

static void buffer_used_twice_breaks_the_virtqueue(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver_does("add 0 i10");
		device("use 0 5", "out 0 in 10");
		driver("get 0", "0: 5 of 0");
		device_does("used 0 0");
		driver("get 0", "none");
		assert_true(t_kmsg_find("rx:id 0 is not a head!", NULL, 0));
		driver("ask 0 broken", "1");
	}
}

static void used_index_that_jumps_breaks_the_virtqueue(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	driver_does("add 0 i10");
	device("use 0 5", "out 0 in 10");
	driver("get 0", "0: 5 of 0");
	/* entries that hold zeroes: of a descriptor that is free by now */
	device_does("jump 0 100");
	driver("get 0", "none");
	assert_true(t_kmsg_find("rx:id 0 is not a head!", NULL, 0));
	driver("detach 0", "1");
}

/* A length is the driver's to check, as in Linux. */
static void wrong_length_is_handed_on(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	device_does("lie 0 4294967295");
	driver("get 0", "0: 4294967295, bad at 1");
	driver("ask 0 broken", "0");
}

static void broken_virtqueue_does_not_call(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	device("use 0 5", "out 0 in 10");
	driver_does("break");
	device("interrupt 0", "handled");
	driver("ask 0 calls", "0");
	driver("get 0", "none");
	driver_does("unbreak");
	driver("get 0", "0: 5 of 0");
}

static void late_interrupt_after_reset_calls_nobody(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	driver_does("reset");
	device("interrupt 0", "none");
	driver("ask 0 calls", "0");
	driver("detach 0", "0");
}

/* ---- the end ---------------------------------------------------------------------------- */

static void unused_buffers_are_given_back(void **state)
{
	unsigned int i;

	for_each_shape(i) {
		driver_does("add 0 i10");
		driver_does("add 0 o10+i10+i20");
		driver_does("add 0 o10");
		device("use 0 5", "out 0 in 10");
		driver("get 0", "0: 5 of 0");
		driver_does("reset");
		driver("detach 0", "1");
		driver("detach 0", "2");
		driver("detach 0", "none");
		driver("ask 0 free", "8");
		device("wishes 0", "avail 1 flags 0 event 1");
	}
}

static void resized_virtqueue_is_empty_and_works(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i10");
	driver_does("resize 0 16");
	driver("ask 0 size", "16");
	driver("ask 0 free", "16");
	driver_does("add 0 o30");
	device("use 0 0", "out 30 in 0 of 1");
	driver("get 0", "1: 0");
	driver_does("resize 0 16");
	driver_gets("resize 0 0", -EINVAL);
	driver_gets("resize 0 65", -E2BIG);
	/* that size is no ring: the old one is there, and empty */
	driver_does("add 0 i10");
	driver_gets("resize 0 12", -ENOMEM);
	driver("ask 0 size", "16");
	driver("ask 0 free", "16");
	driver_does("add 0 o30");
	device("use 0 0", "out 30 in 0 of 3");
	device_does("fail enable -5");
	driver_gets("resize 0 32", -EBUSY);
}

static void not_every_virtqueue_can_be_resized(void **state)
{
	load_virtio(NULL);
	device_does("register plain");
	driver_gets("resize 0 16", -ENOENT);
	device_does("unregister");
	device_does("features 0x100000000");
	device_does("memory own");
	device_does("register");
	driver_gets("resize 0 16", -EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(buffer_goes_to_the_device_and_comes_back),
		T_TEST(buffer_comes_back_with_what_the_device_wrote),
		T_TEST(buffers_may_have_parts_of_both_kinds),
		T_TEST(buffer_of_one_part_has_no_table),
		T_TEST(used_out_of_order_comes_back_so),
		T_TEST(freed_descriptors_are_used_again),
		T_TEST(virtqueues_are_apart),
		T_TEST(context_comes_back_with_its_buffer),
		T_TEST(full_ring_takes_no_more),
		T_TEST(table_has_more_parts_than_the_ring),
		T_TEST(more_parts_than_the_ring_has_is_a_bug),
		T_TEST(device_is_kicked_unless_it_asks_not_to_be),
		T_TEST(device_says_by_an_index_when_to_be_kicked),
		T_TEST(device_that_cannot_be_told_breaks_the_virtqueue),
		T_TEST(interrupt_without_a_used_buffer_is_not_ours),
		T_TEST(virtqueue_without_callback_asks_for_none),
		T_TEST(driver_asks_for_calls_by_its_flag),
		T_TEST(driver_asks_for_calls_by_its_index),
		T_TEST(device_that_called_need_not_be_silenced),
		T_TEST(enabling_tells_of_what_came_before),
		T_TEST(poll_tells_of_what_came_since),
		T_TEST(delayed_call_comes_after_most_of_them),
		T_TEST(used_index_out_of_range_breaks_the_virtqueue),
		T_TEST(used_index_that_is_no_head_breaks_the_virtqueue),
		T_TEST(buffer_used_twice_breaks_the_virtqueue),
		T_TEST(used_index_that_jumps_breaks_the_virtqueue),
		T_TEST(wrong_length_is_handed_on),
		T_TEST(broken_virtqueue_does_not_call),
		T_TEST(late_interrupt_after_reset_calls_nobody),
		T_TEST(unused_buffers_are_given_back),
		T_TEST(resized_virtqueue_is_empty_and_works),
		T_TEST(not_every_virtqueue_can_be_resized),
	};

	return t_run("virtio_ring", tests);
}
