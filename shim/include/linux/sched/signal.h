/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks and their signals are in linux/sched.h. */
#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
