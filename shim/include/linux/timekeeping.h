/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the clock is in linux/ktime.h. */
#include <linux/ktime.h>
