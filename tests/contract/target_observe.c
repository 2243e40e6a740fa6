// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes down what a test program sees, for the comparison of the targets:
 * the result of each call of target.h, file contents, uevents and messages.
 *
 * Linked into the test programs of both targets with the linker's --wrap (the
 * list is in target_observe.opts), so that neither the tests nor the targets
 * know of it. Without UMDEV_OBSERVE in the environment every call goes
 * straight through. With it, its value names the file that lines are added
 * to: "test<TAB>task<TAB>call<TAB>result". What two runs of one kernel may
 * disagree on - descriptors, addresses, group numbers, sequence numbers - is
 * left out here; what is left must be the same on both targets.
 *
 * Also names the running test to whoever reads the output of a guest that
 * crashes ("@test"), and takes UMDEV_FILTER (see filter.h).
 */
#include <ctype.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "../filter.h"
#include "target_common.h"

#define DATA_MAX 1024

static struct {
	pthread_mutex_t lock;
	FILE *file;
	const char *test;
	bool race;		/* what is seen is the scheduler's from here on */
} log_ = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Tasks of t_put_start() begin inside target_common.c, unnoticed here. */
static const char *whose(void)
{
	const struct t_own *own = t_own();

	if (own->name)
		return own->name;
	return own->task ? "put" : "main";
}

static void observe(const char *result, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void observe(const char *result, const char *fmt, ...)
{
	va_list ap;

	if (!log_.file || !log_.test || log_.race || t_own()->quiet)
		return;
	pthread_mutex_lock(&log_.lock);
	fprintf(log_.file, "%s\t%s\t", log_.test, whose());
	va_start(ap, fmt);
	vfprintf(log_.file, fmt, ap);
	va_end(ap);
	fprintf(log_.file, "\t%s\n", result);
	fflush(log_.file);
	pthread_mutex_unlock(&log_.lock);
}

/* A child has no other thread, so nobody would give back what one of them held. */
static void hold_log(void)
{
	pthread_mutex_lock(&log_.lock);
}

static void let_log_go(void)
{
	pthread_mutex_unlock(&log_.lock);
}

__attribute__((constructor)) static void keep_log_over_forks(void)
{
	pthread_atfork(hold_log, let_log_go, let_log_go);
}

/* Descriptors that were given out: a test may write one as a number. */
#define FDS 64
static struct {
	long value[FDS];
	unsigned int n;
} fds;

static void remember_fd(long fd)
{
	pthread_mutex_lock(&log_.lock);
	fds.value[fds.n++ % FDS] = fd;
	pthread_mutex_unlock(&log_.lock);
}

static bool is_fd_text(const char *text, size_t count)
{
	char copy[16], *end;
	unsigned int i;
	long value;

	if (!count || count >= sizeof(copy))
		return false;
	memcpy(copy, text, count);
	copy[count] = '\0';
	value = strtol(copy, &end, 10);
	if (*end || value < 3)
		return false;
	for (i = 0; i < FDS && i < fds.n; i++)
		if (fds.value[i] == value)
			return true;
	return false;
}

/* "fd", "0", "36" or "-EINVAL" */
static const char *number(long value, bool is_fd)
{
	char *buf = t_own()->number;
	size_t size = sizeof(t_own()->number);

	if (is_fd && value > 2)
		remember_fd(value);
	if (value < 0 && value > -4096 && strerrorname_np(-value))
		snprintf(buf, size, "-%s", strerrorname_np(-value));
	else if (is_fd && value >= 0)
		return "fd";
	else
		snprintf(buf, size, "%ld", value);
	return buf;
}

/* Bytes as a C string would have them, cut to what a line should hold. */
static const char *data(const void *bytes, ssize_t count)
{
	char *buf = t_own()->data;
	const unsigned char *p = bytes;
	size_t len = 0;
	ssize_t i;

	for (i = 0; bytes && i < count && i < DATA_MAX; i++) {
		if (p[i] == '\n')
			len += sprintf(buf + len, "\\n");
		else if (p[i] == '\\' || !isprint(p[i]))
			len += sprintf(buf + len, "\\%03o", p[i]);
		else
			buf[len++] = p[i];
	}
	buf[len] = '\0';
	return buf;
}

/* ---- the frame ---------------------------------------------------------------- */

int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown);
int __real_t_setup(void **state);
int __wrap_t_setup(void **state);
int __real_t_teardown(void **state);
int __wrap_t_teardown(void **state);

