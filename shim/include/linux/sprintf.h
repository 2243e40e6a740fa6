/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's printf family, with its %p extensions (lib/vsprintf.c). The
 * functions have link names of their own, so that libc's are left alone.
 */
#include "compat/levels.h"
#if !KAPI_SPLIT_HEADERS && !defined(UM_SPLIT_HEADER) && !defined(UMDEV_BUILTIN)
#error "linux/sprintf.h: not a header of this release, which has what is in it in linux/kernel.h"
#endif

#ifndef _LINUX_SPRINTF_H
#define _LINUX_SPRINTF_H

#include <linux/compiler.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/types.h>

#include "check/op.h"

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__asm__("um_k_vsnprintf") __printf(3, 0);
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
	__printf(3, 0);
int vsprintf(char *buf, const char *fmt, va_list args)
	__asm__("um_k_vsprintf") __printf(2, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...)
	__asm__("um_k_snprintf") __printf(3, 4);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int sprintf(char *buf, const char *fmt, ...)
	__asm__("um_k_sprintf") __printf(2, 3);
int sscanf(const char *buf, const char *fmt, ...)
	__asm__("um_k_sscanf") __scanf(2, 3);
int vsscanf(const char *buf, const char *fmt, va_list args)
	__asm__("um_k_vsscanf") __scanf(2, 0);

#define kasprintf(gfp, fmt, ...) \
	um_alloc_leaf("kasprintf", gfp, um_kasprintf(__um_gfp, fmt, ##__VA_ARGS__))
#define kvasprintf(gfp, fmt, ap) \
	um_alloc_leaf("kvasprintf", gfp, um_kvasprintf(__um_gfp, fmt, ap))

/*
 * A format without conversions, or "%s" alone, of constant text of the shim
 * is not copied: free the result with kfree_const().
 */
const char *um_kvasprintf_const_text(const char *fmt, va_list ap);
#define kvasprintf_const(gfp, fmt, ap)					\
({									\
	const char *__um_text = um_kvasprintf_const_text(fmt, ap);	\
	__um_text ? __um_text : (const char *)kvasprintf(gfp, fmt, ap);	\
})

#endif
