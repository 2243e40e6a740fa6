/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of the process, noted and put back (host/snapshot.c). */
#ifndef UMDEV_HOST_SNAPSHOT_H
#define UMDEV_HOST_SNAPSHOT_H

#include "host/host.h"

/* Can this build do it at all? */
bool host_snapshot_can(void);
/*
 * Notes the state, in place of the one before. By the thread on whose own stack both
 * this and host_snapshot_restore() are called, while no fiber runs; false: it
 * cannot be noted here.
 */
bool host_snapshot_take(void);
bool host_snapshot_is_active(void);
/* Puts it back; false: it was spoiled, and nothing is put back any more. */
bool host_snapshot_restore(void);
/*
 * Marks the state, which came out of the one that was noted; by the same thread, and
 * nothing on its stack may be part of it. False: not here, or there is no room. Marks
 * are a stack: going back to one, or to what was noted, ends those behind it.
 */
#define HOST_MARKS 16
bool host_snapshot_mark(void);
/* To the @n-th; false: it was spoiled, or there is no such mark. */
bool host_snapshot_back_to_mark(unsigned int n);
/* Something is about to happen that cannot be undone. */
void host_snapshot_spoil(void);
/*
 * What the file of the modelled pages has there is about to go: false when it is more than
 * can be noted.
 */
bool host_snapshot_note_pages(int fd, unsigned long offset, unsigned long size);
/* A fault: true when that was all, and the access is to be tried again. */
bool host_snapshot_fault(unsigned long addr, bool write);

/* A system call will write there, for which no page is noted: notes them now. */
void host_snapshot_will_write(void *p, size_t size);

/*
 * A module of this handle is unloaded: true when it is only closed until the state is
 * put back. What was closed and is not to come back is unloaded in truth by
 * host_snapshot_end_closed().
 */
bool host_snapshot_close(void *handle, const char *name, void *base, unsigned long size);
void host_snapshot_end_closed(void);

/* No part of any: before the first is taken. */
void host_snapshot_keep(const void *p, size_t size);
/* Zeroed memory that is no part of any; the process ends when there is none. */
void *host_keep(size_t size);
void host_keep_free(void *p, size_t size);
/* Does @p lie in the heap? */
bool host_snapshot_is_heap(const void *p);

#endif
