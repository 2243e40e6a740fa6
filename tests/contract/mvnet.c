// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample driver mvnet: virtio network cards in loopback, class virtio.
 * mdev_test_virtio is the virtio driver that uses them.
 */
#include "vfio_test.h"

#define PARENT_DIR	"/sys/class/mdev_bus/mvnet"
#define TYPES_DIR	PARENT_DIR "/mdev_supported_types"
#define TYPE		TYPES_DIR "/mvnet-virtio"
#define MDEV(uuid)	MDEV_DEVICES uuid
#define USER(uuid)	MDEV(uuid) "/virtio"
#define VIRTIO_DRIVER	BUS "/drivers/mdev_test_virtio"
#define UNBLOCK		"/sys/module/mdev_test_virtio/parameters/unblock"

/* VIRTIO_F_VERSION_1, VIRTIO_F_ACCESS_PLATFORM, VIRTIO_NET_F_STATUS, VIRTIO_NET_F_MAC */
#define FEATURES	"0x300010020"
#define NEEDED		"0x300000000"

/* acknowledged, driver, features, and then all is set up */
#define FEATURES_OK	"0xb"
#define RUNNING		"0xf"
#define BROKEN		"0x4f"

static long command(const char *uuid, const char *text)
{
	char path[128];
	long ret;

	snprintf(path, sizeof(path), USER("%s") "/do", uuid);
	ret = t_put(path, text);
	return ret < 0 ? ret : 0;
}

#define try(text)	command(UUID_A, text)
#define tell_it(text)	t_expect(try(text), 0)
#define expect_result(text, want)			\
do {							\
	tell_it(text);					\
	t_expect_text(USER(UUID_A) "/result", want "\n");	\
} while (0)

static void load(const char *params)
{
	load_sample("mvnet", params);
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_virtio", NULL), 0);
}

static void load_card(void)
{
	load(NULL);
	create(TYPE, UUID_A);
}

static void start_ring(const char *uuid, unsigned int idx, unsigned int num)
{
	char text[32];

	snprintf(text, sizeof(text), "ring %u %u", idx, num);
	t_expect(command(uuid, text), 0);
	snprintf(text, sizeof(text), "callback %u 1", idx);
	t_expect(command(uuid, text), 0);
	snprintf(text, sizeof(text), "ready %u 1", idx);
	t_expect(command(uuid, text), 0);
}

static void run_card(const char *uuid, unsigned int num)
{
	t_expect(command(uuid, "status 3"), 0);
	t_expect(command(uuid, "features " FEATURES), 0);
	t_expect(command(uuid, "status " FEATURES_OK), 0);
	start_ring(uuid, 0, num);
	start_ring(uuid, 1, num);
	t_expect(command(uuid, "status " RUNNING), 0);
	/* it looks for buffers once by itself: not while a test posts some */
	t_expect(command(uuid, "settle"), 0);
}

/* A card that has been set up, with rings of @num descriptors. */
static void load_running(unsigned int num)
{
	load_card();
	run_card(UUID_A, num);
}

/* ---- the type ------------------------------------------------------------- */

static void type_has_its_attributes(void **state)
{
	load(NULL);
	expect_list(TYPES_DIR, "mvnet-virtio");
	t_expect_text(TYPE "/name", "virtio-net loopback\n");
	t_expect_text(TYPE "/description", "virtual network card, receives what it sends\n");
	t_expect_text(TYPE "/device_api", "virtio-mdev\n");
	t_expect_text(TYPE "/available_instances", "16\n");
}

static void count_limits_cards(void **state)
{
	load("count=2");
	create(TYPE, UUID_A);
	create(TYPE, UUID_B);
	t_expect_text(TYPE "/available_instances", "0\n");
	t_expect(t_put(TYPE "/create", UUID_C), -ENOSPC);
	discard(MDEV(UUID_A));
	t_expect_text(TYPE "/available_instances", "1\n");
	create(TYPE, UUID_C);
	discard(MDEV(UUID_C));
	discard(MDEV(UUID_B));
	t_expect_text(TYPE "/available_instances", "2\n");
}

static void creating_at_once_stays_within_the_count(void **state)
{
	unsigned int i;

	load("count=1");
	for (i = 0; i < 10; i++) {
		t_expect(create_at_once(TYPE "/create", MAX_CREATORS), 1);
		t_expect_text(TYPE "/available_instances", "1\n");
	}
}

