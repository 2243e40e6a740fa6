// SPDX-License-Identifier: GPL-2.0-only
/*
 * RCU whose readers are all code that runs in the kernel without sleeping:
 * what a module waits for before the code goes that some task may still be
 * returning through.
 *
 * A grace period waits until each task that was in the kernel has slept of its
 * own accord, left the kernel or ended. A task that is held at a point, or that
 * spins, does not sleep: it is preempted, or busy. In the kernel is a kernel
 * thread, and any other task during a system call (fs/file_table.c), loading
 * and unloading of modules among them; a program that calls functions of the
 * kernel itself is not waited for.
 *
 * Left out: call_rcu_tasks(), rcu_barrier_tasks(), the rude and the tracing
 * kind.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "host/host.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/sched.h"

/* A task that a grace period has to wait for, by its number: that does not come again. */
struct straggler {
	pid_t pid;
	unsigned long switches;
};

struct stragglers {
	struct straggler *s;
	unsigned int n, max;
};

static bool is_quiescent(const struct um_sched_task *t)
{
	if (t->ended || (t->is_waiting && !t->why->spin))
		return true;
	return !t->kthread && !__atomic_load_n(&t->task.um_syscall, __ATOMIC_SEQ_CST);
}

static void note_straggler(struct um_sched_task *t, void *arg)
{
	struct stragglers *all = arg;

	if (is_quiescent(t))
		return;
	if (all->n < all->max)
		all->s[all->n] = (struct straggler){ t->task.pid, t->switches };
	all->n++;
}

static bool has_passed(struct um_sched_task *t, const void *arg)
{
	const struct stragglers *all = arg;
	unsigned int i;

	for (i = 0; i < all->n; i++)
		if (all->s[i].pid == t->task.pid)
			return all->s[i].switches != t->switches || is_quiescent(t);
	return true;
}

static bool all_have_passed(const void *arg)
{
	return um_all_tasks(has_passed, arg);
}

/**
 * synchronize_rcu_tasks() - wait until every task has slept once, or left the kernel
 *
 * Tasks that sleep are not waited for, tasks that were preempted are. So code
 * that nobody can enter any more, and that does not sleep from some step on, has
 * been left afterwards by all who had taken that step before.
 *
 * Context: may sleep.
 */
void synchronize_rcu_tasks(void)
{
	struct um_why why = {
		.kind = "RCU grace period of tasks", .object = &um_rcu_tasks_waiting,
	};
	struct stragglers all = { };

	um_begin(UM_WAIT, .object = &um_rcu_tasks_waiting, .sleeps = true, .ip = _RET_IP_);
	um_sched_lock();
	__atomic_add_fetch(&um_rcu_tasks_waiting, 1, __ATOMIC_SEQ_CST);
	um_for_each_task(note_straggler, &all);
	while (all.n > all.max) {
		all.max = all.n;
		um_sched_unlock();
		host_free(all.s);
		all.s = host_need(all.max * sizeof(*all.s));
		um_sched_lock();
		all.n = 0;
		um_for_each_task(note_straggler, &all);
	}
	um_wait_until(all_have_passed, &all, &why, UM_FOREVER);
	__atomic_sub_fetch(&um_rcu_tasks_waiting, 1, __ATOMIC_SEQ_CST);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = &um_rcu_tasks_waiting);
	host_free(all.s);
}
EXPORT_SYMBOL_GPL(synchronize_rcu_tasks);

void um_rcu_tasks_left(void)
{
	um_step(UM_GIVE, &um_rcu_tasks_waiting);
	if (likely(!__atomic_load_n(&um_rcu_tasks_waiting, __ATOMIC_SEQ_CST)))
		return;
	um_sched_lock();
	um_wake(&um_rcu_tasks_waiting);
	um_sched_unlock();
}
