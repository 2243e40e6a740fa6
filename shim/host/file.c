// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading files of the host, for the module loader: modules.dep and its like.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "host/module.h"

s64 host_file_read(const char *path, char **buf)
{
	ssize_t got;
	s64 size, len = 0;
	int fd, err;
	char *p;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* no stat(): its header leads to the modelled kernel's linux/stat.h */
	err = -EINVAL;
	size = lseek(fd, 0, SEEK_END);
	if (size < 0 || lseek(fd, 0, SEEK_SET))
		goto close_file;
	err = -ENOMEM;
	p = host_alloc(size + 1);
	if (!p)
		goto close_file;
	while (len < size) {
		got = read(fd, p + len, size - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err = -errno;
			goto free_buffer;
		}
		if (!got)
			break;
		len += got;
	}
	p[len] = '\0';
	close(fd);
	*buf = p;
	return len;

free_buffer:
	host_free(p);
close_file:
	close(fd);
	return err;
}

bool host_file_exists(const char *path)
{
	return !access(path, R_OK);
}
