// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtio_mdev: an mdev of class virtio as a virtio device. Most tests have a
 * vendor driver that does as they say, and the virtio driver of virtio_test.h;
 * the last ones send frames through mvnet.
 */
#include "vfio_test.h"
#include "virtio_test.h"

#define PARENT		DIR_TEST "/virtio_vendor"
#define TYPE		PARENT "/mdev_supported_types/mdev_test-1"
#define MDEV(uuid)	PARENT "/" uuid
#define MDEV_DRIVER	BUS "/drivers/virtio_mdev"

#define NET_TYPE	"/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio"
#define NET_MDEV	"/sys/bus/mdev/devices/" UUID_A

#define vendor_does(command)	t_expect(try_at(PARENT, command), 0)
#define vendor_says(command, want) did_at(PARENT, command, want "\n", __FILE__, __LINE__)

/* The virtio driver of the mdev below that directory. */
#define user_dir(mdev)		virtio_path(mdev, "/test")
#define user(command, want)	did_at(user_dir(MDEV(UUID_A)), command, want "\n", \
				       __FILE__, __LINE__)
#define user_does(command)	t_expect(try_at(user_dir(MDEV(UUID_A)), command), 0)
#define user_gets(command, err)	t_expect(try_at(user_dir(MDEV(UUID_A)), command), err)

static void load_vendor(void)
{
	load_core();
	t_expect(t_modprobe("virtio_test_vendor", NULL), 0);
	if (t_modprobe("virtio_mdev", NULL) == -ENOENT)
		t_skip("virtio_mdev is not among the modules of this tree");
}

static void load_user(const char *params)
{
	t_expect(t_modprobe("virtio_test_driver", params), 0);
}

static void load_all(void)
{
	load_vendor();
	load_user(NULL);
	create(TYPE, UUID_A);
}

static bool is_bound(const char *mdev)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/driver", mdev);
	return t_exists(path);
}

static bool has_user(const char *mdev)
{
	return t_exists(virtio_path(mdev, "/driver"));
}

/* ---- the device ------------------------------------------------------------------ */

static void mdev_becomes_a_virtio_device(void **state)
{
	load_vendor();
	create(TYPE, UUID_A);
	expect_link_to(MDEV(UUID_A) "/driver", "virtio_mdev");
	t_expect_text(virtio_path(MDEV(UUID_A), "/device"), "0x3f0d\n");
	t_expect_text(virtio_path(MDEV(UUID_A), "/vendor"), "0x1de5\n");
	t_expect_text(virtio_path(MDEV(UUID_A), "/status"), "0x00000001\n");
	expect_link_to(virtio_path(MDEV(UUID_A), "/subsystem"), "virtio");
	load_user(NULL);
	expect_link_to(virtio_path(MDEV(UUID_A), "/driver"), "virtio_test_driver");
	user("bus_name", UUID_A);
}

static void each_mdev_is_a_device_of_its_own(void **state)
{
	load_vendor();
	load_user(NULL);
	create(TYPE, UUID_A);
	create(TYPE, UUID_B);
	assert_true(has_user(MDEV(UUID_A)));
	assert_true(has_user(MDEV(UUID_B)));
	discard(MDEV(UUID_A));
	assert_true(has_user(MDEV(UUID_B)));
}

static void driver_comes_by_its_alias(void **state)
{
	load_vendor();
	t_expect(t_rmmod("virtio_mdev"), 0);
	t_autoload(true);
	create(TYPE, UUID_A);
	t_autoload_settle();
	expect_link_to(MDEV(UUID_A) "/driver", "virtio_mdev");
}

static void class_without_ops_is_refused(void **state)
{
	load_vendor();
	vendor_does("missing all");
	/* asking for ops of an mdev that has none is no fault of the class */
	create(TYPE, UUID_A);
	assert_false(is_bound(MDEV(UUID_A)));
	assert_true(t_kmsg_find("class virtio without ops: call mdev_set_virtio_ops() in create()",
				NULL, 0));
}

