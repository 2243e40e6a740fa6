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

#include "check/op.h"
#include "kernel/sched/wait.h"

/**
 * __init_completion() - make a completion, not done
 * @x:    where
 * @name: for reports, not copied
 * @key:  class of the wait, which the lock checker treats as a lock
 *
 * Called as init_completion().
 */
void __init_completion(struct completion *x, const char *name, struct lock_class_key *key)
{
	um_begin(UM_INIT, .object = x, .what = "completion");
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

	/* what is held now must not be needed by whoever completes */
	um_begin(UM_WAIT, .object = x, .map = ns == UM_FOREVER ? &x->dep_map : NULL,
		 .sleeps = true, .ip = ip);
	um_sched_lock();
	err = um_wait_until(is_done, x, &why, ns);
	if (!err && x->done != UINT_MAX)
		x->done--;
	um_sched_unlock();
	um_end(UM_WAIT, err, .object = x);
	return err;
}

/*
 * The jiffies that are left, 0 when they have passed. One that is done at once
 * takes none of them: then a @timeout below 0 is the result, and only a wait
 * for it is complained of.
 */
static long wait_timed(struct completion *x, long timeout, unsigned int state, unsigned long ip)
{
	unsigned long start = um_jiffies();
	int err = wait_common(x, um_jiffies_to_ns(timeout), state, ip);
	long left;

	if (err == -EINTR || (err && timeout <= 0 && signal_pending_state(state, current)))
		return -ERESTARTSYS;
	if (timeout < 0)
		return err ? schedule_timeout(timeout) : timeout;
	if (err)
		return 0;
	left = timeout - (um_jiffies() - start);
	return left > 0 ? left : 1;
}

/**
 * wait_for_completion() - until it is done, for as long as it takes
 * @x: the completion
 *
 * Each complete() ends one wait; whose, if there are several, is not said.
 *
 * Context: may sleep. No lock may be held that is held around the complete()
 * as well, which the lock checker tells.
 */
void wait_for_completion(struct completion *x)
{
	wait_common(x, UM_FOREVER, TASK_UNINTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(wait_for_completion);

/**
 * wait_for_completion_timeout() - wait_for_completion() for a limited time
 * @x:       the completion
 * @timeout: jiffies; MAX_SCHEDULE_TIMEOUT is for ever; for less than 0 there
 *	is an error message instead of a wait
 *
 * Context: may sleep.
 * Return: 0 when the time ran out, otherwise the jiffies left, at least 1.
 */
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return wait_timed(x, timeout, TASK_UNINTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(wait_for_completion_timeout);

/**
 * wait_for_completion_interruptible() - wait that a signal ends
 * @x: the completion
 *
 * Context: may sleep.
 * Return: 0, or -ERESTARTSYS.
 */
int wait_for_completion_interruptible(struct completion *x)
{
	return wait_common(x, UM_FOREVER, TASK_INTERRUPTIBLE, _RET_IP_) ? -ERESTARTSYS : 0;
}
EXPORT_SYMBOL(wait_for_completion_interruptible);

/**
 * wait_for_completion_killable() - wait that a fatal signal ends
 * @x: the completion
 *
 * Context: may sleep.
 * Return: 0, or -ERESTARTSYS.
 */
int wait_for_completion_killable(struct completion *x)
{
	return wait_common(x, UM_FOREVER, TASK_KILLABLE, _RET_IP_) ? -ERESTARTSYS : 0;
}
EXPORT_SYMBOL(wait_for_completion_killable);

/**
 * wait_for_completion_interruptible_timeout() - wait that either ends
 * @x:       the completion
 * @timeout: jiffies; MAX_SCHEDULE_TIMEOUT is for ever; for less than 0 there
 *	is an error message instead of a wait
 *
 * Context: may sleep.
 * Return: -ERESTARTSYS for a signal, 0 when the time ran out, otherwise the
 * jiffies left, at least 1.
 */
long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout)
{
	return wait_timed(x, timeout, TASK_INTERRUPTIBLE, _RET_IP_);
}
EXPORT_SYMBOL(wait_for_completion_interruptible_timeout);

/**
 * try_wait_for_completion() - wait_for_completion() if that needs no wait
 * @x: the completion
 *
 * Return: whether it was done; then it is done once less.
 */
bool try_wait_for_completion(struct completion *x)
{
	bool done;

	um_sched_lock();
	done = x->done;
	if (done && x->done != UINT_MAX)
		x->done--;
	um_sched_unlock();
	um_end(UM_WAIT, !done, .object = x);
	return done;
}
EXPORT_SYMBOL(try_wait_for_completion);

/**
 * completion_done() - would wait_for_completion() return at once?
 * @x: the completion
 *
 * Context: takes no lock: another waiter may take it meanwhile. What was
 * written before the complete() can be read.
 * Return: whether it would.
 */
bool completion_done(struct completion *x)
{
	if (!READ_ONCE(x->done))
		return false;
	um_end(UM_WAIT, 0, .object = x);
	return true;
}
EXPORT_SYMBOL(completion_done);

/**
 * complete() - done once: one wait ends, now or when it comes
 * @x: the completion; not touched after the wait has ended, whose task may
 *	free it
 */
void complete(struct completion *x)
{
	um_use(x, "complete()");
	um_begin(UM_WAKE, .object = x, .map = &x->dep_map, .ip = _RET_IP_);
	um_sched_lock();
	if (x->done != UINT_MAX)
		x->done++;
	um_wake(x);
	um_sched_unlock();
	um_end(UM_WAKE, 0, .object = x);
}
EXPORT_SYMBOL(complete);

/**
 * complete_all() - done for ever: all waits end, also those to come
 * @x: the completion, as it is until reinit_completion()
 */
void complete_all(struct completion *x)
{
	um_use(x, "complete_all()");
	um_begin(UM_WAKE, .object = x, .map = &x->dep_map, .ip = _RET_IP_);
	um_sched_lock();
	x->done = UINT_MAX;
	um_wake(x);
	um_sched_unlock();
	um_end(UM_WAKE, 0, .object = x);
}
EXPORT_SYMBOL(complete_all);
