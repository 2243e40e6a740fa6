/* SPDX-License-Identifier: GPL-2.0-only */
/* What sweep.c asks of its kernel side: operations for um_sweep(). */
#ifndef UMDEV_TESTS_UNIT_SWEEP_H
#define UMDEV_TESTS_UNIT_SWEEP_H

long k_good(void *arg);
long k_undo(void *arg);
long k_leaks(void *arg);
long k_ignores(void *arg);
long k_breaks(void *arg);
long k_warns(void *arg);
long k_keeps_lock(void *arg);
void k_drop_lock(void *arg);
long k_nothing(void *arg);
long k_takes_half(void *arg);
long k_takes_away(void *arg);
/* Both fail from the third time on, and leave all in place. */
long k_undo_fails(void *arg);
long k_undo_fails_later(void *arg);
/* Twenty directories, which stay when there is no memory after them. */
long k_leaks_many(void *arg);
long k_undo_many(void *arg);

#endif
