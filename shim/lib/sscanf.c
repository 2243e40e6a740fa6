// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's sscanf: d i u x X o c s [ n % with widths and the length
 * letters. Differences from libc's that callers meet: "%*" passes over
 * everything up to white space, in the format and in the text; overflow is
 * not noticed; %[ needs a width; there are no floating point numbers.
 */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "lib/kstrtox.h"

struct scan {
	const char *str;
	int width;		/* -1: none */
	char len;		/* 0, 'H' (hh), 'h', 'l', 'L' (ll), 'z' */
};

static void scan_string(struct scan *sc, va_list *args)
{
	char *out = va_arg(*args, char *);
	int width = sc->width < 0 ? SHRT_MAX : sc->width;

	sc->str = skip_spaces(sc->str);
	while (*sc->str && !isspace(*sc->str) && width--)
		*out++ = *sc->str++;
	*out = '\0';
}

static void scan_chars(struct scan *sc, va_list *args)
{
	char *out = va_arg(*args, char *);
	int width = sc->width < 0 ? 1 : sc->width;

	while (*sc->str && width--)
		*out++ = *sc->str++;
}

/* After "%[": returns the format after ']', or NULL when nothing matched. */
static const char *scan_set(struct scan *sc, const char *fmt, va_list *args)
{
	bool negate = *fmt == '^', in_set[256] = { false };
	char *out = va_arg(*args, char *);
	const char *start = sc->str;
	int width = sc->width;

	if (negate)
		fmt++;
	/* unlike libc's: an empty set matches nothing, and ']' is never a member */
	if (*fmt == ']')
		return NULL;
	do {
		if (!*fmt)
			return NULL;
		in_set[(unsigned char)*fmt++] = true;
	} while (*fmt != ']');
	while (*sc->str && width-- > 0 &&
	       in_set[(unsigned char)*sc->str] != negate)
		*out++ = *sc->str++;
	if (sc->str == start)
		return NULL;
	*out = '\0';
	return fmt + 1;
}

static void store(const struct scan *sc, unsigned long long v, va_list *args)
{
	switch (sc->len) {
	case 'H':
		*va_arg(*args, unsigned char *) = v;
		break;
	case 'h':
		*va_arg(*args, unsigned short *) = v;
		break;
	case 'l':
		*va_arg(*args, unsigned long *) = v;
		break;
	case 'L':
		*va_arg(*args, unsigned long long *) = v;
		break;
	case 'z':
		*va_arg(*args, size_t *) = v;
		break;
	default:
		*va_arg(*args, unsigned int *) = v;
	}
}

static bool is_digit_of(char c, unsigned int base)
{
	if (base == 16)
		return isxdigit(c);
	if (base == 8)
		return isodigit(c);
	return isdigit(c);
}

/* False when there is no number. Base 0: by prefix. */
static bool scan_number(struct scan *sc, unsigned int base, bool is_signed,
			va_list *args)
{
	int width = sc->width < 0 ? INT_MAX : sc->width;
	unsigned long long v;
	bool negative;
	char *end;

	sc->str = skip_spaces(sc->str);
	negative = is_signed && *sc->str == '-';
	if (width <= negative || !is_digit_of(sc->str[negative], base))
		return false;
	v = um_strntoull(sc->str + negative, width - negative, &end, base);
	sc->str = end;
	store(sc, negative ? 0 - v : v, args);
	return true;
}

/* The letters between '%' and the conversion. */
static const char *decode(const char *fmt, struct scan *sc)
{
	sc->width = isdigit(*fmt) ? 0 : -1;
	while (isdigit(*fmt))
		sc->width = sc->width * 10 + *fmt++ - '0';
	sc->len = 0;
	if (*fmt && strchr("hlLz", *fmt)) {
		sc->len = *fmt++;
		if (*fmt == sc->len) {
			sc->len = *fmt == 'h' ? 'H' : 'L';
			fmt++;
		}
	}
	return fmt;
}

/* After "%*": both go on at white space, the format also at the next '%'. */
static const char *pass_over(struct scan *sc, const char *fmt)
{
	if (!*sc->str)
		return NULL;
	while (*fmt && !isspace(*fmt) && *fmt != '%') {
		if (*fmt == '[')
			return NULL;
		fmt++;
	}
	while (*sc->str && !isspace(*sc->str))
		sc->str++;
	return fmt;
}

/*
 * Does one conversion. Returns the rest of the format, NULL to end; counts in
 * *@num what was stored.
 */
static const char *convert(struct scan *sc, const char *fmt, const char *start,
			   int *num, va_list *args)
{
	bool ok;
	char c;

	if (*fmt == '*')
		return pass_over(sc, fmt);
	fmt = decode(fmt, sc);
	if (!*fmt || !sc->width)
		return NULL;
	c = *fmt++;
	switch (c) {
	case 'n':
		*va_arg(*args, int *) = sc->str - start;
		return fmt;
	case '%':
		return *sc->str++ == '%' ? fmt : NULL;
	}
	if (!*sc->str)
		return NULL;
	switch (c) {
	case 'c':
		scan_chars(sc, args);
		ok = true;
		break;
	case 's':
		scan_string(sc, args);
		ok = true;
		break;
	case '[':
		if (sc->width < 0)
			return NULL;
		fmt = scan_set(sc, fmt, args);
		ok = fmt != NULL;
		break;
	case 'd':
		ok = scan_number(sc, 10, true, args);
		break;
	case 'i':
		ok = scan_number(sc, 0, true, args);
		break;
	case 'u':
		ok = scan_number(sc, 10, false, args);
		break;
	case 'x': case 'X':
		ok = scan_number(sc, 16, false, args);
		break;
	case 'o':
		ok = scan_number(sc, 8, false, args);
		break;
	default:
		return NULL;
	}
	if (!ok)
		return NULL;
	(*num)++;
	return fmt;
}

/**
 * vsscanf() - read values out of a string
 * @buf: the string
 * @fmt: the conversions; the file's head says which
 * @ap: pointers for them
 *
 * Return: how many conversions stored something; %n does not count. Reading
 * ends at the first that does not match.
 */
int vsscanf(const char *buf, const char *fmt, va_list ap)
{
	struct scan sc = { .str = buf };
	va_list args;
	int num = 0;

	va_copy(args, ap);
	while (fmt && *fmt) {
		if (isspace(*fmt)) {
			fmt = skip_spaces(fmt);
			sc.str = skip_spaces(sc.str);
		} else if (*fmt == '%') {
			fmt = convert(&sc, fmt + 1, buf, &num, &args);
		} else if (*fmt++ != *sc.str++) {
			break;
		}
	}
	va_end(args);
	return num;
}
UM_EXPORT_SYMBOL_AS("um_k_vsscanf");

/**
 * sscanf() - read values out of a string, as vsscanf()
 * @buf: the string
 * @fmt: the conversions
 * @...: pointers for them
 *
 * Return: how many conversions stored something; %n does not count.
 */
int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsscanf(buf, fmt, args);
	va_end(args);
	return n;
}
UM_EXPORT_SYMBOL_AS("um_k_sscanf");
