// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line is made of: its chip, which is told to mask it and so on, and its
 * flow handler, which decides what comes of an interrupt. A disabled line is not
 * masked until an interrupt comes (lazily); that one is pending, and comes again
 * when the line is enabled, unless it is one of a level, which would still be there.
 *
 * Left out: lines of single processors, hierarchies of chips, managed ones.
 */
#define pr_fmt(fmt) "genirq: " fmt

#include <linux/export.h>
#include <linux/irq.h>
#include <linux/printk.h>

#include "kernel/irq/internals.h"
#include "kernel/sched/wait.h"

static void noop(struct irq_data *data) { }
static unsigned int noop_ret(struct irq_data *data) { return 0; }

/* What the machine is told of an interrupt that nobody expects. */
static void ack_bad(struct irq_data *data)
{
	printk(KERN_ERR "unexpected IRQ trap at vector %02x\n", data->irq);
}

/* A line that has none yet. */
struct irq_chip no_irq_chip = {
	.name = "none",
	.irq_startup = noop_ret, .irq_shutdown = noop, .irq_enable = noop, .irq_disable = noop,
	.irq_ack = ack_bad, .flags = IRQCHIP_SKIP_SET_WAKE,
};

/* For lines that software makes. */
struct irq_chip dummy_irq_chip = {
	.name = "dummy",
	.irq_startup = noop_ret, .irq_shutdown = noop, .irq_enable = noop, .irq_disable = noop,
	.irq_ack = noop, .irq_mask = noop, .irq_unmask = noop, .flags = IRQCHIP_SKIP_SET_WAKE,
};
EXPORT_SYMBOL_GPL(dummy_irq_chip);

/* ---- state: line's lock held ---------------------------------------------------- */

void irq_state_set(struct irq_desc *desc, unsigned int bits)
{
	um_sched_lock();
	desc->um_state |= bits;
	um_sched_unlock();
}

/* Somebody may wait until its handlers do not run. */
void irq_state_clear(struct irq_desc *desc, unsigned int bits)
{
	um_sched_lock();
	desc->um_state &= ~bits;
	if (bits & UM_IRQ_RUNNING)
		um_wake(desc);
	um_sched_unlock();
}

static bool is_disabled(const struct irq_desc *desc)
{
	return desc->um_state & UM_IRQ_DISABLED;
}

static void call(struct irq_desc *desc, void (*op)(struct irq_data *data))
{
	if (op)
		op(&desc->irq_data);
}

void mask_irq(struct irq_desc *desc)
{
	if (desc->um_state & UM_IRQ_MASKED || !desc->irq_data.chip->irq_mask)
		return;
	desc->irq_data.chip->irq_mask(&desc->irq_data);
	irq_state_set(desc, UM_IRQ_MASKED);
}

void unmask_irq(struct irq_desc *desc)
{
	if (!(desc->um_state & UM_IRQ_MASKED) || !desc->irq_data.chip->irq_unmask)
		return;
	/* before it is: one may come at once */
	irq_state_clear(desc, UM_IRQ_MASKED);
	desc->irq_data.chip->irq_unmask(&desc->irq_data);
}

static void mask_ack_irq(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;

	if (chip->irq_mask_ack) {
		chip->irq_mask_ack(&desc->irq_data);
		irq_state_set(desc, UM_IRQ_MASKED);
	} else {
		mask_irq(desc);
		call(desc, chip->irq_ack);
	}
}

void irq_enable(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;

	if (!is_disabled(desc)) {
		unmask_irq(desc);
		return;
	}
	irq_state_clear(desc, UM_IRQ_DISABLED);
	if (chip->irq_enable) {
		irq_state_clear(desc, UM_IRQ_MASKED);
		chip->irq_enable(&desc->irq_data);
	} else {
		unmask_irq(desc);
	}
}

static void disable(struct irq_desc *desc, bool mask)
{
	struct irq_chip *chip = desc->irq_data.chip;

	if (is_disabled(desc)) {
		if (mask)
			mask_irq(desc);
		return;
	}
	irq_state_set(desc, UM_IRQ_DISABLED);
	if (chip->irq_disable) {
		chip->irq_disable(&desc->irq_data);
		irq_state_set(desc, UM_IRQ_MASKED);
	} else if (mask) {
		mask_irq(desc);
	}
}

