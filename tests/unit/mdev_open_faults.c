// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each failure while an mdev of class VFIO is opened: the user gets the error of
 * just that, and both modules are as free to be unloaded as before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "points.h"
#include "vfio_open.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_LEN	36
#define CREATE		"/sys/devices/mdev_static/mdev_supported_types/-1/create"
#define MDEV		"/sys/bus/mdev/devices/" UUID

static struct vfio_user user;

/* Of the leaves that fail otherwise than for want of memory. */
static long own_error(const char *site)
{
	if (!strncmp(site, "try_module_get ", 15))
		return -ENODEV;
	if (!strncmp(site, "get_unused_fd_flags ", 20))
		return -EMFILE;
	if (!strncmp(site, "strnlen_user ", 13) || !strncmp(site, "copy_from_user ", 15))
		return -EFAULT;
	return -ENOMEM;
}

static long references(const char *module)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	return get_number(path);
}

static void each_failure_is_the_users(void **state)
{
	long ret, vendor = references("mdev_test_static"), driver = references("vfio_mdev");
	unsigned int n, modules = 0;
	const char *site = "";

	for (n = 1; site; n++) {
		um_fail_nth(n);
		ret = vfio_open_device(&user, UUID);
		site = um_fault_fired();
		um_fail_nth(0);
		if (!ret)
			um_close(user.device);
		else if (!site || ret != own_error(site))
			fail_msg("opening gives %ld: %s", ret, site ?: "no fault");
		modules += ret == -ENODEV && strstr(site, " in vfio_mdev_open");
		assert_int_equal(references("mdev_test_static"), vendor);
		assert_int_equal(references("vfio_mdev"), driver);
	}
	/* its own and the vendor's */
	assert_int_equal(modules, 2);
}

static int setup(void **state)
{
	char node[64];

	um_check_splats();
	if (um_modprobe("vfio_mdev", NULL) || um_insmod("mdev_test_static", NULL) ||
	    put(CREATE, UUID) != UUID_LEN)
		return -EIO;
	vfio_node(MDEV, node, sizeof(node));
	return vfio_open_group(&user, node);
}

static int teardown(void **state)
{
	user.device = -1;
	vfio_close(&user);
	return points_teardown(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_failure_is_the_users, setup, teardown),
	};

	return run_points("mdev_open_faults", tests);
}
