// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo: the whole life of mediated devices, as somebody at a shell
 * would try it, on the unmodified mdev core and the mtty sample driver.
 *
 * Every step says what it expects; a step that goes otherwise is marked, and
 * the exit status is not 0.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "umdev.h"
#include "umdev/umdev.h"

#define UUID_A "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_B "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define PARENT "/sys/class/mdev_bus/mtty"
#define TYPES PARENT "/mdev_supported_types"
#define MDEVS "/sys/bus/mdev/devices"

static void load(struct session *s)
{
	say(s, "A parent driver that needs no hardware: a serial card. The core comes with it.");
	sh_modprobe(s, "mtty", 0);
	sh_ls(s, "/sys/module/mdev/holders");
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "The parent is registered; these are the types it can make.");
	sh_readlink(s, PARENT);
	sh_ls(s, TYPES);
	sh_cat(s, TYPES "/mtty-2/name", 0);
	sh_cat(s, TYPES "/mtty-2/device_api", 0);
	sh_cat(s, TYPES "/mtty-2/available_instances", 0);
}

static void create(struct session *s)
{
	say(s, "A UUID written to 'create' makes a mediated device.");
	sh_echo(s, UUID_A, TYPES "/mtty-2/create", 0);
	sh_echo(s, UUID_B, TYPES "/mtty-1/create", 0);
	sh_ls(s, MDEVS);
	sh_tree(s, MDEVS "/" UUID_A);
	sh_udevadm(s);
	sh_dmesg(s);
	say(s, "Three of the 24 ports are in use now.");
	sh_cat(s, TYPES "/mtty-1/available_instances", 0);
}

static void mistakes(struct session *s)
{
	say(s, "What people get wrong, and what they get.");
	sh_echo(s, "83b8f4f2", TYPES "/mtty-2/create", EINVAL);
	sh_echo(s, "83b8f4f2-509f-382f-3c1e-e6bfe0fa10zz", TYPES "/mtty-2/create", EINVAL);
	sh_echo(s, UUID_A, TYPES "/mtty-1/create", EEXIST);
	sh_echo(s, "x", MDEVS "/" UUID_A "/remove", EINVAL);
	sh_echo(s, "0", MDEVS "/" UUID_A "/remove", 0);
	sh_ls(s, MDEVS);
	sh_insmod(s, "mdev", EEXIST);
	sh_rmmod(s, "mdev", EWOULDBLOCK);
	sh_modprobe(s, "mtty2", ENOENT);
}

static void unload(struct session *s)
{
	say(s, "One device is removed by its own file, the other goes with its driver.");
	sh_echo(s, "1", MDEVS "/" UUID_A "/remove", 0);
	sh_ls(s, MDEVS);
	sh_rmmod(s, "mtty", 0);
	sh_ls(s, MDEVS);
	sh_dmesg(s);
	sh_udevadm(s);
}

static void unload_rest(struct session *s)
{
	int left;

	sh_rmmod(s, "vfio_mdev", 0);
	sh_rmmod(s, "vfio_compat", 0);
	sh_rmmod(s, "mdev", 0);
	sh_ls(s, "/sys/module");
	say(s, "What is still alive? The audit looks at every object and every reference.");
	left = um_audit(NULL, NULL);
	step(s, "umdev audit", left ? -EBUSY : 0, 0, "%d objects left", left);
}

int demo_main(int argc, char **argv)
{
	bool json = false;
	struct session *s;
	int i, err, surprises;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json")) {
			json = true;
		} else {
			bool help = !strcmp(argv[i], "--help");

			fprintf(help ? stdout : stderr, "usage: umdev demo [--json]\n");
			return help ? 0 : 2;
		}
	}
	err = um_boot(getenv("UMDEV_MODULE_DIR") ? NULL : UMDEV_MODULE_DIR);
	if (err) {
		fprintf(stderr, "umdev: the modelled kernel does not boot: %s\n", strerror(-err));
		return 2;
	}
	s = session_new(json);
	load(s);
	create(s);
	mistakes(s);
	unload(s);
	unload_rest(s);
	surprises = session_end(s);
	surprises += um_shutdown();
	if (!json)
		printf("\n%s\n", surprises ? "umdev: NOT everything went as said" :
		       "Everything went as said, and nothing is left.");
	return surprises != 0;
}
