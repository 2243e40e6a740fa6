// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers. A switch saves what a function call must keep and changes the stack:
 * in assembly on x86-64 and aarch64, by ucontext elsewhere, whose system call
 * makes it a hundred times slower. The state of floating point is that of the
 * thread.
 *
 * ASan is told of each switch, and that a stack is clean when it is used again;
 * to TSan a fiber is a thread, and a switch is no order: two that race do so
 * here too. Stacks are kept for reuse, each with a page below it that faults.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
/* UMDEV_UCONTEXT: what other processors have, for its test */
#if (!defined(__x86_64__) && !defined(__aarch64__)) || defined(UMDEV_UCONTEXT)
#define BY_UCONTEXT 1
#include <ucontext.h>
#endif

#include "host/fiber.h"
#include "host/snapshot.h"
#include "host/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#elif __has_feature(memory_sanitizer)
#define HAVE_MSAN 1
#include <sanitizer/msan_interface.h>
#endif
#endif

/* libdw, which names the lines of a report, takes up to 400 KiB at once. */
#define STACK_SIZE	(1024UL * 1024)
#define GUARD		4096UL

struct host_fiber {
	void *sp;			/* where it was left */
	char *stack;			/* NULL: the thread's own */
	void (*fn)(void *arg);
	void *arg;
	struct host_fiber *next;	/* in the pool */
	struct host_fiber *made_before;	/* of those with a stack */
	bool idle;			/* in the pool */
	/* of ASan */
	void *fake;
	const void *bottom;
	size_t size;
	void *tsan;
	bool used_again;		/* is @tsan */
#ifdef BY_UCONTEXT
	ucontext_t context;
#endif
};

static struct {
	struct host_fiber *running, *before;
	struct host_fiber *pool;
	struct host_fiber *made_last;
} fibers;

/* ---- sanitizers ---------------------------------------------------------------- */

#ifdef HAVE_ASAN
void __sanitizer_start_switch_fiber(void **fake, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *fake, const void **bottom, size_t *size);
void __asan_unpoison_memory_region(void const volatile *addr, size_t size);

static void switch_begins(struct host_fiber *from, struct host_fiber *to, bool leaves)
{
	__sanitizer_start_switch_fiber(leaves ? NULL : &from->fake, to->bottom, to->size);
}

/* In the one that has been switched to; what it came from may be the thread's own stack. */
static void switch_ends(struct host_fiber *self)
{
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(self->fake, &bottom, &size);
	if (fibers.before && !fibers.before->stack) {
		fibers.before->bottom = bottom;
		fibers.before->size = size;
	}
}

static void clean(struct host_fiber *f)
{
	__asan_unpoison_memory_region(f->stack, STACK_SIZE);
}
#elif defined(HAVE_MSAN)
static void switch_begins(struct host_fiber *from, struct host_fiber *to, bool leaves)
{
	__msan_start_switch_fiber(to->bottom, to->size);
}

static void switch_ends(struct host_fiber *self)
{
	const void *bottom;
	size_t size;

	__msan_finish_switch_fiber(&bottom, &size);
	if (fibers.before && !fibers.before->stack) {
		fibers.before->bottom = bottom;
		fibers.before->size = size;
	}
}

static void clean(struct host_fiber *f)
{
	__msan_unpoison(f->stack, STACK_SIZE);
}
#else
static void switch_begins(struct host_fiber *from, struct host_fiber *to, bool leaves)
{
}

static void switch_ends(struct host_fiber *self)
{
}

static void clean(struct host_fiber *f)
{
}
#endif

#ifdef UMDEV_TSAN
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned int flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned int flags);
#define NO_SYNC 1

static void tsan_adopt(struct host_fiber *f)
{
	f->tsan = __tsan_get_current_fiber();
}

void __tsan_acquire(void *addr);
void __tsan_release(void *addr);

/*
 * What TSan has of a fiber takes as long to be made and unmade as a short schedule. It is
 * used again when all is known to have been ended that it has run.
 */
#define MAX_KEPT 16

static struct {
	void *tsan[MAX_KEPT];		/* the first @n_ended may be used */
	unsigned int n, n_ended;
	bool on;
} kept;

void host_fiber_all_ended(void)
{
	kept.n_ended = kept.n;
	kept.on = true;
}

static void tsan_new(struct host_fiber *f)
{
	f->used_again = kept.n_ended > 0;
	if (!f->used_again) {
		f->tsan = __tsan_create_fiber(0);
		return;
	}
	f->tsan = kept.tsan[--kept.n_ended];
	kept.tsan[kept.n_ended] = kept.tsan[--kept.n];
	/* what has been up to here comes before it, as with one that is made */
	__tsan_release(f);
}

static void tsan_begins(struct host_fiber *f)
{
	if (f->used_again)
		__tsan_acquire(f);
}

