/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timers by the nanosecond (kernel/time/hrtimer.c), as a kernel without
 * CONFIG_HIGH_RES_TIMERS has them: they expire at a tick.
 */
#ifndef _LINUX_HRTIMER_H
#define _LINUX_HRTIMER_H

#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/time.h>
#include <linux/timer.h>
#include "compat/levels.h"

enum hrtimer_mode {
	HRTIMER_MODE_ABS	= 0x00,
	HRTIMER_MODE_REL	= 0x01,
	HRTIMER_MODE_PINNED	= 0x02,
	HRTIMER_MODE_SOFT	= 0x04,
	HRTIMER_MODE_HARD	= 0x08,

	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT	= HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT	= HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_PINNED_SOFT = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_PINNED_SOFT = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD	= HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD	= HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
	HRTIMER_MODE_ABS_PINNED_HARD = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_PINNED_HARD = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_HARD,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

struct hrtimer {
	struct timer_list um_timer;	/* of the tick */
	ktime_t um_expires;		/* by the clock @um_clock */
	clockid_t um_clock;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};

void um_hrtimer_setup(struct hrtimer *timer,
		      enum hrtimer_restart (*function)(struct hrtimer *timer),
		      clockid_t clock_id, bool on_stack, const char *name,
		      struct lock_class_key *key);
#define __um_hrtimer_setup(timer, function, clock_id, on_stack)		\
do {									\
	static struct lock_class_key __key;				\
	um_hrtimer_setup((timer), (function), (clock_id), (on_stack), #timer, &__key); \
} while (0)
#if KAPI_HRTIMER_SETUP
#define hrtimer_setup(timer, function, clock_id, mode) \
	__um_hrtimer_setup(timer, function, clock_id, false)
#define hrtimer_setup_on_stack(timer, function, clock_id, mode) \
	__um_hrtimer_setup(timer, function, clock_id, true)
#endif
#if KAPI_HRTIMER_INIT
/* The function is set afterwards. */
#define hrtimer_init(timer, clock_id, mode) __um_hrtimer_setup(timer, NULL, clock_id, false)
#define hrtimer_init_on_stack(timer, clock_id, mode) \
	__um_hrtimer_setup(timer, NULL, clock_id, true)
#endif
#define destroy_hrtimer_on_stack(timer) destroy_timer_on_stack(&(timer)->um_timer)

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns,
			    const enum hrtimer_mode mode);
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);
bool hrtimer_active(const struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer);

static inline void hrtimer_start(struct hrtimer *timer, ktime_t tim,
				 const enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, tim, 0, mode);
}

static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->um_expires;
}

/* Of one that is not armed. */
static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->um_expires = time;
}

static inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns)
{
	timer->um_expires = ktime_add_ns(timer->um_expires, ns);
}

static inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	hrtimer_start(timer, hrtimer_get_expires(timer), mode & ~HRTIMER_MODE_REL);
}

static inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS);
}

static inline ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return ktime_sub(timer->um_expires, hrtimer_cb_get_time(timer));
}

static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, hrtimer_cb_get_time(timer), interval);
}

static inline bool hrtimer_is_queued(struct hrtimer *timer)
{
	return timer_pending(&timer->um_timer);
}

#endif
