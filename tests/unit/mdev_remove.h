/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the two sides of the test of two removals at once. */
#ifndef UNIT_MDEV_REMOVE_H
#define UNIT_MDEV_REMOVE_H

/* Until the release nothing of sysfs is added, removed or looked up. */
void k_hold_sysfs(void);
void k_release_sysfs(void);

#endif
