// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads, a lock and a parking place for kernel/sched/core.c.
 *
 * The lock and the parking place are bare futexes in an uninstrumented file:
 * TSan models every pthread lock, and one inner lock under all modelled ones
 * would order everything, so that no race could ever be seen.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host/host.h"
#include "host/snapshot.h"
#include "host/walk.h"

struct host_thread {
	pthread_t id;
	void (*fn)(void *arg);
	void *arg;
	struct host_park job;		/* there is something to do */
	struct host_park done;
	struct host_thread *next;	/* in idle, after it was joined */
};

/*
 * Threads for reuse: under ASan a new one costs more than most tests do with
 * it. Not under TSan, which would take what the thread did before for an order.
 */
#ifdef UMDEV_TSAN
#define REUSE	false
#else
#define REUSE	true
#endif
static struct host_thread *idle;
static struct host_lock idle_lock;

static pthread_key_t task_key;
static pthread_once_t task_once = PTHREAD_ONCE_INIT;
static void (*task_exit)(void *task);
__thread void *host_this_task;

static void *thread_main(void *arg)
{
	struct host_thread *t = arg;

	do {
		host_park(&t->job, -1);
		t->fn(t->arg);
		host_unpark(&t->done);
	} while (REUSE);
	host_walk_forget();
	return NULL;
}

/*
 * Many times what a kernel has, and far less than libc gives: ASan clears the
 * shadow of a thread's whole stack when the thread starts, and when it ends.
 * libdw, which names the lines of a report, takes up to 400 KiB at once.
 */
#define STACK_SIZE	(1024 * 1024)

static struct host_thread *make_thread(void)
{
	struct host_thread *t = host_need(sizeof(*t));
	pthread_attr_t attr;
	int err;

	host_snapshot_spoil();
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	err = pthread_create(&t->id, &attr, thread_main, t);
	pthread_attr_destroy(&attr);
	if (err) {
		/* of EAGAIN the limit is that of processes, or of addresses */
		if (!host_limit_met(err == EAGAIN ? ENOMEM : err))
			fprintf(stderr, "umdev: cannot start a thread: %s\n", strerror(err));
		host_abort();
	}
	return t;
}

struct host_thread *host_thread_start(void (*fn)(void *arg), void *arg)
{
	struct host_thread *t;

	host_lock(&idle_lock);
	t = idle;
	if (t)
		idle = t->next;
	host_unlock(&idle_lock);
	if (!t)
		t = make_thread();
	t->fn = fn;
	t->arg = arg;
	host_unpark(&t->job);
	return t;
}

void host_thread_join(struct host_thread *t)
{
	host_park(&t->done, -1);
	if (!REUSE) {
		pthread_join(t->id, NULL);
		free(t);
		return;
	}
	host_lock(&idle_lock);
	t->next = idle;
	idle = t;
	host_unlock(&idle_lock);
}

void host_call(void (*fn)(void *arg), void *arg, void **call)
{
	jmp_buf end;

	*call = &end;
	if (!setjmp(end))
		fn(arg);
	*call = NULL;
}

void host_end_call(void *call)
{
	longjmp(*(jmp_buf *)call, 1);
}

static void thread_ends(void *task)
{
	task_exit(task);
	host_this_task = NULL;
	host_walk_forget();
}

static void make_key(void)
{
	int err = pthread_key_create(&task_key, thread_ends);

	if (!err)
		return;
	fprintf(stderr, "umdev: no key for the tasks of threads: %s\n", strerror(err));
	host_abort();
}

void host_task_set(void *task)
{
	pthread_once(&task_once, make_key);
	pthread_setspecific(task_key, task);
	host_this_task = task;
}

void host_task_on_exit(void (*fn)(void *task))
{
	task_exit = fn;
}

static long futex(u32 *word, int op, u32 val, const struct timespec *timeout)
{
	return syscall(SYS_futex, word, op, val, timeout, NULL, 0);
}

/*
 * What is done under such a lock is the shim's own bookkeeping. TSan sees no
 * order between those who hold it, so it must not judge their accesses
 * either (also those that libc's functions make for them).
 */
#if defined(UMDEV_TSAN)
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);

static void ignore_begin(void)
{
	AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
	AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}

static void ignore_end(void)
{
	AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
	AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
}
#else
static void ignore_begin(void)
{
}

static void ignore_end(void)
{
}
#endif

#ifdef UMDEV_TSAN
void host_thread_is_alone(void)
{
}
#else
bool host_one_thread;

void host_thread_is_alone(void)
{
	host_one_thread = true;
}
#endif

void host_lock_slowly(struct host_lock *l)
{
	u32 was = 0;
	int spin;

	for (spin = 0; spin < 100; spin++) {
		was = 0;
		if (__atomic_compare_exchange_n(&l->word, &was, 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
			ignore_begin();
			return;
		}
		host_cpu_relax();
	}
	while (__atomic_exchange_n(&l->word, 2, __ATOMIC_ACQUIRE))
		futex(&l->word, FUTEX_WAIT_PRIVATE, 2, NULL);
	ignore_begin();
}

void host_unlock_waited(struct host_lock *l)
{
	__atomic_store_n(&l->word, 0, __ATOMIC_RELEASE);
	futex(&l->word, FUTEX_WAKE_PRIVATE, 1, NULL);
}

void host_unlock_slowly(struct host_lock *l)
{
	ignore_end();
	if (__atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE) == 2)
		futex(&l->word, FUTEX_WAKE_PRIVATE, 1, NULL);
}

void host_park(struct host_park *p, s64 ns)
{
	struct timespec ts, *timeout = NULL;

	if (ns >= 0) {
		ts.tv_sec = ns / 1000000000;
		ts.tv_nsec = ns % 1000000000;
		timeout = &ts;
	}
	while (!__atomic_exchange_n(&p->word, 0, __ATOMIC_ACQUIRE)) {
		if (futex(&p->word, FUTEX_WAIT_PRIVATE, 0, timeout) && errno == ETIMEDOUT)
			return;
	}
}

void host_unpark(struct host_park *p)
{
	if (!__atomic_exchange_n(&p->word, 1, __ATOMIC_RELEASE))
		futex(&p->word, FUTEX_WAKE_PRIVATE, 1, NULL);
}

void host_cpu_relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

u64 host_tid(void)
{
	return syscall(SYS_gettid);
}
