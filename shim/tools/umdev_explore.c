// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev explore: operations of a subject at once, in every order to a bound.
 *
 * Subjects are programs of the build, tests/explore_SUBJECT, and any parent driver
 * (umdev_explore_driver.c); without a name each of the programs is run in turn.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev_scenarios.h"

#define PREFIX UMDEV_BINARY_DIR "/tests/explore_"

static int run(const char *program, int argc, char **argv)
{
	char **args = calloc(argc + 2, sizeof(*args));
	int status = 0, i;
	pid_t pid;

	if (!args)
		return 2;
	args[0] = (char *)program;
	for (i = 0; i < argc; i++)
		args[i + 1] = argv[i];
	fflush(NULL);
	pid = fork();
	if (!pid) {
		execv(program, args);
		perror(program);
		_exit(2);
	}
	free(args);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static int run_subjects(const glob_t *programs, int argc, char **argv)
{
	int status = 0, one;
	size_t i;

	for (i = 0; i < programs->gl_pathc; i++) {
		one = run(programs->gl_pathv[i], argc, argv);
		/* what could not be done counts less than what was found */
		status = status == 1 || one == 1 ? 1 : one ? one : status;
	}
	return status;
}

int explore_main(int argc, char **argv)
{
	bool named = argc > 1 && argv[1][0] != '-';
	glob_t programs;
	char path[512];
	int status;

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		scenarios_usage();
		return 0;
	}
	setenv("UMDEV_MODULE_DIR", UMDEV_MODULE_DIR, 0);
	snprintf(path, sizeof(path), PREFIX "%s", named ? argv[1] : "");
	if (named && !strchr(argv[1], '/') && !access(path, X_OK))
		return run(path, argc - 2, argv + 2);
	if (named) {
		scenarios_begin(argv - 1);
		return explore_driver(argc - 1, argv + 1);
	}
	if (glob(PREFIX "*", 0, NULL, &programs)) {
		fputs("umdev explore: no subjects are built: cmake --build --preset test\n", stderr);
		return 2;
	}
	status = run_subjects(&programs, argc - 1, argv + 1);
	globfree(&programs);
	return status;
}