static void missing_op_is_refused_by_its_name(void **state)
{
	static const char *const ops[] = {
		"set_vq_address", "set_vq_num", "kick_vq", "set_vq_cb", "set_vq_ready",
		"get_vq_ready", "set_vq_state", "get_vq_state", "get_vq_align", "get_features",
		"set_features", "set_config_cb", "get_vq_num_max", "get_device_id",
		"get_vendor_id", "get_status", "set_status", "get_config", "set_config",
	};
	char text[64];
	unsigned int i;

	load_vendor();
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		snprintf(text, sizeof(text), "missing %s", ops[i]);
		vendor_does(text);
		create(TYPE, UUID_A);
		assert_false(is_bound(MDEV(UUID_A)));
		snprintf(text, sizeof(text), "class virtio without the op %s\n", ops[i]);
		text[strlen(text) - 1] = '\0';
		assert_true(t_kmsg_find(text, NULL, 0));
		discard(MDEV(UUID_A));
	}
	vendor_does("missing get_generation");
	create(TYPE, UUID_A);
	assert_true(is_bound(MDEV(UUID_A)));
}

static void device_that_is_none_is_refused(void **state)
{
	load_vendor();
	vendor_does("set id 0");
	create(TYPE, UUID_A);
	assert_false(is_bound(MDEV(UUID_A)));
	assert_true(t_kmsg_find("class virtio with device id 0", NULL, 0));
}

/* ---- negotiation ------------------------------------------------------------------- */

static void expect_setup_log(void)
{
	char log[4096], want[2048], name[32];

	snprintf(name, sizeof(name), "%s", virtio_below(MDEV(UUID_A)));
	snprintf(want, sizeof(want),
		 "status 0x0\nstatus 0x1\nstatus 0x3\nset_features device\n"
		 "virtio_validate %1$s\nstatus 0xb\nvirtio_probe %1$s\n"
		 "set_vq_cb 0\nset_vq_num 0\nset_vq_address 0\nset_vq_state 0\nready 0\n"
		 "set_vq_cb 1\nset_vq_num 1\nset_vq_address 1\nset_vq_state 1\nready 1\n"
		 "set_config_cb device\nstatus 0xf\nvirtio_scan %1$s\n", name);
	t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
	assert_string_equal(log, want);
}

static void setting_up_and_taking_down_mirror_each_other(void **state)
{
	char log[4096], want[2048], name[32];

	load_vendor();
	load_user(NULL);
	clear_log();
	create(TYPE, UUID_A);
	expect_setup_log();
	snprintf(name, sizeof(name), "%s", virtio_below(MDEV(UUID_A)));
	clear_log();
	discard(MDEV(UUID_A));
	snprintf(want, sizeof(want),
		 "virtio_remove %s\nstatus 0x0\nforget_config_cb device\n"
		 "unready 0\nforget_vq_cb 0\nunready 1\nforget_vq_cb 1\nstatus 0x1\n", name);
	t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
	assert_string_equal(log, want);
}

static void features_without_words_are_taken_away(void **state)
{
	load_vendor();
	load_user(NULL);
	/* 28, 29: rings'; 34: packed ones; 37, 38, 40: not for this transport */
	vendor_does("set features 0x16730000001");
	create(TYPE, UUID_A);
	vendor_says("tell features", "0x330000001");
}

static void device_of_before_1_0_is_refused(void **state)
{
	load_vendor();
	load_user(NULL);
	vendor_does("set features 0x200000001");
	create(TYPE, UUID_A);
	assert_true(is_bound(MDEV(UUID_A)));
	assert_false(has_user(MDEV(UUID_A)));
	assert_true(t_kmsg_find("device without VIRTIO_F_VERSION_1", NULL, 0));
}

static void vendor_may_refuse_features(void **state)
{
	load_vendor();
	load_user(NULL);
	answer("set_features -22");
	create(TYPE, UUID_A);
	assert_true(is_bound(MDEV(UUID_A)));
	assert_false(has_user(MDEV(UUID_A)));
	t_expect_text(virtio_path(MDEV(UUID_A), "/status"), "0x00000083\n");
	/* and think better of it */
	answer("set_features 0");
	t_expect(t_put(VIRTIO_BUS "/drivers_probe", virtio_below(MDEV(UUID_A))) > 0, true);
	assert_true(has_user(MDEV(UUID_A)));
}

/* ---- virtqueues --------------------------------------------------------------------- */

static void expect_no_user_after(const char *said)
{
	load_vendor();
	load_user(NULL);
	answer(said);
	clear_log();
	create(TYPE, UUID_A);
	assert_true(is_bound(MDEV(UUID_A)));
	assert_false(has_user(MDEV(UUID_A)));
	vendor_says("tell ready 0", "0");
	vendor_says("tell ready 1", "0");
}

static void address_that_a_vendor_refuses_is_none(void **state)
{
	expect_no_user_after("set_vq_address -22");
}

static void state_that_a_vendor_refuses_is_none(void **state)
{
	expect_no_user_after("set_vq_state -95");
}

