// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vendor driver with ioctls only, and a remove() that returns -EBUSY.
 */
#include "vfio_user.h"

#define PARENT_DIR	"/sys/devices/virtual/shape_ioctl/matrix"
#define TYPE		TYPES(PARENT_DIR) "/shape_ioctl-passthrough"
#define A		PARENT_DIR "/" UUID_A
#define B		PARENT_DIR "/" UUID_B

static struct vfio_user user;

static void load(void)
{
	t_expect(t_modprobe("vfio_mdev", NULL), 0);
	t_expect(t_modprobe("shape_ioctl", NULL), 0);
}

static void start(void)
{
	load();
	create(TYPE, UUID_A);
	vfio_open(&user, UUID_A);
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
}

static void assign(const char *mdev, const char *adapter, long want)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/assign", mdev);
	t_expect(t_put(path, adapter), want < 0 ? want : (long)strlen(adapter));
}

/* ---- attributes ------------------------------------------------------ */

static void type_has_its_attributes(void **state)
{
	load();
	expect_list(TYPES(PARENT_DIR), "shape_ioctl-passthrough");
	t_expect_text(TYPE "/name", "adapters passed through\n");
	t_expect_text(TYPE "/device_api", "vfio-ap\n");
	t_expect_text(TYPE "/available_instances", "4\n");
	create(TYPE, UUID_A);
	t_expect_text(TYPE "/available_instances", "3\n");
}

static void adapters_are_assigned_over_sysfs(void **state)
{
	load();
	create(TYPE, UUID_A);
	t_expect_text(A "/adapters", "");
	assign(A, "0x20", 0);
	assign(A, "3", 0);
	assign(A, "3", 0);
	t_expect_text(A "/adapters", "03\n20\n");
	t_expect(t_put(A "/unassign", "32"), 2);
	t_expect(t_put(A "/unassign", "32"), -ENODEV);
	t_expect_text(A "/adapters", "03\n");
	assign(A, "64", -ENODEV);
	assign(A, "four", -EINVAL);
}

static void adapter_belongs_to_one_mdev(void **state)
{
	load();
	create(TYPE, UUID_A);
	create(TYPE, UUID_B);
	assign(A, "3", 0);
	assign(B, "3", -EADDRINUSE);
	discard(A);
	assign(B, "3", 0);
}

static void adapters_of_an_open_mdev_are_fixed(void **state)
{
	start();
	assign(A, "3", -EBUSY);
	vfio_close(&user);
	assign(A, "3", 0);
	discard(A);
}

/* ---- calls ----------------------------------------------------------- */

static void read_write_and_mmap_are_einval(void **state)
{
	char c = 0;
	int err;

	start();
	t_expect(t_pread(user.device, &c, 1, 0), -EINVAL);
	t_expect(t_pwrite(user.device, &c, 1, 0), -EINVAL);
	t_expect(t_pread(user.device, &c, 0, 0), -EINVAL);
	t_expect(t_pread_raw(user.device, T_BAD_ADDR, 1, 0), -EINVAL);
	t_expect(t_pwrite_raw(user.device, T_BAD_ADDR, 1, 0), -EINVAL);
	assert_null(t_mmap(4096, PROT_READ, MAP_SHARED, user.device, 0, &err));
	t_expect(err, -EINVAL);
	stop();
}

static void device_has_no_regions(void **state)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	start();
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), 0);
	t_expect(info.flags, VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET);
	t_expect(info.num_regions, 0);
	t_expect(info.num_irqs, 0);
	info.argsz = 4;
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_INFO, &info, sizeof(info)), -EINVAL);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_GET_INFO, T_BAD_ADDR), -EFAULT);
	stop();
}

static void other_ioctls_are_enotty(void **state)
{
	/* read by VFIO itself since 6.19 */
	struct vfio_region_info region = { .argsz = sizeof(region) };

	start();
	t_expect(t_ioctl(user.device, VFIO_DEVICE_GET_REGION_INFO, &region, sizeof(region)),
		 -ENOTTY);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_GET_IRQ_INFO, T_BAD_ADDR), -ENOTTY);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_SET_IRQS, T_BAD_ADDR), -ENOTTY);
	stop();
}

static void reset_reaches_the_vendor(void **state)
{
	start();
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect_text(A "/resets", "2\n");
	stop();
}

/* ---- a remove() that complains --------------------------------------- */

static void busy_remove_is_logged_and_ignored(void **state)
{
	char line[256];

	load();
	create(TYPE, UUID_A);
	assign(A, "3", 0);
	discard(A);
	assert_true(t_kmsg_find("Remove failed: err=-16", line, sizeof(line)));
	assert_non_null(strstr(line, UUID_A));
	t_expect(t_exists(A), false);
	create(TYPE, UUID_A);
	assign(A, "3", 0);
}

static void empty_mdev_goes_without_a_word(void **state)
{
	load();
	create(TYPE, UUID_A);
	discard(A);
	assert_false(t_kmsg_has("Remove failed"));
}

static void unloading_takes_all_that_complain(void **state)
{
	load();
	create(TYPE, UUID_A);
	create(TYPE, UUID_B);
	create(TYPE, UUID_C);
	assign(A, "1", 0);
	assign(PARENT_DIR "/" UUID_C, "3", 0);
	t_expect(t_rmmod("shape_ioctl"), 0);
	t_expect(t_kmsg_count("Remove failed: err=-16"), 2);
	expect_list(BUS "/devices", "");
}

static void open_mdev_keeps_the_module(void **state)
{
	start();
	t_expect(t_rmmod("shape_ioctl"), -EWOULDBLOCK);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(type_has_its_attributes),
		T_TEST(adapters_are_assigned_over_sysfs),
		T_TEST(adapter_belongs_to_one_mdev),
		T_TEST(adapters_of_an_open_mdev_are_fixed),
		T_TEST(read_write_and_mmap_are_einval),
		T_TEST(device_has_no_regions),
		T_TEST(other_ioctls_are_enotty),
		T_TEST(reset_reaches_the_vendor),
		T_TEST(busy_remove_is_logged_and_ignored),
		T_TEST(empty_mdev_goes_without_a_word),
		T_TEST(unloading_takes_all_that_complain),
		T_TEST(open_mdev_keeps_the_module),
	};

	return t_run("shape_ioctl", tests);
}
