/* SPDX-License-Identifier: GPL-2.0-only */
/* All random numbers are in linux/random.h. */
#include <linux/random.h>
#include <linux/llist.h>
