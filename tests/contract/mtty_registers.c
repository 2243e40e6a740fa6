// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VFIO user reads and writes in a card of the sample driver mtty: its
 * config space, the registers of its ports, and nothing besides.
 */
#include "mtty.h"

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
	unsigned char whole[CONFIG_MAX], part[8];
	unsigned int at, size, end;

	start("2");
	end = config_size();
	t_expect(region_read(&card, CONFIG, 0, whole, end), end);
	for (size = 1; size <= sizeof(part); size *= 2)
		for (at = 0; at + size <= end; at += 7) {
			t_expect(region_read(&card, CONFIG, at, part, size), size);
			assert_memory_equal(part, whole + at, size);
		}
	stop();
}

static void config_space_ends_where_it_ends(void **state)
{
	unsigned char buf[2 * CONFIG_MAX];
	unsigned int size, end;

	memset(buf, 0, sizeof(buf));
	start("1");
	end = config_size();
	for (size = 2; size <= 8; size *= 2) {
		t_expect(region_read(&card, CONFIG, end - 1, buf, size), 1);
		t_expect(region_write(&card, CONFIG, end - 1, buf, size), 1);
	}
	t_expect(region_read(&card, CONFIG, end - 3, buf, 8), 3);
	t_expect(region_read(&card, CONFIG, 0, buf, sizeof(buf)), end);
	t_expect(region_read(&card, CONFIG, 16, buf, sizeof(buf)), end - 16);
	t_expect(region_read(&card, CONFIG, end, buf, 1), -EINVAL);
	t_expect(region_write(&card, CONFIG, end, buf, 1), -EINVAL);
	stop();
}

/* Fault: the config space was read with an unchecked 40-bit offset. */
static void offset_into_the_config_space_is_checked(void **state)
{
	static const uint64_t offsets[] = {
		CONFIG_MAX, CONFIG_MAX + 1, 0x1000, 1ULL << 32, 0xffffff00ULL, 1ULL << 39,
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

/* It is aligned to its size: what a PCI device does not decode it does not keep. */
static void address_has_no_bits_below_its_size(void **state)
{
	start("1");
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_0, 0xc157, 4);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_0, 4), 0xc151);
	stop();
}

static void addresses_can_be_set_in_any_pieces(void **state)
{
	start("2");
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_1 + 1, 0xab, 1);
	region_set(&card, CONFIG, PCI_BASE_ADDRESS_1 + 2, 0x1234, 2);
	t_expect(region_get(&card, CONFIG, PCI_BASE_ADDRESS_1, 4), 0x1234ab01);
	stop();
}

static void nothing_else_in_the_config_space_can_be_written(void **state)
{
	unsigned char before[CONFIG_MAX], after[CONFIG_MAX], ones[CONFIG_MAX];
	unsigned int end;

	memset(ones, 0xff, sizeof(ones));
	start("1");
	end = config_size();
	t_expect(region_read(&card, CONFIG, 0, before, end), end);
	t_expect(region_write(&card, CONFIG, 0, ones, end), end);
	t_expect(region_read(&card, CONFIG, 0, after, end), end);
	t_expect(after[PCI_INTERRUPT_LINE], 0xff);
	memcpy(after + PCI_BASE_ADDRESS_0, before + PCI_BASE_ADDRESS_0, 4);
	after[PCI_INTERRUPT_LINE] = before[PCI_INTERRUPT_LINE];
	assert_memory_equal(after, before, end);
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
	unsigned int lines;

	start("1");
	out(0, UART_LSR, 0xff);
	t_expect(in(0, UART_LSR), UART_LSR_THRE | UART_LSR_TEMT);
	lines = in(0, UART_MSR) & 0xf0;
	out(0, UART_MSR, ~lines & 0xff);
	t_expect(in(0, UART_MSR) & 0xf0, lines);
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
	needs_plug(0);
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
	needs_plug(0);
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
	t_expect(regs[UART_MSR] & UART_MSR_CTS, UART_MSR_CTS);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(config_space_tells_a_serial_card),
		T_TEST(config_space_has_a_bar_for_each_port),
		T_TEST(config_space_can_be_read_in_any_pieces),
		T_TEST(config_space_ends_where_it_ends),
		T_TEST(offset_into_the_config_space_is_checked),
		T_TEST(bars_tell_their_size),
		T_TEST(single_card_has_one_bar),
		T_TEST(address_has_no_bits_below_its_size),
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
	};

	return t_run("mtty_registers", tests);
}
