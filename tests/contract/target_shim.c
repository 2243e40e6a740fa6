// SPDX-License-Identifier: GPL-2.0-only
/*
 * target.h inside the process: the modelled kernel of umdev.
 *
 * Every buffer goes through user memory, so that a driver that touches it
 * without copy_*_user() faults here too. File descriptors are those of the
 * modelled kernel, but for eventfds, which are the host's in both worlds.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <umdev/umdev.h>

#include "target_common.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define MSAN 1
#include <sanitizer/msan_interface.h>
#endif
#endif

#define MAX_VEC		4
#define MAX_EPOLL	8

static struct um_uevents *uevents;
static bool booted;

/* ---- frame --------------------------------------------------------------- */

const char *t_target(void)
{
	return "shim";
}

bool t_is_shim(void)
{
	return true;
}

int t_raw_up(void)
{
	int err = um_boot(NULL);

	if (err) {
		print_error("um_boot: %s\n", strerror(-err));
		return err;
	}
	booted = true;
	uevents = um_uevents_open();
	return uevents ? 0 : -ENOMEM;
}

int t_raw_down(void)
{
	um_uevents_close(uevents);
	uevents = NULL;
	booted = false;
	return um_shutdown();
}

void t_raw_mark(void)
{
	um_audit_mark();
}

int t_raw_audit(void)
{
	return um_audit(NULL, NULL);
}

int t_raw_close_left_open(void)
{
	unsigned int n = um_exit_files();

	if (n)
		print_error("%u files were left open or mapped\n", n);
	return n;
}

void t_raw_expect_splat(const char *text)
{
	um_expect_splats(text);
}

int t_raw_check_splats(void)
{
	return um_check_splats();
}

/* ---- system calls -------------------------------------------------------- */

int t_open(const char *path, int flags)
{
	return um_open(path, flags);
}

int t_close(int fd)
{
	return um_close(fd);
}

/* To MSan what a user has not written is written: no kernel looks at that. */
static void written(void *p, size_t count)
{
#ifdef MSAN
	__msan_unpoison(p, count);
#endif
}

static void *user_copy(const void *buf, size_t count)
{
	void *user = um_user_alloc(count ? count : 1);

	if (!user)
		abort();
	if (buf && count)
		memcpy(um_user_ptr(user), buf, count);
	written(um_user_ptr(user), count);
	return user;
}

static ssize_t user_done(void *user, void *buf, ssize_t count)
{
	if (buf && count > 0)
		memcpy(buf, um_user_ptr(user), count);
	um_user_free(user);
	return count;
}

/* What the driver leaves alone must be as the caller had it. */
ssize_t t_read(int fd, void *buf, size_t count)
{
	void *user = user_copy(buf, count);

	return user_done(user, buf, um_read(fd, user, count));
}

ssize_t t_write(int fd, const void *buf, size_t count)
{
	void *user = user_copy(buf, count);

	return user_done(user, NULL, um_write(fd, user, count));
}

ssize_t t_pread(int fd, void *buf, size_t count, int64_t pos)
{
	void *user = user_copy(buf, count);

	return user_done(user, buf, um_pread(fd, user, count, pos));
}

ssize_t t_pwrite(int fd, const void *buf, size_t count, int64_t pos)
{
	void *user = user_copy(buf, count);

	return user_done(user, NULL, um_pwrite(fd, user, count, pos));
}

int64_t t_lseek(int fd, int64_t pos, int whence)
{
	return um_lseek(fd, pos, whence);
}

long t_ioctl(int fd, unsigned long cmd, void *arg, size_t size)
{
	void *user;
	long ret;

	if (!arg)
		return um_ioctl(fd, cmd, 0);
	user = user_copy(arg, size);
	ret = um_ioctl(fd, cmd, (unsigned long)user);
	user_done(user, arg, size);
	return ret;
}

long t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg)
{
	return um_ioctl(fd, cmd, arg);
}

void *t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err)
{
	void *p = um_mmap(length, prot, flags, fd, offset);
	long ret = (long)p;

	*err = ret < 0 && ret > -4096 ? ret : 0;
	return *err ? NULL : p;
}

int t_munmap(void *addr, size_t length)
{
	return um_munmap(addr, length);
}

int t_mremap(void *addr, size_t old_length, size_t new_length)
{
	return um_mremap(addr, old_length, new_length);
}

int t_poll(int fd, short events, int timeout_ms)
{
	return um_poll(fd, events, timeout_ms);
}

int t_epoll_create(void)
{
	return um_epoll_create();
}

int t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data)
{
	struct epoll_event event = { .events = events, .data.u32 = data };
	void *user = user_copy(&event, sizeof(event));

	return user_done(user, NULL, um_epoll_ctl(epfd, op, fd, user));
}

