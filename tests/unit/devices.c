// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cards of PCI that the guest has none of: with registers of two kinds, with MSI-X, with a
 * pin that the test raises; and a line that is freed while its interrupt comes again, 20
 * times over, for TSan: a kernel shows nothing there. What else drivers of devices call is
 * in contract/hardware and contract/pci.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
	static const struct CMUnitTest own[] = {
		cmocka_unit_test(regions_of_a_card),
		cmocka_unit_test(vectors_of_a_card),
		cmocka_unit_test(managed_card),
		cmocka_unit_test(pin_of_a_card),
	};

	return run_kern_cases("devices", own, sizeof(own) / sizeof(own[0]), devices_cases);
}
