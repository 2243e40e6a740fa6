/* SPDX-License-Identifier: GPL-2.0-only */
/* local_bh_disable() and local_bh_enable() are beside those for interrupts. */
#ifndef _LINUX_BOTTOM_HALF_H
#define _LINUX_BOTTOM_HALF_H

#include <linux/irqflags.h>
#include <asm/processor.h>

#endif
