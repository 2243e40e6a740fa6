// SPDX-License-Identifier: GPL-2.0-only
/* Sizes as people write them, and characters that are escaped. */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string_helpers.h>

/* A 32 bit number and how often @step was divided out of *@v to get it. */
static unsigned int scale_down(u64 *v, unsigned int step)
{
	unsigned int i;

	for (i = 0; *v >> 32; i++)
		*v /= step;
	return i;
}

/**
 * string_get_size() - a size as people write it: "1.50 GiB"
 * @size: in blocks
 * @blk_size: of a block in bytes
 * @units: STRING_UNITS_10 (kB, MB) or STRING_UNITS_2 (KiB, MiB)
 * @buf: room for the text, cut to fit
 * @len: of @buf in bytes
 *
 * Three significant digits, in the largest unit that gives 1 or more, up to Y.
 * The steps, and what each of them cuts off, are those of Linux 6.1.
 */
void string_get_size(u64 size, u64 blk_size, enum string_size_units units,
		     char *buf, int len)
{
	static const char names[] = "BkMGTPEZY";
	bool ten = units == STRING_UNITS_10;
	unsigned int step = ten ? 1000 : 1024, i = 0, digits = 0, rest = 0, lead;
	char fraction[8] = "";

	if (size && blk_size) {
		i = scale_down(&blk_size, step) + scale_down(&size, step);
		for (size *= blk_size; size >= step; i++) {
			rest = size % step;
			size /= step;
		}
		for (lead = size; lead * 10 < 1000; lead *= 10)
			digits++;
		if (!ten)
			rest = rest * 1000 >> 10;
		/* half of the last digit that is shown */
		rest += digits == 0 ? 500 : digits == 1 ? 50 : 5;
		size += rest / 1000;
		rest %= 1000;
		if (digits) {
			snprintf(fraction, sizeof(fraction), ".%03u", rest);
			fraction[digits + 1] = '\0';
		}
	} else {
		size = 0;
	}
	if (i >= strlen(names))
		snprintf(buf, len, "%u%s UNK", (u32)size, fraction);
	else if (!i)
		snprintf(buf, len, "%u%s B", (u32)size, fraction);
	else
		snprintf(buf, len, "%u%s %c%sB", (u32)size, fraction,
			 !ten && i == 1 ? 'K' : names[i], ten ? "" : "i");
}
EXPORT_SYMBOL(string_get_size);

/* ---- escaping ------------------------------------------------------------ */

struct escaped {
	char *to;
	size_t size;
	size_t len;		/* of the whole text, whether there is room or not */
};

static void put(struct escaped *e, char c)
{
	if (e->len < e->size)
		e->to[e->len] = c;
	e->len++;
}

/* One letter for a character: of @letters the one where @c is in @chars. */
static bool put_letter(struct escaped *e, char c, const char *chars, const char *letters)
{
	const char *at = c ? strchr(chars, c) : NULL;

	if (!at)
		return false;
	put(e, '\\');
	put(e, letters[at - chars]);
	return true;
}

static void put_octal(struct escaped *e, unsigned char c)
{
	put(e, '\\');
	put(e, '0' + (c >> 6));
	put(e, '0' + (c >> 3 & 7));
	put(e, '0' + (c & 7));
}

static void put_hex(struct escaped *e, unsigned char c)
{
	put(e, '\\');
	put(e, 'x');
	put(e, hex_asc_hi(c));
	put(e, hex_asc_lo(c));
}

/* Is it left as it is, before the classes are looked at? */
static bool passes(unsigned char c, unsigned int flags, const char *only)
{
	bool named = only && *only && c && strchr(only, c), append = flags & ESCAPE_APPEND;

	if (only && *only && !named && !append)
		return true;
	if (named && append)
		return false;
	return (flags & ESCAPE_NAP && isascii(c) && isprint(c)) ||
	       (flags & ESCAPE_NP && isprint(c)) || (flags & ESCAPE_NA && isascii(c));
}

static void escape(struct escaped *e, unsigned char c, unsigned int flags)
{
	if (flags & ESCAPE_SPACE && put_letter(e, c, "\n\r\t\v\f", "nrtvf"))
		return;
	if (flags & ESCAPE_SPECIAL && put_letter(e, c, "\\\a\033\"", "\\ae\""))
		return;
	if (flags & ESCAPE_NULL && !c) {
		put(e, '\\');
		put(e, '0');
	} else if (flags & ESCAPE_OCTAL) {
		put_octal(e, c);
	} else if (flags & ESCAPE_HEX) {
		put_hex(e, c);
	} else {
		put(e, c);
	}
}

/**
 * string_escape_mem() - escape characters
 * @src:   bytes
 * @isz:   how many
 * @dst:   room for the text, which is cut to it, and not terminated
 * @osz:   of @dst in bytes
 * @flags: ESCAPE_...
 * @only:  characters to be escaped, and no others; with ESCAPE_APPEND these, too
 *
 * Return: the length that the whole text has.
 */
int string_escape_mem(const char *src, size_t isz, char *dst, size_t osz, unsigned int flags,
		      const char *only)
{
	struct escaped e = { .to = dst, .size = osz };

	for (; isz; isz--, src++) {
		if (passes(*src, flags, only))
			put(&e, *src);
		else
			escape(&e, *src, flags);
	}
	return e.len;
}
EXPORT_SYMBOL(string_escape_mem);
