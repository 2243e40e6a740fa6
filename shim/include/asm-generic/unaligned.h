/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to words at any address, in the machine's order or a given one. It is
 * included as asm/unaligned.h or linux/unaligned.h, which the level has of the
 * two: the build makes that one (shim/tools/level.cmake).
 */
#ifndef __ASM_GENERIC_UNALIGNED_H
#define __ASM_GENERIC_UNALIGNED_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#define __um_get_unaligned(type, ptr)					\
({									\
	const struct { type x; } __packed *__um_pp = (const void *)(ptr); \
	__um_pp->x;							\
})
#define __um_put_unaligned(type, val, ptr)				\
do {									\
	struct { type x; } __packed *__um_pp = (void *)(ptr);		\
	__um_pp->x = (val);						\
} while (0)
#define get_unaligned(ptr) __um_get_unaligned(typeof(*(ptr)), ptr)
#define put_unaligned(val, ptr) __um_put_unaligned(typeof(*(ptr)), val, ptr)

#define __um_unaligned(order, bits)					\
static inline u##bits get_unaligned_##order##bits(const void *p)	\
{									\
	return order##bits##_to_cpu(__um_get_unaligned(__##order##bits, p)); \
}									\
									\
static inline void put_unaligned_##order##bits(u##bits val, void *p)	\
{									\
	__um_put_unaligned(__##order##bits, cpu_to_##order##bits(val), p); \
}

__um_unaligned(le, 16)
__um_unaligned(le, 32)
__um_unaligned(le, 64)
__um_unaligned(be, 16)
__um_unaligned(be, 32)
__um_unaligned(be, 64)

#endif
