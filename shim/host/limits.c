// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of the process. Where one of them is why something cannot be had, that
 * is said in one line, once, with what to do about it: the error alone, from deep
 * below, tells nobody.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "host/host.h"

/* What a process needs that loads a module or two, and nothing else. */
#define FILES_NEEDED	16
/* and what its first task's stack must have, with a sanitizer's room in each frame */
#define STACK_NEEDED	(512UL << 10)

static void tell(const char *fmt, unsigned long have)
{
	static atomic_bool told;

	if (!atomic_exchange(&told, true))
		fprintf(stderr, fmt, have);
}

static rlim_t limit_of(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) ? RLIM_INFINITY : limit.rlim_cur;
}

bool host_limit_met(int err)
{
	rlim_t addresses = limit_of(RLIMIT_AS), data = limit_of(RLIMIT_DATA);

	if (err == EMFILE) {
		tell("umdev: only %lu files may be open at once: allow more, such as 'ulimit -n 1024'\n",
		     limit_of(RLIMIT_NOFILE));
		return true;
	}
	if (err == ENOMEM && addresses != RLIM_INFINITY) {
		tell("umdev: only %lu MiB of addresses may be used, and far more are set aside than are filled: allow them, 'ulimit -v unlimited'\n",
		     (unsigned long)(addresses >> 20));
		return true;
	}
	if (err == ENOMEM && data != RLIM_INFINITY) {
		tell("umdev: only %lu MiB of data may be had: allow more, 'ulimit -d unlimited'\n",
		     (unsigned long)(data >> 20));
		return true;
	}
	return false;
}

int host_limits_check(unsigned long space)
{
	void *p;

	if (limit_of(RLIMIT_NOFILE) < FILES_NEEDED) {
		host_limit_met(EMFILE);
		return -EMFILE;
	}
	if (limit_of(RLIMIT_STACK) < STACK_NEEDED) {
		tell("umdev: only %lu KiB of stack may be used: allow more, such as 'ulimit -s 8192'\n",
		     limit_of(RLIMIT_STACK) >> 10);
		return -ENOMEM;
	}
	p = mmap(NULL, space, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED) {
		int err = errno;

		if (!host_limit_met(err))
			perror("umdev: no room for the memory of the modelled kernel");
		return -err;
	}
	munmap(p, space);
	return 0;
}
