/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that may end as it likes, and what it shares with the one that looks on. */
#ifndef UMDEV_HOST_PROCESS_H
#define UMDEV_HOST_PROCESS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#endif

/* Zeroed memory that a child has in common with its parent. Ends the process when there is none. */
void *host_shared(size_t size);
void host_unshare(void *p, size_t size);

/*
 * Runs @fn in a child, which then ends without its exit handlers; what it writes
 * to its standard output and error is kept. Only where no other thread runs.
 * Returns its status as of exit(), or 128 and the signal.
 */
int host_child(void (*fn)(void *arg), void *arg);
/* In the child: what it has written so far is of no interest. */
void host_child_forget(void);
/* In the parent: what the last child wrote, cut to fit; valid until the next. */
const char *host_child_wrote(void);

#endif
