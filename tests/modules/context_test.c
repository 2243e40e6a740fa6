// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a task sees of interrupts and bottom halves, and what a timer's function
 * sees: looked at by init, and kept in the parameter "states", a bit for each
 * thing that is as it must be.
 */
#include <linux/completion.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static unsigned int states;
module_param(states, uint, 0444);

static void expect(unsigned int bit, bool right)
{
	if (right)
		states |= 1u << bit;
}

static DEFINE_SPINLOCK(lock);

static void look_at_interrupts(void)
{
	unsigned long outer, inner;

	expect(0, !irqs_disabled());
	spin_lock_irqsave(&lock, outer);
	expect(1, irqs_disabled() && !in_interrupt());
	local_irq_save(inner);
	local_irq_restore(inner);
	expect(2, irqs_disabled());
	spin_unlock_irqrestore(&lock, outer);
	expect(3, !irqs_disabled());
	spin_lock_irq(&lock);
	expect(4, irqs_disabled());
	spin_unlock_irq(&lock);
	expect(5, !irqs_disabled());
}

static void look_at_bottom_halves(void)
{
	local_bh_disable();
	spin_lock_bh(&lock);
	expect(6, in_softirq() && in_interrupt() && in_task());
	expect(7, !in_serving_softirq() && !irqs_disabled());
	spin_unlock_bh(&lock);
	expect(8, in_softirq());
	local_bh_enable();
	expect(9, !in_softirq() && !in_interrupt());
}

static DECLARE_COMPLETION(fired);

static void look_fn(struct timer_list *timer)
{
	expect(10, in_serving_softirq() && in_interrupt() && !in_task());
	expect(11, !irqs_disabled());
	complete(&fired);
}

static DEFINE_TIMER(timer, look_fn);

static int __init context_test_init(void)
{
	look_at_interrupts();
	look_at_bottom_halves();
	mod_timer(&timer, jiffies);
	wait_for_completion(&fired);
	del_timer_sync(&timer);
	return 0;
}
module_init(context_test_init);

static void __exit context_test_exit(void)
{
}
module_exit(context_test_exit);

MODULE_DESCRIPTION("context of a task and of a timer's function");
MODULE_LICENSE("GPL");
