/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside kernel/irq/: handlers, and the state of a line. */
#ifndef UMDEV_KERNEL_IRQ_INTERNALS_H
#define UMDEV_KERNEL_IRQ_INTERNALS_H

#include <linux/bits.h>
#include <linux/interrupt.h>
#include <linux/irq.h>

/* Numbers of lines; those below the first are a machine's own. */
#define UM_IRQ_FIRST	24
#define UM_IRQ_LAST	1023

/* irq_desc.um_state, under the line's lock; the first two for readers the inner lock as well */
#define UM_IRQ_RUNNING		BIT(0)	/* its handlers run */
#define UM_IRQ_DISABLED		BIT(1)
#define UM_IRQ_MASKED		BIT(2)
#define UM_IRQ_STARTED		BIT(3)
#define UM_IRQ_PENDING		BIT(4)	/* one came that could not be handled */
#define UM_IRQ_REPLAY		BIT(5)	/* and comes again */
#define UM_IRQ_ONESHOT		BIT(6)
#define UM_IRQ_SPURIOUS		BIT(7)	/* disabled since nobody cared */
#define UM_IRQ_CHAINED		BIT(8)

/**
 * struct irqaction - a handler
 * @handler:     in the interrupt
 * @thread_fn:   in a thread of its own; or NULL
 * @dev_id:      for both
 * @next:        on the same line
 * @desc:        the line
 * @name:        the caller's
 * @thread:      calls @thread_fn
 * @flags:       IRQF_
 * @thread_mask: its bit among those that keep a line masked, if it is oneshot
 * @run:         the thread is to run
 */
struct irqaction {
	irq_handler_t handler, thread_fn;
	void *dev_id;
	struct irqaction *next;
	struct irq_desc *desc;
	const char *name;
	struct task_struct *thread;
	unsigned int flags;
	unsigned long thread_mask;
	unsigned long run;
};

/* The lock that is held around a line's own operations, where they need one. */
static inline void chip_bus_lock(struct irq_desc *desc)
{
	if (desc->irq_data.chip->irq_bus_lock)
		desc->irq_data.chip->irq_bus_lock(&desc->irq_data);
}

static inline void chip_bus_sync_unlock(struct irq_desc *desc)
{
	if (desc->irq_data.chip->irq_bus_sync_unlock)
		desc->irq_data.chip->irq_bus_sync_unlock(&desc->irq_data);
}

/* chip.c: line's lock held */
void irq_state_set(struct irq_desc *desc, unsigned int bits);
void irq_state_clear(struct irq_desc *desc, unsigned int bits);
int irq_startup(struct irq_desc *desc, bool resend);
void irq_shutdown(struct irq_desc *desc);
void irq_enable(struct irq_desc *desc);
void irq_disable(struct irq_desc *desc);
void mask_irq(struct irq_desc *desc);
void unmask_irq(struct irq_desc *desc);
int __irq_set_trigger(struct irq_desc *desc, unsigned long type);

/* handle.c: line's lock held, and dropped while handlers run */
void handle_irq_event(struct irq_desc *desc);
/* manage.c */
void __enable_irq(struct irq_desc *desc);
void __irq_wake_thread(struct irqaction *action);
irqreturn_t irq_default_primary_handler(int irq, void *dev_id);
/* resend.c: line's lock held */
int check_irq_resend(struct irq_desc *desc);
void clear_irq_resend(unsigned int irq);
/* spurious.c: line's lock held */
void note_interrupt(struct irq_desc *desc, irqreturn_t ret);

#endif
