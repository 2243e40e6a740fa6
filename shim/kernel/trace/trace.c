// SPDX-License-Identifier: GPL-2.0-only
/*
 * What events have recorded: one list for all tasks, from which the oldest go. A
 * record keeps what the event filled in; it is printed when it is read.
 *
 * Recording may be done in any context, and is no allocation that could fail. Left
 * out: buffers of processors, of instances, and how much they hold; tracers; clocks.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/trace_events.h>

#include "host/host.h"
#include "kernel/sched/sched.h"
#include "kernel/trace/trace.h"

/* A kernel's buffers hold some ten thousand of the smaller ones. */
#define RECORDS_MAX	16384
/* what the text of a trace takes, at most */
#define HEAD_MAX	1024
#define RECORD_MAX	512

struct record {
	struct record *next;
	const struct um_trace_event *event;
	u64 time;
	int pid;
	char comm[16];
	bool hardirq, softirq, irqs_off, bh_off;
	int preempt;
	/* and what the event adds */
	struct trace_entry entry[] __aligned(8);
};

static struct {
	struct host_lock lock;
	struct record *first, **last;
	unsigned long kept, written;
	bool off;
} trace;

/* Lock held. */
static struct record **end(void)
{
	if (!trace.first)
		trace.last = &trace.first;
	return trace.last;
}

static void drop_first(void)
{
	struct record *first = trace.first;

	trace.first = first->next;
	trace.kept--;
	host_free(first);
}

/**
 * um_trace_reserve() - begin a record; of the stages of trace/trace_events.h
 * @event: of whom
 * @size:  with struct trace_entry in front
 *
 * Return: room, all 0, for um_trace_commit(); NULL while nothing is recorded.
 */
void *um_trace_reserve(struct um_trace_event *event, size_t size)
{
	const struct um_sched_task *t = um_this();
	struct record *r;

	if (!um_trace_is_on())
		return NULL;
	r = host_zalloc(sizeof(*r) + size);
	if (!r)
		return NULL;
	r->event = event;
	r->time = um_time_ns();
	r->pid = t->task.pid;
	strscpy(r->comm, t->task.comm, sizeof(r->comm));
	r->hardirq = t->op.in_hardirq;
	r->softirq = t->op.in_softirq;
	r->irqs_off = t->op.irqs_off;
	r->bh_off = t->op.bh_off;
	/* the tracepoint itself is one */
	r->preempt = max(t->op.preempt - 1, 0);
	r->entry->type = event->id;
	r->entry->pid = r->pid;
	r->entry->preempt_count = r->preempt;
	return r->entry;
}
EXPORT_SYMBOL(um_trace_reserve);

/**
 * um_trace_commit() - end a record; of the stages of trace/trace_events.h
 * @entry: from um_trace_reserve(), filled in
 */
void um_trace_commit(void *entry)
{
	struct record *r = container_of(entry, struct record, entry[0]);

	host_lock(&trace.lock);
	*end() = r;
	trace.last = &r->next;
	trace.kept++;
	trace.written++;
	if (trace.kept > RECORDS_MAX)
		drop_first();
	host_unlock(&trace.lock);
}
EXPORT_SYMBOL(um_trace_commit);

bool um_trace_is_on(void)
{
	return !__atomic_load_n(&trace.off, __ATOMIC_RELAXED);
}

void um_trace_set(bool on)
{
	__atomic_store_n(&trace.off, !on, __ATOMIC_RELAXED);
}

void um_trace_clear(void)
{
	host_lock(&trace.lock);
	while (trace.first)
		drop_first();
	trace.written = 0;
	host_unlock(&trace.lock);
}

/* ---- as a text ------------------------------------------------------------ */

/* "irqs-off, need-resched, hardirq or softirq, preempt-depth, migrate-disable" */
static void context_of(const struct record *r, char *text)
{
	text[0] = r->irqs_off ? 'd' : r->bh_off ? 'b' : '.';
	text[1] = '.';
	text[2] = r->hardirq ? 'h' : r->softirq ? 's' : '.';
	text[3] = r->preempt ? '0' + min(r->preempt, 9) : '.';
	text[4] = '.';
	text[5] = '\0';
}

static void put_record(const struct record *r, struct trace_seq *out, struct trace_seq *tmp)
{
	u64 us = r->time / 1000;
	char context[6];

	context_of(r, context);
	trace_seq_init(out);
	trace_seq_init(tmp);
	trace_seq_printf(out, "%16s-%-7d [000] %s %5llu.%06llu: %s: ", r->comm, r->pid, context,
			 us / 1000000, us % 1000000, r->event->name);
	r->event->print(out, tmp, r->entry);
	trace_seq_putc(out, '\n');
}

static int put_head(char *text, size_t size)
{
	static const char columns[] =
		"#                                _-----=> irqs-off/BH-disabled\n"
		"#                               / _----=> need-resched\n"
		"#                              | / _---=> hardirq/softirq\n"
		"#                              || / _--=> preempt-depth\n"
		"#                              ||| / _-=> migrate-disable\n"
		"#                              |||| /     delay\n"
		"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
		"#              | |         |   |||||     |         |\n";

	return scnprintf(text, size,
			 "# tracer: nop\n#\n# entries-in-buffer/entries-written: %lu/%lu   #P:1\n#\n%s",
			 trace.kept, trace.written, columns);
}

/* Lock held. Cut where the room ends. */
static size_t put_all(char *text, size_t size, struct trace_seq *seq)
{
	size_t n = put_head(text, size);
	const struct record *r;

	for (r = trace.first; r; r = r->next) {
		put_record(r, &seq[0], &seq[1]);
		if (n + seq[0].len >= size)
			break;
		memcpy(text + n, seq[0].buffer, seq[0].len);
		n += seq[0].len;
	}
	return n;
}

char *um_trace_text(size_t *len)
{
	struct trace_seq *seq = host_alloc(2 * sizeof(*seq));
	char *text = NULL;
	size_t size;

	if (!seq)
		return NULL;
	host_lock(&trace.lock);
	size = HEAD_MAX + trace.kept * RECORD_MAX;
	text = host_alloc(size);
	if (text)
		*len = put_all(text, size, seq);
	host_unlock(&trace.lock);
	host_free(seq);
	return text;
}
