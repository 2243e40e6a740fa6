/* SPDX-License-Identifier: GPL-2.0-only */
/* xchg() and cmpxchg() are in linux/atomic.h. */
#include <linux/atomic.h>
