// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of kthread.c. */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "../modules/until_stopped.h"
#include "compat/levels.h"
#include "kernel/kthread.h"
#include "kthread.h"
#include "umdev/umdev.h"

#if KAPI_COMPLETE_AND_EXIT
#define kthread_complete_and_exit complete_and_exit
#define kthread_exit do_exit
#endif

static int end_at_once(void *data)
{
	return 7;
}

/* Somewhere below its function. */
static noinline int leave(void *data)
{
	if (data)
		kthread_complete_and_exit(data, 8);
	kthread_exit(7);
}

static int leave_at_once(void *data)
{
	leave(data);
	return 6;
}

static int until_stopped(void *data)
{
	sleep_until_stopped();
	return 0;
}

static struct task_struct *ended_thread(void)
{
	struct task_struct *task = kthread_run(end_at_once, NULL, "short");

	while (!IS_ERR(task) && !um_kthread_ended(task))
		um_yield();
	return task;
}

int kt_end(void)
{
	return PTR_ERR_OR_ZERO(ended_thread());
}

int kt_end_and_stop(void)
{
	struct task_struct *task = ended_thread();

	return IS_ERR(task) ? PTR_ERR(task) : kthread_stop(task);
}

int kt_leave_and_stop(void)
{
	struct task_struct *task = kthread_run(leave_at_once, NULL, "short");

	while (!IS_ERR(task) && !um_kthread_ended(task))
		um_yield();
	return IS_ERR(task) ? PTR_ERR(task) : kthread_stop(task);
}

int kt_leave_and_complete(void)
{
	DECLARE_COMPLETION_ONSTACK(gone);
	struct task_struct *task = kthread_run(leave_at_once, &gone, "short");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&gone);
	/* it has ended before it says so */
	return um_kthread_ended(task) ? 0 : -EBUSY;
}

static struct task_struct *lost;

noinline int kt_lose(void)
{
	lost = kthread_run(until_stopped, NULL, "lost");
	return PTR_ERR_OR_ZERO(lost);
}

void kt_give_back(void)
{
	kthread_stop(lost);
}

long kt_without_memory(void)
{
	struct task_struct *task;

	um_fail_nth(1);
	task = kthread_run(end_at_once, NULL, "none");
	um_fail_nth(0);
	return PTR_ERR_OR_ZERO(task);
}
