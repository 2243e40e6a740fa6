/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The object of tests/modules/sysfs_test.c: attributes of several sorts, and a file
 * "do" for commands.
 */
#ifndef UMDEV_TESTS_CONTRACT_THING_H
#define UMDEV_TESTS_CONTRACT_THING_H

#include "mdev_test.h"

#define THING	DIR_TEST "/thing"
#define VALUE	THING "/value"
#define LINK	"/sys/class/mdev_test/thing"

static inline void load_thing(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("sysfs_test", NULL), 0);
	t_kmsg_flush();
	t_uevent_flush();
}

/* Whose value is "hello". */
static inline void load_hello(void)
{
	load_thing();
	t_expect(t_put(VALUE, "hello"), 5);
}

/* A command, with the error it is to end in. */
static inline void run(const char *command, long want)
{
	t_expect(t_put(THING "/do", command), want < 0 ? want : (long)strlen(command));
}

#endif
