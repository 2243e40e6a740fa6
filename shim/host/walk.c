// SPDX-License-Identifier: GPL-2.0-only
/*
 * Call stacks: walked by frame pointers, those of faults and of what a
 * sanitizer found by unwind tables, since code of libraries lies between.
 *
 * Most stacks are those that were walked before, from the same frame: a thread
 * remembers where the frames of the last few hundred lay, and one that is found
 * unchanged, frame by frame, is not walked again. Names are host/stack.c's.
 */
#include <dlfcn.h>
#include <link.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "host/host.h"
#include "host/snapshot.h"
#include "host/walk.h"

/*
 * Where code is: a return address elsewhere is not one. Code without frame
 * pointers (a program not built by us) would otherwise end a walk with
 * rubbish, different each time. Readers take the current table as it is; an
 * old one is kept, since one may still be reading it, and used again when the
 * same is mapped again.
 */
struct code {
	struct code *next;	/* of all there were */
	unsigned int n;
	unsigned int number;	/* from 1 on */
	struct code_range {
		uintptr_t start, end;
		uintptr_t base;
		u64 object;	/* a hash of its path */
	} at[];			/* by address */
};

#define CODE_MAX 256
/* No stack is larger. */
#define STACK_MAX (8UL << 20)

static struct code *code, *all_code;
/* Where the last address was found, by whoever looked: most come from one object. */
static unsigned int code_hint;
/*
 * Return addresses that were found to be code, each with the number of the table
 * that said so in the bits that no address has.
 */
#define SEEN		4096
#define ADDRESS_BITS	47
static u64 seen[SEEN];

static u64 hash_of(const char *text)
{
	u64 h = 14695981039346656037ULL;

	while (text && *text)
		h = (h ^ (unsigned char)*text++) * 1099511628211ULL;
	return h;
}

static int add_code(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct code *c = arg;
	int i;

	for (i = 0; i < info->dlpi_phnum && c->n < CODE_MAX; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_X))
			continue;
		c->at[c->n].start = info->dlpi_addr + ph->p_vaddr;
		c->at[c->n].end = c->at[c->n].start + ph->p_memsz;
		c->at[c->n].base = info->dlpi_addr;
		c->at[c->n].object = hash_of(info->dlpi_name);
		c->n++;
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct code_range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static struct code *known_code(const struct code *like)
{
	struct code *c;

	for (c = all_code; c; c = c->next)
		if (c->n == like->n && !memcmp(c->at, like->at, c->n * sizeof(c->at[0])))
			break;
	return c;
}

static struct code *note_code(void)
{
	struct code *all = calloc(1, sizeof(*all) + CODE_MAX * sizeof(all->at[0])), *c;

	if (!all)
		abort();
	dl_iterate_phdr(add_code, all);
	qsort(all->at, all->n, sizeof(all->at[0]), by_start);
	c = known_code(all);
	if (c) {
		free(all);
	} else {
		c = realloc(all, sizeof(*c) + all->n * sizeof(c->at[0]));
		if (!c)
			c = all;
		c->number = all_code ? all_code->number + 1 : 1;
		c->next = all_code;
		__atomic_store_n(&all_code, c, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&code, c, __ATOMIC_RELEASE);
	return c;
}

void host_walk_note_code(void)
{
	note_code();
}

static bool is_in(const struct code *c, unsigned int i, uintptr_t addr)
{
	return i < c->n && addr >= c->at[i].start && addr < c->at[i].end;
}

/* Which row of the table it would be in. */
static unsigned int row_at(const struct code *c, uintptr_t addr)
{
	unsigned int low = 0, high = c->n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (addr < c->at[middle].end)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* NULL: no code is there. */
static const struct code_range *code_at(uintptr_t addr)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);
	unsigned int low = __atomic_load_n(&code_hint, __ATOMIC_RELAXED);

	if (!c)
		c = note_code();
	if (is_in(c, low, addr))
		return &c->at[low];
	low = row_at(c, addr);
	if (!is_in(c, low, addr))
		return NULL;
	__atomic_store_n(&code_hint, low, __ATOMIC_RELAXED);
	return &c->at[low];
}

static u64 *seen_slot(uintptr_t addr)
{
	return &seen[(addr ^ addr >> 12) % SEEN];
}

/* Of the table as it is now; no entry begins with the other. */
static u64 seen_begin(void)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);

	return c && !(c->number >> (64 - ADDRESS_BITS)) ? (u64)c->number << ADDRESS_BITS : ~0ULL;
}

/* What is not there yet is looked up; @begin is that of now. */
static __attribute__((noinline)) bool becomes_seen(uintptr_t addr, u64 begin)
{
	if (!code_at(addr))
		return false;
	if (begin != ~0ULL)
		__atomic_store_n(seen_slot(addr), begin | addr, __ATOMIC_RELAXED);
	return true;
}

