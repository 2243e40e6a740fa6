/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleeping and busy waiting by the modelled kernel's clock
 * (kernel/time/timer.c).
 */
#ifndef _LINUX_DELAY_H
#define _LINUX_DELAY_H

#include <linux/kernel.h>
#include <linux/sched.h>

void msleep(unsigned int msecs);
unsigned long msleep_interruptible(unsigned int msecs);
void usleep_range(unsigned long min, unsigned long max);
#define ssleep(s) msleep((s) * 1000)
void udelay(unsigned long usecs);
void ndelay(unsigned long nsecs);
void mdelay(unsigned long msecs);

#endif
