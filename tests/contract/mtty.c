// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample driver mtty: PCI serial cards with one or two 16550 ports, each
 * with a loopback plug.
 */
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>
#include <unistd.h>

#include "vfio_user.h"

#define PARENT_DIR	"/sys/class/mdev_bus/mtty"
#define TYPES_DIR	PARENT_DIR "/mdev_supported_types"
#define SINGLE		TYPES_DIR "/mtty-1"
#define DUAL		TYPES_DIR "/mtty-2"
#define CARD		MDEV_DEVICES UUID_A

#define TOTAL_PORTS	24
#define FIFO_SIZE	16
#define BAR_SIZE	8
#define CONFIG		VFIO_PCI_CONFIG_REGION_INDEX
#define CONFIG_SIZE	256
#define INTX		VFIO_PCI_INTX_IRQ_INDEX
#define MSI		VFIO_PCI_MSI_IRQ_INDEX
#define MASK		VFIO_IRQ_SET_ACTION_MASK
#define UNMASK		VFIO_IRQ_SET_ACTION_UNMASK
#define TRIGGER		VFIO_IRQ_SET_ACTION_TRIGGER

static struct vfio_user card;

static void load(void)
{
	t_expect(t_modprobe(driver_module("mtty"), NULL), 0);
}

static void start(const char *type)
{
	char path[256];

	load();
	snprintf(path, sizeof(path), TYPES_DIR "/mtty-%s/create", type);
	t_expect(t_put(path, UUID_A), UUID_LEN);
	vfio_open(&card, UUID_A);
}

static void stop(void)
{
	vfio_close(&card);
	discard(CARD);
}

/* A register of a port; BAR n is port n. */
static unsigned int in(unsigned int port, unsigned int reg)
{
	return region_get(&card, port, reg, 1);
}

static void out(unsigned int port, unsigned int reg, unsigned int value)
{
	region_set(&card, port, reg, value, 1);
}

static void send_text(unsigned int port, const char *text)
{
	for (; *text; text++)
		out(port, UART_TX, (unsigned char)*text);
}

static void expect_received(unsigned int port, const char *text)
{
	for (; *text; text++) {
		t_expect(in(port, UART_LSR) & UART_LSR_DR, UART_LSR_DR);
		t_expect(in(port, UART_RX), (unsigned char)*text);
	}
	t_expect(in(port, UART_LSR) & UART_LSR_DR, 0);
}

static int use_eventfd(unsigned int index)
{
	int fd = t_eventfd();

	t_expect(fd >= 0, true);
	t_expect(irq_eventfd(&card, index, fd), 0);
	return fd;
}

/* ---- types and the limit on ports ------------------------------------ */

static void nth_uuid(unsigned int n, char *uuid, size_t size)
{
	snprintf(uuid, size, "83b8f4f2-509f-382f-3c1e-e6bfe0fa11%02x", (unsigned char)n);
}

static long create_nth(const char *type, unsigned int n)
{
	char path[256], uuid[40];

	nth_uuid(n, uuid, sizeof(uuid));
	snprintf(path, sizeof(path), "%s/create", type);
	return t_put(path, uuid);
}

static void remove_nth(unsigned int n)
{
	char path[256], uuid[40];

	nth_uuid(n, uuid, sizeof(uuid));
	snprintf(path, sizeof(path), MDEV_DEVICES "%s/remove", uuid);
	t_expect(t_put(path, "1"), 1);
}

static void create_many(const char *type, unsigned int from, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		t_expect(create_nth(type, from + i), UUID_LEN);
}

static void types_have_their_attributes(void **state)
{
	load();
	expect_list(TYPES_DIR, "mtty-1 mtty-2");
	expect_list(SINGLE, "available_instances create device_api devices name");
	t_expect_text(SINGLE "/name", "Single port serial\n");
	t_expect_text(DUAL "/name", "Dual port serial\n");
	t_expect_text(SINGLE "/device_api", "vfio-pci\n");
	t_expect_text(DUAL "/device_api", "vfio-pci\n");
	t_expect_text(SINGLE "/available_instances", "24\n");
	t_expect_text(DUAL "/available_instances", "12\n");
}

static void parent_and_card_have_their_attributes(void **state)
{
	load();
	create(DUAL, UUID_A);
	t_expect_text(PARENT_DIR "/mtty_dev/sample_mtty_dev", "This is phy device\n");
	t_expect_text(CARD "/vendor/sample_mdev_dev", "This is MDEV " UUID_A "\n");
	t_expect(t_exists("/sys/devices/virtual/mtty/mtty/" UUID_A), true);
	expect_link_to(CARD "/driver", "vfio_mdev");
	expect_link_to(CARD "/mdev_type", "mtty-2");
}

static void available_instances_follow_the_ports_in_use(void **state)
{
	load();
	create(DUAL, UUID_A);
	t_expect_text(SINGLE "/available_instances", "22\n");
	t_expect_text(DUAL "/available_instances", "11\n");
	create(SINGLE, UUID_B);
	t_expect_text(SINGLE "/available_instances", "21\n");
	t_expect_text(DUAL "/available_instances", "10\n");
	discard(CARD);
	discard(MDEV_DEVICES UUID_B);
	t_expect_text(SINGLE "/available_instances", "24\n");
}

/* Fault: available_instances is shown but not enforced. */
static void ports_of_single_cards_run_out(void **state)
{
	load();
	create_many(SINGLE, 0, TOTAL_PORTS);
	t_expect_text(SINGLE "/available_instances", "0\n");
	t_expect(create_nth(SINGLE, TOTAL_PORTS), -ENOSPC);
	t_expect(create_nth(DUAL, TOTAL_PORTS), -ENOSPC);
	remove_nth(7);
	t_expect(create_nth(DUAL, TOTAL_PORTS), -ENOSPC);
	t_expect(create_nth(SINGLE, TOTAL_PORTS), UUID_LEN);
	t_expect(create_nth(SINGLE, 7), -ENOSPC);
}

static void ports_of_dual_cards_run_out(void **state)
{
	load();
	create_many(DUAL, 0, TOTAL_PORTS / 2 - 1);
	create_many(SINGLE, TOTAL_PORTS, 1);
	t_expect_text(SINGLE "/available_instances", "1\n");
	t_expect_text(DUAL "/available_instances", "0\n");
	t_expect(create_nth(DUAL, 99), -ENOSPC);
	t_expect(create_nth(SINGLE, 99), UUID_LEN);
	t_expect(create_nth(SINGLE, 98), -ENOSPC);
}

static void creating_at_once_stays_within_the_ports(void **state)
{
	load();
	create_many(DUAL, 0, TOTAL_PORTS / 2 - 1);
	create_many(SINGLE, TOTAL_PORTS, 1);
	t_expect(create_at_once(SINGLE "/create", MAX_CREATORS), 1);
	t_expect_text(SINGLE "/available_instances", "1\n");
}

