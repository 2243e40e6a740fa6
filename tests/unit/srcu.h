/* SPDX-License-Identifier: GPL-2.0-only */
/* Between tests/unit/srcu.c and its kernel side. */
#ifndef UMDEV_TESTS_UNIT_SRCU_H
#define UMDEV_TESTS_UNIT_SRCU_H

void k_wait_as_reader(void);
void k_wait_for_another(void);
void k_read_under_mutex(void);
void k_take_mutex_as_reader(void);
void k_wait_under_mutex(void);
void k_unlock_free(void);
void k_nest(void);
int k_make(void);
void k_end(void);
void k_end_with_a_reader(void);

/* Each of the two reads until it is let go; waits for a grace period. */
long k_reads_until_let(void *number);
long k_waits(void *unused);
void k_none_is_let(void);
void k_let(long number);

#endif
