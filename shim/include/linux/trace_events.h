/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stages of trace/trace_events.h make of each event of TRACE_EVENT(), and
 * the functions that they call.
 */
#ifndef _LINUX_TRACE_EVENT_H
#define _LINUX_TRACE_EVENT_H

#include <linux/compat.h>
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/file.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kobject.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/trace_seq.h>
#include <linux/tracepoint-defs.h>
#include <linux/tracepoint.h>
#include <linux/types.h>

/* In front of what an event records. */
struct trace_entry {
	unsigned short type;
	unsigned char flags;
	unsigned char preempt_count;
	int pid;
};

/* A part of a record, for the file that describes them. */
struct um_trace_field {
	const char *type, *name;	/* NULL: behind the last */
	const char *dimension;		/* "[2]" of an array, else NULL */
	unsigned int offset, size;
	bool is_signed;
};

/* An event: found by the section um_trace_events of its module. */
struct um_trace_event {
	const char *system, *name;
	struct tracepoint *tracepoint;
	void *probe;			/* its data is the event */
	/* prints a record: without the event's name, and without a newline */
	void (*print)(struct trace_seq *out, struct trace_seq *p, const void *entry);
	const struct um_trace_field *(*fields)(void);
	const char *print_format;	/* what print() does, as it was written */
	unsigned int id;		/* record->type, from its registration on */
	bool enabled;
	struct kobject *dir;
};

/* Room for a record of so many bytes, all 0, or NULL; until it is committed it is not seen. */
void *um_trace_reserve(struct um_trace_event *event, size_t size);
void um_trace_commit(void *entry);

const char *trace_print_flags_seq(struct trace_seq *p, const char *delim, unsigned long flags,
				  const struct trace_print_flags *flag_array);
const char *trace_print_symbols_seq(struct trace_seq *p, unsigned long val,
				    const struct trace_print_flags *symbol_array);
const char *trace_print_hex_seq(struct trace_seq *p, const unsigned char *buf, int len,
				bool concatenate);
const char *trace_print_array_seq(struct trace_seq *p, const void *buf, int count,
				  size_t el_size);
const char *trace_print_bitmask_seq(struct trace_seq *p, void *bitmask_ptr,
				    unsigned int bitmask_size);

#endif
