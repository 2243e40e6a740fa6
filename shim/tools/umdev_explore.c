// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev explore: operations of a subject at once, in every order to a bound.
 *
 * Subjects are programs of the build, tests/explore_SUBJECT; without a name each
 * of them is run in turn. The options are theirs.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "umdev.h"

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
		setenv("UMDEV_MODULE_DIR", UMDEV_MODULE_DIR, 0);
		execv(program, args);
		perror(program);
		_exit(2);
	}
	free(args);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static void list_subjects(const glob_t *programs)
{
	size_t i;

	for (i = 0; i < programs->gl_pathc; i++)
		fprintf(stderr, " %s", programs->gl_pathv[i] + sizeof(PREFIX) - 1);
	fputc('\n', stderr);
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
	glob_t programs;
	char path[512];
	int status;

	if (glob(PREFIX "*", 0, NULL, &programs)) {
		fputs("umdev explore: no subjects are built: cmake --build --preset test\n", stderr);
		return 2;
	}
	if (argc < 2 || argv[1][0] == '-') {
		status = argc > 1 && !strcmp(argv[1], "--help") ?
			 run(programs.gl_pathv[0], 1, argv + 1) :
			 run_subjects(&programs, argc - 1, argv + 1);
		globfree(&programs);
		return status;
	}
	snprintf(path, sizeof(path), PREFIX "%s", argv[1]);
	if (strchr(argv[1], '/') || access(path, X_OK)) {
		fprintf(stderr, "umdev explore: what is '%s'? Subjects:", argv[1]);
		list_subjects(&programs);
		globfree(&programs);
		return 2;
	}
	globfree(&programs);
	return run(path, argc - 2, argv + 2);
}
