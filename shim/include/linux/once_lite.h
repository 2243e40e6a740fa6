/* SPDX-License-Identifier: GPL-2.0-only */
/* DO_ONCE_LITE(): true for the one call that runs @func, of all that race. */
#ifndef _LINUX_ONCE_LITE_H
#define _LINUX_ONCE_LITE_H

#include <linux/types.h>

#define um_do_once(statement)						\
({									\
	static bool __um_done;						\
	bool __um_first = !__atomic_exchange_n(&__um_done, true,	\
					       __ATOMIC_RELAXED);	\
	if (__um_first)							\
		statement;						\
	__um_first;							\
})
#define DO_ONCE_LITE(func, ...) um_do_once(func(__VA_ARGS__))
#define DO_ONCE_LITE_IF(condition, func, ...)				\
({									\
	bool __um_cond = !!(condition);					\
	if (__um_cond)							\
		um_do_once(func(__VA_ARGS__));				\
	__um_cond;							\
})

#endif