void irq_disable(struct irq_desc *desc)
{
	disable(desc, desc->irq_common_data.um_settings & IRQ_DISABLE_UNLAZY);
}

int irq_startup(struct irq_desc *desc, bool resend)
{
	struct irq_chip *chip = desc->irq_data.chip;
	int ret = 0;

	desc->depth = 0;
	if (!(desc->um_state & UM_IRQ_STARTED) && chip->irq_startup) {
		irq_state_clear(desc, UM_IRQ_DISABLED | UM_IRQ_MASKED);
		ret = chip->irq_startup(&desc->irq_data);
	} else {
		irq_enable(desc);
	}
	irq_state_set(desc, UM_IRQ_STARTED);
	if (resend)
		check_irq_resend(desc);
	return ret;
}

void irq_shutdown(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;

	if (!(desc->um_state & UM_IRQ_STARTED))
		return;
	desc->depth = 1;
	if (chip->irq_shutdown) {
		chip->irq_shutdown(&desc->irq_data);
		irq_state_set(desc, UM_IRQ_DISABLED | UM_IRQ_MASKED);
	} else {
		disable(desc, true);
	}
	irq_state_clear(desc, UM_IRQ_STARTED);
}

/* ---- flow handlers ---------------------------------------------------------------- */

static bool runs(const struct irq_desc *desc)
{
	return desc->um_state & UM_IRQ_RUNNING;
}

/* Nobody wants it, or not now. */
static bool is_unwanted(const struct irq_desc *desc)
{
	return !desc->action || is_disabled(desc);
}

/**
 * handle_bad_irq() - flow of a line that nobody has set up
 * @desc: the line, whose chip is told nothing
 *
 * Context: interrupts off.
 */
void handle_bad_irq(struct irq_desc *desc)
{
	ack_bad(&desc->irq_data);
}
EXPORT_SYMBOL_GPL(handle_bad_irq);

/**
 * handle_simple_irq() - flow of a line without a controller's part in it
 * @desc: the line
 *
 * One that comes while its handlers run is lost.
 *
 * Context: interrupts off.
 */
void handle_simple_irq(struct irq_desc *desc)
{
	raw_spin_lock(&desc->lock);
	if (runs(desc))
		goto out;
	irq_state_clear(desc, UM_IRQ_REPLAY);
	if (is_unwanted(desc))
		irq_state_set(desc, UM_IRQ_PENDING);
	else
		handle_irq_event(desc);
out:
	raw_spin_unlock(&desc->lock);
}
EXPORT_SYMBOL_GPL(handle_simple_irq);

/* Threads that keep it masked will unmask it themselves. */
static void unmask_unless_kept(struct irq_desc *desc)
{
	if (!is_disabled(desc) && !desc->threads_oneshot)
		unmask_irq(desc);
}

/**
 * handle_level_irq() - flow of a line that stays raised until it is served
 * @desc: the line, which is masked while its handlers run
 *
 * Context: interrupts off.
 */
void handle_level_irq(struct irq_desc *desc)
{
	raw_spin_lock(&desc->lock);
	mask_ack_irq(desc);
	if (runs(desc))
		goto out;
	irq_state_clear(desc, UM_IRQ_REPLAY);
	if (is_unwanted(desc)) {
		/* masked until it is enabled */
		irq_state_set(desc, UM_IRQ_PENDING);
		goto out;
	}
	handle_irq_event(desc);
	unmask_unless_kept(desc);
out:
	raw_spin_unlock(&desc->lock);
}
EXPORT_SYMBOL_GPL(handle_level_irq);

/**
 * handle_fasteoi_irq() - flow of a line whose controller sees to it itself, and is
 *	told when it was served
 * @desc: the line
 *
 * Context: interrupts off.
 */
