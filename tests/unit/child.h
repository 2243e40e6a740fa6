/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Some things end the process, as they must: a deadlock, a BUG, a race under
 * TSan. Such a scenario runs in a child, its test reads what it printed. The
 * child is the same program started anew (TSan cannot follow a fork of a
 * process with threads): its main() must look for "--child" NAME.
 */
#ifndef UMDEV_TESTS_UNIT_CHILD_H
#define UMDEV_TESTS_UNIT_CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs scenario @name. Returns the wait status; @text gets what went to standard error. */
static inline int run_child(const char *name, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;
	int fds[2], status;
	pid_t pid;

	fflush(NULL);
	if (pipe(fds))
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (!pid) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		execl("/proc/self/exe", "child", "--child", name, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while (used + 1 < size && (n = read(fds[0], text + used, size - 1 - used)) > 0)
		used += n;
	text[used] = '\0';
	close(fds[0]);
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* What runs in circles ends: by SIGXCPU, however busy the machine is. */
static inline void end_in_time(unsigned int seconds)
{
	setrlimit(RLIMIT_CPU, &(struct rlimit){ .rlim_cur = seconds, .rlim_max = 2 * seconds });
}

/* Scenario @name prints @line there. */
static inline void told_by_a_child(const char *name, const char *line)
{
	static char text[65536];

	run_child(name, text, sizeof(text));
	if (!strstr(text, line)) {
		print_error("no '%s' in:\n%s\n", line, text);
		fail();
	}
}

#endif