/* The tests that run, one after the other. */
static struct {
	const struct CMUnitTest *test;
	size_t n, next;
} wanted;

int __wrap__cmocka_run_group_tests(const char *group, const struct CMUnitTest *tests, size_t n,
				   CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct CMUnitTest *copy = calloc(n ? n : 1, sizeof(*copy));
	const char *path = getenv("UMDEV_OBSERVE");
	size_t i;
	int ret;

	if (!copy)
		abort();
	wanted.test = copy;
	wanted.n = wanted.next = 0;
	for (i = 0; i < n; i++) {
		if (!filter_has(tests[i].name))
			continue;
		copy[wanted.n++] = tests[i];
	}
	if (path && *path)
		log_.file = fopen(path, "ae");
	ret = run_group(group, copy, wanted.n, setup, teardown);
	if (log_.file)
		fclose(log_.file);
	log_.file = NULL;
	wanted.n = 0;
	free(copy);
	return ret;
}

int __wrap_t_setup(void **state)
{
	const char *name = wanted.next < wanted.n ? wanted.test[wanted.next++].name : NULL;
	int ret;

	if (getenv("UMDEV_GUEST")) {
		/* out on the line before the test can crash the kernel */
		printf("@test %s\n", name ? name : "?");
		fflush(stdout);
		tcdrain(STDOUT_FILENO);
	}
	t_own()->quiet++;
	if (name)
		setenv("UMDEV_TEST", name, 1);	/* for reports: shim/check/report.h */
	ret = __real_t_setup(state);
	t_own()->quiet--;
	log_.race = false;
	log_.test = name;
	return ret;
}

int __wrap_t_teardown(void **state)
{
	int ret;

	log_.test = NULL;
	t_own()->quiet++;
	ret = __real_t_teardown(state);
	t_own()->quiet--;
	return ret;
}

/* ---- tasks ----------------------------------------------------------------------- */

struct start {
	char name[64];
	long (*fn)(void *arg);
	void *arg;
};

struct t_task *__real_t_task_start(const char *name, long (*fn)(void *arg), void *arg);
struct t_task *__wrap_t_task_start(const char *name, long (*fn)(void *arg), void *arg);
bool __real_t_task_wait_blocked(struct t_task *task);
bool __wrap_t_task_wait_blocked(struct t_task *task);
long __real_t_task_join(struct t_task *task);
long __wrap_t_task_join(struct t_task *task);

static long start_main(void *arg)
{
	struct start start = *(struct start *)arg;
	long ret;

	free(arg);
	t_own()->name = start.name;
	ret = start.fn(start.arg);
	t_own()->name = NULL;
	return ret;
}

struct t_task *__wrap_t_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	struct start *start = malloc(sizeof(*start));

	if (!start)
		abort();
	snprintf(start->name, sizeof(start->name), "%s", name);
	start->fn = fn;
	start->arg = arg;
	return __real_t_task_start(name, start_main, start);
}

struct t_task *__real_t_race_start(const char *name, long (*fn)(void *arg), void *arg);
struct t_task *__wrap_t_race_start(const char *name, long (*fn)(void *arg), void *arg);

struct t_task *__wrap_t_race_start(const char *name, long (*fn)(void *arg), void *arg)
{
	observe("begins", "race");
	log_.race = true;
	return __real_t_race_start(name, fn, arg);
}

