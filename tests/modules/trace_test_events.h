/* SPDX-License-Identifier: GPL-2.0-only */
/* The events of trace_test: of each sort one. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM umdev_test

#if !defined(TRACE_TEST_EVENTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define TRACE_TEST_EVENTS_H

#include <linux/tracepoint.h>
#include <linux/version.h>

/* the source is __string()'s from 6.10 on */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define trace_test_assign_str(dst, src) __assign_str(dst)
#else
#define trace_test_assign_str(dst, src) __assign_str(dst, src)
#endif

TRACE_EVENT(umdev_test_parts,
	TP_PROTO(const char *name, int number, const u8 *bytes, unsigned int n),
	TP_ARGS(name, number, bytes, n),
	TP_STRUCT__entry(
		__string(name, name)
		__field(int, number)
		__array(u8, first, 2)
		__field(unsigned int, n)
		__dynamic_array(u8, bytes, n)
	),
	TP_fast_assign(
		trace_test_assign_str(name, name);
		__entry->number = number;
		memcpy(__entry->first, bytes, 2);
		__entry->n = n;
		memcpy(__get_dynamic_array(bytes), bytes, n);
	),
	TP_printk("name=%s number=%d first=%*phN bytes=%s of %d", __get_str(name),
		  __entry->number, 2, __entry->first,
		  __print_hex(__get_dynamic_array(bytes), __entry->n),
		  __get_dynamic_array_len(bytes))
);

TRACE_EVENT(umdev_test_words,
	TP_PROTO(unsigned long flags, unsigned int state),
	TP_ARGS(flags, state),
	TP_STRUCT__entry(
		__field(unsigned long, flags)
		__field(unsigned int, state)
	),
	TP_fast_assign(
		__entry->flags = flags;
		__entry->state = state;
	),
	TP_printk("flags=%s state=%s",
		  __print_flags(__entry->flags, "|", { 1, "READ" }, { 2, "WRITE" }, { 4, "EXEC" }),
		  __print_symbolic(__entry->state, { 0, "idle" }, { 1, "busy" }))
);

DECLARE_EVENT_CLASS(umdev_test_class,
	TP_PROTO(int a, int b),
	TP_ARGS(a, b),
	TP_STRUCT__entry(
		__field(int, a)
		__field(int, b)
	),
	TP_fast_assign(
		__entry->a = a;
		__entry->b = b;
	),
	TP_printk("a=%d b=%d", __entry->a, __entry->b)
);

DEFINE_EVENT(umdev_test_class, umdev_test_one,
	TP_PROTO(int a, int b),
	TP_ARGS(a, b)
);

DEFINE_EVENT_PRINT(umdev_test_class, umdev_test_other,
	TP_PROTO(int a, int b),
	TP_ARGS(a, b),
	TP_printk("sum=%d", __entry->a + __entry->b)
);

TRACE_EVENT_CONDITION(umdev_test_positive,
	TP_PROTO(int a),
	TP_ARGS(a),
	TP_CONDITION(a > 0),
	TP_STRUCT__entry(
		__field(int, a)
	),
	TP_fast_assign(
		__entry->a = a;
	),
	TP_printk("a=%d", __entry->a)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace_test_events
#include <trace/define_trace.h>
