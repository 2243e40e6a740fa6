/* SPDX-License-Identifier: GPL-2.0-only */
/* The task that runs: one for each thread or fiber (kernel/sched/core.c). */
#ifndef _ASM_CURRENT_H
#define _ASM_CURRENT_H

#include <linux/kernel.h>

struct task_struct;

struct task_struct *get_current(void);
#define current get_current()

#endif
