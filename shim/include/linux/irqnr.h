/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of interrupts. User space's header; left out: interrupts by number: for_each_irq_desc() and its like. */
#ifndef _LINUX_IRQNR_H_SHIM
#define _LINUX_IRQNR_H_SHIM

#include_next <linux/irqnr.h>

#endif
