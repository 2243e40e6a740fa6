// SPDX-License-Identifier: GPL-2.0-only
/*
 * Autoloading: what udev does with the MODALIAS of an "add" uevent, done by a
 * kernel thread of the shim.
 *
 * The hook of the uevent code puts aliases into a queue and never waits; the
 * thread gives them to modprobe one after the other, and nobody hears of a
 * failure, as with udev. The queue is guarded by the inner lock of the wait
 * primitive. Left out: other rules of udev.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/string.h>
#include <umdev/umdev.h>

#include "host/host.h"
#include "kernel/module/internal.h"
#include "kernel/sched/wait.h"

struct alias_request {
	struct alias_request *next;
	char alias[];
};

static struct {
	bool on;			/* events are put into the queue */
	bool stop;			/* the thread ends when the queue is empty */
	struct task_struct *task;
	struct alias_request *first, **last;
	unsigned long queued, done;	/* requests ever put in, dealt with */
} autoload = { .last = &autoload.first };

static bool has_work(const void *arg)
{
	return autoload.first || autoload.stop;
}

static bool is_settled(const void *arg)
{
	return autoload.done == autoload.queued;
}

static void autoload_thread(void *arg)
{
	static const struct um_why why = {
		.kind = "autoload", .object = &autoload, .name = "requests", .idle = true,
	};
	struct alias_request *request;

	um_sched_lock();
	for (;;) {
		um_wait_until(has_work, &autoload, &why, UM_FOREVER);
		request = autoload.first;
		if (!request)
			break;
		autoload.first = request->next;
		if (!autoload.first)
			autoload.last = &autoload.first;
		um_sched_unlock();
		um_step(UM_TAKE, request);
		um_modprobe(request->alias, NULL);
		host_free(request);
		um_sched_lock();
		autoload.done++;
		um_wake(&autoload);
	}
	um_sched_unlock();
}

static const char *event_value(const struct kobj_uevent_env *env, const char *key)
{
	size_t len = strlen(key);
	int i;

	for (i = 0; i < env->envp_idx; i++)
		if (!strncmp(env->envp[i], key, len) && env->envp[i][len] == '=')
			return env->envp[i] + len + 1;
	return NULL;
}

/* In the context that sent the event, with whatever locks it holds. */
static void autoload_event(const struct kobj_uevent_env *env)
{
	const char *action = event_value(env, "ACTION"), *alias = event_value(env, "MODALIAS");
	struct alias_request *request;

	if (!action || strcmp(action, "add") || !alias || !*alias)
		return;
	request = host_alloc(sizeof(*request) + strlen(alias) + 1);
	if (!request)
		return;
	request->next = NULL;
	strcpy(request->alias, alias);
	um_step(UM_GIVE, request);
	um_sched_lock();
	if (autoload.on) {
		*autoload.last = request;
		autoload.last = &request->next;
		autoload.queued++;
		um_wake(&autoload);
		request = NULL;
	}
	um_sched_unlock();
	host_free(request);
}

void um_autoload_settle(void)
{
	static const struct um_why why = {
		.kind = "autoload", .object = &autoload, .name = "settled",
	};

	um_sched_lock();
	if (autoload.task)
		um_wait_until(is_settled, &autoload, &why, UM_FOREVER);
	um_sched_unlock();
}

/* What is in the queue is still loaded; then the thread ends. */
void um_autoload_stop(void)
{
	struct task_struct *task;

	um_sched_lock();
	task = autoload.task;
	autoload.task = NULL;
	autoload.on = false;
	autoload.stop = true;
	um_wake(&autoload);
	um_sched_unlock();
	if (task)
		um_kthread_join(task);
}

static void autoload_start(void)
{
	if (autoload.task)
		return;
	autoload.stop = false;
	autoload.task = um_kthread("autoload", autoload_thread, NULL);
	um_sched_lock();
	autoload.on = autoload.task != NULL;
	um_sched_unlock();
}

void um_autoload(bool on)
{
	if (on)
		autoload_start();
	else
		um_autoload_stop();
}

static int __init autoload_init(void)
{
	um_uevent_hook = autoload_event;
	return 0;
}
core_initcall(autoload_init);
