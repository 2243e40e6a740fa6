/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A detector's tests read its report: as kernel messages, or from the standard
 * error of a child (child.h).
 */
#ifndef UMDEV_TESTS_UNIT_REPORT_H
#define UMDEV_TESTS_UNIT_REPORT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include "umdev/umdev.h"

/* Kernel messages from *@seq on, as one text; *@seq goes behind them. */
static inline const char *report_text(uint64_t *seq)
{
	static char text[65536];
	size_t used = 0;
	ssize_t n;
	int level;

	while ((n = um_kmsg_read(seq, &level, text + used, sizeof(text) - used - 2)) > 0) {
		used += n;
		text[used++] = '\n';
	}
	text[used] = '\0';
	return text;
}

/*
 * Messages from *@seq on name @function, of the file @of, as the place; and have the line
 * @more, which may be NULL.
 */
static inline void report_names(uint64_t *seq, const char *function, const char *of,
				const char *more)
{
	const char *text = report_text(seq);
	char where[256];

	snprintf(where, sizeof(where), "%s (%s:", function, of);
	if (!strstr(text, where) || (more && !strstr(text, more))) {
		print_error("no '%s', or no '%s', in:\n%s\n", where, more ?: "", text);
		fail();
	}
}

/* All @parts are in @text, in that order. */
static inline void report_says(const char *text, const char *const *parts)
{
	const char *at = text;

	for (; *parts; parts++) {
		at = strstr(at, *parts);
		if (!at) {
			print_error("no '%s' where it should be in:\n%s\n", *parts, text);
			fail();
		}
	}
}

#endif
