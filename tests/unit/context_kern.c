// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of context.c: interrupts and bottom halves off and on, in all orders. */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>

#include "context.h"
#include "kernel/sched/wait.h"

static DEFINE_MUTEX(mutex);

/* ---- what a task sees of itself: a bit for each thing that is as it must be ------ */

int k_irq_states(void)
{
	unsigned long outer, inner;
	int ok = 0;

	ok |= !irqs_disabled() << 0;
	local_irq_save(outer);
	ok |= (irqs_disabled() && !in_atomic()) << 1;
	local_irq_save(inner);
	local_irq_restore(inner);
	ok |= irqs_disabled() << 2;
	local_irq_restore(outer);
	ok |= !irqs_disabled() << 3;
	local_irq_disable();
	ok |= (irqs_disabled() && !in_interrupt()) << 4;
	local_irq_enable();
	return ok | !irqs_disabled() << 5;
}

int k_bh_states(void)
{
	static DEFINE_SPINLOCK(lock);
	int ok = 0;

	local_bh_disable();
	spin_lock_bh(&lock);
	ok |= (in_softirq() && in_interrupt() && in_task()) << 0;
	ok |= (!in_serving_softirq() && !irqs_disabled()) << 1;
	spin_unlock_bh(&lock);
	ok |= (in_softirq() != 0) << 2;
	local_bh_enable();
	return ok | (!in_softirq() && !in_atomic()) << 3;
}

static DECLARE_COMPLETION(fired);

static void fire(struct timer_list *timer)
{
	reinit_completion(&fired);
	mod_timer(timer, jiffies);
	wait_for_completion(&fired);
	del_timer_sync(timer);
}

/* ---- wrong partners and wrong places ------------------------------------------------ */

void k_sleep_with_irqs_off(void)
{
	local_irq_disable();
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	local_irq_enable();
}

void k_sleep_with_bh_off(void)
{
	local_bh_disable();
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	local_bh_enable();
}

void k_unlock_without_restore(void)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	spin_unlock(&lock);
	(void)flags;	/* forgotten */
	um_task_ends("test", NULL);
}

void k_restore_without_save(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	spin_unlock_irqrestore(&lock, 0x200);
}

void k_enable_bh_too_often(void)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	spin_unlock_bh(&lock);
}

/* ---- locks that are shared with who interrupts --------------------------------------- */

