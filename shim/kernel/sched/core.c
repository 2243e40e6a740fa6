// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks and the wait primitive, free running: every task is a thread, time
 * is real.
 *
 * One inner lock guards all of it. A waiting task is on one list together
 * with the predicate it waits for; whoever changes what a predicate reads
 * calls um_wake() with the object, which unparks those tasks whose predicate
 * has become true. When the last running task begins to wait for ever, that
 * is a deadlock: each task is printed with what it wants and what it holds,
 * and the process ends.
 *
 * Leaves out: priorities, CPUs, preemption, signals but for one kind of
 * interruption.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "check/check.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "kernel/sched/wait.h"
#include "umdev/umdev.h"

static struct {
	struct host_lock lock;
	struct list_head all;
	struct list_head waiting;
	unsigned int running;	/* tasks that do not wait */
	int next_pid;
	u64 epoch;
} sched = {
	.all = LIST_HEAD_INIT(sched.all),
	.waiting = LIST_HEAD_INIT(sched.waiting),
	.next_pid = 1,
};

/* ---- happens-before edges of the modelled locks --------------------------- */

#ifdef UMDEV_TSAN
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
#endif

void um_hb_acquire(const void *object)
{
#ifdef UMDEV_TSAN
	__tsan_acquire((void *)object);
#endif
}

void um_hb_release(const void *object)
{
#ifdef UMDEV_TSAN
	__tsan_release((void *)object);
#endif
}

/* ---- tasks ------------------------------------------------------------------- */

void um_sched_lock(void)
{
	host_lock(&sched.lock);
}

void um_sched_unlock(void)
{
	host_unlock(&sched.lock);
}

static void task_forget(void *arg)
{
	struct um_sched_task *t = arg;

	um_sched_lock();
	list_del(&t->all);
	sched.running--;
	um_wake(&sched);
	um_sched_unlock();
	host_free(t);
}

static struct um_sched_task *task_new(const char *name)
{
	struct um_sched_task *t = host_zalloc(sizeof(*t));

	if (!t) {
		host_write(2, "umdev: out of memory for a task\n", 32);
		host_abort();
	}
	t->task.um = t;
	t->task.tgid = 1;
	host_snprintf(t->task.comm, sizeof(t->task.comm), "%s", name);
	um_sched_lock();
	t->task.pid = sched.next_pid++;
	list_add_tail(&t->all, &sched.all);
	sched.running++;
	um_sched_unlock();
	return t;
}

/* A thread that the shim did not start becomes a task when it first enters. */
struct um_sched_task *um_this(void)
{
	struct um_sched_task *t = host_task_get();

	if (likely(t))
		return t;
	host_task_on_exit(task_forget);
	t = task_new(list_empty(&sched.all) ? "main" : "thread");
	host_task_set(t);
	return t;
}

struct task_struct *get_current(void)
{
	return &um_this()->task;
}
EXPORT_SYMBOL(get_current);

bool um_all_tasks(bool (*test)(struct um_sched_task *t, const void *arg), const void *arg)
{
	struct um_sched_task *t;

	list_for_each_entry(t, &sched.all, all)
		if (!test(t, arg))
			return false;
	return true;
}

void um_for_each_task(void (*fn)(struct um_sched_task *t, void *arg), void *arg)
{
	struct um_sched_task *t;

	list_for_each_entry(t, &sched.all, all)
		fn(t, arg);
}

/* ---- time ---------------------------------------------------------------------- */

u64 um_time_ns(void)
{
	u64 now = host_monotonic_ns();
	u64 epoch = __atomic_load_n(&sched.epoch, __ATOMIC_RELAXED);

	if (!epoch) {
		__atomic_store_n(&sched.epoch, now - 1000000000ULL, __ATOMIC_RELAXED);
		return 1000000000ULL;
	}
	return now - epoch;
}
EXPORT_SYMBOL(um_time_ns);

/* ---- context --------------------------------------------------------------------- */

void um_preempt_add(int n)
{
	um_this()->atomic += n;
}
EXPORT_SYMBOL(um_preempt_add);

int um_preempt_count(void)
{
	return um_this()->atomic;
}
EXPORT_SYMBOL(um_preempt_count);

void um_might_sleep(const char *file, int line)
{
	struct um_sched_task *t = um_this();

	if (likely(!t->atomic))
		return;
	um_splat("BUG", "sleeping function called from invalid context at %s:%d (%s, pid %d, atomic %d)",
		 file, line, t->task.comm, t->task.pid, t->atomic);
}
EXPORT_SYMBOL(um_might_sleep);

/* ---- waiting ------------------------------------------------------------------------ */

static bool waits_for_ever(struct um_sched_task *t)
{
	return t->is_waiting && t->deadline == UM_FOREVER && !t->ready(t->ready_arg) &&
	       !(t->interrupted && t->why->interruptible);
}

