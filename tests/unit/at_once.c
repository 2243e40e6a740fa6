// SPDX-License-Identifier: GPL-2.0-only
/*
 * What two tasks may do to one thing at once, over and over: what the shim keeps for
 * it is guarded, or TSan tells. In other builds it is not freed too early.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "at_once.h"
#include "files.h"
#include "umdev/hardware.h"
#include "umdev/umdev.h"

#define TIMES	60

static struct um_pci *card;

struct job {
	void (*fn)(unsigned int i);
};

static long often(void *arg)
{
	const struct job *job = arg;
	unsigned int i;

	for (i = 0; i < TIMES; i++)
		job->fn(i);
	return 0;
}

static int runs(const struct at_once *a)
{
	struct job jobs[] = { { a->one }, { a->two } };
	struct um_task *one, *two;
	int err = a->begin();

	if (err) {
		print_error("%s: it cannot begin: %d\n", a->name, err);
		return 1;
	}
	one = um_task_start("one", often, &jobs[0]);
	two = um_task_start("two", often, &jobs[1]);
	um_task_join(one);
	um_task_join(two);
	err = a->end();
	if (err || um_check_splats()) {
		print_error("%s\n", a->name);
		return 1;
	}
	return 0;
}

static void state_of_the_shim_is_guarded(void **state)
{
	const struct at_once *a;
	int bad = 0;

	for (a = k_at_once; a->name; a++)
		bad += runs(a);
	assert_int_equal(bad, 0);
}

/* ---- a card: the test is the hardware ------------------------------------------- */

static void send(unsigned int i)
{
	um_pci_message(card, 0);
}

static void raise_pin(unsigned int i)
{
	uint32_t *registers = um_pci_bar(card, 0);

	__atomic_store_n(&registers[0], 1, __ATOMIC_RELAXED);
	um_pci_intx(card, true);
	um_pci_config_read(card, 4);
}

static void on_write(struct um_pci *c, unsigned int bar, uint64_t offset, unsigned int size,
		     uint64_t value, void *arg)
{
	um_pci_intx(c, false);
}

static void hardware_is_one_thing(void **state)
{
	static const struct um_pci_config config = {
		.vendor = 0x1af4, .device = 0x1110, .bar = { 4096 }, .intx = 1, .msi = 1,
		.write = on_write,
	};
	const struct at_once messages = {
		"vectors come and go while messages are sent", k_card_begin, k_card_messages, send,
		k_card_end,
	};
	const struct at_once pin = {
		"the pin is raised while it is masked", k_card_begin, k_card_pin, raise_pin,
		k_card_end,
	};

	const struct at_once maps = {
		"registers are mapped by two", k_card_begin, k_card_registers, k_card_registers,
		k_card_end,
	};

	card = um_pci_add(&config);
	assert_non_null(card);
	assert_int_equal(runs(&messages), 0);
	um_late_flush();
	assert_int_equal(runs(&pin), 0);
	um_late_flush();
	assert_int_equal(runs(&maps), 0);
	um_pci_remove(card);
	um_late_flush();
	assert_int_equal(um_check_splats(), 0);
}

/* Pulled out while it sends, and others are plugged in beside it. */
static void plug(unsigned int i)
{
	struct um_pci *c = um_pci_add_text("1af4:1111,bar0=4K,msi=1,intx=2");

	if (c) {
		um_pci_intx(c, i % 2);
		um_pci_remove(c);
	}
}

static void rescan(unsigned int i)
{
	put("/sys/bus/pci/rescan", "1");
}

static int no_card(void)
{
	return 0;
}

static void cards_come_and_go(void **state)
{
	const struct at_once two = { "cards come", no_card, plug, plug, no_card };
	const struct at_once scanned = { "the bus is scanned", no_card, plug, rescan, no_card };

	assert_int_equal(runs(&two), 0);
	assert_int_equal(runs(&scanned), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(state_of_the_shim_is_guarded),
		cmocka_unit_test(hardware_is_one_thing),
		cmocka_unit_test(cards_come_and_go),
	};

	if (um_boot(NULL))
		return 1;
	return cmocka_run_group_tests_name("at_once", tests, NULL, NULL) || um_shutdown();
}
