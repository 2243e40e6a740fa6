// SPDX-License-Identifier: GPL-2.0-only
/* A module whose functions are called for what lies in mod_data. */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/irq.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/wait.h>

#include "mod_called.h"

/* ---- functions ---------------------------------------------------------------------- */

void called_timer(struct timer_list *timer)
{
}
EXPORT_SYMBOL_GPL(called_timer);

enum hrtimer_restart called_hrtimer(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}
EXPORT_SYMBOL_GPL(called_hrtimer);

void called_work(struct work_struct *work)
{
}
EXPORT_SYMBOL_GPL(called_work);

void called_kwork(struct kthread_work *work)
{
}
EXPORT_SYMBOL_GPL(called_kwork);

void called_tasklet(struct tasklet_struct *tasklet)
{
}
EXPORT_SYMBOL_GPL(called_tasklet);

void called_rcu(struct rcu_head *head)
{
}
EXPORT_SYMBOL_GPL(called_rcu);

irqreturn_t called_handler(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}
EXPORT_SYMBOL_GPL(called_handler);

/* ---- places ------------------------------------------------------------------------- */

struct workqueue_struct *called_queue;
EXPORT_SYMBOL_GPL(called_queue);
struct kthread_worker called_worker;
EXPORT_SYMBOL_GPL(called_worker);
DEFINE_SRCU(called_srcu);
EXPORT_SYMBOL_GPL(called_srcu);
int called_irq;
EXPORT_SYMBOL_GPL(called_irq);

static DECLARE_COMPLETION(over);

static void wait_until_over(struct work_struct *work)
{
	wait_for_completion(&over);
}

static DECLARE_WORK(first, wait_until_over);

/* ---- a thread ----------------------------------------------------------------------- */

static struct task_struct *thread;
static struct completion *thread_done;
static struct wait_queue_head *thread_waiters;
static bool let_go;
static DECLARE_COMPLETION(waits);

static int wait_thread(void *unused)
{
	DEFINE_WAIT(wait);

	if (thread_waiters) {
		prepare_to_wait(thread_waiters, &wait, TASK_UNINTERRUPTIBLE);
		complete(&waits);
		if (!READ_ONCE(let_go))
			schedule();
		finish_wait(thread_waiters, &wait);
	} else {
		complete(&waits);
		wait_for_completion(thread_done);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

int called_wait(struct completion *done, struct wait_queue_head *waiters)
{
	thread_done = done;
	thread_waiters = waiters;
	thread = kthread_run(wait_thread, NULL, "called");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	wait_for_completion(&waits);
	return 0;
}
EXPORT_SYMBOL_GPL(called_wait);

void called_let_go(void)
{
	WRITE_ONCE(let_go, true);
	if (thread_waiters)
		wake_up(thread_waiters);
	else
		complete(thread_done);
	kthread_stop(thread);
	let_go = false;
}
EXPORT_SYMBOL_GPL(called_let_go);

/* Inline, and exported: to a kernel a function like any other. */
inline bool called_is_let_go(void)
{
	return READ_ONCE(let_go);
}
EXPORT_SYMBOL_GPL(called_is_let_go);

/* ---- an object ---------------------------------------------------------------------- */

static void no_release(struct kobject *kobj)
{
}

static const struct kobj_type type = { .release = no_release };

int called_add(struct kobject *kobj)
{
	return kobject_init_and_add(kobj, (struct kobj_type *)&type, NULL, "called");
}
EXPORT_SYMBOL_GPL(called_add);

static int __init called_init(void)
{
	called_irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (called_irq < 0)
		return called_irq;
	irq_set_chip_and_handler(called_irq, &dummy_irq_chip, handle_simple_irq);
	irq_clear_status_flags(called_irq, IRQ_NOREQUEST);
	kthread_init_worker(&called_worker);
	called_queue = alloc_ordered_workqueue("called", 0);
	if (!called_queue) {
		irq_free_desc(called_irq);
		return -ENOMEM;
	}
	queue_work(called_queue, &first);
	return 0;
}

static void __exit called_exit(void)
{
	complete_all(&over);
	destroy_workqueue(called_queue);
	irq_free_desc(called_irq);
	rcu_barrier();
	srcu_barrier(&called_srcu);
}

module_init(called_init);
module_exit(called_exit);
MODULE_DESCRIPTION("Has functions that are called for another module's data");
MODULE_LICENSE("GPL");