static void virtqueue_that_does_not_become_ready_is_none(void **state)
{
	expect_no_user_after("ready 1");
}

/* No error number, and no pointer either. */
static void positive_answer_is_no_virtqueue(void **state)
{
	expect_no_user_after("set_vq_address 1");
}

static void virtqueue_that_a_device_has_not_is_not_found(void **state)
{
	load_vendor();
	load_user("queues=3");
	create(TYPE, UUID_A);
	assert_false(has_user(MDEV(UUID_A)));
	vendor_says("tell ready 0", "0");
	vendor_says("tell ready 1", "0");
}

static void virtqueue_without_a_name_is_left_out(void **state)
{
	load_vendor();
	load_user("queues=2 hole=0");
	create(TYPE, UUID_A);
	user("ask 1 name", "tx of 0");
	vendor_says("tell ready 0", "1");
	vendor_says("tell ready 1", "0");
}

static void expect_no_user_with(const char *setting)
{
	load_vendor();
	load_user(NULL);
	vendor_does(setting);
	create(TYPE, UUID_A);
	assert_true(is_bound(MDEV(UUID_A)));
	assert_false(has_user(MDEV(UUID_A)));
}

static void device_without_descriptors_has_no_virtqueue(void **state)
{
	expect_no_user_with("set num 0");
}

static void number_that_makes_no_ring_is_refused(void **state)
{
	expect_no_user_with("set num 12");
	assert_true(t_kmsg_find("Bad virtqueue length 12", NULL, 0));
}

static void alignment_that_makes_no_ring_is_refused(void **state)
{
	expect_no_user_with("set align 0");
}

static void alignment_of_three_is_none(void **state)
{
	expect_no_user_with("set align 3");
}

static void virtqueue_in_use_is_not_found_again(void **state)
{
	load_vendor();
	load_user("queues=1");
	vendor_does("set stubborn 1");
	create(TYPE, UUID_A);
	assert_true(has_user(MDEV(UUID_A)));
	/* the device does not let go of it, which is a fault */
	t_expect_splat("virtio_mdev.c");
	t_expect(t_rmmod("virtio_test_driver"), 0);
	load_user("queues=1");
	assert_false(has_user(MDEV(UUID_A)));
}

/* ---- buffers and interrupts ----------------------------------------------------------- */

static void buffer_goes_and_comes_back(void **state)
{
	load_all();
	user_does("add 0 o10+i20");
	user("kick 0", "1");
	vendor_says("tell kicks 0", "1");
	vendor_says("tell kicks 1", "0");
	vendor_says("call 0", "none");
	vendor_does("use 0 0");
	vendor_says("call 0", "handled");
	user("ask 0 calls", "1");
	user("get 0", "0: 0 of 238");
}

static void wild_used_ring_breaks_the_virtqueue(void **state)
{
	load_all();
	user_does("add 0 o10");
	vendor_does("use 0 77");
	vendor_says("call 0", "handled");
	user("get 0", "none");
	assert_true(t_kmsg_find("rx:id 77 out of range", NULL, 0));
	user("ask 0 broken", "1");
	user_gets("add 0 o10", -EIO);
	user("ask 1 broken", "0");
	user("detach 0", "0");
}

static void virtqueue_without_callback_has_none(void **state)
{
	load_vendor();
	load_user("quiet=1");
	create(TYPE, UUID_A);
	vendor_says("call 0", "nobody");
}

static void interrupt_after_a_reset_finds_nothing(void **state)
{
	load_all();
	vendor_does("set keeps_callbacks 1");
	user_does("add 0 o10");
	user_does("reset");
	vendor_says("call 0", "none");
	user("ask 0 calls", "0");
	user("kick 0", "1");
	vendor_says("tell kicks 0", "1");
	user("detach 0", "0");
}

static void buffer_added_after_a_reset_is_given_back(void **state)
{
	load_all();
	user_does("reset");
	user_does("add 0 o10");
	user("kick 0", "1");
	vendor_says("call 0", "nobody");
	user("detach 0", "0");
	user("detach 0", "none");
}

static void driver_that_never_kicks_loses_nothing(void **state)
{
	load_all();
	user_does("add 0 o10");
	user_does("add 1 i10");
	vendor_says("tell kicks 0", "0");
	vendor_says("call 0", "none");
	/* the device may look all the same */
	vendor_does("use 1 0");
	user("get 1", "0: 0 of 238");
	user_does("reset");
	user("detach 0", "0");
	user("detach 1", "none");
	vendor_says("tell kicks 0", "0");
}