int t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms)
{
	void *user = user_copy(NULL, MAX_EPOLL * sizeof(struct epoll_event));
	struct epoll_event *got = um_user_ptr(user);
	int n = um_epoll_wait(epfd, user, max, timeout_ms), i;

	for (i = 0; i < n; i++)
		events[i] = (struct t_epoll){ got[i].events, got[i].data.u32 };
	um_user_free(user);
	return n;
}

static int stat_result(int err, const struct um_stat *um, struct t_stat *st)
{
	if (err)
		return err;
	st->mode = um->mode;
	st->size = um->size;
	st->rdev = um->rdev;
	st->nlink = um->nlink;
	return 0;
}

int t_stat(const char *path, struct t_stat *st)
{
	struct um_stat um;
	int err = um_stat(path, &um, true);

	return stat_result(err, &um, st);
}

int t_lstat(const char *path, struct t_stat *st)
{
	struct um_stat um;
	int err = um_stat(path, &um, false);

	return stat_result(err, &um, st);
}

int t_fstat(int fd, struct t_stat *st)
{
	struct um_stat um;
	int err = um_fstat(fd, &um);

	return stat_result(err, &um, st);
}

int t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st)
{
	struct um_stat um;
	int err = um_statx(path, flags, mask, &um);

	return stat_result(err, &um, st);
}

int t_mkdir(const char *path)
{
	return um_mkdir(path);
}

int t_rmdir(const char *path)
{
	return um_rmdir(path);
}

int t_unlink(const char *path)
{
	return um_unlink(path);
}

int t_rename(const char *old_path, const char *new_path)
{
	return um_rename(old_path, new_path);
}

int t_chmod(const char *path, unsigned int mode)
{
	return um_chmod(path, mode);
}

int t_truncate(const char *path, int64_t length)
{
	return um_truncate(path, length);
}

int t_ftruncate(int fd, int64_t length)
{
	return um_ftruncate(fd, length);
}

int t_dup(int fd)
{
	return um_dup(fd);
}

int t_access(const char *path, int mode)
{
	return um_access(path, mode);
}

long t_fcntl(int fd, int cmd, unsigned long arg)
{
	return um_fcntl(fd, cmd, arg);
}

ssize_t t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count)
{
	return um_sendfile(out_fd, in_fd, pos, count);
}

ssize_t t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos, size_t len,
			  unsigned int flags)
{
	return um_copy_file_range(in_fd, in_pos, out_fd, out_pos, len, flags);
}

ssize_t t_splice(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	return um_splice(in_fd, out_fd, len, flags);
}

ssize_t t_tee(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	return um_tee(in_fd, out_fd, len, flags);
}

int t_flock(int fd, int op)
{
	return um_flock(fd, op);
}

int t_name_to_handle(const char *path, int flags)
{
	return um_name_to_handle(path, flags);
}

ssize_t t_getxattr(const char *path, const char *name, void *value, size_t size)
{
	return um_getxattr(path, name, value, size);
}

ssize_t t_listxattr(const char *path, char *list, size_t size)
{
	return um_listxattr(path, list, size);
}

int t_setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	return um_setxattr(path, name, value, size, flags);
}

int t_removexattr(const char *path, const char *name)
{
	return um_removexattr(path, name);
}

static void user_vec(struct um_iovec *user, const struct t_vec *vec, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		user[i].base = user_copy(vec[i].base, vec[i].len);
		user[i].len = vec[i].len;
	}
}

ssize_t t_readv(int fd, const struct t_vec *vec, unsigned int n)
{
	struct um_iovec user[MAX_VEC] = { 0 };
	unsigned int i;
	ssize_t ret;

	user_vec(user, vec, n);
	ret = um_readv(fd, user, n);
	for (i = 0; i < n; i++)
		user_done(user[i].base, vec[i].base, vec[i].len);
	return ret;
}

ssize_t t_writev(int fd, const struct t_vec *vec, unsigned int n)
{
	struct um_iovec user[MAX_VEC] = { 0 };
	unsigned int i;
	ssize_t ret;

	user_vec(user, vec, n);
	ret = um_writev(fd, user, n);
	for (i = 0; i < n; i++)
		um_user_free(user[i].base);
	return ret;
}

ssize_t t_getdents(int fd, void *buf, size_t size)
{
	void *user = user_copy(buf, size);

	return user_done(user, buf, um_getdents(fd, user, size));
}

ssize_t t_readlink(const char *path, char *buf, size_t size)
{
	ssize_t len = um_readlink(path, buf, size - 1);

	buf[len < 0 ? 0 : len] = '\0';
	return len;
}

