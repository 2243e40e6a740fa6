/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/atomic.h. */
#include <linux/atomic.h>
#include <asm/cmpxchg.h>
