/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs of tests of what is active: the program has a table of cases, of which each
 * is told in a child, alone or with others, and its clean twin is not. Whatever was
 * told, the child comes to an end.
 */
#ifndef UMDEV_TESTS_UNIT_ACTIVE_RUN_H
#define UMDEV_TESTS_UNIT_ACTIVE_RUN_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "active.h"
#include "child.h"

enum after {
	GOES_ON,	/* so that others can follow in the same process */
	ALONE,		/* it does, and something of it stays */
	ENDS,		/* or does not: a task waits in the memory that went */
};

struct fault {
	const char *name, *told;
	enum after after;
};

/* What another task does that waits meanwhile; of a clean case it has ended. */
struct waiter {
	const char *name;	/* of the case; NULL behind the last one */
	long (*fn)(void *unused);
};

static const struct fault *faults;
static size_t n_faults;
static const struct waiter *waiters;

static void run_case(const char *name, bool clean)
{
	bool mutex = !strcmp(name, "mutex");
	struct um_task *task;
	size_t i;

	k_run_case("make", 0);
	if (mutex)
		k_run_case("hold", 0);
	for (i = 0; waiters[i].name; i++) {
		if (strcmp(waiters[i].name, name))
			continue;
		task = um_task_start("waiter", waiters[i].fn, NULL);
		um_task_wait_blocked(task);
		if (clean) {
			k_run_case(mutex ? "unhold" : "let go", 0);
			um_task_join(task);
		}
	}
	k_run_case(name, clean);
}

static void is_told(size_t i, const char *text, int status)
{
	char on[64];

	snprintf(on, sizeof(on), "%s went on", faults[i].name);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		print_error("%s did not come to an end\n", faults[i].name);
	else if (strstr(text, faults[i].told) && (faults[i].after == ENDS || strstr(text, on)))
		return;
	print_error("%s: no '%s', or it did not go on:\n%s\n", faults[i].name, faults[i].told,
		    text);
	fail();
}

/* Of what all that go on have printed, that of one. */
static void is_told_among(size_t i, char *text, int status)
{
	char name[64], *begin, *end;

	snprintf(name, sizeof(name), "case %s\n", faults[i].name);
	begin = strstr(text, name);
	assert_non_null(begin);
	end = strstr(begin + 1, "\ncase ");
	if (end)
		*end = '\0';
	is_told(i, begin, status);
	if (end)
		*end = '\n';
}

/* When it was told, the program goes on unless it cannot, and comes to its end. */
static void faults_are_told(void **state)
{
	static char text[1 << 20];
	int status = run_child("together", text, sizeof(text));
	size_t i;

	for (i = 0; i < n_faults; i++)
		if (faults[i].after == GOES_ON)
			is_told_among(i, text, status);
	for (i = 0; i < n_faults; i++) {
		if (faults[i].after == GOES_ON)
			continue;
		status = run_child(faults[i].name, text, sizeof(text));
		is_told(i, text, status);
	}
}

static void clean_twins_are_not(void **state)
{
	size_t i;

	for (i = 0; i < n_faults; i++)
		run_case(faults[i].name, true);
	um_late_flush();
	assert_int_equal(um_check_splats(), 0);
}

static void run_fault(const char *name)
{
	fprintf(stderr, "case %s\n", name);
	run_case(name, false);
	k_run_case("go on", 0);
	fprintf(stderr, "%s went on\n", name);
}

static int child_main(const char *name)
{
	size_t i;

	if (um_boot(NULL))
		return 1;
	um_console_level(7);
	/* what runs in circles does not end by itself */
	end_in_time(60);
	for (i = 0; i < n_faults; i++)
		if (faults[i].after == GOES_ON && !strcmp(name, "together"))
			run_fault(faults[i].name);
	if (strcmp(name, "together"))
		run_fault(name);
	_exit(0);
}

/* @tests: the two above */
static inline int run_faults(int argc, char **argv, const char *program,
			     const struct CMUnitTest tests[2], const struct fault *all, size_t n,
			     const struct waiter *tasks)
{
	faults = all;
	n_faults = n;
	waiters = tasks;
	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (um_boot(NULL))
		return 1;
	if (_cmocka_run_group_tests(program, tests, 2, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}

#endif
