// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleepable RCU. Of each domain the readers are counted by the index that they
 * came with. A grace period turns the index and waits until the count of the one
 * before is 0; the next may begin only then, so that of the two counts one is 0
 * whenever the index is turned. To the lock checker a reader holds a lock that is
 * shared and may be taken again, and who waits for a grace period takes it alone.
 *
 * Callbacks of a domain run in the order of the calls, each batch after a grace
 * period of its own, in a worker and with bottom halves off, as in a kernel.
 *
 * Left out: readers of the fast kind (from 6.14 on), and that grace periods of
 * several callers are merged.
 */
#include <linux/bottom_half.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/srcu.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/module/functions.h"
#include "kernel/rcu/called.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/wait.h"

#define CALLBACK "callback of SRCU"

static struct workqueue_struct *srcu_wq;
/* Domains that have been used; those of modules are looked at when these go. */
static LIST_HEAD(srcu_all);

/* Inner lock held. */
static void know(struct srcu_struct *ssp)
{
	if (likely(ssp->um_known))
		return;
	ssp->um_known = true;
	list_add_tail(&ssp->um_all, &srcu_all);
}

static unsigned int readers_of(const struct srcu_struct *ssp)
{
	return ssp->um_readers[0] + ssp->um_readers[1];
}

/* ---- domains ----------------------------------------------------------- */

static void describe_domain(const void *obj, char *buf, size_t size)
{
	const struct srcu_struct *ssp = obj;

	host_snprintf(buf, size, "%s", ssp->dep_map.name);
}

/**
 * __init_srcu_struct() - make a domain; called as init_srcu_struct()
 * @ssp:  where
 * @name: for reports, not copied
 * @key:  class for the lock checker
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM; after 0 it is to be cleaned up.
 */
int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key)
{
	int err = um_fallible("init_srcu_struct", -ENOMEM, 0);

	if (err)
		return err;
	um_begin(UM_INIT, .object = ssp);
	*ssp = (struct srcu_struct){ .um_made = true };
	INIT_WORK(&ssp->um_work, um_srcu_work);
	lockdep_init_map(&ssp->dep_map, name, key, 0);
	um_object_new(ssp, "SRCU domain", describe_domain);
	return 0;
}
EXPORT_SYMBOL_GPL(__init_srcu_struct);

/**
 * cleanup_srcu_struct() - end a domain
 * @ssp: made by init_srcu_struct(), without readers
 *
 * Waits for callbacks that have been given. With readers it warns, and the domain
 * stays, as it does in a kernel.
 *
 * Context: may sleep.
 */
void cleanup_srcu_struct(struct srcu_struct *ssp)
{
	if (WARN_ON(READ_ONCE(ssp->um_readers[0]) || READ_ONCE(ssp->um_readers[1])))
		return;
	srcu_barrier(ssp);
	um_sched_lock();
	if (ssp->um_known)
		list_del(&ssp->um_all);
	ssp->um_known = false;
	um_sched_unlock();
	if (ssp->um_made)
		um_object_freed(ssp);
	ssp->um_made = false;
}
EXPORT_SYMBOL_GPL(cleanup_srcu_struct);

const char *um_srcu_find_in(const void *start, size_t size, unsigned int *readers)
{
	struct srcu_struct *ssp, *next;
	const char *found = NULL;
	LIST_HEAD(idle);

	um_sched_lock();
	list_for_each_entry_safe(ssp, next, &srcu_all, um_all) {
		if ((unsigned long)ssp - (unsigned long)start >= size)
			continue;
		if (!found && readers_of(ssp)) {
			found = ssp->dep_map.name;
			*readers = readers_of(ssp);
		}
		list_del(&ssp->um_all);
		ssp->um_known = false;
		if (!readers_of(ssp))
			list_add(&ssp->um_all, &idle);
	}
	um_sched_unlock();
	list_for_each_entry_safe(ssp, next, &idle, um_all)
		flush_work(&ssp->um_work);
	return found;
}

/* ---- readers ----------------------------------------------------------- */

static int enter(struct srcu_struct *ssp)
{
	int idx;

	um_step(UM_RCU_LOCK, ssp);
	um_sched_lock();
	know(ssp);
	idx = ssp->um_index;
	ssp->um_readers[idx]++;
	um_sched_unlock();
	return idx;
}

static void leave(struct srcu_struct *ssp, int idx)
{
	bool reading = false;

	um_step(UM_RCU_UNLOCK, ssp);
	um_sched_lock();
	if (idx >= 0 && idx < 2 && ssp->um_readers[idx]) {
		reading = true;
		ssp->um_readers[idx]--;
		um_wake(ssp);
	}
	um_sched_unlock();
	if (!reading)
		um_splat("lock", "srcu_read_unlock() of %s without srcu_read_lock()",
			 ssp->dep_map.name ?: "a domain that was never initialised");
}

