// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of the sample driver mtty: INTx and MSI, who is signalled and
 * when, and which requests are refused.
 */
#include "mtty.h"

/* An action that there is not: -ENOTTY of Linux's card, as of vfio-pci. */
static bool is_refused(long ret)
{
	return ret == -EINVAL || ret == -ENOTTY;
}

/* What nobody listens to cannot be triggered in vfio-pci, and Linux's card: -EINVAL. */
static bool is_harmless(long ret)
{
	return !ret || ret == -EINVAL;
}

/* Characters that come raise an interrupt, each; a port is told so by its FIFO control, too. */
static void enable_receiving(unsigned int port)
{
	out(port, UART_IER, UART_IER_RDI);
	out(port, UART_FCR, UART_FCR_ENABLE_FIFO);
}

/* Both at once, which vfio-pci does not allow, nor Linux's card. */
static void use_both(int *intx, int *msi)
{
	*intx = use_eventfd(INTX);
	*msi = t_eventfd();
	if (irq_eventfd(&card, MSI, *msi) == 0)
		return;
	close(*intx);
	close(*msi);
	stop();
	t_skip("this card has one kind of interrupt at a time");
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
	enable_receiving(0);
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
	enable_receiving(0);
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
	enable_receiving(0);
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
	enable_receiving(0);
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
	use_both(&intx, &msi);
	enable_receiving(0);
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
	use_both(&intx, &msi);
	enable_receiving(1);
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
		t_expect(irq_disable(&card, indexes[i]), 0);
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

	start_undescribed("1");
	fd = t_eventfd();
	t_expect(irq_eventfd(&card, INTX, fd), 0);
	t_expect(t_ioctl(card.device, VFIO_DEVICE_GET_IRQ_INFO, &info, sizeof(info)), 0);
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

/*
 * Fault: contexts leaked when the device was closed with its interrupts on, and
 * the next user's characters raised them. Nothing is said to the card about
 * interrupts in between, by which it could have let go of them; those that are
 * left the shim's audit counts.
 */
static void closing_the_device_ends_its_interrupts(void **state)
{
	static const unsigned int indexes[] = { INTX, MSI };
	unsigned int i;
	int fd;

	for (i = 0; i < 2; i++) {
		start("1");
		fd = use_eventfd(indexes[i]);
		out(0, UART_IER, UART_IER_RDI);
		vfio_close(&card);
		vfio_open(&card, UUID_A);
		send_text(0, "a");
		t_expect(t_eventfd_take(fd), 0);
		close(fd);
		stop();
	}
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
		t_expect(is_harmless(irq_disable(&card, indexes[i])), true);
		t_expect(irq_eventfd(&card, indexes[i], -1), 0);
		t_expect(is_harmless(irq_do(&card, indexes[i], TRIGGER)), true);
		t_expect(t_eventfd_take(fd), 0);
		t_expect(irq_eventfd(&card, indexes[i], fd), 0);
		t_expect(irq_do(&card, indexes[i], TRIGGER), 0);
		t_expect(t_eventfd_take(fd), 1);
		t_expect(irq_disable(&card, indexes[i]), 0);
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
		t_expect(is_harmless(irq_do(&card, indexes[i], TRIGGER)), true);
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
	t_expect(is_harmless(irq_do(&card, INTX, TRIGGER)), true);
	t_expect(is_harmless(irq_do(&card, MSI, TRIGGER)), true);
	t_expect(is_harmless(irq_do(&card, INTX, MASK)), true);
	t_expect(is_harmless(irq_do(&card, INTX, UNMASK)), true);
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

static void interrupts_that_are_not_there_are_refused(void **state)
{
	static const uint32_t indexes[] = {
		VFIO_PCI_MSIX_IRQ_INDEX, VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX,
		VFIO_PCI_NUM_IRQS, 0xffffffff,
	};
	unsigned int i;

	start("1");
	for (i = 0; i < 5; i++)
		t_expect(is_refused(irq_do(&card, indexes[i], TRIGGER)), true);
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
	t_expect(is_refused(irq_do(&card, MSI, MASK)), true);
	t_expect(is_refused(irq_do(&card, MSI, UNMASK)), true);
	t_expect(is_refused(irq_do_if(&card, MSI, MASK, 1)), true);
	stop();
}

/* Fault: what is not meant was not looked at, and succeeded. */
static void action_that_is_not_meant_is_checked_all_the_same(void **state)
{
	int fd;

	start("1");
	t_expect(is_refused(irq_do_if(&card, MSI, MASK, 0)), true);
	t_expect(is_refused(irq_do_if(&card, MSI, UNMASK, 0)), true);
	t_expect(is_refused(irq_do_if(&card, INTX, 0, 0)), true);
	t_expect(is_refused(irq_do_if(&card, INTX, MASK | UNMASK, 0)), true);
	t_expect(is_refused(irq_do_if(&card, MSI, TRIGGER | MASK, 0)), true);
	fd = use_eventfd(INTX);
	t_expect(irq_do_if(&card, INTX, MASK, 0), 0);
	t_expect(irq_do_if(&card, INTX, TRIGGER, 0), 0);
	t_expect(t_eventfd_take(fd), 0);
	close(fd);
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
	t_expect(irq_eventfd(&card, INTX, 9999), -EBADF);
	t_expect(irq_eventfd(&card, INTX, card.container), -EINVAL);
	t_expect(irq_eventfd(&card, MSI, card.device), -EINVAL);
	/* the one before is still there */
	t_expect(irq_do(&card, INTX, TRIGGER), 0);
	t_expect(t_eventfd_take(fd), 1);
	close(fd);
	stop();
}

/* vfio-pci takes any number below 0 for -1, and so does Linux's card. */
static void eventfd_below_minus_one_is_none(void **state)
{
	long ret;
	int fd;

	start("1");
	fd = use_eventfd(INTX);
	ret = irq_eventfd(&card, INTX, -2);
	t_expect(ret == 0 || ret == -EBADF, true);
	t_expect(is_harmless(irq_do(&card, INTX, TRIGGER)), true);
	t_expect(t_eventfd_take(fd), ret == 0 ? 0 : 1);
	close(fd);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
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
		T_NEEDS("class_ids", last_of_many_opens_ends_the_interrupts),
		T_TEST(disabling_an_interrupt_twice_is_harmless),
		T_TEST(eventfd_minus_one_disables),
		T_TEST(interrupt_that_nobody_listens_to_is_harmless),
		T_TEST(eventfd_outlives_its_file),
		T_TEST(interrupts_that_are_not_there_are_refused),
		T_TEST(flags_that_make_no_sense_are_einval),
		T_TEST(only_disabling_has_a_count_of_zero),
		T_TEST(msi_cannot_be_masked),
		T_TEST(action_that_is_not_meant_is_checked_all_the_same),
		T_TEST(data_that_is_not_there_is_einval),
		T_TEST(trigger_must_be_an_eventfd),
		T_TEST(eventfd_below_minus_one_is_none),
	};

	return t_run("mtty_irqs", tests);
}
