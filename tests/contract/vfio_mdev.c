// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_mdev, the driver of class VFIO: from a user's call to the op of the
 * mdev, and what is pinned meanwhile.
 */
#include "vfio_user.h"

#define PARENT_DIR	DIR_TEST "/vfio_vendor"
#define TYPE(t)		TYPES(PARENT_DIR) "/mdev_test-" t
#define A		MDEV_DEVICES UUID_A
#define B		MDEV_DEVICES UUID_B
#define VFIO_MDEV	BUS "/drivers/vfio_mdev"

static struct vfio_user user;

/* The driver that gives the mdevs to VFIO; without vfio_mdev it is the parent's. */
static const char *server(void)
{
	return t_framework_has("vfio_mdev") ? "vfio_mdev" : "mdev_test_vfio";
}

static void load(const char *params)
{
	load_vfio();
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", params), 0);
}

static struct t_task *start_to_unbind(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), BUS "/drivers/%s/unbind", server());
	return t_put_start(path, uuid);
}

static void start(const char *type)
{
	char path[256];

	/* for ops that are the parent's */
	snprintf(path, sizeof(path), "ops=%s", type);
	load(path);
	snprintf(path, sizeof(path), TYPES(PARENT_DIR) "/mdev_test-%s/create", type);
	t_expect(t_put(path, UUID_A), UUID_LEN);
	clear_log();
}

static void stop(void)
{
	vfio_close(&user);
	discard(A);
}

static void expect_pins(bool pinned)
{
	t_expect(t_refcnt(server()) > 0, pinned);
}

static int64_t position(unsigned int n)
{
	return (int64_t)n << 40 | 0x10;
}

/* ---- probe and unbind ------------------------------------------------ */

static void probe_gives_the_mdev_to_vfio(void **state)
{
	char node[64];

	start("full");
	expect_link_to(A "/driver", server());
	group_node(UUID_A, node, sizeof(node));
	t_expect(t_exists(node), true);
	vfio_open(&user, UUID_A);
	stop();
	t_expect(t_exists(node), false);
}

static void each_mdev_has_a_group_of_its_own(void **state)
{
	char a[64], b[64];

	start("full");
	create(TYPE("full"), UUID_B);
	group_node(UUID_A, a, sizeof(a));
	group_node(UUID_B, b, sizeof(b));
	assert_string_not_equal(a, b);
}

static void driver_is_found_by_the_class(void **state)
{
	t_expect(t_insmod("mdev", NULL), 0);
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", NULL), 0);
	t_autoload(true);
	create(TYPE("full"), UUID_A);
	t_autoload_settle();
	expect_link_to(A "/driver", "vfio_mdev");
	create(TYPE("custom"), UUID_B);
	t_autoload_settle();
	t_expect(t_exists(B "/driver"), false);
}

static void driver_that_comes_late_serves_what_is_there(void **state)
{
	t_expect(t_insmod("mdev", NULL), 0);
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("mdev_test_vfio", NULL), 0);
	create(TYPE("full"), UUID_A);
	t_expect(t_exists(A "/driver"), false);
	t_expect(t_modprobe("vfio_mdev", NULL), 0);
	vfio_open(&user, UUID_A);
	stop();
}

/* Fault: the reference crashes when such an mdev is opened. */
static void class_without_ops_is_refused_in_probe(void **state)
{
	start("bare");
	t_expect(t_exists(A "/driver"), false);
	t_expect(t_exists(A "/iommu_group"), false);
	assert_true(t_kmsg_has(UUID_A ": "));
	assert_true(t_kmsg_has("MDEV: detaching iommu"));
	t_expect(t_put(VFIO_MDEV "/bind", UUID_A), -EINVAL);
	discard(A);
	expect_log("remove " UUID_A "\n");
}

