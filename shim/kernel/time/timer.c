// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time in jiffies, sleeping, and timers.
 *
 * Timers are one sorted list. One thread waits for the first of them; before it
 * runs a function, as a softirq does, it sees to it that another waits for the
 * next, so several run at once, as on several processors. Each task is one: the
 * timers that a task has armed run in the order of their times, one after the
 * other, and so do those that they arm. Delays do not spin: they are places
 * where another task may run.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sprintf.h>
#include <linux/timer.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/cut.h"
#include "kernel/kthread.h"
#include "kernel/module/functions.h"
#include "kernel/sched/wait.h"
#include "kernel/time/time.h"
#include "kernel/workqueue_internal.h"

#define TIMER	"timer"	/* to whom it must not vanish */

struct timer_thread {
	struct list_head node;
	struct task_struct *task;
	struct timer_list *running;
	pid_t base;			/* of that */
};

/* Guarded by the inner lock. */
static struct {
	struct list_head list;		/* sorted by expires */
	struct list_head threads;
	unsigned int waiting;		/* threads that wait for a timer, or soon will */
	unsigned long changes;
	bool stop;
} timers = {
	.list = LIST_HEAD_INIT(timers.list),
	.threads = LIST_HEAD_INIT(timers.threads),
};

/**
 * ktime_get_real_ns() - the host's time of day
 *
 * Return: nanoseconds since 1970.
 */
u64 ktime_get_real_ns(void)
{
	return host_realtime_ns();
}
EXPORT_SYMBOL(ktime_get_real_ns);

static bool never(const void *arg)
{
	return false;
}

static int sleep_ns(s64 ns, bool interruptible)
{
	struct um_why why = { .kind = "time", .object = &why, .interruptible = interruptible };
	int err;

	um_begin(UM_WAIT, .sleeps = true, .in_state = true, .ip = _RET_IP_);
	um_sched_lock();
	err = um_wait_until(never, NULL, &why, ns);
	um_sched_unlock();
	return err;
}

/**
 * msleep() - sleep, whatever signals come
 * @msecs: milliseconds at least
 *
 * Context: may sleep.
 */
void msleep(unsigned int msecs)
{
	sleep_ns(msecs * NSEC_PER_MSEC, false);
}
EXPORT_SYMBOL(msleep);

/**
 * msleep_interruptible() - sleep until a signal comes
 * @msecs: milliseconds at least, without a signal
 *
 * Context: may sleep.
 * Return: the milliseconds left, rounded down; 0 after the whole time.
 */
unsigned long msleep_interruptible(unsigned int msecs)
{
	u64 end = um_time_ns() + msecs * NSEC_PER_MSEC;

	if (sleep_ns(msecs * NSEC_PER_MSEC, true) != -EINTR || um_time_ns() >= end)
		return 0;
	return (end - um_time_ns()) / NSEC_PER_MSEC;
}
EXPORT_SYMBOL(msleep_interruptible);

/**
 * usleep_range() - sleep for a short time, whatever signals come
 * @min: microseconds at least
 * @max: ignored: every sleep ends as soon as the host lets it
 *
 * Context: may sleep.
 */
void usleep_range(unsigned long min, unsigned long max)
{
	sleep_ns(min * NSEC_PER_USEC, false);
}
EXPORT_SYMBOL(usleep_range);

static void delay_ns(u64 ns)
{
	u64 end = um_time_ns() + ns;

	um_step(UM_YIELD, NULL);
	um_delay_until(end);
}

/**
 * ndelay() - let time pass without sleeping
 * @nsecs: nanoseconds
 */
void ndelay(unsigned long nsecs)
{
	delay_ns(nsecs);
}
EXPORT_SYMBOL(ndelay);

/**
 * udelay() - let time pass without sleeping
 * @usecs: microseconds
 */
void udelay(unsigned long usecs)
{
	delay_ns(usecs * NSEC_PER_USEC);
}
EXPORT_SYMBOL(udelay);

/**
 * mdelay() - let time pass without sleeping
 * @msecs: milliseconds
 */
void mdelay(unsigned long msecs)
{
	delay_ns(msecs * NSEC_PER_MSEC);
}
EXPORT_SYMBOL(mdelay);

/* ---- running them; inner lock held, but for the function ------------------------- */

