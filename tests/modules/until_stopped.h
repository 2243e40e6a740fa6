/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread that has nothing to do but to be stopped. */
#ifndef UMDEV_TESTS_UNTIL_STOPPED_H
#define UMDEV_TESTS_UNTIL_STOPPED_H

#include <linux/kthread.h>
#include <linux/sched.h>

static inline void sleep_until_stopped(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

#endif