/* Fault: list and lock of the mdevs were set up after the registration. */
static void type_can_be_used_from_the_first_moment(void **state)
{
	struct t_uevent ev;

	t_expect(t_modprobe("mdev", NULL), 0);
	t_uevent_flush();
	load();
	assert_true(t_uevent_find("change", "/mtty", &ev));
	assert_string_equal(t_uevent_get(&ev, "MDEV_STATE"), "registered");
	t_expect_text(SINGLE "/available_instances", "24\n");
	create(SINGLE, UUID_A);
}

static long read_while_loading(void *stop)
{
	char text[32];
	long n = 0;

	while (!atomic_load((atomic_int *)stop))
		if (t_get(SINGLE "/available_instances", text, sizeof(text)) > 0) {
			t_expect(strcmp(text, "24\n"), 0);
			n++;
		}
	return n;
}

static void type_can_be_read_while_the_driver_comes_and_goes(void **state)
{
	struct t_task *reader;
	atomic_int done = 0;
	int i;

	t_expect(t_modprobe("mdev", NULL), 0);
	reader = t_task_start("reader", read_while_loading, &done);
	for (i = 0; i < 5; i++) {
		load();
		t_expect(t_rmmod(driver_module("mtty")), 0);
	}
	atomic_store(&done, 1);
	t_expect(t_task_join(reader) >= 0, true);
}

static void unloading_takes_the_cards_along(void **state)
{
	load();
	create(SINGLE, UUID_A);
	create(DUAL, UUID_B);
	t_expect(t_rmmod(driver_module("mtty")), 0);
	expect_list(MDEV_DEVICES, "");
	t_expect(t_exists("/sys/class/mtty"), false);
	load();
	t_expect_text(SINGLE "/available_instances", "24\n");
}

static void card_in_use_keeps_the_module(void **state)
{
	start("1");
	t_expect(t_refcnt(driver_module("mtty")) > 0, true);
	t_expect(t_rmmod(driver_module("mtty")), -EWOULDBLOCK);
	t_expect(in(0, UART_SCR), 0);
	stop();
	t_expect(t_refcnt(driver_module("mtty")), 0);
}

static void cards_are_apart(void **state)
{
	struct vfio_user other;

	start("1");
	create(SINGLE, UUID_B);
	vfio_open(&other, UUID_B);
	out(0, UART_SCR, 0x5a);
	send_text(0, "x");
	t_expect(region_get(&other, 0, UART_SCR, 1), 0);
	t_expect(region_get(&other, 0, UART_LSR, 1) & UART_LSR_DR, 0);
	expect_received(0, "x");
	vfio_close(&other);
	discard(MDEV_DEVICES UUID_B);
	stop();
}

static void card_keeps_its_state_while_nobody_has_it_open(void **state)
{
	start("1");
	out(0, UART_SCR, 0x5a);
	send_text(0, "mail");
	vfio_close(&card);
	vfio_open(&card, UUID_A);
	t_expect(in(0, UART_SCR), 0x5a);
	expect_received(0, "mail");
	stop();
}

/* ---- config space ---------------------------------------------------- */

static void config_space_tells_a_serial_card(void **state)
{
	start("1");
	t_expect(region_get(&card, CONFIG, PCI_VENDOR_ID, 2), 0x4348);
	t_expect(region_get(&card, CONFIG, PCI_DEVICE_ID, 2), 0x3253);
	t_expect(region_get(&card, CONFIG, PCI_COMMAND, 2), PCI_COMMAND_IO);
	t_expect(region_get(&card, CONFIG, PCI_STATUS, 2), PCI_STATUS_DEVSEL_MEDIUM);
	/* serial controller, 16550 */
	t_expect(region_get(&card, CONFIG, PCI_CLASS_REVISION, 4), 0x07000210);
	t_expect(region_get(&card, CONFIG, PCI_HEADER_TYPE, 1), PCI_HEADER_TYPE_NORMAL);
	t_expect(region_get(&card, CONFIG, PCI_SUBSYSTEM_VENDOR_ID, 4), 0x32534348);
	t_expect(region_get(&card, CONFIG, PCI_INTERRUPT_PIN, 1), 1);
	t_expect(region_get(&card, CONFIG, PCI_CAPABILITY_LIST, 1), 0);
	stop();
}

static void config_space_has_a_bar_for_each_port(void **state)
{
	unsigned int bar;

	start("2");
	for (bar = 0; bar < 6; bar++)
		t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0 + 4 * bar, 4),
			 bar < 2 ? PCI_BASE_ADDRESS_SPACE_IO : 0);
	stop();
}

static void config_space_can_be_read_in_any_pieces(void **state)
{
	unsigned char whole[CONFIG_SIZE], part[8];
	unsigned int at, size;

	start("2");
	t_expect(region_read(&card, CONFIG, 0, whole, sizeof(whole)), sizeof(whole));
	for (size = 1; size <= sizeof(part); size *= 2)
		for (at = 0; at + size <= sizeof(whole); at += 7) {
			t_expect(region_read(&card, CONFIG, at, part, size), size);
			assert_memory_equal(part, whole + at, size);
		}
	stop();
}

static void config_space_ends_where_it_ends(void **state)
{
	unsigned char buf[2 * CONFIG_SIZE];
	unsigned int size;

	memset(buf, 0, sizeof(buf));
	start("1");
	for (size = 2; size <= 8; size *= 2) {
		t_expect(region_read(&card, CONFIG, CONFIG_SIZE - 1, buf, size), 1);
		t_expect(region_write(&card, CONFIG, CONFIG_SIZE - 1, buf, size), 1);
	}
	t_expect(region_read(&card, CONFIG, CONFIG_SIZE - 3, buf, 8), 3);
	t_expect(region_read(&card, CONFIG, 0, buf, sizeof(buf)), CONFIG_SIZE);
	t_expect(region_read(&card, CONFIG, 16, buf, sizeof(buf)), CONFIG_SIZE - 16);
	t_expect(region_read(&card, CONFIG, CONFIG_SIZE, buf, 1), -EINVAL);
	t_expect(region_write(&card, CONFIG, CONFIG_SIZE, buf, 1), -EINVAL);
	stop();
}

/* Fault: the config space was read with an unchecked 40-bit offset. */
static void offset_into_the_config_space_is_checked(void **state)
{
	static const uint64_t offsets[] = {
		CONFIG_SIZE, CONFIG_SIZE + 1, 0x1000, 1ULL << 32, 0xffffff00ULL, 1ULL << 39,
		(1ULL << 40) - 4, (1ULL << 40) - 1,
	};
	uint32_t value = 0;
	unsigned int i;

	start("1");
	for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		t_expect(region_read(&card, CONFIG, offsets[i], &value, 4), -EINVAL);
		t_expect(region_write(&card, CONFIG, offsets[i], &value, 4), -EINVAL);
	}
	stop();
}

static void bars_tell_their_size(void **state)
{
	static const unsigned int want[] = { 0xfffffff9, 0xfffffff9, 0, 0, 0, 0 };
	unsigned int bar;

	start("2");
	for (bar = 0; bar < 6; bar++) {
		region_set(&card, CONFIG, PCI_BASE_ADDRESS_0 + 4 * bar, 0xffffffff, 4);
		t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0 + 4 * bar, 4), want[bar]);
	}
	stop();
}

