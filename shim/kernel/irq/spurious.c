// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that nobody cares for: a line on which more than 99,900 of 100,000
 * were not handled, in a storm, is disabled. Of those that a thread handles the
 * next interrupt knows. All of it is done with the line's lock held, since a handler
 * may be added meanwhile, which begins the counts anew.
 *
 * Left out: asking the handlers of other lines (irqpoll).
 */
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/printk.h>

#include "check/op.h"
#include "kernel/irq/internals.h"

#define DEFERRED	0x80000000	/* a thread was woken by the last one */
#define LOOK_AT		100000
#define TOO_MANY	99900

static void report(struct irq_desc *desc, irqreturn_t ret)
{
	unsigned int irq = desc->irq_data.irq;
	struct irqaction *action;

	if (ret > (IRQ_HANDLED | IRQ_WAKE_THREAD))
		pr_err("irq event %d: bogus return value %x\n", irq, ret);
	else
		pr_err("irq %d: nobody cared (try booting with the \"irqpoll\" option)\n", irq);
	um_print_stack(KERN_ERR, 1);
	pr_err("handlers:\n");
	for (action = desc->action; action; action = action->next) {
		if (action->thread_fn)
			pr_err("[<%p>] %ps threaded [<%p>] %ps\n", action->handler,
			       action->handler, action->thread_fn, action->thread_fn);
		else
			pr_err("[<%p>] %ps\n", action->handler, action->handler);
	}
}

/* Only a thread was woken: whether one has handled the interrupt before. */
static bool threads_have_handled(struct irq_desc *desc, bool *first)
{
	int handled = atomic_read(&desc->threads_handled) | DEFERRED;
	int last = desc->threads_handled_last;

	*first = !(last & DEFERRED);
	if (*first)
		desc->threads_handled_last |= DEFERRED;
	else
		desc->threads_handled_last = handled;
	return handled != last;
}

static void count_unhandled(struct irq_desc *desc)
{
	if (time_after(jiffies, desc->last_unhandled + HZ / 10))
		desc->irqs_unhandled = 1;
	else
		desc->irqs_unhandled++;
	desc->last_unhandled = jiffies;
}

/* Turned off, as it would come again at once, for ever. */
static void give_up(struct irq_desc *desc, irqreturn_t ret)
{
	report(desc, ret);
	pr_emerg("Disabling IRQ #%d\n", desc->irq_data.irq);
	irq_state_set(desc, UM_IRQ_SPURIOUS);
	desc->depth++;
	irq_disable(desc);
}

/* What its handlers returned, one or the other. Only one interrupt of a line runs. */
void note_interrupt(struct irq_desc *desc, irqreturn_t ret)
{
	bool first;

	if (ret > (IRQ_HANDLED | IRQ_WAKE_THREAD)) {
		report(desc, ret);
		return;
	}
	if (ret == IRQ_WAKE_THREAD) {
		ret = threads_have_handled(desc, &first) ? IRQ_HANDLED : IRQ_NONE;
		if (first)
			return;
	} else if (ret & IRQ_WAKE_THREAD) {
		desc->threads_handled_last &= ~DEFERRED;
	}
	if (ret == IRQ_NONE)
		count_unhandled(desc);
	if (!desc->irqs_unhandled || ++desc->irq_count < LOOK_AT)
		return;
	desc->irq_count = 0;
	if (desc->irqs_unhandled > TOO_MANY)
		give_up(desc, ret);
	desc->irqs_unhandled = 0;
}
