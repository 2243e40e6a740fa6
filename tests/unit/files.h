/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program does with files of the modelled kernel, and what that says, in a
 * word each: for the test programs that do not use target.h.
 */
#ifndef UMDEV_TESTS_UNIT_FILES_H
#define UMDEV_TESTS_UNIT_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "umdev/umdev.h"

/* Each returns what the system call did, or the error of open(). */

static inline long write_bytes(int fd, const void *bytes, size_t count)
{
	void *user = um_user_alloc(count ? count : 1);
	long ret;

	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), bytes, count);
	ret = um_write(fd, user, count);
	um_user_free(user);
	return ret;
}

static inline long put_bytes(const char *path, const void *bytes, size_t count)
{
	int fd = um_open(path, O_WRONLY);
	long ret;

	if (fd < 0)
		return fd;
	ret = write_bytes(fd, bytes, count);
	um_close(fd);
	return ret;
}

static inline long put(const char *path, const char *text)
{
	return put_bytes(path, text, strlen(text));
}

/* 0, or the error: for operations of which only that counts. */
static inline long put_done(const char *path, const char *text)
{
	long ret = put(path, text);

	return ret < 0 ? ret : 0;
}

/* Ends with a NUL; the longest that a file of sysfs gives is a page. */
static inline long get(const char *path, char *buf, size_t size)
{
	int fd = um_open(path, O_RDONLY);
	void *user;
	long ret;

	buf[0] = '\0';
	if (fd < 0)
		return fd;
	user = um_user_alloc(size);
	ret = user ? um_read(fd, user, size - 1) : -ENOMEM;
	if (ret >= 0) {
		memcpy(buf, um_user_ptr(user), ret);
		buf[ret] = '\0';
	}
	um_user_free(user);
	um_close(fd);
	return ret;
}

/* The text, or what went wrong. */
static inline const char *show(const char *path)
{
	static char text[4097];
	long ret = get(path, text, sizeof(text));

	if (ret < 0)
		snprintf(text, sizeof(text), "error %ld", ret);
	return text;
}

/* The number that a file holds, or a negative errno. */
static inline long get_number(const char *path)
{
	char text[32];
	long ret = get(path, text, sizeof(text));

	return ret > 0 ? atol(text) : ret;
}

static inline bool exists(const char *path)
{
	struct um_stat st;

	return !um_stat(path, &st, false);
}

/* Whether a kernel message since number @seq has the text. */
static inline bool said_since(uint64_t seq, const char *text)
{
	char line[1024];
	int level;

	while (um_kmsg_read(&seq, &level, line, sizeof(line)) > 0)
		if (strstr(line, text))
			return true;
	return false;
}

#endif
