/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mdev_test_control gives to the other test modules: a class for their
 * devices, and points. A driver under test passes a point in each of its
 * callbacks; a test tells the point over sysfs what to do there.
 */
#ifndef MDEV_TEST_H
#define MDEV_TEST_H

#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/string.h>

extern struct class mdev_test_class;

/* Stops while the point is held. Not logged. May sleep. */
void mdev_test_hold(const char *point);
/*
 * Logs "<point> <who>", stops while the point is held, returns the point's
 * answer (0 unless a test set one). May sleep.
 */
int mdev_test_call(const char *point, const char *who);

#define MDEV_TEST_WORD	48

/* What a module does when a test writes its name, and up to two words, to "do". */
struct mdev_test_command {
	const char *name;
	int (*run)(const char *a, const char *b);	/* 0 or a negative errno */
};

/* For the store of such a file: @count, or the command's error. */
static inline ssize_t mdev_test_run(const struct mdev_test_command *commands, unsigned int n,
				    const char *buf, size_t count)
{
	char name[MDEV_TEST_WORD] = "", a[MDEV_TEST_WORD] = "", b[MDEV_TEST_WORD] = "";
	unsigned int i;
	int ret;

	sscanf(buf, "%47s %47s %47s", name, a, b);
	for (i = 0; i < n; i++) {
		if (strcmp(commands[i].name, name))
			continue;
		ret = commands[i].run(a, b);
		return ret ?: count;
	}
	return -ENOTTY;
}

#endif
