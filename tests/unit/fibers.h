/* SPDX-License-Identifier: GPL-2.0-only */
/* fibers_kern.c, as fibers.c calls it. */
#ifndef UMDEV_TESTS_UNIT_FIBERS_H
#define UMDEV_TESTS_UNIT_FIBERS_H

long k_lock_crosswise(void *arg);
long k_lock_in_order(void *arg);
long k_look_for_ever(void *arg);
long k_look_until_told(void *arg);
long k_bug(void *arg);
long k_sleep_long(void *arg);
long k_busy_until_a_time(void *arg);
long k_turns(void *arg);
const char *k_trace(void);
long k_race(void *arg);

#endif
