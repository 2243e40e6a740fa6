/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time in nanoseconds by the modelled kernel's clock, whose advance a driver of
 * the wait primitive decides. Boot time and monotonic time are one.
 */
#ifndef _LINUX_KTIME_H
#define _LINUX_KTIME_H

#include <linux/types.h>
#include <linux/jiffies.h>

u64 um_time_ns(void);
static inline ktime_t ktime_get(void)
{
	return um_time_ns();
}

#define ktime_get_ns() ((u64)ktime_get())
#define ktime_get_boottime_ns() ktime_get_ns()
u64 ktime_get_real_ns(void);
#define ktime_to_ns(kt) (kt)
#define ns_to_ktime(ns) ((ktime_t)(ns))
#define ms_to_ktime(ms) ((ktime_t)(ms) * NSEC_PER_MSEC)
#define ktime_sub(a, b) ((a) - (b))
#define ktime_add(a, b) ((a) + (b))
#define ktime_add_ns(a, n) ((a) + (n))
#define ktime_to_us(kt) ((kt) / NSEC_PER_USEC)
#define ktime_to_ms(kt) ((kt) / NSEC_PER_MSEC)
#define ktime_compare(a, b) ((a) < (b) ? -1 : (a) > (b))

#endif
