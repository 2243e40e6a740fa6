/* SPDX-License-Identifier: GPL-2.0-only */
/* What brings interrupts (kernel/irq_work.c), and what they leave for later (kernel/softirq.c). */
#ifndef UMDEV_KERNEL_IRQ_H
#define UMDEV_KERNEL_IRQ_H

#include <linux/irq_work.h>
#include <linux/types.h>

#include "kernel/module/functions.h"

/*
 * @i->fn runs as an interrupt: at once on the calling task if that can be interrupted,
 * otherwise on another. Raised again before it has begun, it runs once.
 */
bool um_interrupt_raise(struct um_interrupt *i);
/* Until it neither runs nor is about to. */
void um_interrupt_wait(struct um_interrupt *i);
/* Ends the thread that is interrupted for others. */
void um_interrupts_stop(void);

/* Tasklets that the calling task's interrupts have left: none of them is held back any more. */
void um_tasklets_run(void);
/* Adds the functions of those that will run or do. */
void um_tasklets_in(struct um_functions *found);
void um_tasklets_stop(void);

/* Handlers that were not freed; the functions of irq_work that is queued. */
void um_irq_handlers_in(struct um_functions *found);
void um_irq_work_in(struct um_functions *found);

#endif
