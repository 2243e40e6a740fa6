/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of clocks and interval timers, from the UAPI. Units of time are in
 * linux/time64.h, ticks in linux/jiffies.h. Left out: calendars.
 */
#ifndef _LINUX_TIME_H_SHIM
#define _LINUX_TIME_H_SHIM

#include <linux/time64.h>
#include <asm/processor.h>
#include_next <linux/time.h>

#endif
