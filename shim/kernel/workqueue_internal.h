/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_WORKQUEUE_H
#define UMDEV_KERNEL_WORKQUEUE_H

/* Drains and frees the system's own work queues, at shutdown. */
void um_workqueues_stop(void);

#endif
