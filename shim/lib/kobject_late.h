/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Late release, as CONFIG_DEBUG_KOBJECT_RELEASE has it: on when the variable
 * UMDEV_LATE_RELEASE is set to anything but 0 at boot (lib/kobject_late.c).
 */
#ifndef UMDEV_KOBJECT_LATE_H
#define UMDEV_KOBJECT_LATE_H

#include <linux/kref.h>

#include "umdev/umdev.h"	/* um_late_flush(): no locks held; may sleep */

/* The last reference is gone: calls @release now, or later from a work item. */
void um_release(struct kref *kref, void (*release)(struct kref *kref));

/* For shutdown: from here on releases come at once. */
void um_late_stop(void);

#endif
