/* SPDX-License-Identifier: GPL-2.0-only */
/* What a tracepoint is, for headers that need no more of it. */
#ifndef TRACEPOINT_DEFS_H
#define TRACEPOINT_DEFS_H

#include <linux/atomic.h>
#include <linux/types.h>

struct tracepoint_func {
	void *func;
	void *data;
	int prio;
};

struct tracepoint {
	const char *name;
	int (*regfunc)(void);		/* before the first probe comes */
	void (*unregfunc)(void);	/* when the last one has gone */
	struct tracepoint_func *funcs;	/* ends with one that has none; by RCU */
};

struct trace_print_flags {
	unsigned long mask;
	const char *name;
};

struct trace_print_flags_u64 {
	unsigned long long mask;
	const char *name;
};

#endif
