/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adds to the kernel's device tables the one of the mdev bus, for kernels
 * whose own header does not have it.
 */
#ifndef COMPAT_LINUX_MOD_DEVICETABLE_H
#define COMPAT_LINUX_MOD_DEVICETABLE_H

#include_next <linux/mod_devicetable.h>

struct mdev_class_id {
	__u16 id;
};

#endif