static void single_card_has_one_bar(void **state)
{
	start("1");
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_0, 0xffffffff, 4);
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_1, 0xffffffff, 4);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0, 4), 0xfffffff9);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_1, 4), 0);
	stop();
}

static void addresses_can_be_set_in_any_pieces(void **state)
{
	start("2");
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_0, 0xc157, 4);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0, 4), 0xc151);
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_1 + 1, 0xab, 1);
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_1 + 2, 0x1234, 2);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_1, 4), 0x1234ab01);
	stop();
}

static void nothing_else_in_the_config_space_can_be_written(void **state)
{
	unsigned char before[CONFIG_SIZE], after[CONFIG_SIZE], ones[CONFIG_SIZE];

	memset(ones, 0xff, sizeof(ones));
	start("1");
	t_expect(region_read(&card, CONFIG, 0, before, sizeof(before)), sizeof(before));
	t_expect(region_write(&card, CONFIG, 0, ones, sizeof(ones)), sizeof(ones));
	t_expect(region_read(&card, CONFIG, 0, after, sizeof(after)), sizeof(after));
	t_expect(after[PCI_INTERRUPT_LINE], 0xff);
	memcpy(after + PCI_BASE_ADDRESS_0, before + PCI_BASE_ADDRESS_0, 4);
	after[PCI_INTERRUPT_LINE] = before[PCI_INTERRUPT_LINE];
	assert_memory_equal(after, before, sizeof(before));
	stop();
}

/* ---- the 16550 ------------------------------------------------------- */

static void scratch_register_keeps_any_value(void **state)
{
	start("1");
	out(0, UART_SCR, 0xa5);
	t_expect(in(0, UART_SCR), 0xa5);
	out(0, UART_SCR, 0x5a);
	t_expect(in(0, UART_SCR), 0x5a);
	stop();
}

static void ports_of_a_card_are_apart(void **state)
{
	start("2");
	out(0, UART_SCR, 1);
	out(1, UART_SCR, 2);
	t_expect(in(0, UART_SCR), 1);
	send_text(1, "one");
	t_expect(in(0, UART_LSR) & UART_LSR_DR, 0);
	send_text(0, "zero");
	expect_received(1, "one");
	expect_received(0, "zero");
	stop();
}

static void dlab_switches_to_the_divisor(void **state)
{
	start("1");
	out(0, UART_IER, UART_IER_RDI);
	out(0, UART_LCR, UART_LCR_DLAB | UART_LCR_WLEN8);
	out(0, UART_DLL, 0x34);
	out(0, UART_DLM, 0x12);
	t_expect(in(0, UART_DLL), 0x34);
	t_expect(in(0, UART_DLM), 0x12);
	t_expect(in(0, UART_LCR), UART_LCR_DLAB | UART_LCR_WLEN8);
	t_expect(in(0, UART_LSR) & UART_LSR_DR, 0);
	out(0, UART_LCR, UART_LCR_WLEN8);
	t_expect(in(0, UART_IER), UART_IER_RDI);
	send_text(0, "x");
	expect_received(0, "x");
	out(0, UART_LCR, UART_LCR_DLAB);
	t_expect(in(0, UART_DLL), 0x34);
	t_expect(in(0, UART_DLM), 0x12);
	stop();
}

static void unused_bits_read_as_zero(void **state)
{
	start("1");
	out(0, UART_IER, 0xff);
	t_expect(in(0, UART_IER), 0x0f);
	out(0, UART_MCR, 0xff);
	t_expect(in(0, UART_MCR), 0x3f);
	stop();
}