/**
 * srcu_read_lock() - begin to read what a domain protects; nests
 * @ssp: the domain
 *
 * Context: interrupts, too. The reader may sleep, but not wait for a grace
 * period of @ssp.
 * Return: what srcu_read_unlock() has to be given, by the same task.
 */
int srcu_read_lock(struct srcu_struct *ssp)
{
	lock_acquire(&ssp->dep_map, 0, 0, 2, 1, NULL, _RET_IP_);
	return enter(ssp);
}
EXPORT_SYMBOL_GPL(srcu_read_lock);

/**
 * srcu_read_unlock() - end what srcu_read_lock() began
 * @ssp: the domain
 * @idx: what that returned; anything else is a splat
 */
void srcu_read_unlock(struct srcu_struct *ssp, int idx)
{
	lock_release(&ssp->dep_map, _RET_IP_);
	leave(ssp, idx);
}
EXPORT_SYMBOL_GPL(srcu_read_unlock);

/* ---- grace periods ----------------------------------------------------- */

static bool is_idle(const void *arg)
{
	const struct srcu_struct *ssp = arg;

	return !ssp->um_busy;
}

/* Of the index before the one that is taken now. */
static bool readers_left(const void *arg)
{
	const struct srcu_struct *ssp = arg;

	return !ssp->um_readers[!ssp->um_index];
}

static void grace_period(struct srcu_struct *ssp, unsigned long ip)
{
	struct um_why why = {
		.kind = "SRCU grace period", .object = ssp, .name = ssp->dep_map.name,
	};

	um_begin(UM_WAIT, .object = ssp, .sleeps = true, .ip = ip);
	um_sched_lock();
	know(ssp);
	um_wait_until(is_idle, ssp, &why, UM_FOREVER);
	ssp->um_busy = true;
	ssp->um_index = !ssp->um_index;
	um_wait_until(readers_left, ssp, &why, UM_FOREVER);
	ssp->um_busy = false;
	ssp->um_done++;
	um_wake(ssp);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = ssp);
}

/**
 * synchronize_srcu() - wait until all that read a domain now have ended once
 * @ssp: the domain; the caller is no reader of it
 *
 * Context: may sleep.
 */
void synchronize_srcu(struct srcu_struct *ssp)
{
	lock_acquire(&ssp->dep_map, 0, 0, 0, 1, NULL, _RET_IP_);
	lock_release(&ssp->dep_map, _RET_IP_);
	grace_period(ssp, _RET_IP_);
}
EXPORT_SYMBOL_GPL(synchronize_srcu);

/**
 * get_state_synchronize_srcu() - remember where a domain stands
 * @ssp: the domain
 *
 * Return: a cookie for poll_state_synchronize_srcu().
 */
unsigned long get_state_synchronize_srcu(struct srcu_struct *ssp)
{
	unsigned long cookie;

	um_sched_lock();
	/* one that runs already has not waited for those who came since */
	cookie = ssp->um_done + 1 + ssp->um_busy;
	um_sched_unlock();
	return cookie;
}
EXPORT_SYMBOL_GPL(get_state_synchronize_srcu);

/**
 * start_poll_synchronize_srcu() - get_state_synchronize_srcu(), and a grace period begins
 * @ssp: the domain
 *
 * Return: a cookie for poll_state_synchronize_srcu().
 */
unsigned long start_poll_synchronize_srcu(struct srcu_struct *ssp)
{
	unsigned long cookie = get_state_synchronize_srcu(ssp);

	um_sched_lock();
	know(ssp);
	ssp->um_wanted = max(ssp->um_wanted, cookie);
	um_sched_unlock();
	queue_work(srcu_wq, &ssp->um_work);
	return cookie;
}
EXPORT_SYMBOL_GPL(start_poll_synchronize_srcu);

/**
 * poll_state_synchronize_srcu() - has a grace period ended that began since?
 * @ssp:    the domain
 * @cookie: what get_state_synchronize_srcu() or start_poll_synchronize_srcu() returned
 *
 * Return: true when it has.
 */
bool poll_state_synchronize_srcu(struct srcu_struct *ssp, unsigned long cookie)
{
	bool done;

	um_sched_lock();
	done = (long)(ssp->um_done - cookie) >= 0;
	um_sched_unlock();
	if (done)
		um_step(UM_TAKE, ssp);
	return done;
}
EXPORT_SYMBOL_GPL(poll_state_synchronize_srcu);

/* ---- callbacks --------------------------------------------------------- */

