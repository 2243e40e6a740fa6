// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCI device and its driver as user space sees them: files of the device, binding
 * by table, by an id that a user adds and by an override, a probe that fails, removal
 * and rescan. The card is QEMU's edu, or one that looks like it.
 */
#include "target.h"

#define CARDS	"/sys/bus/pci/devices"
#define DRIVER	"/sys/bus/pci/drivers/pci_test"

static char card[64], at[256];

static const char *file(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", at, name);
	return path;
}

static bool is_edu(const char *name)
{
	char vendor[32] = "", device[32] = "";

	snprintf(at, sizeof(at), CARDS "/%.60s", name);
	t_get(file("vendor"), vendor, sizeof(vendor));
	t_get(file("device"), device, sizeof(device));
	return !strcmp(vendor, "0x1234\n") && !strcmp(device, "0x11e8\n");
}

static void find_card(void)
{
	char names[4096] = "", *name, *rest;

	t_list(CARDS, names, sizeof(names));
	for (name = strtok_r(names, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		if (!is_edu(name))
			continue;
		snprintf(card, sizeof(card), "%.60s", name);
		return;
	}
	t_skip("there is no card 1234:11e8 (qemu-system-x86_64 -device edu)");
}

static void begin(void)
{
	find_card();
	t_expect(t_insmod("pci_test", NULL), 0);
}

/* For what a driver calls, function by function. */
#define CASES	"/sys/devices/virtual/mdev_test/hardware/case"

static void load(void)
{
	find_card();
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("hardware_test", NULL), 0);
}

#include "cases.h"

static bool is_bound(void)
{
	char driver[256] = "";

	t_readlink(file("driver"), driver, sizeof(driver));
	return strstr(driver, "/pci_test");
}

static void end(void)
{
	t_expect(t_rmmod("pci_test"), 0);
	assert_false(is_bound());
}

static void device_has_what_its_config_space_says(void **state)
{
	unsigned char config[64] = "";
	char text[4096];
	int fd;

	find_card();
	t_expect_text(file("vendor"), "0x1234\n");
	t_expect_text(file("device"), "0x11e8\n");
	fd = t_open(file("config"), O_RDONLY);
	t_expect(t_read(fd, config, sizeof(config)), 64);
	t_close(fd);
	assert_int_equal(config[0] | config[1] << 8, 0x1234);
	assert_int_equal(config[2] | config[3] << 8, 0x11e8);
	t_expect(t_get(file("modalias"), text, sizeof(text)) > 0, 1);
	assert_non_null(strstr(text, "pci:v00001234d000011E8sv"));
	t_get(file("resource"), text, sizeof(text));
	assert_int_equal(strncmp(text, "0x00000000", 10), 0);
}

static void driver_is_found_by_its_table(void **state)
{
	begin();
	assert_true(is_bound());
	t_expect_text(file("pci_test"),
		      "data 7 vectors 1 msi enabled 1 master 1 length 1048576\n");
	t_expect_text(file("enable"), "1\n");
	t_expect(t_put(file("enable"), "0"), -EBUSY);
	end();
	t_expect_text(file("enable"), "0\n");
	assert_false(t_exists(file("pci_test")));
}

static void unbound_and_bound_again_by_hand(void **state)
{
	begin();
	t_expect(t_put(DRIVER "/unbind", card), strlen(card));
	assert_false(is_bound());
	t_expect(t_put(DRIVER "/bind", card), strlen(card));
	assert_true(is_bound());
	end();
}

static void probe_that_fails_leaves_nothing(void **state)
{
	find_card();
	t_expect(t_insmod("pci_test", "fail=-5"), 0);
	assert_false(is_bound());
	assert_true(t_kmsg_has("probe of ") || t_kmsg_has("probe with driver pci_test failed"));
	t_expect_text(file("enable"), "0\n");
	t_expect(t_put(DRIVER "/bind", card), -EIO);
	t_expect(t_put("/sys/module/pci_test/parameters/fail", "0"), 1);
	t_expect(t_put(DRIVER "/bind", card), strlen(card));
	end();
}

static void override_keeps_other_drivers_away(void **state)
{
	find_card();
	t_expect_text(file("driver_override"), "(null)\n");
	t_expect(t_put(file("driver_override"), "another\n"), 8);
	t_expect_text(file("driver_override"), "another\n");
	t_expect(t_insmod("pci_test", NULL), 0);
	assert_false(is_bound());
	t_expect(t_put(DRIVER "/bind", card), -ENODEV);
	t_expect(t_put(file("driver_override"), "\n"), 1);
	t_expect(t_put("/sys/bus/pci/drivers_probe", card), strlen(card));
	assert_true(is_bound());
	end();
}

