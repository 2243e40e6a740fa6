// SPDX-License-Identifier: GPL-2.0-only
/* A timer that is armed, and so takes its place among all others. */
#include <linux/jiffies.h>
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
