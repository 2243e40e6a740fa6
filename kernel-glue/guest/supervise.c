// SPDX-License-Identifier: GPL-2.0-only
/*
 * supervise SECONDS NAME PROGRAM [ARGUMENT...]: runs a program that may be silent
 * for so long; as long as it says something it gets on. Its output is a serial line,
 * which counts what is sent; where it is not, SECONDS are all there are.
 *
 * At the limit it shows where each thread waits in the kernel, which is what
 * names a lost unlock or a missing wake-up, then kills. A process that waits
 * uninterruptibly survives that; it is left behind and the exit status says
 * so. Exit status: the program's; 124 after the limit; 128 + signal.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <linux/serial.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void show(int pid, const char *tid, const char *file)
{
	char path[128], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", pid, tid, file);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		printf("#   %s: %s%s", file, line, strchr(line, '\n') ? "" : "\n");
	fclose(f);
}

static void show_threads(int pid)
{
	char path[64];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		printf("# thread %s\n", entry->d_name);
		show(pid, entry->d_name, "comm");
		show(pid, entry->d_name, "wchan");
		show(pid, entry->d_name, "stack");
	}
	if (dir)
		closedir(dir);
	fflush(stdout);
}

/* Reaps @pid within @ms; false if it is still there. */
static int reap(int pid, long ms, int *status)
{
	struct timespec limit = { ms / 1000, ms % 1000 * 1000000 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (;;) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return 1;
		if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN)
			return waitpid(pid, status, WNOHANG) == pid;
	}
}

static int sent(void)
{
	struct serial_icounter_struct count;

	return ioctl(STDOUT_FILENO, TIOCGICOUNT, &count) ? 0 : count.tx;
}

/* Reaps @pid; false if it has said nothing for @seconds. */
static int reap_while_it_speaks(int pid, long seconds, int *status)
{
	int before;

	do {
		before = sent();
		if (reap(pid, 1000 * seconds, status))
			return 1;
	} while (sent() != before);
	return 0;
}

int main(int argc, char **argv)
{
	sigset_t set;
	int pid, status;

	if (argc < 4)
		return 2;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (pid < 0)
		return 2;
	if (!pid) {
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	if (!reap_while_it_speaks(pid, atol(argv[1]), &status)) {
		printf("\n@hang %s: silent for %s s; its threads wait here:\n", argv[2], argv[1]);
		show_threads(pid);
		kill(pid, SIGKILL);
		if (!reap(pid, 2000, &status))
			printf("# it cannot be killed: it waits uninterruptibly\n");
		return 124;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