void handle_fasteoi_irq(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;
	bool oneshot;

	raw_spin_lock(&desc->lock);
	oneshot = desc->um_state & UM_IRQ_ONESHOT;
	if (runs(desc))
		goto out;
	irq_state_clear(desc, UM_IRQ_REPLAY);
	if (is_unwanted(desc)) {
		irq_state_set(desc, UM_IRQ_PENDING);
		mask_irq(desc);
		goto out;
	}
	if (oneshot)
		mask_irq(desc);
	handle_irq_event(desc);
	if (!oneshot || !desc->threads_oneshot || !(chip->flags & IRQCHIP_EOI_THREADED))
		call(desc, chip->irq_eoi);
	if (oneshot)
		unmask_unless_kept(desc);
	raw_spin_unlock(&desc->lock);
	return;

out:
	if (!(chip->flags & IRQCHIP_EOI_IF_HANDLED))
		call(desc, chip->irq_eoi);
	raw_spin_unlock(&desc->lock);
}
EXPORT_SYMBOL_GPL(handle_fasteoi_irq);

/**
 * handle_edge_irq() - flow of a line that tells of each event once
 * @desc: the line
 *
 * One that comes while its handlers run is masked, and handled behind that.
 *
 * Context: interrupts off.
 */
void handle_edge_irq(struct irq_desc *desc)
{
	raw_spin_lock(&desc->lock);
	irq_state_clear(desc, UM_IRQ_REPLAY);
	if (runs(desc) || is_unwanted(desc)) {
		irq_state_set(desc, UM_IRQ_PENDING);
		mask_ack_irq(desc);
		goto out;
	}
	call(desc, desc->irq_data.chip->irq_ack);
	do {
		if (!desc->action) {
			mask_irq(desc);
			goto out;
		}
		if (desc->um_state & UM_IRQ_PENDING && !is_disabled(desc))
			unmask_irq(desc);
		handle_irq_event(desc);
	} while (desc->um_state & UM_IRQ_PENDING && !is_disabled(desc));
out:
	raw_spin_unlock(&desc->lock);
}
EXPORT_SYMBOL(handle_edge_irq);

/* ---- setting up --------------------------------------------------------------------- */

static struct irq_desc *get_locked(unsigned int irq, unsigned long *flags)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (desc)
		raw_spin_lock_irqsave(&desc->lock, *flags);
	return desc;
}

/**
 * irq_set_chip() - give a line its chip
 * @irq:  the line
 * @chip: stays the caller's; NULL: none
 *
 * Return: 0; -EINVAL for nobody's number.
 */
int irq_set_chip(unsigned int irq, const struct irq_chip *chip)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return -EINVAL;
	desc->irq_data.chip = (struct irq_chip *)(chip ?: &no_irq_chip);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return 0;
}
EXPORT_SYMBOL(irq_set_chip);

/**
 * irq_set_chip_data() - what a chip keeps for a line
 * @irq:  the line
 * @data: for irq_data_get_irq_chip_data()
 *
 * Return: 0; -EINVAL for nobody's number.
 */
int irq_set_chip_data(unsigned int irq, void *data)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return -EINVAL;
	desc->irq_data.chip_data = data;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return 0;
}
EXPORT_SYMBOL(irq_set_chip_data);

/**
 * irq_set_handler_data() - what a flow handler keeps for a line
 * @irq:  the line
 * @data: for irq_desc_get_handler_data()
 *
 * Return: 0; -EINVAL for nobody's number.
 */
int irq_set_handler_data(unsigned int irq, void *data)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return -EINVAL;
	desc->irq_common_data.handler_data = data;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return 0;
}
EXPORT_SYMBOL(irq_set_handler_data);

/**
 * irq_get_irq_data() - what a chip is given of a line
 * @irq: the line
 *
 * Return: that, until the line is freed; NULL for nobody's number.
 */
struct irq_data *irq_get_irq_data(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc ? &desc->irq_data : NULL;
}
EXPORT_SYMBOL_GPL(irq_get_irq_data);

static void set_settings(struct irq_desc *desc, unsigned int clr, unsigned int set)
{
	unsigned int settings = (desc->irq_common_data.um_settings & ~clr) | set;

	if (set & IRQ_TYPE_SENSE_MASK)
		settings = set & IRQ_TYPE_LEVEL_MASK ? settings | IRQ_LEVEL :
						       settings & ~IRQ_LEVEL;
	/* who asks for the line reads them before he has its lock */
	WRITE_ONCE(desc->irq_common_data.um_settings, settings);
}

