/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of unit/unload. */
#ifndef UMDEV_TESTS_UNLOAD_H
#define UMDEV_TESTS_UNLOAD_H

/* Context: task. */
void k_arm_and_disarm(void);

#endif
