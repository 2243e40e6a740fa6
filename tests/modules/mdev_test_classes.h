/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What mdev_test_parent's create() does about the class of its mdev, word by
 * word: see class_steps[], or a number; and what ops the mdev has afterwards.
 * Where the framework has no classes, all words are taken and say nothing.
 */
#ifndef MDEV_TEST_CLASSES_H
#define MDEV_TEST_CLASSES_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "mdev_vendor.h"

static char class_words[32] = "plain";

#ifdef MDEV_CLASS_IDS

#include <linux/mdev_vfio_ops.h>

#define TEST_CLASS	0x23

static const struct mdev_vfio_device_ops some_vfio, other_vfio;

static void class_none(struct mdev_device *mdev)
{
}

static void class_plain(struct mdev_device *mdev)
{
	mdev_set_class(mdev, TEST_CLASS);
}

static void class_vfio(struct mdev_device *mdev)
{
	mdev_set_vfio_ops(mdev, &some_vfio);
}

static void class_other_vfio(struct mdev_device *mdev)
{
	mdev_set_vfio_ops(mdev, &other_vfio);
}

#ifdef MDEV_VIRTIO_OPS

#include <linux/mdev_virtio_ops.h>

static const struct mdev_virtio_device_ops some_virtio, other_virtio;

static void class_virtio(struct mdev_device *mdev)
{
	mdev_set_virtio_ops(mdev, &some_virtio);
}

static void class_other_virtio(struct mdev_device *mdev)
{
	mdev_set_virtio_ops(mdev, &other_virtio);
}

static ssize_t virtio_ops_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct mdev_virtio_device_ops *ops = mdev_get_virtio_ops(mdev_from_dev(dev));

	return sysfs_emit(buf, "%s\n", !ops ? "none" : ops == &some_virtio ? "some" : "other");
}
static DEVICE_ATTR_RO(virtio_ops);

#define VIRTIO_STEPS	{ "virtio", class_virtio }, { "other_virtio", class_other_virtio },
#define VIRTIO_ATTRS	&dev_attr_virtio_ops.attr,

#else

#define VIRTIO_STEPS
#define VIRTIO_ATTRS

#endif

struct class_step {
	const char *name;
	void (*set)(struct mdev_device *mdev);
};

static const struct class_step class_steps[] = {
	{ "none", class_none },
	{ "plain", class_plain },
	{ "vfio", class_vfio },
	{ "other_vfio", class_other_vfio },
	VIRTIO_STEPS
};

static const struct class_step *find_class_step(const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(class_steps); i++)
		if (!strcmp(class_steps[i].name, word))
			return &class_steps[i];
	return NULL;
}

/* An mdev is of the class made now; who asks for another class's ops is warned. */
static bool leads_to_ops(struct mdev_device *mdev)
{
	return sysfs_streq(class_words, "vfio") && mdev_get_vfio_ops(mdev);
}

/* Takes the steps of @words; without @mdev only looks at them. */
static int take_class_steps(struct mdev_device *mdev, const char *words)
{
	const struct class_step *step;
	char word[16];
	u16 number;
	int used;

	for (; sscanf(words, "%15s%n", word, &used) == 1; words += used) {
		step = find_class_step(word);
		if (!step && kstrtou16(word, 0, &number))
			return -EINVAL;
		if (mdev && step)
			step->set(mdev);
		else if (mdev)
			mdev_set_class(mdev, number);
	}
	return 0;
}

static ssize_t ops_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct mdev_vfio_device_ops *ops = mdev_get_vfio_ops(mdev_from_dev(dev));

	return sysfs_emit(buf, "%s\n", !ops ? "none" : ops == &some_vfio ? "some" : "other");
}
static DEVICE_ATTR_RO(ops);

#define CLASS_ATTRS	&dev_attr_ops.attr, VIRTIO_ATTRS

#else

static bool leads_to_ops(struct mdev_device *mdev)
{
	return false;
}

static int take_class_steps(struct mdev_device *mdev, const char *words)
{
	return 0;
}

#define CLASS_ATTRS

#endif

#endif
