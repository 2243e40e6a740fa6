/* SPDX-License-Identifier: GPL-2.0-only */
/* What has to hold, said to the compiler. */
#ifndef _LINUX_BUILD_BUG_H
#define _LINUX_BUILD_BUG_H

#include <linux/compiler.h>
#include <linux/types.h>

#define BUILD_BUG_ON_ZERO(e) ((int)(sizeof(struct { int : (-!!(e)); })))
/*
 * A statement, which the optimizer decides as in Linux: a condition that it knows
 * to be true leaves a call of what must not be called. What it does not know, at
 * less than Linux's -O2, is let pass, and without it all is. So it is where structs
 * of Linux have stand-ins, whose sizes are nobody's (UM_STAND_INS).
 */
#if defined(__OPTIMIZE__) && !defined(UM_STAND_INS)
#define um_build_bug_on(cond, msg, fn)					\
	do {								\
		extern void fn(void) __attribute__((error(msg)));	\
									\
		if (__builtin_constant_p(!(cond)) && (cond))		\
			fn();						\
	} while (0)
#else
#define um_build_bug_on(cond, msg, fn)					\
	do {								\
		(void)sizeof(!(cond));					\
	} while (0)
#endif
#define BUILD_BUG_ON_MSG(cond, msg)					\
	um_build_bug_on(cond, msg, __UNIQUE_ID(um_build_bug_))
#define BUILD_BUG_ON(cond) BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON: " #cond)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) \
	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define static_assert(expr, ...) __static_assert(expr, ##__VA_ARGS__, #expr)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)

#endif