/* Line's lock held. A chip that knows no types has the one that it has. */
int __irq_set_trigger(struct irq_desc *desc, unsigned long type)
{
	struct irq_chip *chip = desc->irq_data.chip;
	bool masked;
	int ret;

	if (!chip->irq_set_type)
		return 0;
	masked = chip->flags & IRQCHIP_SET_TYPE_MASKED && !(desc->um_state & UM_IRQ_MASKED);
	if (masked)
		mask_irq(desc);
	ret = chip->irq_set_type(&desc->irq_data, type & IRQ_TYPE_SENSE_MASK);
	if (ret == IRQ_SET_MASK_OK)
		set_settings(desc, IRQ_TYPE_SENSE_MASK, type & IRQ_TYPE_SENSE_MASK);
	else if (ret < 0)
		pr_err("Setting trigger mode %lu for irq %u failed (%ps)\n", type,
		       desc->irq_data.irq, chip->irq_set_type);
	if (masked && !is_disabled(desc))
		unmask_irq(desc);
	return ret < 0 ? ret : 0;
}

/**
 * irq_set_irq_type() - by what a line is raised
 * @irq:  the line
 * @type: IRQ_TYPE_
 *
 * Return: 0; -EINVAL for nobody's number; the error of its chip.
 */
int irq_set_irq_type(unsigned int irq, unsigned int type)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);
	int ret;

	if (!desc)
		return -EINVAL;
	ret = __irq_set_trigger(desc, type);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return ret;
}
EXPORT_SYMBOL(irq_set_irq_type);

/* Line's lock held. A chained line is on at once, and nobody requests it. */
static void set_handler(struct irq_desc *desc, irq_flow_handler_t handle, bool chained,
			const char *name)
{
	if (!handle)
		handle = handle_bad_irq;
	/* nobody is there to hear of it from now on */
	if (handle == handle_bad_irq) {
		if (desc->irq_data.chip != &no_irq_chip)
			mask_ack_irq(desc);
		irq_state_set(desc, UM_IRQ_DISABLED);
		desc->depth = 1;
	}
	desc->handle_irq = handle;
	desc->name = name;
	if (chained && handle != handle_bad_irq) {
		set_settings(desc, 0, IRQ_NOREQUEST | IRQ_NOTHREAD | IRQ_NOPROBE);
		irq_state_set(desc, UM_IRQ_CHAINED);
		irq_startup(desc, true);
	}
}

/**
 * __irq_set_handler() - give a line its flow handler; called as irq_set_handler()
 *	or irq_set_chained_handler()
 * @irq:        the line
 * @handle:     the handler; NULL: none
 * @is_chained: it is all that the line has; it is on from now
 * @name:       for reports, not copied
 */
void __irq_set_handler(unsigned int irq, irq_flow_handler_t handle, int is_chained,
		       const char *name)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return;
	set_handler(desc, handle, is_chained, name);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL_GPL(__irq_set_handler);

/**
 * irq_set_chip_and_handler_name() - irq_set_chip() and irq_set_handler()
 * @irq:    the line
 * @chip:   as there
 * @handle: as there
 * @name:   for reports, not copied
 */
void irq_set_chip_and_handler_name(unsigned int irq, const struct irq_chip *chip,
				   irq_flow_handler_t handle, const char *name)
{
	irq_set_chip(irq, chip);
	__irq_set_handler(irq, handle, 0, name);
}
EXPORT_SYMBOL_GPL(irq_set_chip_and_handler_name);

/**
 * irq_set_chained_handler_and_data() - irq_set_chained_handler() with data for it
 * @irq:    the line
 * @handle: the handler; NULL: none
 * @data:   for irq_desc_get_handler_data()
 */
void irq_set_chained_handler_and_data(unsigned int irq, irq_flow_handler_t handle, void *data)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return;
	desc->irq_common_data.handler_data = data;
	set_handler(desc, handle, true, NULL);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL_GPL(irq_set_chained_handler_and_data);

/**
 * irq_modify_status() - what may be done with a line; called as
 *	irq_set_status_flags() and its like
 * @irq: the line
 * @clr: IRQ_ that it has not any more
 * @set: IRQ_ that it has
 */
void irq_modify_status(unsigned int irq, unsigned long clr, unsigned long set)
{
	unsigned long flags;
	struct irq_desc *desc = get_locked(irq, &flags);

	if (!desc)
		return;
	set_settings(desc, clr, set);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL_GPL(irq_modify_status);
