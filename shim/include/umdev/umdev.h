/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * umdev: what a test, a tool or a vendor's own test program calls.
 *
 * An ordinary libc header for programs in C and C++ (the shim's own sources,
 * which have no libc, include it too). Everything is prefixed um_. Functions
 * that stand for a system call return a negative errno, as the kernel side of
 * one does; there is no errno variable.
 */
#ifndef UMDEV_UMDEV_H
#define UMDEV_UMDEV_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- life of the modelled kernel ------------------------------------------- */

/**
 * um_boot() - bring the modelled kernel up: sysfs, buses, /dev, initcalls.
 * @module_dir: directory of modules (modules.dep and .ko files), or NULL for
 *              the environment variable UMDEV_MODULE_DIR
 *
 * Call once before anything else; a second call while booted is -EBUSY.
 * Return: 0, or the error of the first initcall that failed.
 */
int um_boot(const char *module_dir);

/**
 * um_shutdown() - unload all modules and audit what is still alive.
 *
 * Return: how many objects are left plus how many splats nobody expected;
 * 0 is clean. Everything found has been printed.
 */
int um_shutdown(void);

/**
 * um_audit() - what is alive now and was not at boot (or at um_audit_mark()).
 * @report: called for each line of the report, or NULL for standard error
 *
 * Return: the number of objects.
 */
int um_audit(void (*report)(const char *line, void *arg), void *arg);
/**
 * um_detectors_on() - does anybody look? UMDEV_DETECTORS=off turns off what costs
 * time: references (um_audit() and um_shutdown() then find nothing and say
 * so), lock orders, sweeps.
 */
bool um_detectors_on(void);
/** um_audit_mark() - objects alive now are left out of later audits. */
void um_audit_mark(void);

/* ---- system calls on the modelled kernel ------------------------------------- */

struct um_stat {
	uint32_t mode;		/* S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR and permissions */
	uint64_t size;
	uint64_t ino;
	uint32_t rdev;		/* MKDEV() of a character device */
};

int um_open(const char *path, int flags);
int um_close(int fd);
/* Buffers are user memory: from um_user_alloc(), see there. */
ssize_t um_read(int fd, void *user_buf, size_t count);
ssize_t um_write(int fd, const void *user_buf, size_t count);
ssize_t um_pread(int fd, void *user_buf, size_t count, int64_t pos);
ssize_t um_pwrite(int fd, const void *user_buf, size_t count, int64_t pos);
int64_t um_lseek(int fd, int64_t pos, int whence);
long um_ioctl(int fd, unsigned int cmd, unsigned long arg);
/* Returns an address or a negative errno as a pointer. */
void *um_mmap(size_t length, int prot, int flags, int fd, int64_t offset);
int um_munmap(void *addr, size_t length);
int um_mremap(void *addr, size_t old_length, size_t new_length);
int um_poll(int fd, short events, int timeout_ms);
ssize_t um_readlink(const char *path, char *buf, size_t size);
/* lstat when @follow is false */
int um_stat(const char *path, struct um_stat *st, bool follow);
/* Calls @fn for each entry but . and .. ; a non-zero return of @fn ends it. */
int um_readdir(const char *path, int (*fn)(const char *name, void *arg), void *arg);

/* ---- user memory ---------------------------------------------------------------- */

/**
 * um_user_alloc() - memory as a user process sees it.
 *
 * The address cannot be dereferenced: it is what a driver is given, and a
 * driver that touches it without copy_*_user() faults. um_user_ptr() gives
 * the address under which the test itself reads and writes the same bytes.
 * Return: NULL when out of memory. Free with um_user_free().
 */
void *um_user_alloc(size_t size);
void um_user_free(void *user);
void *um_user_ptr(void *user);
/* From now on the driver can read it and not write to it: copy_to_user() fails. */
void um_user_readonly(void *user);

/* ---- modules ----------------------------------------------------------------------- */

/* A path to a .ko or the name of one in the module directory. @params: "a=1 b=x" or NULL. */
int um_insmod(const char *module, const char *params);
int um_rmmod(const char *name);
/* By name or alias, with dependencies and soft dependencies. */
int um_modprobe(const char *name_or_alias, const char *params);
/* Answer MODALIAS uevents by modprobe, as udev does (off at boot). */
void um_autoload(bool on);
/* Waits until every event sent so far has been dealt with; at once when it is off. */
void um_autoload_settle(void);

/* ---- uevents and kernel messages ------------------------------------------------------ */

/* Each listener has its own queue, from its opening on. */
struct um_uevents *um_uevents_open(void);
void um_uevents_close(struct um_uevents *u);
/*
 * Next event as netlink carries it: "add@/devices/..." NUL "ACTION=add" NUL ...
 * Return: length in bytes, 0 when there is none now, -ENOSPC when @buf is small.
 */
