/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fields of a register, each named by a constant mask of consecutive bits; a
 * mask that is none does not compile. Left out: the check of constant values
 * (what does not fit is cut off), and the forms for words of a given byte order.
 */
#ifndef _LINUX_BITFIELD_H
#define _LINUX_BITFIELD_H

#include <linux/build_bug.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define um_field_shift(mask) __builtin_ctzll(mask)
/* A mask plus its lowest bit is a power of two, or nothing. */
#define um_field_check(mask)						\
	BUILD_BUG_ON_MSG(!(mask) || (((u64)(mask) + ((u64)(mask) & -(u64)(mask))) & \
				     ((u64)(mask) + ((u64)(mask) & -(u64)(mask)) - 1)), \
			 "the mask is not one of consecutive bits")

/* The largest value of the field. */
#define FIELD_MAX(mask)							\
({									\
	um_field_check(mask);						\
	(typeof(mask))((mask) >> um_field_shift(mask));			\
})

#define FIELD_FIT(mask, val)						\
({									\
	um_field_check(mask);						\
	!((((typeof(mask))(val)) << um_field_shift(mask)) & ~(mask));	\
})

/* The value where the field has it. */
#define FIELD_PREP(mask, val)						\
({									\
	um_field_check(mask);						\
	(((typeof(mask))(val)) << um_field_shift(mask)) & (mask);	\
})

/* The field's value in a register. */
#define FIELD_GET(mask, reg)						\
({									\
	um_field_check(mask);						\
	(typeof(mask))(((reg) & (mask)) >> um_field_shift(mask));	\
})

#endif
