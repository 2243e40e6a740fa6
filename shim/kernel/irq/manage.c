// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers: who asks for a line's interrupts and gives that up, lines that are
 * disabled and enabled, threads of handlers, and waiting for what runs.
 *
 * A handler is an object that the audit knows: one that a module leaves is told at
 * its unload. While its line is enabled, what it will be given must not be freed.
 *
 * Left out: affinity, wake-up, NMIs, lines of single processors, forced threading,
 * /proc/irq.
 */
#define pr_fmt(fmt) "genirq: " fmt

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/irq.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/irq.h"
#include "kernel/irq/internals.h"
#include "kernel/sched/wait.h"

/* ---- waiting for what runs ---------------------------------------------------------- */

static bool does_not_run(const void *arg)
{
	const struct irq_desc *desc = arg;

	return !(desc->um_state & UM_IRQ_RUNNING);
}

static void wait_for_handlers(struct irq_desc *desc, unsigned long ip)
{
	struct um_why why = { .kind = "interrupt handler", .object = desc, .spin = true };
	unsigned long flags;

	um_begin(UM_WAIT, .object = desc, .map = &desc->um_handler, .ip = ip);
	um_sched_lock();
	um_wait_until(does_not_run, desc, &why, UM_FOREVER);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = desc);
	/* behind what they did */
	raw_spin_lock_irqsave(&desc->lock, flags);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}

/**
 * synchronize_hardirq() - wait for handlers that run in the interrupt
 * @irq: the line
 *
 * Context: not in such a handler of the line; no lock may be held that one
 * takes.
 * Return: false if threads of its handlers may run; true if none does.
 */
bool synchronize_hardirq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return true;
	wait_for_handlers(desc, _RET_IP_);
	return !atomic_read(&desc->threads_active);
}
EXPORT_SYMBOL(synchronize_hardirq);

/**
 * synchronize_irq() - wait for handlers that run, and for their threads
 * @irq: the line
 *
 * Context: may sleep; no lock may be held that a handler takes.
 */
void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	if (!desc)
		return;
	wait_for_handlers(desc, _RET_IP_);
	um_begin(UM_WAIT, .object = desc, .map = &desc->um_thread, .ip = _RET_IP_);
	wait_event(desc->wait_for_threads, !atomic_read(&desc->threads_active));
	um_end(UM_WAIT, 0, .object = desc);
}
EXPORT_SYMBOL(synchronize_irq);

/* ---- off and on ------------------------------------------------------------------------ */

static bool disable_nosync(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return false;
	chip_bus_lock(desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!desc->depth++)
		irq_disable(desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	chip_bus_sync_unlock(desc);
	return true;
}

/**
 * disable_irq_nosync() - no interrupts of a line from now on; handlers may run
 * @irq: the line; disabled as often as it must be enabled
 */
void disable_irq_nosync(unsigned int irq)
{
	disable_nosync(irq);
}
EXPORT_SYMBOL(disable_irq_nosync);

/**
 * disable_irq() - disable_irq_nosync(), and synchronize_irq()
 * @irq: the line
 *
 * Context: may sleep if a handler has a thread.
 */
void disable_irq(unsigned int irq)
{
	if (disable_nosync(irq))
		synchronize_irq(irq);
}
EXPORT_SYMBOL(disable_irq);

/**
 * disable_hardirq() - disable_irq_nosync(), and synchronize_hardirq()
 * @irq: the line
 *
 * What netpoll has of a network driver (e1000e's) calls its handler by hand behind this.
 *
 * Context: not in a handler of the line, for which it would wait.
 * Return: false if a thread may run.
 */
bool disable_hardirq(unsigned int irq)
{
	return disable_nosync(irq) && synchronize_hardirq(irq);
}
EXPORT_SYMBOL_GPL(disable_hardirq);

void __enable_irq(struct irq_desc *desc)
{
	switch (desc->depth) {
	case 0:
		WARN(1, KERN_WARNING "Unbalanced enable for IRQ %d\n", desc->irq_data.irq);
		break;
	case 1:
		irq_startup(desc, true);
		break;
	default:
		desc->depth--;
	}
}

/**
 * enable_irq() - undo one disable_irq()
 * @irq: the line
 *
 * One that came meanwhile comes now. More enabled than disabled is a warning.
 *
 * Context: interrupts, too; may sleep if the chip has a bus lock.
 */
void enable_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	chip_bus_lock(desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!WARN(desc->irq_data.chip == &no_irq_chip,
		  KERN_ERR "enable_irq before setup/request_irq: irq %u\n", irq))
		__enable_irq(desc);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	chip_bus_sync_unlock(desc);
}
EXPORT_SYMBOL(enable_irq);

