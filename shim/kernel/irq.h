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
/* Its thread, which is there at the first need. */
void um_interrupts_start(void);
/* On another task in any case. */
void um_interrupt_raise_elsewhere(struct um_interrupt *i);
/* Ends the thread that is interrupted for others. */
void um_interrupts_stop(void);

/* Tasklets that the calling task's interrupts have left: none of them is held back any more. */
void um_tasklets_run(void);
/* Adds the functions of those that will run or do. */
void um_tasklets_in(struct um_functions *found);
void um_tasklets_stop(void);

/* How many handlers there are, of all lines. */
extern unsigned int um_irq_handlers;
/*
 * For a search through schedules, where a device may interrupt at any time: the first line
 * from @from on whose interrupt would be handled now (0: none), and that it comes, on
 * the calling task, whose interrupts are on, or on another processor.
 */
unsigned int um_irq_could_come(unsigned int from);
void um_irq_comes(unsigned int irq, bool elsewhere);

/* Handlers that were not freed; the functions of irq_work that is queued. */
void um_irq_handlers_in(struct um_functions *found);
void um_irq_work_in(struct um_functions *found);

#endif
