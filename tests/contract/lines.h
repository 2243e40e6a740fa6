/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that show a line "name: results" for each thing that a module does (modules/lines.h). */
#ifndef UMDEV_TESTS_CONTRACT_LINES_H
#define UMDEV_TESTS_CONTRACT_LINES_H

#include "target.h"

/* The line of this name in a file, compared. */
static inline void line_is(const char *path, const char *name, const char *want)
{
	char text[4097], key[64], *line;

	t_expect(t_get(path, text, sizeof(text)) > 0, true);
	snprintf(key, sizeof(key), "\n%s: ", name);
	line = !strncmp(text, key + 1, strlen(key) - 1) ? text - 1 : strstr(text, key);
	assert_non_null(line);
	line += strlen(key);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, want);
}

#endif
