/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks and their memory are in linux/sched.h. */
#include <linux/gfp.h>
#include <linux/sched.h>
