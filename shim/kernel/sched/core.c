// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks and the wait primitive. Who runs the tasks, and how time passes, is the
 * driver's (kernel/sched/driver.h).
 *
 * One inner lock guards all of it. A waiting task is on one list together
 * with the predicate it waits for; whoever changes what a predicate reads
 * calls um_wake() with the object, which unparks those tasks whose predicate
 * has become true. When the last running task begins to wait for ever, that
 * is a deadlock: each task is printed with what it wants and what it holds,
 * and the driver is given the verdict.
 *
 * A task that is to be held at a point (check/points.c) waits here, too.
 *
 * Leaves out: priorities, CPUs, preemption, signals but for two: one that
 * interrupts, and one that kills as well.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/rcu/rcu.h"
#include "kernel/sched/driver.h"
#include "kernel/sched/wait.h"
#include "umdev/umdev.h"

static struct {
	struct host_lock lock;
	struct list_head all;
	struct list_head waiting;
	unsigned int running;	/* tasks that do not wait */
	bool deadlock_told;
	int next_pid;
	u64 epoch;
} sched = {
	.all = LIST_HEAD_INIT(sched.all),
	.waiting = LIST_HEAD_INIT(sched.waiting),
	.next_pid = 1,
};

void (*um_wait_begins)(void);
const struct um_driver *um_driver = &um_threads;
unsigned int um_rcu_tasks_waiting;

/* ---- tasks ------------------------------------------------------------------- */

/* Whoever has the inner lock is a task, and passes no point: he could not be held. */
void um_sched_lock(void)
{
	um_this()->op.quiet++;
	host_lock(&sched.lock);
}

void um_sched_unlock(void)
{
	host_unlock(&sched.lock);
	um_this()->op.quiet--;
}

/* The same for who may be no task, not yet or not any more. */
static void lock_as_anybody(void)
{
	struct um_op_task *t = host_task_get();

	if (t)
		t->quiet++;
	host_lock(&sched.lock);
}

static void unlock_as_anybody(void)
{
	struct um_op_task *t = host_task_get();

	host_unlock(&sched.lock);
	if (t)
		t->quiet--;
}

static void task_forget(void *arg)
{
	struct um_sched_task *t = arg;

	lock_as_anybody();
	list_del(&t->all);
	sched.running--;
	um_wake(&sched);
	um_wake(&um_rcu_tasks_waiting);
	unlock_as_anybody();
	um_op_task_free(&t->op);
	host_free(t);
}

static struct um_sched_task *task_new(const char *name)
{
	struct um_sched_task *t = host_need(sizeof(*t));

	t->task.um = t;
	t->task.tgid = 1;
	host_snprintf(t->task.comm, sizeof(t->task.comm), "%s", name);
	t->op.comm = t->task.comm;
	lock_as_anybody();
	t->task.pid = sched.next_pid++;
	t->op.pid = t->task.pid;
	list_add_tail(&t->all, &sched.all);
	sched.running++;
	unlock_as_anybody();
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
	um_driver->adopt(t);
	host_task_set(t);
	return t;
}

static struct um_op_task *enter(void)
{
	return &um_this()->op;
}

/**
 * get_current() - the task that runs; called as current
 *
 * A thread that the shim did not start becomes a task by its first call.
 *
 * Return: the task, valid as long as it runs.
 */
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

/**
 * um_time_ns() - time since the modelled kernel began, monotonic: the driver's
 *
 * Behind jiffies and ktime_get(). The first call is at one second.
 *
 * Return: nanoseconds.
 */
u64 um_time_ns(void)
{
	u64 now = um_driver->now();
	u64 epoch = __atomic_load_n(&sched.epoch, __ATOMIC_RELAXED);

	if (!epoch) {
		__atomic_store_n(&sched.epoch, now - 1000000000ULL, __ATOMIC_RELAXED);
		return 1000000000ULL;
	}
	return now - epoch;
}
EXPORT_SYMBOL(um_time_ns);