bool __wrap_t_task_wait_blocked(struct t_task *task)
{
	bool ret;

	t_own()->quiet++;
	ret = __real_t_task_wait_blocked(task);
	t_own()->quiet--;
	observe(ret ? "blocked" : "ended", "wait_blocked");
	return ret;
}

long __wrap_t_task_join(struct t_task *task)
{
	long ret = __real_t_task_join(task);

	observe(number(ret, false), "join");
	return ret;
}

/* ---- system calls ------------------------------------------------------------------ */

int __real_t_open(const char *path, int flags);
int __wrap_t_open(const char *path, int flags);
ssize_t __real_t_read(int fd, void *buf, size_t count);
ssize_t __wrap_t_read(int fd, void *buf, size_t count);
ssize_t __real_t_write(int fd, const void *buf, size_t count);
ssize_t __wrap_t_write(int fd, const void *buf, size_t count);
ssize_t __real_t_pread(int fd, void *buf, size_t count, int64_t pos);
ssize_t __wrap_t_pread(int fd, void *buf, size_t count, int64_t pos);
ssize_t __real_t_pwrite(int fd, const void *buf, size_t count, int64_t pos);
ssize_t __wrap_t_pwrite(int fd, const void *buf, size_t count, int64_t pos);
int64_t __real_t_lseek(int fd, int64_t pos, int whence);
int64_t __wrap_t_lseek(int fd, int64_t pos, int whence);
long __real_t_ioctl(int fd, unsigned long cmd, void *arg, size_t size);
long __wrap_t_ioctl(int fd, unsigned long cmd, void *arg, size_t size);
long __real_t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg);
long __wrap_t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg);
void *__real_t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err);
void *__wrap_t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err);
int __real_t_poll(int fd, short events, int timeout_ms);
int __wrap_t_poll(int fd, short events, int timeout_ms);
int __real_t_stat(const char *path, struct t_stat *st);
int __wrap_t_stat(const char *path, struct t_stat *st);
int __real_t_lstat(const char *path, struct t_stat *st);
int __wrap_t_lstat(const char *path, struct t_stat *st);
int __real_t_fstat(int fd, struct t_stat *st);
int __wrap_t_fstat(int fd, struct t_stat *st);
ssize_t __real_t_readlink(const char *path, char *buf, size_t size);
ssize_t __wrap_t_readlink(const char *path, char *buf, size_t size);
ssize_t __real_t_list(const char *path, char *buf, size_t size);
ssize_t __wrap_t_list(const char *path, char *buf, size_t size);
ssize_t __real_t_read_raw(int fd, unsigned long addr, size_t count);
ssize_t __wrap_t_read_raw(int fd, unsigned long addr, size_t count);
ssize_t __real_t_write_raw(int fd, unsigned long addr, size_t count);
ssize_t __wrap_t_write_raw(int fd, unsigned long addr, size_t count);
int __real_t_eventfd(void);
int __wrap_t_eventfd(void);
uint64_t __real_t_eventfd_take(int fd);
uint64_t __wrap_t_eventfd_take(int fd);

int __wrap_t_open(const char *path, int flags)
{
	int ret = __real_t_open(path, flags);

	observe(number(ret, true), "open %s %#x", path, flags);
	return ret;
}

static void observe_in(const char *call, const void *buf, size_t count, int64_t pos, ssize_t ret)
{
	char result[DATA_MAX * 4 + 64];

	snprintf(result, sizeof(result), "%s \"%s\"", number(ret, false), data(buf, ret));
	if (pos < 0)
		observe(result, "%s %zu", call, count);
	else
		observe(result, "%s %zu at %lld", call, count, (long long)pos);
}

ssize_t __wrap_t_read(int fd, void *buf, size_t count)
{
	ssize_t ret = __real_t_read(fd, buf, count);

	observe_in("read", buf, count, -1, ret);
	return ret;
}

