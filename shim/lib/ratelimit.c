// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rate limiting: a burst per interval, counted without a lock. A caller that
 * comes while another one counts is limited, as in Linux. jiffies are kernel
 * time, so an interval passes when virtual time does.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ratelimit.h>

/**
 * ___ratelimit() - may a message be printed now?
 * @rs: burst, and interval in jiffies; an interval of 0 means no limit
 * @func: named in the message that tells how many were suppressed
 *
 * Context: interrupts, too. Of callers at the same time one is counted, the
 * others are limited.
 *
 * Return: 1 when the caller may go on, 0 when it is to be quiet.
 */
int ___ratelimit(struct ratelimit_state *rs, const char *func)
{
	int interval = READ_ONCE(rs->interval), burst = READ_ONCE(rs->burst);
	int missed = 0, pass;

	if (!interval)
		return 1;
	if (__atomic_exchange_n(&rs->busy, 1, __ATOMIC_ACQUIRE))
		return 0;
	if (!rs->begin)
		rs->begin = jiffies | 1;	/* 0 means never */
	if (time_is_before_jiffies(rs->begin + interval)) {
		if (!(rs->flags & RATELIMIT_MSG_ON_RELEASE))
			missed = rs->missed;
		rs->missed = missed ? 0 : rs->missed;
		rs->begin = jiffies | 1;
		rs->printed = 0;
	}
	pass = burst > rs->printed;
	if (pass)
		rs->printed++;
	else
		rs->missed++;
	__atomic_store_n(&rs->busy, 0, __ATOMIC_RELEASE);
	if (missed)
		printk(KERN_WARNING "%s: %d callbacks suppressed\n", func, missed);
	return pass;
}
EXPORT_SYMBOL(___ratelimit);
