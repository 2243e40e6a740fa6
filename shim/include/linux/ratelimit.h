/* SPDX-License-Identifier: GPL-2.0-only */
/* Warnings that come no more often than an interval allows (lib/ratelimit.c). */
#ifndef _LINUX_RATELIMIT_H
#define _LINUX_RATELIMIT_H

#include <linux/bug.h>
#include <linux/ratelimit_types.h>
#include <linux/sched.h>

static inline void ratelimit_state_init(struct ratelimit_state *rs,
					int interval, int burst)
{
	*rs = (struct ratelimit_state){ .interval = interval, .burst = burst };
}

static inline void ratelimit_default_init(struct ratelimit_state *rs)
{
	ratelimit_state_init(rs, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
}

static inline void ratelimit_set_flags(struct ratelimit_state *rs,
				       unsigned long flags)
{
	rs->flags = flags;
}

#define WARN_ON_RATELIMIT(condition, state) \
	({ bool __um_c = !!(condition); WARN_ON(__um_c && __ratelimit(state)); __um_c; })
#define WARN_RATELIMIT(condition, format, ...)				\
({									\
	static DEFINE_RATELIMIT_STATE(__um_rs, DEFAULT_RATELIMIT_INTERVAL, \
				      DEFAULT_RATELIMIT_BURST);		\
	bool __um_c = !!(condition);					\
	WARN(__um_c && __ratelimit(&__um_rs), format, ##__VA_ARGS__);	\
	__um_c;								\
})

#endif
