// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sample driver mtty: PCI serial cards with one or two 16550 ports, each
 * with a loopback plug. Here: its types and cards, and what it tells a VFIO
 * user of them. The registers are mtty_registers.c, interrupts mtty_irqs.c.
 */
#include "mtty.h"

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
	if (t_framework_has("parent_ops"))
		t_expect_text(PARENT_DIR "/mtty_dev/sample_mtty_dev", "This is phy device\n");
	t_expect_text(CARD "/vendor/sample_mdev_dev", "This is MDEV " UUID_A "\n");
	t_expect(t_exists("/sys/devices/virtual/mtty/mtty/" UUID_A), true);
	t_expect(t_exists(CARD "/driver"), true);
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
	reader = t_race_start("reader", read_while_loading, &done);
	for (i = 0; i < 5; i++) {
		load();
		t_expect(t_rmmod("mtty"), 0);
	}
	atomic_store(&done, 1);
	t_expect(t_task_join(reader) >= 0, true);
}

static void unloading_takes_the_cards_along(void **state)
{
	load();
	create(SINGLE, UUID_A);
	create(DUAL, UUID_B);
	t_expect(t_rmmod("mtty"), 0);
	expect_list(MDEV_DEVICES, "");
	t_expect(t_exists("/sys/class/mtty"), false);
	load();
	t_expect_text(SINGLE "/available_instances", "24\n");
}

static void card_in_use_keeps_the_module(void **state)
{
	start("1");
	t_expect(t_refcnt("mtty") > 0, true);
	t_expect(t_rmmod("mtty"), -EWOULDBLOCK);
	t_expect(in(0, UART_SCR), 0);
	stop();
	t_expect(t_refcnt("mtty"), 0);
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
			t_expect(info.size, i == CONFIG ? config_size() : i < type ? BAR_SIZE : 0);
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
		T_BETTER(card_in_use_keeps_the_module),
		T_TEST(cards_are_apart),
		T_TEST(card_keeps_its_state_while_nobody_has_it_open),
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
	};

	return t_run("mtty", tests);
}
