/* SPDX-License-Identifier: GPL-2.0-only */
/* Masks and numbers of bits, for longs of 64. */
#ifndef _LINUX_BITS_H_SHIM
#define _LINUX_BITS_H_SHIM

#include <linux/build_bug.h>
#include <linux/const.h>
/* user space has one, too, with later releases */
#if __has_include_next(<linux/bits.h>)
#include_next <linux/bits.h>
#endif

#define BITS_PER_BYTE 8
#define BITS_PER_LONG 64
#define BITS_PER_LONG_LONG 64
#define BIT(nr) (1UL << (nr))
#define BIT_ULL(nr) (1ULL << (nr))
#define BIT_MASK(nr) (1UL << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr) ((nr) / BITS_PER_LONG)
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l) ((~0ULL << (l)) & (~0ULL >> (63 - (h))))
#define BITS_PER_TYPE(type) (sizeof(type) * BITS_PER_BYTE)
#define BITS_TO_LONGS(nr) (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITS_TO_BYTES(nr) (((nr) + 7) / 8)

#endif
