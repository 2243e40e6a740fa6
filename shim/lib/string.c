// SPDX-License-Identifier: GPL-2.0-only
/*
 * String functions that the kernel has and libc has not, or not with the
 * same meaning; and the records that let modules use libc's own.
 */
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

EXPORT_SYMBOL(memcpy);
EXPORT_SYMBOL(memmove);
EXPORT_SYMBOL(memset);
EXPORT_SYMBOL(memcmp);
EXPORT_SYMBOL(memchr);
EXPORT_SYMBOL(bcmp);
EXPORT_SYMBOL(strlen);
EXPORT_SYMBOL(strnlen);
EXPORT_SYMBOL(strcpy);
EXPORT_SYMBOL(strncpy);
EXPORT_SYMBOL(stpcpy);
EXPORT_SYMBOL(strcat);
EXPORT_SYMBOL(strncat);
EXPORT_SYMBOL(strcmp);
EXPORT_SYMBOL(strncmp);
EXPORT_SYMBOL(strcasecmp);
EXPORT_SYMBOL(strncasecmp);
EXPORT_SYMBOL(strchr);
EXPORT_SYMBOL(strchrnul);
EXPORT_SYMBOL(strrchr);
EXPORT_SYMBOL(strstr);
EXPORT_SYMBOL(strpbrk);
EXPORT_SYMBOL(strsep);
EXPORT_SYMBOL(strspn);
EXPORT_SYMBOL(strcspn);

/**
 * strscpy() - copy a string, cut to fit, always terminated
 * @dst: where to
 * @src: the string
 * @size: of @dst; 0 and more than INT_MAX are refused, the latter with a splat the
 *        first time
 *
 * Return: the length copied without the NUL, or -E2BIG when it was cut.
 */
ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len;

	if (!size || WARN_ON_ONCE(size > INT_MAX))
		return -E2BIG;
	len = strnlen(src, size);
	if (len == size) {
		memcpy(dst, src, size - 1);
		dst[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(dst, src, len + 1);
	return len;
}
EXPORT_SYMBOL(strscpy);

/**
 * strscpy_pad() - as strscpy(), and the rest of the buffer is zeroed
 * @dst: where to
 * @src: the string
 * @size: of @dst
 *
 * Return: as strscpy().
 */
ssize_t strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t written = strscpy(dst, src, size);

	if (written >= 0 && written < size - 1)
		memset(dst + written + 1, 0, size - written - 1);
	return written;
}
EXPORT_SYMBOL(strscpy_pad);

/**
 * strlcpy() - copy a string, cut to fit
 * @dst: where to; terminated unless @size is 0
 * @src: the string, which is read to its end
 * @size: of @dst
 *
 * Return: the length of @src: not less than @size when it was cut.
 */
size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size) {
		size_t n = min(len, size - 1);

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}
UM_EXPORT_SYMBOL_AS("um_k_strlcpy");

/**
 * strlcat() - append a string, cut to fit
 * @dst: where to
 * @src: the string
 * @size: of @dst with what is in it already, which must be less: else BUG()
 *
 * Return: the length that the whole would have.
 */
size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t used = strlen(dst), len = strlen(src);

	BUG_ON(used >= size);
	strlcpy(dst + used, src, size - used);
	return used + len;
}
UM_EXPORT_SYMBOL_AS("um_k_strlcat");

/**
 * strnchr() - strchr() within a limit
 * @s: the string
 * @n: bytes to look at; a NUL ends it earlier
 * @c: the character, which may be NUL
 *
 * Return: where it is, or NULL.
 */