ssize_t __wrap_t_pread(int fd, void *buf, size_t count, int64_t pos)
{
	ssize_t ret = __real_t_pread(fd, buf, count, pos);

	observe_in("pread", buf, count, pos, ret);
	return ret;
}

ssize_t __wrap_t_write(int fd, const void *buf, size_t count)
{
	ssize_t ret = __real_t_write(fd, buf, count);

	if (is_fd_text(buf, count)) {
		observe(ret == (ssize_t)count ? "all" : number(ret, false), "write fd");
		return ret;
	}
	observe(number(ret, false), "write %zu \"%s\"", count, data(buf, ret < 0 ? (ssize_t)count : ret));
	return ret;
}

ssize_t __wrap_t_pwrite(int fd, const void *buf, size_t count, int64_t pos)
{
	ssize_t ret = __real_t_pwrite(fd, buf, count, pos);

	observe(number(ret, false), "pwrite %zu \"%s\" at %lld", count,
		data(buf, ret < 0 ? (ssize_t)count : ret),
		(long long)pos);
	return ret;
}

int64_t __wrap_t_lseek(int fd, int64_t pos, int whence)
{
	int64_t ret = __real_t_lseek(fd, pos, whence);

	observe(number(ret, false), "lseek %lld %d", (long long)pos, whence);
	return ret;
}

/* VFIO_GROUP_GET_DEVICE_FD and VFIO_DEVICE_GET_GFX_DMABUF */
static bool gives_fd(unsigned long cmd)
{
	return cmd == _IO(';', 106) || cmd == _IO(';', 115);
}

/* Descriptors and addresses lie in the argument of many: only the result counts. */
long __wrap_t_ioctl(int fd, unsigned long cmd, void *arg, size_t size)
{
	long ret = __real_t_ioctl(fd, cmd, arg, size);

	observe(number(ret, gives_fd(cmd)), "ioctl %#lx", cmd);
	return ret;
}

long __wrap_t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg)
{
	long ret = __real_t_ioctl_raw(fd, cmd, arg);

	observe(number(ret, gives_fd(cmd)), "ioctl_raw %#lx", cmd);
	return ret;
}

void *__wrap_t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err)
{
	void *ret = __real_t_mmap(length, prot, flags, fd, offset, err);

	observe(number(*err, false), "mmap %zu %d %#x at %#llx", length, prot, flags,
		(long long)offset);
	return ret;
}

int __wrap_t_poll(int fd, short events, int timeout_ms)
{
	int ret = __real_t_poll(fd, events, timeout_ms);

	observe(number(ret, false), "poll %#x", events);
	return ret;
}

int __real_t_epoll_create(void);
int __wrap_t_epoll_create(void);
int __real_t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data);
int __wrap_t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data);
int __real_t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms);
int __wrap_t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms);
long __real_t_fork(long (*fn)(void *arg), void *arg);
long __wrap_t_fork(long (*fn)(void *arg), void *arg);

int __wrap_t_epoll_create(void)
{
	int ret = __real_t_epoll_create();

	observe(number(ret, true), "epoll_create");
	return ret;
}

int __wrap_t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data)
{
	int ret = __real_t_epoll_ctl(epfd, op, fd, events, data);

	observe(number(ret, false), "epoll_ctl %d %#x", op, events);
	return ret;
}

int __wrap_t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms)
{
	int ret = __real_t_epoll_wait(epfd, events, max, timeout_ms), i;
	char text[256];
	size_t len;

	len = snprintf(text, sizeof(text), "%s", number(ret, false));
	for (i = 0; i < ret && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, " %u:%#x", events[i].data,
				events[i].events);
	observe(text, "epoll_wait %d", max);
	return ret;
}

long __wrap_t_fork(long (*fn)(void *arg), void *arg)
{
	long ret = __real_t_fork(fn, arg);

	observe(number(ret, false), "fork");
	return ret;
}

