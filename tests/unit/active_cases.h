/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel sides of tests of what is active: cases by name, of which each ends as its
 * fault or its clean twin does. "go on" uses what a report could have ruined: timers,
 * work items, and what the file has besides.
 */
#ifndef UMDEV_TESTS_UNIT_ACTIVE_CASES_H
#define UMDEV_TESTS_UNIT_ACTIVE_CASES_H

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define LATER	(1000 * HZ)

struct active_case {
	const char *name;
	void (*run)(bool clean);
};

static void thing_timer(struct timer_list *timer)
{
}

static void thing_work(struct work_struct *work)
{
}

static struct completion timer_came;

static void later_timer(struct timer_list *timer)
{
	complete(&timer_came);
}

static void timers_and_work_go_on(void)
{
	static DEFINE_TIMER(timer, later_timer);
	static DECLARE_WORK(work, thing_work);

	init_completion(&timer_came);
	mod_timer(&timer, jiffies + 1);
	wait_for_completion(&timer_came);
	del_timer_sync(&timer);
	schedule_work(&work);
	flush_work(&work);
}

static int run_active_case(const struct active_case *cases, unsigned int n, const char *name,
			   bool clean)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (strcmp(cases[i].name, name))
			continue;
		cases[i].run(clean);
		return 0;
	}
	return -ENOENT;
}

#endif
