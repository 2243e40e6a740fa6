// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins of PCI cards: four lines that all cards share. One is raised as long as some
 * card raises it: it comes again when its handlers have run, until it is lowered
 * or masked.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/irq.h>
#include <linux/irq_work.h>

#include "check/op.h"
#include "drivers/pci/pci.h"
#include "kernel/irq.h"
#include "kernel/sched/wait.h"

#define FIRST_IRQ	16

static void deliver(struct um_interrupt *i);

/* Guarded by the inner lock. */
static struct line {
	struct um_interrupt interrupt;
	u32 raised;			/* a bit for each slot */
	bool masked;
} lines[4] = {
	[0 ... 3] = { .interrupt.fn = deliver, .masked = true },
};

static void deliver(struct um_interrupt *i)
{
	generic_handle_irq(FIRST_IRQ + (container_of(i, struct line, interrupt) - lines));
}

static struct line *line_of(struct irq_data *data)
{
	return &lines[data->irq - FIRST_IRQ];
}

static void raise_if_raised(struct line *line)
{
	bool comes;

	um_sched_lock();
	comes = line->raised && !line->masked;
	um_sched_unlock();
	if (comes)
		um_interrupt_raise(&line->interrupt);
}

static void set_masked(struct irq_data *data, bool masked)
{
	um_sched_lock();
	line_of(data)->masked = masked;
	um_sched_unlock();
}

static void intx_mask(struct irq_data *data)
{
	set_masked(data, true);
}

static void intx_unmask(struct irq_data *data)
{
	set_masked(data, false);
	raise_if_raised(line_of(data));
}

static void intx_eoi(struct irq_data *data)
{
	raise_if_raised(line_of(data));
}

static struct irq_chip intx_chip = {
	.name = "PCI-INTx", .irq_mask = intx_mask, .irq_unmask = intx_unmask, .irq_eoi = intx_eoi,
};

/* Made when the first card with a pin is found. */
static int make_lines(void)
{
	unsigned int i;
	int irq;

	if (irq_to_desc(FIRST_IRQ))
		return 0;
	irq = __irq_alloc_descs(FIRST_IRQ, FIRST_IRQ, ARRAY_SIZE(lines), NUMA_NO_NODE, NULL, NULL);
	if (irq < 0)
		return irq;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		irq_modify_status(irq + i, 0, IRQ_TYPE_LEVEL_LOW);
		irq_set_chip_and_handler_name(irq + i, &intx_chip, handle_fasteoi_irq, "fasteoi");
	}
	return 0;
}

/* 0: no pin, or no memory for its line. */
unsigned int um_intx_irq(unsigned int pin)
{
	return pin && !make_lines() ? FIRST_IRQ + pin - 1 : 0;
}

void um_intx_set(unsigned int source, bool raised)
{
	struct line *line = &lines[source % 4];
	u32 bit = 1u << source / 4;

	/* who lets it through later brings what was before it */
	um_step(UM_GIVE, &line->interrupt);
	if (raised)
		line->raised |= bit;
	else
		line->raised &= ~bit;
}

void um_intx_tell(unsigned int source)
{
	raise_if_raised(&lines[source % 4]);
}