static void observe_stat(const char *call, const char *path, int ret, const struct t_stat *st)
{
	char result[128];

	if (ret)
		observe(number(ret, false), "%s %s", call, path);
	else if (snprintf(result, sizeof(result), "mode %o size %llu%s", st->mode,
			  (st->mode & S_IFMT) == S_IFREG ? st->size : 0,
			  st->rdev ? " device" : "") > 0)
		observe(result, "%s %s", call, path);
}

int __wrap_t_stat(const char *path, struct t_stat *st)
{
	int ret = __real_t_stat(path, st);

	observe_stat("stat", path, ret, st);
	return ret;
}

int __wrap_t_lstat(const char *path, struct t_stat *st)
{
	int ret = __real_t_lstat(path, st);

	observe_stat("lstat", path, ret, st);
	return ret;
}

int __wrap_t_fstat(int fd, struct t_stat *st)
{
	int ret = __real_t_fstat(fd, st);

	observe_stat("fstat", "", ret, st);
	return ret;
}

bool __real_t_has_line(const char *path, const char *line);
bool __wrap_t_has_line(const char *path, const char *line);

bool __wrap_t_has_line(const char *path, const char *line)
{
	bool ret = __real_t_has_line(path, line);

	observe(ret ? "yes" : "no", "has_line %s \"%s\"", path, data(line, strlen(line)));
	return ret;
}

static void observe_text(const char *call, const char *path, ssize_t ret, const char *text)
{
	if (ret < 0)
		observe(number(ret, false), "%s %s", call, path);
	else
		observe(text, "%s %s", call, path);
}

ssize_t __wrap_t_readlink(const char *path, char *buf, size_t size)
{
	ssize_t ret = __real_t_readlink(path, buf, size);

	observe_text("readlink", path, ret, buf);
	return ret;
}

ssize_t __wrap_t_list(const char *path, char *buf, size_t size)
{
	ssize_t ret;

	t_own()->quiet++;
	ret = __real_t_list(path, buf, size);
	t_own()->quiet--;
	observe_text("list", path, ret, buf);
	return ret;
}

ssize_t __wrap_t_read_raw(int fd, unsigned long addr, size_t count)
{
	ssize_t ret = __real_t_read_raw(fd, addr, count);

	observe(number(ret, false), "read_raw %zu", count);
	return ret;
}

ssize_t __wrap_t_write_raw(int fd, unsigned long addr, size_t count)
{
	ssize_t ret = __real_t_write_raw(fd, addr, count);

	observe(number(ret, false), "write_raw %zu", count);
	return ret;
}

int __wrap_t_eventfd(void)
{
	int ret = __real_t_eventfd();

	observe(number(ret, true), "eventfd");
	return ret;
}

uint64_t __wrap_t_eventfd_take(int fd)
{
	uint64_t ret = __real_t_eventfd_take(fd);

	observe(number(ret, false), "eventfd_take");
	return ret;
}

/* ---- making, taking away, and changing: only the result is seen ----------------------- */

int __real_t_mkdir(const char *path);
int __wrap_t_mkdir(const char *path);
int __real_t_rmdir(const char *path);
int __wrap_t_rmdir(const char *path);
int __real_t_unlink(const char *path);
int __wrap_t_unlink(const char *path);
int __real_t_rename(const char *old_path, const char *new_path);
int __wrap_t_rename(const char *old_path, const char *new_path);
int __real_t_chmod(const char *path, unsigned int mode);
int __wrap_t_chmod(const char *path, unsigned int mode);
int __real_t_truncate(const char *path, int64_t length);
int __wrap_t_truncate(const char *path, int64_t length);
int __real_t_ftruncate(int fd, int64_t length);
int __wrap_t_ftruncate(int fd, int64_t length);
int __real_t_dup(int fd);
int __wrap_t_dup(int fd);
int __real_t_access(const char *path, int mode);
int __wrap_t_access(const char *path, int mode);
long __real_t_fcntl(int fd, int cmd, unsigned long arg);
long __wrap_t_fcntl(int fd, int cmd, unsigned long arg);
ssize_t __real_t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count);
ssize_t __wrap_t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count);
ssize_t __real_t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos,
				 size_t len, unsigned int flags);
