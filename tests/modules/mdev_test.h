/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mdev_test_control gives to the other test modules: a class for their
 * devices, and points. A driver under test passes a point in each of its
 * callbacks; a test tells the point over sysfs what to do there.
 */
#ifndef MDEV_TEST_H
#define MDEV_TEST_H

#include <linux/device.h>

extern struct class mdev_test_class;

/* Stops while the point is held. Not logged. May sleep. */
void mdev_test_hold(const char *point);
/*
 * Logs "<point> <who>", stops while the point is held, returns the point's
 * answer (0 unless a test set one). May sleep.
 */
int mdev_test_call(const char *point, const char *who);

#endif