#define TIMER_WITH_LOCK(name)						\
static DEFINE_SPINLOCK(name##_lock);					\
static void name##_fn(struct timer_list *timer)			\
{									\
	spin_lock(&name##_lock);					\
	spin_unlock(&name##_lock);					\
	complete(&fired);						\
}									\
static DEFINE_TIMER(name##_timer, name##_fn)

TIMER_WITH_LOCK(unsafe);
TIMER_WITH_LOCK(safe);
TIMER_WITH_LOCK(saved);
TIMER_WITH_LOCK(outer);
TIMER_WITH_LOCK(ordered);
TIMER_WITH_LOCK(far);
TIMER_WITH_LOCK(before);

void k_timer_lock_unsafe(void)
{
	fire(&unsafe_timer);
	spin_lock(&unsafe_lock);
	spin_unlock(&unsafe_lock);
}

void k_timer_lock_safe(void)
{
	spin_lock_bh(&safe_lock);
	spin_unlock_bh(&safe_lock);
	fire(&safe_timer);
}

void k_timer_lock_saved(void)
{
	unsigned long flags;

	spin_lock_irqsave(&saved_lock, flags);
	spin_unlock_irqrestore(&saved_lock, flags);
	fire(&saved_timer);
}

static DEFINE_SPINLOCK(irq_lock);

static void interrupt(spinlock_t *lock)
{
	irq_enter();
	spin_lock(lock);
	spin_unlock(lock);
	irq_exit();
}

void k_irq_lock_with_irqs_off(void)
{
	spin_lock_irq(&irq_lock);
	spin_unlock_irq(&irq_lock);
	interrupt(&irq_lock);
}

/* Bottom halves off keep no interrupt out. */
void k_irq_lock_with_bh_off(void)
{
	interrupt(&irq_lock);
	spin_lock_bh(&irq_lock);
	spin_unlock_bh(&irq_lock);
}

void k_irqs_on_with_lock_held(void)
{
	static DEFINE_SPINLOCK(early_lock);

	interrupt(&early_lock);
	local_irq_disable();
	spin_lock(&early_lock);
	local_irq_enable();
	spin_unlock(&early_lock);
}

static DEFINE_SPINLOCK(inner_lock);

/* Whoever has inner_lock may be interrupted by who waits for outer_lock. */
void k_inversion(void)
{
	fire(&outer_timer);
	spin_lock(&inner_lock);
	spin_unlock(&inner_lock);
	spin_lock_bh(&outer_lock);
	spin_lock(&inner_lock);
	spin_unlock(&inner_lock);
	spin_unlock_bh(&outer_lock);
}

void k_no_inversion(void)
{
	static DEFINE_SPINLOCK(last_lock);

	fire(&ordered_timer);
	spin_lock_bh(&ordered_lock);
	spin_lock(&last_lock);
	spin_unlock(&last_lock);
	spin_unlock_bh(&ordered_lock);
}

static DEFINE_SPINLOCK(near_lock);
static DEFINE_SPINLOCK(middle_lock);

/* As k_inversion(), but whoever has far_lock waits for somebody between. */
void k_inversion_over_others(void)
{
	spin_lock(&near_lock);
	spin_unlock(&near_lock);
	spin_lock_bh(&middle_lock);
	spin_lock(&near_lock);
	spin_unlock(&near_lock);
	spin_unlock_bh(&middle_lock);
	fire(&far_timer);
	spin_lock_bh(&far_lock);
	spin_lock(&middle_lock);
	spin_unlock(&middle_lock);
	spin_unlock_bh(&far_lock);
}

/* Whoever wants the one between as a recursive reader does not wait for another reader. */
void k_no_inversion_over_readers(void)
{
	static struct lockdep_map readers_map = STATIC_LOCKDEP_MAP_INIT("readers", &readers_map);
	static DEFINE_SPINLOCK(behind_lock);

	spin_lock(&behind_lock);
	spin_unlock(&behind_lock);
	local_bh_disable();
	lock_map_acquire_read(&readers_map);
	spin_lock(&behind_lock);
	spin_unlock(&behind_lock);
	lock_map_release(&readers_map);
	local_bh_enable();
	fire(&before_timer);
	spin_lock_bh(&before_lock);
	lock_map_acquire_read(&readers_map);
	lock_map_release(&readers_map);
	spin_unlock_bh(&before_lock);
}

/* Readers do not keep each other out, whoever interrupts whom. */
void k_shared_readers(void)
{
	static DEFINE_RWLOCK(lock);

	irq_enter();
	read_lock(&lock);
	read_unlock(&lock);
	irq_exit();
	read_lock(&lock);
	read_unlock(&lock);
}

/* ---- between the preparation of a wait and its sleep --------------------------------- */

static DECLARE_WAIT_QUEUE_HEAD(gone);

static bool present(void)
{
	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	return false;
}

void k_condition_that_sleeps(int prepared)
{
	DEFINE_WAIT(entry);

	if (!prepared)
		present();
	prepare_to_wait(&gone, &entry, TASK_INTERRUPTIBLE);
	if (prepared)
		present();
	finish_wait(&gone, &entry);
	present();
}

void k_condition_that_allocates(void)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	kfree(kmalloc(8, GFP_KERNEL));
	__set_current_state(TASK_RUNNING);
	/* one that does not sleep may */
	set_current_state(TASK_UNINTERRUPTIBLE);
	kfree(kmalloc(8, GFP_ATOMIC));
	__set_current_state(TASK_RUNNING);
}

/* Each leaves TASK_RUNNING, so what follows may sleep. */
void k_wait_after_wait(void)
{
	set_current_state(TASK_INTERRUPTIBLE);
	schedule_timeout(1);
	present();
	schedule_timeout_interruptible(1);
	present();
	wait_event_timeout(gone, false, 1);
	present();
	msleep(1);
	present();
}
