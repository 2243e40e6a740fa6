// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of fibers.c: what ends well, and what a verdict ends. */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <asm/processor.h>

#include "fibers.h"
#include "umdev/umdev.h"

struct pair {
	struct mutex a, b;
	struct completion has_a, has_b;
};

/* A pair anew: what an abandoned run had is not used again. */
static struct pair *new_pair(void)
{
	static struct pair pairs[4];
	static unsigned int n;
	struct pair *p = &pairs[n++ % ARRAY_SIZE(pairs)];

	mutex_init(&p->a);
	mutex_init(&p->b);
	lockdep_set_novalidate_class(&p->a);
	lockdep_set_novalidate_class(&p->b);
	init_completion(&p->has_a);
	init_completion(&p->has_b);
	return p;
}

static long a_then_b(void *arg)
{
	struct pair *p = arg;

	mutex_lock(&p->a);
	complete(&p->has_a);
	wait_for_completion(&p->has_b);
	mutex_lock(&p->b);
	mutex_unlock(&p->b);
	mutex_unlock(&p->a);
	return 0;
}

static long b_then_a(void *arg)
{
	struct pair *p = arg;

	mutex_lock(&p->b);
	complete(&p->has_b);
	wait_for_completion(&p->has_a);
	mutex_lock(&p->a);
	mutex_unlock(&p->a);
	mutex_unlock(&p->b);
	return 0;
}

long k_lock_crosswise(void *arg)
{
	struct pair *p = new_pair();
	struct um_task *first = um_task_start("first", a_then_b, p);
	struct um_task *second = um_task_start("second", b_then_a, p);

	return um_task_join(first) + um_task_join(second);
}

static long a_alone(void *arg)
{
	struct pair *p = arg;

	mutex_lock(&p->a);
	cond_resched();
	mutex_unlock(&p->a);
	return 1;
}

long k_lock_in_order(void *arg)
{
	struct pair *p = new_pair();
	struct um_task *first = um_task_start("first", a_alone, p);
	struct um_task *second = um_task_start("second", a_alone, p);

	return um_task_join(first) + um_task_join(second);
}

static bool told;

long k_look_for_ever(void *arg)
{
	told = false;
	while (!READ_ONCE(told))
		cpu_relax();
	return 0;
}

static long tell(void *arg)
{
	WRITE_ONCE(told, true);
	return 0;
}

long k_look_until_told(void *arg)
{
	struct um_task *task;

	told = false;
	task = um_task_start("teller", tell, NULL);
	while (!READ_ONCE(told))
		cpu_relax();
	return um_task_join(task);
}

long k_bug(void *arg)
{
	BUG_ON(arg == NULL);
	return 0;
}

/* Eleven days, and the jiffies that have passed. */
long k_sleep_long(void *arg)
{
	unsigned long start = jiffies;

	msleep(1000 * 1000 * 1000);
	return (jiffies - start) / HZ;
}

long k_busy_until_a_time(void *arg)
{
	unsigned long end = jiffies + 2;

	while (time_before(jiffies, end))
		cpu_relax();
	mdelay(20);
	return time_after_eq(jiffies, end + msecs_to_jiffies(10));
}

static DEFINE_SPINLOCK(trace_lock);
static char trace[64];

static long letters(void *arg)
{
	const char *p;
	size_t n;

	for (p = arg; *p; p++) {
		spin_lock(&trace_lock);
		n = strlen(trace);
		trace[n] = *p;
		trace[n + 1] = '\0';
		spin_unlock(&trace_lock);
		cond_resched();
	}
	return 0;
}

long k_turns(void *arg)
{
	struct um_task *a, *b;

	trace[0] = '\0';
	a = um_task_start("a", letters, "abc");
	b = um_task_start("b", letters, "123");
	um_task_join(a);
	return um_task_join(b);
}

const char *k_trace(void)
{
	return trace;
}

static DEFINE_SPINLOCK(one_lock);
static DEFINE_SPINLOCK(other_lock);
static long raced;

static long race_under(void *arg)
{
	spin_lock(arg);
	raced++;
	spin_unlock(arg);
	return 0;
}

/* With the same lock for both unless @arg says so. */
long k_race(void *arg)
{
	struct um_task *a = um_task_start("a", race_under, &one_lock);
	struct um_task *b = um_task_start("b", race_under, arg ? &other_lock : &one_lock);

	return um_task_join(a) + um_task_join(b);
}
