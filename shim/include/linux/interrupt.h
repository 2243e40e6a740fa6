/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of interrupt handlers, for callbacks that have them, and what comes
 * with this header in Linux. The shim has no interrupts: request_irq(),
 * tasklets and softirqs are left out.
 */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/irqreturn.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

#endif
