// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signals by which a fault, or abort(), ends a process. The shim's handlers come
 * first, and pass on what is not theirs.
 *
 * Test frameworks set handlers of their own around each test and each fixture, and
 * say of a fault that there was one. So signal() is ours in every program: for these
 * signals it says who comes next. (Where a sanitizer has one of its own, ours is part
 * of the program: host/program/signal.c.) sigaction() is libc's: who calls that has
 * displaced ours until host_signal_catch() is called again, which the shim does where
 * it is entered.
 */
#include <pthread.h>
#include <string.h>

#include "host/signals.h"

static struct caught {
	const int sig;
	host_handler fn;		/* NULL: not caught */
	struct sigaction first;		/* what was there at the beginning */
	struct sigaction next;		/* what ours displaced last */
} signals[] = {
	{ .sig = SIGSEGV }, { .sig = SIGBUS }, { .sig = SIGFPE }, { .sig = SIGILL }, { .sig = SIGABRT },
};

static struct caught *find(int sig)
{
	unsigned int i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].sig == sig)
			return &signals[i];
	return NULL;
}

/* One that is put back by signal(), which does not know that it wants more. */
static void comes_next(struct caught *c, const struct sigaction *sa)
{
	c->next = sa->sa_handler == c->first.sa_handler ? c->first : *sa;
}

static void set(struct caught *c, host_handler fn)
{
	struct sigaction sa, ours = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | SA_NODEFER };
	bool again = c->fn;

	if (sigaction(c->sig, NULL, &sa))
		return;
	if (sa.sa_flags & SA_SIGINFO && sa.sa_sigaction == fn)
		return;
	if (!again)
		c->first = sa;
	/* ours, put back by signal(): what came next then is not known any more */
	if (sa.sa_sigaction == fn)
		c->next = c->first;
	else
		comes_next(c, &sa);
	c->fn = fn;
	sigaction(c->sig, &ours, NULL);
}

/* Several tasks may find at once that somebody else's handler is there. */
void host_signal_catch(int sig, host_handler fn)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

	pthread_mutex_lock(&lock);
	set(find(sig), fn);
	pthread_mutex_unlock(&lock);
}

/* What signal() does in a program, whatever it is called for. */
sighandler_t host_signal(int sig, sighandler_t handler)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_RESTART }, was;
	struct caught *c = find(sig);
	bool ours;

	if (sigaction(sig, NULL, &was))
		return SIG_ERR;
	ours = c && c->fn && was.sa_flags & SA_SIGINFO && was.sa_sigaction == c->fn;
	if (!ours) {
		sigaddset(&sa.sa_mask, sig);
		return sigaction(sig, &sa, &was) ? SIG_ERR : was.sa_handler;
	}
	was = c->next;
	comes_next(c, &sa);
	return was.sa_handler;
}

#if defined(__has_feature)
#if __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_PART_OF_PROGRAM 1
#endif
#endif
#if !defined(HAS_PART_OF_PROGRAM) && !defined(__SANITIZE_THREAD__)
/* Comes before libc's. */
sighandler_t signal(int sig, sighandler_t handler)
{
	return host_signal(sig, handler);
}
#endif

/* Whoever has displaced ours comes before all that ours has displaced. */
static struct sigaction next_of(const struct caught *c)
{
	struct sigaction sa;

	if (sigaction(c->sig, NULL, &sa) || sa.sa_sigaction == c->fn)
		return c->next;
	return sa;
}

bool host_signal_pass(int sig, siginfo_t *si, void *context)
{
	const struct sigaction to = next_of(find(sig));

	if (to.sa_flags & SA_SIGINFO)
		to.sa_sigaction(sig, si, context);
	else if (to.sa_handler != SIG_DFL && to.sa_handler != SIG_IGN)
		to.sa_handler(sig);
	else
		return false;
	return true;
}

bool host_signal_is_told(int sig)
{
	return find(sig)->next.sa_flags & SA_SIGINFO;
}

/* Does it say where the fault was? MSan's faults itself on another stack than the thread's. */
static bool tells(const struct sigaction *sa)
{
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
	return false;
#endif
#endif
	return sa->sa_flags & SA_SIGINFO;
}

void host_signal_child(void)
{
	static const struct sigaction none = { .sa_handler = SIG_DFL };
	struct caught *c;

	for (c = signals; c < signals + sizeof(signals) / sizeof(signals[0]); c++) {
		if (!c->fn)
			continue;
		set(c, c->fn);
		c->next = tells(&c->first) ? c->first : none;
	}
}

void host_signal_default(int sig)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };

	sigaction(sig, &sa, NULL);
}
