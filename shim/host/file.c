// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading files of the host, for the module loader: modules.dep and its like.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/module.h"
#include "host/snapshot.h"

/* A read of 0 is the end, whatever the file's size says: a pipe or a file of /proc has none. */
static s64 read_all(int fd, char **buf)
{
	size_t room = 4096, len = 0;
	char *p = NULL, *more;
	ssize_t got;

	for (;; room *= 2) {
		more = host_realloc(p, room + 1);
		if (!more)
			break;
		p = more;
		host_snapshot_will_write(p + len, room - len);
		do {
			got = read(fd, p + len, room - len);
			len += got > 0 ? got : 0;
		} while (got > 0 || (got < 0 && errno == EINTR));
		if (got < 0)
			break;
		if (len < room) {
			p[len] = '\0';
			*buf = p;
			return len;
		}
	}
	host_free(p);
	return -errno;
}

s64 host_file_read(const char *path, char **buf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	s64 len;

	if (fd < 0) {
		int err = -errno;

		host_limit_met(-err);
		return err;
	}
	len = read_all(fd, buf);
	close(fd);
	return len;
}
