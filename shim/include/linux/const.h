/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants for C and assembler: user space's header, and what is a constant to
 * the language, not only to the optimizer. Left out: const_true().
 */
#ifndef _LINUX_CONST_H_SHIM
#define _LINUX_CONST_H_SHIM

#include_next <linux/const.h>

/* Times zero it is a null pointer only then, and the type of the whole the other's. */
#define __is_constexpr(x)						\
	__builtin_types_compatible_p(					\
		typeof(1 ? (void *)((long)(x) * 0) : (int *)1), int *)

#endif