static void card_is_of_class_virtio(void **state)
{
	struct t_uevent ev;

	load(NULL);
	t_uevent_flush();
	create(TYPE, UUID_A);
	assert_true(t_uevent_find("add", "/" UUID_A, &ev));
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "mdev:c02");
	expect_link_to(MDEV(UUID_A) "/driver", "mdev_test_virtio");
}

static void unloading_takes_the_cards_along(void **state)
{
	load_running(16);
	t_expect(t_rmmod("mvnet"), 0);
	t_expect(t_exists(MDEV(UUID_A)), false);
	t_expect(t_exists(PARENT_DIR), false);
	expect_list(VIRTIO_DRIVER, "bind module uevent unbind");
}

static void core_cannot_be_unloaded_below_it(void **state)
{
	load_card();
	t_expect(t_rmmod("mdev"), -EWOULDBLOCK);
	discard(MDEV(UUID_A));
	t_expect(t_rmmod("mdev_test_virtio"), 0);
	t_expect(t_rmmod("mdev"), -EWOULDBLOCK);
}

/* ---- config space --------------------------------------------------------- */

static void address_comes_from_the_uuid(void **state)
{
	load(NULL);
	create(TYPE, UUID_A);
	create(TYPE, UUID_B);
	expect_result("config 0 6", "02bfe0fa1001eeee");
	t_expect(command(UUID_B, "config 0 6"), 0);
	t_expect_text(USER(UUID_B) "/result", "02bfe0fa1002eeee\n");
}

static void config_can_be_read_from_any_offset(void **state)
{
	load_card();
	expect_result("config 1 1", "bfeeee");
	expect_result("config 3 3", "fa1001eeee");
	expect_result("config 6 2", "0100eeee");
	expect_result("config 5 0", "eeee");
}

static void config_can_be_read_to_its_end(void **state)
{
	load_card();
	expect_result("config 0 8", "02bfe0fa10010100eeee");
	expect_result("config 4 4", "10010100eeee");
	expect_result("config 7 1", "00eeee");
}

static void beyond_the_config_there_are_zeroes(void **state)
{
	load_card();
	expect_result("config 0 12", "02bfe0fa1001010000000000eeee");
	expect_result("config 5 8", "0101000000000000eeee");
	expect_result("config 8 4", "00000000eeee");
	expect_result("config 4096 2", "0000eeee");
	expect_result("config 0xffffffff 4", "00000000eeee");
	expect_result("config 0xfffffffe 8", "0000000000000000eeee");
}

static void config_cannot_be_written(void **state)
{
	load_card();
	tell_it("write 0 6");
	tell_it("write 6 2");
	tell_it("write 0 64");
	tell_it("write 0xffffffff 64");
	expect_result("config 0 8", "02bfe0fa10010100eeee");
	expect_result("get generation", "0x0");
}

static void link_is_in_the_config(void **state)
{
	load_card();
	t_expect_text(MDEV(UUID_A) "/vendor/link", "1\n");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "0"), 1);
	t_expect_text(MDEV(UUID_A) "/vendor/link", "0\n");
	expect_result("config 6 2", "0000eeee");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "yes"), 3);
	expect_result("config 6 2", "0100eeee");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "perhaps"), -EINVAL);
}

static void change_of_the_link_is_told(void **state)
{
	load_card();
	tell_it("config_callback 1");
	expect_result("get generation", "0x0");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "1"), 1);
	expect_result("get generation", "0x0");
	expect_result("get config_calls", "0x0");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "0"), 1);
	expect_result("get generation", "0x1");
	expect_result("get config_calls", "0x1");
	tell_it("config_callback 0");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "1"), 1);
	expect_result("get generation", "0x2");
	expect_result("get config_calls", "0x1");
}

/* ---- negotiation ---------------------------------------------------------- */

static void device_is_a_network_card(void **state)
{
	load_card();
	expect_result("get device", "0x1");
	expect_result("get vendor", "0x0");
	expect_result("get num_max", "0x100");
	expect_result("get align", "0x1000");
	expect_result("get features", FEATURES);
	expect_result("get status", "0x0");
}

static void features_that_are_not_offered_are_refused(void **state)
{
	load_card();
	t_expect(try("features 0x300010021"), -EINVAL);
	t_expect(try("features 0x8000000300000000"), -EINVAL);
	t_expect(try("features " FEATURES), 0);
}

