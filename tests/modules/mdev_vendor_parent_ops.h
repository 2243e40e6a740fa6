/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parent drivers of the tests on a framework without classes: any driver on the
 * bus serves any mdev, so that there is nothing to say.
 */
#ifndef MDEV_VENDOR_PARENT_OPS_H
#define MDEV_VENDOR_PARENT_OPS_H

#include <linux/mdev.h>

static inline void mdev_set_class(struct mdev_device *mdev, u16 id)
{
}

#endif