static bool is_running(const struct timer_list *timer)
{
	struct timer_thread *t;

	list_for_each_entry(t, &timers.threads, node)
		if (t->running == timer)
			return true;
	return false;
}

static bool is_busy(pid_t base)
{
	struct timer_thread *t;

	list_for_each_entry(t, &timers.threads, node)
		if (t->running && t->base == base)
			return true;
	return false;
}

/* Whose function it is in the end. */
static const void *leads_to(const struct timer_list *timer)
{
	return um_hrtimer_function(timer) ?: um_kthread_timer_leads_to(timer) ?:
	       um_timer_leads_to(timer);
}

void um_timers_in(struct um_functions *found)
{
	const struct timer_thread *thread;
	const struct timer_list *timer;

	um_sched_lock();
	list_for_each_entry(timer, &timers.list, entry)
		um_functions_add(found, timer, leads_to(timer));
	list_for_each_entry(thread, &timers.threads, node)
		if (thread->running)
			um_functions_add(found, thread->running, leads_to(thread->running));
	um_sched_unlock();
}

/* Returns whether it was armed. */
static bool take_out(struct timer_list *timer)
{
	if (list_empty(&timer->entry))
		return false;
	list_del_init(&timer->entry);
	um_begin(UM_IDLE, .object = timer, .what = TIMER);
	return true;
}

static void take_out_told(const void *object)
{
	const struct timer_list *timer = object;
	bool was;

	um_sched_lock();
	was = um_list_cut(&timers.list, &timer->entry);
	um_sched_unlock();
	if (was)
		um_kthread_timer_undone(timer);
}

/* Of those that nothing has to end before. */
static struct timer_list *first_timer(void)
{
	struct timer_list *timer;

	list_for_each_entry(timer, &timers.list, entry)
		if (!is_busy(timer->base))
			return timer;
	return NULL;
}

bool um_timer_is_armed(void)
{
	bool armed;

	um_sched_lock();
	armed = first_timer();
	um_sched_unlock();
	return armed;
}

/* The processor that arms: of a timer's function that on which it runs. */
static pid_t this_base(void)
{
	struct task_struct *self = current;
	struct timer_thread *t;

	list_for_each_entry(t, &timers.threads, node)
		if (t->task == self && t->running)
			return t->base;
	return self->pid;
}

/* What runs on a processor is ordered after what ran there; some share a place. */
static const void *place_of(pid_t base)
{
	static const char places[256];

	return &places[(u32)base % ARRAY_SIZE(places)];
}

static struct timer_list *expired_timer(void)
{
	struct timer_list *first = first_timer();

	return first && time_after_eq(um_jiffies(), first->expires) ? first : NULL;
}

/*
 * A new timer restarts the thread's wait with the first one. One that goes
 * does not: the thread wakes at its time, finds nothing and waits anew.
 */
static bool expired_or_changed(const void *arg)
{
	return timers.stop || timers.changes != *(const unsigned long *)arg || expired_timer();
}

/* The function may free its timer: nothing of it is touched after the call. */
static void call_function(struct timer_list *timer, pid_t base)
{
	void (*function)(struct timer_list *timer) = timer->function;
	struct lockdep_map map = timer->lockdep_map;

	um_softirq_enter();
	um_begin(UM_TIMER_RUN, .object = timer, .start = place_of(base), .map = &map,
		 .ip = (unsigned long)function + 1);
	function(timer);
	um_end(UM_TIMER_RUN, 0, .object = timer, .start = place_of(base), .map = &map);
	um_softirq_exit();
}

static void timers_thread(void);

static void run_timer(struct timer_thread *t, struct timer_list *timer)
{
	bool more = !--timers.waiting;
	const void *function;

	take_out(timer);
	t->running = timer;
	t->base = timer->base;
	timers.waiting += more;
	um_sched_unlock();
	if (more)
		timers_thread();
	function = timer->function;
	call_function(timer, t->base);
	um_task_ends("timer function", function);
	um_sched_lock();
	t->running = NULL;
	timers.waiting++;
	timers.changes++;
	um_wake(&timers);
}

void um_timer_interrupt(void)
{
	struct timer_thread here = { .task = current };

	um_sched_lock();
	here.running = first_timer();
	if (here.running) {
		here.base = here.running->base;
		take_out(here.running);
		list_add_tail(&here.node, &timers.threads);
		um_sched_unlock();
		call_function(here.running, here.base);
		um_sched_lock();
		list_del(&here.node);
		timers.changes++;
		um_wake(&timers);
	}
	um_sched_unlock();
}