static inline __attribute__((always_inline)) bool is_seen(uintptr_t addr, u64 begin)
{
	/* one with more bits than an address has gives another number */
	return (__atomic_load_n(seen_slot(addr), __ATOMIC_RELAXED) ^ addr) == begin;
}

bool host_is_code(const void *addr)
{
	return code_at((uintptr_t)addr);
}

bool host_was_code(const void *addr)
{
	const struct code *c;

	if (code_at((uintptr_t)addr))
		return true;
	for (c = __atomic_load_n(&all_code, __ATOMIC_ACQUIRE); c; c = c->next)
		if (is_in(c, row_at(c, (uintptr_t)addr), (uintptr_t)addr))
			return true;
	return false;
}

unsigned int host_code_table(void)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);

	return c ? c->number : 0;
}

u64 host_code_key(const void *pc)
{
	const struct code_range *r = code_at((uintptr_t)pc);

	return r ? r->object + ((uintptr_t)pc - r->base) : 0;
}

/*
 * Frames of code without frame pointers end a walk. Words from one to the next,
 * less one: of what is no whole number of words the upper bits are set.
 */
static inline __attribute__((always_inline)) bool is_outside(const uintptr_t *next,
							     const uintptr_t *frame)
{
	uintptr_t size = (uintptr_t)next - (uintptr_t)frame - sizeof(*frame);

	return (size >> 3 | size << 61) < STACK_MAX / sizeof(*frame);
}

/* *@last: the frame of the last entry; it and those before are ours, as @frame is. */
__attribute__((no_sanitize("address")))
static unsigned int walk_from(uintptr_t *frame, void **pc, unsigned int max, uintptr_t **last)
{
	u64 begin = seen_begin();
	unsigned int n = 0;

	while (n < max) {
		uintptr_t *next = (uintptr_t *)frame[0];
		uintptr_t ret = frame[1];

		if (!is_seen(ret, begin) && !becomes_seen(ret, begin))
			break;
		pc[n++] = (void *)ret;
		*last = frame;
		if (!is_outside(next, frame))
			break;
		frame = next;
	}
	return n;
}

/* The @skip innermost are the shim's own, and have frames. */
__attribute__((no_sanitize("address")))
static unsigned int walk(uintptr_t *frame, void **pc, unsigned int max, unsigned int skip)
{
	uintptr_t *last;

	while (skip--)
		frame = (uintptr_t *)frame[0];
	return walk_from(frame, pc, max, &last);
}

unsigned int host_stack(void **pc, unsigned int max, unsigned int skip)
{
	return walk(__builtin_frame_address(0), pc, max, skip);
}

/* ---- stacks that were walked before -------------------------------------------------- */

/* What a frame has: where the next one is, and where its function returns to. */
typedef unsigned long long link_t __attribute__((vector_size(16), aligned(8)));
typedef unsigned long long kept_link_t __attribute__((vector_size(16)));

/*
 * A stack from @frame on, as it was walked once: its @n frames, each with what
 * stood in it, and what was made of the return addresses. All frames lie in the
 * stack in which the first does.
 */
struct trail {
	uintptr_t frame;
	void *const *pc;
	struct trail *next;	/* what was asked for behind it, the last time */
	u32 table;		/* number of the table of code; 0: nothing is here */
	u32 n;
	kept_link_t at[HOST_KEPT_DEPTH];
};

/* Each may be in one of a few places in a row. */
#define TRAIL_BITS 9
#define TRAIL_WAYS 4
/* From the first frame to the last: what is further away is no frame of the same stack. */
#define TRAIL_MAX (64UL << 10)
#define TRAILS ((1 << TRAIL_BITS) + TRAIL_WAYS - 1)

/* The thread's own; made with the first. */
static __thread struct trails {
	struct trail *last;	/* that was asked for */
	struct trail trail[TRAILS];
} *trails __attribute__((tls_model("initial-exec")));

/* By the innermost frame, and who called whom in it and in the next two. */
__attribute__((no_sanitize("address")))
static inline __attribute__((always_inline)) struct trail *trails_of(const uintptr_t *frame)
{
	uintptr_t key = (uintptr_t)frame ^ frame[1] << 8;
	const uintptr_t *next = (uintptr_t *)frame[0], *third;

	if (is_outside(next, frame)) {
		key ^= next[1] << 20;
		third = (uintptr_t *)next[0];
		if (is_outside(third, next))
			key ^= third[1] << 32;
	}
	return &trails->trail[key * 0x9e3779b97f4a7c15ULL >> (64 - TRAIL_BITS)];
}

static inline __attribute__((always_inline)) bool is_any(link_t differs)
{
	return differs[0] | differs[1];
}

