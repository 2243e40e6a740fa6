// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the host grants a process. The shim asks for it at boot and says in one
 * line what to do about it; found out later, it would be an errno of some
 * kernel call that has nothing to do with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "host/host.h"

/* A boot and a module loader at work, with room for a test's own. */
#define DESCRIPTORS	16

static void print_limit(int resource, unsigned long unit, char *buf, size_t size)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY)
		snprintf(buf, size, "no limit");
	else
		snprintf(buf, size, "a limit of %lu", (unsigned long)limit.rlim_cur / unit);
}

int host_check_descriptors(void)
{
	int fd[DESCRIPTORS], n = 0, err = 0;
	char limit[48];

	while (n < DESCRIPTORS && !err) {
		fd[n] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (fd[n] >= 0)
			n++;
		else
			err = errno;
	}
	while (n)
		close(fd[--n]);
	if (err != EMFILE && err != ENFILE)
		return 0;
	print_limit(RLIMIT_NOFILE, 1, limit, sizeof(limit));
	fprintf(stderr, "umdev: fewer than %d file descriptors are free, with %s: 'ulimit -n 1024' helps\n",
		DESCRIPTORS, limit);
	return -err;
}

void host_no_addresses(size_t size)
{
	char limit[48];

	print_limit(RLIMIT_AS, 1 << 30, limit, sizeof(limit));
	fprintf(stderr, "umdev: %zu GB of addresses (not memory) cannot be reserved, with %s: 'ulimit -v unlimited' helps\n",
		(size + (1 << 30) - 1) >> 30, limit);
	host_abort();
}