/**
 * um_jiffies() - time since the modelled kernel began; called as jiffies
 *
 * Computed from um_time_ns(): no tick counts it, and it starts at HZ, not
 * shortly before a wrap.
 *
 * Return: jiffies.
 */
unsigned long um_jiffies(void)
{
	return um_time_ns() / (NSEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(um_jiffies);

void um_delay_until(u64 ns)
{
	um_driver->delay(ns);
}

s64 um_jiffies_to_ns(long timeout)
{
	if (timeout < 0)
		return 0;
	if (timeout > S64_MAX / (s64)(NSEC_PER_SEC / HZ))
		return UM_FOREVER;
	return (s64)timeout * (NSEC_PER_SEC / HZ);
}

/* ---- context --------------------------------------------------------------------- */

/**
 * um_might_sleep() - a splat in atomic context; called as might_sleep()
 * @file: of the caller, for the report
 * @line: likewise
 *
 * The report says since when the context is atomic.
 *
 * Context: wherever it may be asked; an atomic one is told.
 */
void um_might_sleep(const char *file, int line)
{
	um_begin(UM_MAY_SLEEP, .what = file, .line = line);
}
EXPORT_SYMBOL(um_might_sleep);

/* ---- waiting ------------------------------------------------------------------------ */

static bool signalled(const struct um_sched_task *t, const struct um_why *why)
{
	return (why->interruptible && t->interrupted) || (why->killable && t->killed);
}

static bool waits_for_ever(struct um_sched_task *t)
{
	if (t->stopped)
		return t->is_waiting;
	return t->is_waiting && t->deadline == UM_FOREVER && !t->ready(t->ready_arg) &&
	       !signalled(t, t->why);
}

static struct um_waiter as_waiter(struct um_sched_task *t)
{
	struct task_struct *owner = t->why->owner ? t->why->owner(t->why->object) : NULL;

	return (struct um_waiter){
		.task = &t->op, .kind = t->why->kind, .name = t->why->name,
		.owner = owner ? owner->comm : NULL,
		.stack = t->wait_stack, .depth = t->wait_depth,
	};
}

/*
 * Called by the last task that was running, about to wait for ever. Only
 * waits that nobody is left to end count; timed waits end by themselves, idle
 * workers wait for work.
 */
static void check_deadlock(void)
{
	static struct um_waiter *waiters;
	struct um_sched_task *t;
	unsigned int n = 0;

	if (sched.running || sched.deadlock_told)
		return;
	list_for_each_entry(t, &sched.waiting, waiting) {
		if (!waits_for_ever(t))
			return;
		n += !t->why->idle;
	}
	if (!n)
		return;
	/* all of them wait: what they wrote is read in peace, and this never returns */
	sched.deadlock_told = true;
	unlock_as_anybody();
	host_free(waiters);
	waiters = host_need(n * sizeof(*waiters));
	n = 0;
	list_for_each_entry(t, &sched.waiting, waiting)
		if (!t->why->idle)
			waiters[n++] = as_waiter(t);
	um_die_waiting("deadlock", "no task can go on: all wait for each other", waiters, n);
}

/* Others may look at its stack from @frame on; 0: until now. */
static void stands_at(struct um_sched_task *t, unsigned long frame)
{
	if (!frame)
		WRITE_ONCE(t->op.frame, 0);
	__atomic_fetch_add(&t->op.waits, 1, __ATOMIC_SEQ_CST);
	if (frame)
		WRITE_ONCE(t->op.frame, frame);
}

static noinline void begin_wait(struct um_sched_task *t, bool (*ready)(const void *),
				const void *arg, const struct um_why *why, s64 ns)
{
	s64 now = um_time_ns();

	t->ready = ready;
	t->ready_arg = arg;
	t->why = why;
	t->deadline = ns < 0 || ns > S64_MAX - now ? UM_FOREVER : now + ns;
	t->wait_depth = host_stack(t->wait_stack, UM_WAIT_STACK, 2);
	t->is_waiting = true;
	list_add_tail(&t->waiting, &sched.waiting);
	if (!why->idle)
		um_begin(UM_ACTIVE, .object = why->object, .what = why->kind);
	sched.running--;
	if (!why->spin) {
		t->switches++;
		um_wake(&um_rcu_tasks_waiting);
	}
	/* somebody may wait for this task to block, or for all to be quiet */
	um_wake(&sched);
}

static void forget_wait(struct um_sched_task *t)
{
	t->is_waiting = false;
	if (!t->why->idle)
		um_begin(UM_IDLE, .object = t->why->object, .what = t->why->kind);
}

/* Inner lock held. */
static void set_state(struct um_sched_task *t, unsigned int state, unsigned long ip)
{
	t->task.__state = state;
	t->op.state = state;
	t->op.state_ip = ip;
}

static void end_wait(struct um_sched_task *t)
{
	list_del(&t->waiting);
	forget_wait(t);
	stands_at(t, 0);
	/* as after a wait of any sort in a kernel, which sets the state for its own */
	if (!t->why->spin)
		set_state(t, TASK_RUNNING, 0);
	t->why = NULL;
	sched.running++;
}

/* Returns whether the wait is over, with its result in @err, or how long to sleep. */
static bool wait_ended(struct um_sched_task *t, s64 *left, int *err)
{
	*left = UM_FOREVER;
	if (t->stopped)
		return false;
	*err = 0;
	if (t->ready(t->ready_arg))
		return true;
	*err = -EINTR;
	if (signalled(t, t->why))
		return true;
	if (t->deadline == UM_FOREVER)
		return false;
	*err = -ETIME;
	*left = t->deadline - (s64)um_time_ns();
	return *left <= 0;
}

int um_wait_until(bool (*ready)(const void *arg), const void *arg,
		  const struct um_why *why, s64 ns)
{
	struct um_sched_task *t;
	int err;
	s64 left;

	if (ready(arg))
		return 0;
	if (!ns)
		return -ETIME;
	if (!why->idle && um_wait_begins)
		um_wait_begins();
	t = um_this();
	if (!why->spin) {
		um_sched_unlock();
		um_begin(UM_SCHEDULE, .what = why->kind, .object = why->name);
		um_sched_lock();
		if (ready(arg))
			return 0;
	}
	stands_at(t, (unsigned long)__builtin_frame_address(0));
	begin_wait(t, ready, arg, why, ns);
	while (!wait_ended(t, &left, &err)) {
		if (left == UM_FOREVER)
			check_deadlock();
		um_sched_unlock();
		um_driver->park(t, left);
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
			um_driver->unpark(t);
}

/* ---- points ------------------------------------------------------------------------------ */

static bool may_go_on(const void *arg)
{
	return !((const struct um_sched_task *)arg)->stopped;
}

/* At a point, by whatever operation it came there. */
static noinline void hold(void)
{
	struct um_sched_task *t = um_this();
	struct um_why why = {
		.kind = "point, to be let go", .object = t,
		.spin = true,	/* a processor may stop with a spinlock held */
	};

	um_sched_lock();
	t->stopped = true;
	um_wait_until(may_go_on, t, &why, UM_FOREVER);
	um_sched_unlock();
}

static bool verdict(const char *kind, const char *report)
{
	return um_driver->verdict(kind, report);
}

static void __noreturn abandon(void)
{
	um_driver->abandon();
}

static void __attribute__((__constructor__)) sched_models(void)
{
	const char *driver;

	um_op_models.enter = enter;
	um_op_models.hold = hold;
	um_op_models.verdict = verdict;
	um_op_models.abandon = abandon;
	/* before there is any task */
	driver = host_getenv("UMDEV_TASKS");
	if (driver && !strcmp(driver, "fibers"))
		um_driver = &um_fibers;
}

/* ---- starting and joining -------------------------------------------------------------- */

void um_task_main(void *task)
{
	struct um_sched_task *t = task;

	host_task_set(t);
	um_step(UM_TASK_RUN, t);
	t->result = t->fn(t->arg);
	um_end(UM_TASK_RUN, 0, .object = t);
	um_driver->ending(t);
	host_lock(&sched.lock);
	t->ended = true;
	sched.running--;
	um_wake(t);
	um_wake(&sched);
	um_wake(&um_rcu_tasks_waiting);
	check_deadlock();
	host_unlock(&sched.lock);
}

/* Inner lock held: the innermost of its frames in the range. */
static void frames_in(struct um_sched_task *t, const void *start, size_t size,
		      struct um_found_task *found)
{
	static void *pc[256];
	unsigned int i, n;

	n = t->is_waiting ? host_stack_at((void *)t->op.frame, pc, ARRAY_SIZE(pc)) :
			    um_driver->look(t, pc, ARRAY_SIZE(pc));
	found->depth = 0;
	for (i = 0; i < n && found->depth < ARRAY_SIZE(found->pc); i++)
		if ((unsigned long)pc[i] - (unsigned long)start < size)
			found->pc[found->depth++] = pc[i];
}

unsigned int um_tasks_in(const void *start, size_t size, struct um_found_task *found,
			 unsigned int max)
{
	struct um_sched_task *t, *self = um_this();
	unsigned int n = 0;

	um_sched_lock();
	list_for_each_entry(t, &sched.all, all) {
		if (t == self || t->ended || n == max)
			continue;
		frames_in(t, start, size, &found[n]);
		if (!found[n].depth)
			continue;
		host_snprintf(found[n].comm, sizeof(found[n].comm), "%s", t->task.comm);
		found[n++].kind = t->is_waiting ? t->why->kind : NULL;
	}
	um_sched_unlock();
	return n;
}

void um_task_abandon(struct um_sched_task *t)
{
	list_del(&t->all);
	if (t->is_waiting) {
		list_del_init(&t->waiting);
		forget_wait(t);
	} else if (!t->ended) {
		sched.running--;
	}
	t->ended = true;
}

void um_deadlock_again(void)
{
	sched.deadlock_told = false;
}

static struct um_sched_task *start(const char *name, long (*fn)(void *), void *arg,
				   bool kthread, unsigned long hold_at)
{
	struct um_sched_task *t;

	um_this();
	t = task_new(name);
	t->fn = fn;
	t->arg = arg;
	t->kthread = kthread;
	t->op.hold_at = hold_at;
	if (hold_at)
		um_op_points();
	if (kthread)
		t->task.flags |= PF_KTHREAD;
	else
		t->task.files = current->files;
	um_step(UM_TASK_START, t);
	um_driver->start(t);
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
	um_driver->join(t);
	um_end(UM_TASK_JOIN, 0, .object = t);
	result = t->result;
	um_op_task_free(&t->op);
	host_free(t);
	return result;
}

struct um_task *um_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	return (struct um_task *)start(name, fn, arg, false, 0);
}

struct um_task *um_task_start_held(const char *name, long (*fn)(void *arg), void *arg,
				   unsigned long n)
{
	return (struct um_task *)start(name, fn, arg, false, n);
}

void **um_task_own(void)
{
	return &um_this()->own;
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
	return !t->stopped && (t->ready(t->ready_arg) || signalled(t, t->why));
}

static bool all_wait(const void *unused)
{
	struct um_sched_task *o;

	if (sched.running)
		return false;
	list_for_each_entry(o, &sched.waiting, waiting)
		if (o->why->object != &sched && wait_is_over(o))
			return false;
	return true;
}

static bool time_is_over(const struct um_sched_task *t)
{
	return t->deadline != UM_FOREVER && t->deadline <= (s64)um_time_ns();
}

static bool task_is_blocked(const void *arg)
{
	const struct um_sched_task *t = arg;

	if (t->ended)
		return true;
	return t->is_waiting && !wait_is_over(t) && (t->stopped || !time_is_over(t)) &&
	       all_wait(NULL);
}

void um_wait_quiet(void)
{
	static const struct um_why why = { .kind = "quiet", .object = &sched };

	um_sched_lock();
	um_wait_until(all_wait, NULL, &why, UM_FOREVER);
	um_sched_unlock();
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

/* Inner lock held. */
static void hold_where_it_waits(struct um_sched_task *t)
{
	struct um_why why = { .kind = "task to come to its point", .object = &sched,
			      .name = t->task.comm };

	um_wait_until(task_is_blocked, t, &why, UM_FOREVER);
	t->stopped = !t->ended;
}

bool um_task_wait_held(struct um_task *task)
{
	struct um_sched_task *t = (struct um_sched_task *)task;
	bool held;

	um_sched_lock();
	hold_where_it_waits(t);
	held = t->stopped;
	um_sched_unlock();
	return held;
}

/* Inner lock held. */
static void let_go(struct um_sched_task *t)
{
	t->stopped = false;
	um_driver->unpark(t);
}

bool um_could_run(const struct um_sched_task *t)
{
	if (t->ended || !t->is_waiting)
		return !t->ended;
	return t->ready == may_go_on || t->ready(t->ready_arg) || signalled(t, t->why) ||
	       time_is_over(t);
}

void um_task_resume(struct um_task *task)
{
	struct um_sched_task *t = (struct um_sched_task *)task;

	um_sched_lock();
	WRITE_ONCE(t->op.hold_at, 0);
	let_go(t);
	um_sched_unlock();
}

int um_task_run_alone(struct um_task *task)
{
	struct um_sched_task *t = (struct um_sched_task *)task;
	unsigned long points;
	bool stuck, held;

	um_sched_lock();
	let_go(t);
	stuck = t->is_waiting && !wait_is_over(t);
	points = t->op.points;
	hold_where_it_waits(t);
	stuck = stuck && t->op.points == points;
	held = t->stopped;
	um_sched_unlock();
	if (!held)
		return 1;
	return stuck ? -EBUSY : 0;
}

static void send_signal(struct um_sched_task *t, bool fatal)
{
	um_sched_lock();
	t->interrupted = true;
	t->killed |= fatal;
	if (t->is_waiting && signalled(t, t->why))
		um_driver->unpark(t);
	um_sched_unlock();
}

void um_task_interrupt(struct um_task *task)
{
	send_signal((struct um_sched_task *)task, false);
}

void um_task_kill(struct um_task *task)
{
	send_signal((struct um_sched_task *)task, true);
}

/**
 * signal_pending() - is there a signal for a task?
 * @tsk: the task, which has not ended
 *
 * Signals come from um_task_interrupt() and um_task_kill(), and stay for ever.
 *
 * Return: non-zero when there is.
 */
int signal_pending(struct task_struct *tsk)
{
	return READ_ONCE(tsk->um->interrupted);
}
EXPORT_SYMBOL(signal_pending);

/**
 * fatal_signal_pending() - is there a signal that ends a task?
 * @tsk: the task, which has not ended
 *
 * Return: non-zero after um_task_kill().
 */
int fatal_signal_pending(struct task_struct *tsk)
{
	return READ_ONCE(tsk->um->killed);
}
EXPORT_SYMBOL(fatal_signal_pending);

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
	struct kthread_start *s = host_need(sizeof(*s));

	s->fn = fn;
	s->arg = arg;
	return &start(name, kthread_main, s, true, 0)->task;
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

void um_set_state(unsigned int state, unsigned long ip)
{
	struct um_sched_task *t = um_this();

	um_sched_lock();
	set_state(t, state, ip);
	um_sched_unlock();
}

/**
 * um_set_current_state() - what the task's next schedule() waits as
 * @state: TASK_RUNNING, TASK_INTERRUPTIBLE and so on
 *
 * Called as set_current_state(). Until the state is TASK_RUNNING again, by
 * itself or by a wake-up, nothing else that sleeps may be called.
 */
void um_set_current_state(unsigned int state)
{
	um_set_state(state, _RET_IP_);
}
EXPORT_SYMBOL(um_set_current_state);

/**
 * wake_up_process() - make a task run on
 * @tsk: a task that has not ended
 *
 * Before schedule() it makes that return at once.
 *
 * Return: 1 when its state was another than TASK_RUNNING, 0 when not.
 */
int wake_up_process(struct task_struct *tsk)
{
	int woken;

	um_step(UM_WAKE, tsk);
	um_sched_lock();
	woken = tsk->__state != TASK_RUNNING;
	set_state(container_of(tsk, struct um_sched_task, task), TASK_RUNNING, 0);
	um_wake(tsk);
	um_sched_unlock();
	um_end(UM_WAKE, 0, .object = tsk);
	return woken;
}
EXPORT_SYMBOL(wake_up_process);

/**
 * schedule_timeout() - wait in the state that was set, for a limited time
 * @timeout: jiffies; MAX_SCHEDULE_TIMEOUT is for ever; a negative one gives
 *	an error message and no wait
 *
 * Ends by wake_up_process(), or by a signal if the state is interruptible or
 * killable; in TASK_RUNNING at once.
 *
 * Context: may sleep. The state is TASK_RUNNING afterwards.
 * Return: the jiffies left, 0 when the time ran out; MAX_SCHEDULE_TIMEOUT for
 * that.
 */
long schedule_timeout(long timeout)
{
	struct task_struct *t = get_current();
	struct um_why why = {
		.kind = "wake-up", .object = t, .name = t->comm,
		.interruptible = t->__state & TASK_INTERRUPTIBLE,
		.killable = t->__state & TASK_WAKEKILL,
	};
	bool forever = timeout == MAX_SCHEDULE_TIMEOUT;
	unsigned long end = um_jiffies() + timeout;
	char text[80];
	long left;

	if (timeout < 0) {
		host_snprintf(text, sizeof(text), "schedule_timeout: wrong timeout value %lx",
			      timeout);
		um_op_models.print(KERN_ERR, text);
		um_print_stack(KERN_DEFAULT, 0);
		um_set_state(TASK_RUNNING, 0);
		return 0;
	}
	um_begin(UM_WAIT, .object = t, .sleeps = t->__state != TASK_RUNNING, .in_state = true,
		 .ip = _RET_IP_);
	um_sched_lock();
	um_wait_until(is_runnable, t, &why, um_jiffies_to_ns(timeout));
	set_state(um_this(), TASK_RUNNING, 0);
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = t);
	if (forever)
		return timeout;
	left = (long)(end - um_jiffies());
	return left < 0 ? 0 : left;
}
EXPORT_SYMBOL(schedule_timeout);

/**
 * schedule() - wait in the state that was set, for as long as it takes
 *
 * As schedule_timeout(). There is no preemption and nobody is waited for
 * otherwise: in TASK_RUNNING it does nothing.
 *
 * Context: may sleep.
 */
void schedule(void)
{
	schedule_timeout(MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(schedule);

/**
 * schedule_timeout_interruptible() - sleep until woken, signalled or late
 * @timeout: jiffies
 *
 * Context: may sleep.
 * Return: as schedule_timeout().
 */
long schedule_timeout_interruptible(long timeout)
{
	um_set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

/**
 * schedule_timeout_uninterruptible() - sleep until woken or late
 * @timeout: jiffies
 *
 * Context: may sleep.
 * Return: as schedule_timeout().
 */
long schedule_timeout_uninterruptible(long timeout)
{
	um_set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

/**
 * um_yield() - other tasks may run; behind cond_resched() and cpu_relax()
 *
 * Free running, all run at once, and there is nobody to make room for.
 */
void um_yield(void)
{
	struct um_sched_task *t = um_this();

	um_step(UM_YIELD, NULL);
	stands_at(t, (unsigned long)__builtin_frame_address(0));
	um_driver->give_way(t);
	stands_at(t, 0);
}
EXPORT_SYMBOL(um_yield);
