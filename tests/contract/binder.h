/* SPDX-License-Identifier: GPL-2.0-only */
/* What the contract tests of the driver core share: the buses of driver_test. */
#ifndef UMDEV_TESTS_BINDER_H
#define UMDEV_TESTS_BINDER_H

#include "mdev_test.h"

#define DEVICES		"/sys/devices"
#define TESTBUS		"/sys/bus/testbus"
#define DRIVERS		TESTBUS "/drivers"
#define TESTBUS2	"/sys/bus/testbus2"
#define DRIVERS2	TESTBUS2 "/drivers"

static inline void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("driver_test", NULL), 0);
	t_kmsg_flush();
	t_uevent_flush();
}

static inline void run(const char *command, long want)
{
	t_expect(t_put(DIR_TEST "/binder/do", command),
		 want < 0 ? want : (long)strlen(command));
}

#endif
