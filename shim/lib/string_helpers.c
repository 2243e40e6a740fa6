// SPDX-License-Identifier: GPL-2.0-only
/* Sizes as people write them. */
#include <linux/export.h>
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
