// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks that are in the code of a module which goes: those that wait there, and
 * those that run, as threads and as fibers.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "points.h"

static int setup(void **state)
{
	um_audit_mark();
	return 0;
}

static long read_it(void *fd)
{
	char *buf = um_user_alloc(8);
	long ret = um_read((long)fd, buf, 8);

	um_user_free(buf);
	return ret;
}

static struct um_task *open_and_read(int *fd)
{
	*fd = um_open("/dev/mod_late", O_RDONLY);
	return um_task_start("reader", read_it, (void *)(long)*fd);
}

static struct um_task *start_reader(int *fd)
{
	struct um_task *task = open_and_read(fd);

	um_task_wait_blocked(task);
	return task;
}

static void tasks_in_its_code_are_told(void **state)
{
	told_by_a_child("file", "module mod_late is unloaded and task reader is in late_read "
				"(tests/modules/mod_late.c:");
}

static void tasks_that_run_in_its_code_are_told(void **state)
{
	told_by_a_child("spin", "module mod_late is unloaded and task reader runs in late_spin "
				"(tests/modules/mod_late.c:");
	told_by_a_child("thread", "module mod_late is unloaded and task late_thread runs in late_thread "
				  "(tests/modules/mod_late.c:");
	/* the same on fibers */
	setenv("UMDEV_TASKS", "fibers", 1);
	told_by_a_child("thread", "module mod_late is unloaded and task late_thread runs in late_thread "
				  "(tests/modules/mod_late.c:");
	unsetenv("UMDEV_TASKS");
}

/* One that is stopped, and one that runs in another module's code. */
static void tasks_that_run_elsewhere_are_not(void **state)
{
	assert_int_equal(um_insmod("mod_late", "what=thread clean=1"), 0);
	assert_int_equal(um_rmmod("mod_late"), 0);
	assert_int_equal(um_insmod("mod_late", "what=thread clean=1"), 0);
	assert_int_equal(um_insmod("mod_empty", NULL), 0);
	assert_int_equal(um_rmmod("mod_empty"), 0);
	assert_int_equal(um_rmmod("mod_late"), 0);
}

/* One that names its owner is not unloaded then, and has nobody in it afterwards. */
static void module_of_an_open_file_stays(void **state)
{
	struct um_task *task;
	int fd;

	assert_int_equal(um_insmod("mod_late", "what=file clean=1"), 0);
	task = start_reader(&fd);
	assert_int_equal(um_rmmod("mod_late"), -EWOULDBLOCK);
	um_task_interrupt(task);
	um_task_join(task);
	um_close(fd);
	assert_int_equal(um_rmmod("mod_late"), 0);
}

/* Where a task is in it the module is none any more: the end of a process. */
static int child_main(const char *what)
{
	char params[64];
	int fd;

	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	snprintf(params, sizeof(params), "what=%s", what);
	um_insmod("mod_late", params);
	if (!strcmp(what, "file"))
		start_reader(&fd);
	if (!strcmp(what, "spin"))
		open_and_read(&fd);
	um_rmmod("mod_late");
	_exit(0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		POINTS_TEST(tasks_in_its_code_are_told),
		POINTS_TEST(tasks_that_run_in_its_code_are_told),
		POINTS_TEST(tasks_that_run_elsewhere_are_not),
		POINTS_TEST(module_of_an_open_file_stays),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	return run_points("unload_tasks", tests);
}