ssize_t um_uevents_read(struct um_uevents *u, char *buf, size_t size);

/* Position in the ring of kernel messages: everything later has a larger one. */
uint64_t um_kmsg_seq(void);
/*
 * The first message whose number is >= *@seq, as /dev/kmsg has it without the
 * prefix: text only, level in *@level. *@seq becomes the number after it.
 * Return: its length, 0 when there is none.
 */
ssize_t um_kmsg_read(uint64_t *seq, int *level, char *buf, size_t size);
/* Messages at or above this urgency also go to standard error; -1: none. */
void um_console_level(int level);
/*
 * Which debug messages are made: module names, names of source files or "*",
 * separated by commas; "" or NULL for none. Also the variable UMDEV_DEBUG.
 */
void um_debug(const char *match);

/* ---- tasks -------------------------------------------------------------------------------- */

struct um_task;
/* The function's return value is what um_task_join() gives. */
struct um_task *um_task_start(const char *name, long (*fn)(void *arg), void *arg);
/* Until the task waits for something inside the kernel, or has ended: true if it waits. */
bool um_task_wait_blocked(struct um_task *task);
/* Ends an interruptible wait with -EINTR, as a signal would. */
void um_task_interrupt(struct um_task *task);
/* The same with a signal that ends the process: killable waits end as well. */
void um_task_kill(struct um_task *task);
long um_task_join(struct um_task *task);

/* ---- tasks that are held, and interleavings -------------------------------------------------- */

/*
 * A point is where a task can be held: just before it takes a lock or begins
 * to wait, just after it releases a lock or wakes somebody, and, in a build
 * with sanitizers, the beginning of each basic block of a module's code.
 * Points are counted for each task alone, and a task that meets the same
 * locks and branches again passes the same points.
 */

/**
 * um_task_start_held() - start a task that stops at its @n-th point
 * @n: 1 is the first; a task that passes fewer is not held
 *
 * A held task keeps what it holds, spinlocks as well. Let it go before it is
 * joined.
 * Return: the task; the process ends when there is no memory for it.
 */
struct um_task *um_task_start_held(const char *name, long (*fn)(void *arg), void *arg,
				   unsigned long n);
/*
 * Until the task is held, or has ended: true if it is held. One that has to
 * wait before it comes to its point is held there first.
 */
bool um_task_wait_held(struct um_task *task);
/* Lets a held task go on, to its end: it is not held any more. */
void um_task_resume(struct um_task *task);
/**
 * um_task_run_alone() - let a task go on until it ends or waits, and hold it there
 *
 * What the task waits for may come while it is held: it goes on when it is
 * let go again.
 * Return: 1 when it has ended; 0 when it waits; -EBUSY when it has not moved.
 */
int um_task_run_alone(struct um_task *task);
/* Points that this task has passed since the last call of this function. */
unsigned long um_point_count(void);

/*
 * Two tasks that meet. @setup and @check return 0, or anything else when
 * something is wrong; @check is given what the two returned, and puts back
 * what they did.
 */
struct um_interleaving {
	const char *name;
	long (*setup)(void *arg);	/* before each schedule; NULL: nothing */
	long (*first)(void *arg);
	long (*second)(void *arg);
	long (*check)(void *arg, long first, long second);
	void *arg;
	/* called for each line of the report; NULL: standard error */
	void (*report)(const char *line, void *arg);
};

/**
 * um_interleave() - run two tasks with the first held at each of its points
 * @s: the tasks
 *
 * One schedule for each point: the first task runs up to it, the second runs
 * to its end, the first goes on. Where the running task has to wait, the other
 * runs: at no time both do, but workers and timers run freely beside them. In
 * the last schedule nothing but waiting stops the first task. That is every
 * schedule with at most one preemption of the first task and none of the
 * second; those with more are not tried, nor are preemptions between two
 * points. Neither task may wait for time to pass. Splats from before are
 * printed as by um_check_splats(), and are no schedule's.
 *
 * A schedule fails when @check says so or something splats; the report names
 * the point at which the first task was held, and so does the end of a process
 * that a schedule brings down. Later schedules are not run then.
 *
 * Return: how many schedules were run, which are all there are; or -ECANCELED
 * after one that failed.
 */
long um_interleave(const struct um_interleaving *s);

/* ---- faults ---------------------------------------------------------------------------------- */

/**
 * um_fail_nth() - make the @n-th fallible call of this task fail, from now.
 * @n: 1 is the next one; 0 disarms
 *
 * Return: 0 if the fault armed before has fired or none was armed, otherwise
 * how many more calls it would have taken.
 */
