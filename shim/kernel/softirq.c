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
 * Timers and callbacks of RCU run as a softirq's; irq_enter() and irq_exit() make
 * an interrupt of what is between them (irq_work.c brings them).
 *
 * Tasklets are one list. One that an interrupt or a softirq has scheduled, or a task
 * with bottom halves off, runs on that task as soon as it can; one that any other
 * task has, in a thread, as ksoftirqd's. One that is disabled waits on the list.
 *
 * Left out: NMIs; softirqs of one's own.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/irq.h"
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
	if (!t->bh_off) {
		um_begin(UM_IRQS_ON, .ip = _RET_IP_);
		um_tasklets_run();
	}
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
 * Context: interrupts are off until irq_exit(), whatever they were before.
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
	if (!t->in_hardirq) {
		set_irqs(t, true, _RET_IP_);
		um_tasklets_run();
	}
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

/* ---- tasklets ------------------------------------------------------------------------- */

#define TASKLET	"tasklet"	/* to whom it must not vanish */

/* Guarded by the inner lock; on the list are those whose state has SCHED. */
static struct {
	struct tasklet_struct *first;
	struct task_struct *thread;
	bool started, stop;
} tasklets;

static const void *function_of(const struct tasklet_struct *t)
{
	return t->use_callback ? (const void *)t->callback : (const void *)t->func;
}

static bool is_scheduled(const struct tasklet_struct *t)
{
	return t->state & BIT(TASKLET_STATE_SCHED);
}

static bool is_running(const struct tasklet_struct *t)
{
	return t->state & BIT(TASKLET_STATE_RUN);
}

/* Inner lock held, as below: a link of the list. */
static struct tasklet_struct **find_runnable(const struct task_struct *by)
{
	struct tasklet_struct **p, *t;

	for (p = &tasklets.first; (t = *p); p = &t->next)
		if (t->um_by == by && !is_running(t) && !atomic_read(&t->count))
			return p;
	return NULL;
}

/* Its function may schedule it again, and must not free it. */
static void run_tasklet(struct tasklet_struct **link)
{
	struct tasklet_struct *t = *link, copy;

	*link = t->next;
	t->state = BIT(TASKLET_STATE_RUN);
	um_begin(UM_IDLE, .object = t, .what = TASKLET);
	copy = *t;
	um_wake(t);
	um_sched_unlock();

	um_softirq_enter();
	um_step(UM_TAKE, t);
	if (copy.use_callback)
		copy.callback(t);
	else
		copy.func(copy.data);
	um_step(UM_GIVE, t);
	um_softirq_exit();

	um_sched_lock();
	t->state &= ~BIT(TASKLET_STATE_RUN);
	um_wake(t);
	um_wake(&tasklets);
}

/* What cannot run here now is the thread's. */
static void leave_to_thread(const struct task_struct *by)
{
	struct tasklet_struct *t;

	for (t = tasklets.first; t; t = t->next)
		if (t->um_by == by)
			t->um_by = NULL;
	um_wake(&tasklets);
}

void um_tasklets_run(void)
{
	const struct um_op_task *self = this_task();
	struct tasklet_struct **link;

	if (likely(!READ_ONCE(tasklets.first)) || self->bh_off || self->in_softirq ||
	    self->in_hardirq || self->irqs_off)
		return;
	um_sched_lock();
	while ((link = find_runnable(current)))
		run_tasklet(link);
	leave_to_thread(current);
	um_sched_unlock();
}

static bool thread_has_work(const void *arg)
{
	return tasklets.stop || find_runnable(NULL);
}

static void tasklets_main(void *arg)
{
	struct um_why why = { .kind = "tasklets", .object = &tasklets, .idle = true };

	um_sched_lock();
	for (;;) {
		um_wait_until(thread_has_work, NULL, &why, UM_FOREVER);
		if (tasklets.stop)
			break;
		run_tasklet(find_runnable(NULL));
	}
	um_sched_unlock();
}

static void start_thread(void)
{
	struct task_struct *thread;
	bool start;

	um_sched_lock();
	start = !tasklets.started;
	tasklets.started = true;
	um_sched_unlock();
	if (!start)
		return;
	thread = um_kthread("ksoftirqd", tasklets_main, NULL);
	um_sched_lock();
	tasklets.thread = thread;
	um_sched_unlock();
}

void um_tasklets_stop(void)
{
	if (!tasklets.started)
		return;
	um_sched_lock();
	tasklets.stop = true;
	um_wake(&tasklets);
	um_sched_unlock();
	um_kthread_join(tasklets.thread);
	tasklets.started = false;
	tasklets.stop = false;
	tasklets.first = NULL;
}

void um_tasklets_in(struct um_functions *found)
{
	const struct tasklet_struct *t;

	um_sched_lock();
	for (t = tasklets.first; t; t = t->next)
		um_functions_add(found, t, function_of(t));
	um_sched_unlock();
}

/**
 * tasklet_setup() - make a tasklet
 * @t:        where
 * @callback: called in a softirq, on one task at a time
 */
void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	um_begin(UM_INIT, .object = t);
	*t = (struct tasklet_struct){ .callback = callback, .use_callback = true };
}
EXPORT_SYMBOL(tasklet_setup);

