/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_KERNEL_TIME_H
#define UMDEV_KERNEL_TIME_H

#include <linux/types.h>

#include "check/op.h"

struct lock_class_key;
struct timer_list;
struct um_functions;

/*
 * mod_timer() for a caller that holds the inner lock, after um_timers_start() without it.
 * Returns as mod_timer().
 */
void um_timers_start(void);
int um_timer_arm(struct timer_list *timer, unsigned long expires);

/* timer_setup() of a timer in something else, @placed as that. */
void um_timer_make(struct timer_list *timer, void (*fn)(struct timer_list *),
		   enum um_placed placed, const char *name, struct lock_class_key *key);

/* Is there one that will expire, if only time passes? */
bool um_timer_is_armed(void);
/* The first of them runs on the calling task, where softirqs may; it has expired. */
void um_timer_interrupt(void);

/* The functions of timers that are pending or run; of a delayed item the item's. */
void um_timers_in(struct um_functions *found);

/* What an hrtimer calls that is made of @timer; NULL: none is. */
const void *um_hrtimer_function(const struct timer_list *timer);

/* Ends the timers' threads; timers still pending are forgotten. */
void um_timers_stop(void);

#endif
