/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stages of events: of each class what its record is, where its parts of no
 * fixed length lie, how it is printed, how large it gets, how it is filled; and of
 * each event what the kernel has to know of it. For each stage the header of events
 * is read with macros of that stage.
 *
 * A part of no fixed length is a u32 in the record: where it lies in the lower
 * half, its length in the upper.
 */

#undef TRACE_EVENT
#define TRACE_EVENT(name, proto, args, tstruct, assign, print)		\
	DECLARE_EVENT_CLASS(name, PARAMS(proto), PARAMS(args), PARAMS(tstruct), \
			    PARAMS(assign), PARAMS(print));		\
	DEFINE_EVENT(name, name, PARAMS(proto), PARAMS(args))
#undef TRACE_EVENT_FN
#define TRACE_EVENT_FN(name, proto, args, tstruct, assign, print, reg, unreg) \
	TRACE_EVENT(name, PARAMS(proto), PARAMS(args), PARAMS(tstruct), PARAMS(assign), \
		    PARAMS(print))
#undef TRACE_EVENT_CONDITION
#define TRACE_EVENT_CONDITION(name, proto, args, cond, tstruct, assign, print) \
	TRACE_EVENT(name, PARAMS(proto), PARAMS(args), PARAMS(tstruct), PARAMS(assign), \
		    PARAMS(print))
#undef DEFINE_EVENT_FN
#define DEFINE_EVENT_FN(template, name, proto, args, reg, unreg) \
	DEFINE_EVENT(template, name, PARAMS(proto), PARAMS(args))
#undef DEFINE_EVENT_CONDITION
#define DEFINE_EVENT_CONDITION(template, name, proto, args, cond) \
	DEFINE_EVENT(template, name, PARAMS(proto), PARAMS(args))

#undef TP_STRUCT__entry
#define TP_STRUCT__entry(args...) args
#undef TP_fast_assign
#define TP_fast_assign(args...) args
#undef TP_printk
#define TP_printk(fmt, args...) fmt, ## args

/* ---- the record ------------------------------------------------------------ */

#undef __field
#define __field(type, item) type item;
#undef __field_ext
#define __field_ext(type, item, filter_type) type item;
#undef __field_struct
#define __field_struct(type, item) type item;
#undef __field_struct_ext
#define __field_struct_ext(type, item, filter_type) type item;
#undef __array
#define __array(type, item, len) type item[len];
#undef __dynamic_array
#define __dynamic_array(type, item, len) u32 __data_loc_##item;
#undef __string
#define __string(item, src) u32 __data_loc_##item;
#undef __string_len
#define __string_len(item, src, len) u32 __data_loc_##item;
#undef __vstring
#define __vstring(item, fmt, ap) u32 __data_loc_##item;
#undef __bitmask
#define __bitmask(item, nr_bits) u32 __data_loc_##item;

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	struct trace_event_raw_##name {					\
		struct trace_entry ent;					\
		tstruct							\
		char __data[];						\
	}
#undef DEFINE_EVENT
#define DEFINE_EVENT(template, name, proto, args) \
	static struct um_trace_event um_trace_event_##name
#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print) \
	static struct um_trace_event um_trace_event_##name

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- where its parts lie --------------------------------------------------- */

#undef __field
#define __field(type, item)
#undef __field_ext
#define __field_ext(type, item, filter_type)
#undef __field_struct
#define __field_struct(type, item)
#undef __field_struct_ext
#define __field_struct_ext(type, item, filter_type)
#undef __array
#define __array(type, item, len)
#undef __dynamic_array
#define __dynamic_array(type, item, len) u32 item; const void *item##_ptr_;
#undef __string
#define __string(item, src) __dynamic_array(char, item, -1)
#undef __string_len
#define __string_len(item, src, len) __dynamic_array(char, item, -1)
#undef __vstring
#define __vstring(item, fmt, ap) __dynamic_array(char, item, -1)
#undef __bitmask
#define __bitmask(item, nr_bits) __dynamic_array(unsigned long, item, -1)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	struct trace_event_data_offsets_##name {			\
		tstruct							\
	}
#undef DEFINE_EVENT
#define DEFINE_EVENT(template, name, proto, args)
#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print)

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- how it is printed ----------------------------------------------------- */