static void tsan_free(struct host_fiber *f)
{
	if (kept.on && kept.n < MAX_KEPT)
		kept.tsan[kept.n++] = f->tsan;
	else
		__tsan_destroy_fiber(f->tsan);
}

static inline __attribute__((__always_inline__)) void tsan_switch(struct host_fiber *to)
{
	__tsan_switch_to_fiber(to->tsan, NO_SYNC);
}
#else
static void tsan_adopt(struct host_fiber *f)
{
}

static void tsan_new(struct host_fiber *f)
{
}

static void tsan_begins(struct host_fiber *f)
{
}

static void tsan_free(struct host_fiber *f)
{
}

void host_fiber_all_ended(void)
{
}

static inline __attribute__((__always_inline__)) void tsan_switch(struct host_fiber *to)
{
}
#endif

/* ---- the switch ------------------------------------------------------------------ */

static void __attribute__((__used__)) fiber_entry(void)
{
	struct host_fiber *self = fibers.running;

	switch_ends(self);
	tsan_begins(self);
	self->fn(self->arg);
	abort();
}

#ifdef BY_UCONTEXT
static void prepare(struct host_fiber *f)
{
	getcontext(&f->context);
	f->context.uc_stack.ss_sp = f->stack;
	f->context.uc_stack.ss_size = STACK_SIZE;
	makecontext(&f->context, fiber_entry, 0);
}

static void change(struct host_fiber *from, struct host_fiber *to)
{
	swapcontext(&from->context, &to->context);
}

static __attribute__((__unused__)) void *frame_of(const struct host_fiber *f)
{
	return NULL;
}
#elif defined(__x86_64__)
void um_fiber_switch(void **save, void *sp);
__asm__(".text\n"
	".type um_fiber_switch, @function\n"
	"um_fiber_switch:\n"
	"	push %rbp\n"
	"	push %rbx\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbx\n"
	"	pop %rbp\n"
	"	ret\n"
	".size um_fiber_switch, . - um_fiber_switch\n");

/* As if it had been left by a call at its very beginning: no caller, no frame. */
static void prepare(struct host_fiber *f)
{
	void **sp = (void **)(f->stack + STACK_SIZE);

	*--sp = NULL;
	*--sp = fiber_entry;
	sp -= 6;
	memset(sp, 0, 6 * sizeof(*sp));
	f->sp = sp;
}

static void change(struct host_fiber *from, struct host_fiber *to)
{
	um_fiber_switch(&from->sp, to->sp);
}

static __attribute__((__unused__)) void *frame_of(const struct host_fiber *f)
{
	return ((void **)f->sp)[5];
}
#elif defined(__aarch64__)
void um_fiber_switch(void **save, void *sp);
__asm__(".text\n"
	".type um_fiber_switch, %function\n"
	"um_fiber_switch:\n"
	"	sub sp, sp, #160\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #160\n"
	"	ret\n"
	".size um_fiber_switch, . - um_fiber_switch\n");

static void prepare(struct host_fiber *f)
{
	void **sp = (void **)(f->stack + STACK_SIZE - 160);

	memset(sp, 0, 160);
	sp[11] = fiber_entry;	/* x30 */
	f->sp = sp;
}

static void change(struct host_fiber *from, struct host_fiber *to)
{
	um_fiber_switch(&from->sp, to->sp);
}

static __attribute__((__unused__)) void *frame_of(const struct host_fiber *f)
{
	return ((void **)f->sp)[10];
}
#endif

/* Of a thread what it was made with; asked once for each task. */
static void thread_range(struct host_range *r)
{
	pthread_attr_t attr;
	void *low;
	size_t size;

	*r = (struct host_range){ };
	if (pthread_getattr_np(pthread_self(), &attr))
		return;
	if (!pthread_attr_getstack(&attr, &low, &size)) {
		r->low = (uintptr_t)low;
		r->high = r->low + size;
	}
	pthread_attr_destroy(&attr);
}

void host_stack_range(struct host_range *r)
{
	const struct host_fiber *f = fibers.running;

	if (!f || !f->stack) {
		thread_range(r);
		return;
	}
	r->low = (uintptr_t)f->stack;
	r->high = r->low + STACK_SIZE;
}

/* ---- fibers ------------------------------------------------------------------------ */

struct host_fiber *host_fiber_adopt(void)
{
	struct host_fiber *f = host_need(sizeof(*f));

	tsan_adopt(f);
	fibers.running = f;
	return f;
}

