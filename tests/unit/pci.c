// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI cards that a test plugs in: their registers from both sides, messages and pins,
 * cards that are pulled out, and what is told of a driver that touches registers it
 * has unmapped or given up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "child.h"
#include "pci.h"
#include "umdev/hardware.h"
#include "umdev/umdev.h"

static struct um_pci *card;
static uint64_t written_at, written;

static void on_read(struct um_pci *c, unsigned int bar, uint64_t offset, unsigned int size,
		    void *arg)
{
	uint32_t *reads = um_pci_bar(c, bar);

	if (offset == 0x100)
		reads[offset / 4]++;
}

static void on_write(struct um_pci *c, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t value, void *arg)
{
	written_at = offset;
	written = value;
	if (offset == 0 && !value)
		um_pci_intx(c, false);
}

static const struct um_pci_config ivshmem = {
	.vendor = 0x1af4, .device = 0x1110, .class_code = 0x050000, .bar = { 65536 },
	.intx = 1, .msi = 4, .read = on_read, .write = on_write,
};

static int setup(void **state)
{
	card = um_pci_add(&ivshmem);
	return !card || k_register();
}

static int teardown(void **state)
{
	k_unregister();
	if (card)
		um_pci_remove(card);
	/* the name of a driver is taken until its last reference is released */
	um_late_flush();
	return um_check_splats();
}

static void registers_are_seen_from_both_sides(void **state)
{
	uint32_t *registers = um_pci_bar(card, 0);

	registers[2] = 0x12345678;
	assert_int_equal(k_read(8), 0x12345678);
	k_write(12, 77);
	assert_int_equal(registers[3], 77);
	assert_int_equal(written_at, 12);
	assert_int_equal(written, 77);
	/* the card counts how often it is read */
	assert_int_equal(k_read(0x100), 1);
	assert_int_equal(k_read(0x100), 2);
	assert_int_equal(k_copy(), 0);
}

static void message_calls_the_handler_of_its_vector(void **state)
{
	assert_int_equal(um_pci_message(card, 0), -5);
	assert_int_equal(k_alloc_vectors(3), 2);
	assert_int_equal(um_pci_message(card, 1), 0);
	assert_int_equal(um_pci_message(card, 1), 0);
	assert_int_equal(um_pci_message(card, 0), 0);
	assert_int_equal(um_pci_message(card, 2), -5);
	assert_int_equal(k_interrupts(0), 1);
	assert_int_equal(k_interrupts(1), 2);
	k_free_vectors();
	assert_int_equal(um_pci_message(card, 0), -5);
}

static void masked_message_comes_later(void **state)
{
	assert_int_equal(k_alloc_vectors(1), 1);
	k_mask(0);
	assert_int_equal(um_pci_message(card, 0), 0);
	assert_int_equal(k_interrupts(0), 0);
	k_unmask(0);
	/* on another processor */
	k_await_interrupt(0);
	assert_int_equal(k_interrupts(0), 1);
	k_free_vectors();
}

static void pin_is_raised_until_it_is_served(void **state)
{
	uint32_t *registers = um_pci_bar(card, 0);

	assert_int_equal(k_request_intx(), 0);
	registers[0] = 1;
	um_pci_intx(card, true);
	assert_int_equal(k_interrupts(0), 1);
	assert_int_equal(registers[0], 0);
	k_free_intx();
}

static void driver_is_removed_from_a_card_that_is_pulled_out(void **state)
{
	assert_true(k_is_bound());
	um_pci_remove(card);
	card = NULL;
	assert_false(k_is_bound());
}

static void unmapped_registers_are_told(void **state)
{
	um_expect_splat("reads 4 bytes at 0x8 of 0000:00:01.0, which is unmapped since k_read_unmapped (tests/unit/pci_kern.c:");
	k_read_unmapped();
}

static void registers_that_do_not_answer_are_told(void **state)
{
	um_expect_splat("reads 4 bytes at 0 of 0000:00:01.0, whose memory is disabled");
	assert_int_equal(k_read_disabled(), 0xffffffff);
}