/* Is it all as it was? Some frames at a time: those that were there can be read. */
__attribute__((no_sanitize("address")))
static inline __attribute__((always_inline)) bool is_trail(const struct trail *t)
{
	const kept_link_t *at = t->at, *end = at + t->n;
	const link_t *frame = (const link_t *)t->frame;

	for (; at + 4 <= end; at += 4) {
		const link_t *second = (const link_t *)at[0][0];
		const link_t *third = (const link_t *)at[1][0];
		const link_t *fourth = (const link_t *)at[2][0];

		if (is_any((*frame ^ at[0]) | (*second ^ at[1]) |
			   (*third ^ at[2]) | (*fourth ^ at[3])))
			return false;
		frame = (const link_t *)at[3][0];
	}
	for (; at < end; at++) {
		if (is_any(*frame ^ *at))
			return false;
		frame = (const link_t *)at[0][0];
	}
	return true;
}

static void begin_trails(void)
{
	trails = host_keep(sizeof(*trails));
	trails->last = trails->trail;
}

void host_walk_forget(void)
{
	if (trails)
		host_keep_free(trails, sizeof(*trails));
	trails = NULL;
}

/*
 * What ended at something that is no code now may go on there later, and makes none;
 * nor does what is too far away to be all of one stack.
 */
__attribute__((no_sanitize("address")))
static void note_trail(struct trail *t, uintptr_t *frame, void *const *pc, unsigned int n)
{
	uintptr_t *first = frame;
	unsigned int i;

	t->table = 0;
	t->frame = (uintptr_t)frame;
	for (i = 0; i < n; i++) {
		t->at[i] = *(const link_t *)frame;
		if (i + 1 < n)
			frame = (uintptr_t *)frame[0];
	}
	if (!n || (n < HOST_KEPT_DEPTH && is_outside((uintptr_t *)frame[0], frame)) ||
	    (uintptr_t)frame - (uintptr_t)first > TRAIL_MAX)
		return;
	t->pc = pc;
	t->n = n;
	t->table = host_code_table();
}

static void comes_next(struct trail *t)
{
	trails->last->next = t;
	trails->last = t;
}

__attribute__((no_sanitize("address"), noinline))
static void *const *walk_anew(struct trail *of, uintptr_t *frame, host_keep_fn keep)
{
	static __thread unsigned int turn __attribute__((tls_model("initial-exec")));
	void *pc[HOST_KEPT_DEPTH], *const *kept;
	uintptr_t *last;
	unsigned int i, n = walk_from(frame, pc, HOST_KEPT_DEPTH, &last);

	kept = keep(pc, n);
	for (i = 0; i < TRAIL_WAYS && of[i].table; i++)
		;
	of += i < TRAIL_WAYS ? i : turn++ % TRAIL_WAYS;
	note_trail(of, frame, kept, n);
	comes_next(of);
	return kept;
}

/* It was not the one that came the last time. */
__attribute__((no_sanitize("address"), noinline))
static void *const *look_trail_up(const struct code *c, uintptr_t *frame, host_keep_fn keep)
{
	struct trail *of = trails_of(frame), *t;

	for (t = of; c && t < of + TRAIL_WAYS; t++) {
		if (t->frame != (uintptr_t)frame || t->table != c->number || !is_trail(t))
			continue;
		comes_next(t);
		return t->pc;
	}
	return walk_anew(of, frame, keep);
}

__attribute__((no_sanitize("address")))
void *const *host_stack_kept(unsigned int skip, host_keep_fn keep)
{
	const struct code *c = __atomic_load_n(&code, __ATOMIC_ACQUIRE);
	uintptr_t *frame = __builtin_frame_address(0);
	struct trail *t;
	unsigned int n;

#pragma GCC unroll 4
	for (n = 0; n < HOST_STACK_OWN; n++)
		frame = (uintptr_t *)frame[0];
	for (; n < skip; n++)
		frame = (uintptr_t *)frame[0];
	if (!trails)
		begin_trails();
	t = trails->last->next;
	if (!c || !t || t->frame != (uintptr_t)frame || t->table != c->number || !is_trail(t))
		return look_trail_up(c, frame, keep);
	trails->last = t;
	return t->pc;
}

/* ---- from elsewhere ------------------------------------------------------------------ */

/* Is it where the frame outside of @frame may be, in a stack that ends behind @high? */
static inline __attribute__((always_inline)) bool is_further(uintptr_t next,
							     const uintptr_t *frame,
							     uintptr_t high)
{
	return next > (uintptr_t)frame && next <= high;
}

