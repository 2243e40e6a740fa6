/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes for people, and case (lib/string_helpers.c); words for booleans are in
 * linux/string_choices.h; escaping. Left out: unescaping and quoting.
 */
#ifndef _LINUX_STRING_HELPERS_H
#define _LINUX_STRING_HELPERS_H

#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/string.h>
#define UM_SPLIT_HEADER
#include <linux/string_choices.h>
#undef UM_SPLIT_HEADER
#include <linux/types.h>

enum string_size_units {
	STRING_UNITS_10,
	STRING_UNITS_2,
};
/* "1.50 GiB": three significant digits. */
void string_get_size(u64 size, u64 blk_size, enum string_size_units units,
		     char *buf, int len);

static inline void string_upper(char *dst, const char *src)
{
	do {
		*dst++ = toupper(*src);
	} while (*src++);
}

static inline void string_lower(char *dst, const char *src)
{
	do {
		*dst++ = tolower(*src);
	} while (*src++);
}

/* What is escaped, by classes, and how: the first that fits. */
#define ESCAPE_SPACE	BIT(0)		/* \f \n \r \t \v */
#define ESCAPE_SPECIAL	BIT(1)		/* a backslash, a quotation mark, \a, \e */
#define ESCAPE_NULL	BIT(2)		/* \0 */
#define ESCAPE_OCTAL	BIT(3)		/* anything: \ooo */
#define ESCAPE_ANY	(ESCAPE_SPACE | ESCAPE_OCTAL | ESCAPE_SPECIAL | ESCAPE_NULL)
#define ESCAPE_NP	BIT(4)		/* not what can be printed */
#define ESCAPE_ANY_NP	(ESCAPE_ANY | ESCAPE_NP)
#define ESCAPE_HEX	BIT(5)		/* anything: \xhh */
#define ESCAPE_NA	BIT(6)		/* not ASCII */
#define ESCAPE_NAP	BIT(7)		/* not ASCII that can be printed */
#define ESCAPE_APPEND	BIT(8)		/* the characters that are named, too; else they alone */

int string_escape_mem(const char *src, size_t isz, char *dst, size_t osz, unsigned int flags,
		      const char *only);

static inline int string_escape_str(const char *src, char *dst, size_t sz, unsigned int flags,
				    const char *only)
{
	return string_escape_mem(src, strlen(src), dst, sz, flags, only);
}

#endif
