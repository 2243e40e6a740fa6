// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module in whose data lies what is queued elsewhere, for functions of mod_called, and
 * that leaves it there unless it is told to be clean. Which, by name.
 */
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "compat/levels.h"

#include "mod_called.h"

#define LATER	(1000 * HZ)

static char what[16];
module_param_string(what, what, sizeof(what), 0);
static bool clean;
module_param(clean, bool, 0);

static DEFINE_TIMER(timer, called_timer);
static struct hrtimer hrtimer;
static DECLARE_WORK(work, called_work);
static DECLARE_DELAYED_WORK(delayed, called_work);
static DECLARE_TASKLET_DISABLED(tasklet, called_tasklet);
static struct kthread_work kwork;
static struct kthread_delayed_work kdelayed;
static struct rcu_head head;
static int srcu_idx;
static char for_handler;
static DECLARE_COMPLETION(done);
static DECLARE_WAIT_QUEUE_HEAD(waiters);
static struct kobject kobj;

static int timer_begins(void)
{
	mod_timer(&timer, jiffies + LATER);
	return 0;
}

static void timer_ends(void)
{
	del_timer_sync(&timer);
}

static int hrtimer_begins(void)
{
#if KAPI_HRTIMER_SETUP
	hrtimer_setup(&hrtimer, called_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = called_hrtimer;
#endif
	hrtimer_start(&hrtimer, ms_to_ktime(1000000), HRTIMER_MODE_REL);
	return 0;
}

static void hrtimer_ends(void)
{
	hrtimer_cancel(&hrtimer);
}

static int work_begins(void)
{
	queue_work(called_queue, &work);
	return 0;
}

static void work_ends(void)
{
	cancel_work_sync(&work);
}

static int delayed_begins(void)
{
	schedule_delayed_work(&delayed, LATER);
	return 0;
}

static void delayed_ends(void)
{
	cancel_delayed_work_sync(&delayed);
}

static int tasklet_begins(void)
{
	tasklet_schedule(&tasklet);
	return 0;
}

static void tasklet_ends(void)
{
	tasklet_enable(&tasklet);
	tasklet_kill(&tasklet);
}

static int kwork_begins(void)
{
	kthread_init_work(&kwork, called_kwork);
	kthread_queue_work(&called_worker, &kwork);
	return 0;
}

static void kwork_ends(void)
{
	kthread_cancel_work_sync(&kwork);
}

static int kdelayed_begins(void)
{
	kthread_init_delayed_work(&kdelayed, called_kwork);
	kthread_queue_delayed_work(&called_worker, &kdelayed, LATER);
	return 0;
}

static void kdelayed_ends(void)
{
	kthread_cancel_delayed_work_sync(&kdelayed);
}

static int rcu_begins(void)
{
	call_rcu(&head, called_rcu);
	return 0;
}

static void rcu_ends(void)
{
	rcu_barrier();
}

/* A reader keeps it in the queue. */
static int srcu_begins(void)
{
	srcu_idx = srcu_read_lock(&called_srcu);
	call_srcu(&called_srcu, &head, called_rcu);
	return 0;
}

static void srcu_ends(void)
{
	srcu_read_unlock(&called_srcu, srcu_idx);
	srcu_barrier(&called_srcu);
}

static int irq_begins(void)
{
	return request_irq(called_irq, called_handler, IRQF_SHARED, "mod_data", &for_handler);
}

static void irq_ends(void)
{
	free_irq(called_irq, &for_handler);
}

static int completion_begins(void)
{
	return called_wait(&done, NULL);
}

static int queue_begins(void)
{
	return called_wait(NULL, &waiters);
}

static int object_begins(void)
{
	return called_add(&kobj);
}

static void object_ends(void)
{
	kobject_put(&kobj);
}

static const struct {
	const char *name;
	int (*begins)(void);
	void (*ends)(void);
	bool late;			/* begins when the module exits */
} sorts[] = {
	{ "timer", timer_begins, timer_ends },
	{ "hrtimer", hrtimer_begins, hrtimer_ends },
	{ "work", work_begins, work_ends },
	{ "delayed", delayed_begins, delayed_ends },
	{ "tasklet", tasklet_begins, tasklet_ends },
	{ "kwork", kwork_begins, kwork_ends },
	{ "kdelayed", kdelayed_begins, kdelayed_ends },
	{ "rcu", rcu_begins, rcu_ends, true },
	{ "rcu_pending", rcu_begins, rcu_ends },
	{ "srcu", srcu_begins, srcu_ends, true },
	{ "irq", irq_begins, irq_ends },
	{ "completion", completion_begins, called_let_go },
	{ "queue", queue_begins, called_let_go },
	{ "object", object_begins, object_ends },
};

static int __init data_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sorts); i++)
		if (!strcmp(sorts[i].name, what) && !sorts[i].late)
			return sorts[i].begins();
	return 0;
}

static void __exit data_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sorts); i++) {
		if (strcmp(sorts[i].name, what))
			continue;
		if (sorts[i].late)
			sorts[i].begins();
		if (clean)
			sorts[i].ends();
	}
}

module_init(data_init);
module_exit(data_exit);
MODULE_DESCRIPTION("Leaves its data to others");
MODULE_LICENSE("GPL");
