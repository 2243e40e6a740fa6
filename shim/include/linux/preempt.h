/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Context of a task (kernel/softirq.c): atomic context is a count per task,
 * and sleeping with it raised is a splat. There are no NMIs.
 */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <asm/current.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/numa.h>
#include <linux/time64.h>

#define SOFTIRQ_OFFSET		0x100
#define SOFTIRQ_DISABLE_OFFSET	(2 * SOFTIRQ_OFFSET)
#define SOFTIRQ_MASK		0xff00
#define HARDIRQ_OFFSET		0x10000
#define HARDIRQ_MASK		0xf0000

void um_preempt_add(int n);
int um_preempt_count(void);

#define preempt_disable() um_preempt_add(1)
#define preempt_enable() um_preempt_add(-1)
#define preempt_count() um_preempt_count()
#define hardirq_count() (um_preempt_count() & HARDIRQ_MASK)
#define softirq_count() (um_preempt_count() & SOFTIRQ_MASK)
#define irq_count() (um_preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_atomic() (um_preempt_count() != 0)
#define in_hardirq() (hardirq_count() != 0)
#define in_irq() in_hardirq()
#define in_softirq() (softirq_count() != 0)
#define in_serving_softirq() ((softirq_count() & SOFTIRQ_OFFSET) != 0)
#define in_interrupt() (irq_count() != 0)
#define in_task() (!(um_preempt_count() & (HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#define in_nmi() 0
#define preemptible() (um_preempt_count() == 0 && !irqs_disabled())
#define migrate_disable() do {} while (0)
#define migrate_enable() do {} while (0)

DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(migrate, migrate_disable(), migrate_enable())

#endif
