// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of tests/unit/srcu.c. */
#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "srcu.h"

DEFINE_STATIC_SRCU(domain);
DEFINE_STATIC_SRCU(second);
static DEFINE_MUTEX(mutex);
static struct srcu_struct *made;

void k_wait_as_reader(void)
{
	int idx = srcu_read_lock(&domain);

	synchronize_srcu(&domain);
	srcu_read_unlock(&domain, idx);
}

void k_wait_for_another(void)
{
	int idx = srcu_read_lock(&second);

	synchronize_srcu(&domain);
	srcu_read_unlock(&second, idx);
}

void k_read_under_mutex(void)
{
	int idx;

	mutex_lock(&mutex);
	idx = srcu_read_lock(&domain);
	srcu_read_unlock(&domain, idx);
	mutex_unlock(&mutex);
}

void k_take_mutex_as_reader(void)
{
	int idx = srcu_read_lock(&domain);

	mutex_lock(&mutex);
	mutex_unlock(&mutex);
	srcu_read_unlock(&domain, idx);
}

void k_wait_under_mutex(void)
{
	mutex_lock(&mutex);
	synchronize_srcu(&domain);
	mutex_unlock(&mutex);
}

void k_unlock_free(void)
{
	lock_acquire(&domain.dep_map, 0, 0, 2, 1, NULL, _THIS_IP_);
	srcu_read_unlock(&domain, 0);
}

void k_nest(void)
{
	int outer = srcu_read_lock(&domain), inner = srcu_read_lock(&domain);

	srcu_read_unlock(&domain, inner);
	srcu_read_unlock(&domain, outer);
}

int k_make(void)
{
	int err;

	made = kzalloc(sizeof(*made), GFP_KERNEL);
	if (!made)
		return -ENOMEM;
	err = init_srcu_struct(made);
	if (err)
		kfree(made);
	return err;
}

void k_end(void)
{
	cleanup_srcu_struct(made);
	kfree(made);
}

void k_end_with_a_reader(void)
{
	int idx = srcu_read_lock(made);

	cleanup_srcu_struct(made);
	srcu_read_unlock(made, idx);
	k_end();
}

/* ---- readers that come before and behind who waits ------------------------------- */

static struct completion let[2];

long k_reads_until_let(void *number)
{
	int idx = srcu_read_lock(&domain);

	wait_for_completion(&let[(long)number]);
	srcu_read_unlock(&domain, idx);
	return 0;
}

long k_waits(void *unused)
{
	synchronize_srcu(&domain);
	return 0;
}

void k_none_is_let(void)
{
	init_completion(&let[0]);
	init_completion(&let[1]);
}

void k_let(long number)
{
	complete(&let[number]);
}
