/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the contract tests of the mdev core share: where the test drivers keep
 * their files, and short words for what a test does with them.
 */
#ifndef UMDEV_TESTS_MDEV_TEST_H
#define UMDEV_TESTS_MDEV_TEST_H

#include "target.h"

#define DIR_TEST	"/sys/devices/virtual/mdev_test"
#define CONTROL		DIR_TEST "/control"
#define VENDOR		DIR_TEST "/vendor"
#define SHAPED		DIR_TEST "/shaped"
#define PARENT0		DIR_TEST "/parent0"
#define PARENT1		DIR_TEST "/parent1"
#define TYPES(parent)	parent "/mdev_supported_types"
#define TYPE_1(parent)	TYPES(parent) "/mdev_test-1"
#define TYPE_2(parent)	TYPES(parent) "/mdev_test-2"
#define BUS		"/sys/bus/mdev"
#define DRIVER		BUS "/drivers/mdev_test_driver"

#define UUID_A		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define UUID_B		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define UUID_C		"83b8f4f2-509f-382f-3c1e-e6bfe0fa1003"
#define UUID_LEN	36
#define MDEV_A		PARENT0 "/" UUID_A
#define MDEV_B		PARENT0 "/" UUID_B
#define MDEV_C		PARENT0 "/" UUID_C

/* insmod, not modprobe: the core's soft dependency would bring vfio_mdev. */
static inline void load_core(void)
{
	t_expect(t_insmod("mdev", NULL), 0);
	t_expect(t_insmod("mdev_test_control", NULL), 0);
}

static inline void load_parent(const char *params)
{
	load_core();
	t_expect(t_insmod("mdev_test_parent", params), 0);
}

/* A driver of its own for the mdevs, where there is such a thing. */
static inline void load_driver(const char *params)
{
	if (t_framework_has("mdev_drivers"))
		t_expect(t_insmod("mdev_test_driver", params), 0);
}

/* The driver that gives mdevs to VFIO, unless parents have one of their own. */
static inline void load_vfio(void)
{
	if (t_framework_has("vfio_mdev"))
		t_expect(t_modprobe("vfio_mdev", NULL), 0);
	else
		t_expect(t_modprobe("vfio_compat", NULL), 0);
	t_expect(t_modprobe("mdev", NULL), 0);
}

/*
 * The point of the probe that makes a visible mdev: where the parent's own driver
 * serves it, that driver's, which is what the vendor has for a create().
 */
static inline const char *probe_point(void)
{
	return t_framework_has("mdev_drivers") ? "probe" : "create";
}

/* Loads the odd parent driver; what its registration returned. */
static inline long load_shape(const char *shape)
{
	char params[64], text[32];

	load_core();
	snprintf(params, sizeof(params), "shape=%s", shape);
	t_expect(t_insmod("mdev_test_shapes", params), 0);
	t_expect(t_get(SHAPED "/result", text, sizeof(text)) > 0, true);
	return atol(text);
}

#define create(type, uuid)	t_expect(t_put(type "/create", uuid), UUID_LEN)
#define discard(mdev)		t_expect(t_put(mdev "/remove", "1"), 1)

static inline void tell(const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), CONTROL "/%s", file);
	t_expect(t_put(path, text), strlen(text));
}

#define hold(point)		tell("hold", point)
#define release(point)		tell("release", point)
#define answer(point_value)	tell("answer", point_value)
#define clear_log()		tell("log", "-")
#define expect_log(text)	t_expect_text(CONTROL "/log", text)
/* Of several tasks that end at once, who logs first is open. */
#define expect_logged(line)	t_expect(t_has_line(CONTROL "/log", line), true)

/*
 * The log of one mdev that mdev_test_driver serves: names of points, with a blank
 * behind each. Without mdev drivers nobody passes its points.
 */
static inline void expect_points(const char *uuid, const char *points)
{
	bool drivers = t_framework_has("mdev_drivers");
	char want[1024] = "", point[24];
	int used;

	for (; sscanf(points, "%23s%n", point, &used) == 1; points += used)
		if (drivers || (strcmp(point, "probe") && strcmp(point, "unbind")))
			snprintf(want + strlen(want), sizeof(want) - strlen(want), "%s %s\n", point, uuid);
	expect_log(want);
}

static inline void vendor(const char *file, const char *text, long want)
{
	char path[128];

	snprintf(path, sizeof(path), VENDOR "/%s", file);
	t_expect(t_put(path, text), want < 0 ? want : (long)strlen(text));
}

/* Of what can be opened. */
static inline int open_it(const char *path, int flags)
{
	int fd = t_open(path, flags);

	t_expect(fd >= 0, true);
	return fd;
}

static inline long get_main(void *path)
{
	char buf[4096];

	return t_get(path, buf, sizeof(buf));
}

/* What reading the file returns, from a task of its own. */
static inline struct t_task *t_get_start(char *path)
{
	return t_task_start("get", get_main, path);
}

static inline long rmmod_main(void *name)
{
	return t_rmmod(name);
}

static inline struct t_task *t_rmmod_start(char *name)
{
	return t_task_start("rmmod", rmmod_main, name);
}

/* The task is known to wait, and to wait at this point. */
static inline void expect_held(struct t_task *task, const char *point)
{
	char want[64];

	t_expect(t_task_wait_blocked(task), true);
	snprintf(want, sizeof(want), "%s 1\n", point);
	t_expect_text(CONTROL "/held", want);
}

#define expect_list(path, want)					\
do {								\
	char list_[4096];					\
								\
	t_expect(t_list(path, list_, sizeof(list_)) >= 0, true);	\
	assert_string_equal(list_, want);			\
} while (0)

#define expect_link(path, want)					\
do {								\
	char link_[512];					\
								\
	t_expect(t_readlink(path, link_, sizeof(link_)) > 0, true);	\
	assert_string_equal(link_, want);			\
} while (0)

/* The last component of what a link points at. */
#define expect_link_to(path, want)				\
do {								\
	char link_[512], *last_;				\
								\
	t_expect(t_readlink(path, link_, sizeof(link_)) > 0, true);	\
	last_ = strrchr(link_, '/');				\
	assert_string_equal(last_ ? last_ + 1 : link_, want);	\
} while (0)

#endif