static void unbinding_takes_the_mdev_from_vfio(void **state)
{
	char node[64];

	start("full");
	group_node(UUID_A, node, sizeof(node));
	t_expect(t_put(VFIO_MDEV "/unbind", UUID_A), UUID_LEN);
	t_expect(t_exists(A "/iommu_group"), false);
	t_expect(t_exists(A "/vfio-dev"), false);
	t_expect(t_exists(node), false);
	assert_true(t_kmsg_has("MDEV: detaching iommu"));
	t_expect(t_put(VFIO_MDEV "/bind", UUID_A), UUID_LEN);
	vfio_open(&user, UUID_A);
	stop();
	expect_log("open " UUID_A "\nrelease " UUID_A "\nremove " UUID_A "\n");
}

static void unbinding_waits_for_the_user(void **state)
{
	struct t_task *unbind;
	char c;

	start("full");
	vfio_open(&user, UUID_A);
	unbind = start_to_unbind(UUID_A);
	t_expect(t_task_wait_blocked(unbind), true);
	t_expect(t_pread(user.device, &c, 1, 0), 1);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(unbind), UUID_LEN);
	t_expect(t_exists(A "/driver"), false);
	vfio_close_group(&user);
}

static void removing_waits_for_the_user(void **state)
{
	struct t_task *remove;
	char c;

	start("full");
	vfio_open(&user, UUID_A);
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	t_expect(t_pread(user.device, &c, 1, 0), 1);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(remove), 1);
	expect_log("open " UUID_A "\nread " UUID_A "\nrelease " UUID_A "\nremove " UUID_A "\n");
	vfio_close_group(&user);
}

static void unregistering_the_parent_waits_for_the_user(void **state)
{
	struct t_task *rmmod;
	char c;

	load("owner=0");
	create(TYPE("full"), UUID_A);
	clear_log();
	vfio_open(&user, UUID_A);
	rmmod = t_rmmod_start("mdev_test_vfio");
	t_expect(t_task_wait_blocked(rmmod), true);
	t_expect(t_pread(user.device, &c, 1, 0), 1);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(rmmod), 0);
	expect_log("open " UUID_A "\nread " UUID_A "\nrelease " UUID_A "\nremove " UUID_A "\n");
	vfio_close_group(&user);
}

static void waiting_removal_asks_the_driver_to_end_it(void **state)
{
	struct t_task *remove;

	load(NULL);
	t_expect(t_modprobe("vfio_test_driver", NULL), 0);
	create(TYPE("custom"), UUID_A);
	clear_log();
	vfio_open(&user, UUID_A);
	expect_log("vfio_open " UUID_A "\n");
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	expect_log("vfio_open " UUID_A "\nrequest " UUID_A "\n");
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(remove), 1);
	vfio_close_group(&user);
}

static void waiting_removal_asks_the_vendor_to_end_it(void **state)
{
	struct t_task *remove;

	start("asking");
	vfio_open(&user, UUID_A);
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(remove), 1);
	expect_log("open " UUID_A "\nrequest " UUID_A " 0\nrelease " UUID_A "\nremove " UUID_A "\n");
	vfio_close_group(&user);
}

static void removal_of_an_idle_mdev_does_not_ask_the_vendor(void **state)
{
	start("asking");
	vfio_open(&user, UUID_A);
	vfio_close(&user);
	clear_log();
	discard(A);
	expect_log("remove " UUID_A "\n");
}

static void removal_of_an_idle_mdev_asks_nobody(void **state)
{
	load(NULL);
	t_expect(t_modprobe("vfio_test_driver", NULL), 0);
	create(TYPE("custom"), UUID_A);
	clear_log();
	discard(A);
	expect_log("remove " UUID_A "\n");
}

static void signal_does_not_end_the_wait_for_the_user(void **state)
{
	struct t_task *unbind;

	start("full");
	vfio_open(&user, UUID_A);
	unbind = start_to_unbind(UUID_A);
	t_expect(t_task_wait_blocked(unbind), true);
	t_task_interrupt(unbind);
	t_expect(t_task_wait_blocked(unbind), true);
	t_expect(t_close(user.device), 0);
	t_expect(t_task_join(unbind), UUID_LEN);
	assert_true(t_kmsg_has("Device is currently in use, task "));
	vfio_close_group(&user);
}

/* ---- open and release ------------------------------------------------ */

