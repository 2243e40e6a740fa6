/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of TRACE_EVENT() as modules come and go (kernel/trace/trace_events.c). */
#ifndef UMDEV_KERNEL_TRACE_H
#define UMDEV_KERNEL_TRACE_H

#include <linux/types.h>

struct um_functions;
struct um_trace_event;

/* The probes in an image of tracepoints that lie elsewhere (kernel/tracepoint.c). */
void um_tracepoint_probes_in(struct um_functions *found);

/* A module's, by its section um_trace_events: before its init, and after its exit. */
void um_trace_events_come(struct um_trace_event **events, size_t n);
void um_trace_events_go(struct um_trace_event **events, size_t n);

/* ---- the records (trace.c) ------------------------------------------------ */

bool um_trace_is_on(void);
void um_trace_set(bool on);
void um_trace_clear(void);
/*
 * The whole text of what is recorded, to be freed by host_free(), and its length. NULL:
 * there is no memory.
 */
char *um_trace_text(size_t *len);

#endif
