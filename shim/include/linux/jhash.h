/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * jhash(): a 32-bit hash of bytes or words. The values are not the kernel's
 * (nothing may depend on them): FNV-1a with a final mix.
 */
#ifndef _LINUX_JHASH_H
#define _LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/types.h>

#define JHASH_INITVAL 0xdeadbeef

static inline u32 um_jhash_mix(u32 h)
{
	h ^= h >> 16;
	h *= 0x85ebca6b;
	h ^= h >> 13;
	h *= 0xc2b2ae35;
	return h ^ (h >> 16);
}

static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *k = key;
	u32 h = 0x811c9dc5 ^ initval;

	while (length--)
		h = (h ^ *k++) * 0x01000193;
	return um_jhash_mix(h);
}

static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	return jhash(k, length * sizeof(*k), initval);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 words[] = { a, b, c };

	return jhash(words, sizeof(words), initval);
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval);
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval);
}

#endif
