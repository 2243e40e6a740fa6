/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/time64.h>
#include <linux/jiffies.h>
