// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers from text: kstrto*(), which are strict, and simple_strto*(), which
 * stop where the digits end.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/uaccess.h>

#include "lib/kstrtox.h"

/* Settles base 0 and passes over the prefix that the base allows. */
static const char *fix_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && _tolower(s[1]) == 'x';

	if (*base == 0) {
		if (hex && isxdigit(s[2]))
			*base = 16;
		else
			*base = s[0] == '0' ? 8 : 10;
	}
	return *base == 16 && hex ? s + 2 : s;
}

/*
 * Reads at most @max digits. Returns how many there were; the value wraps
 * when there are too many, which *@overflow tells.
 */
static size_t read_digits(const char *s, unsigned int base, size_t max,
			  unsigned long long *value, bool *overflow)
{
	unsigned long long v = 0;
	size_t n;

	*overflow = false;
	for (n = 0; n < max; n++) {
		unsigned int c = (unsigned char)s[n], lower = c | 0x20, digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if (lower >= 'a' && lower <= 'f')
			digit = lower - 'a' + 10;
		else
			break;
		if (digit >= base)
			break;
		if (v > (ULLONG_MAX - digit) / base)
			*overflow = true;
		v = v * base + digit;
	}
	*value = v;
	return n;
}

static int strict(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long value;
	bool overflow;
	size_t n;

	s = fix_base(s, &base);
	n = read_digits(s, base, INT_MAX, &value, &overflow);
	if (overflow)
		return -ERANGE;
	if (!n)
		return -EINVAL;
	s += n;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	*res = value;
	return 0;
}

/**
 * kstrtoull() - the whole string as an unsigned number
 * @s: NUL-terminated; one '+' before and one newline after are allowed
 * @base: 0 (prefix decides), or 2 to 16
 * @res: written on success only
 *
 * Return: 0; -ERANGE on overflow, even with garbage behind the digits; -EINVAL
 * for anything but a number.
 */
int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	return strict(*s == '+' ? s + 1 : s, base, res);
}
EXPORT_SYMBOL(kstrtoull);

/**
 * kstrtoll() - the whole string as a signed number
 * @s: as for kstrtoull(); one '-' before is allowed too
 * @base: 0 (prefix decides), or 2 to 16
 * @res: written on success only
 *
 * Return: as kstrtoull().
 */
int kstrtoll(const char *s, unsigned int base, long long *res)
{
	unsigned long long v;
	int err;

	if (*s == '-') {
		err = strict(s + 1, base, &v);
		if (err)
			return err;
		if (v > (unsigned long long)LLONG_MAX + 1)
			return -ERANGE;
		*res = (long long)(0 - v);
		return 0;
	}
	err = kstrtoull(s, base, &v);
	if (err)
		return err;
	if (v > LLONG_MAX)
		return -ERANGE;
	*res = v;
	return 0;
}
EXPORT_SYMBOL(kstrtoll);

/* kstrtoull() or kstrtoll(), and -ERANGE also for what does not fit @type. */
#define DEFINE_NARROW(name, type, wide, wide_type)			\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide_type v;							\
	int err = wide(s, base, &v);					\
									\
	if (err)							\
		return err;						\
	if (v != (wide_type)(type)v)					\
		return -ERANGE;						\
	*res = v;							\
	return 0;							\
}									\
EXPORT_SYMBOL(name)

DEFINE_NARROW(kstrtoul, unsigned long, kstrtoull, unsigned long long);
DEFINE_NARROW(kstrtol, long, kstrtoll, long long);
DEFINE_NARROW(kstrtouint, unsigned int, kstrtoull, unsigned long long);
DEFINE_NARROW(kstrtoint, int, kstrtoll, long long);
DEFINE_NARROW(kstrtou16, u16, kstrtoull, unsigned long long);
DEFINE_NARROW(kstrtos16, s16, kstrtoll, long long);
DEFINE_NARROW(kstrtou8, u8, kstrtoull, unsigned long long);
DEFINE_NARROW(kstrtos8, s8, kstrtoll, long long);

/**
 * kstrtobool() - y, t, 1, on are true; n, f, 0, of(f) are false
 * @s: the text, or NULL; only its first character counts, or the first two
 *     after an 'o', in either case
 * @res: written on success only
 *
 * Return: 0, or -EINVAL for anything else.
 */
int kstrtobool(const char *s, bool *res)
{
	if (!s)
		return -EINVAL;
	switch (s[0]) {
	case 'y': case 'Y': case 't': case 'T': case '1':
		*res = true;
		return 0;
	case 'n': case 'N': case 'f': case 'F': case '0':
		*res = false;
		return 0;
	case 'o': case 'O':
		if (_tolower(s[1]) != 'n' && _tolower(s[1]) != 'f')
			return -EINVAL;
		*res = _tolower(s[1]) == 'n';
		return 0;
	}
	return -EINVAL;
}
EXPORT_SYMBOL(kstrtobool);