static void status_registers_cannot_be_written(void **state)
{
	start("1");
	out(0, UART_LSR, 0xff);
	t_expect(in(0, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	out(0, UART_MSR, 0xff);
	t_expect(in(0, UART_MSR), 0);
	stop();
}

static void what_is_sent_comes_back(void **state)
{
	start("1");
	t_expect(in(0, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	send_text(0, "hello");
	t_expect(in(0, UART_LSR), UART_LSR_DR);
	expect_received(0, "hello");
	t_expect(in(0, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	t_expect(in(0, UART_RX), 0);
	stop();
}

static void sixteen_characters_fit_and_one_more_is_an_overrun(void **state)
{
	unsigned int i;

	start("1");
	for (i = 0; i < FIFO_SIZE; i++)
		out(0, UART_TX, i);
	t_expect(in(0, UART_LSR) & UART_LSR_OE, 0);
	out(0, UART_TX, 0xee);
	t_expect(in(0, UART_LSR), UART_LSR_DR | UART_LSR_OE);
	t_expect(in(0, UART_LSR), UART_LSR_DR);
	for (i = 0; i < FIFO_SIZE; i++)
		t_expect(in(0, UART_RX), i);
	t_expect(in(0, UART_LSR) & UART_LSR_DR, 0);
	stop();
}

static void fifo_goes_round(void **state)
{
	unsigned int round, i;

	start("1");
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 11; i++)
			out(0, UART_TX, round * 16 + i);
		for (i = 0; i < 11; i++)
			t_expect(in(0, UART_RX), round * 16 + i);
	}
	stop();
}

static void without_fifo_one_character_fits(void **state)
{
	start("1");
	out(0, UART_FCR, 0);
	t_expect(in(0, UART_IIR), UART_IIR_NO_INT);
	send_text(0, "ab");
	t_expect(in(0, UART_LSR), UART_LSR_DR | UART_LSR_OE);
	t_expect(in(0, UART_RX), 'a');
	t_expect(in(0, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	stop();
}

static void fifo_can_be_cleared(void **state)
{
	static const unsigned int clear[] = {
		UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR,
		UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_XMIT,
		0,
		UART_FCR_ENABLE_FIFO,
	};
	unsigned int i;

	start("1");
	for (i = 0; i < 4; i++) {
		send_text(0, "x");
		out(0, UART_FCR, clear[i]);
		t_expect(in(0, UART_LSR) & UART_LSR_DR, 0);
	}
	send_text(0, "kept");
	out(0, UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_TRIGGER_8);
	expect_received(0, "kept");
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	stop();
}

static void receive_interrupt_comes_at_its_trigger(void **state)
{
	static const unsigned int triggers[][2] = {
		{ UART_FCR_TRIGGER_1, 1 }, { UART_FCR_TRIGGER_4, 4 },
		{ UART_FCR_TRIGGER_8, 8 }, { UART_FCR_TRIGGER_14, 14 },
	};
	unsigned int i, n;

	start("1");
	out(0, UART_IER, UART_IER_RDI);
	for (i = 0; i < 4; i++) {
		out(0, UART_FCR, UART_FCR_ENABLE_FIFO | UART_FCR_CLEAR_RCVR | triggers[i][0]);
		t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
		for (n = 1; n < triggers[i][1]; n++) {
			out(0, UART_TX, n);
			t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_RX_TIMEOUT);
		}
		out(0, UART_TX, n);
		t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_RDI);
		t_expect(in(0, UART_RX), 1);
		t_expect(in(0, UART_IIR), 0xc0 | (triggers[i][1] == 1 ? UART_IIR_NO_INT :
								    UART_IIR_RX_TIMEOUT));
	}
	stop();
}

static void transmit_interrupt_goes_when_it_is_seen(void **state)
{
	start("1");
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	out(0, UART_IER, UART_IER_THRI);
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_THRI);
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	send_text(0, "x");
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	t_expect(in(0, UART_RX), 'x');
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_THRI);
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	stop();
}

static void transmit_interrupt_enabled_too_early_waits(void **state)
{
	start("1");
	send_text(0, "x");
	out(0, UART_IER, UART_IER_THRI);
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	t_expect(in(0, UART_RX), 'x');
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_THRI);
	stop();
}

static void most_urgent_interrupt_is_told_first(void **state)
{
	start("1");
	out(0, UART_FCR, 0);
	out(0, UART_IER, 0x0f);
	t_expect(in(0, UART_IIR), UART_IIR_THRI);
	out(0, UART_MCR, UART_MCR_RTS);
	t_expect(in(0, UART_IIR), UART_IIR_MSI);
	send_text(0, "ab");
	t_expect(in(0, UART_IIR), UART_IIR_RLSI);
	in(0, UART_LSR);
	t_expect(in(0, UART_IIR), UART_IIR_RDI);
	t_expect(in(0, UART_RX), 'a');
	t_expect(in(0, UART_IIR), UART_IIR_THRI);
	t_expect(in(0, UART_IIR), UART_IIR_MSI);
	in(0, UART_MSR);
	t_expect(in(0, UART_IIR), UART_IIR_NO_INT);
	stop();
}

static void nothing_is_told_that_is_not_enabled(void **state)
{
	start("1");
	send_text(0, "abcdefghijklmnopqrst");
	out(0, UART_MCR, UART_MCR_RTS | UART_MCR_DTR);
	t_expect(in(0, UART_IIR), 0xc0 | UART_IIR_NO_INT);
	stop();
}

static void plug_returns_the_modem_lines(void **state)
{
	start("1");
	t_expect(in(0, UART_MSR), 0);
	out(0, UART_MCR, UART_MCR_RTS);
	t_expect(in(0, UART_MSR), UART_MSR_CTS | UART_MSR_DCTS);
	t_expect(in(0, UART_MSR), UART_MSR_CTS);
	out(0, UART_MCR, UART_MCR_DTR);
	t_expect(in(0, UART_MSR), UART_MSR_DSR | UART_MSR_DCD | UART_MSR_DCTS |
				  UART_MSR_DDSR | UART_MSR_DDCD);
	out(0, UART_MCR, UART_MCR_DTR | UART_MCR_OUT1 | UART_MCR_OUT2);
	t_expect(in(0, UART_MSR), UART_MSR_DSR | UART_MSR_DCD);
	stop();
}

static void loopback_connects_the_modem_lines_crosswise(void **state)
{
	static const unsigned int wires[][2] = {
		{ UART_MCR_RTS, UART_MSR_CTS }, { UART_MCR_DTR, UART_MSR_DSR },
		{ UART_MCR_OUT1, UART_MSR_RI }, { UART_MCR_OUT2, UART_MSR_DCD },
	};
	unsigned int i;

	start("1");
	for (i = 0; i < 4; i++) {
		out(0, UART_MCR, UART_MCR_LOOP | wires[i][0]);
		t_expect(in(0, UART_MSR) & 0xf0, wires[i][1]);
	}
	send_text(0, "looped");
	expect_received(0, "looped");
	stop();
}

static void ring_counts_when_it_ends(void **state)
{
	start("1");
	out(0, UART_MCR, UART_MCR_LOOP | UART_MCR_OUT1);
	t_expect(in(0, UART_MSR), UART_MSR_RI);
	out(0, UART_MCR, UART_MCR_LOOP);
	t_expect(in(0, UART_MSR), UART_MSR_TERI);
	t_expect(in(0, UART_MSR), 0);
	stop();
}

static void automatic_flow_control_takes_rts_back(void **state)
{
	unsigned int i;

	start("1");
	out(0, UART_MCR, UART_MCR_AFE | UART_MCR_RTS);
	t_expect(in(0, UART_MSR), UART_MSR_CTS | UART_MSR_DCTS);
	for (i = 0; i < FIFO_SIZE; i++)
		out(0, UART_TX, i);
	t_expect(in(0, UART_MSR), UART_MSR_DCTS);
	t_expect(in(0, UART_RX), 0);
	t_expect(in(0, UART_MSR), UART_MSR_CTS | UART_MSR_DCTS);
	stop();
}

static void registers_can_be_accessed_together(void **state)
{
	unsigned char regs[BAR_SIZE] = { [UART_LCR] = UART_LCR_WLEN8, [UART_MCR] = UART_MCR_RTS,
		[UART_SCR] = 0x77, [UART_IER] = UART_IER_RDI, [UART_TX] = 'x',
		[UART_FCR] = UART_FCR_ENABLE_FIFO };

	start("1");
	t_expect(region_write(&card, 0, 0, regs, sizeof(regs)), sizeof(regs));
	t_expect(region_read(&card, 0, 0, regs, sizeof(regs)), sizeof(regs));
	t_expect(regs[UART_RX], 'x');
	t_expect(regs[UART_IER], UART_IER_RDI);
	t_expect(regs[UART_LCR], UART_LCR_WLEN8);
	t_expect(regs[UART_MCR], UART_MCR_RTS);
	t_expect(regs[UART_MSR], UART_MSR_CTS | UART_MSR_DCTS);
	t_expect(regs[UART_SCR], 0x77);
	stop();
}

/* ---- reads and writes that are refused ------------------------------- */

/* Fault: a table of two ports was indexed by the number of the BAR. */
static void regions_the_card_does_not_have_are_einval(void **state)
{
	uint64_t value = 0;
	unsigned int region, type;

	for (type = 1; type <= 2; type++) {
		start(type == 1 ? "1" : "2");
		for (region = 0; region < 64; region++) {
			if (region < type || region == CONFIG)
				continue;
			t_expect(t_pread(card.device, &value, 1, (int64_t)region << 40), -EINVAL);
			t_expect(t_pwrite(card.device, &value, 1, (int64_t)region << 40), -EINVAL);
		}
		t_expect(t_pread(card.device, &value, 1, INT64_MAX), -EINVAL);
		t_expect(t_pwrite(card.device, &value, 1, INT64_MAX), -EINVAL);
		stop();
	}
}

static void transfer_across_the_end_of_a_bar_is_short(void **state)
{
	static const unsigned char data[16] = { 0x11, 0x22 };
	unsigned char buf[16];
	unsigned int port;

	start("2");
	for (port = 0; port < 2; port++) {
		t_expect(region_write(&card, port, UART_SCR, data, sizeof(data)), 1);
		t_expect(in(port, UART_SCR), 0x11);
		t_expect(region_read(&card, port, UART_MSR, buf, sizeof(buf)), 2);
		t_expect(region_read(&card, port, 0, buf, sizeof(buf)), BAR_SIZE);
		t_expect(region_read(&card, port, BAR_SIZE, buf, 1), -EINVAL);
		t_expect(region_write(&card, port, BAR_SIZE, buf, 1), -EINVAL);
		t_expect(region_read(&card, port, 1ULL << 39, buf, 1), -EINVAL);
	}
	stop();
}

static void transfer_of_nothing_does_nothing(void **state)
{
	unsigned char c = 0;
	unsigned int region;

	start("2");
	send_text(0, "x");
	for (region = 0; region < VFIO_PCI_NUM_REGIONS; region++) {
		t_expect(region_read(&card, region, 0, &c, 0), 0);
		t_expect(region_write(&card, region, 0, &c, 0), 0);
	}
	expect_received(0, "x");
	stop();
}

static void bad_pointer_is_efault_in_every_region(void **state)
{
	static const unsigned int regions[] = { 0, 1, CONFIG };
	unsigned int i;

	start("2");
	for (i = 0; i < 3; i++) {
		int64_t pos = vfio_region(&card, regions[i]).offset;

		t_expect(t_pread_raw(card.device, T_BAD_ADDR, 4, pos), -EFAULT);
		t_expect(t_pwrite_raw(card.device, T_BAD_ADDR, 4, pos), -EFAULT);
		t_expect(t_pread_raw(card.device, 0, 1, pos), -EFAULT);
		t_expect(t_pwrite_raw(card.device, 0, 1, pos), -EFAULT);
	}
	t_expect(t_pread_raw(card.device, T_BAD_ADDR, 1, 3LL << 40), -EINVAL);
	stop();
}

/* The buffer begins in memory and runs over its end. */
static void buffer_that_ends_early_is_efault(void **state)
{
	struct t_user *user = t_user_alloc(4096);
	unsigned long end = t_user_addr(user) + 4096;
	int64_t pos;

	start("1");
	pos = vfio_region(&card, CONFIG).offset;
	t_expect(t_pread_raw(card.device, end - 2, 4, pos), -EFAULT);
	t_expect(t_pwrite_raw(card.device, end - 2, 4, pos + PCI_BASE_ADDRESS_0), -EFAULT);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0, 4), 1);
	t_expect(t_pread_raw(card.device, end - 4, 4, pos), 4);
	stop();
	t_user_free(user);
}

