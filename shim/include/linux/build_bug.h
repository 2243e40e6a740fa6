/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to hold, said to the compiler. */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>
#include <linux/types.h>

#define BUILD_BUG_ON_ZERO(e) ((int)(sizeof(struct { int : (-!!(e)); })))
/*
 * A statement, as in Linux. A condition that only the optimizer could decide is
 * not looked at: most builds are without it.
 */
#define BUILD_BUG_ON_MSG(cond, msg)					\
	do {								\
		_Static_assert(__builtin_choose_expr(			\
			__builtin_constant_p(cond), !(cond), 1), msg);	\
	} while (0)
#define BUILD_BUG_ON(cond) BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON: " #cond)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) \
	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define static_assert(expr, ...) __static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)

#endif
