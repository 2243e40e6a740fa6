/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _ASM_DIV64_H
#define _ASM_DIV64_H

#include <linux/types.h>

/* Divides @n in place; the value is the remainder. */
#define do_div(n, base)							\
({									\
	u32 __um_base = (base);						\
	u32 __um_rem = (u64)(n) % __um_base;				\
	(n) = (u64)(n) / __um_base;					\
	__um_rem;							\
})

#endif