/* How long until the first one; to the nanosecond, not to the jiffy. */
static s64 time_left(void)
{
	const struct timer_list *first = first_timer();
	u64 now = um_time_ns();
	s64 ns;

	if (!first)
		return UM_FOREVER;
	ns = um_jiffies_to_ns(first->expires - now / (NSEC_PER_SEC / HZ));
	return ns > 0 ? ns - (s64)(now % (NSEC_PER_SEC / HZ)) : ns;
}

static void timer_main(void *arg)
{
	struct um_why why = { .kind = "timers", .object = &timers, .idle = true };
	struct timer_thread *t = arg;
	struct timer_list *timer;
	unsigned long seen;

	um_sched_lock();
	t->task = current;
	while (!timers.stop) {
		seen = timers.changes;
		um_wait_until(expired_or_changed, &seen, &why, time_left());
		timer = timers.stop ? NULL : expired_timer();
		if (timer)
			run_timer(t, timer);
	}
	um_sched_unlock();
}

/* Inner lock not held; counted already. */
static void timers_thread(void)
{
	struct timer_thread *t = host_need(sizeof(*t));
	struct task_struct *task;

	um_sched_lock();
	list_add_tail(&t->node, &timers.threads);
	um_sched_unlock();
	task = um_kthread("timers", timer_main, t);
	um_sched_lock();
	t->task = task;
	um_sched_unlock();
}

/* ---- arming and disarming ---------------------------------------------------------- */

void um_timer_make(struct timer_list *timer, void (*fn)(struct timer_list *),
		   enum um_placed placed, const char *name, struct lock_class_key *key)
{
	um_begin(UM_INIT, .object = timer, .what = TIMER, .placed = placed);
	INIT_LIST_HEAD(&timer->entry);
	timer->function = fn;
	timer->flags = 0;
	lockdep_init_map(&timer->lockdep_map, name, key, 0);
}

/**
 * um_timer_setup() - make a timer that is not armed; called as timer_setup() or
 *	timer_setup_on_stack()
 * @timer: where
 * @fn:    called when it expires, in atomic context; may free the timer
 * @flags: kept, and otherwise ignored
 * @on_stack: a variable of the caller's, who ends its use by destroy_timer_on_stack()
 * @name:  for reports, not copied
 * @key:   class of its running function, which del_timer_sync() waits for
 */
void um_timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *),
		    unsigned int flags, bool on_stack, const char *name,
		    struct lock_class_key *key)
{
	um_timer_make(timer, fn, on_stack ? UM_ON_STACK : UM_NOT_ON_STACK, name, key);
	timer->flags = flags;
}
EXPORT_SYMBOL(um_timer_setup);

/**
 * destroy_timer_on_stack() - a timer on the stack goes with its function
 * @timer: of timer_setup_on_stack(); not armed, or that is told
 */
void destroy_timer_on_stack(struct timer_list *timer)
{
	um_begin(UM_OFF_STACK, .object = timer);
}
EXPORT_SYMBOL_GPL(destroy_timer_on_stack);

static void insert(struct timer_list *timer)
{
	struct timer_list *t;

	list_for_each_entry(t, &timers.list, entry)
		if (time_after(t->expires, timer->expires))
			break;
	list_add_tail(&timer->entry, &t->entry);
}

void um_timers_start(void)
{
	bool start;

	um_sched_lock();
	start = list_empty(&timers.threads) && !timers.waiting;
	timers.waiting += start;
	um_sched_unlock();
	if (start)
		timers_thread();
}

int um_timer_arm(struct timer_list *timer, unsigned long expires)
{
	int was_pending = take_out(timer);

	um_begin(UM_ACTIVE, .object = timer, .what = TIMER, .start = leads_to(timer),
		 .undo = take_out_told);
	timer->expires = expires;
	if (!is_running(timer))
		timer->base = this_base();
	insert(timer);
	timers.changes++;
	um_wake(&timers);
	return was_pending;
}

/* As debug objects have it in Linux, where a timer of zeros is never pending. */
static bool is_set_up(const struct timer_list *timer)
{
	if (likely(timer->function))
		return true;
	um_splat("timer", "timer %p is used but was never set up", timer);
	return false;
}

