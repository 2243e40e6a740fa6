/* SPDX-License-Identifier: GPL-2.0-only */
/* Checksums of 32 bits (lib/crc32.c). Left out: combining those of two pieces, Castagnoli's. */
#ifndef _LINUX_CRC32_H
#define _LINUX_CRC32_H

#include <linux/bitops.h>
#include <linux/types.h>

u32 crc32_le(u32 crc, const unsigned char *p, size_t len);
u32 crc32_be(u32 crc, const unsigned char *p, size_t len);

#define crc32(seed, data, length) crc32_le(seed, (const unsigned char *)(data), length)
#define ether_crc_le(length, data) crc32_le(~0, data, length)

#endif
