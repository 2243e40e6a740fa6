/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomic context is a count per task: sleeping with it raised is a splat. */
#ifndef _LINUX_PREEMPT_H
#define _LINUX_PREEMPT_H

#include <asm/current.h>
#include <asm/page.h>
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/time64.h>

void um_preempt_add(int n);
int um_preempt_count(void);

#define preempt_disable() um_preempt_add(1)
#define preempt_enable() um_preempt_add(-1)
#define preempt_count() um_preempt_count()
#define in_atomic() (um_preempt_count() != 0)
#define in_interrupt() 0
#define in_task() 1
#define in_irq() 0
#define in_nmi() 0
#define migrate_disable() do {} while (0)
#define migrate_enable() do {} while (0)

#endif