/* ---- config space ------------------------------------------------------------------------ */

static void config_is_passed_through_unchanged(void **state)
{
	char text[32];
	int i;

	load_all();
	for (i = 0; i < 16; i++) {
		snprintf(text, sizeof(text), "config %d %d", i, 0x20 + i);
		vendor_does(text);
	}
	user("config 0 16", "202122232425262728292a2b2c2d2e2f");
	user("config 13 5", "2d2e2f0000");
	user("fields", "0x20 0x2322 0x27262524 0x2f2e2d2c2b2a2928");
	user_does("write");
	vendor_says("tell config", "5a213412efbeadde28292a2b2c2d2e2f");
}

static void config_that_changes_is_read_again(void **state)
{
	load_all();
	vendor_does("set changing 5");
	user("config 0 4", "05050505");
}

static void config_of_a_device_without_generation_is_read_once(void **state)
{
	load_vendor();
	load_user(NULL);
	vendor_does("missing get_generation");
	create(TYPE, UUID_A);
	vendor_does("set changing 3");
	user("config 0 4", "00010203");
}

static void change_of_the_config_is_told(void **state)
{
	load_all();
	user("changes", "0");
	vendor_says("call config", "handled");
	user("changes", "1");
	t_expect(t_rmmod("virtio_test_driver"), 0);
	vendor_says("call config", "nobody");
}

/* ---- the end -------------------------------------------------------------------------------- */

static void removal_in_use_takes_the_device_from_its_driver(void **state)
{
	load_all();
	user_does("add 0 o10");
	discard(MDEV(UUID_A));
	assert_false(t_exists(MDEV(UUID_A)));
	expect_list(TEST_DRIVER, "bind module uevent unbind");
}

static void removal_waits_for_who_holds_the_device(void **state)
{
	struct t_task *task;

	load_all();
	user_does("hold");
	task = t_put_start(MDEV(UUID_A) "/remove", "1");
	t_expect(t_task_wait_blocked(task), true);
	/* its driver has let go of it already */
	expect_list(TEST_DRIVER, "bind module uevent unbind");
	t_expect(t_put("/sys/module/virtio_test_driver/parameters/drop", "1"), 1);
	t_expect(t_task_join(task), 1);
	assert_false(t_exists(MDEV(UUID_A)));
}

static void parent_that_goes_takes_the_device_along(void **state)
{
	load_all();
	user_does("add 0 o10");
	vendor_does("unregister");
	assert_false(t_exists(MDEV(UUID_A)));
	expect_list(TEST_DRIVER, "bind module uevent unbind");
	t_expect(t_rmmod("virtio_test_vendor"), 0);
}

static void unbound_mdev_is_no_virtio_device(void **state)
{
	load_all();
	user_does("add 1 i10");
	t_expect(t_put(MDEV_DRIVER "/unbind", UUID_A), UUID_LEN);
	assert_string_equal(virtio_below(MDEV(UUID_A)), "");
	assert_false(is_bound(MDEV(UUID_A)));
	t_expect(t_put(MDEV_DRIVER "/bind", UUID_A), UUID_LEN);
	assert_true(has_user(MDEV(UUID_A)));
	user_does("add 1 i10");
}

static void vendor_stays_while_its_device_is_bound(void **state)
{
	load_all();
	t_expect(t_rmmod("virtio_test_vendor"), -EWOULDBLOCK);
	/* with or without a virtio driver */
	t_expect(t_rmmod("virtio_test_driver"), 0);
	t_expect(t_rmmod("virtio_test_vendor"), -EWOULDBLOCK);
	t_expect(t_put(MDEV_DRIVER "/unbind", UUID_A), UUID_LEN);
	t_expect(t_rmmod("virtio_test_vendor"), 0);
	assert_false(t_exists(PARENT));
}

static void refused_device_pins_nobody(void **state)
{
	load_vendor();
	vendor_does("set id 0");
	create(TYPE, UUID_A);
	t_expect(t_rmmod("virtio_test_vendor"), 0);
}

static void driver_may_be_unloaded_any_time(void **state)
{
	load_all();
	user_does("add 0 o10");
	t_expect(t_rmmod("virtio_mdev"), 0);
	assert_string_equal(virtio_below(MDEV(UUID_A)), "");
	t_expect(t_modprobe("virtio_mdev", NULL), 0);
	assert_true(has_user(MDEV(UUID_A)));
}

/* ---- mvnet -------------------------------------------------------------------------------------- */

