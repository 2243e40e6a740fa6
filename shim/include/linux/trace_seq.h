/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Room for texts that are put together while an event is printed, each ended by a
 * NUL (kernel/trace/trace_output.c). Left out: what is not used for that.
 */
#ifndef _LINUX_TRACE_SEQ_H
#define _LINUX_TRACE_SEQ_H

#include <linux/types.h>
#include <linux/fs.h>
#include <asm/page.h>

struct trace_seq {
	char buffer[PAGE_SIZE];
	size_t len;
	int full;
};

static inline void trace_seq_init(struct trace_seq *s)
{
	s->len = 0;
	s->full = 0;
}

/* Where the next text begins. */
static inline char *trace_seq_buffer_ptr(struct trace_seq *s)
{
	return s->buffer + s->len;
}

static inline bool trace_seq_has_overflowed(struct trace_seq *s)
{
	return s->full;
}

__printf(2, 3) void trace_seq_printf(struct trace_seq *s, const char *fmt, ...);
__printf(2, 0) void trace_seq_vprintf(struct trace_seq *s, const char *fmt, va_list args);
void trace_seq_puts(struct trace_seq *s, const char *str);
void trace_seq_putc(struct trace_seq *s, unsigned char c);

#endif
