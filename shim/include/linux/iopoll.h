/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading until a condition holds or time is up, by the modelled kernel's
 * clock. After the time is up it is read once more, so that a late task does
 * not take a device for dead.
 */
#ifndef _LINUX_IOPOLL_H
#define _LINUX_IOPOLL_H

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/ktime.h>

/* @wait is what passes the time between two reads; a @timeout_us of 0 is for ever. */
#define um_read_poll(op, val, cond, wait, timeout_us, args...)		\
({									\
	u64 __um_timeout = (timeout_us);				\
	ktime_t __um_end = ktime_add_ns(ktime_get(),			\
					__um_timeout * NSEC_PER_USEC);	\
	bool __um_late;							\
									\
	for (;;) {							\
		__um_late = __um_timeout &&				\
			    ktime_compare(ktime_get(), __um_end) > 0;	\
		(val) = op(args);					\
		if ((cond) || __um_late)				\
			break;						\
		wait;							\
	}								\
	(cond) ? 0 : -ETIMEDOUT;					\
})

/* May sleep, if @sleep_us is not 0. */
#define read_poll_timeout(op, val, cond, sleep_us, timeout_us,		\
			  sleep_before_read, args...)			\
({									\
	unsigned long __um_sleep = (sleep_us);				\
									\
	might_sleep_if(__um_sleep != 0);				\
	if ((sleep_before_read) && __um_sleep)				\
		usleep_range((__um_sleep >> 2) + 1, __um_sleep);	\
	um_read_poll(op, val, cond,					\
		({ if (__um_sleep)					\
			usleep_range((__um_sleep >> 2) + 1, __um_sleep); \
		   else							\
			cpu_relax(); }),				\
		timeout_us, args);					\
})

#define read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us,	\
				 delay_before_read, args...)		\
({									\
	unsigned long __um_delay = (delay_us);				\
									\
	if ((delay_before_read) && __um_delay)				\
		udelay(__um_delay);					\
	um_read_poll(op, val, cond,					\
		({ if (__um_delay)					\
			udelay(__um_delay);				\
		   else							\
			cpu_relax(); }),				\
		timeout_us, args);					\
})

#define readx_poll_timeout(op, addr, val, cond, sleep_us, timeout_us)	\
	read_poll_timeout(op, val, cond, sleep_us, timeout_us, false, addr)
#define readx_poll_timeout_atomic(op, addr, val, cond, delay_us, timeout_us) \
	read_poll_timeout_atomic(op, val, cond, delay_us, timeout_us, false, addr)

#define readb_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readb, addr, val, cond, delay_us, timeout_us)
#define readw_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readw, addr, val, cond, delay_us, timeout_us)
#define readl_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readl, addr, val, cond, delay_us, timeout_us)
#define readq_poll_timeout(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout(readq, addr, val, cond, delay_us, timeout_us)
#define readb_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readb, addr, val, cond, delay_us, timeout_us)
#define readw_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readw, addr, val, cond, delay_us, timeout_us)
#define readl_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readl, addr, val, cond, delay_us, timeout_us)
#define readq_poll_timeout_atomic(addr, val, cond, delay_us, timeout_us) \
	readx_poll_timeout_atomic(readq, addr, val, cond, delay_us, timeout_us)

#endif
