// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of explore.c: faults of which each shows in few schedules. */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "explore.h"

static DEFINE_MUTEX(lock);
static DECLARE_COMPLETION(end);
static long sum, step, wrong;
static bool begun, seen, saw_wrong;
static long *shared;
static unsigned int times;

long k_reset(void *unused)
{
	sum = 0;
	step = 0;
	wrong = 0;
	begun = false;
	seen = false;
	saw_wrong = false;
	reinit_completion(&end);
	kfree(shared);
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	return shared ? 0 : -ENOMEM;
}

static long get(const long *value)
{
	long now;

	mutex_lock(&lock);
	now = *value;
	mutex_unlock(&lock);
	return now;
}

static void set(long *value, long now)
{
	mutex_lock(&lock);
	*value = now;
	mutex_unlock(&lock);
}

long k_add_one(void *unused)
{
	set(&sum, get(&sum) + 1);
	return 0;
}

long k_sum(void)
{
	return sum;
}

long k_two_steps(void *unused)
{
	set(&step, 1);
	set(&step, 2);
	return 0;
}

long k_looks_twice(void *unused)
{
	seen = get(&step) == 1;
	saw_wrong = get(&step) == 2 && seen;
	return 0;
}

long k_waits(void *unused)
{
	mutex_lock(&lock);
	begun = true;
	mutex_unlock(&lock);
	wait_for_completion(&end);
	return 0;
}

long k_completes_if_early(void *unused)
{
	bool late;

	mutex_lock(&lock);
	late = begun;
	mutex_unlock(&lock);
	if (!late)
		complete(&end);
	return 0;
}

long k_allocates(void *unused)
{
	void *p = kmalloc(8, GFP_KERNEL);

	if (!p) {
		set(&wrong, 1);
		set(&wrong, 0);
		return -ENOMEM;
	}
	kfree(p);
	return 0;
}

long k_looks(void *unused)
{
	saw_wrong = get(&wrong);
	return 0;
}

long k_saw_wrong(void)
{
	return saw_wrong;
}

long k_alone(void *unused)
{
	static DEFINE_MUTEX(own);
	int i;

	for (i = 0; i < 3; i++) {
		mutex_lock(&own);
		mutex_unlock(&own);
	}
	return 0;
}

long k_frees(void *unused)
{
	long *p;

	mutex_lock(&lock);
	p = shared;
	shared = NULL;
	mutex_unlock(&lock);
	kfree(p);
	return 0;
}

long k_uses(void *unused)
{
	long *p;

	mutex_lock(&lock);
	p = shared;
	mutex_unlock(&lock);
	/* it may be gone by now */
	if (p)
		kfree(p);
	mutex_lock(&lock);
	if (shared == p)
		shared = NULL;
	mutex_unlock(&lock);
	return 0;
}

long k_fickle(void *unused)
{
	if (times++ % 3 == 2)
		get(&sum);
	get(&sum);
	return 0;
}