ssize_t __wrap_t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos,
				 size_t len, unsigned int flags);
ssize_t __real_t_splice(int in_fd, int out_fd, size_t len, unsigned int flags);
ssize_t __wrap_t_splice(int in_fd, int out_fd, size_t len, unsigned int flags);
ssize_t __real_t_tee(int in_fd, int out_fd, size_t len, unsigned int flags);
ssize_t __wrap_t_tee(int in_fd, int out_fd, size_t len, unsigned int flags);
int __real_t_flock(int fd, int op);
int __wrap_t_flock(int fd, int op);
int __real_t_name_to_handle(const char *path, int flags);
int __wrap_t_name_to_handle(const char *path, int flags);
ssize_t __real_t_getxattr(const char *path, const char *name, void *value, size_t size);
ssize_t __wrap_t_getxattr(const char *path, const char *name, void *value, size_t size);
ssize_t __real_t_listxattr(const char *path, char *list, size_t size);
ssize_t __wrap_t_listxattr(const char *path, char *list, size_t size);
int __real_t_setxattr(const char *path, const char *name, const void *value, size_t size,
		      int flags);
int __wrap_t_setxattr(const char *path, const char *name, const void *value, size_t size,
		      int flags);
int __real_t_removexattr(const char *path, const char *name);
int __wrap_t_removexattr(const char *path, const char *name);
int __real_t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st);
int __wrap_t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st);
ssize_t __real_t_readv(int fd, const struct t_vec *vec, unsigned int n);
ssize_t __wrap_t_readv(int fd, const struct t_vec *vec, unsigned int n);
ssize_t __real_t_writev(int fd, const struct t_vec *vec, unsigned int n);
ssize_t __wrap_t_writev(int fd, const struct t_vec *vec, unsigned int n);
int __real_t_delete_module(const char *name, unsigned int flags);
int __wrap_t_delete_module(const char *name, unsigned int flags);

int __wrap_t_mkdir(const char *path)
{
	int ret = __real_t_mkdir(path);

	observe(number(ret, false), "mkdir %s", path);
	return ret;
}

int __wrap_t_rmdir(const char *path)
{
	int ret = __real_t_rmdir(path);

	observe(number(ret, false), "rmdir %s", path);
	return ret;
}

int __wrap_t_unlink(const char *path)
{
	int ret = __real_t_unlink(path);

	observe(number(ret, false), "unlink %s", path);
	return ret;
}

int __wrap_t_rename(const char *old_path, const char *new_path)
{
	int ret = __real_t_rename(old_path, new_path);

	observe(number(ret, false), "rename %s %s", old_path, new_path);
	return ret;
}

int __wrap_t_chmod(const char *path, unsigned int mode)
{
	int ret = __real_t_chmod(path, mode);

	observe(number(ret, false), "chmod %s %o", path, mode);
	return ret;
}

int __wrap_t_truncate(const char *path, int64_t length)
{
	int ret = __real_t_truncate(path, length);

	observe(number(ret, false), "truncate %s %lld", path, (long long)length);
	return ret;
}

int __wrap_t_ftruncate(int fd, int64_t length)
{
	int ret = __real_t_ftruncate(fd, length);

	observe(number(ret, false), "ftruncate %lld", (long long)length);
	return ret;
}

int __wrap_t_dup(int fd)
{
	int ret = __real_t_dup(fd);

	observe(number(ret, true), "dup");
	return ret;
}

int __wrap_t_access(const char *path, int mode)
{
	int ret = __real_t_access(path, mode);

	observe(number(ret, false), "access %s %d", path, mode);
	return ret;
}