static char *new_stack(void)
{
	char *p = mmap(NULL, GUARD + STACK_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	if (p == MAP_FAILED || mprotect(p, GUARD, PROT_NONE)) {
		perror("umdev: no stack for a fiber");
		host_abort();
	}
	/* what is only known there is no leak */
	host_memory_root(p + GUARD, STACK_SIZE);
	return p + GUARD;
}

static struct host_fiber *make(void)
{
	struct host_fiber *f = host_need(sizeof(*f));

	host_snapshot_spoil();
	f->stack = new_stack();
	f->made_before = fibers.made_last;
	fibers.made_last = f;
	return f;
}

void host_fiber_spare(unsigned int n)
{
	struct host_fiber *f;

	for (f = fibers.pool; f && n; f = f->next)
		n--;
	while (n--) {
		f = make();
		f->idle = true;
		f->next = fibers.pool;
		fibers.pool = f;
	}
}

struct host_fiber *host_fiber_new(void (*fn)(void *arg), void *arg)
{
	struct host_fiber *f = fibers.pool;

	if (f)
		fibers.pool = f->next;
	else
		f = make();
	f->idle = false;
	f->fn = fn;
	f->arg = arg;
	f->fake = NULL;
	f->bottom = f->stack;
	f->size = STACK_SIZE;
	tsan_new(f);
	prepare(f);
	return f;
}

#ifdef UMDEV_TSAN
/*
 * TSan takes fibers for threads that a fork would leave behind, and from then on
 * ignores what orders tasks, atomic operations as well. So there are none of them
 * while the process is forked. What they are made anew with has the clock of the
 * thread, and on its stack the functions that the fiber has entered.
 */
#define MAX_ENTERED 128

void __tsan_func_entry(void *pc);

static bool waits(const struct host_fiber *f)
{
	return f != fibers.running && !f->idle;
}

static void tsan_again(struct host_fiber *f)
{
	void *self = __tsan_get_current_fiber(), *pc[MAX_ENTERED];
	void *frame = frame_of(f);
	unsigned int n = frame ? host_stack_at(frame, pc, MAX_ENTERED) : 0;

	f->tsan = __tsan_create_fiber(0);
	__tsan_switch_to_fiber(f->tsan, NO_SYNC);
	while (n--)
		__tsan_func_entry(pc[n]);
	__tsan_switch_to_fiber(self, NO_SYNC);
}

void host_fiber_fork_begins(void)
{
	struct host_fiber *f;

	while (kept.n)
		__tsan_destroy_fiber(kept.tsan[--kept.n]);
	kept.n_ended = 0;
	for (f = fibers.made_last; f; f = f->made_before)
		if (waits(f))
			__tsan_destroy_fiber(f->tsan);
}

void host_fiber_fork_ends(void)
{
	struct host_fiber *f;

	for (f = fibers.made_last; f; f = f->made_before)
		if (waits(f))
			tsan_again(f);
}
#else
void host_fiber_fork_begins(void)
{
}

void host_fiber_fork_ends(void)
{
}
#endif

static void switch_to(struct host_fiber *to, bool leaves)
{
	struct host_fiber *from = fibers.running;

	switch_begins(from, to, leaves);
	fibers.before = from;
	fibers.running = to;
	tsan_switch(to);
	change(from, to);
	switch_ends(from);
}

void host_fiber_switch(struct host_fiber *to)
{
	if (to != fibers.running)
		switch_to(to, false);
}

void host_fiber_leave(struct host_fiber *to)
{
	switch_to(to, true);
	abort();
}

void host_fiber_free(struct host_fiber *f)
{
	tsan_free(f);
	clean(f);
	f->idle = true;
	f->next = fibers.pool;
	fibers.pool = f;
}

__attribute__((no_sanitize("address")))
u64 host_fiber_returns(const void *frame, unsigned int skip, unsigned int n)
{
	const struct host_fiber *f = fibers.running;
	const uintptr_t *at = frame;
	uintptr_t high, next;
	u64 all = 0;

	if (!f || !f->stack)
		return 0;
	high = (uintptr_t)f->stack + STACK_SIZE - 2 * sizeof(*at);
	for (n += skip; n; n--) {
		if (skip)
			skip--;
		else
			all = (all ^ at[1]) * 0x9e3779b97f4a7c15ULL;
		next = at[0];
		if (next <= (uintptr_t)at || next > high || next & (sizeof(*at) - 1))
			break;
		at = (const uintptr_t *)next;
	}
	return all;
}

/* ---- for host/snapshot.c ------------------------------------------------------------ */

bool host_fiber_can_be_copied(void)
{
#ifdef BY_UCONTEXT
	return false;
#else
	return fibers.running;
#endif
}

static const struct host_fiber *nth(unsigned int i)
{
	const struct host_fiber *f = fibers.made_last;

	while (f && i--)
		f = f->made_before;
	return f;
}

bool host_fiber_stack(unsigned int i, uintptr_t *low, uintptr_t *high)
{
	const struct host_fiber *f = nth(i);

	if (!f)
		return false;
	*low = (uintptr_t)f->stack;
	*high = *low + STACK_SIZE;
	return true;
}

bool host_fiber_live(unsigned int i, char **low, char **high)
{
	const struct host_fiber *f = nth(i);

	if (!f)
		return false;
	*low = f->idle || f == fibers.running ? NULL : f->sp;
	*high = f->stack + STACK_SIZE;
	return true;
}
