/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that a contract test may use: one API, two targets.
 *
 * target_shim.c does it inside the process, on the modelled kernel;
 * target_kernel.c with real system calls in a guest that runs a real one. A
 * test that passes on both is right. Calls return what a system call
 * returns, errors as negative errno. Buffers are plain memory: the target
 * copies them through user memory, so that a driver sees user addresses.
 */
#ifndef UMDEV_TESTS_TARGET_H
#define UMDEV_TESTS_TARGET_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

/* ---- the frame of a test ------------------------------------------------ */

/*
 * Group fixtures: bring the target up, take it down. Test fixtures: note
 * what is alive and loaded before; afterwards unload every module the test
 * left, and fail it for anything left alive, for an unannounced splat, and
 * for an announced one that did not come.
 */
int t_group_setup(void **state);
int t_group_teardown(void **state);
int t_setup(void **state);
int t_teardown(void **state);

/* A test of a contract suite; t_run() runs an array of them with all fixtures. */
#define T_TEST(test)			T_TAGGED(test, NULL, false)

/*
 * A test with a tag. What the framework under test must have for it, else it is
 * skipped: a word of tests/modules/mdev_generation.h. And whether it is about a
 * point where the contract asks for more than what Linux had, so that it fails
 * there ("better"). A function of several tests gets told which, by its state.
 */
struct t_tag {
	void (*fn)(void **state);
	const char *name;
	const char *needs;
	bool better;
};
/* Asks for what the test needs, runs it, and notes that it came to its end; its state is the tag. */
void t_tagged(void **state);
#define T_TAGGED(test, what, is_better)				\
	{ #test, t_tagged, t_setup, t_teardown,			\
	  &(struct t_tag){ .fn = test, .needs = what, .better = is_better } }
#define T_NEEDS(what, test)		T_TAGGED(test, what, false)
#define T_BETTER(test)			T_TAGGED(test, NULL, true)
#define T_BETTER_NEEDS(what, test)	T_TAGGED(test, what, true)
/* Whether the framework under test has what the word says. */
bool t_framework_has(const char *word);

#define t_run(name, tests) \
	_cmocka_run_group_tests(name, tests, sizeof(tests) / sizeof((tests)[0]), \
				t_group_setup, t_group_teardown)

/* "shim", or "linux 6.1.0-…" */
const char *t_target(void);
bool t_is_shim(void);
/* Ends the test as skipped; prints and counts the reason. Does not return. */
void t_skip(const char *reason) __attribute__((noreturn));

/* ---- system calls on paths ------------------------------------------------ */

int t_open(const char *path, int flags);
int t_close(int fd);
ssize_t t_read(int fd, void *buf, size_t count);
ssize_t t_write(int fd, const void *buf, size_t count);
ssize_t t_pread(int fd, void *buf, size_t count, int64_t pos);
ssize_t t_pwrite(int fd, const void *buf, size_t count, int64_t pos);
int64_t t_lseek(int fd, int64_t pos, int whence);
/* @arg points at @size bytes that the call may read and write; or NULL, 0 */
long t_ioctl(int fd, unsigned long cmd, void *arg, size_t size);
/* The argument is passed as it is: a number, a t_user_addr(), a bad pointer. */
long t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg);
void *t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err);
int t_munmap(void *addr, size_t length);
/* in place: without MREMAP_MAYMOVE */
int t_mremap(void *addr, size_t old_length, size_t new_length);
int t_poll(int fd, short events, int timeout_ms);

int t_epoll_create(void);
/* @data is what t_epoll_wait() tells of it; not looked at to delete, like @events. */
int t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data);
struct t_epoll {
	unsigned int events, data;
};
/* eight events at most */
int t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms);

struct t_stat {
	unsigned int mode;
	unsigned long long size;
	unsigned int rdev;
	unsigned int nlink;
};
int t_stat(const char *path, struct t_stat *st);
int t_lstat(const char *path, struct t_stat *st);
int t_fstat(int fd, struct t_stat *st);
bool t_exists(const char *path);
/* NUL-terminated, cut to @size; returns the length or an error */
ssize_t t_readlink(const char *path, char *buf, size_t size);
/* Sorted names joined by spaces, without . and ..; -ENOSPC when they are too many. */
ssize_t t_list(const char *path, char *buf, size_t size);

int t_mkdir(const char *path);
int t_rmdir(const char *path);
int t_unlink(const char *path);
int t_rename(const char *old_path, const char *new_path);
int t_chmod(const char *path, unsigned int mode);
int t_truncate(const char *path, int64_t length);
int t_ftruncate(int fd, int64_t length);
int t_dup(int fd);
int t_access(const char *path, int mode);
/* F_DUPFD, F_GETFL, F_SETFL and what there is besides; @arg as it is */
long t_fcntl(int fd, int cmd, unsigned long arg);
/* @pos and its like: NULL, or a position that moves on */
ssize_t t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count);
ssize_t t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos, size_t len,
			  unsigned int flags);

ssize_t t_splice(int in_fd, int out_fd, size_t len, unsigned int flags);
ssize_t t_tee(int in_fd, int out_fd, size_t len, unsigned int flags);
int t_flock(int fd, int op);
/* of AT_FDCWD, with room for a handle that it does not get in sysfs */
int t_name_to_handle(const char *path, int flags);
int t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st);

ssize_t t_getxattr(const char *path, const char *name, void *value, size_t size);
ssize_t t_listxattr(const char *path, char *list, size_t size);
int t_setxattr(const char *path, const char *name, const void *value, size_t size, int flags);
int t_removexattr(const char *path, const char *name);

