// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completions. The count saturates at UINT_MAX, which complete_all() sets;
 * a wait takes one unless it is saturated.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "check/lockdep.h"
#include "kernel/sched/wait.h"

void __init_completion(struct completion *x, const char *name, struct lock_class_key *key)
{
	x->done = 0;
	lockdep_init_map(&x->dep_map, name, key, 0);
}
EXPORT_SYMBOL(__init_completion);

static bool is_done(const void *arg)
{
	return ((const struct completion *)arg)->done;
}

static int wait_common(struct completion *x, s64 ns, unsigned int state, unsigned long ip)
{
	struct um_why why = {
		.kind = "completion", .object = x, .name = x->dep_map.name,
		.interruptible = state & TASK_INTERRUPTIBLE, .killable = state & TASK_WAKEKILL,
	};
	int err;

	might_sleep();
	/* what is held now must not be needed by whoever completes */
	if (ns == UM_FOREVER && x->dep_map.key)
		um_lock_waits(&x->dep_map, ip);
	um_switch_point(x);
	um_sched_lock();
	err = um_wait_until(is_done, x, &why, ns);
	if (!err && x->done != UINT_MAX)
		x->done--;
	um_sched_unlock();
	if (!err)
		um_hb_acquire(x);
	return err;
}

static long time_left(unsigned long start, unsigned long timeout)
{
	long left = timeout - (um_jiffies() - start);

	return left > 0 ? left : 1;
}

void wait_for_completion(struct completion *x)
{
	wait_common(x, UM_FOREVER, TASK_UNINTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(wait_for_completion);

unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	unsigned long start = um_jiffies();

	if (wait_common(x, um_jiffies_to_ns(timeout), TASK_UNINTERRUPTIBLE, _RET_IP_))
		return 0;
	return time_left(start, timeout);
}
EXPORT_SYMBOL(wait_for_completion_timeout);

int wait_for_completion_interruptible(struct completion *x)
{
	return wait_common(x, UM_FOREVER, TASK_INTERRUPTIBLE, _RET_IP_) ? -ERESTARTSYS : 0;
}
EXPORT_SYMBOL(wait_for_completion_interruptible);

int wait_for_completion_killable(struct completion *x)
{
	return wait_common(x, UM_FOREVER, TASK_KILLABLE, _RET_IP_) ? -ERESTARTSYS : 0;
}
EXPORT_SYMBOL(wait_for_completion_killable);

long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout)
{
	unsigned long start = um_jiffies();
	int err = wait_common(x, um_jiffies_to_ns(timeout), TASK_INTERRUPTIBLE, _RET_IP_);

	if (err == -EINTR)
		return -ERESTARTSYS;
	return err ? 0 : time_left(start, timeout);
}
EXPORT_SYMBOL(wait_for_completion_interruptible_timeout);

bool try_wait_for_completion(struct completion *x)
{
	bool done;

	um_sched_lock();
	done = x->done;
	if (done && x->done != UINT_MAX)
		x->done--;
	um_sched_unlock();
	if (done)
		um_hb_acquire(x);
	return done;
}
EXPORT_SYMBOL(try_wait_for_completion);

bool completion_done(struct completion *x)
{
	return READ_ONCE(x->done);
}
EXPORT_SYMBOL(completion_done);

void complete(struct completion *x)
{
	um_lock_ends_wait(&x->dep_map, _RET_IP_);
	um_hb_release(x);
	um_sched_lock();
	if (x->done != UINT_MAX)
		x->done++;
	um_wake(x);
	um_sched_unlock();
	um_switch_point(x);
}
EXPORT_SYMBOL(complete);

void complete_all(struct completion *x)
{
	um_lock_ends_wait(&x->dep_map, _RET_IP_);
	um_hb_release(x);
	um_sched_lock();
	x->done = UINT_MAX;
	um_wake(x);
	um_sched_unlock();
	um_switch_point(x);
}
EXPORT_SYMBOL(complete_all);
