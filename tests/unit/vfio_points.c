// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening the VFIO file of an mdev while the mdev goes: removed, its parent
 * unregistered, its driver unbound or unloaded. In every order that one
 * preemption of either task can make (um_interleave()), the user gets the
 * file, and what takes the device away waits for its close or is refused; or
 * the user gets the error of something that has gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "points.h"

#define CLASS		"/sys/devices/virtual/mdev_test"
#define LOG		CLASS "/control/log"
#define PARENT		CLASS "/vfio_vendor"
#define CREATE		PARENT "/mdev_supported_types/mdev_test-full/create"
#define DRIVER		"/sys/bus/mdev/drivers/vfio_mdev"
#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define MDEV		PARENT "/" UUID

/* ---- a user -------------------------------------------------------------------- */

/* What the user wants, one after the other; where it ended. */
enum stage { GROUP, SET_CONTAINER, SET_IOMMU, GET_DEVICE, READ, DONE };

static struct {
	void *memory;		/* of the user */
	char node[64];		/* /dev/vfio/<n> of the mdev */
	bool owned;		/* the parent's driver is named as its owner */
	enum stage stage;
} user;

static long set_container(int group, int container)
{
	*(int *)um_user_ptr(user.memory) = container;
	return um_ioctl(group, VFIO_GROUP_SET_CONTAINER, (unsigned long)user.memory);
}

static long get_device(int group)
{
	strcpy(um_user_ptr(user.memory), UUID);
	return um_ioctl(group, VFIO_GROUP_GET_DEVICE_FD, (unsigned long)user.memory);
}

static long read_device(int device)
{
	char *bytes = um_user_ptr(user.memory);
	long ret;

	memset(bytes, 0, 4);
	ret = um_read(device, user.memory, 4);
	return ret == 4 && memcmp(bytes, "ffff", 4) ? -EILSEQ : ret;
}

static long use_group(int group, int container)
{
	long ret, device;

	user.stage = SET_CONTAINER;
	ret = set_container(group, container);
	if (ret)
		return ret;
	user.stage = SET_IOMMU;
	ret = um_ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU);
	if (ret)
		return ret;
	user.stage = GET_DEVICE;
	device = get_device(group);
	if (device < 0)
		return device;
	user.stage = READ;
	ret = read_device(device);
	um_close(device);
	if (ret != 4)
		return ret;
	user.stage = DONE;
	return 0;
}

static long open_it(void *arg)
{
	int container = um_open("/dev/vfio/vfio", O_RDWR), group;
	long ret;

	user.stage = GROUP;
	group = um_open(user.node, O_RDWR);
	ret = group;
	if (group >= 0) {
		ret = use_group(group, container);
		um_close(group);
	}
	um_close(container);
	return ret;
}

/* The device may have gone before any step but the last, which nothing can take away. */
static bool is_right_error(long ret)
{
	switch (user.stage) {
	case GROUP:
		return ret == -ENOENT || ret == -ENXIO || ret == -ENODEV;
	case SET_CONTAINER:
	case GET_DEVICE:
		return ret == -ENODEV;
	case SET_IOMMU:	/* of a container that has lost its group */
		return ret == -EINVAL;
	case DONE:
		return ret == 0;
	default:
		return false;
	}
}

/* ---- what the others do -------------------------------------------------------- */

static long remove_it(void *arg)
{
	return put(MDEV "/remove", "1");
}

static long unbind(void *arg)
{
	return put(DRIVER "/unbind", UUID);
}

static long unload_driver(void *arg)
{
	return um_rmmod("vfio_mdev");
}

static long unload_vendor(void *arg)
{
	return um_rmmod("mdev_test_vfio");
}

/* ---- before and after a schedule ------------------------------------------------- */

static long find_node(void)
{
	char link[512], *last;
	ssize_t len = um_readlink(MDEV "/iommu_group", link, sizeof(link) - 1);

	if (len < 0)
		return len;
	link[len] = '\0';
	last = strrchr(link, '/');
	snprintf(user.node, sizeof(user.node), "/dev/vfio/%.32s", last + 1);
	return 0;
}

static long set_up(void *arg)
{
	/* what the last schedule has unloaded */
	if (!exists("/sys/module/vfio_mdev") && um_modprobe("vfio_mdev", NULL))
		return -EIO;
	if (!exists(PARENT) && um_insmod("mdev_test_vfio", user.owned ? "owner=1" : "owner=0"))
		return -EIO;
	um_audit_mark();
	if (put(CREATE, UUID) != UUID_LEN || put(LOG, "-") != 1)
		return -EIO;
	return find_node();
}

