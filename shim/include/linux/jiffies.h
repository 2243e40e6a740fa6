/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ticks, 250 to a second, counted from boot by the modelled kernel's clock
 * (kernel/time/timer.c). jiffies is a call, and cannot be assigned to.
 */
#ifndef _LINUX_JIFFIES_H
#define _LINUX_JIFFIES_H

#include <linux/types.h>
#include <linux/limits.h>
#include <linux/time.h>
#include <asm/param.h>
#include <asm/processor.h>

unsigned long um_jiffies(void);
#define jiffies um_jiffies()
#define get_jiffies_64() ((u64)um_jiffies())
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)

#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)

static inline unsigned long msecs_to_jiffies(unsigned int m)
{
	/* what was negative stands for ever */
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	return (m + MSEC_PER_SEC / HZ - 1) / (MSEC_PER_SEC / HZ);
}

static inline unsigned long usecs_to_jiffies(unsigned int u)
{
	return (u + USEC_PER_SEC / HZ - 1) / (USEC_PER_SEC / HZ);
}

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}

#endif