struct reader {
	void (*fn)(const char *name, void *arg);
	void *arg;
};

static int reader_entry(const char *name, void *arg)
{
	struct reader *reader = arg;

	reader->fn(name, reader->arg);
	return 0;
}

int t_raw_readdir(const char *path, void (*fn)(const char *name, void *arg), void *arg)
{
	struct reader reader = { fn, arg };

	return um_readdir(path, reader_entry, &reader);
}

/* ---- user memory --------------------------------------------------------- */

struct t_user *t_user_alloc(size_t size)
{
	return um_user_alloc(size);
}

void t_user_free(struct t_user *u)
{
	um_user_free(u);
}

void *t_user_ptr(struct t_user *u)
{
	return um_user_ptr(u);
}

unsigned long t_user_addr(struct t_user *u)
{
	return (unsigned long)u;
}

void t_user_readonly(struct t_user *u)
{
	um_user_readonly(u);
}

ssize_t t_read_raw(int fd, unsigned long addr, size_t count)
{
	return um_read(fd, (void *)addr, count);
}

ssize_t t_write_raw(int fd, unsigned long addr, size_t count)
{
	return um_write(fd, (const void *)addr, count);
}

ssize_t t_pread_raw(int fd, unsigned long addr, size_t count, int64_t pos)
{
	return um_pread(fd, (void *)addr, count, pos);
}

ssize_t t_pwrite_raw(int fd, unsigned long addr, size_t count, int64_t pos)
{
	return um_pwrite(fd, (const void *)addr, count, pos);
}

/* ---- eventfds ------------------------------------------------------------ */

int t_eventfd(void)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int t_eventfd_add(int fd, uint64_t n)
{
	return write(fd, &n, sizeof(n)) == sizeof(n) ? 0 : -errno;
}

uint64_t t_eventfd_take(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* ---- modules ------------------------------------------------------------- */

/*
 * A module that the build could not make fails the test with the reason; one
 * that it has no place for skips it.
 */
static int there(const char *name, int ret)
{
	char why[512];

	if (ret != -ENOENT || !um_module_absent(name, why, sizeof(why)))
		return ret;
	if (!strncmp(why, "left-out ", 9)) {
		char reason[600];

		snprintf(reason, sizeof(reason), "%s: %s", name, why + 9);
		t_skip(reason);
	}
	fail_msg("not run: %s: %s", name, why);
	return ret;
}

int t_insmod(const char *name, const char *params)
{
	return there(name, um_insmod(name, params));
}

int t_modprobe(const char *name_or_alias, const char *params)
{
	return there(name_or_alias, um_modprobe(name_or_alias, params));
}

int t_rmmod(const char *name)
{
	return um_delete_module(name, O_NONBLOCK);
}

int t_delete_module(const char *name, unsigned int flags)
{
	return um_delete_module(name, flags);
}

int t_refcnt(const char *name)
{
	char path[128], text[32];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	len = t_get(path, text, sizeof(text));
	return len < 0 ? (int)len : atoi(text);
}

bool t_raw_module_is_ours(const char *name)
{
	(void)name;
	return true;
}

void t_autoload(bool on)
{
	um_autoload(on);
}

void t_autoload_settle(void)
{
	um_autoload_settle();
}

/* ---- uevents and messages ------------------------------------------------ */

ssize_t t_raw_uevent(char *buf, size_t size)
{
	return um_uevents_read(uevents, buf, size);
}

ssize_t t_raw_kmsg(uint64_t *seq, char *buf, size_t size)
{
	int level;
	ssize_t len = um_kmsg_read(seq, &level, buf, size - 1);

	buf[len < 0 ? 0 : len] = '\0';
	return len;
}

uint64_t t_raw_kmsg_seq(void)
{
	return um_kmsg_seq();
}

/* ---- tasks --------------------------------------------------------------- */

struct t_raw_task *t_raw_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	return (struct t_raw_task *)um_task_start(name, fn, arg);
}

long t_fork(long (*fn)(void *arg), void *arg)
{
	return um_fork(fn, arg);
}

bool t_raw_task_wait_blocked(struct t_raw_task *task)
{
	return um_task_wait_blocked((struct um_task *)task);
}

void t_raw_task_interrupt(struct t_raw_task *task)
{
	um_task_interrupt((struct um_task *)task);
}

/* Before there is a kernel there is one task. */
void **t_raw_task_own(void)
{
	static void *before;

	return booted ? um_task_own() : &before;
}

long t_raw_task_join(struct t_raw_task *task)
{
	return um_task_join((struct um_task *)task);
}
