// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts that came while their line was disabled come again when it is enabled:
 * the chip brings them, or software does, in a softirq with interrupts off.
 */
#include <linux/bitmap.h>
#include <linux/irq.h>
#include <linux/rcupdate.h>

#include "kernel/irq/internals.h"

static DECLARE_BITMAP(irqs_resend, UM_IRQ_LAST + 1);

static void resend_irqs(struct tasklet_struct *unused)
{
	struct irq_desc *desc;
	unsigned long irq;

	for_each_set_bit(irq, irqs_resend, UM_IRQ_LAST + 1) {
		if (!test_and_clear_bit(irq, irqs_resend))
			continue;
		rcu_read_lock();
		desc = irq_to_desc(irq);
		if (desc) {
			local_irq_disable();
			desc->handle_irq(desc);
			local_irq_enable();
		}
		rcu_read_unlock();
	}
}

static DECLARE_TASKLET(resend_tasklet, resend_irqs);

/* Of a line that goes: the next one of its number has nothing to do with it. */
void clear_irq_resend(unsigned int irq)
{
	clear_bit(irq, irqs_resend);
}

int check_irq_resend(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;

	/* of a level the hardware would see to it */
	if (desc->irq_common_data.um_settings & IRQ_LEVEL) {
		irq_state_clear(desc, UM_IRQ_PENDING);
		return -EINVAL;
	}
	if (desc->um_state & UM_IRQ_REPLAY)
		return -EBUSY;
	if (!(desc->um_state & UM_IRQ_PENDING))
		return 0;
	irq_state_clear(desc, UM_IRQ_PENDING);
	irq_state_set(desc, UM_IRQ_REPLAY);
	if (!chip->irq_retrigger || !chip->irq_retrigger(&desc->irq_data)) {
		set_bit(desc->irq_data.irq, irqs_resend);
		tasklet_schedule(&resend_tasklet);
	}
	return 0;
}
