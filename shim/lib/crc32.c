// SPDX-License-Identifier: GPL-2.0-only
/* Checksums of 32 bits with the polynomial of Ethernet, bit by bit: no tables. */
#include <linux/crc32.h>
#include <linux/export.h>

#define POLYNOMIAL_LE	0xedb88320
#define POLYNOMIAL_BE	0x04c11db7

/**
 * crc32_le() - checksum, the lowest bit of a byte first
 * @crc: of what came before; ~0 or 0 at first, as the user has it
 * @p:   the data
 * @len: its bytes
 *
 * Return: the checksum, which is not inverted.
 */
u32 crc32_le(u32 crc, const unsigned char *p, size_t len)
{
	unsigned int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL_LE : 0);
	}
	return crc;
}
EXPORT_SYMBOL(crc32_le);

/**
 * crc32_be() - checksum, the highest bit of a byte first
 * @crc: of what came before; ~0 or 0 at first, as the user has it
 * @p:   the data
 * @len: its bytes
 *
 * Return: the checksum, which is not inverted.
 */
u32 crc32_be(u32 crc, const unsigned char *p, size_t len)
{
	unsigned int i;

	while (len--) {
		crc ^= (u32)*p++ << 24;
		for (i = 0; i < 8; i++)
			crc = crc << 1 ^ (crc & 1u << 31 ? POLYNOMIAL_BE : 0);
	}
	return crc;
}
EXPORT_SYMBOL(crc32_be);
