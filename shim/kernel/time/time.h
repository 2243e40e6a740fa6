/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_TIME_H
#define UMDEV_KERNEL_TIME_H

struct timer_list;

/*
 * mod_timer() for a caller that holds the inner lock, after um_timers_start() without it.
 * Returns as mod_timer().
 */
void um_timers_start(void);
int um_timer_arm(struct timer_list *timer, unsigned long expires);

/* Ends the timers' threads; timers still pending are forgotten. */
void um_timers_stop(void);

#endif
