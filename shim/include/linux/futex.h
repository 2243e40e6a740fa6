/* SPDX-License-Identifier: GPL-2.0-only */
/* Futexes, by their numbers. User space's header; left out: everything else: there are none. */
#ifndef _LINUX_FUTEX_H_SHIM
#define _LINUX_FUTEX_H_SHIM

#include <linux/sched.h>
#include_next <linux/futex.h>

#endif