long __wrap_t_fcntl(int fd, int cmd, unsigned long arg)
{
	long ret = __real_t_fcntl(fd, cmd, arg);
	bool dup = cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC;

	/* descriptors begin where the target has them begin */
	if (dup && arg > (unsigned long)fd && arg - fd < 1024)
		observe(number(ret, true), "fcntl %d fd + %lu", cmd, arg - fd);
	else
		observe(number(ret, dup), "fcntl %d %lu", cmd, arg);
	return ret;
}

ssize_t __wrap_t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count)
{
	ssize_t ret = __real_t_sendfile(out_fd, in_fd, pos, count);

	observe(number(ret, false), "sendfile %zu", count);
	return ret;
}

ssize_t __wrap_t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos,
				 size_t len, unsigned int flags)
{
	ssize_t ret = __real_t_copy_file_range(in_fd, in_pos, out_fd, out_pos, len, flags);

	observe(number(ret, false), "copy_file_range %zu %u", len, flags);
	return ret;
}

ssize_t __wrap_t_splice(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	ssize_t ret = __real_t_splice(in_fd, out_fd, len, flags);

	observe(number(ret, false), "splice %zu %x", len, flags);
	return ret;
}

ssize_t __wrap_t_tee(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	ssize_t ret = __real_t_tee(in_fd, out_fd, len, flags);

	observe(number(ret, false), "tee %zu %x", len, flags);
	return ret;
}

int __wrap_t_flock(int fd, int op)
{
	int ret = __real_t_flock(fd, op);

	observe(number(ret, false), "flock %d", op);
	return ret;
}

int __wrap_t_name_to_handle(const char *path, int flags)
{
	int ret = __real_t_name_to_handle(path, flags);

	observe(number(ret, false), "name_to_handle %s %x", path, flags);
	return ret;
}

ssize_t __wrap_t_getxattr(const char *path, const char *name, void *value, size_t size)
{
	ssize_t ret = __real_t_getxattr(path, name, value, size);

	observe(number(ret, false), "getxattr %s %.40s %zu", path, name, size);
	return ret;
}

ssize_t __wrap_t_listxattr(const char *path, char *list, size_t size)
{
	ssize_t ret = __real_t_listxattr(path, list, size);

	observe(number(ret, false), "listxattr %s %zu", path, size);
	return ret;
}

int __wrap_t_setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	int ret = __real_t_setxattr(path, name, value, size, flags);

	observe(number(ret, false), "setxattr %s %.40s %zu %d", path, name, size, flags);
	return ret;
}

int __wrap_t_removexattr(const char *path, const char *name)
{
	int ret = __real_t_removexattr(path, name);

	observe(number(ret, false), "removexattr %s %.40s", path, name);
	return ret;
}

int __wrap_t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st)
{
	int ret = __real_t_statx(path, flags, mask, st);

	observe_stat("statx", path, ret, st);
	return ret;
}

ssize_t __wrap_t_readv(int fd, const struct t_vec *vec, unsigned int n)
{
	ssize_t ret = __real_t_readv(fd, vec, n);

	observe(number(ret, false), "readv %u", n);
	return ret;
}

ssize_t __wrap_t_writev(int fd, const struct t_vec *vec, unsigned int n)
{
	ssize_t ret = __real_t_writev(fd, vec, n);

	observe(number(ret, false), "writev %u", n);
	return ret;
}

int __wrap_t_delete_module(const char *name, unsigned int flags)
{
	int ret = __real_t_delete_module(name, flags);

	observe(number(ret, false), "delete_module %s %#x", name, flags);
	return ret;
}

/* ---- modules -------------------------------------------------------------------------- */

int __real_t_insmod(const char *name, const char *params);
int __wrap_t_insmod(const char *name, const char *params);
int __real_t_modprobe(const char *name_or_alias, const char *params);
int __wrap_t_modprobe(const char *name_or_alias, const char *params);
int __real_t_rmmod(const char *name);
int __wrap_t_rmmod(const char *name);
int __real_t_refcnt(const char *name);
int __wrap_t_refcnt(const char *name);
void __real_t_autoload(bool on);
void __wrap_t_autoload(bool on);
void __real_t_autoload_settle(void);
void __wrap_t_autoload_settle(void);

