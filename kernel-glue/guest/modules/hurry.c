// SPDX-License-Identifier: GPL-2.0-only
/*
 * Grace periods of tasks one after the other.
 *
 * The kernel's thread for them sleeps a tenth of a second behind each, and as long
 * before it looks again at a task that was running, so that it is no load. Each unload
 * of mdev asks for one (mdev_exit()), and a check unloads some thousand times. Here the
 * thread is woken at each tick: it then looks, as it would have later, whether it
 * may go on. What a grace period is does not change by that.
 */
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/timer.h>

static struct task_struct *sleeper;

static void hurry_tick(struct timer_list *timer)
{
	wake_up_process(sleeper);
	mod_timer(timer, jiffies + 1);
}
static DEFINE_TIMER(tick, hurry_tick);

static int __init hurry_init(void)
{
	struct task_struct *task;

	rcu_read_lock();
	for_each_process(task) {
		if ((task->flags & PF_KTHREAD) && !strncmp(task->comm, "rcu_tasks_kthre", TASK_COMM_LEN - 1))
			sleeper = task;
	}
	if (sleeper)
		get_task_struct(sleeper);
	rcu_read_unlock();
	if (!sleeper)
		return -ENODEV;
	mod_timer(&tick, jiffies + 1);
	return 0;
}

static void __exit hurry_exit(void)
{
	del_timer_sync(&tick);
	put_task_struct(sleeper);
}

module_init(hurry_init);
module_exit(hurry_exit);
MODULE_DESCRIPTION("Grace periods of tasks one after the other");
MODULE_LICENSE("GPL v2");
