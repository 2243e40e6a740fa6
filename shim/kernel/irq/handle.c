// SPDX-License-Identifier: GPL-2.0-only
/*
 * An interrupt that is to be handled: each handler of its line is called, with the
 * line's lock dropped. What has come to run cannot be freed until it has ended
 * (manage.c), so nothing else guards the list meanwhile.
 */
#include <linux/bug.h>
#include <linux/irq.h>
#include <linux/printk.h>

#include "check/op.h"
#include "kernel/irq/internals.h"
#include "kernel/sched/wait.h"

static irqreturn_t call_handler(struct irq_desc *desc, struct irqaction *action)
{
	unsigned int irq = desc->irq_data.irq;
	irqreturn_t ret;

	/* it may have been requested while one before it ran */
	um_step(UM_TAKE, action);
	ret = action->handler(irq, action->dev_id);
	if (WARN_ONCE(!irqs_disabled(), "irq %u handler %pS enabled interrupts\n", irq,
		      action->handler))
		local_irq_disable();
	if (ret != IRQ_WAKE_THREAD)
		return ret;
	if (action->thread_fn)
		__irq_wake_thread(action);
	else
		pr_warn_once("IRQ %d device %s returned IRQ_WAKE_THREAD but no thread function available.",
			     irq, action->name);
	return ret;
}

static irqreturn_t call_handlers(struct irq_desc *desc)
{
	struct irqaction *action = __atomic_load_n(&desc->action, __ATOMIC_ACQUIRE);
	unsigned int ret = IRQ_NONE;

	/* the last was taken out just now */
	if (!action)
		return IRQ_NONE;
	um_begin(UM_TIMER_RUN, .object = desc, .map = &desc->um_handler,
		 .ip = (unsigned long)action->handler + 1);
	for (; action; action = __atomic_load_n(&action->next, __ATOMIC_ACQUIRE))
		ret |= call_handler(desc, action);
	um_end(UM_TIMER_RUN, 0, .object = desc, .map = &desc->um_handler);
	return ret;
}

void handle_irq_event(struct irq_desc *desc)
{
	irqreturn_t ret;

	irq_state_clear(desc, UM_IRQ_PENDING);
	irq_state_set(desc, UM_IRQ_RUNNING);
	raw_spin_unlock(&desc->lock);

	ret = call_handlers(desc);

	raw_spin_lock(&desc->lock);
	note_interrupt(desc, ret);
	irq_state_clear(desc, UM_IRQ_RUNNING);
}
