/* SPDX-License-Identifier: GPL-2.0-only */
/* Timers under the names of 5.4. */
#ifndef COMPAT_LINUX_TIMER_H
#define COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

#ifdef KAPI_AS_5_4
#include "compat/levels.h"

#if !KAPI_DEL_TIMER
#define del_timer(timer)	timer_delete(timer)
#define del_timer_sync(timer)	timer_delete_sync(timer)
#endif
#if !KAPI_FROM_TIMER
#define from_timer(var, timer, field) timer_container_of(var, timer, field)
#endif

#endif /* KAPI_AS_5_4 */

#endif
