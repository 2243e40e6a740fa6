// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's eventfds. What sort of thing a descriptor is, and which eventfd
 * it belongs to, is read from /proc, as no system call tells.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/memory.h"

static bool is_eventfd(int fd)
{
	char link[64], target[64];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		return false;
	target[len] = '\0';
	return !strcmp(target, "anon_inode:[eventfd]");
}

/* The number in the line of @fd's fdinfo that @format matches. */
static bool fdinfo(int fd, const char *format, u64 *value)
{
	char path[64], line[128];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f))
		found = sscanf(line, format, value) == 1;
	fclose(f);
	return found;
}

int host_eventfd_get(int fd, u64 *id)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (copy < 0) {
		int err = -errno;

		host_limit_met(-err);
		return err;
	}
	if (!is_eventfd(copy)) {
		close(copy);
		return -EINVAL;
	}
	/* Hosts without the line: each descriptor is an object of its own. */
	if (!fdinfo(copy, "eventfd-id: %llu", id))
		*id = ~0ULL;
	return copy;
}

void host_eventfd_close(int fd)
{
	close(fd);
}

static bool has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* A write of more than there is room for would wait. */
u64 host_eventfd_add(int fd, u64 n)
{
	u64 count;

	if (!n || !has_room(fd))
		return 0;
	if (n > 1 && fdinfo(fd, "eventfd-count: %llx", &count) && n > ~1ULL - count)
		n = ~1ULL - count;
	return write(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}
