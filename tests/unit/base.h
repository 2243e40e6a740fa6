/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What user space does with files in sysfs, and what the kernel says, in a word
 * each: for the programs about the driver core.
 */
#ifndef UMDEV_TESTS_UNIT_BASE_H
#define UMDEV_TESTS_UNIT_BASE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "umdev/umdev.h"

static inline ssize_t store(const char *path, const char *text)
{
	size_t len = strlen(text);
	void *user;
	ssize_t ret;
	int fd;

	fd = um_open(path, O_WRONLY);
	if (fd < 0)
		return fd;
	user = um_user_alloc(len);
	memcpy(um_user_ptr(user), text, len);
	ret = um_write(fd, user, len);
	um_user_free(user);
	um_close(fd);
	return ret;
}

static inline const char *show(const char *path)
{
	static char text[4097];
	void *user;
	ssize_t ret;
	int fd;

	fd = um_open(path, O_RDONLY);
	if (fd < 0) {
		snprintf(text, sizeof(text), "open: %d", fd);
		return text;
	}
	user = um_user_alloc(4096);
	ret = um_read(fd, user, 4096);
	if (ret < 0)
		snprintf(text, sizeof(text), "read: %zd", ret);
	else
		snprintf(text, sizeof(text), "%.*s", (int)ret,
			 (char *)um_user_ptr(user));
	um_user_free(user);
	um_close(fd);
	return text;
}

static inline bool exists(const char *path)
{
	struct um_stat st;

	return um_stat(path, &st, false) == 0;
}

static inline bool said_since(uint64_t seq, const char *text)
{
	char buf[1024];
	int level;

	while (um_kmsg_read(&seq, &level, buf, sizeof(buf)) > 0)
		if (strstr(buf, text))
			return true;
	return false;
}

#endif
