/* SPDX-License-Identifier: GPL-2.0-only */
/* Logarithms and powers of two, constant for constants. */
#ifndef _LINUX_LOG2_H
#define _LINUX_LOG2_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* Constant expressions stay constant: usable in initialisers and sizes. */
#define ilog2(n) \
	((n) < 2 ? 0 : (int)(63 - __builtin_clzll((unsigned long long)(n))))
#define const_ilog2(n) ilog2(n)

static inline __attribute_const__ bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static inline __attribute_const__ unsigned long __roundup_pow_of_two(unsigned long n)
{
	return n == 1 ? 1UL : 1UL << (63 - __builtin_clzll(n - 1) + 1);
}

/* A function of what is no constant: its branch is no branch of the caller's. */
#define roundup_pow_of_two(n)						\
	__builtin_choose_expr(__builtin_constant_p(n),			\
		((n) == 1 ? 1UL :					\
		 (1UL << (63 - __builtin_clzll((unsigned long long)((n) - 1)) + 1))), \
		__roundup_pow_of_two(n))
#define rounddown_pow_of_two(n) \
	(1UL << (63 - __builtin_clzll((unsigned long long)(n))))
#define order_base_2(n) \
	((n) > 1 ? (int)(63 - __builtin_clzll((unsigned long long)((n) - 1))) + 1 : 0)
#define bits_per(n) \
	((n) < 2 ? 1 : (int)(63 - __builtin_clzll((unsigned long long)(n))) + 1)

#endif