/**
 * irq_has_action() - has a line a handler?
 * @irq: the line
 *
 * Return: whether it has.
 */
bool irq_has_action(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);

	return desc && READ_ONCE(desc->action);
}
EXPORT_SYMBOL_GPL(irq_has_action);

/* ---- threads ------------------------------------------------------------------------------ */

/* Of handlers that leave everything to their thread. */
irqreturn_t irq_default_primary_handler(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

/* The line's handlers run, or the caller has said that its line is to be. */
void __irq_wake_thread(struct irqaction *action)
{
	struct irq_desc *desc = action->desc;
	unsigned long flags;

	if (test_and_set_bit(0, &action->run))
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	desc->threads_oneshot |= action->thread_mask;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	atomic_inc(&desc->threads_active);
	wake_up_process(action->thread);
}

/**
 * irq_wake_thread() - have the thread of a handler run
 * @irq:    the line
 * @dev_id: as the handler was asked for
 */
void irq_wake_thread(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	for (action = desc->action; action && action->dev_id != dev_id; action = action->next)
		;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	if (action && action->thread)
		__irq_wake_thread(action);
}
EXPORT_SYMBOL_GPL(irq_wake_thread);

/* False: it shall end, and has nothing to do before. */
static bool wait_for_interrupt(struct irqaction *action)
{
	bool stop, run;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		stop = kthread_should_stop();
		run = test_and_clear_bit(0, &action->run);
		if (stop || run)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return run;
}

/* The last of the threads that kept it masked has run. */
static void finalize_oneshot(struct irqaction *action)
{
	struct irq_desc *desc = action->desc;
	bool woken_again;

	if (!action->thread_mask)
		return;
	/* the handler that has woken it may not have come to its end */
	wait_for_handlers(desc, _RET_IP_);
	chip_bus_lock(desc);
	raw_spin_lock_irq(&desc->lock);
	woken_again = test_bit(0, &action->run);
	if (!woken_again) {
		desc->threads_oneshot &= ~action->thread_mask;
		if (!desc->threads_oneshot && !(desc->um_state & UM_IRQ_DISABLED))
			unmask_irq(desc);
	}
	raw_spin_unlock_irq(&desc->lock);
	chip_bus_sync_unlock(desc);
}

static void run_thread_fn(struct irqaction *action)
{
	struct irq_desc *desc = action->desc;
	irqreturn_t ret;

	um_begin(UM_WORK_RUN, .object = action, .map = &desc->um_thread,
		 .ip = (unsigned long)action->thread_fn + 1);
	ret = action->thread_fn(desc->irq_data.irq, action->dev_id);
	um_end(UM_WORK_RUN, 0, .object = action, .map = &desc->um_thread);
	um_task_ends("interrupt thread", action->thread_fn);
	if (ret == IRQ_HANDLED)
		atomic_inc(&desc->threads_handled);
}

static int irq_thread(void *data)
{
	struct irqaction *action = data;
	struct irq_desc *desc = action->desc;

	while (wait_for_interrupt(action)) {
		run_thread_fn(action);
		finalize_oneshot(action);
		if (atomic_dec_and_test(&desc->threads_active))
			wake_up(&desc->wait_for_threads);
	}
	return 0;
}

static int setup_thread(struct irqaction *action)
{
	struct task_struct *t;

	if (!action->thread_fn)
		return 0;
	t = kthread_create(irq_thread, action, "irq/%u-%s", action->desc->irq_data.irq,
			   action->name ?: "");
	if (IS_ERR(t))
		return PTR_ERR(t);
	action->thread = t;
	return 0;
}

static void stop_thread(struct irqaction *action)
{
	if (action->thread)
		kthread_stop(action->thread);
}

/* ---- what a handler is to the detectors --------------------------------------------------- */

static void describe_action(const void *obj, char *buf, size_t size)
{
	const struct irqaction *action = obj;

	host_snprintf(buf, size, "%s of irq %u", action->name ?: "", action->desc->irq_data.irq);
}

#define DEV_ID "dev_id of an interrupt handler"

/*
 * A byte behind it: what begins there may be initialised after the handler was
 * asked for, as a lock in front of a driver's structure.
 */
static const void *place_of(const void *dev_id)
{
	return (const char *)dev_id + 1;
}

/* May a handler be called with it? A line that is off calls none. */
static bool is_given(const void *place)
{
	const struct irqaction *action;
	struct irq_desc *desc;
	bool given = false;
	unsigned int irq;

	um_sched_lock();
	for (irq = 0; irq <= UM_IRQ_LAST && !given; irq++) {
		desc = irq_to_desc(irq);
		if (!desc || desc->um_state & UM_IRQ_DISABLED)
			continue;
		for (action = desc->action; action && !given; action = action->next)
			given = place_of(action->dev_id) == place;
	}
	um_sched_unlock();
	return given;
}

void um_irq_handlers_in(struct um_functions *found)
{
	const struct irqaction *action;
	struct irq_desc *desc;
	unsigned int irq;

	um_sched_lock();
	for (irq = 0; irq <= UM_IRQ_LAST; irq++) {
		desc = irq_to_desc(irq);
		for (action = desc ? desc->action : NULL; action; action = action->next) {
			um_functions_add(found, action->dev_id, action->handler);
			um_functions_add(found, action->dev_id, action->thread_fn);
		}
	}
	um_sched_unlock();
}

unsigned int um_irq_handlers;

static void is_requested(const struct irqaction *action)
{
	__atomic_fetch_add(&um_irq_handlers, 1, __ATOMIC_RELAXED);
	um_object_new(action, "interrupt handler", describe_action);
	if (action->dev_id)
		um_begin(UM_ACTIVE, .object = place_of(action->dev_id), .what = DEV_ID,
			 .start = action->handler == irq_default_primary_handler ?
					  action->thread_fn : action->handler,
			 .in_use = is_given);
}

static void is_freed(const struct irqaction *action)
{
	__atomic_fetch_sub(&um_irq_handlers, 1, __ATOMIC_RELAXED);
	if (action->dev_id)
		um_begin(UM_IDLE, .object = place_of(action->dev_id), .what = DEV_ID);
	um_object_freed(action);
}

/* ---- request ------------------------------------------------------------------------------- */

/* Line's lock held, as below: both sides must want to share it, in the same way. */
static bool may_share(struct irq_desc *desc, const struct irqaction *new)
{
	const struct irqaction *old = desc->action;
	unsigned int type = irqd_get_trigger_type(&desc->irq_data);

	if (!type) {
		type = new->flags & IRQF_TRIGGER_MASK;
		WRITE_ONCE(desc->irq_common_data.um_settings,
			   desc->irq_common_data.um_settings | type);
	}
	return old->flags & new->flags & IRQF_SHARED &&
	       type == (new->flags & IRQF_TRIGGER_MASK) &&
	       !((old->flags ^ new->flags) & (IRQF_ONESHOT | IRQF_PERCPU));
}

static int check_mode(struct irq_desc *desc, struct irqaction *new)
{
	struct irqaction *action;
	unsigned long mask = 0;

	if (desc->action && !may_share(desc, new)) {
		if (!(new->flags & IRQF_PROBE_SHARED))
			pr_err("Flags mismatch irq %d. %08x (%s) vs. %08x (%s)\n",
			       desc->irq_data.irq, new->flags, new->name,
			       desc->action->flags, desc->action->name);
		return -EBUSY;
	}
	for (action = desc->action; action; action = action->next)
		mask |= action->thread_mask;
	if (new->flags & IRQF_ONESHOT) {
		if (mask == ~0UL)
			return -EBUSY;
		new->thread_mask = 1UL << ffz(mask);
	} else if (new->handler == irq_default_primary_handler &&
		   !(desc->irq_data.chip->flags & IRQCHIP_ONESHOT_SAFE)) {
		/* a level would be raised for ever: nobody serves it in the interrupt */
		pr_err("Threaded irq requested with handler=NULL and !ONESHOT for %s (irq %d)\n",
		       new->name, desc->irq_data.irq);
		return -EINVAL;
	}
	return 0;
}

static int first_of_line(struct irq_desc *desc, const struct irqaction *new)
{
	int ret;

	if (new->flags & IRQF_TRIGGER_MASK) {
		ret = __irq_set_trigger(desc, new->flags & IRQF_TRIGGER_MASK);
		if (ret)
			return ret;
	}
	irq_state_clear(desc, UM_IRQ_SPURIOUS | UM_IRQ_ONESHOT);
	if (new->flags & IRQF_ONESHOT)
		irq_state_set(desc, UM_IRQ_ONESHOT);
	return 0;
}

static void append(struct irq_desc *desc, struct irqaction *new)
{
	struct irqaction **p;

	um_step(UM_GIVE, new);
	um_sched_lock();
	for (p = &desc->action; *p; p = &(*p)->next)
		;
	/* handlers of the line may run, and come to this one */
	__atomic_store_n(p, new, __ATOMIC_RELEASE);
	um_sched_unlock();
}

static int install(struct irq_desc *desc, struct irqaction *new)
{
	bool shared = desc->action, autoen;
	int ret = check_mode(desc, new);

	if (!ret && !shared)
		ret = first_of_line(desc, new);
	if (ret)
		return ret;
	autoen = !(new->flags & IRQF_NO_AUTOEN) &&
		 !(desc->irq_common_data.um_settings & IRQ_NOAUTOEN);
	if (!shared && !autoen) {
		WARN_ON_ONCE(new->flags & IRQF_SHARED);
		desc->depth = 1;
	}
	append(desc, new);
	desc->irq_count = 0;
	desc->irqs_unhandled = 0;
	if (!shared && autoen)
		irq_startup(desc, true);
	if (shared && desc->um_state & UM_IRQ_SPURIOUS) {
		/* given another chance */
		irq_state_clear(desc, UM_IRQ_SPURIOUS);
		__enable_irq(desc);
	}
	return 0;
}

static int request_resources(struct irq_desc *desc, const struct irqaction *new)
{
	struct irq_chip *chip = desc->irq_data.chip;
	int ret;

	if (desc->action || !chip->irq_request_resources)
		return 0;
	ret = chip->irq_request_resources(&desc->irq_data);
	if (ret)
		pr_err("Failed to request resources for %s (irq %d) on irqchip %s\n", new->name,
		       desc->irq_data.irq, chip->name);
	return ret;
}

static void release_resources(struct irq_desc *desc)
{
	if (!desc->action && desc->irq_data.chip->irq_release_resources)
		desc->irq_data.chip->irq_release_resources(&desc->irq_data);
}

static int setup_irq(struct irq_desc *desc, struct irqaction *new)
{
	unsigned long flags;
	int ret;

	if (desc->irq_data.chip == &no_irq_chip)
		return -ENOSYS;
	if (!try_module_get(desc->owner))
		return -ENODEV;
	if (!(new->flags & IRQF_TRIGGER_MASK))
		new->flags |= irqd_get_trigger_type(&desc->irq_data);
	ret = setup_thread(new);
	if (ret)
		goto err_put;
	if (desc->irq_data.chip->flags & IRQCHIP_ONESHOT_SAFE)
		new->flags &= ~IRQF_ONESHOT;

	mutex_lock(&desc->request_mutex);
	chip_bus_lock(desc);
	ret = request_resources(desc, new);
	if (ret)
		goto err_unlock;
	is_requested(new);
	raw_spin_lock_irqsave(&desc->lock, flags);
	ret = install(desc, new);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	if (ret)
		goto err_release;
	chip_bus_sync_unlock(desc);
	mutex_unlock(&desc->request_mutex);
	if (new->thread)
		wake_up_process(new->thread);
	return 0;

err_release:
	is_freed(new);
	release_resources(desc);
err_unlock:
	chip_bus_sync_unlock(desc);
	mutex_unlock(&desc->request_mutex);
	stop_thread(new);
err_put:
	module_put(desc->owner);
	return ret;
}

static bool flags_are_sane(unsigned long flags, const void *dev_id)
{
	if (flags & IRQF_SHARED)
		return dev_id && !(flags & IRQF_NO_AUTOEN) &&
		       !(flags & IRQF_NO_SUSPEND && flags & IRQF_COND_SUSPEND);
	return !(flags & IRQF_COND_SUSPEND);
}

/**
 * request_threaded_irq() - have a handler called when a line is raised; without a
 *	thread called as request_irq()
 * @irq:       the line
 * @handler:   called in the interrupt; IRQ_WAKE_THREAD has @thread_fn run; NULL:
 *	nothing but that, and with IRQF_ONESHOT
 * @thread_fn: called in a thread, which may sleep; or NULL
 * @irqflags:  IRQF_; a shared line is one for which all have said IRQF_SHARED, and
 *	the same trigger and oneshot
 * @devname:   for reports, not copied
 * @dev_id:    for the handlers and free_irq(); of a shared line not NULL
 *
 * Handlers may be called before this returns.
 *
 * Context: may sleep.
 * Return: 0; -EINVAL for flags that do not go together, a line that cannot be
 * requested or is nobody's; -ENOTCONN for IRQ_NOTCONNECTED; -EBUSY for one that is
 * another's, or is shared otherwise; -ENOSYS without a chip; -ENODEV when its maker
 * is unloaded; -ENOMEM, or the chip's error.
 */
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long irqflags, const char *devname, void *dev_id)
{
	struct irqaction *action;
	struct irq_desc *desc;
	int ret;

	if (irq == IRQ_NOTCONNECTED)
		return -ENOTCONN;
	if (!flags_are_sane(irqflags, dev_id))
		return -EINVAL;
	desc = irq_to_desc(irq);
	if (!desc || READ_ONCE(desc->irq_common_data.um_settings) & IRQ_NOREQUEST)
		return -EINVAL;
	if (!handler) {
		if (!thread_fn)
			return -EINVAL;
		handler = irq_default_primary_handler;
	}
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	action->handler = handler;
	action->thread_fn = thread_fn;
	action->flags = irqflags;
	action->name = devname;
	action->dev_id = dev_id;
	action->desc = desc;
	ret = setup_irq(desc, action);
	if (ret)
		kfree(action);
	return ret;
}
EXPORT_SYMBOL(request_threaded_irq);

