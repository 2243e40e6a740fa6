// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU. Readers are counted per task; a grace period waits until every task
 * that was inside a section has left an outermost one since. Callbacks run
 * on a work queue, in order and in atomic context.
 */
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/module/functions.h"
#include "kernel/rcu/called.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/sched.h"

/* to the detectors */
#define CALLBACK "callback of RCU"

static struct {
	struct workqueue_struct *wq;
	struct host_lock lock;
	struct rcu_head *first, **last;
	struct rcu_head *due;		/* after this grace period, or by now */
	struct work_struct work;
} rcu;

/**
 * rcu_read_lock() - begin to read what RCU protects; nests
 *
 * Context: interrupts, too; atomic until rcu_read_unlock(), as where readers
 * are not preempted.
 */
void rcu_read_lock(void)
{
	struct um_sched_task *t = um_this();

	um_step(UM_RCU_LOCK, &rcu);
	__atomic_store_n(&t->rcu_depth, t->rcu_depth + 1, __ATOMIC_SEQ_CST);
	um_atomic_add(1, _RET_IP_);
}
EXPORT_SYMBOL(rcu_read_lock);

static void leave(struct um_sched_task *t)
{
	um_sched_lock();
	__atomic_store_n(&t->rcu_depth, 0, __ATOMIC_SEQ_CST);
	t->rcu_left++;
	um_wake(&rcu);
	um_sched_unlock();
}

/**
 * rcu_read_unlock() - end what rcu_read_lock() began
 *
 * Without that there is a splat.
 */
void rcu_read_unlock(void)
{
	struct um_sched_task *t = um_this();

	if (unlikely(!t->rcu_depth)) {
		um_splat("lock", "rcu_read_unlock() without rcu_read_lock()");
		return;
	}
	um_step(UM_RCU_UNLOCK, &rcu);
	um_atomic_add(-1, _RET_IP_);
	if (t->rcu_depth > 1) {
		t->rcu_depth--;
		return;
	}
	leave(t);
}
EXPORT_SYMBOL(rcu_read_unlock);

/**
 * rcu_read_lock_held() - is this task reading?
 *
 * Return: non-zero when it is.
 */
int rcu_read_lock_held(void)
{
	return um_this()->rcu_depth != 0;
}
EXPORT_SYMBOL(rcu_read_lock_held);

struct reader {
	const struct um_sched_task *task;
	unsigned long left;
};

struct readers {
	struct reader *r;
	unsigned int n, max;
};

static void note_reader(struct um_sched_task *t, void *arg)
{
	struct readers *rs = arg;

	if (!__atomic_load_n(&t->rcu_depth, __ATOMIC_SEQ_CST))
		return;
	if (rs->r && rs->n < rs->max) {
		rs->r[rs->n].task = t;
		rs->r[rs->n].left = t->rcu_left;
	}
	rs->n++;
}

static bool reader_left(struct um_sched_task *t, const void *arg)
{
	const struct readers *rs = arg;
	unsigned int i;

	for (i = 0; i < rs->n; i++)
		if (rs->r[i].task == t && rs->r[i].left == t->rcu_left &&
		    __atomic_load_n(&t->rcu_depth, __ATOMIC_SEQ_CST))
			return false;
	return true;
}

static bool readers_left(const void *arg)
{
	return um_all_tasks(reader_left, arg);
}

/**
 * synchronize_rcu() - wait until all that read now have ended once
 *
 * Context: may sleep; not while reading.
 */
void synchronize_rcu(void)
{
	struct um_why why = { .kind = "RCU grace period", .object = &rcu };
	struct readers rs = { };

	um_begin(UM_WAIT, .object = &rcu, .sleeps = true, .ip = _RET_IP_);
	um_sched_lock();
	um_for_each_task(note_reader, &rs);
	while (rs.n > rs.max) {
		rs.max = rs.n;
		um_sched_unlock();
		host_free(rs.r);
		rs.r = host_need(rs.max * sizeof(*rs.r));
		um_sched_lock();
		rs.n = 0;
		um_for_each_task(note_reader, &rs);
	}
	um_wait_until(readers_left, &rs, &why, UM_FOREVER);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = &rcu);
	host_free(rs.r);
}
EXPORT_SYMBOL(synchronize_rcu);

static struct rcu_head *next_due(void)
{
	struct rcu_head *head;

	host_lock(&rcu.lock);
	head = rcu.due;
	if (head)
		rcu.due = head->next;
	host_unlock(&rcu.lock);
	return head;
}

