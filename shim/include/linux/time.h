/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of clocks and interval timers, from the UAPI. Units of time are in
 * linux/time64.h, ticks in linux/jiffies.h. A calendar (kernel/time/timeconv.c).
 */
#ifndef _LINUX_TIME_H_SHIM
#define _LINUX_TIME_H_SHIM

#include <linux/time64.h>
#include <asm/processor.h>
#include_next <linux/time.h>

struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;		/* from 1 */
	int tm_mon;		/* from 0 */
	long tm_year;		/* since 1900 */
	int tm_wday;		/* from Sunday, 0 */
	int tm_yday;		/* from 0 */
};

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);

#endif
