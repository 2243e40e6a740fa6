/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UMDEV_FILTER: which tests of a program run. Patterns as a shell has them,
 * separated by commas; unset or empty for all.
 */
#ifndef UMDEV_TESTS_FILTER_H
#define UMDEV_TESTS_FILTER_H

#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline bool filter_has(const char *name)
{
	const char *p = getenv("UMDEV_FILTER");
	char pattern[256];
	size_t len;

	if (!p || !*p)
		return true;
	for (; *p; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, p);
		if (!fnmatch(pattern, name, 0))
			return true;
	}
	return false;
}

#endif