char *strnchr(const char *s, size_t n, int c)
{
	for (; n--; s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(strnchr);

/**
 * strnstr() - find a string within a limit
 * @s: @n bytes: a NUL does not end it, as in Linux
 * @needle: what to find
 * @n: bytes to look at
 *
 * Return: where it is, @s for an empty @needle, or NULL.
 */
char *strnstr(const char *s, const char *needle, size_t n)
{
	size_t len = strlen(needle);

	if (!len)
		return (char *)s;
	for (; n >= len; n--, s++)
		if (!memcmp(s, needle, len))
			return (char *)s;
	return NULL;
}
EXPORT_SYMBOL(strnstr);

/**
 * skip_spaces() - the first character that is not white space
 * @s: the string
 *
 * Return: where it is: the end of the string at the latest.
 */
char *skip_spaces(const char *s)
{
	while (isspace(*s))
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(skip_spaces);

/**
 * strim() - cut white space off both ends, that at the end in place
 * @s: the string
 *
 * Return: where the text starts, within @s.
 */
char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}
EXPORT_SYMBOL(strim);

/**
 * strreplace() - replace a character wherever it is
 * @s: the string
 * @old: the character
 * @new: what is put there
 *
 * Return: the end of the string, as up to 6.4.
 */
char *strreplace(char *s, char old, char new)
{
	for (; *s; s++)
		if (*s == old)
			*s = new;
	return s;
}
EXPORT_SYMBOL(strreplace);

/**
 * memscan() - as memchr(), but past the end where that gives NULL
 * @s: the bytes
 * @c: the byte to find
 * @n: how many bytes
 *
 * Return: where it is, or @s + @n.
 */
void *memscan(void *s, int c, size_t n)
{
	u8 *p = s;

	while (n && *p != (u8)c) {
		p++;
		n--;
	}
	return p;
}
EXPORT_SYMBOL(memscan);

/**
 * memchr_inv() - the first byte that differs
 * @s: the bytes
 * @c: what all should be
 * @n: how many bytes
 *
 * Return: where it is, or NULL.
 */
void *memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr_inv);

/**
 * memset16() - fill with a 16-bit value
 * @p: where to
 * @v: the value
 * @n: how many values, not bytes
 *
 * Return: @p.
 */
void *memset16(u16 *p, u16 v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = v;
	return p;
}
EXPORT_SYMBOL(memset16);

/**
 * memset32() - fill with a 32-bit value
 * @p: where to
 * @v: the value
 * @n: how many values, not bytes
 *
 * Return: @p.
 */
void *memset32(u32 *p, u32 v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = v;
	return p;
}
EXPORT_SYMBOL(memset32);

/**
 * memset64() - fill with a 64-bit value
 * @p: where to
 * @v: the value
 * @n: how many values, not bytes
 *
 * Return: @p.
 */
void *memset64(u64 *p, u64 v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = v;
	return p;
}
EXPORT_SYMBOL(memset64);

/**
 * sysfs_streq() - are two strings equal, but for one newline at one's end?
 * @a: one string
 * @b: the other
 *
 * Return: whether they are.
 */
bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b)
		return true;
	if (!*a && *b == '\n' && !b[1])
		return true;
	return *a == '\n' && !a[1] && !*b;
}
EXPORT_SYMBOL(sysfs_streq);

/**
 * match_string() - look a string up in an array
 * @array: the strings
 * @n: entries; a NULL among them ends them earlier, -1: nothing else does
 * @string: what to find
 *
 * Return: the index, or -EINVAL.
 */
int match_string(const char * const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(match_string);

/**
 * __sysfs_match_string() - match_string() by sysfs_streq()
 * @array: the strings
 * @n: entries; a NULL among them ends them earlier, -1: nothing else does
 * @s: what to find, maybe with a newline
 *
 * Return: the index, or -EINVAL.
 */
int __sysfs_match_string(const char * const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], s))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(__sysfs_match_string);

/**
 * memzero_explicit() - zero memory; the compiler may not leave it out
 * @s: the memory
 * @n: how many bytes
 */
void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	__asm__ __volatile__("" : : "r"(s) : "memory");
}
EXPORT_SYMBOL(memzero_explicit);

/**
 * memcpy_and_pad() - copy what fits, and fill the rest
 * @dst: where to
 * @dst_len: of @dst in bytes; all are written
 * @src: what is copied
 * @n: of @src in bytes
 * @pad: byte to fill with
 */
void memcpy_and_pad(void *dst, size_t dst_len, const void *src, size_t n, int pad)
{
	if (dst_len <= n) {
		memcpy(dst, src, dst_len);
		return;
	}
	memcpy(dst, src, n);
	memset((char *)dst + n, pad, dst_len - n);
}
EXPORT_SYMBOL(memcpy_and_pad);

/**
 * kbasename() - the last part of a path
 * @path: the path
 *
 * Return: what follows the last '/' within @path: nothing if it ends with one.
 */
const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
EXPORT_SYMBOL(kbasename);