/* The operations that were called since the mdev was made. */
static const char *calls(void)
{
	static char log[512];
	int fd = um_open(LOG, O_RDONLY);
	long len = um_read(fd, user.memory, sizeof(log) - 1);

	um_close(fd);
	assert_true(len >= 0);
	memcpy(log, um_user_ptr(user.memory), len);
	log[len] = '\0';
	return log;
}

/* All operations in their order, and after them nothing of it is left. */
static long ended_well(long opened, long other)
{
	const char *want = opened ? "remove " UUID "\n" :
		"open " UUID "\nread " UUID "\nrelease " UUID "\nremove " UUID "\n";

	if (!is_right_error(opened))
		return wrong("open", opened, other);
	if (exists(MDEV) && remove_it(NULL) != 1)
		return wrong("the mdev cannot be removed", opened, other);
	if (strcmp(calls(), want))
		return wrong(calls(), opened, other);
	if (exists(PARENT) && um_audit(NULL, NULL))
		return wrong("something is left", opened, other);
	return 0;
}

static long opened_or_removed(void *arg, long opened, long removed)
{
	if (removed != 1 || exists(MDEV))
		return wrong("remove", opened, removed);
	return ended_well(opened, removed);
}

static long opened_or_unbound(void *arg, long opened, long unbound)
{
	if (unbound != UUID_LEN || exists(MDEV "/driver"))
		return wrong("unbind", opened, unbound);
	return ended_well(opened, unbound);
}

/* Who has it open pins the driver: unloading is refused, and works afterwards. */
static long opened_or_unloaded(void *arg, long opened, long unloaded)
{
	if (unloaded && unloaded != -EWOULDBLOCK)
		return wrong("unload", opened, unloaded);
	if (exists("/sys/module/vfio_mdev") == !unloaded)
		return wrong("unloaded, and there", opened, unloaded);
	return ended_well(opened, unloaded) || (unloaded && unload_driver(NULL));
}

static long opened_or_vendor_unloaded(void *arg, long opened, long unloaded)
{
	if (unloaded && (unloaded != -EWOULDBLOCK || !user.owned))
		return wrong("unload", opened, unloaded);
	if (exists(PARENT) == !unloaded)
		return wrong("unloaded, and there", opened, unloaded);
	return ended_well(opened, unloaded) || (unloaded && unload_vendor(NULL));
}

/* ---- the pairs ------------------------------------------------------------------- */

struct pair {
	long (*other)(void *arg);
	long (*check)(void *arg, long opened, long other);
};

static long the_other(void *arg)
{
	return ((const struct pair *)arg)->other(NULL);
}

static long opened_first(void *arg, long opened, long other)
{
	return ((const struct pair *)arg)->check(NULL, opened, other);
}

static long opened_second(void *arg, long other, long opened)
{
	return ((const struct pair *)arg)->check(NULL, opened, other);
}

/* Either is held, while the other runs. */
static void meet(struct pair *pair)
{
	const struct um_interleaving open_first = {
		.name = "open, the other meanwhile", .setup = set_up, .first = open_it,
		.second = the_other, .check = opened_first, .arg = pair,
	}, other_first = {
		.name = "the other, open meanwhile", .setup = set_up, .first = the_other,
		.second = open_it, .check = opened_second, .arg = pair,
	};

	all_orders_are_right(&open_first);
	all_orders_are_right(&other_first);
}

static void mdev_is_removed_while_it_is_opened(void **state)
{
	meet(&(struct pair){ remove_it, opened_or_removed });
}

static void driver_is_unbound_while_the_mdev_is_opened(void **state)
{
	meet(&(struct pair){ unbind, opened_or_unbound });
}

static void driver_is_unloaded_while_the_mdev_is_opened(void **state)
{
	meet(&(struct pair){ unload_driver, opened_or_unloaded });
}

static void parent_is_unregistered_while_the_mdev_is_opened(void **state)
{
	user.owned = false;
	meet(&(struct pair){ unload_vendor, opened_or_vendor_unloaded });
}

static void pinned_parent_is_unregistered_while_the_mdev_is_opened(void **state)
{
	meet(&(struct pair){ unload_vendor, opened_or_vendor_unloaded });
}

/* ---------------------------------------------------------------------------------- */

static int setup(void **state)
{
	user.owned = true;
	user.memory = um_user_alloc(512);
	um_audit_mark();
	return um_modprobe("mdev_test_control", NULL);
}

static int teardown(void **state)
{
	um_user_free(user.memory);
	return points_teardown(state);
}

int main(int argc, char **argv)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(mdev_is_removed_while_it_is_opened),
		TEST(driver_is_unbound_while_the_mdev_is_opened),
		TEST(driver_is_unloaded_while_the_mdev_is_opened),
		TEST(parent_is_unregistered_while_the_mdev_is_opened),
		TEST(pinned_parent_is_unregistered_while_the_mdev_is_opened),
	};

	on_fibers(argv);
	return run_points("vfio_points", tests);
}
