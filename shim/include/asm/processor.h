/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_PROCESSOR_H
#define _ASM_PROCESSOR_H

#include <linux/irqflags.h>
#include <linux/tracepoint-defs.h>

/* In a loop that waits for another task: lets that task run. */
void um_yield(void);
#define cpu_relax() um_yield()

#endif
