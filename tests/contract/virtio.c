// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio bus: devices and drivers that come and go, what is negotiated
 * before a probe, the config space and its changes. Rings are in virtio_ring.c.
 */
#include "virtio_test.h"

/* ---- devices and drivers ------------------------------------------------------- */

static void device_is_named_and_described(void **state)
{
	char want[64];

	load_device(MODERN);
	assert_string_not_equal(virtio_below(TRANSPORT), "");
	t_expect_text(virtio_path(TRANSPORT, "/device"), "0x3f0d\n");
	t_expect_text(virtio_path(TRANSPORT, "/vendor"), "0x1de5\n");
	t_expect_text(virtio_path(TRANSPORT, "/modalias"), "virtio:d00003F0Dv00001DE5\n");
	t_expect_text(virtio_path(TRANSPORT, "/status"), "0x0000000f\n");
	snprintf(want, sizeof(want), VIRTIO_BUS "/devices/%s", virtio_below(TRANSPORT));
	assert_true(t_exists(want));
	expect_link_to(virtio_path(TRANSPORT, "/driver"), "virtio_test_driver");
	device("is_virtio", "1 0");
}

static void features_file_has_a_digit_for_each(void **state)
{
	char text[80], want[80];

	load_device("0x300000001");
	memset(want, '0', 64);
	want[0] = want[32] = want[33] = '1';
	want[64] = '\n';
	want[65] = '\0';
	t_expect(t_get(virtio_path(TRANSPORT, "/features"), text, sizeof(text)), 65);
	assert_string_equal(text, want);
}

static void uevent_names_the_modalias(void **state)
{
	struct t_uevent ev;
	char suffix[40];

	load_virtio(NULL);
	t_uevent_flush();
	device_does("register");
	snprintf(suffix, sizeof(suffix), "/%s", virtio_below(TRANSPORT));
	assert_true(t_uevent_find("add", suffix, &ev));
	assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "virtio:d00003F0Dv00001DE5");
	assert_string_equal(t_uevent_get(&ev, "SUBSYSTEM"), "virtio");
}

static void statuses_come_in_their_order(void **state)
{
	load_device(MODERN);
	device("story", "0 1 3 b f");
	device_does("unregister");
}

static void device_waits_for_its_driver(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_modprobe("virtio_test_device", NULL), 0);
	device_does("register");
	device("story", "0 1");
	assert_false(t_exists(virtio_path(TRANSPORT, "/driver")));
	t_expect(t_modprobe("virtio_test_driver", NULL), 0);
	device("story", "0 1 3 b f");
	t_expect(t_rmmod("virtio_test_driver"), 0);
	/* it reset the device, which is acknowledged again */
	device("story", "0 1 3 b f 0 1");
	t_expect_text(virtio_path(TRANSPORT, "/status"), "0x00000001\n");
}

static void driver_says_itself_that_it_is_ready(void **state)
{
	load_virtio("ready_early=1");
	device_does("register");
	device("story", "0 1 3 b f");
	/* twice is once too often */
	t_expect_splat("include/linux/virtio_config.h");
	driver_does("ready");
}

static void unbinding_resets_and_binding_starts_anew(void **state)
{
	char name[32];

	load_device(MODERN);
	snprintf(name, sizeof(name), "%s", virtio_below(TRANSPORT));
	t_expect(t_put(TEST_DRIVER "/unbind", name), strlen(name));
	device("story", "0 1 3 b f 0 1");
	t_expect(t_put(TEST_DRIVER "/bind", name), strlen(name));
	device("story", "0 1 3 b f 0 1 3 b f");
}

static void callbacks_of_a_driver_come_in_their_order(void **state)
{
	char want[256];

	load_virtio(NULL);
	clear_log();
	device_does("register");
	snprintf(want, sizeof(want), "virtio_validate %1$s\nvirtio_probe %1$s\nvirtio_scan %1$s\n",
		 virtio_below(TRANSPORT));
	expect_log(want);
	snprintf(want, sizeof(want), "virtio_remove %1$s\nvirtio_release %1$s\n",
		 virtio_below(TRANSPORT));
	clear_log();
	device_does("unregister");
	expect_log(want);
}

static void failed_probe_is_in_the_status(void **state)
{
	load_virtio(NULL);
	answer("virtio_probe -5");
	device_does("register");
	device("story", "0 1 3 b 8b");
	assert_false(t_exists(virtio_path(TRANSPORT, "/driver")));
	t_expect_text(virtio_path(TRANSPORT, "/status"), "0x0000008b\n");
}

static void device_goes_with_its_transport(void **state)
{
	load_device(MODERN);
	driver_does("add 0 i100");
	t_expect(t_rmmod("virtio_test_device"), 0);
	expect_list(TEST_DRIVER, "bind module uevent unbind");
}

/* ---- features ------------------------------------------------------------------- */

static void common_features_are_accepted(void **state)
{
	/* bits 0, 1 and 63: the driver knows the first */
	load_device("0x8000000300000003");
	device("accepted", "0x300000001");
}

static void legacy_device_has_the_legacy_table(void **state)
{
	load_device("0x3");
	device("accepted", "0x3");
	/* such a device is not asked whether features are all right */
	device("story", "0 1 3 7");
}

static void features_that_rings_do_not_know_are_taken_away(void **state)
{
	/* bits 28, 29: rings'; 35, 37, 38, 39: not */
	load_device("0xeb30000000");
	device("accepted", "0x330000000");
}

static void error_of_the_transport_ends_the_probe(void **state)
{
	load_virtio(NULL);
	device_does("fail finalize -22");
	device_does("register");
	device("story", "0 1 3 83");
	assert_false(t_exists(virtio_path(TRANSPORT, "/driver")));
}

