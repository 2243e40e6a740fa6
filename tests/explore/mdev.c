// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done to mdevs at once: made, removed, read, bound, unbound,
 * opened, and the modules below them unloaded.
 *
 * A scenario starts with an mdev that is bound; where one operation makes it,
 * without; where one binds it, unbound; where one closes it, with it open.
 * Afterwards the list of the bus and sysfs agree, everything can be removed, and
 * nothing is left. Where a module may be unloaded, all of them can be, then.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <umdev/umdev.h>

#include "../unit/points.h"
#include "../unit/vfio_open.h"
#include "explore.h"

#define UUID		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define OTHER_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define UUID_LEN	36
#define VENDOR		"mdev_test_static"
#define BUS		"/sys/bus/mdev"
#define DRIVER		BUS "/drivers/vfio_mdev"
#define MDEV		BUS "/devices/" UUID
#define CREATE		"/sys/devices/mdev_static/mdev_supported_types/-1/create"

enum {
	MAKES = 1, CLOSES = 2, BINDS = 4, UNLOADS = 8,
};

/* The one who has the mdev open before. */
static struct vfio_user owner = { .container = -1, .group = -1, .device = -1 };
static char node[64];

/* ---- operations ------------------------------------------------------------------ */

static long create(void *arg)
{
	return put(CREATE, UUID);
}

static long create_other(void *arg)
{
	return put(CREATE, OTHER_UUID);
}

static long remove_it(void *arg)
{
	return put(MDEV "/remove", "1");
}

static long read_it(void *arg)
{
	void *memory = um_user_alloc(64);
	int fd = um_open(MDEV "/vendor/data", O_RDONLY);
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
	return um_rmmod(VENDOR);
}

static long unload_driver(void *arg)
{
	return um_rmmod("vfio_mdev");
}

/* The vendor first, as one who knows the order does it; whatever is refused stays. */
static long unload_all(void *arg)
{
	long a = um_rmmod(VENDOR), b = um_rmmod("vfio_mdev"), c = um_rmmod("mdev");

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

/* ---- before and after ---------------------------------------------------------------- */

static int load(void)
{
	if (!exists("/sys/module/vfio_mdev") && um_modprobe("vfio_mdev", NULL))
		return -EIO;
	return !exists("/sys/module/" VENDOR) && um_insmod(VENDOR, NULL) ? -EIO : 0;
}


/* What the driver needs of VFIO stays. */
static int boot(void)
{
	int err = load();

	unload_all(NULL);
	um_audit_mark();
	return err;
}

static long set_up(unsigned int needs)
{
	if (load())
		return -EIO;
	if (needs & MAKES)
		return 0;
	if (create(NULL) != UUID_LEN)
		return -EIO;
	vfio_node(MDEV, node, sizeof(node));
	if (needs & CLOSES)
		return vfio_open(&owner, node, UUID);
	return needs & BINDS && unbind(NULL) != UUID_LEN;
}

/* Of each that the bus lists there is a device, which can be removed. */
static int remove_listed(const char *name, void *arg)
{
	char path[256];
	struct um_stat st;
	long ret;

	snprintf(path, sizeof(path), BUS "/devices/%s", name);
	if (um_stat(path, &st, true)) {
		fprintf(stderr, "%s leads nowhere\n", path);
		*(long *)arg = 1;
		return 0;
	}
	snprintf(path, sizeof(path), BUS "/devices/%s/remove", name);
	ret = put(path, "1");
	if (ret == 1)
		return 0;
	fprintf(stderr, "%s gives %s\n", path, ret < 0 ? strerrorname_np(-ret) : "nothing");
	*(long *)arg = 1;
	return 0;
}

static long unloads(void)
{
	unload_all(NULL);
	if (!exists("/sys/module/mdev"))
		return um_audit(NULL, NULL);
	fputs("mdev cannot be unloaded\n", stderr);
	return 1;
}

static long put_back(unsigned int needs)
{
	static bool loaded_once;
	long wrong = 0;

	vfio_close(&owner);
	if (exists(BUS))
		um_readdir(BUS "/devices", remove_listed, &wrong);
	if (wrong)
		return wrong;
	if (needs & UNLOADS)
		return unloads();
	/* the modules stay; what they are now is no schedule's */
	if (!loaded_once) {
		loaded_once = true;
		um_audit_mark();
	}
	return um_audit(NULL, NULL);
}

int main(int argc, char **argv)
{
	static const struct subject mdev = {
		.name = "mdev", .operations = operations,
		.n = sizeof(operations) / sizeof(operations[0]),
		/* what is open is closed once */
		.once = CLOSES, .boot = boot, .set_up = set_up, .put_back = put_back,
	};

	return explore_main(&mdev, argc, argv);
}
