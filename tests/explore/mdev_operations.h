/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be done to an mdev and the modules below it, with what each may
 * return whatever is done meanwhile; for who does some of it at once (mdev.c). Included once in a program.
 */
#ifndef UMDEV_TESTS_EXPLORE_MDEV_OPERATIONS_H
#define UMDEV_TESTS_EXPLORE_MDEV_OPERATIONS_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <umdev/umdev.h>

#include "../../shim/tools/umdev_scenarios.h"
#include "../unit/points.h"
#include "../unit/vfio_open.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define OTHER_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define UUID_LEN	36
#define BUS		"/sys/bus/mdev"
#define DRIVER		BUS "/drivers/vfio_mdev"
#define MDEV		BUS "/devices/" UUID

/* What a start must be for an operation: without the mdev, with it open or unbound; or free to unload. */
enum {
	MAKES = 1, CLOSES = 2, BINDS = 4, UNLOADS = 8,
};

/* Whose mdevs they are. */
struct vendor {
	const char *module;
	const char *create;
	const char *read;	/* an attribute of an mdev that the vendor serves */
};

static const struct vendor mtty = {
	.module = "mtty",
	.create = "/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1/create",
	.read = MDEV "/vendor/sample_mdev_dev",
}, static_vendor = {
	.module = "mdev_test_static",
	.create = "/sys/devices/mdev_static/mdev_supported_types/-1/create",
	.read = MDEV "/vendor/data",
};

static const struct vendor *vendor;

/* The one who has the mdev open before. */
static struct vfio_user owner = { .container = -1, .group = -1, .device = -1 };
static char node[64];

/* ---- the operations --------------------------------------------------------------- */

static long create(void *arg)
{
	return put(vendor->create, UUID);
}

static long create_other(void *arg)
{
	return put(vendor->create, OTHER_UUID);
}

static long remove_it(void *arg)
{
	return put(MDEV "/remove", "1");
}

static long read_it(void *arg)
{
	void *memory = um_user_alloc(64);
	int fd = um_open(vendor->read, O_RDONLY);
	long ret = fd;

	if (fd >= 0) {
		ret = um_read(fd, memory, 64);
		um_close(fd);
	}
	um_user_free(memory);
	return ret < 0 ? ret : 0;
}

static long bind(void *arg)
{
	return put(DRIVER "/bind", UUID);
}

static long unbind(void *arg)
{
	return put(DRIVER "/unbind", UUID);
}

static long drivers_probe(void *arg)
{
	return put(BUS "/drivers_probe", UUID);
}

static long open_it(void *arg)
{
	struct vfio_user u;
	long ret = vfio_open(&u, node, UUID);

	vfio_close(&u);
	return ret;
}

static long close_it(void *arg)
{
	vfio_close(&owner);
	return 0;
}

static long unload_vendor(void *arg)
{
	return um_rmmod(vendor->module);
}

static long unload_driver(void *arg)
{
	return um_rmmod("vfio_mdev");
}

/* The vendor first, as one who knows the order does it; whatever is refused stays. */
static long unload_all(void *arg)
{
	long a = um_rmmod(vendor->module), b = um_rmmod("vfio_mdev"), c = um_rmmod("mdev");

	return a ? a : b ? b : c;
}

static const struct operation operations[] = {
	{ "create", create, UUID_LEN, { -EEXIST, -ENODEV, -ENOENT }, MAKES },
	{ "create_other", create_other, UUID_LEN, { -EEXIST, -ENODEV, -ENOENT } },
	{ "remove", remove_it, 1, { -EAGAIN, -ENODEV, -ENOENT } },
	{ "read", read_it, 0, { -ENODEV, -ENOENT } },
	/* -EAGAIN: the device is not whole yet, a deferral of the driver core's */
	{ "bind", bind, UUID_LEN, { -EAGAIN, -EBUSY, -ENODEV, -ENOENT }, BINDS },
	{ "unbind", unbind, UUID_LEN, { -ENODEV, -ENOENT } },
	{ "drivers_probe", drivers_probe, UUID_LEN, { -ENODEV, -ENOENT, -EINVAL }, BINDS },
	{ "open", open_it, 0, { -ENODEV, -ENOENT, -ENXIO, -EBUSY } },
	{ "close", close_it, 0, { }, CLOSES },
	{ "unload_vendor", unload_vendor, 0, { -EWOULDBLOCK, -ENOENT, -EBUSY }, UNLOADS },
	{ "unload_driver", unload_driver, 0, { -EWOULDBLOCK, -ENOENT, -EBUSY }, UNLOADS },
	{ "unload_all", unload_all, 0, { -EWOULDBLOCK, -ENOENT, -EBUSY }, UNLOADS },
};

#define N_OPERATIONS (sizeof(operations) / sizeof(operations[0]))

#endif
