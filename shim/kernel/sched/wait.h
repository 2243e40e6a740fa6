/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one wait primitive: everything in the shim that blocks, blocks here.
 *
 * One inner lock guards the state of all modelled locks, wait queues,
 * completions and work queues. A model takes it, looks at its own state,
 * and either changes it and wakes whom it concerns, or waits for a predicate
 * on it to become true. The inner lock is invisible to TSan; each modelled
 * operation announces its own ordering (check/op.h).
 *
 * It knows tasks, waiting and time, and no policy: that is the driver's
 * (kernel/sched/driver.h), free running or on fibers.
 *
 *	um_sched_lock();
 *	err = um_wait_until(mutex_is_free, lock, &why, UM_FOREVER);
 *	lock->owner = current;
 *	um_sched_unlock();
 *
 * A predicate is called with the inner lock held, by any task, must only
 * read, and must not call anything that blocks or allocates.
 */
#ifndef UMDEV_SCHED_WAIT_H
#define UMDEV_SCHED_WAIT_H

#include <linux/types.h>

#include "check/op.h"

struct task_struct;

/* What a task waits for, for reports: "mutex", &lock, its name. */
struct um_why {
	const char *kind;
	const void *object;
	const char *name;
	/* who can end the wait, if known: for deadlock reports */
	struct task_struct *(*owner)(const void *object);
	bool spin;	/* a spinlock: allowed in atomic context */
	bool idle;	/* a worker with nothing to do: not part of a deadlock */
	bool interruptible;	/* any signal ends it with -EINTR */
	bool killable;		/* only um_task_kill() does */
};

#define UM_FOREVER	(-1LL)

/*
 * A time-out as drivers give it. Below 0 it has passed; MAX_SCHEDULE_TIMEOUT,
 * and what no clock counts up to in ns, is for ever.
 */
s64 um_jiffies_to_ns(long timeout);

void um_sched_lock(void);
void um_sched_unlock(void);

/*
 * Inner lock held on entry and return, dropped while waiting. Returns 0 with
 * @ready true, -ETIME after @ns of kernel time, -EINTR. A predicate that is
 * true at once does not wait. May not be called in atomic context: that is
 * a splat ("sleeping function called from invalid context").
 */
int um_wait_until(bool (*ready)(const void *arg), const void *arg,
		  const struct um_why *why, s64 ns);

/* Something that a predicate on @object reads has changed. Inner lock held. */
void um_wake(const void *object);

/* Called when a task begins to wait, inner lock held; by whom set, if at all. */
extern void (*um_wait_begins)(void);

/* preempt_disable() (@n 1) and preempt_enable() (-1) on behalf of the code at @ip. */
void um_atomic_add(int n, unsigned long ip);

/* Between the two the task runs what a softirq does: a timer, a callback of RCU. */
void um_softirq_enter(void);
void um_softirq_exit(void);

/*
 * Something ends that must leave nothing behind, neither a lock nor a context:
 * the system call @what, or with @function a function of that sort.
 */
void um_task_ends_at(const char *what, const void *function, const void *frame);
/* In the function that has called it: what that has left on the stack lies below its frame. */
#define um_task_ends(what, function) \
	um_task_ends_at(what, function, __builtin_frame_address(0))

/* Kernel time: nanoseconds since boot. Virtual on fibers. */
u64 um_time_ns(void);
/* Lets time pass until then without sleeping. */
void um_delay_until(u64 ns);

/* ---- kernel threads of the shim (workqueue, timers) ---------------------- */

struct task_struct *um_kthread(const char *name, void (*fn)(void *arg), void *arg);
void um_kthread_join(struct task_struct *t);

#endif
