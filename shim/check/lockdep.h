/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_CHECK_LOCKDEP_H
#define UMDEV_CHECK_LOCKDEP_H

/*
 * Called where a modelled system call returns: what the task still holds is
 * a splat each, and is forgotten, so that the next call starts clean.
 */
void um_no_locks_held(const char *where);

#endif
