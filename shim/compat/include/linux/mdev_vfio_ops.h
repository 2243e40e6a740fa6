/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In front of the framework's header of the same name: who gives its mdevs
 * ops of class VFIO is written for VFIO as it was in 5.4, and gets it. A driver
 * for VFIO as the release has it does not come by here, and sees only that.
 */
#include_next <linux/mdev_vfio_ops.h>

#include <linux/vfio_compat.h>
