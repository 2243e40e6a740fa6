// SPDX-License-Identifier: GPL-2.0-only
/* Sizes as people write them. */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string_helpers.h>

/**
 * string_get_size() - a size as people write it: "1.50 GiB"
 * @size: in blocks
 * @blk_size: of a block in bytes
 * @units: STRING_UNITS_10 (kB, MB) or STRING_UNITS_2 (KiB, MiB)
 * @buf: room for the text, cut to fit
 * @len: of @buf in bytes
 *
 * Three significant digits, rounded to nearest, in the largest unit that gives
 * 1 or more, up to E.
 *
 * Context: any.
 */
void string_get_size(u64 size, u64 blk_size, enum string_size_units units,
		     char *buf, int len)
{
	static const char * const names[] = { "B", "k", "M", "G", "T", "P", "E" };
	unsigned __int128 bytes = (unsigned __int128)size * blk_size;
	unsigned int step = units == STRING_UNITS_10 ? 1000 : 1024;
	unsigned __int128 unit = 1, milli;
	unsigned int i = 0, digits;

	while (i < ARRAY_SIZE(names) - 1 && bytes >= unit * step) {
		unit *= step;
		i++;
	}
	if (!i) {
		snprintf(buf, len, "%u B", (unsigned int)bytes);
		return;
	}
	milli = bytes * 1000 / unit;
	digits = milli >= 100000 ? 0 : milli >= 10000 ? 1 : 2;
	milli += digits == 0 ? 500 : digits == 1 ? 50 : 5;
	snprintf(buf, len, "%u%s%.*s %s%sB", (unsigned int)(milli / 1000),
		 digits ? "." : "", (int)digits,
		 (char []){ '0' + (unsigned int)(milli / 100 % 10),
			    '0' + (unsigned int)(milli / 10 % 10), 0 },
		 units == STRING_UNITS_2 && names[i][0] == 'k' ? "K" : names[i],
		 units == STRING_UNITS_2 ? "i" : "");
}
EXPORT_SYMBOL(string_get_size);
