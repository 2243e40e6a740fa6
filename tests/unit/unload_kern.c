// SPDX-License-Identifier: GPL-2.0-only
/*
 * A timer that is armed, and so takes its place among all others; an index that is too
 * large for its table; a reader of RCU.
 */
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/timer.h>

#include "unload.h"

static void expired(struct timer_list *timer)
{
}

static DEFINE_TIMER(timer, expired);

void k_arm_and_disarm(void)
{
	mod_timer(&timer, jiffies + 2000 * HZ);
	del_timer_sync(&timer);
}

static DECLARE_COMPLETION(reads);

long k_read_rcu(void *unused)
{
	rcu_read_lock();
	complete(&reads);
	for (;;)
		cpu_relax();
	return 0;
}

void k_wait_reader(void)
{
	wait_for_completion(&reads);
}

static DECLARE_COMPLETION(never);

long k_wait_for_ever(void *unused)
{
	wait_for_completion(&never);
	return 0;
}

static char table[8];

noinline char k_overrun(unsigned int index)
{
	/* what it points to no compiler knows, nor UBSan */
	char *p = table;

	OPTIMIZER_HIDE_VAR(p);
	return READ_ONCE(p[index]);
}
