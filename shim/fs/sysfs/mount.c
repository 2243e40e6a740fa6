// SPDX-License-Identifier: GPL-2.0-only
/* The root of sysfs, mounted on /sys at boot and for ever. */
#include <linux/errno.h>
#include <linux/init.h>

#include "fs/sysfs/sysfs.h"

struct kernfs_node *sysfs_root_kn;

/* A second boot of the same process finds the tree in place. */
static int sysfs_init(void)
{
	if (sysfs_root_kn)
		return 0;
	sysfs_root_kn = kernfs_new_root();
	if (!sysfs_root_kn)
		return -ENOMEM;
	return kernfs_mount("/sys", sysfs_root_kn);
}
pure_initcall(sysfs_init);