static void open_and_release_reach_the_vendor(void **state)
{
	start("full");
	vfio_open(&user, UUID_A);
	expect_log("open " UUID_A "\n");
	vfio_close(&user);
	expect_log("open " UUID_A "\nrelease " UUID_A "\n");
	vfio_open(&user, UUID_A);
	stop();
	expect_log("open " UUID_A "\nrelease " UUID_A "\nopen " UUID_A "\nrelease " UUID_A
		   "\nremove " UUID_A "\n");
}

static void open_without_op_is_einval(void **state)
{
	start("empty");
	vfio_open_group(&user, UUID_A);
	t_expect(vfio_get_device(&user, UUID_A), -EINVAL);
	expect_pins(false);
	vfio_close_group(&user);
	discard(A);
}

static void error_of_open_is_returned_with_nothing_pinned(void **state)
{
	start("full");
	vfio_open_group(&user, UUID_A);
	answer("open -71");
	t_expect(vfio_get_device(&user, UUID_A), -EPROTO);
	t_expect(vfio_get_device(&user, UUID_A), -EPROTO);
	expect_pins(false);
	expect_log("open " UUID_A "\nopen " UUID_A "\n");
	answer("open 0");
	user.device = vfio_get_device(&user, UUID_A);
	t_expect(user.device >= 0, true);
	stop();
	expect_pins(false);
}

static void open_pins_the_driver(void **state)
{
	start("full");
	expect_pins(false);
	vfio_open(&user, UUID_A);
	expect_pins(true);
	t_expect(t_rmmod(server()), -EWOULDBLOCK);
	vfio_close(&user);
	expect_pins(false);
	t_expect(t_rmmod(server()), 0);
}

static void open_pins_the_vendor(void **state)
{
	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_refcnt("mdev_test_vfio") > 0, true);
	t_expect(t_rmmod("mdev_test_vfio"), -EWOULDBLOCK);
	vfio_close(&user);
	t_expect(t_refcnt("mdev_test_vfio"), 0);
	t_expect(t_rmmod("mdev_test_vfio"), 0);
}

static void owner_may_be_left_out(void **state)
{
	char c;

	load("owner=0");
	create(TYPE("full"), UUID_A);
	vfio_open(&user, UUID_A);
	t_expect(t_refcnt("mdev_test_vfio"), 0);
	t_expect(t_refcnt("vfio_mdev") > 0, true);
	t_expect(t_pread(user.device, &c, 1, 0), 1);
	stop();
}

/* Unloading the driver waits for the device's lock; nobody gets in meanwhile. */
static void open_while_the_driver_goes_is_enodev(void **state)
{
	struct t_task *locker, *rmmod;

	start("full");
	vfio_open_group(&user, UUID_A);
	hold("lock");
	locker = t_put_start(A "/vendor/lock", "1");
	expect_held(locker, "lock");
	rmmod = t_rmmod_start("vfio_mdev");
	t_expect(t_task_wait_blocked(rmmod), true);
	t_expect(vfio_get_device(&user, UUID_A), -ENODEV);
	release("lock");
	t_expect(t_task_join(locker), 1);
	t_expect(t_task_join(rmmod), 0);
	expect_log("");
	vfio_close_group(&user);
}

/* Of two mdevs one is being removed, and the other still there. */
static void open_while_the_vendor_goes_is_enodev(void **state)
{
	struct t_task *rmmod;
	const char *left;
	char log[128];

	start("full");
	create(TYPE("full"), UUID_B);
	clear_log();
	hold("remove");
	rmmod = t_rmmod_start("mdev_test_vfio");
	expect_held(rmmod, "remove");
	t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
	left = strstr(log, UUID_A) ? UUID_B : UUID_A;
	vfio_open_group(&user, left);
	t_expect(vfio_get_device(&user, left), -ENODEV);
	/* none; less where the server is the vendor, which is going */
	t_expect(t_refcnt(server()) <= 0, true);
	vfio_close_group(&user);
	release("remove");
	t_expect(t_task_join(rmmod), 0);
}

