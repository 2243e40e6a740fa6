/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * WARN and BUG. A WARN is a function call with the condition evaluated once,
 * so that coverage counts no branch of the machinery.
 */
#ifndef _LINUX_BUG_H
#define _LINUX_BUG_H

#include <asm/bug.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/printk.h>
#include <linux/types.h>

bool um_warn_on(bool cond, const char *expr, const char *file, int line,
		const char *func);
bool um_warn(bool cond, const char *file, int line, const char *func,
	     const char *fmt, ...) __printf(5, 6);
bool um_warn_once(bool *warned, bool cond, const char *file, int line,
		  const char *func, const char *fmt, ...) __printf(6, 7);
void um_bug(const char *expr, const char *file, int line, const char *func)
	__noreturn;

#define WARN_ON(cond) \
	um_warn_on(!!(cond), #cond, __FILE__, __LINE__, __func__)
#define WARN(cond, fmt, ...) \
	um_warn(!!(cond), __FILE__, __LINE__, __func__, fmt, ##__VA_ARGS__)
#define WARN_ONCE(cond, fmt, ...)					\
({									\
	static bool __warned __attribute__((__section__(".data.once")));	\
	um_warn_once(&__warned, !!(cond), __FILE__, __LINE__, __func__,	\
		     fmt, ##__VA_ARGS__);				\
})
#define WARN_ON_ONCE(cond) WARN_ONCE(cond, "%s\n", #cond)
#define WARN_TAINT(cond, taint, fmt, ...) WARN(cond, fmt, ##__VA_ARGS__)

#define BUG() um_bug("BUG()", __FILE__, __LINE__, __func__)
#define BUG_ON(cond) \
	do { if (unlikely(cond)) um_bug(#cond, __FILE__, __LINE__, __func__); } while (0)

#endif