/* The frame from which host_stack_since() tells; @here if none nearby returns to @ip. */
__attribute__((no_sanitize("address")))
static inline __attribute__((always_inline)) uintptr_t *frame_since(uintptr_t *here, uintptr_t ip,
								    uintptr_t high)
{
	uintptr_t *frame = here;
	unsigned int n;

#pragma GCC unroll 4
	for (n = 0; n < HOST_STACK_OWN; n++)
		frame = (uintptr_t *)frame[0];
	if (frame[1] == ip)
		return frame;
	for (n = 0; is_further(frame[0], frame, high); n++) {
		frame = (uintptr_t *)frame[0];
		if (frame[1] == ip)
			return frame;
		if (n == 7)
			break;
	}
	return here;
}

/* On another stack than is known. */
static __attribute__((noinline)) void walk_since(uintptr_t *here, void **pc, const void **last)
{
	uintptr_t *frame = here;
	unsigned int n = walk_from(here, pc, HOST_STACK_SINCE, &frame);

	if (n < HOST_STACK_SINCE)
		pc[n] = NULL;
	*last = frame;
}

/* Bounded by the stack's end; what is returned to is not looked at. */
__attribute__((no_sanitize("address")))
void host_stack_since(unsigned long ip, const struct host_range *stack, void **pc,
		      const void **last)
{
	uintptr_t *here = __builtin_frame_address(0), *frame;
	uintptr_t high = stack->high - 2 * sizeof(*frame);
	unsigned int n;

	if ((uintptr_t)here < stack->low || (uintptr_t)here >= high) {
		walk_since(here, pc, last);
		return;
	}
	frame = frame_since(here, ip, high);
#pragma GCC unroll 4
	for (n = 0; n < HOST_STACK_SINCE; ) {
		pc[n++] = (void *)frame[1];
		if (n == HOST_STACK_SINCE)
			break;
		if (!is_further(frame[0], frame, high)) {
			pc[n] = NULL;
			break;
		}
		frame = (uintptr_t *)frame[0];
	}
	*last = frame;
}

__attribute__((no_sanitize("address")))
unsigned int host_stack_beyond(const void *last, const void *ret, void **pc, unsigned int max)
{
	uintptr_t *frame = __builtin_frame_address(0), *at;

	while (frame < (uintptr_t *)last && is_outside((uintptr_t *)frame[0], frame))
		frame = (uintptr_t *)frame[0];
	if (frame != last || frame[1] != (uintptr_t)ret || !is_outside((uintptr_t *)frame[0], frame))
		return 0;
	return walk_from((uintptr_t *)frame[0], pc, max, &at);
}

unsigned int host_stack_from(const void *frame, void **pc, unsigned int max)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), at = (uintptr_t)frame;

	if (at & 7 || at <= here || at - here > STACK_MAX)
		return 0;
	return walk((uintptr_t *)at, pc, max, 0);
}

__attribute__((no_sanitize("address")))
uintptr_t host_frame_of(uintptr_t frame, uintptr_t high, uintptr_t addr, void **ret)
{
	uintptr_t next;

	for (; !(frame & 7) && high - frame >= 16 && frame < high; frame = next) {
		next = ((uintptr_t *)frame)[0];
		*ret = ((void **)frame)[1];
		if (frame > addr)
			return frame;
		if (next <= frame)
			break;
	}
	return 0;
}

unsigned int host_stack_at(const void *frame, void **pc, unsigned int max)
{
	return walk((uintptr_t *)frame, pc, max, 0);
}

struct unwinding {
	uintptr_t from;		/* the frame at which this program counter is begins it; 0: all */
	void **pc;
	unsigned int n, max;
	struct unwinding *outer;	/* which a signal interrupted */
	sigjmp_buf end;
};

/* What this thread does now. */
static __thread struct unwinding *unwinds;

static _Unwind_Reason_Code unwind_frame(struct _Unwind_Context *frame, void *arg)
{
	struct unwinding *u = arg;
	int before = 0;
	uintptr_t pc = _Unwind_GetIPInfo(frame, &before);

	if (u->from && pc != u->from)
		return _URC_NO_REASON;
	u->from = 0;
	if (!pc || u->n == u->max)
		return _URC_END_OF_STACK;
	/* one that a signal interrupted has not called: as if it had */
	u->pc[u->n++] = (void *)(pc + before);
	return _URC_NO_REASON;
}

unsigned int host_stack_unwind(const void *from, void **pc, unsigned int max)
{
	struct unwinding u = { .from = (uintptr_t)from, .pc = pc, .max = max, .outer = unwinds };

	unwinds = &u;
	if (!sigsetjmp(u.end, 1))
		_Unwind_Backtrace(unwind_frame, &u);
	unwinds = u.outer;
	return u.n;
}

void host_unwind_fault(unsigned long addr)
{
	struct unwinding *u = unwinds;

	if (!u)
		return;
	/* without a table the unwinder looks at the code itself */
	if (u->n < u->max && host_is_unloaded(addr))
		u->pc[u->n++] = (void *)addr;
	siglongjmp(u->end, 1);
}
