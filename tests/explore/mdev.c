// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be done to mdevs at once: made, removed, read, bound, unbound,
 * opened, and the modules below them unloaded.
 *
 * A scenario starts with an mdev that is bound; where one operation makes it,
 * without; where one binds it, unbound; where one closes it, with it open.
 * Afterwards the list of the bus and sysfs agree, everything can be removed, and
 * nothing is left. Where a module may be unloaded, and once for each end that
 * schedules come to, all of them can be, then.
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

#include "mdev_operations.h"
#include "../../shim/tools/umdev_scenarios.h"

/* ---- before and after ---------------------------------------------------------------- */

static int load(void)
{
	if (!exists("/sys/module/vfio_mdev") && um_modprobe("vfio_mdev", NULL))
		return -EIO;
	return !exists("/sys/module/mdev_test_static") && um_insmod(vendor->module, NULL) ? -EIO : 0;
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

static bool loaded_once;

static long unloads(void)
{
	unload_all(NULL);
	loaded_once = false;
	if (!exists("/sys/module/mdev"))
		return um_audit(NULL, NULL);
	fputs("mdev cannot be unloaded\n", stderr);
	return 1;
}

static long put_back(unsigned int needs)
{
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
		.n = N_OPERATIONS,
		/* what is open is closed once */
		.once = CLOSES, .unloads = UNLOADS, .boot = boot, .set_up = set_up, .put_back = put_back,
	};

	vendor = &static_vendor;
	scenarios_begin(argv);
	return scenarios_main(&mdev, argc, argv);
}
