// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stack of a thread that runs: the thread is sent a signal, and its handler
 * writes down where it was interrupted, and its callers, by unwind tables.
 *
 * The signal is SIGURG, which means nothing to who does not know it, and does not
 * end a process. Its handler is there only while somebody looks, and is the host's
 * own: a sanitizer's sigaction() would have it wait for the end of a loop. It takes
 * no lock. TSan's runtime may have been interrupted in the middle of what it does,
 * and must not be entered again by what the unwinder calls: then it is for later.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "host/host.h"

#define LIMIT_NS	10000000000ULL	/* a thread with the signal blocked never answers */
#define TRIES		10000

enum { IDLE, ASKED, TAKEN, ANSWERED, LATER };

static struct {
	struct host_lock lock;		/* one question at a time */
	const void *task;		/* of the thread that is asked */
	void **pc;
	unsigned int max, n;
	u32 state;
	struct host_park answered;
} look;

static const void *interrupted_at(const ucontext_t *uc)
{
#if defined(__x86_64__)
	return (const void *)uc->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)uc->uc_mcontext.pc;
#else
	return NULL;	/* from the handler on */
#endif
}

#ifdef UMDEV_TSAN
void *__tsan_get_current_report(void);

/* Where TSan is, and where libc, which its interceptors call. */
static struct host_range tsan, libc;

struct seek {
	uintptr_t addr;
	struct host_range *range;
};

static int range_of(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct seek *s = arg;
	uintptr_t lo;
	int i;

	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		lo = info->dlpi_addr + ph->p_vaddr;
		if (ph->p_type != PT_LOAD || s->addr - lo >= ph->p_memsz)
			continue;
		*s->range = (struct host_range){ lo, lo + ph->p_memsz };
		return 1;
	}
	return 0;
}

static void find_ranges(void)
{
	struct seek in_tsan = { (uintptr_t)__tsan_get_current_report, &tsan };
	struct seek in_libc = { (uintptr_t)syscall, &libc };

	if (tsan.high)
		return;
	dl_iterate_phdr(range_of, &in_tsan);
	dl_iterate_phdr(range_of, &in_libc);
}

static bool is_in(const struct host_range *r, uintptr_t addr)
{
	return addr - r->low < r->high - r->low;
}

/* syscall() is a few instructions, and where a thread of ours sleeps. */
static bool may_unwind(const void *pc)
{
	uintptr_t at = (uintptr_t)pc;

	return at - (uintptr_t)syscall < 64 || !(is_in(&tsan, at) || is_in(&libc, at));
}
#else
static void find_ranges(void)
{
}

static bool may_unwind(const void *pc)
{
	return true;
}
#endif

static void on_signal(int sig, siginfo_t *si, void *context)
{
	const void *pc = interrupted_at(context);
	u32 state = ASKED;
	int err = errno;

	if (!__atomic_compare_exchange_n(&look.state, &state, TAKEN, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_ACQUIRE))
		return;
	state = ANSWERED;
	look.n = 0;
	/* is it still, or already, what the thread runs? */
	if (host_task_get() == look.task) {
		if (may_unwind(pc))
			look.n = host_stack_unwind(pc, look.pc, look.max);
		else
			state = LATER;
	}
	__atomic_store_n(&look.state, state, __ATOMIC_RELEASE);
	host_unpark(&look.answered);
	errno = err;
}

/* Whether the thread has answered, if only that it cannot now. */
static bool ask(u64 tid)
{
	u64 end = host_monotonic_ns() + LIMIT_NS;
	u32 state = ASKED;

	__atomic_store_n(&look.state, state, __ATOMIC_RELEASE);
	if (syscall(SYS_tgkill, getpid(), (pid_t)tid, SIGURG))
		return false;
	while (state == ASKED || state == TAKEN) {
		host_park(&look.answered, LIMIT_NS / 10);
		state = __atomic_load_n(&look.state, __ATOMIC_ACQUIRE);
		if (state == ASKED && host_monotonic_ns() > end &&
		    __atomic_compare_exchange_n(&look.state, &state, IDLE, false,
						__ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
			return false;
	}
	return true;
}

typedef int (*sigaction_fn)(int sig, const struct sigaction *to, struct sigaction *from);

/* libc's own, whatever a sanitizer has put before it. */
static sigaction_fn real_sigaction(void)
{
	void *c = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	void *fn = c ? dlsym(c, "sigaction") : NULL;

	return fn ? (sigaction_fn)fn : sigaction;
}

unsigned int host_stack_of(u64 tid, const void *task, void **pc, unsigned int max)
{
	struct sigaction to = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigaction from;
	sigaction_fn set = real_sigaction();
	unsigned int n = 0, i;
	void *warm[1];

	find_ranges();
	/* what the unwinder does once it does here, and not in a handler */
	host_stack_unwind(NULL, warm, 1);
	host_lock(&look.lock);
	look.task = task;
	look.pc = pc;
	look.max = max;
	if (set(SIGURG, &to, &from))
		goto unlock;
	for (i = 0; i < TRIES && ask(tid) && look.state == LATER; i++)
		sched_yield();
	if (look.state == ANSWERED)
		n = look.n;
	look.state = IDLE;
	set(SIGURG, &from, NULL);
unlock:
	host_unlock(&look.lock);
	return n;
}