static void features_that_it_needs_must_be_accepted(void **state)
{
	load_card();
	t_expect(try("features 0"), -EINVAL);
	t_expect(try("features 0x100000000"), -EINVAL);
	t_expect(try("features 0x200010020"), -EINVAL);
	t_expect(try("features " NEEDED), 0);
}

static void features_stay_once_they_are_ok(void **state)
{
	load_card();
	tell_it("features " FEATURES);
	tell_it("features " NEEDED);
	tell_it("status " FEATURES_OK);
	expect_result("get status", FEATURES_OK);
	t_expect(try("features " FEATURES), -EBUSY);
	tell_it("features " NEEDED);
	tell_it("status 0");
	tell_it("features " FEATURES);
}

static void features_are_not_ok_before_they_are_told(void **state)
{
	load_card();
	tell_it("status " FEATURES_OK);
	expect_result("get status", "0x3");
	tell_it("status 8");
	expect_result("get status", "0x0");
	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	expect_result("get status", FEATURES_OK);
}

static void need_of_a_reset_is_not_the_drivers_to_tell(void **state)
{
	load_card();
	tell_it("status 0x43");
	expect_result("get status", "0x3");
}

static void reset_forgets_everything(void **state)
{
	load_running(16);
	tell_it("ready 1 0");
	tell_it("state 1 5");
	tell_it("status 0");
	expect_result("get status", "0x0");
	expect_result("get ready 0", "0x0");
	expect_result("get ready 1", "0x0");
	expect_result("get state 1", "0x0");
	tell_it("status " FEATURES_OK);
	expect_result("get status", "0x3");
	/* addresses and sizes too: a ring cannot be made of what it was told before */
	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	tell_it("ready 0 1");
	expect_result("get ready 0", "0x0");
}

static void card_works_again_after_a_reset(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 0 1");
	tell_it("status 0");
	run_card(UUID_A, 32);
	tell_it("post 0 100");
	tell_it("post 1 60");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "60 of packet 1");
}

/* The next user sets up rings, and does not say whom to call. */
static void reset_forgets_callbacks(void **state)
{
	load_running(16);
	tell_it("config_callback 1");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 0 1");
	tell_it("settle");
	tell_it("status 0");

	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	tell_it("ring 0 16");
	tell_it("ring 1 16");
	tell_it("ready 0 1");
	tell_it("ready 1 1");
	tell_it("status " RUNNING);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 0", "0x1");
	expect_result("get calls 0", "0x0");
	expect_result("get calls 1", "0x0");
	/* that for the config space is the driver's as long as it is there */
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "0"), 1);
	expect_result("get config_calls", "0x1");
}

static void frames_come_back_by_the_ops_alone(void **state)
{
	load_running(256);
	expect_result("flood 3000", "3000 sent, 3000 received, 0 bad");
}

/* ---- virtqueues ----------------------------------------------------------- */

static void queue_that_does_not_exist_does_nothing(void **state)
{
	load_card();
	t_expect(try("address 65535"), -EINVAL);
	t_expect(try("address 2"), -EINVAL);
	t_expect(try("state 2 0"), -EINVAL);
	t_expect(try("state 65535 0"), -EINVAL);
	tell_it("num 2 16");
	tell_it("num 65535 16");
	tell_it("callback 2 1");
	tell_it("callback 65535 null");
	tell_it("ready 2 1");
	tell_it("ready 65535 1");
	tell_it("kick 2");
	tell_it("kick 65535");
	expect_result("get ready 2", "0x0");
	expect_result("get ready 65535", "0x0");
	expect_result("get state 2", "0x0");
	expect_result("get state 65535", "0x0");
}

static void ring_needs_three_aligned_addresses(void **state)
{
	load_card();
	t_expect(try("address 0 null0"), -EINVAL);
	t_expect(try("address 0 null1"), -EINVAL);
	t_expect(try("address 0 null2"), -EINVAL);
	t_expect(try("address 0 odd0"), -EINVAL);
	t_expect(try("address 0 odd1"), -EINVAL);
	t_expect(try("address 0 odd2"), -EINVAL);
	t_expect(try("address 0"), 0);
}

static void ring_is_not_ready_without_address(void **state)
{
	load_card();
	tell_it("num 0 16");
	tell_it("ready 0 1");
	expect_result("get ready 0", "0x0");
	tell_it("address 0");
	tell_it("ready 0 1");
	expect_result("get ready 0", "0x1");
}