#undef __entry
#define __entry field
#undef __get_dynamic_array
#define __get_dynamic_array(item) \
	((void *)__entry + (__entry->__data_loc_##item & 0xffff))
#undef __get_dynamic_array_len
#define __get_dynamic_array_len(item) (__entry->__data_loc_##item >> 16 & 0xffff)
#undef __get_str
#define __get_str(item) ((char *)__get_dynamic_array(item))
#undef __get_bitmask
#define __get_bitmask(item) \
	trace_print_bitmask_seq(p, __get_dynamic_array(item), __get_dynamic_array_len(item))
#undef __print_flags
#define __print_flags(flag, delim, flag_array...)			\
({									\
	static const struct trace_print_flags __flags[] = { flag_array, { -1UL, NULL } }; \
									\
	trace_print_flags_seq(p, delim, flag, __flags);			\
})
#undef __print_symbolic
#define __print_symbolic(value, symbol_array...)			\
({									\
	static const struct trace_print_flags __symbols[] = { symbol_array, { -1UL, NULL } }; \
									\
	trace_print_symbols_seq(p, value, __symbols);			\
})
#undef __print_hex
#define __print_hex(buf, buf_len) trace_print_hex_seq(p, buf, buf_len, false)
#undef __print_hex_str
#define __print_hex_str(buf, buf_len) trace_print_hex_seq(p, buf, buf_len, true)
#undef __print_array
#define __print_array(array, count, el_size) trace_print_array_seq(p, array, count, el_size)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static void um_trace_print_##name(struct trace_seq *out, struct trace_seq *p, \
					  const void *entry)		\
	{								\
		struct trace_event_raw_##name *field = (void *)entry;	\
									\
		trace_seq_printf(out, print);				\
		(void)field;						\
	}								\
	static void um_trace_print_##name(struct trace_seq *out, struct trace_seq *p, \
					  const void *entry)
#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print)		\
	static void um_trace_print_of_##name(struct trace_seq *out, struct trace_seq *p, \
					     const void *entry)		\
	{								\
		struct trace_event_raw_##template *field = (void *)entry; \
									\
		trace_seq_printf(out, print);				\
		(void)field;						\
	}								\
	static void um_trace_print_of_##name(struct trace_seq *out, struct trace_seq *p, \
					     const void *entry)

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print)

/* ---- how large it gets ----------------------------------------------------- */

#undef __dynamic_array
#define __dynamic_array(type, item, len) \
	um_trace_part(item, (len) * sizeof(type), NULL)
#define um_trace_part(item, bytes, from)				\
	__offsets->item = (offsetof(typeof(*entry), __data) + __size) | (u32)(bytes) << 16; \
	__offsets->item##_ptr_ = (from);				\
	__size += __offsets->item >> 16;
#undef __string
#define __string(item, src) \
	um_trace_part(item, strlen((const char *)(src) ? (const char *)(src) : "(null)") + 1, src)
#undef __string_len
#define __string_len(item, src, len) um_trace_part(item, (len) + 1, src)
#undef __vstring
#define __vstring(item, fmt, ap)					\
	um_trace_part(item, ({						\
		va_list __ap;						\
		int __len;						\
									\
		va_copy(__ap, *(ap));					\
		__len = vsnprintf(NULL, 0, fmt, __ap) + 1;		\
		va_end(__ap);						\
		__len;							\
	}), NULL)
#undef __bitmask
#define __bitmask(item, nr_bits) \
	um_trace_part(item, DIV_ROUND_UP(nr_bits, BITS_PER_LONG) * sizeof(long), NULL)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static inline size_t						\
	um_trace_size_##name(struct trace_event_data_offsets_##name *__offsets, proto) \
	{								\
		const struct trace_event_raw_##name *entry = NULL;	\
		size_t __size = 0;					\
									\
		tstruct							\
		(void)__offsets;					\
		return sizeof(*entry) + __size;				\
	}								\
	struct trace_event_data_offsets_##name

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- how it is filled ------------------------------------------------------ */

#undef __entry
#define __entry entry
#undef __dynamic_array
#define __dynamic_array(type, item, len) entry->__data_loc_##item = __offsets.item;
#undef __string
#define __string(item, src) __dynamic_array(char, item, -1)
#undef __string_len
#define __string_len(item, src, len) __dynamic_array(char, item, -1)
#undef __vstring
#define __vstring(item, fmt, ap) __dynamic_array(char, item, -1)
#undef __bitmask
#define __bitmask(item, nr_bits) __dynamic_array(unsigned long, item, -1)

