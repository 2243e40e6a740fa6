// SPDX-License-Identifier: GPL-2.0-only
/* Bytes as hexadecimal text, and back. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <asm-generic/unaligned.h>

const char hex_asc[] = "0123456789abcdef";
EXPORT_SYMBOL(hex_asc);
const char hex_asc_upper[] = "0123456789ABCDEF";
EXPORT_SYMBOL(hex_asc_upper);

/**
 * hex_to_bin() - the value of a hexadecimal digit
 * @ch: the character, of either case
 *
 * Return: 0 to 15, or -1 for any other character.
 */
int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	if (isxdigit(ch))
		return _tolower(ch) - 'a' + 10;
	return -1;
}
EXPORT_SYMBOL(hex_to_bin);

/**
 * hex2bin() - bytes from hexadecimal digits
 * @dst: room for @count bytes
 * @src: twice as many digits, nothing between them
 * @count: how many bytes
 *
 * Return: 0, or -EINVAL at the first character that is no digit; the bytes
 * before it are written.
 */
int hex2bin(u8 *dst, const char *src, size_t count)
{
	while (count--) {
		int hi = hex_to_bin(*src++), lo;

		if (hi < 0)
			return -EINVAL;
		lo = hex_to_bin(*src++);
		if (lo < 0)
			return -EINVAL;
		*dst++ = (hi << 4) | lo;
	}
	return 0;
}
EXPORT_SYMBOL(hex2bin);

/**
 * bin2hex() - bytes as hexadecimal digits, lower case, without a NUL
 * @dst: room for twice as many characters
 * @src: the bytes
 * @count: how many bytes
 *
 * Return: the end of what was written.
 */
char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *p = src;

	while (count--)
		dst = hex_byte_pack(dst, *p++);
	return dst;
}
EXPORT_SYMBOL(bin2hex);

static unsigned long long group_value(const u8 *p, int groupsize)
{
	switch (groupsize) {
	case 8:
		return get_unaligned((const u64 *)p);
	case 4:
		return get_unaligned((const u32 *)p);
	case 2:
		return get_unaligned((const u16 *)p);
	default:
		return *p;
	}
}

/**
 * hex_dump_to_buffer() - one line of a dump
 * @buf: the bytes
 * @len: how many bytes; no more than @rowsize are shown
 * @rowsize: bytes a line, 16 or 32 (else 16 is taken)
 * @groupsize: bytes a number, in the machine's order: 1, 2, 4, 8; 1 when @len
 *             is no multiple of it
 * @linebuf: room for the text and its NUL
 * @linebuflen: of @linebuf in bytes
 * @ascii: characters too, in a column of their own
 *
 * Return: the length of the whole line; no more than @linebuflen - 1 of it
 * are in the buffer.
 */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize,
		       char *linebuf, size_t linebuflen, bool ascii)
{
	const u8 *p = buf;
	int column, i, at = 0;

#define emit(fmt, ...) \
	(at += snprintf(at < linebuflen ? linebuf + at : NULL,		\
			at < linebuflen ? linebuflen - at : 0, fmt, ##__VA_ARGS__))

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min_t(size_t, len, rowsize);
	if (!is_power_of_2(groupsize) || groupsize > 8 || len % groupsize)
		groupsize = 1;
	if (linebuflen)
		*linebuf = '\0';
	for (i = 0; i < len; i += groupsize)
		emit("%s%0*llx", i ? " " : "", groupsize * 2,
		     group_value(p + i, groupsize));
	if (!ascii || !len)
		return at;
	column = rowsize * 2 + rowsize / groupsize + 1;
	emit("%*s", column - at, "");
	for (i = 0; i < len; i++)
		emit("%c", isascii(p[i]) && isprint(p[i]) ? p[i] : '.');
	return at;
#undef emit
}
EXPORT_SYMBOL(hex_dump_to_buffer);

/**
 * print_hex_dump() - print bytes, line by line
 * @level: KERN_... prefix of each line
 * @prefix_str: text that each line starts with
 * @prefix_type: DUMP_PREFIX_ADDRESS (hashed, as %p), _OFFSET or _NONE
 * @rowsize: bytes a line, 16 or 32 (else 16 is taken)
 * @groupsize: bytes a number: 1, 2, 4, 8
 * @buf: the bytes
 * @len: how many bytes
 * @ascii: characters too
 */
void print_hex_dump(const char *level, const char *prefix_str, int prefix_type,
		    int rowsize, int groupsize, const void *buf, size_t len,
		    bool ascii)
{
	const u8 *p = buf;
	char line[32 * 3 + 2 + 32 + 1];
	size_t at;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	for (at = 0; at < len; at += rowsize) {
		hex_dump_to_buffer(p + at, min_t(size_t, len - at, rowsize),
				   rowsize, groupsize, line, sizeof(line), ascii);
		if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix_str, p + at, line);
		else if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8zx: %s\n", level, prefix_str, at, line);
		else
			printk("%s%s%s\n", level, prefix_str, line);
	}
}
EXPORT_SYMBOL(print_hex_dump);