/**
 * request_any_context_irq() - request_irq() for who does not mind a thread
 * @irq:     the line
 * @handler: as there
 * @flags:   as there
 * @name:    as there
 * @dev_id:  as there
 *
 * Context: may sleep.
 * Return: IRQC_IS_HARDIRQ, for no line here is nested in a thread; or as there.
 */
int request_any_context_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
			    const char *name, void *dev_id)
{
	int ret = request_irq(irq, handler, flags, name, dev_id);

	return ret ?: IRQC_IS_HARDIRQ;
}
EXPORT_SYMBOL_GPL(request_any_context_irq);

/* ---- free ----------------------------------------------------------------------------------- */

static struct irqaction *take_out(struct irq_desc *desc, void *dev_id)
{
	struct irqaction **p, *action;

	um_sched_lock();
	for (p = &desc->action; *p && (*p)->dev_id != dev_id; p = &(*p)->next)
		;
	action = *p;
	/* who comes to the one behind it now sees that whole, too */
	if (action)
		__atomic_store_n(p, action->next, __ATOMIC_RELEASE);
	um_sched_unlock();
	if (action && !desc->action)
		irq_shutdown(desc);
	return action;
}

/**
 * free_irq() - a handler is not called any more
 * @irq:    the line
 * @dev_id: as it was asked for
 *
 * Waits for it and its thread. The line is off when it was the last. One that is
 * not there is a warning.
 *
 * Context: may sleep, not in an interrupt; no lock may be held that the handler
 * takes.
 * Return: its name; NULL if there is no such handler.
 */
const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	unsigned long flags;
	const char *name;

	if (!desc)
		return NULL;
	WARN(in_interrupt(), "Trying to free IRQ %d from IRQ context!\n", irq);

	mutex_lock(&desc->request_mutex);
	chip_bus_lock(desc);
	raw_spin_lock_irqsave(&desc->lock, flags);
	action = take_out(desc, dev_id);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	chip_bus_sync_unlock(desc);
	if (WARN(!action, "Trying to free already-free IRQ %d\n", irq)) {
		mutex_unlock(&desc->request_mutex);
		return NULL;
	}
	wait_for_handlers(desc, _RET_IP_);
	stop_thread(action);
	chip_bus_lock(desc);
	release_resources(desc);
	chip_bus_sync_unlock(desc);
	mutex_unlock(&desc->request_mutex);

	module_put(desc->owner);
	is_freed(action);
	name = action->name;
	kfree(action);
	return name;
}
EXPORT_SYMBOL(free_irq);
