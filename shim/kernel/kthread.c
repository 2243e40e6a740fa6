// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that drivers start and stop.
 *
 * One begins with a sleep, which wake_up_process() ends. kthread_stop() asks it
 * to end, waits, and has its result; a thread that is stopped before it was woken
 * never calls its function. One that ends by itself, by returning or by
 * kthread_exit(), is gone with its task: Linux frees that then, so that a later
 * kthread_stop() may find anything. Here there is a splat, since references to
 * tasks are left out.
 *
 * kthread_park() has a thread wait in kthread_parkme(), until kthread_unpark() or
 * kthread_stop(): nothing else wakes it there.
 *
 * A thread is an object that the audit knows: if nobody stops it, it is found
 * alive, with who made it.
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/wait.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/kthread.h"
#include "kernel/sched/wait.h"

/**
 * struct kthread - a driver's thread
 * @node:    among those that ended by themselves, else empty
 * @task:    the thread
 * @fn:      its function
 * @data:    for that
 * @call:    by which the call of @fn is ended early
 * @last:    completed once nothing of @fn's caller is left on the stack, or NULL
 * @module:  put then, or NULL
 * @ready:   it sleeps for the first time
 * @exited:  it calls nothing any more
 * @result:  of @fn; -EINTR if that was never called
 * @stop:    it is asked to end
 * @park:    it is asked to wait
 * @unparks: how often that was taken back
 * @parked:  completed each time it waits
 * @unparked: where it waits for @unparks to change
 * @ended:   its function has returned before anybody asked
 * @comm:    its name
 */
struct kthread {
	struct list_head node;
	struct task_struct *task;
	int (*fn)(void *data);
	void *data;
	void *call;
	struct completion *last;
	struct module *module;
	struct completion ready, exited;
	int result;
	bool stop;
	bool park;
	unsigned int unparks;
	struct completion parked;
	wait_queue_head_t unparked;
	bool ended;
	char comm[TASK_COMM_LEN];
};

static LIST_HEAD(ended_threads);
static DEFINE_MUTEX(kthreads_lock);	/* ended_threads; stop against ended */

static void describe_kthread(const void *obj, char *buf, size_t size)
{
	const struct kthread *k = obj;

	host_snprintf(buf, size, "%s", k->comm);
}

static void kthread_free(struct kthread *k)
{
	um_kthread_join(k->task);
	um_object_freed(k);
	kfree(k);
}

/* A thread cannot free what it runs on: whoever comes next does. */
static void free_ended(void)
{
	struct kthread *k, *next;
	LIST_HEAD(list);

	mutex_lock(&kthreads_lock);
	list_splice_init(&ended_threads, &list);
	mutex_unlock(&kthreads_lock);
	list_for_each_entry_safe(k, next, &list, node)
		kthread_free(k);
}

static void call_function(void *arg)
{
	struct kthread *k = arg;

	k->result = k->fn(k->data);
}

/* Asked again before it has gone on, it says again that it waits. */
static void parkme(struct kthread *k)
{
	unsigned int unparks;

	while (READ_ONCE(k->park)) {
		unparks = READ_ONCE(k->unparks);
		complete(&k->parked);
		wait_event(k->unparked, READ_ONCE(k->unparks) != unparks);
	}
}

/*
 * What was handed over to the end comes last: whoever waits for it may free what
 * the thread used, and unload the module that its function is in.
 */
static void kthread_main(void *arg)
{
	struct kthread *k = arg;

	current->um_kthread = k;
	__set_current_state(TASK_UNINTERRUPTIBLE);
	complete(&k->ready);
	schedule();
	if (!READ_ONCE(k->stop)) {
		parkme(k);
		um_begin(UM_TASK_RUN, .object = k, .ip = (unsigned long)k->fn + 1);
		host_call(call_function, k, &k->call);
		um_end(UM_TASK_RUN, 0, .object = k);
	}
	um_task_ends("kthread", k->fn);

	mutex_lock(&kthreads_lock);
	k->ended = !k->stop;
	if (k->ended)
		list_add_tail(&k->node, &ended_threads);
	mutex_unlock(&kthreads_lock);
	if (k->module)
		module_put(k->module);
	if (k->last)
		complete(k->last);
	complete(&k->exited);
}