static void card_cannot_be_mapped(void **state)
{
	int err;

	start("1");
	assert_null(region_map(&card, 0, 0, 4096, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	assert_null(region_map(&card, CONFIG, 0, 4096, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	stop();
}

/* ---- ioctls ---------------------------------------------------------- */

static void device_is_described(void **state)
{
	struct { struct vfio_device_info info; unsigned char rest[32]; } all;
	size_t minsz = offsetof(struct vfio_device_info, num_irqs) + 4, i;
	unsigned char *bytes = (unsigned char *)&all;

	start("1");
	memset(&all, 0xa5, sizeof(all));
	all.info.argsz = sizeof(all);
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_INFO, &all, sizeof(all)), 0);
	t_expect(all.info.flags, VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET);
	t_expect(all.info.num_regions, VFIO_PCI_NUM_REGIONS);
	t_expect(all.info.num_irqs, VFIO_PCI_NUM_IRQS);
	for (i = minsz; i < sizeof(all); i++)
		t_expect(bytes[i], 0xa5);
	all.info.argsz = minsz - 1;
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_INFO, &all, sizeof(all)), -EINVAL);
	all.info.argsz = 0;
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_INFO, &all, sizeof(all)), -EINVAL);
	stop();
}

static void regions_are_described(void **state)
{
	struct vfio_region_info info;
	unsigned int i, type;

	for (type = 1; type <= 2; type++) {
		start(type == 1 ? "1" : "2");
		for (i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
			info = vfio_region(&card, i);
			t_expect(info.size, i == CONFIG ? CONFIG_SIZE : i < type ? BAR_SIZE : 0);
			t_expect(info.flags, info.size ? VFIO_REGION_INFO_FLAG_READ |
							 VFIO_REGION_INFO_FLAG_WRITE : 0);
			t_expect(info.offset, (int64_t)i << 40);
			t_expect(info.cap_offset, 0);
			expect_rest_untouched(&card, i, 0);
		}
		stop();
	}
}

static void bad_questions_about_regions_are_einval(void **state)
{
	struct vfio_region_info info = { .argsz = sizeof(info) - 1 };
	static const uint32_t indexes[] = { VFIO_PCI_NUM_REGIONS, 64, 0x80000000, 0xffffffff };
	unsigned int i;

	start("1");
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info)), -EINVAL);
	for (i = 0; i < 4; i++) {
		info.argsz = sizeof(info);
		info.index = indexes[i];
		t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_REGION_INFO, &info, sizeof(info)),
			 -EINVAL);
	}
	stop();
}

static void interrupts_are_described(void **state)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = INTX };

	start("1");
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)), 0);
	t_expect(info.count, 1);
	t_expect(info.flags, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE |
			     VFIO_IRQ_INFO_AUTOMASKED);
	info.index = MSI;
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)), 0);
	t_expect(info.count, 1);
	t_expect(info.flags, VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE);
	stop();
}

static void bad_questions_about_interrupts_are_einval(void **state)
{
	static const uint32_t indexes[] = {
		VFIO_PCI_MSIX_IRQ_INDEX, VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX,
		VFIO_PCI_NUM_IRQS, 0xffffffff,
	};
	struct vfio_irq_info info = { .argsz = sizeof(info) - 1 };
	unsigned int i;

	start("1");
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)), -EINVAL);
	info.argsz = sizeof(info);
	for (i = 0; i < 5; i++) {
		info.index = indexes[i];
		t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)),
			 -EINVAL);
	}
	stop();
}

static void bad_pointer_is_efault_in_every_ioctl(void **state)
{
	static const unsigned long commands[] = {
		VFIO_DEVICE_GET_INFO, VFIO_DEVICE_GET_REGION_INFO, VFIO_DEVICE_GET_IRQ_INFO,
		VFIO_DEVICE_SET_IRQS,
	};
	unsigned int i;

	start("1");
	for (i = 0; i < 4; i++) {
		t_expect(t_ioctl_raw(card.device, commands[i], T_BAD_ADDR), -EFAULT);
		t_expect(t_ioctl_raw(card.device, commands[i], 0), -EFAULT);
	}
	stop();
}

static void answer_that_cannot_be_written_is_efault(void **state)
{
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct vfio_region_info region = { .argsz = sizeof(region), .index = CONFIG };
	struct vfio_irq_info irq = { .argsz = sizeof(irq), .index = INTX };

	start("1");
	t_expect(ioctl_readonly(card.device, VFIO_DEVICE_GET_INFO, &device, sizeof(device)),
		 -EFAULT);
	t_expect(ioctl_readonly(card.device, VFIO_DEVICE_GET_REGION_INFO, &region,
				sizeof(region)), -EFAULT);
	t_expect(ioctl_readonly(card.device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)),
		 -EFAULT);
	stop();
}

