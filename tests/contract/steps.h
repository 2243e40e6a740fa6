/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps of a test module (tests/modules/steps.h) as a program has tasks take them. It
 * defines STEPS, the directory of the module's device.
 */
#ifndef UMDEV_TESTS_CONTRACT_STEPS_H
#define UMDEV_TESTS_CONTRACT_STEPS_H

#include "mdev_test.h"

/* The one step taken since the log was emptied, and its result. */
static inline void logged(const char *step, const char *result)
{
	char line[64];

	snprintf(line, sizeof(line), "%s %s\n", step, result);
	expect_log(line);
	clear_log();
}

/* One of several steps. */
static inline void logged_too(const char *step, const char *result)
{
	char line[64];

	snprintf(line, sizeof(line), "%s %s\n", step, result);
	expect_logged(line);
}

/* A step that ends others' waits; the log is the others'. */
static inline void run(const char *step)
{
	t_expect(t_put(STEPS "/end", step), strlen(step));
}

/* A step that does not wait. */
static inline void gives(const char *step, const char *result)
{
	t_expect(t_put(STEPS "/run", step), strlen(step));
	logged(step, result);
}

/* A task that takes the step and waits in it. */
static inline struct t_task *waits(const char *step)
{
	struct t_task *task = t_put_start(STEPS "/run", step);

	t_expect(t_task_wait_blocked(task), true);
	return task;
}

static inline void ends(struct t_task *task, const char *step, const char *result)
{
	t_expect(t_task_join(task), strlen(step));
	logged(step, result);
}

/* A signal ends the wait, with that result. */
static inline void interrupted(const char *step, const char *result)
{
	struct t_task *task = waits(step);

	t_task_interrupt(task);
	ends(task, step, result);
}

/* A task that waits in the step, and goes on waiting after a signal that is not fatal. */
static inline struct t_task *waits_on(const char *step)
{
	struct t_task *task = waits(step);

	t_task_interrupt(task);
	t_expect(t_task_wait_blocked(task), true);
	return task;
}

#endif
