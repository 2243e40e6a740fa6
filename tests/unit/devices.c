// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers of devices call, function by function: how lines of interrupts flow,
 * cards of PCI and their files, platform devices, fifos that a user fills. How these
 * play together is in irq.c, pci.c and platform.c. Most of it is kernel code, in
 * devices_kern.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "devices.h"
#include "kern_cases.h"
#include "umdev/hardware.h"

static const struct um_pci_config config = {
	.vendor = 0x1af4, .device = 0x1110, .subvendor = 0x1af4, .subdevice = 0x1100,
	.class_code = 0x050000, .revision = 1, .bar = { 4096, 0, 65536 }, .intx = 1, .msi = 4,
};

static const struct um_pci_config with_msix = {
	.vendor = 0x1af4, .device = 0x1110, .class_code = 0x050000, .bar = { 4096 }, .msix = 4,
};

static void with_card(const struct um_pci_config *c, void (*fn)(void))
{
	struct um_pci *card = um_pci_add(c);

	assert_non_null(card);
	fn();
	um_pci_remove(card);
	assert_int_equal(um_check_splats(), 0);
}

static void functions_of_a_card(void **state)
{
	with_card(&config, k_functions_of_a_card);
}

static void regions_of_a_card(void **state)
{
	with_card(&config, k_regions_of_a_card);
}

static void vectors_of_a_card(void **state)
{
	with_card(&with_msix, k_vectors_of_a_card);
}

static void managed_card(void **state)
{
	with_card(&config, k_managed_card);
}

static void pin_of_a_card(void **state)
{
	struct um_pci *card = um_pci_add(&config);

	assert_non_null(card);
	k_pin_of_a_card(0);
	um_pci_intx(card, true);
	k_pin_of_a_card(1);
	um_pci_intx(card, false);
	k_pin_of_a_card(0);
	um_pci_remove(card);
	assert_int_equal(um_check_splats(), 0);
}

/* ---- files of a card ---------------------------------------------------------------- */

static char path[128];

static const char *file_of(struct um_pci *card, const char *name)
{
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", um_pci_name(card), name);
	return path;
}

static void expect_text(struct um_pci *card, const char *name, const char *want)
{
	void *user = um_user_alloc(256);
	int fd = um_open(file_of(card, name), O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	n = um_read(fd, user, 255);
	assert_true(n >= 0);
	((char *)um_user_ptr(user))[n] = '\0';
	assert_string_equal(um_user_ptr(user), want);
	assert_int_equal(um_close(fd), 0);
	um_user_free(user);
}

static ssize_t put(struct um_pci *card, const char *name, const char *text)
{
	void *user = um_user_alloc(64);
	int fd = um_open(file_of(card, name), O_WRONLY);
	ssize_t n;

	assert_true(fd >= 0);
	strcpy(um_user_ptr(user), text);
	n = um_write(fd, user, strlen(text));
	assert_int_equal(um_close(fd), 0);
	um_user_free(user);
	return n;
}

static void files_of_a_card(void **state)
{
	struct um_pci *card = um_pci_add(&config);

	assert_non_null(card);
	/* as in Linux: who pulls the card out waits, with the lock, for who rescans by its file */
	um_expect_splat("pci_rescan_remove_lock");
	expect_text(card, "subsystem_vendor", "0x1af4\n");
	expect_text(card, "subsystem_device", "0x1100\n");
	expect_text(card, "revision", "0x01\n");
	expect_text(card, "class", "0x050000\n");
	expect_text(card, "power_state", "unknown\n");
	expect_text(card, "enable", "0\n");
	assert_int_equal(put(card, "enable", "x"), -EINVAL);
	assert_int_equal(put(card, "enable", "0"), -EIO);
	assert_int_equal(put(card, "enable", "1"), 1);
	expect_text(card, "enable", "1\n");
	assert_int_equal(put(card, "enable", "0"), 1);
	expect_text(card, "broken_parity_status", "0\n");
	assert_int_equal(put(card, "broken_parity_status", "y"), -EINVAL);
	assert_int_equal(put(card, "broken_parity_status", "2"), 1);
	expect_text(card, "broken_parity_status", "1\n");
	expect_text(card, "msi_bus", "1\n");
	assert_int_equal(put(card, "msi_bus", "n"), -EINVAL);
	assert_int_equal(put(card, "msi_bus", "0"), 1);
	expect_text(card, "msi_bus", "0\n");
	assert_int_equal(put(card, "rescan", "z"), -EINVAL);
	assert_int_equal(put(card, "rescan", "1"), 1);
	assert_int_equal(put(card, "remove", "q"), -EINVAL);
	um_pci_remove(card);
	assert_int_equal(um_check_splats(), 0);
}

static void fifo_of_a_user(void **state)
{
	void *user = um_user_alloc(16);

	memcpy(um_user_ptr(user), "0123456789abcdef", 16);
	k_fifo_of_a_user((unsigned long)user);
	assert_memory_equal(um_user_ptr(user), "6789abcdcdef", 12);
	um_user_free(user);
}

int main(void)
{
	static const struct CMUnitTest own[] = {
		cmocka_unit_test(functions_of_a_card),
		cmocka_unit_test(regions_of_a_card),
		cmocka_unit_test(vectors_of_a_card),
		cmocka_unit_test(managed_card),
		cmocka_unit_test(pin_of_a_card),
		cmocka_unit_test(files_of_a_card),
		cmocka_unit_test(fifo_of_a_user),
	};

	return run_kern_cases("devices", own, sizeof(own) / sizeof(own[0]), devices_cases);
}
