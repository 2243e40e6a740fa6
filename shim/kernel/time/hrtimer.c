// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers by the nanosecond, in the mode of a kernel without
 * CONFIG_HIGH_RES_TIMERS: each is a timer of the tick (timer.c) at or behind its
 * time, and its function runs as theirs do. Clocks are the monotonic one, boot
 * time, which is the same, and the time of day as it stood when the timer was
 * armed. Left out: hard interrupt context, ranges, pinning.
 */
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>

#include "kernel/time/time.h"

#define TICK_NS (NSEC_PER_SEC / HZ)

/**
 * hrtimer_cb_get_time() - the time by a timer's own clock
 * @timer: a timer that is set up
 *
 * Return: nanoseconds.
 */
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	return timer->um_clock == CLOCK_REALTIME ? (ktime_t)ktime_get_real_ns() : ktime_get();
}
EXPORT_SYMBOL_GPL(hrtimer_cb_get_time);

static void arm(struct hrtimer *timer)
{
	s64 left = timer->um_expires - hrtimer_cb_get_time(timer);
	s64 at = ktime_get() + (left > 0 ? left : 0);

	mod_timer(&timer->um_timer, DIV_ROUND_UP((u64)at, (u64)TICK_NS));
}

/* The function may free its timer, unless it wants it again. */
static void run(struct timer_list *tick)
{
	struct hrtimer *timer = container_of(tick, struct hrtimer, um_timer);

	if (timer->function(timer) == HRTIMER_RESTART && !timer_pending(tick))
		arm(timer);
}

const void *um_hrtimer_function(const struct timer_list *timer)
{
	const struct hrtimer *of = container_of(timer, struct hrtimer, um_timer);

	return timer->function == run ? (const void *)of->function : NULL;
}

/**
 * um_hrtimer_setup() - make a timer that is not armed; called as
 *	hrtimer_setup() or hrtimer_init(), or as these with _on_stack
 * @timer:    where
 * @function: called when it expires, in atomic context; HRTIMER_RESTART arms it
 *	again for the time that it has set meanwhile
 * @clock_id: CLOCK_MONOTONIC, CLOCK_BOOTTIME or CLOCK_REALTIME
 * @on_stack: a variable of the caller's, who ends its use by destroy_hrtimer_on_stack()
 * @name:     for reports, not copied
 * @key:      class of its running function, which hrtimer_cancel() waits for
 *
 */
void um_hrtimer_setup(struct hrtimer *timer,
		      enum hrtimer_restart (*function)(struct hrtimer *timer),
		      clockid_t clock_id, bool on_stack, const char *name,
		      struct lock_class_key *key)
{
	um_timer_setup(&timer->um_timer, run, 0, on_stack, name, key);
	timer->function = function;
	timer->um_clock = clock_id;
	timer->um_expires = 0;
}
EXPORT_SYMBOL_GPL(um_hrtimer_setup);

/**
 * hrtimer_start_range_ns() - arm a timer, or have an armed one expire at
 *	another time; called as hrtimer_start()
 * @timer:    a timer that is set up
 * @tim:      when: by its clock, or with HRTIMER_MODE_REL from now on
 * @range_ns: how much later would do as well; ignored
 * @mode:     whether @tim is a time or a distance; the rest is ignored
 *
 */
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns,
			    const enum hrtimer_mode mode)
{
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add(tim, hrtimer_cb_get_time(timer));
	timer->um_expires = tim;
	arm(timer);
}
EXPORT_SYMBOL_GPL(hrtimer_start_range_ns);

/**
 * hrtimer_try_to_cancel() - disarm a timer whose function does not run
 * @timer: a timer that is set up
 *
 * Return: 1 when it was armed, 0 when not; -1, and nothing is done, while its
 * function runs.
 */
int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	return um_timer_delete_try(&timer->um_timer);
}
EXPORT_SYMBOL_GPL(hrtimer_try_to_cancel);

/**
 * hrtimer_cancel() - disarm a timer, and wait for its function
 * @timer: a timer that is set up; afterwards it can be freed, if nothing but its
 *	function arms it
 *
 * Context: not in the function itself. No lock may be held that the function
 * takes.
 * Return: 1 when it was armed, 0 when not.
 */
int hrtimer_cancel(struct hrtimer *timer)
{
	return um_timer_delete_sync(&timer->um_timer);
}
EXPORT_SYMBOL_GPL(hrtimer_cancel);

/**
 * hrtimer_active() - is a timer armed, or does its function run?
 * @timer: a timer that is set up
 *
 * Context: takes no lock: the answer may be out of date at once.
 * Return: true when it is, or does.
 */
bool hrtimer_active(const struct hrtimer *timer)
{
	return um_timer_active(&timer->um_timer);
}
EXPORT_SYMBOL_GPL(hrtimer_active);

/**
 * hrtimer_forward() - move a timer's time behind now, by whole intervals
 * @timer:    one that is not armed
 * @now:      by its clock
 * @interval: nanoseconds; less than a tick is one tick, as without high resolution
 *
 * Return: how many intervals were added; 0, and nothing is, if its time is yet
 * to come.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	s64 behind = ktime_sub(now, timer->um_expires);
	u64 n;

	if (behind < 0)
		return 0;
	if (WARN_ON(timer_pending(&timer->um_timer)))
		return 0;
	if (interval < TICK_NS)
		interval = TICK_NS;
	n = div64_u64(behind, interval) + 1;
	timer->um_expires = ktime_add_ns(timer->um_expires, n * interval);
	return n;
}
EXPORT_SYMBOL_GPL(hrtimer_forward);
