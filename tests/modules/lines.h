/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that show a line "name: results" for each thing that they do. */
#ifndef UMDEV_TESTS_LINES_H
#define UMDEV_TESTS_LINES_H

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sysfs.h>

/* The buffer of a show(), and how much of it is filled. */
struct out {
	char *buf;
	int len;
};

static void line(struct out *out, const char *fmt, ...) __printf(2, 3);
static void line(struct out *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out->len += vscnprintf(out->buf + out->len, PAGE_SIZE - out->len, fmt, args);
	va_end(args);
	out->len += sysfs_emit_at(out->buf, out->len, "\n");
}

#endif