struct t_vec {
	void *base;
	size_t len;
};
/* four buffers at most */
ssize_t t_readv(int fd, const struct t_vec *vec, unsigned int n);
ssize_t t_writev(int fd, const struct t_vec *vec, unsigned int n);

/* A directory in parts: @buf gets as many struct dirent64 as have room. */
ssize_t t_getdents(int fd, void *buf, size_t size);

/* open, one read (write), close: the bytes, or the error of whichever failed */
ssize_t t_get(const char *path, char *buf, size_t size);
ssize_t t_put(const char *path, const char *text);
ssize_t t_put_bytes(const char *path, const void *buf, size_t count);

/* ---- user memory ------------------------------------------------------------ */

struct t_user;
struct t_user *t_user_alloc(size_t size);
void t_user_free(struct t_user *u);
void *t_user_ptr(struct t_user *u);		/* what the test reads and writes */
unsigned long t_user_addr(struct t_user *u);	/* what the kernel is given */
/* From now on it can be read and not written to, through that address. */
void t_user_readonly(struct t_user *u);
/* An address that no access succeeds on. */
#define T_BAD_ADDR 8UL
/* read and write with an address as it is */
ssize_t t_read_raw(int fd, unsigned long addr, size_t count);
ssize_t t_write_raw(int fd, unsigned long addr, size_t count);
ssize_t t_pread_raw(int fd, unsigned long addr, size_t count, int64_t pos);
ssize_t t_pwrite_raw(int fd, unsigned long addr, size_t count, int64_t pos);

/* ---- real eventfds -------------------------------------------------------------- */

int t_eventfd(void);
/* Adds @n, as a program does: up to 2^64 - 2 in all. */
int t_eventfd_add(int fd, uint64_t n);
/* The counter, reset by reading; 0 when nobody signalled. */
uint64_t t_eventfd_take(int fd);

/* ---- modules -------------------------------------------------------------------- */

/* By module name. insmod loads just this one; modprobe takes a name or an alias and loads dependencies. */
int t_insmod(const char *name, const char *params);
int t_modprobe(const char *name_or_alias, const char *params);
int t_rmmod(const char *name);
/* O_NONBLOCK, O_TRUNC */
int t_delete_module(const char *name, unsigned int flags);
/* References as /sys/module/<name>/refcnt shows them, or -ENOENT. */
int t_refcnt(const char *name);
/* Answer MODALIAS uevents by modprobe from now on; off again at teardown. */
void t_autoload(bool on);
/* Until autoloading has dealt with every event sent so far. */
void t_autoload_settle(void);

/* ---- uevents ---------------------------------------------------------------------- */

struct t_uevent {
	char action[16];
	char devpath[256];
	unsigned int n_env;
	char env[40][128];	/* "KEY=value", without ACTION, DEVPATH and SEQNUM */
	unsigned long long seqnum;
};
/* Throws away what came so far. t_setup() calls it. */
void t_uevent_flush(void);
/* Next event, in order; false when there is none. */
bool t_uevent_next(struct t_uevent *ev);
/* Next event whose DEVPATH ends in @devpath_suffix; others before it are thrown away. */
bool t_uevent_find(const char *action, const char *devpath_suffix, struct t_uevent *ev);
const char *t_uevent_get(const struct t_uevent *ev, const char *key);

/* ---- kernel messages ---------------------------------------------------------------- */

/* Forgets messages up to now. t_setup() calls it. */
void t_kmsg_flush(void);
/* Next message that contains @text; it and those before it are consumed. @line may be NULL. */
bool t_kmsg_find(const char *text, char *line, size_t size);
/* Whether any message since the last flush contains @text; consumes nothing. */
bool t_kmsg_has(const char *text);
/* How many do. */
int t_kmsg_count(const char *text);

/* Warnings with this text are expected before the test ends, one or more. */
void t_expect_splat(const char *text);

/* ---- tasks ------------------------------------------------------------------------------ */

struct t_task;
struct t_task *t_task_start(const char *name, long (*fn)(void *arg), void *arg);
/*
 * One of several tasks that run into each other as they like: what is seen from
 * then on is the scheduler's, and of the test only its result is compared.
 */
struct t_task *t_race_start(const char *name, long (*fn)(void *arg), void *arg);
/* Until it waits inside the kernel: true; or has ended: false. */
bool t_task_wait_blocked(struct t_task *task);
void t_task_interrupt(struct t_task *task);
long t_task_join(struct t_task *task);
/*
 * From fork() to the end of the child, which has copies of the descriptors and of
 * what is mapped, and runs @fn; its result. Nothing there may assert, and what it
 * leaves in memory may be lost.
 */
long t_fork(long (*fn)(void *arg), void *arg);
/* A write in a task of its own: the commonest one. Returns what the write returned at join. */
struct t_task *t_put_start(const char *path, const char *text);

/* ---- checks with a story -------------------------------------------------------------------- */

/* assert that a result is the wanted errno or count, and print both by name */
#define t_expect(expr, want) \
	t_expect_at((long)(expr), (long)(want), #expr, __FILE__, __LINE__)
void t_expect_at(long got, long want, const char *expr, const char *file, int line);
#define t_expect_text(path, want) t_expect_text_at(path, want, __FILE__, __LINE__)
/* Whether @path has the line @line, which ends with a newline; the others are not looked at. */
bool t_has_line(const char *path, const char *line);
void t_expect_text_at(const char *path, const char *want, const char *file, int line);

#endif
