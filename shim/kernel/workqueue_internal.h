/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_WORKQUEUE_H
#define UMDEV_KERNEL_WORKQUEUE_H

#include <linux/types.h>

struct timer_list;
struct um_functions;

/* The functions of items that are pending or run. */
void um_work_in(struct um_functions *found);
/* What a timer that is none of a driver's own leads to: its item's function; or its own. */
const void *um_timer_leads_to(const struct timer_list *timer);

/* Drains and frees the system's own work queues, at shutdown. */
void um_workqueues_stop(void);

#endif
