// SPDX-License-Identifier: GPL-2.0-only
/*
 * Late release of objects, a mode that finds those who rely on a release
 * that comes at once.
 *
 * When it is on, the release of an object whose last reference goes is put
 * off until a work item runs, which it does when somebody waits for anything,
 * or the system call returns to user space. So a caller that waits for the
 * release within the call gets it, a test sees the end of what it did, and the
 * order does not depend on time (LATE_JIFFIES is for those who wait and
 * do not sleep). A module's unload does not overtake it.
 */
#include <linux/device.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/sched/wait.h"
#include "kernel/time/time.h"
#include "lib/kobject_late.h"

#define LATE_JIFFIES	HZ

struct late {
	struct late *next;
	struct kref *kref;
	void (*release)(struct kref *kref);
};

static struct {
	bool on;
	struct host_lock lock;
	struct late *first, **last;
	unsigned int left;		/* not yet released */
	struct task_struct *runner;
	/* its own: nobody's work keeps it from running */
	struct workqueue_struct *wq;
} late = { .last = &late.first };

static struct late *next_late(void)
{
	struct late *l;

	host_lock(&late.lock);
	l = late.first;
	if (l) {
		late.first = l->next;
		if (!late.first)
			late.last = &late.first;
	}
	host_unlock(&late.lock);
	return l;
}

static void late_fn(struct work_struct *work)
{
	struct late *l;

	WRITE_ONCE(late.runner, current);
	while ((l = next_late())) {
		um_step(UM_TAKE, l);
		l->release(l->kref);
		host_free(l);
		__atomic_fetch_sub(&late.left, 1, __ATOMIC_RELEASE);
	}
	WRITE_ONCE(late.runner, NULL);
}
static struct delayed_work late_work;

void um_release(struct kref *kref, void (*release)(struct kref *kref))
{
	struct late *l;

	if (likely(!READ_ONCE(late.on))) {
		release(kref);
		return;
	}
	l = host_need(sizeof(*l));
	*l = (struct late){ .kref = kref, .release = release };
	um_step(UM_GIVE, l);
	__atomic_fetch_add(&late.left, 1, __ATOMIC_RELAXED);
	host_lock(&late.lock);
	*late.last = l;
	late.last = &l->next;
	host_unlock(&late.lock);
	/* one that goes with another is come to in the same turn */
	if (READ_ONCE(late.runner) != current)
		queue_delayed_work(late.wq, &late_work, LATE_JIFFIES);
}

/* Inner lock held: somebody waits, and it may be for a release. */
static void late_wanted(void)
{
	if (unlikely(READ_ONCE(late.left)) && !list_empty(&late_work.timer.entry))
		um_timer_arm(&late_work.timer, um_jiffies());
}

void um_late_flush(void)
{
	while (READ_ONCE(late.on)) {
		/* the release of a link leaves its devices to work, and theirs may follow */
		device_link_wait_removal();
		if (!__atomic_load_n(&late.left, __ATOMIC_ACQUIRE))
			break;
		queue_delayed_work(late.wq, &late_work, LATE_JIFFIES);
		flush_delayed_work(&late_work);
	}
}

void um_late_stop(void)
{
	if (!late.on)
		return;
	um_late_flush();
	WRITE_ONCE(late.on, false);
	cancel_delayed_work_sync(&late_work);
	destroy_workqueue(late.wq);
}

static int __init late_init(void)
{
	const char *value = host_getenv("UMDEV_LATE_RELEASE");

	if (!value || !*value || !strcmp(value, "0"))
		return 0;
	INIT_DELAYED_WORK(&late_work, late_fn);
	late.wq = alloc_workqueue("late", 0, 1);
	late.on = late.wq;
	um_wait_begins = late_wanted;
	return late.wq ? 0 : -ENOMEM;
}
late_initcall(late_init);
