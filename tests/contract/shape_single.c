// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver with one mdev to a parent, a small I/O region and one
 * interrupt.
 */
#include <unistd.h>

#include "vfio_user.h"

#define SUB(n)		"/sys/devices/virtual/shape_single/subchannel" n
#define TYPE(n)		TYPES(SUB(n)) "/shape_single-io"
#define A		SUB("0") "/" UUID_A

#define HALF		32
#define REGION_SIZE	(2 * HALF)

static struct vfio_user user;

static void load(void)
{
	t_expect(t_modprobe("vfio_mdev", NULL), 0);
	t_expect(t_modprobe("shape_single", NULL), 0);
}

static void start(void)
{
	load();
	create(TYPE("0"), UUID_A);
	vfio_open(&user, UUID_A);
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
}

/* ---- instances ------------------------------------------------------- */

static void type_has_its_attributes(void **state)
{
	load();
	t_expect_text(TYPE("0") "/name", "I/O subchannel\n");
	t_expect_text(TYPE("1") "/device_api", "vfio-ccw\n");
	t_expect_text(TYPE("1") "/available_instances", "1\n");
}

static void parent_makes_one_mdev(void **state)
{
	load();
	create(TYPE("0"), UUID_A);
	t_expect_text(TYPE("0") "/available_instances", "0\n");
	t_expect(t_put(TYPE("0") "/create", UUID_B), -ENOSPC);
	discard(A);
	t_expect_text(TYPE("0") "/available_instances", "1\n");
	create(TYPE("0"), UUID_B);
}

static void each_parent_makes_one(void **state)
{
	load();
	create(TYPE("0"), UUID_A);
	t_expect_text(TYPE("1") "/available_instances", "1\n");
	t_expect(t_put(TYPE("1") "/create", UUID_A), -EEXIST);
	create(TYPE("1"), UUID_B);
	t_expect(t_put(TYPE("1") "/create", UUID_C), -ENOSPC);
}

static void creating_at_once_makes_one(void **state)
{
	load();
	t_expect(create_at_once(TYPE("0") "/create", MAX_CREATORS) >= 1, true);
	create(TYPE("0"), UUID_A);
	t_expect(create_at_once(TYPE("0") "/create", MAX_CREATORS), 0);
}

/* ---- the region ------------------------------------------------------ */

static void request_is_answered(void **state)
{
	unsigned char request[HALF], region[REGION_SIZE];
	unsigned int i;

	for (i = 0; i < HALF; i++)
		request[i] = i;
	start();
	t_expect(region_write(&user, 0, 0, request, HALF), HALF);
	t_expect(region_read(&user, 0, 0, region, REGION_SIZE), REGION_SIZE);
	for (i = 0; i < HALF; i++) {
		t_expect(region[i], i);
		t_expect(region[HALF + i], (unsigned char)~i);
	}
	region_set(&user, 0, 3, 0xaa, 1);
	t_expect(region_get(&user, 0, HALF + 3, 1), 0x55);
	t_expect(region_get(&user, 0, HALF + 4, 1), 0xfb);
	stop();
}

static void answer_cannot_be_written(void **state)
{
	start();
	region_set(&user, 0, 0, 0x12345678, 4);
	region_set(&user, 0, HALF, 0, 4);
	t_expect(region_get(&user, 0, HALF, 4), ~0x12345678U);
	stop();
}

static void region_ends_where_it_ends(void **state)
{
	unsigned char buf[2 * REGION_SIZE];

	memset(buf, 0, sizeof(buf));
	start();
	t_expect(region_read(&user, 0, 0, buf, sizeof(buf)), REGION_SIZE);
	t_expect(region_write(&user, 0, 0, buf, sizeof(buf)), REGION_SIZE);
	t_expect(region_read(&user, 0, REGION_SIZE - 1, buf, 4), 1);
	t_expect(region_write(&user, 0, REGION_SIZE - 1, buf, 4), 1);
	t_expect(region_read(&user, 0, REGION_SIZE, buf, 1), -EINVAL);
	t_expect(region_write(&user, 0, REGION_SIZE, buf, 1), -EINVAL);
	t_expect(region_read(&user, 0, 1LL << 40, buf, 1), -EINVAL);
	t_expect(region_read(&user, 0, 0, buf, 0), 0);
	t_expect(region_write(&user, 0, REGION_SIZE, buf, 0), 0);
	stop();
}

static void region_cannot_be_mapped(void **state)
{
	int err;

	start();
	assert_null(region_map(&user, 0, 0, 4096, MAP_SHARED, &err));
	t_expect(err, -EINVAL);
	stop();
}