int __wrap_t_insmod(const char *name, const char *params)
{
	int ret = __real_t_insmod(name, params);

	observe(number(ret, false), "insmod %s %s", name, params ? params : "");
	return ret;
}

int __wrap_t_modprobe(const char *name_or_alias, const char *params)
{
	int ret = __real_t_modprobe(name_or_alias, params);

	observe(number(ret, false), "modprobe %s %s", name_or_alias, params ? params : "");
	return ret;
}

int __wrap_t_rmmod(const char *name)
{
	int ret = __real_t_rmmod(name);

	observe(number(ret, false), "rmmod %s", name);
	return ret;
}

int __wrap_t_refcnt(const char *name)
{
	int ret;

	t_own()->quiet++;
	ret = __real_t_refcnt(name);
	t_own()->quiet--;
	observe(number(ret, false), "refcnt %s", name);
	return ret;
}

/* How a target finds out what was sent is its own affair. */
void __wrap_t_autoload(bool on)
{
	t_own()->quiet++;
	__real_t_autoload(on);
	t_own()->quiet--;
}

void __wrap_t_autoload_settle(void)
{
	t_own()->quiet++;
	__real_t_autoload_settle();
	t_own()->quiet--;
}

/* ---- uevents and messages ----------------------------------------------------------------- */

bool __real_t_uevent_next(struct t_uevent *ev);
bool __wrap_t_uevent_next(struct t_uevent *ev);
bool __real_t_uevent_find(const char *action, const char *devpath_suffix, struct t_uevent *ev);
bool __wrap_t_uevent_find(const char *action, const char *devpath_suffix, struct t_uevent *ev);
bool __real_t_kmsg_find(const char *text, char *line, size_t size);
bool __wrap_t_kmsg_find(const char *text, char *line, size_t size);
int __real_t_kmsg_count(const char *text);
int __wrap_t_kmsg_count(const char *text);
bool __wrap_t_kmsg_has(const char *text);

static void observe_event(const char *call, const char *what, bool found, const struct t_uevent *ev)
{
	char text[4096];
	size_t len;
	unsigned int i;

	if (!found) {
		observe("none", "%s %s", call, what);
		return;
	}
	len = snprintf(text, sizeof(text), "%s@%s", ev->action, ev->devpath);
	for (i = 0; i < ev->n_env && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, " %s", ev->env[i]);
	observe(text, "%s %s", call, what);
}

bool __wrap_t_uevent_next(struct t_uevent *ev)
{
	bool ret = __real_t_uevent_next(ev);

	observe_event("uevent_next", "", ret, ev);
	return ret;
}

bool __wrap_t_uevent_find(const char *action, const char *devpath_suffix, struct t_uevent *ev)
{
	bool ret = __real_t_uevent_find(action, devpath_suffix, ev);

	observe_event("uevent_find", action, ret, ev);
	return ret;
}

bool __wrap_t_kmsg_find(const char *text, char *line, size_t size)
{
	char own[4096] = "";
	bool ret = __real_t_kmsg_find(text, own, sizeof(own));

	if (ret && line)
		snprintf(line, size, "%s", own);
	observe(ret ? own : "none", "kmsg_find \"%s\"", text);
	return ret;
}

int __wrap_t_kmsg_count(const char *text)
{
	int ret = __real_t_kmsg_count(text);

	observe(number(ret, false), "kmsg_count \"%s\"", text);
	return ret;
}

bool __wrap_t_kmsg_has(const char *text)
{
	bool ret = __real_t_kmsg_count(text) > 0;

	observe(ret ? "yes" : "no", "kmsg_has \"%s\"", text);
	return ret;
}
