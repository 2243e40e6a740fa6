/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adds to the kernel's device tables the one of the mdev bus, for kernels
 * whose own header does not have it.
 */
#include_next <linux/mod_devicetable.h>

#ifndef COMPAT_LINUX_MOD_DEVICETABLE_H
#define COMPAT_LINUX_MOD_DEVICETABLE_H

struct mdev_class_id {
	__u16 id;
};

#endif
