// SPDX-License-Identifier: GPL-2.0-only
/* Keeps every self-removal of a sysfs file at its beginning; see mdev_remove.c. */
#include <linux/rwsem.h>

#include "fs/kernfs/kernfs-internal.h"
#include "mdev_remove.h"

void k_hold_sysfs(void)
{
	down_write(&kernfs_rwsem);
}

void k_release_sysfs(void)
{
	up_write(&kernfs_rwsem);
}
