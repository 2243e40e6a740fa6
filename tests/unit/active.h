/* SPDX-License-Identifier: GPL-2.0-only */
/* active_kern.c, as active.c calls it: cases by name, each ends as its fault or its twin does. */
#ifndef UMDEV_TESTS_UNIT_ACTIVE_H
#define UMDEV_TESTS_UNIT_ACTIVE_H

/* Frees or makes again what is in use, or first ends its use if it is to be @clean. */
int k_run_case(const char *name, int clean);
/* What the tasks do that the cases "completion", "mutex", "queue", "held" and so on are about. */
long k_wait_completion(void *unused);
long k_wait_mutex(void *unused);
long k_wait_event(void *unused);
long k_hold_mutex(void *unused);

#endif