/* Inner lock held, as below: the link to a callback that is in the list, or NULL. */
static struct rcu_head **link_of(struct rcu_head **p, const struct rcu_head *head)
{
	for (; *p; p = &(*p)->next)
		if (*p == head)
			return p;
	return NULL;
}

static bool take_out_of(struct srcu_struct *ssp, const struct rcu_head *head)
{
	struct rcu_head **link = link_of(&ssp->um_first, head) ?: link_of(&ssp->um_due, head);
	struct rcu_head *last = NULL, *h;

	if (!link)
		return false;
	*link = head->next;
	for (h = ssp->um_first; h; h = h->next)
		last = h;
	ssp->um_last = last;
	return true;
}

static void take_out_told(const void *object)
{
	const struct rcu_head *head = object;
	struct srcu_struct *ssp;

	um_sched_lock();
	list_for_each_entry(ssp, &srcu_all, um_all) {
		if (!take_out_of(ssp, head))
			continue;
		um_called_ran(ssp, head->func);
		break;
	}
	um_sched_unlock();
}

static void add_heads(struct um_functions *found, const struct rcu_head *head)
{
	for (; head; head = head->next)
		um_functions_add(found, head, head->func);
}

void um_srcu_heads_in(struct um_functions *found)
{
	const struct srcu_struct *ssp;

	um_sched_lock();
	list_for_each_entry(ssp, &srcu_all, um_all) {
		add_heads(found, ssp->um_due);
		add_heads(found, ssp->um_first);
	}
	um_sched_unlock();
}

static struct rcu_head *next_due(struct srcu_struct *ssp)
{
	struct rcu_head *head;

	um_sched_lock();
	head = ssp->um_due;
	if (head)
		ssp->um_due = head->next;
	um_sched_unlock();
	return head;
}

static void run_callback(const struct srcu_struct *ssp, struct rcu_head *head)
{
	void (*func)(struct rcu_head *head);

	um_begin(UM_IDLE, .object = head, .what = CALLBACK);
	um_step(UM_RCU_RUN, head);
	/* by whom it was given may not have come to queueing the work */
	func = head->func;
	local_bh_disable();
	func(head);
	local_bh_enable();
	um_called_ran(ssp, func);
}

/**
 * um_srcu_work() - what the work item of a domain does; of DEFINE_SRCU()
 * @work: the item
 */
void um_srcu_work(struct work_struct *work)
{
	struct srcu_struct *ssp = container_of(work, struct srcu_struct, um_work);
	struct rcu_head *head;
	bool wanted;

	um_sched_lock();
	ssp->um_due = ssp->um_first;
	head = ssp->um_due;
	ssp->um_first = NULL;
	ssp->um_last = NULL;
	wanted = (long)(ssp->um_wanted - ssp->um_done) > 0;
	um_sched_unlock();
	if (!head && !wanted)
		return;
	do {
		grace_period(ssp, _RET_IP_);
		um_sched_lock();
		wanted = (long)(ssp->um_wanted - ssp->um_done) > 0;
		um_sched_unlock();
	} while (wanted);
	while ((head = next_due(ssp)))
		run_callback(ssp, head);
}
EXPORT_SYMBOL_GPL(um_srcu_work);

/**
 * call_srcu() - have a function called when all that read a domain now have ended once
 * @ssp:  the domain
 * @head: part of the object; the caller's again when @func is called
 * @func: called with bottom halves off
 *
 */
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head,
	       void (*func)(struct rcu_head *head))
{
	um_begin(UM_INIT, .object = head);
	um_begin(UM_ACTIVE, .object = head, .what = CALLBACK, .start = func,
		 .undo = take_out_told);
	head->func = func;
	head->next = NULL;
	um_step(UM_RCU_CALL, head);
	um_called(ssp, head, func);
	um_sched_lock();
	know(ssp);
	if (ssp->um_last)
		ssp->um_last->next = head;
	else
		ssp->um_first = head;
	ssp->um_last = head;
	um_sched_unlock();
	queue_work(srcu_wq, &ssp->um_work);
}
EXPORT_SYMBOL_GPL(call_srcu);

/**
 * srcu_barrier() - wait until all functions given to call_srcu() so far have run
 * @ssp: the domain
 *
 * Context: may sleep; not from such a function.
 */
void srcu_barrier(struct srcu_struct *ssp)
{
	u64 queued = um_called_queued();

	flush_work(&ssp->um_work);
	um_called_waited(ssp, queued);
}
EXPORT_SYMBOL_GPL(srcu_barrier);

static int __init srcu_init(void)
{
	srcu_wq = alloc_workqueue("srcu", 0, 0);
	return srcu_wq ? 0 : -ENOMEM;
}
core_initcall(srcu_init);

void um_srcu_stop(void)
{
	destroy_workqueue(srcu_wq);
	srcu_wq = NULL;
}
