// SPDX-License-Identifier: GPL-2.0-only
/*
 * What brings interrupts. One that is raised by a task which can be interrupted
 * interrupts that: it runs there, nested, to its end. If the task has interrupts off,
 * or runs one, it comes on another processor: a thread, which does nothing else.
 *
 * irq_work is the part of it that drivers see.
 */
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/irq.h"
#include "kernel/sched/wait.h"

/* Guarded by the inner lock. */
static struct {
	struct list_head raised;	/* um_interrupt.node, for the thread */
	struct task_struct *thread;
	bool started, stop;
} irqs = {
	.raised = LIST_HEAD_INIT(irqs.raised),
};

static void call_work(struct um_interrupt *i)
{
	struct irq_work *work = container_of(i, struct irq_work, um);

	work->func(work);
}

/* Of a driver's; NULL: it is the shim's own. */
static const void *function_of(const struct um_interrupt *i)
{
	return i->fn == call_work ? container_of(i, struct irq_work, um)->func : NULL;
}

/* One that runs has begun, and ends. */
static void take_out_told(const void *object)
{
	struct um_interrupt *i = (struct um_interrupt *)object;

	um_sched_lock();
	if (i->pending && !i->busy) {
		list_del_init(&i->node);
		i->pending = false;
	}
	um_sched_unlock();
}

/* To whom a driver's must not vanish. */
static void becomes(enum um_kind kind, const struct um_interrupt *i)
{
	const void *function = function_of(i);

	if (!function)
		return;
	if (kind == UM_ACTIVE)
		um_begin(UM_ACTIVE, .object = i, .what = "irq_work", .start = function,
			 .undo = take_out_told);
	else
		um_begin(UM_IDLE, .object = i, .what = "irq_work");
}

/* Inner lock held, dropped while it runs. */
static void run(struct um_interrupt *i)
{
	void (*fn)(struct um_interrupt *i) = i->fn;

	i->pending = false;
	i->busy++;
	um_sched_unlock();
	irq_enter();
	um_step(UM_TAKE, i);
	fn(i);
	um_step(UM_GIVE, i);
	um_sched_lock();
	i->busy--;
	becomes(UM_IDLE, i);
	um_wake(i);
	um_sched_unlock();
	/* softirqs that it has left run now */
	irq_exit();
	um_sched_lock();
}

static bool is_raised(const void *arg)
{
	return irqs.stop || !list_empty(&irqs.raised);
}

static void interrupts_main(void *arg)
{
	struct um_why why = { .kind = "interrupts", .object = &irqs, .idle = true };
	struct um_interrupt *i;

	um_sched_lock();
	for (;;) {
		um_wait_until(is_raised, NULL, &why, UM_FOREVER);
		if (irqs.stop)
			break;
		i = list_first_entry(&irqs.raised, struct um_interrupt, node);
		list_del_init(&i->node);
		run(i);
	}
	um_sched_unlock();
}

void um_interrupts_start(void)
{
	struct task_struct *thread;
	bool start;

	um_sched_lock();
	start = !irqs.started;
	irqs.started = true;
	um_sched_unlock();
	if (!start)
		return;
	thread = um_kthread("interrupts", interrupts_main, NULL);
	um_sched_lock();
	irqs.thread = thread;
	um_sched_unlock();
}

static bool raise(struct um_interrupt *i, bool here)
{
	bool raised;

	if (!here)
		um_interrupts_start();
	um_step(UM_GIVE, i);
	um_sched_lock();
	raised = !i->pending;
	if (raised) {
		i->pending = true;
		becomes(UM_ACTIVE, i);
	}
	if (raised && here) {
		run(i);
	} else if (raised) {
		list_add_tail(&i->node, &irqs.raised);
		um_wake(&irqs);
	}
	um_sched_unlock();
	return raised;
}

bool um_interrupt_raise(struct um_interrupt *i)
{
	return raise(i, !irqs_disabled() && !in_hardirq());
}

void um_interrupt_raise_elsewhere(struct um_interrupt *i)
{
	raise(i, false);
}

static bool has_ended(const void *arg)
{
	const struct um_interrupt *i = arg;

	return !i->pending && !i->busy;
}

void um_interrupt_wait(struct um_interrupt *i)
{
	struct um_why why = { .kind = "interrupt", .object = i, .spin = true };

	um_sched_lock();
	um_wait_until(has_ended, i, &why, UM_FOREVER);
	um_sched_unlock();
	um_step(UM_TAKE, i);
}

void um_irq_work_in(struct um_functions *found)
{
	const struct um_interrupt *i;

	um_sched_lock();
	list_for_each_entry(i, &irqs.raised, node)
		um_functions_add(found, i, function_of(i));
	um_sched_unlock();
}

/**
 * irq_work_queue() - have a function called in an interrupt
 * @work: made by init_irq_work(); may be queued again from its function
 *
 * Context: NMIs, too. With interrupts on, it has run when this returns, where
 * in Linux it may be about to.
 * Return: false if it was queued already and has not begun.
 */
bool irq_work_queue(struct irq_work *work)
{
	/* it may run at this moment */
	um_sched_lock();
	work->um.fn = call_work;
	um_sched_unlock();
	return um_interrupt_raise(&work->um);
}
EXPORT_SYMBOL_GPL(irq_work_queue);

/**
 * irq_work_sync() - wait for a function that was queued
 * @work: the work
 *
 * Context: interrupts on.
 */
void irq_work_sync(struct irq_work *work)
{
	um_begin(UM_WAIT, .sleeps = true, .ip = _RET_IP_);
	um_interrupt_wait(&work->um);
}
EXPORT_SYMBOL_GPL(irq_work_sync);

void um_interrupts_stop(void)
{
	if (!irqs.started)
		return;
	um_sched_lock();
	irqs.stop = true;
	um_wake(&irqs);
	um_sched_unlock();
	um_kthread_join(irqs.thread);
	irqs.started = false;
	irqs.stop = false;
}
