// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character classes: ASCII, and Latin-1 for the upper half. A control
 * character beyond ASCII (0x80 to 0x9f) has no class at all.
 */
#include <linux/ctype.h>
#include <linux/export.h>

#define UPPER	UM_CTYPE_UPPER
#define LOWER	UM_CTYPE_LOWER
#define DIGIT	UM_CTYPE_DIGIT
#define CNTRL	UM_CTYPE_CNTRL
#define PUNCT	UM_CTYPE_PUNCT
#define SPACE	UM_CTYPE_SPACE
#define XDIGIT	UM_CTYPE_XDIGIT
#define BLANK	UM_CTYPE_BLANK

const unsigned char um_ctype[256] = {
	[0x00 ... 0x08] = CNTRL,
	[0x09 ... 0x0d] = CNTRL | SPACE,
	[0x0e ... 0x1f] = CNTRL,
	[0x20] = SPACE | BLANK,
	[0x21 ... 0x2f] = PUNCT,
	[0x30 ... 0x39] = DIGIT,
	[0x3a ... 0x40] = PUNCT,
	[0x41 ... 0x46] = UPPER | XDIGIT,
	[0x47 ... 0x5a] = UPPER,
	[0x5b ... 0x60] = PUNCT,
	[0x61 ... 0x66] = LOWER | XDIGIT,
	[0x67 ... 0x7a] = LOWER,
	[0x7b ... 0x7e] = PUNCT,
	[0x7f] = CNTRL,
	[0xa0] = SPACE | BLANK,
	[0xa1 ... 0xbf] = PUNCT,
	[0xc0 ... 0xd6] = UPPER,
	[0xd7] = PUNCT,
	[0xd8 ... 0xde] = UPPER,
	[0xdf ... 0xf6] = LOWER,
	[0xf7] = PUNCT,
	[0xf8 ... 0xff] = LOWER,
};
EXPORT_SYMBOL(um_ctype);
