/* SPDX-License-Identifier: GPL-2.0-only */
/* What a format gives, for tests that are kernel code. */
#ifndef UMDEV_TESTS_FORMATTED_H
#define UMDEV_TESTS_FORMATTED_H

#include <linux/kernel.h>

static char text[1024];

/* Valid until the next one. */
static const char *f(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

#endif
