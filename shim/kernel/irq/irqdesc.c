// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt lines by their numbers: who allocates some has them until he frees
 * them. A line has no chip and no flow handler at first, and nobody can request it
 * until its maker has given it one. Numbers begin behind those of a machine.
 *
 * Left out: domains, and so numbers that come with a mapping; /sys/kernel/irq,
 * /proc/interrupts.
 */
#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "check/op.h"
#include "kernel/irq.h"
#include "kernel/irq/internals.h"
#include "kernel/sched/wait.h"

/*
 * Allocation and freeing. Who has a number of his own looks it up without a lock; who
 * goes through all of them holds the inner lock, under which one is taken out.
 */
static DEFINE_MUTEX(sparse_irq_lock);
static struct irq_desc *table[UM_IRQ_LAST + 1];

/**
 * irq_to_desc() - a line by its number
 * @irq: the number
 *
 * Return: the line, until it is freed; NULL if the number is nobody's.
 */
struct irq_desc *irq_to_desc(unsigned int irq)
{
	return irq <= UM_IRQ_LAST ? __atomic_load_n(&table[irq], __ATOMIC_ACQUIRE) : NULL;
}
EXPORT_SYMBOL_GPL(irq_to_desc);

static void publish(unsigned int irq, struct irq_desc *desc)
{
	um_sched_lock();
	__atomic_store_n(&table[irq], desc, __ATOMIC_RELEASE);
	um_sched_unlock();
}

static struct irq_desc *alloc_desc(unsigned int irq, struct module *owner)
{
	struct irq_desc *desc = kzalloc(sizeof(*desc), GFP_KERNEL);

	if (!desc)
		return NULL;
	desc->irq_data.irq = irq;
	desc->irq_data.common = &desc->irq_common_data;
	desc->irq_data.chip = &no_irq_chip;
	desc->handle_irq = handle_bad_irq;
	desc->depth = 1;
	desc->um_state = UM_IRQ_DISABLED | UM_IRQ_MASKED;
	desc->owner = owner;
	raw_spin_lock_init(&desc->lock);
	mutex_init(&desc->request_mutex);
	init_waitqueue_head(&desc->wait_for_threads);
	/* each line's handlers are waited for by others than those of another */
	lockdep_register_key(&desc->um_key);
	lockdep_init_map(&desc->um_handler, "interrupt handler", &desc->um_key, 0);
	lockdep_init_map(&desc->um_thread, "interrupt thread", &desc->um_key, 1);
	return desc;
}

static void free_desc(unsigned int irq)
{
	struct irq_desc *desc = table[irq];

	if (!desc)
		return;
	WARN(desc->action, "irq %u is freed with a handler: %s\n", irq,
	     desc->action ? desc->action->name : "");
	publish(irq, NULL);
	/* software may just have it come again */
	clear_irq_resend(irq);
	synchronize_rcu();
	lockdep_unregister_key(&desc->um_key);
	kfree(desc);
}

/* Table locked. */
static int find_free(unsigned int from, unsigned int cnt)
{
	unsigned int irq, n = 0;

	for (irq = max(from, 1U); irq <= UM_IRQ_LAST; irq++) {
		n = table[irq] ? 0 : n + 1;
		if (n == cnt)
			return irq - cnt + 1;
	}
	return -ENOMEM;
}

static int alloc_descs(unsigned int start, unsigned int cnt, struct module *owner)
{
	struct irq_desc *desc;
	unsigned int i;

	for (i = 0; i < cnt; i++) {
		desc = alloc_desc(start + i, owner);
		if (!desc)
			goto err_free;
		publish(start + i, desc);
	}
	return start;

err_free:
	while (i--)
		free_desc(start + i);
	return -ENOMEM;
}

/**
 * __irq_alloc_descs() - have some lines, with numbers in a row; called as
 *	irq_alloc_desc() and its like
 * @irq:      the first number; -1: any
 * @from:     where free numbers are looked for; with @irq not behind that
 * @cnt:      how many
 * @node:     ignored: memory is the same everywhere
 * @owner:    module whose lines they are, which each handler pins
 * @affinity: must be NULL
 *
 * Context: may sleep.
 * Return: the first number; -EINVAL, -EEXIST if one is somebody's, -ENOMEM.
 */
