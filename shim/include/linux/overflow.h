/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic that says when it overflowed, over the compiler's builtins. */
#ifndef _LINUX_OVERFLOW_H
#define _LINUX_OVERFLOW_H

#include <linux/compiler.h>
#include <linux/const.h>
#include <linux/limits.h>
#include <linux/types.h>

static inline bool __must_check __must_check_overflow(bool overflow)
{
	return unlikely(overflow);
}

#define check_add_overflow(a, b, d) \
	__must_check_overflow(__builtin_add_overflow(a, b, d))
#define check_sub_overflow(a, b, d) \
	__must_check_overflow(__builtin_sub_overflow(a, b, d))
#define check_mul_overflow(a, b, d) \
	__must_check_overflow(__builtin_mul_overflow(a, b, d))

/* Written so that no compiler finds a comparison that is always false. */
#define um_non_negative(a) ((a) > 0 || (a) == 0)

/* True when bits are lost, the shift is out of range, or a sign is involved. */
#define check_shl_overflow(a, s, d)					\
({									\
	typeof(a) __um_a = (a);						\
	typeof(s) __um_s = (s);						\
	typeof(d) __um_d = (d);						\
	unsigned long long __um_wide = (unsigned long long)__um_a;	\
	bool __um_bad = !um_non_negative(__um_a) || !um_non_negative(__um_s) || \
			(unsigned long long)__um_s >= 8 * sizeof(*__um_d); \
									\
	*__um_d = __um_bad ? 0 : (typeof(*__um_d))(__um_wide << __um_s); \
	__um_bad || !um_non_negative(*__um_d) ||					\
		((unsigned long long)*__um_d >> __um_s) != __um_wide;	\
})

static inline size_t size_mul(size_t a, size_t b)
{
	size_t bytes;

	return check_mul_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t size_add(size_t a, size_t b)
{
	size_t bytes;

	return check_add_overflow(a, b, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t size_sub(size_t minuend, size_t subtrahend)
{
	size_t bytes;

	if (minuend == SIZE_MAX || subtrahend == SIZE_MAX ||
	    check_sub_overflow(minuend, subtrahend, &bytes))
		return SIZE_MAX;
	return bytes;
}

static inline size_t array_size(size_t a, size_t b)
{
	return size_mul(a, b);
}

static inline size_t array3_size(size_t a, size_t b, size_t c)
{
	return size_mul(size_mul(a, b), c);
}

#define flex_array_size(p, member, count) \
	size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count) \
	size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count) \
	struct_size((type *)NULL, member, count)

#endif
