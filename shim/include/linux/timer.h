/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers of tick resolution (kernel/time/timer.c). To the lock checker the
 * running function is a lock that del_timer_sync() takes. Left out: pinning to
 * a CPU and deferring; flags are ignored.
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include "compat/levels.h"

struct timer_list {
	struct list_head entry;
	unsigned long expires;		/* jiffies */
	void (*function)(struct timer_list *timer);
	u32 flags;
	pid_t base;			/* who armed it: the processor on which it runs */
	struct lockdep_map lockdep_map;
};

#define DEFINE_TIMER(name, fn)						\
	struct timer_list name = {					\
		.entry = LIST_HEAD_INIT((name).entry), .function = (fn),	\
		.lockdep_map = STATIC_LOCKDEP_MAP_INIT(#name, &(name)),	\
	}

void um_timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *),
		    unsigned int flags, bool on_stack, const char *name,
		    struct lock_class_key *key);
#define __um_timer_setup(timer, fn, flags, on_stack)			\
do {									\
	static struct lock_class_key __key;				\
	um_timer_setup((timer), (fn), (flags), (on_stack), #timer, &__key); \
} while (0)
#define timer_setup(timer, fn, flags)	__um_timer_setup(timer, fn, flags, false)
#define timer_setup_on_stack(timer, fn, flags) __um_timer_setup(timer, fn, flags, true)
void destroy_timer_on_stack(struct timer_list *timer);
#if KAPI_FROM_TIMER
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
#else
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
#endif
void add_timer(struct timer_list *timer);
int mod_timer(struct timer_list *timer, unsigned long expires);
int um_timer_delete(struct timer_list *timer) __asm__("del_timer");
int um_timer_delete_sync(struct timer_list *timer) __asm__("del_timer_sync");
int um_timer_delete_try(struct timer_list *timer) __asm__("try_to_del_timer_sync");
#if KAPI_TRY_TO_DEL_TIMER
int try_to_del_timer_sync(struct timer_list *timer);
#else
#define timer_delete_sync_try(t) um_timer_delete_try(t)
#endif
#if KAPI_DEL_TIMER
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);
#endif
#if KAPI_TIMER_DELETE
#define timer_delete(t) um_timer_delete(t)
#define timer_delete_sync(t) um_timer_delete_sync(t)
#endif
int timer_pending(const struct timer_list *timer);
/* It is armed, or its function runs. */
bool um_timer_active(const struct timer_list *timer);

#endif