static void run_callbacks(struct work_struct *work)
{
	struct rcu_head *head;

	host_lock(&rcu.lock);
	rcu.due = rcu.first;
	rcu.first = NULL;
	rcu.last = &rcu.first;
	host_unlock(&rcu.lock);
	synchronize_rcu();
	while ((head = next_due())) {
		void (*func)(struct rcu_head *head);

		um_begin(UM_IDLE, .object = head, .what = CALLBACK);
		um_step(UM_RCU_RUN, head);
		/* by whom it was given may not have come to queueing the work */
		func = head->func;
		um_softirq_enter();
		func(head);
		um_softirq_exit();
		um_called_ran(NULL, func);
	}
}

/* Lock held: the link to a callback that is in the list; NULL: it is not. */
static struct rcu_head **link_of(struct rcu_head **p, const struct rcu_head *head)
{
	for (; *p; p = &(*p)->next)
		if (*p == head)
			return p;
	return NULL;
}

void um_rcu_heads_in(struct um_functions *found)
{
	const struct rcu_head *head;

	host_lock(&rcu.lock);
	for (head = rcu.due; head; head = head->next)
		um_functions_add(found, head, head->func);
	for (head = rcu.first; head; head = head->next)
		um_functions_add(found, head, head->func);
	host_unlock(&rcu.lock);
}

static void take_out_told(const void *object)
{
	const struct rcu_head *head = object;
	struct rcu_head **link;

	host_lock(&rcu.lock);
	link = link_of(&rcu.due, head) ?: link_of(&rcu.first, head);
	if (link) {
		*link = head->next;
		if (rcu.last == &head->next)
			rcu.last = link;
	}
	host_unlock(&rcu.lock);
	if (link)
		um_called_ran(NULL, head->func);
}

/**
 * call_rcu() - have a function called when all that read now have ended once
 * @head: part of the object; the caller's again when @func is called
 * @func: called in the order of the calls, in atomic context
 */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	/* one that is queued already would be lost with those behind it */
	um_begin(UM_INIT, .object = head);
	um_begin(UM_ACTIVE, .object = head, .what = CALLBACK, .start = func,
		 .undo = take_out_told);
	head->func = func;
	head->next = NULL;
	um_step(UM_RCU_CALL, head);
	um_called(NULL, head, func);
	host_lock(&rcu.lock);
	*rcu.last = head;
	rcu.last = &head->next;
	host_unlock(&rcu.lock);
	queue_work(rcu.wq, &rcu.work);
}
EXPORT_SYMBOL(call_rcu);

/**
 * rcu_barrier() - wait until all functions given to call_rcu() so far have run
 *
 * Context: may sleep; not from such a function.
 */
void rcu_barrier(void)
{
	u64 queued = um_called_queued();

	flush_workqueue(rcu.wq);
	um_called_waited(NULL, queued);
}
EXPORT_SYMBOL(rcu_barrier);

struct kfree_work {
	struct rcu_head head;
	const struct rcu_head *in;	/* the object's own, which is in use meanwhile */
	void *p;
};

static void free_both(struct rcu_head *head)
{
	struct kfree_work *k = container_of(head, struct kfree_work, head);

	um_begin(UM_IDLE, .object = k->in, .what = CALLBACK);
	kfree(k->p);
	host_free(k);
}

/* Lock held. */
static void keep_memory(struct rcu_head *from, const void *in)
{
	struct kfree_work *k;

	for (; from; from = from->next) {
		k = container_of(from, struct kfree_work, head);
		if (from->func == free_both && k->in == in)
			k->p = NULL;
	}
}

static void keep_told(const void *object)
{
	host_lock(&rcu.lock);
	keep_memory(rcu.due, object);
	keep_memory(rcu.first, object);
	host_unlock(&rcu.lock);
}

/**
 * um_kfree_rcu() - free memory when all that read now have ended once
 * @head: in the object; whoever frees that meanwhile, or gives it away again, is told
 * @p:    the object, from kmalloc()
 *
 * Called as kfree_rcu(). Without memory for the note the process ends.
 */
void um_kfree_rcu(struct rcu_head *head, void *p)
{
	struct kfree_work *k = host_need(sizeof(*k));

	k->p = p;
	k->in = head;
	um_begin(UM_INIT, .object = head);
	um_begin(UM_ACTIVE, .object = head, .what = CALLBACK, .start = kfree, .undo = keep_told);
	call_rcu(&k->head, free_both);
}
EXPORT_SYMBOL(um_kfree_rcu);

static int __init rcu_init(void)
{
	rcu.last = &rcu.first;
	um_rcu_sections_end = leave;
	INIT_WORK(&rcu.work, run_callbacks);
	rcu.wq = alloc_ordered_workqueue("rcu", 0);
	return rcu.wq ? 0 : -ENOMEM;
}
core_initcall(rcu_init);

void um_rcu_stop(void)
{
	destroy_workqueue(rcu.wq);
	rcu.wq = NULL;
}