static void user_adds_an_id(void **state)
{
	begin();
	t_expect(t_put(DRIVER "/new_id", "1234"), -EINVAL);
	t_expect(t_put(DRIVER "/new_id", "1234 11e8"), -EEXIST);
	/* not one of the driver's own numbers */
	t_expect(t_put(DRIVER "/new_id", "8086 ffff"), -EINVAL);
	t_expect(t_put(DRIVER "/new_id", "8086 ffff ffffffff ffffffff 0 0 7"), 33);
	t_expect(t_put(DRIVER "/remove_id", "8086 fffe"), -ENODEV);
	t_expect(t_put(DRIVER "/remove_id", "8086 ffff"), 9);
	t_expect(t_put(DRIVER "/remove_id", "8086 ffff"), -ENODEV);
	end();
}

static void removed_device_is_found_again(void **state)
{
	struct t_uevent ev;

	begin();
	t_uevent_flush();
	t_expect(t_put(file("remove"), "1"), 1);
	assert_false(t_exists(at));
	assert_true(t_uevent_find("unbind", card, &ev));
	assert_true(t_uevent_find("remove", card, &ev));
	assert_string_equal(t_uevent_get(&ev, "PCI_ID"), "1234:11E8");
	assert_string_equal(t_uevent_get(&ev, "PCI_SLOT_NAME"), card);
	t_expect(t_put("/sys/bus/pci/rescan", "1"), 1);
	assert_true(t_uevent_find("add", card, &ev));
	assert_true(is_bound());
	end();
}

static void config_space_is_written(void **state)
{
	unsigned char old = 0, new = 0x42;
	int fd;

	find_card();
	fd = t_open(file("config"), O_RDWR);
	/* the line of its interrupt means nothing to the hardware */
	t_expect(t_pread(fd, &old, 1, 0x3c), 1);
	t_expect(t_pwrite(fd, &new, 1, 0x3c), 1);
	new = 0;
	t_expect(t_pread(fd, &new, 1, 0x3c), 1);
	assert_int_equal(new, 0x42);
	t_expect(t_pwrite(fd, &old, 1, 0x3c), 1);
	/* the vendor stays what it is */
	t_expect(t_pwrite(fd, &new, 1, 0), 1);
	t_expect(t_pread(fd, &new, 1, 0), 1);
	assert_int_equal(new, 0x34);
	t_close(fd);
}

static void files_say_what_the_card_is(void **state)
{
	find_card();
	t_expect_text(file("subsystem_vendor"), "0x1af4\n");
	t_expect_text(file("subsystem_device"), "0x1100\n");
	t_expect_text(file("revision"), "0x10\n");
	t_expect_text(file("class"), "0x00ff00\n");
}

static void files_take_numbers_and_nothing_else(void **state)
{
	find_card();
	t_expect_text(file("enable"), "0\n");
	t_expect(t_put(file("enable"), "x"), -EINVAL);
	t_expect(t_put(file("enable"), "0"), -EIO);
	t_expect(t_put(file("enable"), "1"), 1);
	t_expect_text(file("enable"), "1\n");
	t_expect(t_put(file("enable"), "0"), 1);
	t_expect_text(file("enable"), "0\n");
	t_expect_text(file("broken_parity_status"), "0\n");
	t_expect(t_put(file("broken_parity_status"), "y"), -EINVAL);
	t_expect(t_put(file("broken_parity_status"), "2"), 1);
	t_expect_text(file("broken_parity_status"), "1\n");
	t_expect(t_put(file("broken_parity_status"), "0"), 1);
	t_expect_text(file("msi_bus"), "1\n");
	t_expect(t_put(file("msi_bus"), "n"), -EINVAL);
	t_expect(t_put(file("msi_bus"), "0"), 1);
	t_expect_text(file("msi_bus"), "0\n");
	t_expect(t_put(file("msi_bus"), "1"), 1);
	t_expect(t_put(file("rescan"), "z"), -EINVAL);
	t_expect(t_put(file("remove"), "q"), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(device_has_what_its_config_space_says),
		T_TEST(driver_is_found_by_its_table),
		T_TEST(unbound_and_bound_again_by_hand),
		T_TEST(probe_that_fails_leaves_nothing),
		T_TEST(override_keeps_other_drivers_away),
		T_TEST(user_adds_an_id),
		T_TEST(removed_device_is_found_again),
		T_TEST(config_space_is_written),
		T_TEST(files_say_what_the_card_is),
		T_TEST(files_take_numbers_and_nothing_else),
		T_CASE(card_is_found_by_what_it_is),
		T_CASE(card_is_enabled_as_often_as_disabled),
		T_CASE(state_of_a_card_is_restored_once),
		T_CASE(regions_of_a_card_are_had_once),
		T_CASE(vectors_of_a_card_are_those_that_it_has),
	};

	/* of the modelled kernel alone: what QEMU has there */
	setenv("UMDEV_PCI", "1234:11e8,sub=1af4:1100,class=00ff00,rev=10,bar0=1M,intx=1,msi=1", 0);
	return t_run("pci", tests);
}
