/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks and their references are in linux/sched.h. */
#include <linux/sched.h>
#include <linux/uaccess.h>
