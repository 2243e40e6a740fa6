/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An index that a user gave, so that it cannot be too large even where a
 * processor runs ahead of the check: without a branch, and computed of what
 * the compiler does not know.
 */
#ifndef _LINUX_NOSPEC_H
#define _LINUX_NOSPEC_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/barrier.h>

/* All ones if @index is below @size, else zero. */
static inline unsigned long array_index_mask_nospec(unsigned long index,
						    unsigned long size)
{
	OPTIMIZER_HIDE_VAR(index);
	return -(unsigned long)(index < size);
}

/* @index if it is below @size, else 0. Each is evaluated once. */
#define array_index_nospec(index, size)					\
({									\
	typeof(index) __um_index = (index);				\
	unsigned long __um_mask =					\
		array_index_mask_nospec(__um_index, (size));		\
									\
	(typeof(__um_index))(__um_index & __um_mask);			\
})

#define barrier_nospec() barrier()

#endif
