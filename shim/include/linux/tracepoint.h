/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: trace_NAME() calls the probes that were registered for NAME
 * (kernel/tracepoint.c). TRACE_EVENT() makes an event of one, too: a record of its
 * arguments, which can be read (trace/define_trace.h, kernel/trace/trace.c). What
 * one consists of is made where CREATE_TRACE_POINTS is defined, once.
 *
 * The macros at the end are made again after each header of events.
 */
#ifndef _LINUX_TRACEPOINT_H
#define _LINUX_TRACEPOINT_H

#include <linux/errno.h>
#include <linux/notifier.h>
#include <linux/rcupdate.h>
#include <linux/tracepoint-defs.h>
#include <linux/types.h>

int tracepoint_probe_register(struct tracepoint *tp, void *probe, void *data);
int tracepoint_probe_register_prio(struct tracepoint *tp, void *probe, void *data, int prio);
int tracepoint_probe_unregister(struct tracepoint *tp, void *probe, void *data);

/* Until nobody is in a probe that was unregistered. */
static inline void tracepoint_synchronize_unregister(void)
{
	synchronize_rcu();
}

#define PARAMS(args...) args
#define TP_PROTO(args...) args
#define TP_ARGS(args...) args
#define TP_CONDITION(args...) args

#define TRACE_DEFINE_ENUM(name)
#define TRACE_DEFINE_SIZEOF(name)

#define EXPORT_TRACEPOINT_SYMBOL(name)		EXPORT_SYMBOL(__tracepoint_##name)
#define EXPORT_TRACEPOINT_SYMBOL_GPL(name)	EXPORT_SYMBOL_GPL(__tracepoint_##name)

#define UM_TRACEPOINT(_name, _reg, _unreg, proto, args)			\
	struct tracepoint __tracepoint_##_name = {			\
		.name = #_name, .regfunc = _reg, .unregfunc = _unreg,	\
	}
#define DEFINE_TRACE_FN(name, reg, unreg, proto, args) \
	UM_TRACEPOINT(name, reg, unreg, PARAMS(proto), PARAMS(args))
#define DEFINE_TRACE(name, proto, args) \
	UM_TRACEPOINT(name, NULL, NULL, PARAMS(proto), PARAMS(args))

#define UM_DECLARE_TRACE(name, proto, args, cond, data_proto)		\
	extern struct tracepoint __tracepoint_##name;			\
	static inline bool trace_##name##_enabled(void)			\
	{								\
		return READ_ONCE(__tracepoint_##name.funcs);		\
	}								\
	static inline void trace_##name(proto)				\
	{								\
		const struct tracepoint_func *__f;			\
									\
		if (likely(!trace_##name##_enabled()) || !(cond))	\
			return;						\
		rcu_read_lock();					\
		__f = rcu_dereference(__tracepoint_##name.funcs);	\
		for (; __f && __f->func; __f++)				\
			((void (*)(data_proto))__f->func)(__f->data, args); \
		rcu_read_unlock();					\
	}								\
	static inline void trace_##name##_rcuidle(proto)		\
	{								\
		trace_##name(args);					\
	}								\
	static inline int register_trace_##name(void (*probe)(data_proto), void *data) \
	{								\
		return tracepoint_probe_register(&__tracepoint_##name, (void *)probe, data); \
	}								\
	static inline int register_trace_prio_##name(void (*probe)(data_proto), void *data, \
						     int prio)		\
	{								\
		return tracepoint_probe_register_prio(&__tracepoint_##name, (void *)probe, \
						      data, prio);	\
	}								\
	static inline int unregister_trace_##name(void (*probe)(data_proto), void *data) \
	{								\
		return tracepoint_probe_unregister(&__tracepoint_##name, (void *)probe, data); \
	}								\
	static inline void check_trace_callback_type_##name(void (*cb)(data_proto)) \
	{								\
	}								\
	struct um_trace_##name##_declared

#endif

#ifndef DECLARE_TRACE
#define DECLARE_TRACE(name, proto, args)				\
	UM_DECLARE_TRACE(name, PARAMS(proto), PARAMS(args), 1, PARAMS(void *__data, proto))
#define DECLARE_TRACE_CONDITION(name, proto, args, cond)		\
	UM_DECLARE_TRACE(name, PARAMS(proto), PARAMS(args), PARAMS(cond), \
			 PARAMS(void *__data, proto))
#endif

#ifndef TRACE_EVENT
#define DECLARE_EVENT_CLASS(name, proto, args, tstruct, assign, print)
#define DEFINE_EVENT(template, name, proto, args)			\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_FN(template, name, proto, args, reg, unreg)	\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_PRINT(template, name, proto, args, print)		\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DEFINE_EVENT_CONDITION(template, name, proto, args, cond)	\
	DECLARE_TRACE_CONDITION(name, PARAMS(proto), PARAMS(args), PARAMS(cond))
#define TRACE_EVENT(name, proto, args, tstruct, assign, print)		\
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_FN(name, proto, args, tstruct, assign, print, reg, unreg) \
	DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define TRACE_EVENT_CONDITION(name, proto, args, cond, tstruct, assign, print) \
	DECLARE_TRACE_CONDITION(name, PARAMS(proto), PARAMS(args), PARAMS(cond))
#endif
