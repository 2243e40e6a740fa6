/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every program here runs a second time with releases that come late
 * (shim/lib/kobject_late.h). What a test sees of a release it waits for, with
 * um_late_flush(). Where it looks at who released, or at what is reported of
 * an object between its last put and its release, it asks here what to expect.
 */
#ifndef UMDEV_TESTS_UNIT_LATE_H
#define UMDEV_TESTS_UNIT_LATE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static inline bool late_release(void)
{
	const char *value = getenv("UMDEV_LATE_RELEASE");

	return value && *value && strcmp(value, "0");
}

#endif