/**
 * kthread_exit() - end the calling thread, as if its function had returned
 * @result: for kthread_stop(), if somebody calls that; an int of it
 *
 * Locks are not given back, and no frame between here and the thread's function
 * is returned to. Before 5.17 do_exit() is what threads call.
 *
 * Context: a thread of kthread_create(); a BUG in any other task, which Linux
 * would end as well.
 */
void kthread_exit(long result)
{
	struct kthread *k = current->um_kthread;

	BUG_ON(!k || !k->call);
	k->result = result;
	host_end_call(k->call);
}
EXPORT_SYMBOL(kthread_exit);

/**
 * kthread_complete_and_exit() - end the calling thread, and tell somebody so
 * @comp: completed when the thread runs nothing of its module any more; or NULL
 * @code: as for kthread_exit()
 *
 * For a thread that ends by itself: who waits for @comp may then unload the
 * module, which a complete() in the thread's function followed by its return
 * does not allow. Before 5.17 it is called complete_and_exit().
 *
 * Context: as for kthread_exit().
 */
void kthread_complete_and_exit(struct completion *comp, long code)
{
	if (current->um_kthread)
		current->um_kthread->last = comp;
	kthread_exit(code);
}
EXPORT_SYMBOL(kthread_complete_and_exit);

/**
 * __module_put_and_kthread_exit() - end the calling thread, and give back the
 *	reference on its module; called as module_put_and_kthread_exit(code)
 * @mod:  the module that the thread's function is in
 * @code: as for kthread_exit()
 *
 * The reference goes when the thread runs nothing of the module any more.
 *
 * Context: as for kthread_exit().
 */
void __module_put_and_kthread_exit(struct module *mod, long code)
{
	if (current->um_kthread)
		current->um_kthread->module = mod;
	kthread_exit(code);
}
EXPORT_SYMBOL(__module_put_and_kthread_exit);

/* Their names before 5.17; declared at those levels only. */

/**
 * do_exit() - kthread_exit() before 5.17
 * @code: as for that
 *
 * Context: a thread of kthread_create(): drivers end no other task.
 */
void do_exit(long code)
{
	kthread_exit(code);
}
EXPORT_SYMBOL_GPL(do_exit);

/**
 * complete_and_exit() - kthread_complete_and_exit() before 5.17
 * @comp: as for that
 * @code: likewise
 *
 * Context: as for kthread_exit().
 */
void complete_and_exit(struct completion *comp, long code)
{
	kthread_complete_and_exit(comp, code);
}
EXPORT_SYMBOL(complete_and_exit);

/**
 * kthread_create_on_node() - make a thread, which sleeps; called as
 *	kthread_create() or, to wake it at once, kthread_run()
 * @threadfn: its function, whose result kthread_stop() returns. It ends when
 *	kthread_should_stop() says so, or by itself if nobody will stop it
 * @data:     for @threadfn
 * @node:     ignored: memory is the same everywhere
 * @name:     format of its name, cut to 15 characters
 * @...:      for that
 *
 * Context: may sleep.
 * Return: the thread, for kthread_stop(); or an ERR_PTR: -ENOMEM.
 */
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data,
					   int node, const char name[], ...)
{
	struct kthread *k;
	va_list args;

	free_ended();
	k = kzalloc(sizeof(*k), GFP_KERNEL);
	if (!k)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&k->node);
	k->fn = threadfn;
	k->data = data;
	k->result = -EINTR;
	init_completion(&k->ready);
	init_completion(&k->exited);
	init_completion(&k->parked);
	init_waitqueue_head(&k->unparked);
	va_start(args, name);
	vsnprintf(k->comm, sizeof(k->comm), name, args);
	va_end(args);
	um_object_new(k, "thread", describe_kthread);
	k->task = um_kthread(k->comm, kthread_main, k);
	wait_for_completion(&k->ready);
	return k->task;
}
EXPORT_SYMBOL(kthread_create_on_node);

