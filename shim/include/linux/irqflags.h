/* SPDX-License-Identifier: GPL-2.0-only */
/* The shim has no interrupts: disabling them means "must not sleep". */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <linux/preempt.h>

#define local_irq_disable() um_preempt_add(1)
#define local_irq_enable() um_preempt_add(-1)
#define local_irq_save(flags) do { (flags) = 0; um_preempt_add(1); } while (0)
#define local_irq_restore(flags) do { (void)(flags); um_preempt_add(-1); } while (0)
#define irqs_disabled() 0
#define local_bh_disable() um_preempt_add(1)
#define local_bh_enable() um_preempt_add(-1)

#endif
