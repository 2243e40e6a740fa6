/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers of tick resolution (kernel/time/timer.c). Left out: pinning to a CPU
 * and deferring; flags are ignored.
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/ktime.h>

struct timer_list {
	struct list_head entry;
	unsigned long expires;		/* jiffies */
	void (*function)(struct timer_list *timer);
	u32 flags;
};

void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags);
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
void add_timer(struct timer_list *timer);
int mod_timer(struct timer_list *timer, unsigned long expires);
int del_timer(struct timer_list *timer);
int del_timer_sync(struct timer_list *timer);
#define timer_delete(t) del_timer(t)
#define timer_delete_sync(t) del_timer_sync(t)
int timer_pending(const struct timer_list *timer);

#endif
