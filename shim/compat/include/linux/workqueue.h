/* SPDX-License-Identifier: GPL-2.0-only */
/* The queue of schedule_work() under its name of 5.4. */
#ifndef COMPAT_LINUX_WORKQUEUE_H
#define COMPAT_LINUX_WORKQUEUE_H

#include_next <linux/workqueue.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if KAPI_ABI_SYSTEM_PERCPU_WQ
#define system_wq system_percpu_wq
#endif

#endif /* KAPI_AS_5_4 */

#endif