/* The header is in memory, the data behind it is not. */
static void bad_pointer_to_the_data_of_an_interrupt_is_efault(void **state)
{
	struct t_user *user = t_user_alloc(4096);
	struct vfio_irq_set set = { .argsz = IRQ_SET_SIZE + 4, .index = INTX, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | TRIGGER };

	start("1");
	memcpy((char *)t_user_ptr(user) + 4096 - IRQ_SET_SIZE, &set, IRQ_SET_SIZE);
	t_expect(t_ioctl_raw(card.device, VFIO_DEVICE_SET_IRQS,
			     t_user_addr(user) + 4096 - IRQ_SET_SIZE), -EFAULT);
	stop();
	t_user_free(user);
}

static void unknown_ioctls_are_enotty(void **state)
{
	static const unsigned long commands[] = {
		VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, VFIO_DEVICE_QUERY_GFX_PLANE,
		VFIO_DEVICE_GET_GFX_DMABUF, VFIO_GET_API_VERSION, VFIO_GROUP_GET_STATUS,
		_IO(VFIO_TYPE, VFIO_BASE + 99), 0, 0x1234,
	};
	unsigned int i;

	start("1");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		t_expect(t_ioctl_raw(card.device, commands[i], 0), -ENOTTY);
		t_expect(t_ioctl_raw(card.device, commands[i], T_BAD_ADDR), -ENOTTY);
	}
	stop();
}

static void reset_brings_the_card_back(void **state)
{
	int fd;

	start("2");
	fd = use_eventfd(MSI);
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_0, 0xc000, 4);
	region_set(&card, CONFIG, PCI_INTERRUPT_LINE, 5, 1);
	out(1, UART_SCR, 0x42);
	out(1, UART_IER, UART_IER_RDI);
	out(1, UART_LCR, UART_LCR_WLEN8);
	send_text(1, "lost");
	t_expect(t_ioctl_raw(card.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0, 4), 1);
	t_expect(region_get(&card, CONFIG, PCI_INTERRUPT_LINE, 1), 0);
	t_expect(in(1, UART_SCR), 0);
	t_expect(in(1, UART_IER), 0);
	t_expect(in(1, UART_LCR), 0);
	t_expect(in(1, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	/* that the user listens is no state of the card */
	t_eventfd_take(fd);
	t_expect(irq_do(&card, MSI, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

/* ---- INTx ------------------------------------------------------------ */

static void intx_masks_itself(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void received_character_raises_intx(void **state)
{
	unsigned int port;
	int fd;

	start("2");
	fd = use_eventfd(INTX);
	for (port = 0; port < 2; port++) {
		out(port, UART_IER, UART_IER_RDI);
		send_text(port, "a");
		t_expect(t_eventfd_take(fd), 1);
		t_expect(in(port, UART_RX), 'a');
		t_expect(irq_do(&card, INTX, UNMASK), 0);
		t_expect(t_eventfd_take(fd), 0);
	}
	close(fd);
	stop();
}

static void unmasking_raises_intx_again_while_its_cause_is_there(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	out(0, UART_IER, UART_IER_RDI);
	send_text(0, "a");
	t_expect(t_eventfd_take(fd), 1);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(fd), 1);
	t_expect(in(0, UART_RX), 'a');
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(fd), 0);
	close(fd);
	stop();
}

static void masked_intx_waits(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	t_expect(irq_do(&card, INTX, MASK), 0);
	out(0, UART_IER, UART_IER_RDI);
	send_text(0, "a");
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void listener_that_comes_late_hears_of_a_cause_that_is_there(void **state)
{
	int fd;

	start("1");
	out(0, UART_IER, UART_IER_RDI);
	send_text(0, "a");
	fd = use_eventfd(INTX);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void every_cause_raises_an_interrupt(void **state)
{
	unsigned int i;
	int fd;

	start("1");
	fd = use_eventfd(MSI);
	out(0, UART_IER, UART_IER_THRI);
	t_expect(t_eventfd_take(fd), 1);
	in(0, UART_IIR);
	out(0, UART_IER, UART_IER_MSI);
	out(0, UART_MCR, UART_MCR_DTR);
	t_expect(t_eventfd_take(fd), 1);
	in(0, UART_MSR);
	out(0, UART_IER, UART_IER_RLSI);
	for (i = 0; i < FIFO_SIZE; i++)
		out(0, UART_TX, i);
	t_expect(t_eventfd_take(fd), 0);
	out(0, UART_TX, i);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void byte_says_whether_an_interrupt_is_meant(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 0), 0);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(irq_do_if(&card, INTX, MASK, 0), 0);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 1), 0);
	t_expect(t_eventfd_take(fd), 1);
	t_expect(irq_do_if(&card, INTX, UNMASK, 0), 0);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 1), 0);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(irq_do_if(&card, INTX, UNMASK, 1), 0);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 1), 0);
	t_expect(t_eventfd_take(fd), 1);
	t_expect(irq_do_if(&card, INTX, UNMASK, 1), 0);
	t_expect(irq_do_if(&card, INTX, MASK, 1), 0);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 1), 0);
	t_expect(t_eventfd_take(fd), 0);
	close(fd);
	stop();
}

/* ---- MSI ------------------------------------------------------------- */

static void msi_does_not_mask_itself(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(MSI);
	t_expect(irq_do(&card, MSI, TRIGGER), 0);
	t_expect(irq_do_if(&card, MSI, TRIGGER, 1), 0);
	t_expect(irq_do_if(&card, MSI, TRIGGER, 0), 0);
	t_expect(t_eventfd_take(fd), 2);
	close(fd);
	stop();
}

static void received_characters_raise_msi_once_each_time(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(MSI);
	out(0, UART_IER, UART_IER_RDI);
	send_text(0, "a");
	t_expect(t_eventfd_take(fd), 1);
	t_expect(in(0, UART_RX), 'a');
	send_text(0, "b");
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void msi_goes_before_intx(void **state)
{
	int intx, msi;

	start("1");
	intx = use_eventfd(INTX);
	msi = use_eventfd(MSI);
	out(0, UART_IER, UART_IER_RDI);
	send_text(0, "a");
	t_expect(t_eventfd_take(msi), 1);
	t_expect(t_eventfd_take(intx), 0);
	t_expect(in(0, UART_RX), 'a');
	t_expect(irq_disable(&card, MSI), 0);
	send_text(0, "b");
	t_expect(t_eventfd_take(msi), 0);
	t_expect(t_eventfd_take(intx), 1);
	close(intx);
	close(msi);
	stop();
}

static void unmasking_intx_raises_none_while_msi_is_used(void **state)
{
	int intx, msi;

	start("2");
	intx = use_eventfd(INTX);
	msi = use_eventfd(MSI);
	out(1, UART_IER, UART_IER_RDI);
	send_text(1, "a");
	t_expect(t_eventfd_take(msi), 1);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(intx), 0);
	t_expect(irq_disable(&card, MSI), 0);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	t_expect(t_eventfd_take(intx), 1);
	close(intx);
	close(msi);
	stop();
}

/* ---- who is signalled ------------------------------------------------ */

/*
 * Fault: the first eventfd was never put. The shim's audit after the test
 * counts them.
 */