static void ring_is_not_ready_with_a_bad_number(void **state)
{
	static const char *const bad[] = {
		"num 0 0", "num 0 3", "num 0 255", "num 0 512", "num 0 0x10000",
		"num 0 0x80000000",
	};
	unsigned int i;

	load_card();
	tell_it("address 0");
	tell_it("ready 0 1");
	expect_result("get ready 0", "0x0");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tell_it(bad[i]);
		tell_it("ready 0 1");
		expect_result("get ready 0", "0x0");
	}
	tell_it("num 0 256");
	tell_it("ready 0 1");
	expect_result("get ready 0", "0x1");
	expect_result("get ready 1", "0x0");
}

static void state_is_a_sixteen_bit_index(void **state)
{
	load_card();
	expect_result("get state 0", "0x0");
	tell_it("state 0 65535");
	expect_result("get state 0", "0xffff");
	t_expect(try("state 0 65536"), -EINVAL);
	t_expect(try("state 0 0x1000000000000"), -EINVAL);
	expect_result("get state 0", "0xffff");
	expect_result("get state 1", "0x0");
}

static void state_counts_what_was_taken(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 1 1");
	expect_result("get state 0", "0x1");
	expect_result("get state 1", "0x1");
	/* twice: what was not ready before stays so */
	tell_it("ready 1 0");
	tell_it("ready 1 0");
	expect_result("get state 1", "0x1");
}

static void card_goes_on_from_its_state(void **state)
{
	load_card();
	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	tell_it("ring 0 16");
	tell_it("ring 1 16");
	tell_it("start 0 65535");
	tell_it("start 1 7");
	tell_it("callback 0 1");
	tell_it("ready 0 1");
	tell_it("ready 1 1");
	tell_it("status " RUNNING);
	tell_it("post 0 100");
	tell_it("post 0 100");
	tell_it("post 1 50");
	tell_it("post 1 51");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "50 of packet 0");
	expect_result("reap 0", "51 of packet 1");
	expect_result("get state 0", "0x1");
	expect_result("get state 1", "0x9");
}

static void ready_again_changes_nothing(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 0 1");
	tell_it("ready 0 1");
	tell_it("ready 1 1");
	expect_result("get state 0", "0x1");
	tell_it("settle");
	expect_result("get used 0", "0x1");
	expect_result("get used 1", "0x1");
}

/* ---- packets -------------------------------------------------------------- */

static void packet_comes_back_unchanged(void **state)
{
	load_running(16);
	tell_it("post 0 1526");
	tell_it("post 1 1526");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "1526 of packet 0");
	expect_result("reap 0", "none");
	tell_it("wait 1 1");
	expect_result("reap 1", "0");
	expect_result("reap 1", "none");
}

static void packets_have_any_length(void **state)
{
	static const unsigned int lengths[] = {
		1, 11, 12, 60, 1023, 1024, 1025, 2048, 9000, 65535, 65536,
	};
	char text[32], want[48];
	unsigned int i;

	load_running(16);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		tell_it("post 0 65600");
		snprintf(text, sizeof(text), "post 1 %u", lengths[i]);
		tell_it(text);
		tell_it("kick 1");
		snprintf(text, sizeof(text), "wait 0 %u", i + 1);
		tell_it(text);
		tell_it("reap 0");
		snprintf(want, sizeof(want), "%u of packet %u\n", lengths[i], i);
		t_expect_text(USER(UUID_A) "/result", want);
		tell_it("settle");
		tell_it("reap 1");
	}
}

static void packets_may_be_chains(void **state)
{
	load_running(16);
	tell_it("post 0 10+1+400+2000");
	tell_it("post 0 12+1514");
	tell_it("post 0 2000");
	tell_it("post 1 12+100+1+1000");
	tell_it("post 1 1526");
	tell_it("post 1 1+1+1+1+1+1+1+1");
	tell_it("kick 1");
	tell_it("wait 0 3");
	expect_result("reap 0", "1113 of packet 0");
	expect_result("reap 0", "1526 of packet 1");
	expect_result("reap 0", "8 of packet 2");
}

static void many_packets_come_back_in_order(void **state)
{
	char text[48];
	unsigned int i;

	load_running(256);
	for (i = 0; i < 200; i++) {
		tell_it("post 0 300");
		snprintf(text, sizeof(text), "post 1 %u", 100 + i);
		tell_it(text);
	}
	tell_it("kick 1");
	tell_it("wait 0 200");
	for (i = 0; i < 200; i++) {
		tell_it("reap 0");
		snprintf(text, sizeof(text), "%u of packet %u\n", 100 + i, i);
		t_expect_text(USER(UUID_A) "/result", text);
	}
}

