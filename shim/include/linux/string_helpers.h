/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sizes for people, and case (lib/string_helpers.c); words for booleans are in
 * linux/string_choices.h. Left out: escaping and quoting.
 */
#ifndef _LINUX_STRING_HELPERS_H
#define _LINUX_STRING_HELPERS_H

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

#endif
