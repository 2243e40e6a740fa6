/* SPDX-License-Identifier: GPL-2.0-only */
/* One name for the headers of time that there are. */
#include <linux/time64.h>
#include <linux/jiffies.h>
