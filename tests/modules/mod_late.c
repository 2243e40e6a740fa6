// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module whose exit leaves a callback into its own code, or a task in it, unless it is told
 * to be clean: "rcu", "rcu_waited" (a barrier came before the last call),
 * "srcu", "srcu_reader" (a domain is left with a reader),
 * "timer", "hrtimer", "delayed", "work", "tasklet",
 * "irq"; "file": a task that waits in it, "spin": that runs there,
 * "thread": a thread of its own. So does its init, if it is to "fail".
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "compat/levels.h"

static char what[16];
module_param_string(what, what, sizeof(what), 0);
static bool clean;
module_param(clean, bool, 0);
static bool fail;
module_param(fail, bool, 0);

static struct rcu_head late_head;

static void late_rcu(struct rcu_head *head)
{
}

DEFINE_STATIC_SRCU(late_srcu);

static void late_timer(struct timer_list *timer)
{
}

static void late_work(struct work_struct *work)
{
}

static DEFINE_TIMER(timer, late_timer);
static DECLARE_WORK(work, late_work);
static DECLARE_DELAYED_WORK(delayed, late_work);

static enum hrtimer_restart late_hrtimer(struct hrtimer *timer)
{
	return HRTIMER_NORESTART;
}

static struct hrtimer hrtimer;

static void late_tasklet_fn(struct tasklet_struct *t)
{
}

/* It will run as soon as somebody enables it. */
static DECLARE_TASKLET_DISABLED(late_tasklet, late_tasklet_fn);

static irqreturn_t late_handler(int irq, void *dev_id)
{
	return IRQ_HANDLED;
}

static int late_irq;

/* A line that pins nobody. */
static int request_late_irq(void)
{
	late_irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (late_irq < 0)
		return late_irq;
	irq_set_chip_and_handler(late_irq, &dummy_irq_chip, handle_simple_irq);
	irq_clear_status_flags(late_irq, IRQ_NOREQUEST);
	return request_irq(late_irq, late_handler, 0, "mod_late", NULL);
}

static DECLARE_WAIT_QUEUE_HEAD(never);
static DECLARE_COMPLETION(inside);
static bool enough;

/* Neither waits nor makes way. */
static noinline void late_spin(void)
{
	complete(&inside);
	while (!READ_ONCE(enough))
		;
}

static int late_thread(void *unused)
{
	complete(&inside);
	while (!kthread_should_stop())
		cpu_relax();
	return 0;
}

static struct task_struct *thread;

static ssize_t late_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	if (!strcmp(what, "spin"))
		late_spin();
	else
		wait_event_interruptible(never, false);
	return 0;
}

/* Its owner is set only if it is to be clean. */
static struct file_operations late_fops = { .read = late_read };
static struct miscdevice misc = {
	.minor = MISC_DYNAMIC_MINOR, .name = "mod_late", .fops = &late_fops,
};

static int __init late_init(void)
{
#if KAPI_HRTIMER_SETUP
	hrtimer_setup(&hrtimer, late_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
#else
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = late_hrtimer;
#endif
	if (!strcmp(what, "file") || !strcmp(what, "spin")) {
		late_fops.owner = clean ? THIS_MODULE : NULL;
		return misc_register(&misc);
	}
	if (!strcmp(what, "thread")) {
		thread = kthread_run(late_thread, NULL, "late_thread");
		return PTR_ERR_OR_ZERO(thread);
	}
	if (!strcmp(what, "timer"))
		mod_timer(&timer, jiffies + 1000 * HZ);
	if (!strcmp(what, "hrtimer"))
		hrtimer_start(&hrtimer, ms_to_ktime(1000000), HRTIMER_MODE_REL);
	if (!strcmp(what, "delayed"))
		schedule_delayed_work(&delayed, 1000 * HZ);
	if (!strcmp(what, "work"))
		schedule_work(&work);
	if (!strcmp(what, "tasklet"))
		tasklet_schedule(&late_tasklet);
	if (!strcmp(what, "irq") && request_late_irq())
		return -ENOMEM;
	return fail ? -ENODEV : 0;
}

static void late_domain(void)
{
	int idx;

	if (!strcmp(what, "srcu_reader")) {
		idx = srcu_read_lock(&late_srcu);
		if (clean)
			srcu_read_unlock(&late_srcu, idx);
	} else {
		call_srcu(&late_srcu, &late_head, late_rcu);
		if (clean)
			srcu_barrier(&late_srcu);
	}
}

static void __exit late_exit(void)
{
	if (!strncmp(what, "srcu", 4)) {
		late_domain();
		return;
	}
	if (!strcmp(what, "file") || !strcmp(what, "spin"))
		misc_deregister(&misc);
	if (!strcmp(what, "spin") || !strcmp(what, "thread"))
		wait_for_completion(&inside);
	if (!strcmp(what, "thread") && clean)
		kthread_stop(thread);
	if (!strcmp(what, "rcu_waited")) {
		call_rcu(&late_head, late_rcu);
		rcu_barrier();
	}
	if (!strncmp(what, "rcu", 3))
		call_rcu(&late_head, late_rcu);
	if (!clean)
		return;
	rcu_barrier();
	del_timer_sync(&timer);
	hrtimer_cancel(&hrtimer);
	cancel_delayed_work_sync(&delayed);
	cancel_work_sync(&work);
	tasklet_enable(&late_tasklet);
	tasklet_kill(&late_tasklet);
	if (!strcmp(what, "irq")) {
		free_irq(late_irq, NULL);
		irq_free_desc(late_irq);
	}
}

module_init(late_init);
module_exit(late_exit);
MODULE_DESCRIPTION("Leaves a callback behind");
MODULE_LICENSE("GPL");
