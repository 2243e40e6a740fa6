/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What target_common.c asks of a target, beyond the plain calls of target.h.
 *
 * target_common.c implements the frame of a test, t_get() and its relatives,
 * uevents, kernel messages, tasks and checks over these; target_shim.c and
 * target_kernel.c implement these and the system calls. Nothing here asserts.
 */
#ifndef UMDEV_TESTS_TARGET_COMMON_H
#define UMDEV_TESTS_TARGET_COMMON_H

#include <dirent.h>

#include "target.h"

/* Once per program, around all tests. 0, or non-zero to fail the group. */
int t_raw_up(void);
int t_raw_down(void);

/* Remember what is alive; and count (having printed) what is alive beyond it. */
void t_raw_mark(void);
int t_raw_audit(void);
/* Ends mappings and descriptors made since t_raw_mark(), each told; how many. */
int t_raw_close_left_open(void);

/*
 * Announce a splat; and count (having printed) the unannounced ones since the
 * last call plus the announced ones that did not come, and forget both.
 */
void t_raw_expect_splat(const char *text);
int t_raw_check_splats(void);

/* Entries of a directory, "." and ".." left out, in any order. */
int t_raw_readdir(const char *path, void (*fn)(const char *name, void *arg), void *arg);

/*
 * What getdents gives of a directory; nothing where it cannot be read. Each test looks at a
 * dozen of them before and after, most of which are the same then.
 */
struct t_entries {
	int fd;				/* by which it was read, for who reads a list of open files */
	size_t size, room;
	char *bytes;			/* as many as were needed so far; kept for the next time */
};

void t_entries_read(struct t_entries *e, const char *path);
bool t_entries_same(const struct t_entries *a, const struct t_entries *b);
/* Is there one of that name? Looked for first at @at, which becomes the place behind it. */
bool t_entries_have(const struct t_entries *e, const char *name, size_t *at);
/* The name of the entry at @at, which becomes the place of the next one; NULL behind the last. */
const char *t_entries_next(const struct t_entries *e, size_t *at);

/* Can this module be unloaded, as one of ours? (Not one that the kernel has built in.) */
bool t_raw_module_is_ours(const char *name);

/* The next netlink uevent, headers and all; its length, 0 when there is none. */
ssize_t t_raw_uevent(char *buf, size_t size);

/*
 * The first kernel message whose number is >= *@seq; *@seq becomes the number
 * after it. Its length, 0 when there is none. t_raw_kmsg_seq() is the number
 * that the next message will get.
 */
ssize_t t_raw_kmsg(uint64_t *seq, char *buf, size_t size);
uint64_t t_raw_kmsg_seq(void);

struct t_raw_task;
struct t_raw_task *t_raw_task_start(const char *name, long (*fn)(void *arg), void *arg);
bool t_raw_task_wait_blocked(struct t_raw_task *task);
void t_raw_task_interrupt(struct t_raw_task *task);
long t_raw_task_join(struct t_raw_task *task);

/*
 * Where a task keeps a pointer for itself, NULL at first: tasks need not be
 * threads, so thread-local variables may be shared by several.
 */
void **t_raw_task_own(void);

/* What target_common.c and target_observe.c keep there. */
struct t_own {
	struct t_task *task;		/* NULL: the one that runs the tests, which alone may assert */
	const char *name;		/* of the task, for target_observe.c */
	int quiet;			/* how deep inside calls that are not logged */
	char number[32];
	char data[4104];
};

/* The calling task's. Before it has one, and for the runner, the runner's. */
struct t_own *t_own(void);

#endif
