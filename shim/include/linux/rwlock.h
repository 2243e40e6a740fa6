/* SPDX-License-Identifier: GPL-2.0-only */
/* Rwlocks are in linux/spinlock.h. */
#include <linux/spinlock.h>