static void second_eventfd_replaces_the_first(void **state)
{
	static const unsigned int indexes[] = { INTX, MSI };
	int first, second;
	unsigned int i;

	start("1");
	for (i = 0; i < 2; i++) {
		first = use_eventfd(indexes[i]);
		second = use_eventfd(indexes[i]);
		t_expect(irq_do(&card, indexes[i], TRIGGER), 0);
		t_expect(t_eventfd_take(first), 0);
		t_expect(t_eventfd_take(second), 1);
		close(first);
		close(second);
	}
	stop();
}

/* Fault: interrupts could not be set before GET_INFO had been called. */
static void interrupts_work_before_the_device_is_described(void **state)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = INTX };
	int fd;

	start("1");
	fd = t_eventfd();
	t_expect(irq_eventfd(&card, INTX, fd), 0);
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

/* Fault: contexts leaked when the device was closed with its interrupts on. */
static void closing_the_device_ends_its_interrupts(void **state)
{
	int intx, msi;

	start("1");
	intx = use_eventfd(INTX);
	msi = use_eventfd(MSI);
	out(0, UART_IER, UART_IER_RDI);
	vfio_close(&card);
	vfio_open(&card, UUID_A);
	send_text(0, "a");
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(irq_do(&card, MSI, TRIGGER), 0);
	t_expect(t_eventfd_take(intx), 0);
	t_expect(t_eventfd_take(msi), 0);
	close(intx);
	close(msi);
	stop();
}

