/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_LOCKDEP_H
#define UMDEV_CHECK_LOCKDEP_H

struct lockdep_map;
struct task_struct;

/*
 * Called where a modelled system call returns: what the task still holds is
 * a splat each, and is forgotten, so that the next call starts clean.
 */
void um_no_locks_held(const char *where);
/* The same for another end; @does says which: "main returns to user space". */
void um_no_locks_left(const char *does);

/*
 * "Waits for" without a lock. um_lock_waits(): the caller is about to wait for
 * what @map stands for, for ever if need be. um_lock_ends_wait(): the caller
 * ends such waits, so what it holds stands between a waiter and its end.
 */
void um_lock_waits(struct lockdep_map *map, unsigned long ip);
void um_lock_ends_wait(struct lockdep_map *map, unsigned long ip);

/*
 * The calling task releases what it has not taken; @owner (NULL: nobody) took
 * it at @taken_at.
 */
void um_bad_unlock(const char *kind, const struct lockdep_map *map,
		   const struct task_struct *owner, unsigned long taken_at);

/* How many locks the calling task holds. */
unsigned int um_locks_held(void);

/* A block of the host's heap that goes must hold no lock that the task holds. */
void um_check_no_locks_freed(const void *mem);

/* Classes whose keys lie there are forgotten with their edges: the memory goes. */
void um_lockdep_drop_keys(const void *start, unsigned long size);

/* How much has been learnt: classes alive, edges between them. */
void um_lockdep_count(unsigned int *classes, unsigned long *edges);

#endif