int __irq_alloc_descs(int irq, unsigned int from, unsigned int cnt, int node,
		      struct module *owner, const struct irq_affinity_desc *affinity)
{
	int start;

	if (!cnt || affinity)
		return -EINVAL;
	if (irq >= 0) {
		if (from > irq)
			return -EINVAL;
		from = irq;
	} else {
		from = max(from, (unsigned int)UM_IRQ_FIRST);
	}
	mutex_lock(&sparse_irq_lock);
	start = find_free(from, cnt);
	if (irq >= 0 && start != irq)
		start = -EEXIST;
	if (start >= 0)
		start = alloc_descs(start, cnt, owner);
	mutex_unlock(&sparse_irq_lock);
	return start;
}
EXPORT_SYMBOL_GPL(__irq_alloc_descs);

/**
 * irq_free_descs() - give lines back
 * @from: the first number
 * @cnt:  how many; numbers that are nobody's are passed over
 *
 * A line that still has a handler is a splat.
 *
 * Context: may sleep; nothing raises them any more.
 */
void irq_free_descs(unsigned int from, unsigned int cnt)
{
	unsigned int i;

	if (from > UM_IRQ_LAST || cnt > UM_IRQ_LAST + 1 - from)
		return;
	mutex_lock(&sparse_irq_lock);
	for (i = 0; i < cnt; i++)
		free_desc(from + i);
	mutex_unlock(&sparse_irq_lock);
}
EXPORT_SYMBOL_GPL(irq_free_descs);

/**
 * generic_handle_irq() - an interrupt has come on a line
 * @irq: the line
 *
 * For the handler of a line with others behind it.
 *
 * Context: interrupts off; the line's handlers run in the caller's.
 * Return: 0; -EINVAL for nobody's number.
 */
int generic_handle_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return -EINVAL;
	desc->handle_irq(desc);
	return 0;
}
EXPORT_SYMBOL_GPL(generic_handle_irq);

/**
 * generic_handle_irq_safe() - generic_handle_irq() with interrupts on
 * @irq: the line
 *
 * Return: as generic_handle_irq().
 */
int generic_handle_irq_safe(unsigned int irq)
{
	unsigned long flags;
	int ret;

	local_irq_save(flags);
	ret = generic_handle_irq(irq);
	local_irq_restore(flags);
	return ret;
}
EXPORT_SYMBOL_GPL(generic_handle_irq_safe);

/* ---- a line whose interrupt comes by choice ------------------------------------------- */

#define IS_QUIET (UM_IRQ_RUNNING | UM_IRQ_DISABLED | UM_IRQ_MASKED | UM_IRQ_CHAINED)

static struct coming {
	struct um_interrupt um;
	unsigned int irq;
} coming;

static bool could_come(unsigned int irq)
{
	const struct irq_desc *desc = irq_to_desc(irq);

	return desc && desc->action && (desc->um_state & (IS_QUIET | UM_IRQ_STARTED)) == UM_IRQ_STARTED;
}

unsigned int um_irq_could_come(unsigned int from)
{
	unsigned int irq = max(from, 1u);

	if (likely(!READ_ONCE(um_irq_handlers)) || coming.um.pending || coming.um.busy)
		return 0;
	while (irq <= UM_IRQ_LAST && !could_come(irq))
		irq++;
	return irq <= UM_IRQ_LAST ? irq : 0;
}

static void line_comes(struct um_interrupt *i)
{
	generic_handle_irq(container_of(i, struct coming, um)->irq);
}

void um_irq_comes(unsigned int irq, bool elsewhere)
{
	coming.irq = irq;
	coming.um.fn = line_comes;
	if (elsewhere)
		um_interrupt_raise_elsewhere(&coming.um);
	else
		um_interrupt_raise(&coming.um);
}