static void closing_one_of_two_files_leaves_the_interrupts(void **state)
{
	int fd, other;

	start("1");
	fd = use_eventfd(INTX);
	other = vfio_get_device(&card, UUID_A);
	t_expect(other >= 0, true);
	t_expect(t_close(other), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

static void last_of_many_opens_ends_the_interrupts(void **state)
{
	struct vfio_user first, second;
	int fd;

	load();
	create(SINGLE, UUID_A);
	vfio_serve_files();
	first.device = vfio_open_file();
	second.device = vfio_open_file();
	fd = t_eventfd();
	t_expect(irq_eventfd(&first, INTX, fd), 0);
	t_expect(t_close(first.device), 0);
	t_expect(irq_do(&second, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	t_expect(t_close(second.device), 0);

	first.device = vfio_open_file();
	t_expect(irq_do(&first, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 0);
	t_expect(t_close(first.device), 0);
	close(fd);
}

/* Fault: disabling a trigger twice put its context twice. */
static void disabling_an_interrupt_twice_is_harmless(void **state)
{
	static const unsigned int indexes[] = { INTX, MSI };
	unsigned int i;
	int fd;

	start("1");
	for (i = 0; i < 2; i++) {
		fd = use_eventfd(indexes[i]);
		t_expect(irq_disable(&card, indexes[i]), 0);
		t_expect(irq_disable(&card, indexes[i]), 0);
		t_expect(irq_eventfd(&card, indexes[i], -1), 0);
		t_expect(irq_do(&card, indexes[i], TRIGGER), 0);
		t_expect(t_eventfd_take(fd), 0);
		t_expect(irq_eventfd(&card, indexes[i], fd), 0);
		t_expect(irq_do(&card, indexes[i], TRIGGER), 0);
		t_expect(t_eventfd_take(fd), 1);
		close(fd);
	}
	stop();
}

static void eventfd_minus_one_disables(void **state)
{
	static const unsigned int indexes[] = { INTX, MSI };
	unsigned int i;
	int fd;

	start("1");
	for (i = 0; i < 2; i++) {
		fd = use_eventfd(indexes[i]);
		t_expect(irq_eventfd(&card, indexes[i], -1), 0);
		t_expect(irq_do(&card, indexes[i], TRIGGER), 0);
		t_expect(t_eventfd_take(fd), 0);
		close(fd);
	}
	stop();
}

/* Fault: a write that raised an interrupt before SET_IRQS signalled NULL. */
static void interrupt_that_nobody_listens_to_is_harmless(void **state)
{
	start("2");
	out(1, UART_IER, 0x0f);
	send_text(1, "abcdefghijklmnopqrst");
	out(1, UART_MCR, UART_MCR_RTS);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(irq_do(&card, MSI, TRIGGER), 0);
	t_expect(irq_do(&card, INTX, MASK), 0);
	t_expect(irq_do(&card, INTX, UNMASK), 0);
	stop();
}

static void eventfd_outlives_its_file(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(MSI);
	close(fd);
	t_expect(irq_do(&card, MSI, TRIGGER), 0);
	stop();
}

/* ---- SET_IRQS that is refused ---------------------------------------- */

static void interrupts_that_are_not_there_are_einval(void **state)
{
	static const uint32_t indexes[] = {
		VFIO_PCI_MSIX_IRQ_INDEX, VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX,
		VFIO_PCI_NUM_IRQS, 0xffffffff,
	};
	unsigned int i;

	start("1");
	for (i = 0; i < 5; i++)
		t_expect(irq_do(&card, indexes[i], TRIGGER), -EINVAL);
	for (i = 0; i < 2; i++) {
		unsigned int index = i ? MSI : INTX, flags = VFIO_IRQ_SET_DATA_NONE | TRIGGER;

		t_expect(irq_set(&card, index, flags, 1, 1, NULL, 0), -EINVAL);
		t_expect(irq_set(&card, index, flags, 1, 0, NULL, 0), -EINVAL);
		t_expect(irq_set(&card, index, flags, 0, 2, NULL, 0), -EINVAL);
		t_expect(irq_set(&card, index, flags, 0xffffffff, 1, NULL, 0), -EINVAL);
		t_expect(irq_set(&card, index, flags, 0, 0xffffffff, NULL, 0), -EINVAL);
	}
	stop();
}

static void flags_that_make_no_sense_are_einval(void **state)
{
	static const unsigned int flags[] = {
		0, VFIO_IRQ_SET_DATA_NONE, TRIGGER, VFIO_IRQ_SET_DATA_EVENTFD,
		VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_DATA_BOOL | TRIGGER,
		VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_DATA_EVENTFD | TRIGGER,
		VFIO_IRQ_SET_DATA_NONE | MASK | UNMASK,
		VFIO_IRQ_SET_DATA_NONE | MASK | TRIGGER,
		VFIO_IRQ_SET_DATA_NONE | TRIGGER | 1 << 6,
		VFIO_IRQ_SET_DATA_NONE | TRIGGER | 1U << 31,
		VFIO_IRQ_SET_DATA_EVENTFD | MASK, VFIO_IRQ_SET_DATA_EVENTFD | UNMASK,
	};
	int32_t fd = t_eventfd();
	unsigned int i;

	start("1");
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		t_expect(irq_set(&card, INTX, flags[i], 0, 1, &fd, 4), -EINVAL);
		t_expect(irq_set(&card, MSI, flags[i], 0, 1, &fd, 4), -EINVAL);
	}
	close(fd);
	stop();
}

static void only_disabling_has_a_count_of_zero(void **state)
{
	start("1");
	t_expect(irq_set(&card, INTX, VFIO_IRQ_SET_DATA_NONE | MASK, 0, 0, NULL, 0), -EINVAL);
	t_expect(irq_set(&card, INTX, VFIO_IRQ_SET_DATA_NONE | UNMASK, 0, 0, NULL, 0), -EINVAL);
	t_expect(irq_set(&card, INTX, VFIO_IRQ_SET_DATA_BOOL | TRIGGER, 0, 0, NULL, 0), -EINVAL);
	t_expect(irq_set(&card, MSI, VFIO_IRQ_SET_DATA_EVENTFD | TRIGGER, 0, 0, NULL, 0),
		 -EINVAL);
	stop();
}

static void msi_cannot_be_masked(void **state)
{
	start("1");
	t_expect(irq_do(&card, MSI, MASK), -EINVAL);
	t_expect(irq_do(&card, MSI, UNMASK), -EINVAL);
	t_expect(irq_do_if(&card, MSI, MASK, 1), -EINVAL);
	stop();
}

static void data_that_is_not_there_is_einval(void **state)
{
	union { struct vfio_irq_set set; unsigned char bytes[IRQ_SET_SIZE + 4]; } all = {
		.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | TRIGGER,
		.set.index = INTX,
		.set.count = 1,
	};
	static const unsigned int sizes[] = { 0, 4, IRQ_SET_SIZE - 1, IRQ_SET_SIZE,
		IRQ_SET_SIZE + 3 };
	unsigned int i;

	start("1");
	for (i = 0; i < 5; i++) {
		all.set.argsz = sizes[i];
		t_expect(t_ioctl(card.device, VFIO_DEVICE_SET_IRQS, &all, sizeof(all)), -EINVAL);
	}
	stop();
}

static void trigger_must_be_an_eventfd(void **state)
{
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	t_expect(irq_eventfd(&card, INTX, -2), -EBADF);
	t_expect(irq_eventfd(&card, INTX, 9999), -EBADF);
	t_expect(irq_eventfd(&card, INTX, card.container), -EINVAL);
	t_expect(irq_eventfd(&card, MSI, card.device), -EINVAL);
	/* the one before is still there */
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(types_have_their_attributes),
		T_TEST(parent_and_card_have_their_attributes),
		T_TEST(available_instances_follow_the_ports_in_use),
		T_TEST(ports_of_single_cards_run_out),
		T_TEST(ports_of_dual_cards_run_out),
		T_TEST(creating_at_once_stays_within_the_ports),
		T_TEST(type_can_be_used_from_the_first_moment),
		T_TEST(type_can_be_read_while_the_driver_comes_and_goes),
		T_TEST(unloading_takes_the_cards_along),
		T_TEST(card_in_use_keeps_the_module),
		T_TEST(cards_are_apart),
		T_TEST(card_keeps_its_state_while_nobody_has_it_open),
		T_TEST(config_space_tells_a_serial_card),
		T_TEST(config_space_has_a_bar_for_each_port),
		T_TEST(config_space_can_be_read_in_any_pieces),
		T_TEST(config_space_ends_where_it_ends),
		T_TEST(offset_into_the_config_space_is_checked),
		T_TEST(bars_tell_their_size),
		T_TEST(single_card_has_one_bar),
		T_TEST(addresses_can_be_set_in_any_pieces),
		T_TEST(nothing_else_in_the_config_space_can_be_written),
		T_TEST(scratch_register_keeps_any_value),
		T_TEST(ports_of_a_card_are_apart),
		T_TEST(dlab_switches_to_the_divisor),
		T_TEST(unused_bits_read_as_zero),
		T_TEST(status_registers_cannot_be_written),
		T_TEST(what_is_sent_comes_back),
		T_TEST(sixteen_characters_fit_and_one_more_is_an_overrun),
		T_TEST(fifo_goes_round),
		T_TEST(without_fifo_one_character_fits),
		T_TEST(fifo_can_be_cleared),
		T_TEST(receive_interrupt_comes_at_its_trigger),
		T_TEST(transmit_interrupt_goes_when_it_is_seen),
		T_TEST(transmit_interrupt_enabled_too_early_waits),
		T_TEST(most_urgent_interrupt_is_told_first),
		T_TEST(nothing_is_told_that_is_not_enabled),
		T_TEST(plug_returns_the_modem_lines),
		T_TEST(loopback_connects_the_modem_lines_crosswise),
		T_TEST(ring_counts_when_it_ends),
		T_TEST(automatic_flow_control_takes_rts_back),
		T_TEST(registers_can_be_accessed_together),
		T_TEST(regions_the_card_does_not_have_are_einval),
		T_TEST(transfer_across_the_end_of_a_bar_is_short),
		T_TEST(transfer_of_nothing_does_nothing),
		T_TEST(bad_pointer_is_efault_in_every_region),
		T_TEST(buffer_that_ends_early_is_efault),
		T_TEST(card_cannot_be_mapped),
		T_TEST(device_is_described),
		T_TEST(regions_are_described),
		T_TEST(bad_questions_about_regions_are_einval),
		T_TEST(interrupts_are_described),
		T_TEST(bad_questions_about_interrupts_are_einval),
		T_TEST(bad_pointer_is_efault_in_every_ioctl),
		T_TEST(answer_that_cannot_be_written_is_efault),
		T_TEST(bad_pointer_to_the_data_of_an_interrupt_is_efault),
		T_TEST(unknown_ioctls_are_enotty),
		T_TEST(reset_brings_the_card_back),
		T_TEST(intx_masks_itself),
		T_TEST(received_character_raises_intx),
		T_TEST(unmasking_raises_intx_again_while_its_cause_is_there),
		T_TEST(masked_intx_waits),
		T_TEST(listener_that_comes_late_hears_of_a_cause_that_is_there),
		T_TEST(every_cause_raises_an_interrupt),
		T_TEST(byte_says_whether_an_interrupt_is_meant),
		T_TEST(msi_does_not_mask_itself),
		T_TEST(received_characters_raise_msi_once_each_time),
		T_TEST(msi_goes_before_intx),
		T_TEST(unmasking_intx_raises_none_while_msi_is_used),
		T_TEST(second_eventfd_replaces_the_first),
		T_TEST(interrupts_work_before_the_device_is_described),
		T_TEST(closing_the_device_ends_its_interrupts),
		T_TEST(closing_one_of_two_files_leaves_the_interrupts),
		T_TEST(last_of_many_opens_ends_the_interrupts),
		T_TEST(disabling_an_interrupt_twice_is_harmless),
		T_TEST(eventfd_minus_one_disables),
		T_TEST(interrupt_that_nobody_listens_to_is_harmless),
		T_TEST(eventfd_outlives_its_file),
		T_TEST(interrupts_that_are_not_there_are_einval),
		T_TEST(flags_that_make_no_sense_are_einval),
		T_TEST(only_disabling_has_a_count_of_zero),
		T_TEST(msi_cannot_be_masked),
		T_TEST(data_that_is_not_there_is_einval),
		T_TEST(trigger_must_be_an_eventfd),
	};

	return t_run("mtty", tests);
}
