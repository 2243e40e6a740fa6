/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened, for the kernel sides of the driver core's tests: words, each
 * followed by a blank. One log for each file that includes this.
 */
#ifndef UMDEV_TESTS_UNIT_BASE_LOG_H
#define UMDEV_TESTS_UNIT_BASE_LOG_H

#include <linux/spinlock.h>
#include <linux/string.h>

static DEFINE_SPINLOCK(log_lock);
static char log_text[2][1024];
static int log_now;

static void log_add(const char *what)
{
	spin_lock(&log_lock);
	strlcat(log_text[log_now], what, sizeof(log_text[0]));
	strlcat(log_text[log_now], " ", sizeof(log_text[0]));
	spin_unlock(&log_lock);
}

/* What happened since the last call. */
static const char *log_take(void)
{
	const char *text;

	spin_lock(&log_lock);
	text = log_text[log_now];
	log_now = !log_now;
	log_text[log_now][0] = '\0';
	spin_unlock(&log_lock);
	return text;
}

#endif
