// SPDX-License-Identifier: GPL-2.0-only
/*
 * Context of a task: preemption, bottom halves and interrupts on or off, and
 * whether it runs what an interrupt brought. One processor for each task: what
 * a task turns off is off for itself alone, and what is off keeps nobody from
 * anything; that it is off where it must not be, or on where it must not be, is
 * what check/context.c and check/lockdep.c tell.
 *
 * preempt_count() is put together as Linux has it: 1 for each
 * preempt_disable(), 512 for each local_bh_disable(), 256 in a softirq, 65536
 * in an interrupt. Interrupts are on or off, not counted.
 *
 * Left out: NMIs; that an interrupt comes by itself. Timers and callbacks of
 * RCU run as a softirq's; irq_enter() and irq_exit() make an interrupt of what
 * is between them.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#include "check/op.h"
#include "kernel/sched/sched.h"

/* As in x86's flags register. */
#define IRQS_ON 0x200

static struct um_op_task *this_task(void)
{
	return &um_this()->op;
}

void um_atomic_add(int n, unsigned long ip)
{
	struct um_op_task *t = this_task();

	if (!t->preempt && !t->bh_off)
		t->atomic_ip = ip;
	t->preempt += n;
}

/**
 * um_preempt_add() - make the task's context more or less atomic
 * @n: 1 or -1; behind preempt_disable() and its like
 */
void um_preempt_add(int n)
{
	um_atomic_add(n, _RET_IP_);
}
EXPORT_SYMBOL(um_preempt_add);

/**
 * um_preempt_count() - how atomic is the context? Behind preempt_count()
 *
 * Return: the spinlocks, sections of RCU and so on that the task is in, as
 * Linux counts them; 0 when it may sleep, if interrupts are on.
 */
int um_preempt_count(void)
{
	const struct um_op_task *t = this_task();

	return t->preempt + SOFTIRQ_DISABLE_OFFSET * t->bh_off + SOFTIRQ_OFFSET * t->in_softirq +
	       HARDIRQ_OFFSET * t->in_hardirq;
}
EXPORT_SYMBOL(um_preempt_count);

/**
 * um_bh_add() - local_bh_disable() and local_bh_enable()
 * @n: 1 or -1
 *
 * More enabled than disabled is a splat, and stays without effect.
 */
void um_bh_add(int n)
{
	struct um_op_task *t = this_task();

	if (unlikely(t->bh_off + n < 0)) {
		um_splat("BUG", "local_bh_enable() without local_bh_disable()");
		return;
	}
	if (!t->preempt && !t->bh_off)
		t->atomic_ip = _RET_IP_;
	t->bh_off += n;
	if (!t->bh_off)
		um_begin(UM_IRQS_ON, .ip = _RET_IP_);
}
EXPORT_SYMBOL(um_bh_add);

/**
 * um_irqs_disabled() - are interrupts off for this task? As irqs_disabled()
 *
 * Return: whether they are.
 */
bool um_irqs_disabled(void)
{
	return this_task()->irqs_off;
}
EXPORT_SYMBOL(um_irqs_disabled);

static void set_irqs(struct um_op_task *t, bool on, unsigned long ip)
{
	if (!on && !t->irqs_off)
		t->irqs_ip = ip;
	if (on && t->irqs_off) {
		t->irqs_off = 0;
		um_begin(UM_IRQS_ON, .ip = ip);
	}
	t->irqs_off = !on;
}

/**
 * um_irq_save() - turn interrupts off; called as local_irq_save()
 *
 * Return: what they were, for local_irq_restore().
 */
unsigned long um_irq_save(void)
{
	struct um_op_task *t = this_task();
	unsigned long flags = t->irqs_off ? 0 : IRQS_ON;

	set_irqs(t, false, _RET_IP_);
	return flags;
}
EXPORT_SYMBOL(um_irq_save);

/**
 * um_irq_restore() - interrupts as they were; called as local_irq_restore()
 * @flags: from local_irq_save()
 *
 * Interrupts that are on already are a splat: somebody has turned them on in
 * between, or they were never turned off.
 */
void um_irq_restore(unsigned long flags)
{
	struct um_op_task *t = this_task();

	WARN(!t->irqs_off, "raw_local_irq_restore() called with IRQs enabled\n");
	set_irqs(t, flags & IRQS_ON, _RET_IP_);
}
EXPORT_SYMBOL(um_irq_restore);

/**
 * um_irq_set() - local_irq_disable() and local_irq_enable()
 * @on: which of them
 */
void um_irq_set(bool on)
{
	set_irqs(this_task(), on, _RET_IP_);
}
EXPORT_SYMBOL(um_irq_set);

/**
 * irq_enter() - from here on the task runs an interrupt handler
 *
 * Context: any; interrupts are off until irq_exit().
 */
void irq_enter(void)
{
	struct um_op_task *t = this_task();

	t->in_hardirq++;
	set_irqs(t, false, _RET_IP_);
}
EXPORT_SYMBOL_GPL(irq_enter);

/**
 * irq_exit() - the handler has ended
 *
 * Context: after irq_enter().
 */
void irq_exit(void)
{
	struct um_op_task *t = this_task();

	t->in_hardirq--;
	if (!t->in_hardirq)
		set_irqs(t, true, _RET_IP_);
}
EXPORT_SYMBOL_GPL(irq_exit);

void um_softirq_enter(void)
{
	this_task()->in_softirq++;
}

void um_softirq_exit(void)
{
	this_task()->in_softirq--;
}

void (*um_rcu_sections_end)(struct um_sched_task *t);

/* What has left something behind has been told: what comes next starts clean. */
void um_task_ends_at(const char *what, const void *function, const void *frame)
{
	struct um_sched_task *t;

	if (um_begin(UM_RETURN, .what = what, .start = function,
		     .frame = (unsigned long)frame) != UM_REFUSE)
		return;
	t = um_this();
	t->op.preempt = 0;
	t->op.bh_off = 0;
	t->op.irqs_off = 0;
	if (t->rcu_depth && um_rcu_sections_end)
		um_rcu_sections_end(t);
}