static void load_net(void)
{
	load_sample("mvnet", NULL);
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	if (t_modprobe("virtio_mdev", NULL) == -ENOENT)
		t_skip("virtio_mdev is not among the modules of this tree");
	load_user(NULL);
	create(NET_TYPE, UUID_A);
}

#define net(command, want) \
	did_at(user_dir(NET_MDEV), command, want "\n", __FILE__, __LINE__)

static void frames_come_back_through_mvnet(void **state)
{
	load_net();
	expect_link_to(virtio_path(NET_MDEV, "/driver"), "virtio_test_driver");
	net("flood 10000", "10000 sent, 10000 received, 0 bad");
}

static void link_of_mvnet_is_told(void **state)
{
	load_net();
	net("config 0 8", "02bfe0fa10010100");
	t_expect(t_put(NET_MDEV "/vendor/link", "0"), 1);
	t_expect(try_at(user_dir(NET_MDEV), "wait_changes 1"), 0);
	net("config 6 2", "0000");
}

static void reset_of_mvnet_forgets_callbacks(void **state)
{
	load_net();
	/* what it does because its driver is there, it has done */
	t_expect(try_at(user_dir(NET_MDEV), "settle"), 0);
	net("ask 0 calls", "0");
	t_expect(try_at(user_dir(NET_MDEV), "add 0 i100"), 0);
	t_expect(try_at(user_dir(NET_MDEV), "add 1 o100"), 0);
	t_expect(try_at(user_dir(NET_MDEV), "reset"), 0);
	net("kick 1", "1");
	/* unbinding waits for what is queued: nobody was called */
	net("ask 0 calls", "0");
	net("ask 1 calls", "0");
	net("detach 0", "0");
	net("detach 1", "0");
}

static void mvnet_stays_while_its_card_is_bound(void **state)
{
	load_net();
	t_expect(t_rmmod("mvnet"), -EWOULDBLOCK);
	discard(NET_MDEV);
	t_expect(t_rmmod("mvnet"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(mdev_becomes_a_virtio_device),
		T_TEST(each_mdev_is_a_device_of_its_own),
		T_TEST(driver_comes_by_its_alias),
		T_TEST(class_without_ops_is_refused),
		T_TEST(missing_op_is_refused_by_its_name),
		T_TEST(device_that_is_none_is_refused),
		T_TEST(setting_up_and_taking_down_mirror_each_other),
		T_TEST(features_without_words_are_taken_away),
		T_TEST(device_of_before_1_0_is_refused),
		T_TEST(vendor_may_refuse_features),
		T_TEST(address_that_a_vendor_refuses_is_none),
		T_TEST(state_that_a_vendor_refuses_is_none),
		T_TEST(virtqueue_that_does_not_become_ready_is_none),
		T_TEST(positive_answer_is_no_virtqueue),
		T_TEST(virtqueue_that_a_device_has_not_is_not_found),
		T_TEST(virtqueue_without_a_name_is_left_out),
		T_TEST(device_without_descriptors_has_no_virtqueue),
		T_TEST(number_that_makes_no_ring_is_refused),
		T_TEST(alignment_that_makes_no_ring_is_refused),
		T_TEST(alignment_of_three_is_none),
		T_TEST(virtqueue_in_use_is_not_found_again),
		T_TEST(buffer_goes_and_comes_back),
		T_TEST(wild_used_ring_breaks_the_virtqueue),
		T_TEST(virtqueue_without_callback_has_none),
		T_TEST(interrupt_after_a_reset_finds_nothing),
		T_TEST(buffer_added_after_a_reset_is_given_back),
		T_TEST(driver_that_never_kicks_loses_nothing),
		T_TEST(config_is_passed_through_unchanged),
		T_TEST(config_that_changes_is_read_again),
		T_TEST(config_of_a_device_without_generation_is_read_once),
		T_TEST(change_of_the_config_is_told),
		T_TEST(removal_in_use_takes_the_device_from_its_driver),
		T_TEST(removal_waits_for_who_holds_the_device),
		T_TEST(parent_that_goes_takes_the_device_along),
		T_TEST(unbound_mdev_is_no_virtio_device),
		T_TEST(vendor_stays_while_its_device_is_bound),
		T_TEST(refused_device_pins_nobody),
		T_TEST(driver_may_be_unloaded_any_time),
		T_TEST(frames_come_back_through_mvnet),
		T_TEST(link_of_mvnet_is_told),
		T_TEST(reset_of_mvnet_forgets_callbacks),
		T_TEST(mvnet_stays_while_its_card_is_bound),
	};

	return t_run("virtio_mdev", tests);
}
