/* SPDX-License-Identifier: GPL-2.0-only */
/* For programs whose tasks are fibers: that is looked at when a program starts. */
#ifndef UMDEV_TESTS_UNIT_ON_FIBERS_H
#define UMDEV_TESTS_UNIT_ON_FIBERS_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline bool is_on_fibers(void)
{
	return getenv("UMDEV_TASKS") && !strcmp(getenv("UMDEV_TASKS"), "fibers");
}

/* First of all: the program runs again, with the arguments that it had. */
static inline void on_fibers(char **argv)
{
	if (is_on_fibers())
		return;
	setenv("UMDEV_TASKS", "fibers", 1);
	execv("/proc/self/exe", argv);
	_exit(127);
}

#endif
