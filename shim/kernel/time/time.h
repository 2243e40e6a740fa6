/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_TIME_H
#define UMDEV_KERNEL_TIME_H

/* Ends the timer thread; timers still pending are forgotten. */
void um_timers_stop(void);

#endif
