/* SPDX-License-Identifier: GPL-2.0-only */
/* workqueue_kern.c, as workqueue.c calls it. */
#ifndef UMDEV_TESTS_UNIT_WORKQUEUE_H
#define UMDEV_TESTS_UNIT_WORKQUEUE_H

void k_make(void);
long k_queue(void *arg);
long k_wait_and_destroy(void *arg);
void k_timer_waits_for_timer(void);
void k_ordered_waits_for_itself(void);
/* Drops an item, or has it run, and cancels it: 0 by cancel_work(), 1 by cancel_work_sync(), 2 delayed. */
void k_cancel_dropped(int way, int clean);

#endif