static void rings_are_used_again_and_again(void **state)
{
	char text[48];
	unsigned int i;

	load_running(4);
	for (i = 0; i < 30; i++) {
		tell_it("post 0 64");
		tell_it("post 1 64");
		tell_it("kick 1");
		snprintf(text, sizeof(text), "wait 0 %u", i + 1);
		tell_it(text);
		tell_it("reap 0");
		snprintf(text, sizeof(text), "64 of packet %u\n", i);
		t_expect_text(USER(UUID_A) "/result", text);
		tell_it("settle");
		tell_it("reap 1");
	}
}

static void packet_waits_for_a_buffer(void **state)
{
	load_running(16);
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("reap 1", "none");
	expect_result("get state 1", "0x0");
	tell_it("post 0 100");
	tell_it("kick 0");
	tell_it("wait 0 1");
	expect_result("reap 0", "100 of packet 0");
	tell_it("wait 1 1");
	expect_result("reap 1", "0");
}

static void packet_without_enough_room_is_lost(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 101");
	tell_it("post 1 5000");
	tell_it("kick 1");
	tell_it("wait 1 2");
	tell_it("settle");
	expect_result("reap 0", "none");
	expect_result("get state 0", "0x0");
	/* the buffer is there for the next one, and has room for 100 bytes as before */
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "100 of packet 2");
}

static void packet_that_is_too_long_is_lost(void **state)
{
	load_running(16);
	tell_it("post 0 40000+40000");
	tell_it("post 1 40000+25537");
	tell_it("post 1 65536");
	tell_it("kick 1");
	tell_it("wait 0 1");
	tell_it("wait 1 2");
	expect_result("reap 0", "65536 of packet 1");
	expect_result("get used 1", "0x2");
}

static void packet_without_a_byte_is_lost(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 0");
	tell_it("kick 1");
	tell_it("wait 1 1");
	expect_result("reap 0", "none");
	expect_result("get state 0", "0x0");
}

static void packet_is_lost_while_the_link_is_down(void **state)
{
	load_running(16);
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "0"), 1);
	tell_it("post 0 100");
	tell_it("post 1 90");
	tell_it("kick 1");
	tell_it("wait 1 1");
	expect_result("reap 0", "none");
	t_expect(t_put(MDEV(UUID_A) "/vendor/link", "1"), 1);
	tell_it("post 1 91");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "91 of packet 1");
}

static void cards_are_apart(void **state)
{
	load_running(16);
	create(TYPE, UUID_B);
	run_card(UUID_B, 16);
	tell_it("post 1 100");
	tell_it("kick 1");
	t_expect(command(UUID_B, "post 0 200"), 0);
	t_expect(command(UUID_B, "kick 0"), 0);
	tell_it("settle");
	t_expect(command(UUID_B, "reap 0"), 0);
	t_expect_text(USER(UUID_B) "/result", "none\n");
	t_expect(command(UUID_B, "post 1 20"), 0);
	t_expect(command(UUID_B, "kick 1"), 0);
	t_expect(command(UUID_B, "wait 0 1"), 0);
	t_expect(command(UUID_B, "reap 0"), 0);
	t_expect_text(USER(UUID_B) "/result", "20 of packet 0\n");
	expect_result("reap 1", "none");
}

/* ---- when nothing may move ------------------------------------------------ */

