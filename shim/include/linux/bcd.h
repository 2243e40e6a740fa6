/* SPDX-License-Identifier: GPL-2.0-only */
/* Two decimal digits in a byte, as clocks have them. */
#ifndef _BCD_H
#define _BCD_H

#include <linux/compiler.h>
#include <linux/types.h>

static inline unsigned int bcd2bin(unsigned char val)
{
	return (val & 0x0f) + (val >> 4) * 10;
}

static inline unsigned char bin2bcd(unsigned int val)
{
	return val / 10 << 4 | val % 10;
}

#endif