/**
 * mod_timer() - arm a timer, or have an armed one expire at another time
 * @timer:   from timer_setup()
 * @expires: in jiffies; one that is past expires at once
 *
 * Return: 1 when it was armed, 0 when not.
 */
int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int was_pending;

	um_use(timer, "mod_timer()");
	if (!is_set_up(timer))
		return 0;
	um_timers_start();
	um_step(UM_TIMER_ARM, timer);
	um_sched_lock();
	was_pending = um_timer_arm(timer, expires);
	um_sched_unlock();
	return was_pending;
}
EXPORT_SYMBOL(mod_timer);

/**
 * add_timer() - arm a timer for the time in its expires
 * @timer: from timer_setup(), not armed, or there is a warning and it stays
 *	as it is
 */
void add_timer(struct timer_list *timer)
{
	if (WARN_ON_ONCE(timer_pending(timer)))
		return;
	mod_timer(timer, timer->expires);
}
EXPORT_SYMBOL(add_timer);

/**
 * del_timer() - disarm a timer; its function may be running
 * @timer: from timer_setup()
 *
 * Return: 1 when it was armed, 0 when not.
 */
int del_timer(struct timer_list *timer)
{
	int was_pending;

	if (!is_set_up(timer))
		return 0;
	um_sched_lock();
	was_pending = take_out(timer);
	um_sched_unlock();
	return was_pending;
}
EXPORT_SYMBOL(del_timer);

static bool not_running(const void *timer)
{
	return !is_running(timer);
}

/**
 * del_timer_sync() - disarm a timer, and wait for its function
 * @timer: from timer_setup(); afterwards it can be freed, if nothing but its
 *	function arms it
 *
 * Context: not in the function itself, nor in an interrupt. No lock may be
 * held that the function takes, which the lock checker tells.
 * Return: 1 when it was armed, 0 when not.
 */
int del_timer_sync(struct timer_list *timer)
{
	struct um_why why = { .kind = "timer function", .object = &timers, .spin = true };
	int was_pending = 0;

	if (!is_set_up(timer))
		return 0;
	um_begin(UM_WAIT, .object = timer, .map = &timer->lockdep_map, .ip = _RET_IP_);
	um_sched_lock();
	for (;;) {
		was_pending |= take_out(timer);
		if (!is_running(timer))
			break;
		um_wait_until(not_running, timer, &why, UM_FOREVER);
	}
	um_sched_unlock();
	um_end(UM_WAIT, 0, .object = timer);
	return was_pending;
}
EXPORT_SYMBOL(del_timer_sync);

/**
 * try_to_del_timer_sync() - disarm a timer whose function does not run
 * @timer: from timer_setup()
 *
 * Return: 1 when it was armed, 0 when not; -1, and nothing is done, while its
 * function runs.
 */
int try_to_del_timer_sync(struct timer_list *timer)
{
	int ret = -1;

	if (!is_set_up(timer))
		return 0;
	um_sched_lock();
	if (!is_running(timer)) {
		ret = !list_empty(&timer->entry);
		list_del_init(&timer->entry);
	}
	um_sched_unlock();
	return ret;
}
EXPORT_SYMBOL(try_to_del_timer_sync);

/**
 * timer_pending() - is a timer armed?
 * @timer: from timer_setup()
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: non-zero when it is; 0 while its function runs.
 */
int timer_pending(const struct timer_list *timer)
{
	int pending;

	um_sched_lock();
	pending = timer->function && !list_empty(&timer->entry);
	um_sched_unlock();
	return pending;
}
EXPORT_SYMBOL(timer_pending);

bool um_timer_active(const struct timer_list *timer)
{
	bool active;

	um_sched_lock();
	active = !list_empty(&timer->entry) || is_running(timer);
	um_sched_unlock();
	return active;
}

void um_timers_stop(void)
{
	struct timer_thread *t, *next;

	um_sched_lock();
	timers.stop = true;
	um_wake(&timers);
	um_sched_unlock();
	list_for_each_entry_safe(t, next, &timers.threads, node) {
		um_kthread_join(t->task);
		host_free(t);
	}
	INIT_LIST_HEAD(&timers.threads);
	timers.waiting = 0;
	timers.stop = false;
}
