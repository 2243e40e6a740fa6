/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts and bottom halves on and off, for the task alone (kernel/softirq.c). */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/cleanup.h>
#include <linux/preempt.h>
#include <linux/types.h>

unsigned long um_irq_save(void);
void um_irq_restore(unsigned long flags);
void um_irq_set(bool on);
bool um_irqs_disabled(void);
void um_bh_add(int n);

#define local_irq_disable() um_irq_set(false)
#define local_irq_enable() um_irq_set(true)
#define local_irq_save(flags) do { (flags) = um_irq_save(); } while (0)
#define local_irq_restore(flags) um_irq_restore(flags)
#define irqs_disabled() um_irqs_disabled()
#define local_bh_disable() um_bh_add(1)
#define local_bh_enable() um_bh_add(-1)

DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags),
		    local_irq_restore(_T->flags), unsigned long flags)

#endif