static void report_task(struct um_sched_task *t)
{
	struct task_struct *owner = NULL;
	char line[256];
	unsigned int i;

	if (!t->is_waiting || t->why->idle)
		return;
	if (t->why->owner)
		owner = t->why->owner(t->why->object);
	pr_err("task %s (pid %d) waits for %s %s%s%s\n", t->task.comm, t->task.pid,
	       t->why->kind, t->why->name ? t->why->name : "",
	       owner ? ", held by " : "", owner ? owner->comm : "");
	for (i = 0; i < t->wait_depth; i++) {
		host_symbolize(t->wait_stack[i], line, sizeof(line));
		pr_err("    %s\n", line);
	}
	for (i = 0; i < t->n_held; i++) {
		host_symbolize((void *)t->held[i].ip, line, sizeof(line));
		pr_err("  holds %s, taken in %s\n", t->held[i].map->name, line);
	}
}

/*
 * Called by the last task that was running, about to wait for ever. Only
 * waits that nobody is left to end count; timed waits end by themselves, idle
 * workers wait for work.
 */
static void check_deadlock(void)
{
	struct um_sched_task *t;
	bool stuck = false;

	if (sched.running)
		return;
	list_for_each_entry(t, &sched.waiting, waiting) {
		if (!waits_for_ever(t))
			return;
		if (!t->why->idle)
			stuck = true;
	}
	if (!stuck)
		return;
	um_sched_unlock();
	pr_err("deadlock: no task can go on\n");
	list_for_each_entry(t, &sched.waiting, waiting)
		report_task(t);
	um_die("deadlock", "all tasks wait for each other");
}

static void begin_wait(struct um_sched_task *t, bool (*ready)(const void *),
		       const void *arg, const struct um_why *why, s64 ns)
{
	t->ready = ready;
	t->ready_arg = arg;
	t->why = why;
	t->deadline = ns < 0 ? UM_FOREVER : (s64)um_time_ns() + ns;
	t->wait_depth = host_stack(t->wait_stack, UM_STACK_DEPTH, 2);
	t->is_waiting = true;
	list_add_tail(&t->waiting, &sched.waiting);
	sched.running--;
	/* somebody may wait for this task to block, or for all to be quiet */
	um_wake(&sched);
}

static void end_wait(struct um_sched_task *t)
{
	list_del(&t->waiting);
	t->is_waiting = false;
	t->why = NULL;
	sched.running++;
}

int um_wait_until(bool (*ready)(const void *arg), const void *arg,
		  const struct um_why *why, s64 ns)
{
	struct um_sched_task *t;
	int err = 0;
	s64 left;

	if (ready(arg))
		return 0;
	if (!ns)
		return -ETIME;
	t = um_this();
	if (t->atomic && !why->spin) {
		um_sched_unlock();
		um_splat("BUG", "scheduling while atomic: %s (pid %d) waits for %s %s",
			 t->task.comm, t->task.pid, why->kind, why->name ? why->name : "");
		um_sched_lock();
		if (ready(arg))
			return 0;
	}
	begin_wait(t, ready, arg, why, ns);
	for (;;) {
		if (ready(arg))
			break;
		if (why->interruptible && t->interrupted) {
			err = -EINTR;
			break;
		}
		left = UM_FOREVER;
		if (t->deadline != UM_FOREVER) {
			left = t->deadline - (s64)um_time_ns();
			if (left <= 0) {
				err = -ETIME;
				break;
			}
		} else {
			check_deadlock();
		}
		um_sched_unlock();
		host_park(&t->park, left);
		um_sched_lock();
	}
	end_wait(t);
	return err;
}

void um_wake(const void *object)
{
	struct um_sched_task *t;

	list_for_each_entry(t, &sched.waiting, waiting)
		if (t->why->object == object && t->ready(t->ready_arg))
			host_unpark(&t->park);
}

void um_switch_point(const void *object)
{
}

/* ---- starting and joining -------------------------------------------------------------- */

static void task_main(void *arg)
{
	struct um_sched_task *t = arg;

	host_task_set(t);
	um_hb_acquire(t);
	t->result = t->fn(t->arg);
	um_hb_release(t);
	/* the starter joins and frees; from here on the thread touches nothing of it */
	host_task_set(NULL);
	um_sched_lock();
	t->ended = true;
	sched.running--;
	um_wake(t);
	um_wake(&sched);
	check_deadlock();
	um_sched_unlock();
}

static struct um_sched_task *start(const char *name, long (*fn)(void *), void *arg,
				   bool kthread)
{
	struct um_sched_task *t;

	um_this();
	t = task_new(name);
	t->fn = fn;
	t->arg = arg;
	t->kthread = kthread;
	if (kthread)
		t->task.flags |= PF_KTHREAD;
	um_hb_release(t);
	t->thread = host_thread_start(task_main, t);
	if (!t->thread) {
		task_forget(t);
		return NULL;
	}
	return t;
}

