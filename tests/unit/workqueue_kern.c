// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of workqueue.c: items and timers that wait for each other. */
#include <asm/processor.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "../modules/items.h"
#include "umdev/umdev.h"
#include "workqueue.h"

/* ---- the end of a queue ------------------------------------------------------------------ */

static struct workqueue_struct *wq;
static struct work_struct work;
static struct completion done;

static void done_fn(struct work_struct *w)
{
	complete(&done);
}

void k_make(void)
{
	wq = alloc_workqueue("case", 0, 1);
	INIT_WORK(&work, done_fn);
	init_completion(&done);
}

long k_queue(void *arg)
{
	queue_work(wq, &work);
	return 0;
}

long k_wait_and_destroy(void *arg)
{
	wait_for_completion(&done);
	destroy_workqueue(wq);
	return 0;
}

/* ---- timers -------------------------------------------------------------------------------- */

static atomic_t let_go;

static void spins_fn(struct timer_list *timer)
{
	while (!atomic_read(&let_go))
		cpu_relax();
}

static void lets_go_fn(struct timer_list *timer)
{
	atomic_set(&let_go, 1);
}

static DEFINE_TIMER(lets_go, lets_go_fn);

static void arm_fn(struct work_struct *w)
{
	mod_timer(&lets_go, jiffies);
}

/* As on two processors: what another task has armed. */
void k_timer_waits_for_timer(void)
{
	static DEFINE_TIMER(spins, spins_fn);
	static DECLARE_WORK(arm, arm_fn);

	atomic_set(&let_go, 0);
	mod_timer(&spins, jiffies);
	while (timer_pending(&spins))
		cpu_relax();
	schedule_work(&arm);
	flush_work(&arm);
	del_timer_sync(&spins);
	del_timer_sync(&lets_go);
}

/* ---- an ordered queue ---------------------------------------------------------------------- */

/* Both are on it, so the first never ends: the checker tells by a run in which it does. */
void k_ordered_waits_for_itself(void)
{
	struct workqueue_struct *q = alloc_ordered_workqueue("ordered", 0);

	make_items();
	queue_work(q, &completes);
	queue_work(q, &waits);
	destroy_workqueue(q);
}

/* ---- a queue that is drained --------------------------------------------------------------- */

static long drains(void *q)
{
	drain_workqueue(q);
	return 0;
}

void k_cancel_dropped(int way, int clean)
{
	struct workqueue_struct *q = alloc_workqueue("drained", 0, 0);
	static struct delayed_work delayed;
	struct um_task *drainer;

	make_items();
	INIT_DELAYED_WORK(&delayed, nothing_fn);
	queue_work(q, &waits);
	if (clean)
		queue_work(q, &nothing);
	drainer = um_task_start("drainer", drains, q);
	um_task_wait_blocked(drainer);
	if (!clean)
		queue_work(q, &nothing);
	if (!clean && way == 2)
		queue_delayed_work(q, &delayed, 0);
	complete(&from_second);
	um_task_join(drainer);
	if (way == 0)
		cancel_work(&nothing);
	else if (way == 1)
		cancel_work_sync(&nothing);
	else
		cancel_delayed_work_sync(&delayed);
	destroy_workqueue(q);
}
