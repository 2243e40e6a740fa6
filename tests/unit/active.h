/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel sides of active.c and active_stack.c: cases by name (active_cases.h). */
#ifndef UMDEV_TESTS_UNIT_ACTIVE_H
#define UMDEV_TESTS_UNIT_ACTIVE_H

/* Frees or makes again what is in use, or first ends its use if it is to be @clean. */
int k_run_case(const char *name, int clean);
/* In active_kern.c: what the tasks do that "completion", "mutex", "queue" and "held" are about. */
long k_wait_completion(void *unused);
long k_wait_mutex(void *unused);
long k_wait_event(void *unused);
long k_hold_mutex(void *unused);

#endif