static void driver_may_take_features_away(void **state)
{
	load_virtio(NULL);
	device_does("features 0x320000001");
	answer("virtio_validate 29");
	device_does("register");
	device("accepted", "0x300000001");
	device("story", "0 1 3 b f");
}

static void driver_may_refuse_what_is_left(void **state)
{
	load_virtio(NULL);
	answer("virtio_validate -95");
	device_does("register");
	device("story", "0 1 3 83");
}

static void device_may_refuse_features(void **state)
{
	load_virtio(NULL);
	device_does("refuse 1");
	device_does("register");
	device("story", "0 1 3 b 83");
	assert_true(t_kmsg_find("virtio: device refuses features: 3", NULL, 0));
}

/* ---- virtqueues ------------------------------------------------------------------- */

static void virtqueues_have_names_and_numbers(void **state)
{
	load_virtio("queues=3");
	device_does("register");
	driver("ask 0 name", "rx of 0");
	driver("ask 2 name", "third of 2");
	driver("ask 1 size", "8");
	driver("ask 1 free", "8");
	driver("bus_name", "transport");
}

static void virtqueue_without_a_name_is_left_out(void **state)
{
	load_virtio("queues=3 hole=1");
	device_does("register");
	driver("ask 0 name", "rx of 0");
	driver("ask 2 name", "third of 1");
	driver_gets("ask 1 size", -EINVAL);
}

static void virtqueues_that_cannot_be_found_end_the_probe(void **state)
{
	load_virtio(NULL);
	device_does("fail find -6");
	device_does("register");
	device("story", "0 1 3 b 8b");
}

static void size_that_is_no_power_of_two_is_none(void **state)
{
	load_virtio(NULL);
	device_does("num 12");
	device_does("register");
	assert_true(t_kmsg_find("Bad virtqueue length 12", NULL, 0));
	device("story", "0 1 3 b 8b");
}

static void size_of_a_mapping_is_the_platforms(void **state)
{
	load_device(MODERN);
	driver("max_size", "7000");
	device_does("unregister");
	device_does("features " LEGACY);
	device_does("register");
	driver("max_size", "ffffffffffffffff");
}

/* ---- the config space ------------------------------------------------------------- */

static void set_config(void)
{
	char text[32];
	int i;

	for (i = 0; i < 16; i++) {
		snprintf(text, sizeof(text), "config %d %d", i, 0x10 + i);
		device_does(text);
	}
}

static void config_is_read_by_fields(void **state)
{
	load_device(MODERN);
	set_config();
	driver("fields", "0x10 0x1312 0x17161514 0x1f1e1d1c1b1a1918");
	driver("config 3 4", "13141516");
	driver("config 14 4", "1e1f0000");
}

static void config_is_written_by_fields(void **state)
{
	load_device(MODERN);
	driver_does("write");
	device("space", "5a003412efbeadde0000000000000000");
}

static void config_that_changes_is_read_again(void **state)
{
	load_device(MODERN);
	device_does("config 0 0");
	/* each of the first five reads is followed by another generation */
	device_does("changing 5");
	driver("config 0 4", "05050505");
	device_does("changing 9");
	driver("config 8 8", "0e0e0e0e0e0e0e0e");
}

static void config_without_generation_is_read_once(void **state)
{
	load_virtio(NULL);
	device_does("register plain");
	device_does("config 0 0");
	device_does("changing 3");
	driver("config 0 4", "00010203");
	driver("bus_name", "virtio");
}

static void change_is_told_to_the_driver(void **state)
{
	load_device(MODERN);
	driver("changes", "0");
	device_does("changed");
	device_does("changed");
	driver("changes", "2");
}

static void change_without_a_driver_is_kept_for_one(void **state)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_modprobe("virtio_test_device", NULL), 0);
	device_does("register");
	device_does("changed");
	device_does("changed");
	t_expect(t_modprobe("virtio_test_driver", NULL), 0);
	driver("changes", "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_is_named_and_described),
		T_TEST(features_file_has_a_digit_for_each),
		T_TEST(uevent_names_the_modalias),
		T_TEST(statuses_come_in_their_order),
		T_TEST(device_waits_for_its_driver),
		T_TEST(driver_says_itself_that_it_is_ready),
		T_TEST(unbinding_resets_and_binding_starts_anew),
		T_TEST(callbacks_of_a_driver_come_in_their_order),
		T_TEST(failed_probe_is_in_the_status),
		T_TEST(device_goes_with_its_transport),
		T_TEST(common_features_are_accepted),
		T_TEST(legacy_device_has_the_legacy_table),
		T_TEST(features_that_rings_do_not_know_are_taken_away),
		T_TEST(error_of_the_transport_ends_the_probe),
		T_TEST(driver_may_take_features_away),
		T_TEST(driver_may_refuse_what_is_left),
		T_TEST(device_may_refuse_features),
		T_TEST(virtqueues_have_names_and_numbers),
		T_TEST(virtqueue_without_a_name_is_left_out),
		T_TEST(virtqueues_that_cannot_be_found_end_the_probe),
		T_TEST(size_that_is_no_power_of_two_is_none),
		T_TEST(size_of_a_mapping_is_the_platforms),
		T_TEST(config_is_read_by_fields),
		T_TEST(config_is_written_by_fields),
		T_TEST(config_that_changes_is_read_again),
		T_TEST(config_without_generation_is_read_once),
		T_TEST(change_is_told_to_the_driver),
		T_TEST(change_without_a_driver_is_kept_for_one),
	};

	return t_run("virtio", tests);
}
