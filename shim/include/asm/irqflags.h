/* SPDX-License-Identifier: GPL-2.0-only */
/* Another name for linux/irqflags.h. */
#include <linux/irqflags.h>
