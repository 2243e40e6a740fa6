// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children of a process that has one thread: on fibers, a fork is a copy of the
 * whole modelled kernel, so one that breaks can be thrown away.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/fiber.h"
#include "host/host.h"
#include "host/signals.h"
#include "host/snapshot.h"
#include "host/process.h"

#define WROTE 65536

static int output = -1;
static const volatile char *looked_at;	/* the same file, as memory */
static char *wrote;

void *host_shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("umdev: no memory to share");
		host_abort();
	}
	return p;
}

void host_unshare(void *p, size_t size)
{
	munmap(p, size);
}

/* Empty, as far as it is looked at: zeroes, which nobody writes first. */
static bool empty_output(void)
{
	return !ftruncate(output, 0) && !ftruncate(output, WROTE);
}

static void keep_output(void)
{
	ssize_t n;

	if (!wrote)
		wrote = host_need(WROTE);
	host_snapshot_will_write(wrote, WROTE);
	n = pread(output, wrote, WROTE - 1, 0);
	wrote[n > 0 ? n : 0] = '\0';
}

int host_child(void (*fn)(void *arg), void *arg)
{
	int status = 0;
	pid_t pid;

	if (output < 0)
		output = memfd_create("umdev-child", MFD_CLOEXEC);
	if (output >= 0 && !looked_at)
		looked_at = mmap(NULL, WROTE, PROT_READ, MAP_SHARED, output, 0);
	if (output < 0 || looked_at == MAP_FAILED || !empty_output()) {
		if (!host_limit_met(errno))
			perror("umdev: no file for what a child writes");
		host_abort();
	}
	host_snapshot_spoil();
	fflush(NULL);
	host_fiber_fork_begins();
	pid = fork();
	host_fiber_fork_ends();
	if (!pid) {
		host_signal_child();
		lseek(output, 0, SEEK_SET);
		dup2(output, 1);
		dup2(output, 2);
		fn(arg);
		fflush(NULL);
		host_keep_counters();
		/* TSan would wait for them */
		host_fiber_fork_begins();
		_exit(0);
	}
	if (pid < 0) {
		perror("umdev: fork");
		host_abort();
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	keep_output();
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void host_child_forget(void)
{
	fflush(NULL);
	/* most have written nothing, which takes no call to see */
	if (*looked_at && empty_output())
		lseek(1, 0, SEEK_SET);
}

const char *host_child_wrote(void)
{
	return wrote ? wrote : "";
}
