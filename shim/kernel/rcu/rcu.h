/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_RCU_H
#define UMDEV_KERNEL_RCU_H

/* Runs the callbacks still queued and ends RCU, at shutdown. */
void um_rcu_stop(void);

#endif