static bool task_ended(const void *arg)
{
	return ((const struct um_sched_task *)arg)->ended;
}

static long join(struct um_sched_task *t)
{
	struct um_why why = { .kind = "end of task", .object = t, .name = t->task.comm };
	long result;

	um_sched_lock();
	um_wait_until(task_ended, t, &why, UM_FOREVER);
	list_del(&t->all);
	um_sched_unlock();
	host_thread_join(t->thread);
	um_hb_acquire(t);
	result = t->result;
	host_free(t);
	return result;
}

struct um_task *um_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	return (struct um_task *)start(name, fn, arg, false);
}

long um_task_join(struct um_task *task)
{
	return join((struct um_sched_task *)task);
}

/*
 * Blocked is: it waits, what it waits for has not come, and nobody else is
 * on the way to make it come. Only that is a state to rely on.
 */
static bool wait_is_over(const struct um_sched_task *t)
{
	return t->ready(t->ready_arg) || (t->interrupted && t->why->interruptible);
}

static bool task_is_blocked(const void *arg)
{
	const struct um_sched_task *t = arg;
	struct um_sched_task *o;

	if (t->ended)
		return true;
	if (!t->is_waiting || wait_is_over(t) || sched.running)
		return false;
	list_for_each_entry(o, &sched.waiting, waiting)
		if (o->why->object != &sched && wait_is_over(o))
			return false;
	return true;
}

bool um_task_wait_blocked(struct um_task *task)
{
	struct um_sched_task *t = (struct um_sched_task *)task;
	struct um_why why = { .kind = "task to block", .object = &sched,
			      .name = t->task.comm };
	bool blocked;

	um_sched_lock();
	um_wait_until(task_is_blocked, t, &why, UM_FOREVER);
	blocked = !t->ended;
	um_sched_unlock();
	return blocked;
}

void um_task_interrupt(struct um_task *task)
{
	struct um_sched_task *t = (struct um_sched_task *)task;

	um_sched_lock();
	t->interrupted = true;
	if (t->is_waiting && t->why->interruptible)
		host_unpark(&t->park);
	um_sched_unlock();
}

int signal_pending(struct task_struct *tsk)
{
	return tsk->um->interrupted;
}
EXPORT_SYMBOL(signal_pending);

struct kthread_start {
	void (*fn)(void *arg);
	void *arg;
};

static long kthread_main(void *arg)
{
	struct kthread_start s = *(struct kthread_start *)arg;

	host_free(arg);
	s.fn(s.arg);
	return 0;
}

struct task_struct *um_kthread(const char *name, void (*fn)(void *arg), void *arg)
{
	struct kthread_start *s = host_alloc(sizeof(*s));
	struct um_sched_task *t;

	if (!s)
		return NULL;
	s->fn = fn;
	s->arg = arg;
	t = start(name, kthread_main, s, true);
	if (!t) {
		host_free(s);
		return NULL;
	}
	return &t->task;
}

void um_kthread_join(struct task_struct *task)
{
	join(task->um);
}

/* ---- schedule() --------------------------------------------------------------------------- */

static bool is_runnable(const void *arg)
{
	const struct task_struct *t = arg;

	return t->__state == TASK_RUNNING;
}

void um_set_current_state(unsigned int state)
{
	struct task_struct *t = get_current();

	um_sched_lock();
	t->__state = state;
	um_sched_unlock();
}
EXPORT_SYMBOL(um_set_current_state);

int wake_up_process(struct task_struct *tsk)
{
	int woken;

	um_hb_release(tsk);
	um_sched_lock();
	woken = tsk->__state != TASK_RUNNING;
	tsk->__state = TASK_RUNNING;
	um_wake(tsk);
	um_sched_unlock();
	return woken;
}
EXPORT_SYMBOL(wake_up_process);

long schedule_timeout(long timeout)
{
	struct task_struct *t = get_current();
	struct um_why why = {
		.kind = "wake-up", .object = t, .name = t->comm,
		.interruptible = t->__state & TASK_INTERRUPTIBLE,
	};
	bool forever = timeout == MAX_SCHEDULE_TIMEOUT;
	unsigned long end = um_jiffies() + timeout;
	long left;

	um_sched_lock();
	um_wait_until(is_runnable, t, &why,
		      forever ? UM_FOREVER : (s64)timeout * (NSEC_PER_SEC / HZ));
	t->__state = TASK_RUNNING;
	um_sched_unlock();
	um_hb_acquire(t);
	if (forever)
		return timeout;
	left = (long)(end - um_jiffies());
	return left < 0 ? 0 : left;
}
EXPORT_SYMBOL(schedule_timeout);

void schedule(void)
{
	schedule_timeout(MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(schedule);

long schedule_timeout_interruptible(long timeout)
{
	um_set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

long schedule_timeout_uninterruptible(long timeout)
{
	um_set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

void um_yield(void)
{
	um_switch_point(NULL);
}
EXPORT_SYMBOL(um_yield);