static void registers_that_were_given_up_are_told(void **state)
{
	um_expect_splat("reads 4 bytes at 0 of 0000:00:01.0, which pci_disable_device() has given up");
	assert_int_equal(k_read_given_up(), 0);
}

static void vectors_that_are_left_are_told(void **state)
{
	um_audit_mark();
	assert_int_equal(um_audit(NULL, NULL), 0);
	assert_int_equal(k_alloc_vectors(1), 1);
	/* them, and the handler */
	assert_int_equal(um_audit(NULL, NULL), 2);
	k_free_vectors();
	assert_int_equal(um_audit(NULL, NULL), 0);
}

static void managed_driver_leaves_nothing(void **state)
{
	k_unregister();
	um_late_flush();
	assert_int_equal(k_managed(), 0);
	um_late_flush();
	assert_int_equal(k_register(), 0);
}

static void card_is_made_from_its_text(void **state)
{
	struct um_pci *other = um_pci_add_text("8086:10d3,sub=8086:1,class=020000,bar0=128K,bar2=4M,wide,pcie,msix=5");
	struct um_stat st;
	char path[64];

	assert_non_null(other);
	assert_int_equal(um_pci_config_read(other, 0), 0x10d38086);
	assert_int_equal(um_pci_config_read(other, 0x2c), 0x00018086);
	assert_int_equal(um_pci_config_read(other, 8), 0x02000000);
	assert_non_null(um_pci_bar(other, 2));
	assert_null(um_pci_bar(other, 1));
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", um_pci_name(other));
	assert_int_equal(um_stat(path, &st, true), 0);
	assert_int_equal(st.size, 4096);
	um_pci_remove(other);
	assert_null(um_pci_add_text("8086:10d3,bar7=1"));
	assert_null(um_pci_add_text("8086"));
	assert_null(um_pci_add_text("8086:10d3,bar0=100"));
	assert_null(um_pci_add_text("8086:10d3,bar0=4K,bar1=4K,wide"));
}

static void keep_nothing(const char *line, void *arg)
{
}

static int count(const char *name, void *arg)
{
	++*(int *)arg;
	return 0;
}

/* With the cards of the start, and one more: how many objects a child leaves, and cards it has. */
static int child_main(const char *name)
{
	int left, cards = 0;

	if (um_boot(NULL))
		return 1;
	if (!strcmp(name, "one more"))
		um_pci_add(&ivshmem);
	um_readdir("/sys/bus/pci/devices", count, &cards);
	left = um_audit(keep_nothing, NULL);
	fprintf(stderr, "%s: %d left of %d cards\n", name, left, cards);
	return 0;
}

/* It is no test's, from the moment on that there is anything of it. */
static void card_of_the_start_is_no_leak(void **state)
{
	setenv("UMDEV_PCI", "1af4:1110,bar0=4K,intx=1  1af4:1111", 1);
	told_by_a_child("start", "start: 0 left of 2 cards");
	told_by_a_child("one more", "one more: 1 left of 3 cards");
	unsetenv("UMDEV_PCI");
}

static void all_cards_of_a_long_list_are_there(void **state)
{
	char list[1024] = "";
	int i;

	for (i = 0; i < 30; i++)
		strcat(list, " 1af4:1110,class=050000,rev=1");
	setenv("UMDEV_PCI", list, 1);
	told_by_a_child("start", "start: 0 left of 30 cards");
	unsetenv("UMDEV_PCI");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		TEST(registers_are_seen_from_both_sides),
		TEST(message_calls_the_handler_of_its_vector),
		TEST(masked_message_comes_later),
		TEST(pin_is_raised_until_it_is_served),
		TEST(driver_is_removed_from_a_card_that_is_pulled_out),
		TEST(unmapped_registers_are_told),
		TEST(registers_that_do_not_answer_are_told),
		TEST(registers_that_were_given_up_are_told),
		TEST(vectors_that_are_left_are_told),
		TEST(managed_driver_leaves_nothing),
		TEST(card_is_made_from_its_text),
		TEST(card_of_the_start_is_no_leak),
		TEST(all_cards_of_a_long_list_are_there),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("pci", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