static void release_without_op_gives_the_pins_back(void **state)
{
	start("open_only");
	vfio_open(&user, UUID_A);
	expect_pins(true);
	vfio_close(&user);
	expect_pins(false);
	expect_log("open " UUID_A "\n");
	discard(A);
}

static void second_file_of_a_device_keeps_it_open(void **state)
{
	int second;
	char c;

	start("full");
	vfio_open(&user, UUID_A);
	second = vfio_get_device(&user, UUID_A);
	t_expect(second >= 0, true);
	t_expect(t_close(user.device), 0);
	expect_pins(true);
	t_expect(t_pread(second, &c, 1, 0), 1);
	user.device = second;
	stop();
	expect_pins(false);
}

/* ---- ioctl, read, write, mmap ---------------------------------------- */

static void calls_without_op_are_einval(void **state)
{
	char c = 0;
	int err;

	start("open_only");
	vfio_open(&user, UUID_A);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_GET_INFO, 0), -EINVAL);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), -EINVAL);
	t_expect(t_pread(user.device, &c, 1, 0), -EINVAL);
	t_expect(t_pwrite(user.device, &c, 1, 0), -EINVAL);
	assert_null(t_mmap(4096, PROT_READ, MAP_SHARED, user.device, 0, &err));
	t_expect(err, -EINVAL);
	expect_log("open " UUID_A "\n");
	stop();
}

static void read_is_passed_through(void **state)
{
	char buf[8];

	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_pread(user.device, buf, 5, position(7)), 5);
	assert_memory_equal(buf, "fffff", 5);
	t_expect_text(A "/vendor/last", "read 5@0x70000000010\n");
	t_expect(t_pread(user.device, buf, 0, position(0)), 0);
	t_expect_text(A "/vendor/last", "read 0@0x10\n");
	answer("read 3");
	t_expect(t_pread(user.device, buf, 5, 0), 3);
	answer("read -71");
	t_expect(t_pread(user.device, buf, 5, 0), -EPROTO);
	stop();
}

static void write_is_passed_through(void **state)
{
	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_pwrite(user.device, "words", 5, position(3)), 5);
	t_expect_text(A "/vendor/last", "write 5@0x30000000010 words\n");
	answer("write 2");
	t_expect(t_pwrite(user.device, "words", 5, 0), 2);
	answer("write -71");
	t_expect(t_pwrite(user.device, "words", 5, 0), -EPROTO);
	stop();
}

static void users_pointer_is_passed_through(void **state)
{
	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_pread_raw(user.device, T_BAD_ADDR, 4, 0), -EFAULT);
	t_expect(t_pwrite_raw(user.device, T_BAD_ADDR, 4, 0), -EFAULT);
	stop();
}

static void position_moves_as_the_op_says(void **state)
{
	char buf[8];

	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_read(user.device, buf, 3), 3);
	t_expect(t_read(user.device, buf, 2), 2);
	t_expect_text(A "/vendor/last", "read 2@0x3\n");
	t_expect(t_write(user.device, "x", 1), 1);
	t_expect_text(A "/vendor/last", "write 1@0x5 x\n");
	stop();
}

static void ioctl_is_passed_through(void **state)
{
	start("full");
	vfio_open(&user, UUID_A);
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_RESET, 0), 0);
	t_expect(t_ioctl_raw(user.device, 0x12345678, 0xcafedeadbeef), 0);
	t_expect_text(A "/vendor/last", "ioctl 0x12345678 0xcafedeadbeef\n");
	answer("ioctl 7");
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_GET_INFO, T_BAD_ADDR), 7);
	answer("ioctl -25");
	t_expect(t_ioctl_raw(user.device, VFIO_DEVICE_GET_INFO, 0), -ENOTTY);
	stop();
}