static void nothing_moves_before_the_driver_is_ok(void **state)
{
	load_card();
	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	start_ring(UUID_A, 0, 16);
	start_ring(UUID_A, 1, 16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 1", "0x0");
	/* what was kicked too early is not forgotten */
	tell_it("status " RUNNING);
	tell_it("wait 0 1");
	expect_result("reap 0", "100 of packet 0");
}

static void nothing_moves_without_features(void **state)
{
	load_card();
	tell_it("status 7");
	start_ring(UUID_A, 0, 16);
	start_ring(UUID_A, 1, 16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 1", "0x0");
}

static void nothing_moves_while_a_queue_is_not_ready(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("ready 1 0");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 0", "0x0");
	tell_it("ready 1 1");
	tell_it("ready 0 0");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 1", "0x0");
	tell_it("ready 0 1");
	tell_it("kick 0");
	tell_it("wait 0 1");
	expect_result("reap 0", "100 of packet 0");
}

static void nothing_moves_after_a_reset(void **state)
{
	load_running(16);
	tell_it("status 0");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 0", "0x0");
	expect_result("get used 1", "0x0");
	expect_result("get calls 1", "0x0");
	/* nor when the device is started again without its rings */
	tell_it("features " FEATURES);
	tell_it("status " FEATURES_OK);
	tell_it("status " RUNNING);
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 1", "0x0");
}

/* ---- callbacks ------------------------------------------------------------ */

static void driver_is_called_when_buffers_are_used(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 1 2");
	tell_it("settle");
	/* once for all of them */
	expect_result("get calls 0", "0x1");
	expect_result("get calls 1", "0x1");
	tell_it("kick 0");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get calls 0", "0x1");
	expect_result("get calls 1", "0x1");
}

static void only_the_queue_that_was_used_is_told(void **state)
{
	load_running(16);
	tell_it("post 0 10");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 1 1");
	tell_it("settle");
	expect_result("get calls 0", "0x0");
	expect_result("get calls 1", "0x1");
}

static void driver_that_asks_for_quiet_is_not_called(void **state)
{
	load_running(16);
	tell_it("quiet 1");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 1", "0x1");
	expect_result("get calls 0", "0x1");
	expect_result("get calls 1", "0x0");
}

static void driver_without_callback_is_not_called(void **state)
{
	load_running(16);
	tell_it("callback 0 0");
	tell_it("callback 1 null");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get used 0", "0x1");
	expect_result("get calls 0", "0x0");
	expect_result("get calls 1", "0x0");
	expect_result("reap 0", "100 of packet 0");
}

static void callback_may_post_and_kick(void **state)
{
	load_running(16);
	tell_it("echo 0 500");
	tell_it("echo 1 500");
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("kick 1");
	tell_it("wait 1 501");
	expect_result("get state 0", "0x1f5");
}

/* ---- a ring that makes no sense ------------------------------------------- */

static void expect_broken(void)
{
	tell_it("wait_config 1");
	expect_result("get status", BROKEN);
	/* nothing the driver does, but a reset, makes it go on */
	tell_it("status " RUNNING);
	expect_result("get status", BROKEN);
	tell_it("kick 1");
	tell_it("settle");
	expect_result("get config_calls", "0x1");
	tell_it("status 0");
	run_card(UUID_A, 16);
	tell_it("post 0 100");
	tell_it("post 1 70");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("get status", RUNNING);
}

static void break_queue(const char *text)
{
	load_running(16);
	tell_it("config_callback 1");
	tell_it("post 0 100");
	tell_it(text);
	tell_it("post 1 100");
	tell_it("kick 1");
	expect_broken();
}

static void head_outside_the_ring_stops_it(void **state)
{
	break_queue("break 1 head");
}

static void chain_without_end_stops_it(void **state)
{
	break_queue("break 1 loop");
}

static void chain_of_the_wrong_direction_stops_it(void **state)
{
	break_queue("break 1 direction");
}

static void broken_receive_ring_stops_it(void **state)
{
	load_running(16);
	tell_it("config_callback 1");
	tell_it("break 0 direction");
	tell_it("post 1 100");
	tell_it("kick 1");
	expect_broken();
}

static void packets_before_a_broken_one_are_used(void **state)
{
	load_running(16);
	tell_it("config_callback 1");
	tell_it("post 0 100");
	tell_it("post 0 100");
	tell_it("post 1 90");
	tell_it("break 1 loop");
	tell_it("kick 1");
	tell_it("wait_config 1");
	tell_it("settle");
	expect_result("reap 0", "90 of packet 0");
	expect_result("reap 0", "none");
	expect_result("get calls 0", "0x1");
}

/* ---- the end -------------------------------------------------------------- */

static void card_can_go_while_it_has_work(void **state)
{
	load_running(16);
	tell_it("post 0 100");
	tell_it("post 1 100");
	tell_it("block");
	tell_it("kick 1");
	discard(MDEV(UUID_A));
	t_expect(t_put(UNBLOCK, "1"), 1);
	t_expect(t_exists(MDEV(UUID_A)), false);
	t_expect_text(TYPE "/available_instances", "16\n");
}

static void card_can_go_in_the_middle_of_traffic(void **state)
{
	unsigned int i;

	load(NULL);
	for (i = 0; i < 20; i++) {
		create(TYPE, UUID_A);
		run_card(UUID_A, 16);
		tell_it("echo 0 60000");
		tell_it("echo 1 60000");
		tell_it("post 0 100");
		tell_it("post 1 100");
		tell_it("kick 1");
		discard(MDEV(UUID_A));
	}
	t_expect_text(TYPE "/available_instances", "16\n");
}

static void card_can_change_its_driver(void **state)
{
	load_running(16);
	tell_it("post 1 100");
	tell_it("kick 1");
	t_expect(t_put(VIRTIO_DRIVER "/unbind", UUID_A), UUID_LEN);
	t_expect(t_exists(USER(UUID_A)), false);
	t_expect(t_put(VIRTIO_DRIVER "/bind", UUID_A), UUID_LEN);
	expect_result("get status", "0x0");
	run_card(UUID_A, 16);
	tell_it("post 0 100");
	tell_it("post 1 30");
	tell_it("kick 1");
	tell_it("wait 0 1");
	expect_result("reap 0", "30 of packet 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(type_has_its_attributes),
		T_TEST(count_limits_cards),
		T_TEST(creating_at_once_stays_within_the_count),
		T_TEST(card_is_of_class_virtio),
		T_TEST(unloading_takes_the_cards_along),
		T_TEST(core_cannot_be_unloaded_below_it),
		T_TEST(address_comes_from_the_uuid),
		T_TEST(config_can_be_read_from_any_offset),
		T_TEST(config_can_be_read_to_its_end),
		T_TEST(beyond_the_config_there_are_zeroes),
		T_TEST(config_cannot_be_written),
		T_TEST(link_is_in_the_config),
		T_TEST(change_of_the_link_is_told),
		T_TEST(device_is_a_network_card),
		T_TEST(features_that_are_not_offered_are_refused),
		T_TEST(features_that_it_needs_must_be_accepted),
		T_TEST(features_stay_once_they_are_ok),
		T_TEST(features_are_not_ok_before_they_are_told),
		T_TEST(need_of_a_reset_is_not_the_drivers_to_tell),
		T_TEST(reset_forgets_everything),
		T_TEST(card_works_again_after_a_reset),
		T_TEST(reset_forgets_callbacks),
		T_TEST(frames_come_back_by_the_ops_alone),
		T_TEST(queue_that_does_not_exist_does_nothing),
		T_TEST(ring_needs_three_aligned_addresses),
		T_TEST(ring_is_not_ready_without_address),
		T_TEST(ring_is_not_ready_with_a_bad_number),
		T_TEST(state_is_a_sixteen_bit_index),
		T_TEST(state_counts_what_was_taken),
		T_TEST(card_goes_on_from_its_state),
		T_TEST(ready_again_changes_nothing),
		T_TEST(packet_comes_back_unchanged),
		T_TEST(packets_have_any_length),
		T_TEST(packets_may_be_chains),
		T_TEST(many_packets_come_back_in_order),
		T_TEST(rings_are_used_again_and_again),
		T_TEST(packet_waits_for_a_buffer),
		T_TEST(packet_without_enough_room_is_lost),
		T_TEST(packet_that_is_too_long_is_lost),
		T_TEST(packet_without_a_byte_is_lost),
		T_TEST(packet_is_lost_while_the_link_is_down),
		T_TEST(cards_are_apart),
		T_TEST(nothing_moves_before_the_driver_is_ok),
		T_TEST(nothing_moves_without_features),
		T_TEST(nothing_moves_while_a_queue_is_not_ready),
		T_TEST(nothing_moves_after_a_reset),
		T_TEST(driver_is_called_when_buffers_are_used),
		T_TEST(only_the_queue_that_was_used_is_told),
		T_TEST(driver_that_asks_for_quiet_is_not_called),
		T_TEST(driver_without_callback_is_not_called),
		T_TEST(callback_may_post_and_kick),
		T_TEST(head_outside_the_ring_stops_it),
		T_TEST(chain_without_end_stops_it),
		T_TEST(chain_of_the_wrong_direction_stops_it),
		T_TEST(broken_receive_ring_stops_it),
		T_TEST(packets_before_a_broken_one_are_used),
		T_TEST(card_can_go_while_it_has_work),
		T_TEST(card_can_go_in_the_middle_of_traffic),
		T_TEST(card_can_change_its_driver),
	};

	return t_run("mvnet", tests);
}
