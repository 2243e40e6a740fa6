/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of unit/unload. */
#ifndef UMDEV_TESTS_UNLOAD_H
#define UMDEV_TESTS_UNLOAD_H

/* Context: task. */
void k_arm_and_disarm(void);
/* Reads byte @index of a static table of 8. */
char k_overrun(unsigned int index);
/* A task that reads what RCU protects, and does not come to an end; waits until it does. */
long k_read_rcu(void *unused);
void k_wait_reader(void);
long k_wait_for_ever(void *unused);

#endif
