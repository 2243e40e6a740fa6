// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that nobody has written, so that it can be told when a user gets it.
 *
 * MSan knows of each byte. In other builds such memory holds a pattern, by which
 * it is recognised: eight bytes that nothing else consists of, and that are no
 * address, so that whoever follows a pointer read there faults. Where gcc fills
 * what lies on stacks (-ftrivial-auto-var-init=pattern) its own pattern counts,
 * too, there only.
 *
 * The pattern shows what lies as it was allocated, or was copied by multiples
 * of four bytes, and is a whole aligned word: eight bytes, or four where no more
 * than SMALL are looked at. It does not show smaller holes, nor padding on a
 * stack, which gcc clears. No chance makes it up: of copies of SMALL random bytes
 * one in 60 million has such a word. A user who has sent gcc's pattern himself
 * gets it back unsuspected.
 */
#include <stdlib.h>
#include <string.h>

#include "host/memory.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define UM_MSAN 1
#include <sanitizer/msan_interface.h>
#endif
#endif

#ifdef UM_MSAN
void __msan_set_alloca_origin_with_descr(void *p, size_t size, u32 *id, const char *what);
u32 __msan_chain_origin(u32 id);

/* Where it comes from, as MSan numbers it; told as an allocation on a stack. */
static u32 origin;

static void __attribute__((__constructor__)) msan_init(void)
{
	char here;

	__msan_set_alloca_origin_with_descr(&here, 1, &origin, HOST_UNWRITTEN_ORIGIN);
}

static void unwritten(void *p, size_t size, u32 from)
{
	__msan_poison(p, size);
	__msan_set_origin(p, size, from);
}

/* To MSan each view of a page is memory of its own: written in one is written in both. */
void host_memory_unwritten(void *p, size_t size)
{
	void *other = host_memory_other_view(p);
	/* with the stack of this call */
	u32 from = __msan_chain_origin(origin);

	unwritten(p, size, from);
	if (other)
		unwritten(other, size, from);
}

void host_memory_written(const void *p, size_t size)
{
	const void *other = host_memory_other_view(p);

	__msan_unpoison(p, size);
	if (other)
		__msan_unpoison(other, size);
}

/* How far from @p the first byte is that was not written there; @size: none. */
static size_t find(const char *p, size_t size)
{
	ssize_t at = __msan_test_shadow(p, size);

	return at < 0 ? size : at;
}

/* @p: where it was not written; is it in the other view? */
static bool is_unwritten(const char *p)
{
	const void *other = host_memory_other_view(p);

	return !other || !__msan_test_shadow(other, 1);
}

size_t host_memory_find_unwritten(const void *start, size_t size, size_t *n)
{
	const char *p = start;
	size_t at = 0;

	for (*n = 0; (at += find(p + at, size - at)) < size; at++)
		if (is_unwritten(p + at))
			break;
	while (at + *n < size && !find(p + at + *n, 1) && is_unwritten(p + at + *n))
		++*n;
	return at;
}

void host_memory_sent(const void *p, size_t size)
{
}
#else
#define WORD	sizeof(u64)
#define HALF	sizeof(u32)
#define SMALL	128UL
/* No more than this lies between two frames of a task's stack. */
#define NEAR	(1024L * 1024)

/* A page may be looked at that its driver has freed: that is told elsewhere. */
#define UNSEEN __attribute__((__no_sanitize_address__))

static const u64 pattern = HOST_UNWRITTEN;

/* Ends that are not aligned hold what an aligned word there would hold. */
void host_memory_unwritten(void *start, size_t size)
{
	char *p = start;
	size_t skew = (uintptr_t)p % WORD, n;

	for (; size; p += n, size -= n, skew = 0) {
		n = WORD - skew < size ? WORD - skew : size;
		if (n == WORD)
			memcpy(p, &pattern, WORD);
		else
			memcpy(p, (const char *)&pattern + skew, n);
	}
}

void host_memory_written(const void *p, size_t size)
{
}

static UNSEEN bool is_pattern(const char *p)
{
	u64 word;

	memcpy(&word, p, WORD);
	return word == pattern || word == (pattern << 32 | pattern >> 32);
}

static UNSEEN bool is_half(const char *p)
{
	u32 half;

	memcpy(&half, p, HALF);
	return half == (u32)pattern || half == (u32)(pattern >> 32);
}

#ifdef UMDEV_STACK_PATTERN
static bool stack_pattern_sent;

static UNSEEN bool is_stack_pattern(const char *p)
{
	u64 word;

	memcpy(&word, p, WORD);
	return word == ~0ULL / 255 * UMDEV_STACK_PATTERN;
}

static bool is_on_stack(const char *p)
{
	return labs(p - (const char *)__builtin_frame_address(0)) < NEAR &&
	       !__atomic_load_n(&stack_pattern_sent, __ATOMIC_RELAXED);
}
#else
static bool is_stack_pattern(const char *p)
{
	return false;
}

static bool is_on_stack(const char *p)
{
	return false;
}
#endif

/* How many bytes at @p nobody has written, as far as a word there tells: 0 for none. */
static size_t unwritten(const char *p, size_t left, bool small, bool stack)
{
	bool whole = left >= WORD && !((uintptr_t)p % WORD);

	if (whole && (is_pattern(p) || (stack && is_stack_pattern(p))))
		return WORD;
	return small && left >= HALF && is_half(p) ? HALF : 0;
}

size_t host_memory_find_unwritten(const void *start, size_t size, size_t *n)
{
	size_t at = -(uintptr_t)start % HALF, more;
	const char *p = start;
	bool small = size <= SMALL, stack = is_on_stack(p);

	for (*n = 0; at < size; at += HALF) {
		*n = unwritten(p + at, size - at, small, stack);
		if (*n)
			break;
	}
	if (!*n)
		return size;
	while ((more = unwritten(p + at + *n, size - at - *n, small, stack)))
		*n += more;
	return at;
}

/* What a user sends may come back to him. */
void host_memory_sent(const void *start, size_t size)
{
#ifdef UMDEV_STACK_PATTERN
	const char *p = start;
	size_t at;

	for (at = 0; at + WORD <= size; at++)
		if (p[at] == (char)UMDEV_STACK_PATTERN && is_stack_pattern(p + at))
			__atomic_store_n(&stack_pattern_sent, true, __ATOMIC_RELAXED);
#endif
}
#endif