static void mmap_is_passed_through(void **state)
{
	void *p;
	int err;

	start("full");
	vfio_open(&user, UUID_A);
	p = t_mmap(8192, PROT_READ, MAP_SHARED, user.device, 1LL << 40 | 4096, &err);
	t_expect(err, 0);
	t_expect_text(A "/vendor/last", "mmap 8192@0x10000001000\n");
	t_expect(t_munmap(p, 8192), 0);
	answer("mmap -71");
	assert_null(t_mmap(4096, PROT_READ, MAP_SHARED, user.device, 0, &err));
	t_expect(err, -EPROTO);
	stop();
}

static void ops_are_those_of_each_mdev(void **state)
{
	struct vfio_user other;
	char c;

	start("full");
	create(TYPE("other"), UUID_B);
	vfio_open(&user, UUID_A);
	vfio_open(&other, UUID_B);
	t_expect(t_pread(user.device, &c, 1, 0), 1);
	t_expect(c, 'f');
	t_expect(t_pread(other.device, &c, 1, 0), 1);
	t_expect(c, 'o');
	vfio_close(&other);
	discard(B);
	stop();
}

static long close_main(void *fd)
{
	return t_close(*(int *)fd);
}

static void call_that_runs_ends_before_the_mdev_is_removed(void **state)
{
	struct t_task *closer, *remove;

	start("full");
	vfio_open(&user, UUID_A);
	hold("release");
	remove = t_put_start(A "/remove", "1");
	t_expect(t_task_wait_blocked(remove), true);
	closer = t_task_start("close", close_main, &user.device);
	expect_held(closer, "release");
	t_expect(t_task_wait_blocked(remove), true);
	expect_log("open " UUID_A "\nrelease " UUID_A "\n");
	release("release");
	t_expect(t_task_join(closer), 0);
	t_expect(t_task_join(remove), 1);
	expect_log("open " UUID_A "\nrelease " UUID_A "\nremove " UUID_A "\n");
	vfio_close_group(&user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(probe_gives_the_mdev_to_vfio),
		T_TEST(each_mdev_has_a_group_of_its_own),
		T_NEEDS("class_ids", driver_is_found_by_the_class),
		T_NEEDS("vfio_mdev", driver_that_comes_late_serves_what_is_there),
		T_BETTER_NEEDS("class_ids", class_without_ops_is_refused_in_probe),
		T_NEEDS("vfio_mdev", unbinding_takes_the_mdev_from_vfio),
		T_TEST(unbinding_waits_for_the_user),
		T_TEST(removing_waits_for_the_user),
		T_TEST(unregistering_the_parent_waits_for_the_user),
		T_NEEDS("class_ids", waiting_removal_asks_the_driver_to_end_it),
		T_NEEDS("vfio_request", waiting_removal_asks_the_vendor_to_end_it),
		T_NEEDS("vfio_request", removal_of_an_idle_mdev_does_not_ask_the_vendor),
		T_NEEDS("class_ids", removal_of_an_idle_mdev_asks_nobody),
		T_TEST(signal_does_not_end_the_wait_for_the_user),
		T_TEST(open_and_release_reach_the_vendor),
		T_NEEDS("vfio_mdev", open_without_op_is_einval),
		T_TEST(error_of_open_is_returned_with_nothing_pinned),
		T_TEST(open_pins_the_driver),
		T_BETTER(open_pins_the_vendor),
		T_NEEDS("vfio_mdev", owner_may_be_left_out),
		T_NEEDS("vfio_mdev", open_while_the_driver_goes_is_enodev),
		T_BETTER(open_while_the_vendor_goes_is_enodev),
		T_NEEDS("vfio_mdev", release_without_op_gives_the_pins_back),
		T_TEST(second_file_of_a_device_keeps_it_open),
		T_NEEDS("vfio_mdev", calls_without_op_are_einval),
		T_TEST(read_is_passed_through),
		T_TEST(write_is_passed_through),
		T_TEST(users_pointer_is_passed_through),
		T_TEST(position_moves_as_the_op_says),
		T_TEST(ioctl_is_passed_through),
		T_TEST(mmap_is_passed_through),
		T_NEEDS("device_ops", ops_are_those_of_each_mdev),
		T_TEST(call_that_runs_ends_before_the_mdev_is_removed),
	};

	return t_run("vfio_mdev", tests);
}