/**
 * tasklet_init() - make a tasklet, whose function gets a number
 * @t:    where
 * @func: called in a softirq, on one task at a time
 * @data: for that
 */
void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	um_begin(UM_INIT, .object = t);
	*t = (struct tasklet_struct){ .func = func, .data = data };
}
EXPORT_SYMBOL(tasklet_init);

static void take_out_told(const void *object)
{
	struct tasklet_struct **p, *t = (struct tasklet_struct *)object;

	um_sched_lock();
	for (p = &tasklets.first; *p && *p != t; p = &(*p)->next)
		;
	if (*p) {
		*p = t->next;
		t->state &= ~BIT(TASKLET_STATE_SCHED);
		um_wake(t);
	}
	um_sched_unlock();
}

static void append(struct tasklet_struct *t)
{
	struct tasklet_struct **p;

	for (p = &tasklets.first; *p; p = &(*p)->next)
		;
	t->next = NULL;
	WRITE_ONCE(*p, t);
}

/**
 * tasklet_schedule() - have a tasklet run once more
 * @t: the tasklet; one that is scheduled and has not begun stays so
 */
void tasklet_schedule(struct tasklet_struct *t)
{
	struct task_struct *by = in_interrupt() ? current : NULL;

	if (!by)
		start_thread();
	um_step(UM_GIVE, t);
	um_sched_lock();
	if (!is_scheduled(t)) {
		t->state |= BIT(TASKLET_STATE_SCHED);
		t->um_by = by;
		um_begin(UM_ACTIVE, .object = t, .what = TASKLET, .start = function_of(t),
			 .undo = take_out_told);
		append(t);
		um_wake(&tasklets);
	}
	um_sched_unlock();
}
EXPORT_SYMBOL(tasklet_schedule);

static bool does_not_run(const void *arg)
{
	return !is_running(arg);
}

static void wait_for(struct tasklet_struct *t, bool (*ready)(const void *arg), bool spin)
{
	struct um_why why = { .kind = "tasklet", .object = t, .spin = spin };

	um_sched_lock();
	um_wait_until(ready, t, &why, UM_FOREVER);
	um_sched_unlock();
	um_step(UM_TAKE, t);
}

/**
 * tasklet_unlock_wait() - wait while a tasklet runs
 * @t: the tasklet
 *
 * Context: may sleep.
 */
void tasklet_unlock_wait(struct tasklet_struct *t)
{
	um_begin(UM_WAIT, .sleeps = true, .ip = _RET_IP_);
	wait_for(t, does_not_run, false);
}
EXPORT_SYMBOL_GPL(tasklet_unlock_wait);

/**
 * tasklet_unlock_spin_wait() - wait while a tasklet runs, without sleeping
 * @t: the tasklet
 *
 * Context: not in the tasklet itself, which would wait for its own end.
 */
void tasklet_unlock_spin_wait(struct tasklet_struct *t)
{
	wait_for(t, does_not_run, true);
}
EXPORT_SYMBOL(tasklet_unlock_spin_wait);

static bool is_idle(const void *arg)
{
	return !is_scheduled(arg) && !is_running(arg);
}

/**
 * tasklet_kill() - wait until a tasklet has run, if it was scheduled
 * @t: the tasklet; one that is disabled is waited for until it is enabled
 *
 * Context: may sleep, not in an interrupt. Nothing schedules it any more.
 */
void tasklet_kill(struct tasklet_struct *t)
{
	if (in_interrupt())
		pr_notice("Attempt to kill tasklet from interrupt\n");
	um_begin(UM_WAIT, .sleeps = true, .ip = _RET_IP_);
	start_thread();
	wait_for(t, is_idle, false);
}
EXPORT_SYMBOL(tasklet_kill);

/**
 * tasklet_disable_nosync() - a tasklet does not begin any more; it may run
 * @t: the tasklet; disabled as often as it must be enabled
 */
void tasklet_disable_nosync(struct tasklet_struct *t)
{
	um_sched_lock();
	atomic_inc(&t->count);
	um_sched_unlock();
}
EXPORT_SYMBOL(tasklet_disable_nosync);

/**
 * tasklet_disable() - tasklet_disable_nosync(), and wait while it runs
 * @t: the tasklet
 *
 * Context: may sleep.
 */
void tasklet_disable(struct tasklet_struct *t)
{
	tasklet_disable_nosync(t);
	tasklet_unlock_wait(t);
}
EXPORT_SYMBOL(tasklet_disable);

/**
 * tasklet_disable_in_atomic() - tasklet_disable() without sleeping
 * @t: the tasklet
 *
 * Context: not in the tasklet itself, which would wait for its own end.
 */
void tasklet_disable_in_atomic(struct tasklet_struct *t)
{
	tasklet_disable_nosync(t);
	tasklet_unlock_spin_wait(t);
}
EXPORT_SYMBOL(tasklet_disable_in_atomic);

/**
 * tasklet_enable() - undo one tasklet_disable()
 * @t: the tasklet, which runs if it was scheduled meanwhile
 */
void tasklet_enable(struct tasklet_struct *t)
{
	start_thread();
	um_step(UM_GIVE, t);
	um_sched_lock();
	atomic_dec(&t->count);
	um_wake(&tasklets);
	um_sched_unlock();
}
EXPORT_SYMBOL(tasklet_enable);
