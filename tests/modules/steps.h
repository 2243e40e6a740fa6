/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps that a test has tasks take: a device of the class mdev_test has the files run and
 * end, and the name of a step written to one is taken by the writing task;
 * "<step> <result>" goes to the log of the device "control". Steps that end another's
 * wait go to the file end: who waits in run keeps it from being removed, and a removal
 * would keep others out. Whatever a step takes it gives back. A step that is to hold
 * something for a while passes the point "<what>_in" of mdev_test_hold(), so that a test
 * can keep it there.
 */
#ifndef UMDEV_TESTS_STEPS_H
#define UMDEV_TESTS_STEPS_H

#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "mdev_test.h"

struct step {
	const char *name;
	long (*fn)(void);
};

#define STEP(name) { #name, do_##name }

static inline ssize_t take_step(const struct step *steps, unsigned int n, const char *buf,
				size_t count)
{
	char result[24];
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!sysfs_streq(buf, steps[i].name))
			continue;
		snprintf(result, sizeof(result), "%ld", steps[i].fn());
		mdev_test_call(steps[i].name, result);
		return count;
	}
	return -EINVAL;
}

/* step_groups: the two files of the array of steps. */
#define STEP_FILES(steps)						\
static ssize_t run_store(struct device *dev, struct device_attribute *attr, \
			 const char *buf, size_t count)			\
{									\
	return take_step(steps, ARRAY_SIZE(steps), buf, count);		\
}									\
static DEVICE_ATTR_WO(run);						\
static ssize_t end_store(struct device *dev, struct device_attribute *attr, \
			 const char *buf, size_t count)			\
{									\
	return take_step(steps, ARRAY_SIZE(steps), buf, count);		\
}									\
static DEVICE_ATTR_WO(end);						\
static struct attribute *step_attrs[] = {				\
	&dev_attr_run.attr, &dev_attr_end.attr, NULL			\
};									\
ATTRIBUTE_GROUPS(step)

#endif
