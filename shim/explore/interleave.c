// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interleavings of two tasks, complete to one preemption of the first: the
 * explorer (explore/explore.c) with its finest grain.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "host/host.h"
#include "umdev/explore.h"

static long set_up(void *arg)
{
	const struct um_interleaving *s = arg;

	return s->setup ? s->setup(s->arg) : 0;
}

static long first(void *arg)
{
	const struct um_interleaving *s = arg;

	return s->first(s->arg);
}

static long second(void *arg)
{
	const struct um_interleaving *s = arg;

	return s->second(s->arg);
}

static long check(void *arg, const long *result, unsigned int faults)
{
	const struct um_interleaving *s = arg;

	return s->check(s->arg, result[0], result[1]);
}

static void line_out(const char *line, void *arg)
{
	const struct um_interleaving *s = arg;

	if (s->report) {
		s->report(line, s->arg);
		return;
	}
	host_write(2, line, strlen(line));
	host_write(2, "\n", 1);
}

long um_interleave(const struct um_interleaving *s)
{
	const struct um_exploration x = {
		.name = s->name, .tasks = 2, .task_name = { "first", "second" },
		.setup = set_up, .run = { first, second }, .check = check, .arg = (void *)s,
		.bound = 1, .preempted = 1, .blocks = true, .only_preemptions = true,
		/* each ends a process */
		.bad = 20, .report = line_out,
	};
	struct um_explored e;
	char line[256];
	long ret = um_explore(&x, &e);

	if (ret == -EOPNOTSUPP)
		return ret;
	if (ret || !e.complete)
		return -ECANCELED;
	host_snprintf(line, sizeof(line),
		      "umdev: %s: complete to 1 preemption of the first task, 2 tasks, %lu schedules",
		      s->name, e.schedules);
	line_out(line, (void *)s);
	return e.schedules;
}