/* the source may be left out from 6.10 on: then it is that of __string() */
#undef __assign_str
#define __assign_str(dst, src...) \
	um_trace_assign(dst, ## src, (const char *)__offsets.dst##_ptr_)
#define um_trace_assign(dst, src, ...)					\
do {									\
	const char *__from = (const char *)(src);			\
									\
	strscpy(__get_str(dst), __from ? __from : "(null)", __get_dynamic_array_len(dst)); \
} while (0)
#undef __assign_str_len
#define __assign_str_len(dst, src, len) \
	strscpy(__get_str(dst), src, min_t(size_t, (len) + 1, __get_dynamic_array_len(dst)))
#undef __assign_vstr
#define __assign_vstr(dst, fmt, va)					\
do {									\
	va_list __ap;							\
									\
	va_copy(__ap, *(va));						\
	vsnprintf(__get_str(dst), __get_dynamic_array_len(dst), fmt, __ap); \
	va_end(__ap);							\
} while (0)
#undef __assign_bitmask
#define __assign_bitmask(dst, src, nr_bits)				\
	memcpy(__get_dynamic_array(dst), src,				\
	       DIV_ROUND_UP(nr_bits, BITS_PER_LONG) * sizeof(long))

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static void um_trace_fill_##name(void *__data, proto)		\
	{								\
		struct trace_event_data_offsets_##name __maybe_unused __offsets; \
		struct trace_event_raw_##name *entry;			\
									\
		entry = um_trace_reserve(__data, um_trace_size_##name(&__offsets, args)); \
		if (!entry)						\
			return;						\
		tstruct							\
		{ assign; }						\
		um_trace_commit(entry);					\
	}								\
	struct trace_event_data_offsets_##name

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- its parts, for its file ------------------------------------------------- */

#define um_trace_field_of(_type, _text, _item, _where, _dimension, _size, _signed) \
	{ .type = _text, .name = #_item, .dimension = _dimension,	\
	  .offset = offsetof(um_trace_raw, _where), .size = _size, .is_signed = _signed },
#undef __field
#define __field(_type, item) \
	um_trace_field_of(_type, #_type, item, item, NULL, sizeof(_type), is_signed_type(_type))
#undef __field_ext
#define __field_ext(_type, item, filter_type) __field(_type, item)
#undef __field_struct
#define __field_struct(_type, item) \
	um_trace_field_of(_type, #_type, item, item, NULL, sizeof(_type), false)
#undef __field_struct_ext
#define __field_struct_ext(_type, item, filter_type) __field_struct(_type, item)
#undef __array
#define __array(_type, item, len)					\
	um_trace_field_of(_type, #_type, item, item, "[" __stringify(len) "]", \
			  sizeof(_type[len]), is_signed_type(_type))
#undef __dynamic_array
#define __dynamic_array(_type, item, len)				\
	um_trace_field_of(_type, "__data_loc " #_type "[]", item, __data_loc_##item, NULL, \
			  sizeof(u32), is_signed_type(_type))
#undef __string
#define __string(item, src) __dynamic_array(char, item, -1)
#undef __string_len
#define __string_len(item, src, len) __dynamic_array(char, item, -1)
#undef __vstring
#define __vstring(item, fmt, ap) __dynamic_array(char, item, -1)
#undef __bitmask
#define __bitmask(item, nr_bits) __dynamic_array(unsigned long, item, -1)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static const struct um_trace_field *um_trace_fields_##name(void) \
	{								\
		typedef struct trace_event_raw_##name um_trace_raw __maybe_unused; \
		static const struct um_trace_field fields[] = { tstruct { .type = NULL } }; \
									\
		return fields;						\
	}								\
	static const struct um_trace_field *um_trace_fields_##name(void)

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* ---- how it is printed, as it was written: nothing of it is a macro any more ------- */

#undef __entry
#define __entry REC
#undef __get_dynamic_array
#undef __get_dynamic_array_len
#undef __get_str
#undef __get_bitmask
#undef __print_flags
#undef __print_symbolic
#undef __print_hex
#undef __print_hex_str
#undef __print_array
#undef TP_printk
#define TP_printk(fmt, args...) "\"" fmt "\", " __stringify(args)

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)	\
	static const char um_trace_format_##name[] = print
#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print)		\
	static const char um_trace_format_of_##name[] = print

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

#undef TP_printk
#define TP_printk(fmt, args...) fmt, ## args

/* ---- the events ------------------------------------------------------------ */

#define um_trace_event_of(_template, _name, _print, _format)		\
	static struct um_trace_event um_trace_event_##_name = {		\
		.system = __stringify(TRACE_SYSTEM), .name = #_name,	\
		.tracepoint = &__tracepoint_##_name,			\
		.probe = um_trace_fill_##_template, .print = _print,	\
		.fields = um_trace_fields_##_template, .print_format = _format, \
	};								\
	static struct um_trace_event *um_trace_found_##_name		\
		__attribute__((__section__("um_trace_events"), __used__)) = \
			&um_trace_event_##_name

#undef DECLARE_EVENT_CLASS
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)
#undef DEFINE_EVENT
#define DEFINE_EVENT(template, name, proto, args) \
	um_trace_event_of(template, name, um_trace_print_##template, um_trace_format_##template)
#undef DEFINE_EVENT_PRINT
#define DEFINE_EVENT_PRINT(template, name, proto, args, print) \
	um_trace_event_of(template, name, um_trace_print_of_##name, um_trace_format_of_##name)

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

#undef __entry
#undef um_trace_part
#undef um_trace_field_of
#undef um_trace_assign
#undef um_trace_event_of
