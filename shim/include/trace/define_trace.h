/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a header of events includes at its end. Where CREATE_TRACE_POINTS is defined
 * the header is read again: for the tracepoints themselves, and then once for each
 * stage of its events (trace/trace_events.h).
 *
 * The header is TRACE_INCLUDE_FILE, or else TRACE_SYSTEM, in TRACE_INCLUDE_PATH, or
 * else in trace/events.
 */
#ifdef CREATE_TRACE_POINTS
/* it includes this one at its end, each time */
#undef CREATE_TRACE_POINTS

#include <linux/stringify.h>
#include <linux/trace_events.h>

#ifndef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE TRACE_SYSTEM
#define UM_NO_TRACE_INCLUDE_FILE
#endif
#ifndef TRACE_INCLUDE_PATH
#define UM_TRACE_INCLUDE(file) <trace/events/file.h>
#define UM_NO_TRACE_INCLUDE_PATH
#else
#define UM_TRACE_INCLUDE(file) __stringify(TRACE_INCLUDE_PATH/file.h)
#endif
#define TRACE_INCLUDE(file) UM_TRACE_INCLUDE(file)

#undef TRACE_EVENT
#undef TRACE_EVENT_FN
#undef TRACE_EVENT_CONDITION
#undef DECLARE_EVENT_CLASS
#undef DEFINE_EVENT
#undef DEFINE_EVENT_FN
#undef DEFINE_EVENT_PRINT
#undef DEFINE_EVENT_CONDITION
#undef DECLARE_TRACE
#undef DECLARE_TRACE_CONDITION

#define TRACE_HEADER_MULTI_READ

/* ---- the tracepoints ------------------------------------------------------- */

#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)
#define DECLARE_TRACE(name, proto, args) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DECLARE_TRACE_CONDITION(name, proto, args, cond) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT(name, proto, args, tstruct, assign, print) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_FN(name, proto, args, tstruct, assign, print, reg, unreg) \
	DEFINE_TRACE_FN(name, reg, unreg, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_CONDITION(name, proto, args, cond, tstruct, assign, print) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT(template, name, proto, args) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_FN(template, name, proto, args, reg, unreg) \
	DEFINE_TRACE_FN(name, reg, unreg, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_PRINT(template, name, proto, args, print) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_CONDITION(template, name, proto, args, cond) \
	DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))

#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)

/* a tracepoint without an event has no more to it */
#undef DECLARE_TRACE
#undef DECLARE_TRACE_CONDITION
#define DECLARE_TRACE(name, proto, args)
#define DECLARE_TRACE_CONDITION(name, proto, args, cond)

#include <trace/trace_events.h>

#undef TRACE_EVENT
#undef TRACE_EVENT_FN
#undef TRACE_EVENT_CONDITION
#undef DECLARE_EVENT_CLASS
#undef DEFINE_EVENT
#undef DEFINE_EVENT_FN
#undef DEFINE_EVENT_PRINT
#undef DEFINE_EVENT_CONDITION
#undef DECLARE_TRACE
#undef DECLARE_TRACE_CONDITION
#undef TRACE_HEADER_MULTI_READ
#undef TRACE_INCLUDE
#undef UM_TRACE_INCLUDE
#ifdef UM_NO_TRACE_INCLUDE_FILE
#undef TRACE_INCLUDE_FILE
#undef UM_NO_TRACE_INCLUDE_FILE
#endif
#ifdef UM_NO_TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_PATH
#undef UM_NO_TRACE_INCLUDE_PATH
#endif

/* for the next header */
#define CREATE_TRACE_POINTS
#endif