static void bad_pointers_are_efault(void **state)
{
	static const unsigned long commands[] = {
		VFIO_DEVICE_GET_INFO, VFIO_DEVICE_GET_REGION_INFO, VFIO_DEVICE_GET_IRQ_INFO,
		VFIO_DEVICE_SET_IRQS,
	};
	unsigned int i;

	start();
	t_expect(t_pread_raw(user.device, T_BAD_ADDR, 4, 0), -EFAULT);
	t_expect(t_pwrite_raw(user.device, T_BAD_ADDR, 4, 0), -EFAULT);
	for (i = 0; i < 4; i++)
		t_expect(t_ioctl_raw(user.device, commands[i], T_BAD_ADDR), -EFAULT);
	t_expect(region_get(&user, 0, 0, 4), 0);
	stop();
}

static void device_is_described(void **state)
{
	struct vfio_device_info device = { .argsz = sizeof(device) };
	struct vfio_region_info region = { .argsz = sizeof(region) };
	struct vfio_irq_info irq = { .argsz = sizeof(irq) };

	start();
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_INFO, &device, sizeof(device)), 0);
	t_expect(device.flags, VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET);
	t_expect(device.num_regions, 1);
	t_expect(device.num_irqs, 1);
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)), 0);
	t_expect(region.size, REGION_SIZE);
	region.index = 1;
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)),
		 -EINVAL);
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), 0);
	t_expect(irq.count, 1);
	irq.index = 1;
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_IRQ_INFO, &irq, sizeof(irq)), -EINVAL);
	expect_rest_untouched(&user, 0, 0);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_QUERY_GFX_PLANE, 0), -ENOTTY);
	stop();
}

static void reset_clears_the_region(void **state)
{
	start();
	region_set(&user, 0, 0, 0x12345678, 4);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(region_get(&user, 0, 0, 4), 0);
	stop();
}

static void next_mdev_finds_the_region_empty(void **state)
{
	start();
	region_set(&user, 0, 0, 0x12345678, 4);
	stop();
	create(TYPE("0"), UUID_A);
	vfio_open(&user, UUID_A);
	t_expect(region_get(&user, 0, 0, 4), 0);
	stop();
}

/* ---- the interrupt --------------------------------------------------- */

static void every_request_raises_the_interrupt(void **state)
{
	int fd = t_eventfd();

	start();
	t_expect(irq_eventfd(&user, 0, fd), 0);
	region_set(&user, 0, 0, 1, 4);
	region_set(&user, 0, 0, 2, 4);
	region_set(&user, 0, HALF, 2, 4);
	t_expect(t_eventfd_take(fd), 2);
	t_expect(irq_disable(&user, 0), 0);
	region_set(&user, 0, 0, 3, 4);
	t_expect(t_eventfd_take(fd), 0);
	close(fd);
	stop();
}

static void interrupt_ends_with_the_user(void **state)
{
	int fd = t_eventfd();

	start();
	t_expect(irq_eventfd(&user, 0, fd), 0);
	vfio_close(&user);
	vfio_open(&user, UUID_A);
	region_set(&user, 0, 0, 1, 4);
	t_expect(t_eventfd_take(fd), 0);
	close(fd);
	stop();
}

static void other_settings_of_the_interrupt_are_einval(void **state)
{
	int32_t fd = t_eventfd();

	start();
	t_expect(irq_eventfd(&user, 1, fd), -EINVAL);
	t_expect(irq_do(&user, 0, VFIO_IRQ_SET_ACTION_MASK), -EINVAL);
	t_expect(irq_do(&user, 0, VFIO_IRQ_SET_ACTION_TRIGGER), -EINVAL);
	t_expect(irq_eventfd(&user, 0, -2), -EBADF);
	t_expect(irq_eventfd(&user, 0, user.group), -EINVAL);
	close(fd);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(type_has_its_attributes),
		T_TEST(parent_makes_one_mdev),
		T_TEST(each_parent_makes_one),
		T_TEST(creating_at_once_makes_one),
		T_TEST(request_is_answered),
		T_TEST(answer_cannot_be_written),
		T_TEST(region_ends_where_it_ends),
		T_TEST(region_cannot_be_mapped),
		T_TEST(bad_pointers_are_efault),
		T_TEST(device_is_described),
		T_TEST(reset_clears_the_region),
		T_TEST(next_mdev_finds_the_region_empty),
		T_TEST(every_request_raises_the_interrupt),
		T_TEST(interrupt_ends_with_the_user),
		T_TEST(other_settings_of_the_interrupt_are_einval),
	};

	return t_run("shape_single", tests);
}