/*
 * @type_name() of @count bytes of user memory, or -EFAULT; may sleep.
 * A sign, 64 binary digits, a newline: what is longer is cut, as in Linux.
 */
#define DEFINE_FROM_USER(type_name, type)				\
int type_name##_from_user(const char __user *s, size_t count,		\
			  unsigned int base, type *res)			\
{									\
	char buf[1 + sizeof(type) * 8 + 1 + 1];				\
									\
	count = min(count, sizeof(buf) - 1);				\
	if (copy_from_user(buf, s, count))				\
		return -EFAULT;						\
	buf[count] = '\0';						\
	return type_name(buf, base, res);				\
}									\
EXPORT_SYMBOL(type_name##_from_user)

DEFINE_FROM_USER(kstrtoull, unsigned long long);
DEFINE_FROM_USER(kstrtoll, long long);
DEFINE_FROM_USER(kstrtoul, unsigned long);
DEFINE_FROM_USER(kstrtol, long);
DEFINE_FROM_USER(kstrtouint, unsigned int);
DEFINE_FROM_USER(kstrtoint, int);
DEFINE_FROM_USER(kstrtou16, u16);
DEFINE_FROM_USER(kstrtou8, u8);

/**
 * kstrtobool_from_user() - kstrtobool() of user memory
 * @s: the text, which needs no NUL
 * @count: its length in bytes; no more than 3 are looked at
 * @res: written on success only
 *
 * Context: may sleep.
 *
 * Return: 0, -EINVAL, or -EFAULT.
 */
int kstrtobool_from_user(const char __user *s, size_t count, bool *res)
{
	char buf[4];

	count = min(count, sizeof(buf) - 1);
	if (copy_from_user(buf, s, count))
		return -EFAULT;
	buf[count] = '\0';
	return kstrtobool(buf, res);
}
EXPORT_SYMBOL(kstrtobool_from_user);

/* ---- the forgiving ones ----------------------------------------------------- */

unsigned long long um_strntoull(const char *s, size_t max, char **end,
				unsigned int base)
{
	const char *digits = fix_base(s, &base);
	size_t prefix = digits - s;
	unsigned long long value = 0;
	bool overflow;

	if (prefix < max) {
		digits += read_digits(digits, base, max - prefix, &value, &overflow);
	} else {
		/* the width ends inside the prefix */
		digits = s + max;
	}
	if (end)
		*end = (char *)digits;
	return value;
}

/**
 * simple_strtoull() - the number at the start of a string, no error ever
 * @cp: the text: a prefix that @base allows, then digits; no sign, no space
 * @endp: if not NULL, *@endp becomes the end of the digits
 * @base: 0 (prefix decides), or 2 to 16
 *
 * Return: the number, modulo 2^64; 0 without a digit.
 */
unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base)
{
	return um_strntoull(cp, INT_MAX, endp, base);
}
EXPORT_SYMBOL(simple_strtoull);

/**
 * simple_strtoul() - as simple_strtoull(), cut to an unsigned long
 * @cp: the text
 * @endp: if not NULL, *@endp becomes the end of the digits
 * @base: 0 (prefix decides), or 2 to 16
 *
 * Return: the number, or 0.
 */
unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoul);

/**
 * simple_strtoll() - as simple_strtoull(), with one '-' before it allowed
 * @cp: the text
 * @endp: if not NULL, *@endp becomes the end of the digits
 * @base: 0 (prefix decides), or 2 to 16
 *
 * Return: the number, or 0.
 */
long long simple_strtoll(const char *cp, char **endp, unsigned int base)
{
	if (*cp == '-')
		return 0 - simple_strtoull(cp + 1, endp, base);
	return simple_strtoull(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtoll);

/**
 * simple_strtol() - as simple_strtoll(), cut to a long
 * @cp: the text
 * @endp: if not NULL, *@endp becomes the end of the digits
 * @base: 0 (prefix decides), or 2 to 16
 *
 * Return: the number, or 0.
 */
long simple_strtol(const char *cp, char **endp, unsigned int base)
{
	return simple_strtoll(cp, endp, base);
}
EXPORT_SYMBOL(simple_strtol);

/**
 * memparse() - a number with a suffix: K M G T P E, each 1,024 times the last
 * @ptr: the text; the suffix in either case, one only
 * @retptr: if not NULL, *@retptr becomes what follows the suffix
 *
 * Return: the number, modulo 2^64; 0 without a digit.
 */
unsigned long long memparse(const char *ptr, char **retptr)
{
	static const char suffixes[] = "kmgtpe";
	char *end;
	unsigned long long v = simple_strtoull(ptr, &end, 0);
	const char *suffix = *end ? strchr(suffixes, _tolower(*end)) : NULL;

	if (suffix && isalpha(*end)) {
		v <<= 10 * (suffix - suffixes + 1);
		end++;
	}
	if (retptr)
		*retptr = end;
	return v;
}
EXPORT_SYMBOL(memparse);
