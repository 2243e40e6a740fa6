// SPDX-License-Identifier: GPL-2.0-only
/* Output, environment, clocks and the end of the process. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "host/host.h"
#include "host/snapshot.h"
#include "host/sanitizer.h"

/* All of it, or an errno. */
static int write_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		buf += n;
		len -= n;
	}
	return 0;
}

void host_write(int fd, const char *buf, size_t len)
{
	write_all(fd, buf, len);
}

/* A line is there whole or not at all. */
static int append(int fd, const char *buf, size_t len)
{
	off_t end = lseek(fd, 0, SEEK_END);
	int err = write_all(fd, buf, len);

	/* a device cannot be cut, nor is a line torn in it */
	if (err && end >= 0 && ftruncate(fd, end) && errno != EINVAL)
		err = errno;
	return err;
}

void host_append(const char *path, const char *buf, size_t len)
{
	static bool told;
	/* a pipe that nobody reads is told, and not waited for; one that is read takes all of it */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
	int err = fd < 0 || fcntl(fd, F_SETFL, O_APPEND) ? errno : append(fd, buf, len);

	if (fd >= 0)
		close(fd);
	if (!err || told)
		return;
	told = true;
	if (host_limit_met(err))
		return;
	fprintf(stderr, "umdev: %s: %s\n", path, strerror(err));
}

int host_snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}

int host_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	return vsnprintf(buf, size, fmt, ap);
}

void host_sort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	qsort(base, n, size, compare);
}

const char *host_getenv(const char *name)
{
	return getenv(name);
}

/* The sanitizers' runtimes have it. */
void __sanitizer_set_death_callback(void (*fn)(void)) __attribute__((weak));

static bool dies;

bool host_dies(void)
{
	return dies;
}

void host_die_once(void)
{
	dies = true;
	host_sanitizer_death();
}

void host_catch_death(void)
{
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(host_die_once);
}

/* libgcov has it; in a build without counters it is not there. */
void __gcov_dump(void) __attribute__((weak));

void host_keep_counters(void)
{
	if (__gcov_dump)
		__gcov_dump();
}

void host_abort(void)
{
	host_die_once();
	fflush(NULL);
	host_keep_counters();
	abort();
}

static u64 clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (u64)ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

u64 host_monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

u64 host_thread_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static u64 used_by(int whom)
{
	struct rusage r;

	getrusage(whom, &r);
	return (u64)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000000ULL +
	       (u64)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1000;
}

u64 host_used_ns(void)
{
	return used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN);
}

u64 host_realtime_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void host_random(void *buf, size_t len)
{
	char *p = buf;

	/* what a system call cannot write to (host/snapshot.c) a store can */
	memset(buf, 0, len);
	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno != EINTR)
			host_abort();
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
}