unsigned int um_fail_nth(unsigned int n);
/* As um_fail_nth(), and every later call fails too until disarmed. */
unsigned int um_fail_from_nth(unsigned int n);
/* Fallible calls of this task since the last call of this function. */
unsigned int um_fallible_count(void);
/* "kmalloc at drivers/base/core.c:12 in device_add" of the last fault that fired, or NULL. */
const char *um_fault_fired(void);

/* ---- sweeps: every failure point, one after the other ---------------------------------------- */

/* Where in its call stack a failure is not the operation's, and why. */
struct um_benign {
	const char *where;	/* part of what um_fault_fired() says; NULL ends a list */
	const char *reason;
};

/*
 * An operation and its inverse. Each returns 0 or a negative errno; @arg is
 * passed through. Faults are injected into @run only.
 */
struct um_scenario {
	const char *name;
	long (*setup)(void *arg);	/* once, before all; NULL: nothing */
	long (*run)(void *arg);
	long (*undo)(void *arg);
	void (*teardown)(void *arg);	/* once, after all; NULL: nothing */
	void *arg;
	/*
	 * @run takes something away: a fault need not make it fail, it may go
	 * on to its end. When it does fail, everything must still be there.
	 */
	bool takes_away;
	const struct um_benign *benign;	/* besides those that any kernel has */
};

enum um_fault_outcome {
	UM_FAULT_ROLLED_BACK,	/* an error, and all as before */
	UM_FAULT_BENIGN,	/* success, as it must be there */
	/* and what is wrong: */
	UM_FAULT_UNNOTICED,	/* success, though something failed */
	UM_FAULT_CHANGED,	/* something is not as before: see details */
	UM_FAULT_SPLAT,
	UM_FAULT_BREAKS,	/* the operation does not work, or cannot be undone, afterwards */
};

struct um_fault {
	const char *scenario;
	unsigned int n;			/* the n-th fallible call */
	bool every;			/* it and each later one failed */
	long error;			/* what the operation returned */
	const char *site;		/* "kmalloc at drivers/base/core.c:12 in device_add" */
	const char *stack;		/* lines; only when something is wrong, or benign */
	enum um_fault_outcome outcome;
	const char *details;		/* lines, or "" */
	const char *reason;		/* why it is benign, or NULL */
};

struct um_sweep {
	/* filled in by um_sweep(), added to what is there */
	unsigned int scenarios, calls, faults, rolled_back, benign, bad;
	uint64_t ns;
	/* may be NULL: then only what is wrong is printed, to standard error */
	void (*report)(const struct um_fault *fault, void *arg);
	/* may be NULL: called before each fault */
	void (*progress)(const char *scenario, unsigned int done, unsigned int of, void *arg);
	void *arg;
};

/**
 * um_sweep() - run a scenario with each of its fallible calls failing.
 * @s: the scenario
 * @sweep: zeroed, or from an earlier sweep: figures are added up
 *
 * Once without faults, to count and to fill caches; then the n-th call fails,
 * alone and with all that follow, for each n. After each fault: objects,
 * references, held locks and the tree below /sys are as before, and the
 * operation works. Splats count as wrong. Audit marks are moved.
 *
 * Return: the number of faults after which something was wrong; -EOPNOTSUPP
 * when the detectors are off; or the negative errno of a scenario that does not
 * work without any fault (-EINVAL for a positive one).
 */
int um_sweep(const struct um_scenario *s, struct um_sweep *sweep);

/**
 * um_sweep_count() - how much um_sweep() of a scenario will have to do.
 * @s: the scenario; it is set up, run a few times without faults, torn down
 * @ns: the shortest time of such a run, with what is checked after it
 *
 * For estimates: a sweep injects two faults for each call.
 * Return: the calls that may fail, or the negative errno of the scenario
 * (-EINVAL for a positive one).
 */
long um_sweep_count(const struct um_scenario *s, uint64_t *ns);

/* A place in the code that may fail, with figures over all loads of its module. */
struct um_site {
	const char *what, *file, *func;
	unsigned int line;
	unsigned int hits, fails;	/* times reached; times made to fail */
};
/* Each site of the modules that are or were loaded; those of one line once. */
void um_sites(void (*fn)(const struct um_site *site, void *arg), void *arg);

/* ---- splats ---------------------------------------------------------------------------------- */

/* The next splat whose text contains @substring is wanted. */
void um_expect_splat(const char *substring);
/*
 * Unexpected splats since the last call plus expected ones that did not come;
 * prints what they are. Called by a test's teardown.
 */
int um_check_splats(void);

#ifdef __cplusplus
}
#endif
#endif
