/* SPDX-License-Identifier: GPL-2.0-only */
/* sysfs_emit(), for releases before there was one; without its checks. */
#ifndef COMPAT_LINUX_SYSFS_H
#define COMPAT_LINUX_SYSFS_H

#include_next <linux/sysfs.h>

#ifdef KAPI_AS_5_4
#include <linux/kernel.h>
#include "compat/levels.h"

#if !KAPI_SYSFS_EMIT
static inline __printf(3, 4) int sysfs_emit_at(char *buf, int at,
					       const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf + at, PAGE_SIZE - at, fmt, args);
	va_end(args);
	return len;
}

#define sysfs_emit(buf, fmt, ...) sysfs_emit_at(buf, 0, fmt, ##__VA_ARGS__)
#endif
#endif /* KAPI_AS_5_4 */

#endif
