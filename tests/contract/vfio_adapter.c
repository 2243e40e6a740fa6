// SPDX-License-Identifier: GPL-2.0-only
/*
 * The adapter from the VFIO API of Linux 5.4 to that of 6.1: what it answers
 * to a driver. What passes through it is the subject of vfio_mdev.c and
 * shape_full.c.
 */
#include "vfio_user.h"

#define TYPE		TYPES(DIR_TEST "/vfio_vendor") "/mdev_test-custom"
#define A		MDEV_DEVICES UUID_A
#define ADAPTER		BUS "/drivers/vfio_test_driver"
#define PAGE		4096UL

static struct vfio_user user;

static void start(void)
{
	load_vfio();
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", NULL), 0);
	t_expect(t_modprobe("vfio_test_driver", NULL), 0);
	create(TYPE, UUID_A);
	vfio_open(&user, UUID_A);
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
}

/* No device, no list, no result; none, fewer, too many pages; not VFIO's; not mapped. */
static void pinning_checks_its_arguments(void **state)
{
	start();
	t_expect_text(ADAPTER "/pin", "-22 -22 -22 -22 -22 -7 -19 -22\n");
	stop();
}

static void pages_are_pinned_all_or_none(void **state)
{
	void *memory = dma_memory(PAGE);

	start();
	t_expect(dma_map(&user, 0x100 * PAGE, memory, PAGE, DMA_READ_WRITE), 0);
	t_expect_text(ADAPTER "/pin_two", "-22 1 1\n");
	t_expect(dma_unmap(&user, 0x100 * PAGE, PAGE), PAGE);
	stop();
	t_expect(t_munmap(memory, PAGE), 0);
}

static void unpinning_checks_its_arguments(void **state)
{
	start();
	t_expect_text(ADAPTER "/unpin", "-22 -22 -22 -7 -19\n");
	stop();
}

/* ...; unregistered before it was registered: -ENOENT; in the end it was there. */
static void notifiers_are_checked(void **state)
{
	start();
	t_expect_text(ADAPTER "/notifier", "-22 -22 -22 -22 -22 -19 -2 0 -22 0\n");
	stop();
}

/* ...; the last one is there already, and stays. */
static void device_is_added_once_with_open_and_release(void **state)
{
	start();
	t_expect_text(ADAPTER "/add", "-22 -22 -22 -22 -16\n");
	vfio_close(&user);
	vfio_open(&user, UUID_A);
	stop();
}

static void device_that_was_not_added_is_warned_about(void **state)
{
	start();
	t_expect_splat("is not a VFIO device");
	t_expect_text(ADAPTER "/del", "1\n");
	stop();
}

static void error_of_open_is_returned(void **state)
{
	start();
	t_expect(t_close(user.device), 0);
	answer("vfio_open -71");
	t_expect(vfio_get_device(&user, UUID_A), -EPROTO);
	answer("vfio_open 0");
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(pinning_checks_its_arguments),
		T_TEST(pages_are_pinned_all_or_none),
		T_TEST(unpinning_checks_its_arguments),
		T_TEST(notifiers_are_checked),
		T_TEST(device_is_added_once_with_open_and_release),
		T_TEST(device_that_was_not_added_is_warned_about),
		T_TEST(error_of_open_is_returned),
	};

	return t_run("vfio_adapter", tests);
}
