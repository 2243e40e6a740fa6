/* SPDX-License-Identifier: GPL-2.0-only */
/* Character classes of the kernel: ASCII and the upper half of Latin-1. */
#ifndef _LINUX_CTYPE_H
#define _LINUX_CTYPE_H

#include <linux/types.h>

#define UM_CTYPE_UPPER	0x01
#define UM_CTYPE_LOWER	0x02
#define UM_CTYPE_DIGIT	0x04
#define UM_CTYPE_CNTRL	0x08
#define UM_CTYPE_PUNCT	0x10
#define UM_CTYPE_SPACE	0x20
#define UM_CTYPE_XDIGIT	0x40
#define UM_CTYPE_BLANK	0x80	/* the space itself and its no-break form */

extern const unsigned char um_ctype[256];
#define um_isctype(c, mask) ((um_ctype[(unsigned char)(c)] & (mask)) != 0)

#define isalnum(c) um_isctype(c, UM_CTYPE_UPPER | UM_CTYPE_LOWER | UM_CTYPE_DIGIT)
#define isalpha(c) um_isctype(c, UM_CTYPE_UPPER | UM_CTYPE_LOWER)
#define iscntrl(c) um_isctype(c, UM_CTYPE_CNTRL)
#define isgraph(c) um_isctype(c, UM_CTYPE_PUNCT | UM_CTYPE_UPPER | \
				 UM_CTYPE_LOWER | UM_CTYPE_DIGIT)
#define islower(c) um_isctype(c, UM_CTYPE_LOWER)
#define isprint(c) um_isctype(c, UM_CTYPE_PUNCT | UM_CTYPE_UPPER | UM_CTYPE_LOWER | \
				 UM_CTYPE_DIGIT | UM_CTYPE_BLANK)
#define ispunct(c) um_isctype(c, UM_CTYPE_PUNCT)
#define isspace(c) um_isctype(c, UM_CTYPE_SPACE)
#define isupper(c) um_isctype(c, UM_CTYPE_UPPER)
#define isxdigit(c) um_isctype(c, UM_CTYPE_DIGIT | UM_CTYPE_XDIGIT)
#define isascii(c) (((unsigned char)(c)) <= 0x7f)
#define toascii(c) (((unsigned char)(c)) & 0x7f)

static inline int isdigit(int c)
{
	return '0' <= c && c <= '9';
}

static inline unsigned char __tolower(unsigned char c)
{
	return isupper(c) ? c + ('a' - 'A') : c;
}

static inline unsigned char __toupper(unsigned char c)
{
	return islower(c) ? c - ('a' - 'A') : c;
}

#define tolower(c) __tolower(c)
#define toupper(c) __toupper(c)

static inline char _tolower(const char c)
{
	return c | 0x20;
}

static inline int isodigit(const char c)
{
	return c >= '0' && c <= '7';
}

#endif
