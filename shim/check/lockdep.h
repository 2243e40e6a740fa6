/* SPDX-License-Identifier: GPL-2.0-only */
/* What else wants to know of the lock checker: the sweep, and its own tests. */
#ifndef UMDEV_CHECK_LOCKDEP_H
#define UMDEV_CHECK_LOCKDEP_H

#include <linux/types.h>

/* How many locks the calling task holds. */
unsigned int um_locks_held(void);

/* How much has been learnt: classes alive, edges between them. */
void um_lockdep_count(unsigned int *classes, unsigned long *edges);

/*
 * The state of the process is noted, or was put back (host/snapshot.h): what was
 * learnt stays, but for classes whose keys are not there any more.
 */
void um_lockdep_note(void);
void um_lockdep_put_back(void);
/*
 * Likewise for its @n-th mark, which cannot be gone back to when it does not have all
 * classes any more that were there.
 */
void um_lockdep_mark(unsigned int n);
bool um_lockdep_has_all_of_mark(unsigned int n);
void um_lockdep_back_to_mark(unsigned int n);

#endif