/**
 * kthread_stop() - have a thread end, and wait for that
 * @k: from kthread_create() or kthread_run(), and not ended; gone afterwards
 *
 * Wakes it, for the case that it sleeps.
 *
 * Context: may sleep.
 * Return: what its function returned; -EINTR if that was never called.
 */
int kthread_stop(struct task_struct *k)
{
	struct kthread *self = k->um_kthread;
	bool ended;
	int result;

	mutex_lock(&kthreads_lock);
	ended = self->ended;
	WRITE_ONCE(self->stop, true);
	list_del_init(&self->node);
	mutex_unlock(&kthreads_lock);
	kthread_unpark(k);
	if (ended)
		um_splat("kthread", "kthread_stop() of %s, which has ended by itself: its task may be freed",
			 k->comm);
	else
		wake_up_process(k);
	wait_for_completion(&self->exited);
	result = self->result;
	kthread_free(self);
	free_ended();
	return result;
}
EXPORT_SYMBOL(kthread_stop);

/**
 * kthread_should_stop() - has somebody called kthread_stop() for this thread?
 *
 * Context: the thread's own; in any other task it is a warning, and false.
 * Return: true when its function shall return.
 */
bool kthread_should_stop(void)
{
	struct kthread *k = current->um_kthread;

	if (WARN_ON(!k))
		return false;
	return READ_ONCE(k->stop);
}
EXPORT_SYMBOL(kthread_should_stop);

/* ---- parking ------------------------------------------------------------------- */

/**
 * kthread_should_park() - has somebody called kthread_park() for this thread?
 *
 * Context: the thread's own; in any other task it is a warning, and false.
 * Return: true when it shall call kthread_parkme().
 */
bool kthread_should_park(void)
{
	struct kthread *k = current->um_kthread;

	if (WARN_ON(!k))
		return false;
	return READ_ONCE(k->park);
}
EXPORT_SYMBOL_GPL(kthread_should_park);

/**
 * kthread_parkme() - wait as long as this thread is parked; not at all if it is not
 *
 * Context: the thread's own. May sleep.
 */
void kthread_parkme(void)
{
	if (!WARN_ON(!current->um_kthread))
		parkme(current->um_kthread);
}
EXPORT_SYMBOL_GPL(kthread_parkme);

/**
 * kthread_park() - have a thread wait, and wait until it does
 * @k: from kthread_create() or kthread_run(): asked to park before its function is called,
 *	or where that calls kthread_parkme(). Woken, for the case that it sleeps
 *
 * Context: may sleep. The thread itself does not wait here.
 * Return: 0; -EBUSY, with a warning, if it is parked; -ENOSYS, likewise, if it has ended.
 */
int kthread_park(struct task_struct *k)
{
	struct kthread *self = k->um_kthread;

	if (WARN_ON(um_kthread_ended(k)))
		return -ENOSYS;
	if (WARN_ON_ONCE(READ_ONCE(self->park)))
		return -EBUSY;
	WRITE_ONCE(self->park, true);
	if (k != current) {
		wake_up_process(k);
		wait_for_completion(&self->parked);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(kthread_park);

/**
 * kthread_unpark() - have a thread go on that was parked
 * @k: the thread; nothing happens if it is not
 */
void kthread_unpark(struct task_struct *k)
{
	struct kthread *self = k->um_kthread;

	WRITE_ONCE(self->park, false);
	WRITE_ONCE(self->unparks, self->unparks + 1);
	wake_up(&self->unparked);
}
EXPORT_SYMBOL_GPL(kthread_unpark);

/**
 * kthread_data() - what a thread's function was given
 * @k: from kthread_create() or kthread_run(), and not ended
 *
 * Return: its data.
 */
void *kthread_data(struct task_struct *k)
{
	return k->um_kthread->data;
}
EXPORT_SYMBOL_GPL(kthread_data);

bool um_kthread_ended(const struct task_struct *task)
{
	bool ended;

	mutex_lock(&kthreads_lock);
	ended = task->um_kthread->ended;
	mutex_unlock(&kthreads_lock);
	return ended;
}

void um_kthreads_free(void)
{
	free_ended();
}
