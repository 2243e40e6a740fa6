/* SPDX-License-Identifier: GPL-2.0-only */
/* What explore.c asks of its kernel side: tasks that meet, and what was wrong. */
#ifndef UMDEV_TESTS_UNIT_EXPLORE_H
#define UMDEV_TESTS_UNIT_EXPLORE_H

/* All as it was at first. */
long k_reset(void *unused);

/* Reads, and writes what it read and one more: an update is lost in between. */
long k_add_one(void *unused);
long k_sum(void);

/* Goes from 0 to 1 to 2; whoever sees 1 first and 2 then has seen too much. */
long k_two_steps(void *unused);
long k_looks_twice(void *unused);

/* The second does not complete what the first waits for once that has begun. */
long k_waits(void *unused);
long k_completes_if_early(void *unused);

/* For a moment something is wrong after a failed allocation, and there only. */
long k_allocates(void *unused);
long k_looks(void *unused);
long k_saw_wrong(void);

/* Has a lock of its own, which matters to nobody. */
long k_alone(void *unused);

/* Frees it; uses it. */
long k_frees(void *unused);
long k_uses(void *unused);

/* Takes a lock once more each third time. */
long k_fickle(void *unused);

#endif
