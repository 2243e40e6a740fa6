/* SPDX-License-Identifier: GPL-2.0-only */
/* Work items: one that does nothing, and two of which the first waits for the second. */
#ifndef UMDEV_TESTS_ITEMS_H
#define UMDEV_TESTS_ITEMS_H

#include <linux/completion.h>
#include <linux/workqueue.h>

static struct work_struct nothing, waits, completes;
static DECLARE_COMPLETION(from_second);

static void nothing_fn(struct work_struct *work)
{
}

static void waits_fn(struct work_struct *work)
{
	wait_for_completion(&from_second);
}

static void completes_fn(struct work_struct *work)
{
	complete(&from_second);
}

static inline void make_items(void)
{
	INIT_WORK(&nothing, nothing_fn);
	INIT_WORK(&waits, waits_fn);
	INIT_WORK(&completes, completes_fn);
	reinit_completion(&from_second);
}

#endif
