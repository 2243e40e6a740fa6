/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs as an interrupt handler's (kernel/softirq.c). */
#ifndef _LINUX_HARDIRQ_H
#define _LINUX_HARDIRQ_H

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>

void irq_enter(void);
void irq_exit(void);

#endif
