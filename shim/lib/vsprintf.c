// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's printf.
 *
 * Characters go to a sink that counts all and keeps what fits, so that every
 * function here is the same for a short buffer and for none. A conversion is
 * first decoded into struct spec, then dispatched.
 *
 * Modelled of %p: nothing and K (hashed), x, e, s S B (a function by its
 * name and module; S and B add file and line where a kernel adds an offset),
 * U (b B l L), V, h (C D N), b (l), M and m (R F), I4 i4 (h n b l), a (d p); and
 * of whole things (vsprintf_kinds.c) I6 i6 (c), R, r, t (R T), 4cc, E, d and D
 * (2 3 4), G (g v). Any other of the kernel's letters is a splat that names it: of what
 * there is not here (g, C, O, f, N, IS), or Gp, the flags of pages.
 */
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uuid.h>

#include "check/op.h"
#include "host/host.h"
#include "lib/errname.h"
#include "lib/vsprintf.h"

/* What a width and a precision can be: 24 and 16 bits with a sign. */
#define WIDTH_MAX	((1 << 23) - 1)
#define PRECISION_MAX	((1 << 15) - 1)

struct sink {
	char *buf;
	size_t size;
	size_t len;	/* of the whole text, kept or not */
};

struct spec {
	bool left, plus, space, zero, alt, small, is_signed;
	int width;		/* -1: none */
	int precision;		/* -1: none */
	unsigned int base;
	char conv;
	char len;		/* 0, 'H' (hh), 'h', 'l', 'L' (ll), 'z', 't' */
};

static void put(struct sink *s, char c)
{
	if (s->len < s->size)
		s->buf[s->len] = c;
	s->len++;
}

static void put_n(struct sink *s, char c, int n)
{
	while (n-- > 0)
		put(s, c);
}

/* @text of @n characters, padded to the width. */
static void put_text(struct sink *s, const char *text, size_t n,
		     const struct spec *sp)
{
	size_t i;

	if (!sp->left)
		put_n(s, ' ', sp->width - (int)n);
	for (i = 0; i < n; i++)
		put(s, text[i]);
	if (sp->left)
		put_n(s, ' ', sp->width - (int)n);
}

/* ---- numbers ---------------------------------------------------------------- */

static void put_number(struct sink *s, unsigned long long num, struct spec sp)
{
	const char *digits = sp.small ? hex_asc : hex_asc_upper;
	bool prefix = sp.alt && sp.base != 10, zero_value = !num;
	char tmp[24], sign = 0;
	int n = 0, width = sp.width, precision;

	if (sp.is_signed) {
		if ((long long)num < 0) {
			sign = '-';
			num = 0 - num;
		} else if (sp.plus || sp.space) {
			sign = sp.plus ? '+' : ' ';
		}
		width -= !!sign;
	}
	if (prefix)
		width -= sp.base == 16 ? 2 : !zero_value;
	do {
		tmp[n++] = digits[num % sp.base];
		num /= sp.base;
	} while (num);
	precision = max(n, sp.precision);
	width -= precision;
	if (!sp.zero && !sp.left)
		put_n(s, ' ', width);
	if (sign)
		put(s, sign);
	if (prefix && (sp.base == 16 || !zero_value))
		put(s, '0');
	if (prefix && sp.base == 16)
		put(s, sp.small ? 'x' : 'X');
	if (sp.zero && !sp.left)
		put_n(s, '0', width);
	put_n(s, '0', precision - n);
	while (n)
		put(s, tmp[--n]);
	if (sp.left)
		put_n(s, ' ', width);
}

static void put_hex(struct sink *s, unsigned long long num, int digits)
{
	put_number(s, num, (struct spec){ .base = 16, .small = true, .zero = true,
					  .width = digits, .precision = -1 });
}

/* "0x" and all digits of so many bytes, as addresses are printed. */
static void put_special_hex(struct sink *s, unsigned long long num, int bytes)
{
	put_number(s, num, (struct spec){ .base = 16, .small = true, .zero = true,
					  .alt = true, .width = 2 + 2 * bytes,
					  .precision = -1 });
}

/* ---- strings ------------------------------------------------------------------ */

/* What stands for a pointer that cannot be one, or NULL. */
static const char *bad_pointer(const void *p)
{
	if (!p)
		return "(null)";
	if ((unsigned long)p < 4096 || IS_ERR(p))
		return "(efault)";
	return NULL;
}

/* Cut to the precision, then padded to the width. */
static void put_cut(struct sink *s, const char *text, const struct spec *sp)
{
	size_t max = sp->precision < 0 ? INT_MAX : sp->precision;

	put_text(s, text, strnlen(text, max), sp);
}

/* A complaint in place of the text is cut as the text would be. */
static void put_string(struct sink *s, const char *text, const struct spec *sp)
{
	put_cut(s, bad_pointer(text) ?: text, sp);
}

/* ---- %p and its letters -------------------------------------------------------- */

static void put_pointer(struct sink *s, const void *p, struct spec sp)
{
	sp.base = 16;
	sp.small = true;
	if (sp.width < 0) {
		sp.width = 2 * sizeof(p);
		sp.zero = true;
	}
	put_number(s, (unsigned long)p, sp);
}

/* The same for the life of the process, and not to be turned round. */
static u32 hashed(const void *p)
{
	static u64 key;
	u64 k = __atomic_load_n(&key, __ATOMIC_RELAXED), none = 0;
	u64 h;

	if (!k) {
		host_random(&k, sizeof(k));
		k |= 1;
		if (!__atomic_compare_exchange_n(&key, &none, k, false,
						 __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED))
			k = none;
	}
	h = ((unsigned long)p ^ k) * 0x9e3779b97f4a7c15ULL;
	h = (h ^ (h >> 32)) * k;
	return h >> 32;
}

static void put_hashed(struct sink *s, const void *p, const struct spec *sp)
{
	if (IS_ERR_OR_NULL(p))
		put_pointer(s, p, *sp);
	else
		put_pointer(s, (void *)(unsigned long)hashed(p), *sp);
}

static noinline void put_symbol(struct sink *s, const void *p, bool place,
				const struct spec *sp)
{
	struct host_symbol all[HOST_INLINED], symbol;
	char name[768];
	int n = 0;

	/* past the entry: the address is a function's, or a call's return */
	symbol = all[host_find_symbols((const char *)p + 1, all, HOST_INLINED) - 1];
	if (*symbol.function)
		n = scnprintf(name, sizeof(name), "%s", symbol.function);
	else
		scnprintf(name, sizeof(name), "0x%lx", (unsigned long)p);
	if (n && place && *symbol.file)
		n += scnprintf(name + n, sizeof(name) - n, " (%s:%d)", symbol.file, symbol.line);
	if (n && symbol.module)
		scnprintf(name + n, sizeof(name) - n, " [%s]", symbol.object);
	put_cut(s, name, sp);
}

static void put_uuid(struct sink *s, const u8 *b, const char *mode,
		     const struct spec *sp)
{
	bool little = *mode == 'l' || *mode == 'L';
	bool upper = *mode == 'L' || *mode == 'B';
	const u8 *index = little ? guid_index : uuid_index;
	char text[UUID_STRING_LEN + 1], *p = text;
	int i;

	for (i = 0; i < 16; i++) {
		p = upper ? hex_byte_pack_upper(p, b[index[i]]) :
			    hex_byte_pack(p, b[index[i]]);
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*p++ = '-';
	}
	*p = '\0';
	put_cut(s, text, sp);
}

static void put_bytes(struct sink *s, const u8 *b, const char *mode,
		      const struct spec *sp)
{
	int i, n = clamp(sp->width, 1, 64);
	char between = *mode == 'C' ? ':' : *mode == 'D' ? '-' :
		       *mode == 'N' ? 0 : ' ';

	for (i = 0; i < n; i++) {
		if (i && between)
			put(s, between);
		put(s, hex_asc_hi(b[i]));
		put(s, hex_asc_lo(b[i]));
	}
}

static void put_mac(struct sink *s, const u8 *mac, const char *mode,
		    const struct spec *sp)
{
	char text[6 * 3 + 1], *p = text;
	int i;

	for (i = 0; i < 6; i++) {
		p = hex_byte_pack(p, mac[mode[1] == 'R' ? 5 - i : i]);
		if (mode[0] == 'M' && i < 5)
			*p++ = mode[1] == 'F' ? '-' : ':';
	}
	*p = '\0';
	put_cut(s, text, sp);
}

/* Groups of 32 bits, the highest first, each with the digits it needs. */
static void put_bitmap(struct sink *s, const unsigned long *map, int bits)
{
	int at, chunk;

	if (!bits)
		return;
	for (at = (bits - 1) / 32 * 32; at >= 0; at -= 32) {
		unsigned long v = map[BIT_WORD(at)] >> (at % BITS_PER_LONG);

		chunk = min(bits - at, 32);
		put_hex(s, v & GENMASK(chunk - 1, 0), DIV_ROUND_UP(chunk, 4));
		if (at)
			put(s, ',');
	}
}

static void put_bit_list(struct sink *s, const unsigned long *map, int bits)
{
	const struct spec dec = { .base = 10, .width = -1, .precision = -1 };
	unsigned long from, to;
	bool first = true;

	for (from = find_first_bit(map, bits); from < bits;
	     from = find_next_bit(map, bits, to)) {
		to = find_next_zero_bit(map, bits, from);
		if (!first)
			put(s, ',');
		first = false;
		put_number(s, from, dec);
		if (to > from + 1) {
			put(s, '-');
			put_number(s, to - 1, dec);
		}
	}
}

static void put_va_format(struct sink *s, const struct va_format *vf)
{
	size_t room = s->len < s->size ? s->size - s->len : 0;
	va_list args;

	/* the caller's list may be walked again, by another pass */
	va_copy(args, *vf->va);
	s->len += vsnprintf(room ? s->buf + s->len : NULL, room, vf->fmt, args);
	va_end(args);
}

static void put_err(struct sink *s, const void *p, const struct spec *sp)
{
	struct spec number;
	const char *name;

	if (!IS_ERR(p)) {
		put_hashed(s, p, sp);
		return;
	}
	name = um_errname(-PTR_ERR(p));
	if (name) {
		put_cut(s, name, sp);
		return;
	}
	number = *sp;
	number.base = 10;
	number.is_signed = true;
	put_number(s, PTR_ERR(p), number);
}

static void put_escaped(struct sink *s, const void *p, const char *mode, const struct spec *sp)
{
	size_t room = s->len < s->size ? s->size - s->len : 0;

	s->len += string_escape_mem(p, sp->width < 0 ? 1 : sp->width, room ? s->buf + s->len : NULL,
				    room, um_escape_flags(mode), NULL);
}

static void put_dentry(struct sink *s, const void *p, const char *mode, const struct spec *sp)
{
	char text[UM_DENTRY_TEXT];

	um_text_of_dentry(text, p, mode);
	put_cut(s, text, sp);
}

static void put_kind(struct sink *s, const void *p, const char *mode, const struct spec *sp)
{
	static const struct spec whole = { .width = -1, .precision = -1 };
	char text[UM_KIND_TEXT];

	switch (*mode) {
	case 'I': case 'i':
		if (mode[1] == '4')
			um_text_of_ip4(text, p, mode);
		else if (mode[1] == '6')
			um_text_of_ip6(text, p, mode);
		else
			um_text_of_socket_address(text, p, mode);
		break;
	case 'R': case 'r':
		um_text_of_resource(text, p, mode);
		break;
	case '4':
		um_text_of_fourcc(text, p, mode);
		break;
	case 'G':
		/* and a time: in pieces, none of which knows of the field */
		um_text_of_flags(text, p, mode);
		sp = &whole;
		break;
	default:
		if (um_text_of_time(text, p, mode))
			sp = &whole;
		else
			strscpy(text, "(%pt?)", sizeof(text));
		break;
	}
	put_cut(s, text, sp);
}

/* In place of what cannot be shown: cut as a kernel cuts it. */
static void put_complaint(struct sink *s, const char *text, const struct spec *sp)
{
	struct spec complaint = *sp;

	if (complaint.precision < 0)
		complaint.precision = 2 * sizeof(void *);
	put_cut(s, text, &complaint);
}

/* What only a pointer to nothing can be shown of: there are no such objects here. */
static void put_none(struct sink *s, const void *p, const char *mode, const struct spec *sp)
{
	const char *bad = bad_pointer(p);

	if (bad) {
		put_complaint(s, bad, sp);
		return;
	}
	um_splat("printf", "%%p%c is not in the shim (lib/vsprintf.c)", *mode);
	put_hashed(s, p, sp);
}

static void put_netdev_features(struct sink *s, const void *p, const char *mode,
				const struct spec *sp)
{
	const char *bad = bad_pointer(p);

	if (bad || mode[1] != 'F')
		put_complaint(s, bad ?: "(%pN?)", sp);
	else
		put_special_hex(s, *(const u64 *)p, 8);
}

/*
 * Letters of subsystems that are not here: clocks (C), block devices (g), firmware
 * nodes (f) and device trees (O), which a kernel may be built without; of no
 * subsystem (N); of strings that were looked at before (k, u); of Rust (A).
 */
static bool put_of_elsewhere(struct sink *s, const void *p, const char *mode,
			     const struct spec *sp)
{
	switch (*mode) {
	case 'C': case 'g':
		put_none(s, p, mode, sp);
		return true;
	case 'f':
		if (mode[1] == 'w')
			put_none(s, p, mode, sp);
		else
			put_complaint(s, "(%pf?)", sp);
		return true;
	case 'O':
		put_complaint(s, mode[1] == 'F' ? "(%pOF?)" : "(%pO?)", sp);
		return true;
	case 'N':
		put_netdev_features(s, p, mode, sp);
		return true;
	case 'k': case 'u':
		if (mode[1] == 's')
			put_string(s, p, sp);
		else
			put_complaint(s, "(einval)", sp);
		return true;
	case 'A':
		WARN_ONCE(1, "%%pA is for code in Rust");
		put_complaint(s, "(%pA?)", sp);
		return true;
	default:
		return false;
	}
}

/* Whether the letters name a kind of thing; else the pointer is shown, hashed. */
static bool is_kind(const char *mode)
{
	switch (*mode) {
	case 'U': case 'h': case 'b': case 'M': case 'm': case 'V': case 'a': case 'D':
	case 'd': case 'E': case 'R': case 'r': case 't': case '4': case 'G': case 'I': case 'i':
		return true;
	default:
		return false;
	}
}

static void put_extended(struct sink *s, const void *p, const char *mode,
			 const struct spec *sp)
{
	const char *bad;

	switch (*mode) {
	case 'x':
		put_pointer(s, p, *sp);
		return;
	case 'e':
		put_err(s, p, sp);
		return;
	case 's': case 'S': case 'B':
		put_symbol(s, p, *mode != 's', sp);
		return;
	}
	if (put_of_elsewhere(s, p, mode, sp))
		return;
	if (!is_kind(mode)) {
		put_hashed(s, p, sp);
		return;
	}

	if ((*mode == 'h' || *mode == 'E') && !sp->width)
		return;
	bad = bad_pointer(p);
	if (!bad && *mode == 'G' && !strchr("pvg", mode[1] ?: ' '))
		bad = "(%pG?)";
	if (!bad && (*mode == 'I' || *mode == 'i') && !strchr("46S", mode[1] ?: ' '))
		bad = *mode == 'I' ? "(%pI?)" : "(%pi?)";
	if (bad) {
		put_complaint(s, bad, sp);
		return;
	}
	switch (*mode) {
	case 'U':
		put_uuid(s, p, mode + 1, sp);
		break;
	case 'h':
		put_bytes(s, p, mode + 1, sp);
		break;
	case 'b':
		if (mode[1] == 'l')
			put_bit_list(s, p, max(sp->width, 0));
		else
			put_bitmap(s, p, max(sp->width, 0));
		break;
	case 'M': case 'm':
		put_mac(s, p, mode, sp);
		break;
	case 'E':
		put_escaped(s, p, mode, sp);
		break;
	case 'D':
		put_cut(s, um_name_of_file(p, mode), sp);
		break;
	case 'd':
		put_dentry(s, p, mode, sp);
		break;
	case 'R': case 'r': case 't': case '4': case 'G': case 'I': case 'i':
		put_kind(s, p, mode, sp);
		break;
	case 'V':
		put_va_format(s, p);
		break;
	case 'a':
		put_special_hex(s, *(const u64 *)p, 8);
		break;
	}
}

/* ---- decoding --------------------------------------------------------------------- */

/* More digits than an int has room for run over, as they may. */
static int read_int(const char **fmt)
{
	unsigned int v = 0;

	while (isdigit(**fmt))
		v = v * 10 + *(*fmt)++ - '0';
	return v;
}

/* A negative one is for the left. One that does not fit is cut, once told. */
static void take_width(struct spec *sp, int width)
{
	if (WARN_ONCE(width > WIDTH_MAX || width < -WIDTH_MAX - 1,
		      "field width %d too large", width))
		width = clamp(width, -WIDTH_MAX, WIDTH_MAX);
	if (width < 0)
		sp->left = true;
	sp->width = abs(width);
}

/* A negative one is none to C, and 0 to a kernel. */
static void take_precision(struct spec *sp, int precision)
{
	if (WARN_ONCE(precision > PRECISION_MAX || precision < -PRECISION_MAX - 1,
		      "precision %d too large", precision))
		precision = clamp(precision, 0, PRECISION_MAX);
	sp->precision = max(precision, 0);
}

/* Everything from after '%' up to the conversion; stars are taken from @args. */
static const char *decode(const char *fmt, struct spec *sp, va_list *args)
{
	*sp = (struct spec){ .width = -1, .precision = -1, .base = 10 };
	for (;; fmt++) {
		if (*fmt == '-')
			sp->left = true;
		else if (*fmt == '+')
			sp->plus = true;
		else if (*fmt == ' ')
			sp->space = true;
		else if (*fmt == '#')
			sp->alt = true;
		else if (*fmt == '0')
			sp->zero = true;
		else
			break;
	}
	if (isdigit(*fmt)) {
		sp->width = sign_extend32(read_int(&fmt), 23);
	} else if (*fmt == '*') {
		fmt++;
		take_width(sp, va_arg(*args, int));
	}
	if (*fmt == '.') {
		fmt++;
		if (isdigit(*fmt)) {
			sp->precision = max(sign_extend32(read_int(&fmt), 15), 0);
		} else if (*fmt == '*') {
			fmt++;
			take_precision(sp, va_arg(*args, int));
		}
	}
	switch (*fmt) {
	case 'h': case 'l':
		sp->len = *fmt++;
		if (*fmt == sp->len) {
			sp->len = *fmt == 'h' ? 'H' : 'L';
			fmt++;
		}
		break;
	case 'L': case 'z': case 't':
		sp->len = *fmt++;
		break;
	}
	sp->conv = *fmt ? *fmt++ : 0;
	return fmt;
}

static unsigned long long take_number(const struct spec *sp, va_list *args)
{
	switch (sp->len) {
	case 'L':
		return va_arg(*args, long long);
	case 'l':
		return sp->is_signed ? va_arg(*args, long) :
				       va_arg(*args, unsigned long);
	case 'z':
		return sp->is_signed ? va_arg(*args, ssize_t) :
				       va_arg(*args, size_t);
	case 't':
		return va_arg(*args, long);
	case 'h':
		return sp->is_signed ? (unsigned long long)(short)va_arg(*args, int) :
				       (unsigned short)va_arg(*args, int);
	case 'H':
		return sp->is_signed ? (unsigned long long)(signed char)va_arg(*args, int) :
				       (unsigned char)va_arg(*args, int);
	default:
		return sp->is_signed ? (unsigned long long)va_arg(*args, int) :
				       va_arg(*args, unsigned int);
	}
}

static const char *put_conversion(struct sink *s, const char *fmt, va_list *args)
{
	struct spec sp;
	char c;

	fmt = decode(fmt, &sp, args);
	switch (sp.conv) {
	case 'c':
		c = va_arg(*args, int);
		put_text(s, &c, 1, &sp);
		return fmt;
	case 's':
		put_string(s, va_arg(*args, char *), &sp);
		return fmt;
	case 'p':
		put_extended(s, va_arg(*args, void *), fmt, &sp);
		while (isalnum(*fmt))
			fmt++;
		return fmt;
	case '%':
		put(s, '%');
		return fmt;
	case 'd': case 'i':
		sp.is_signed = true;
		break;
	case 'u':
		break;
	case 'o':
		sp.base = 8;
		break;
	case 'x':
		sp.small = true;
		fallthrough;
	case 'X':
		sp.base = 16;
		break;
	default:
		WARN_ONCE(1, "Please remove unsupported %%%c in format string\n",
		     sp.conv ? sp.conv : '?');
		return NULL;
	}
	put_number(s, take_number(&sp, args), sp);
	return fmt;
}

/**
 * vsnprintf() - the kernel's vsnprintf
 * @buf: may be NULL when @size is 0
 * @size: of @buf; the text is cut to it and always terminated
 * @fmt: the conversions; the file's head says which forms of %p there are
 * @ap: arguments for them
 *
 * Return: the length the whole text has, without the NUL. An unknown
 * conversion ends the text, as in Linux; a @size beyond INT_MAX gives 0. Each of
 * these warns the first time.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct sink s = { .buf = buf, .size = size };
	va_list args;

	if (WARN_ON_ONCE(size > INT_MAX))
		return 0;
	/* a va_list parameter may be an array: its address needs a real one */
	va_copy(args, ap);
	while (fmt && *fmt) {
		if (*fmt != '%')
			put(&s, *fmt++);
		else
			fmt = put_conversion(&s, fmt + 1, &args);
	}
	va_end(args);
	if (size)
		buf[min(s.len, size - 1)] = '\0';
	return s.len;
}
UM_EXPORT_SYMBOL_AS("um_k_vsnprintf");

/**
 * vscnprintf() - as vsnprintf(), but for what is returned
 * @buf: may be NULL when @size is 0
 * @size: of @buf
 * @fmt: the conversions
 * @args: arguments for them
 *
 * Return: the length of what is in @buf, without the NUL.
 */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(buf, size, fmt, args);

	if (n < size)
		return n;
	return size ? size - 1 : 0;
}
EXPORT_SYMBOL(vscnprintf);

/**
 * snprintf() - as vsnprintf()
 * @buf: may be NULL when @size is 0
 * @size: of @buf
 * @fmt: the conversions
 * @...: arguments for them
 *
 * Return: the length the whole text has, without the NUL.
 */
int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}
UM_EXPORT_SYMBOL_AS("um_k_snprintf");

/**
 * scnprintf() - as vscnprintf()
 * @buf: may be NULL when @size is 0
 * @size: of @buf
 * @fmt: the conversions
 * @...: arguments for them
 *
 * Return: the length of what is in @buf, without the NUL.
 */
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}
EXPORT_SYMBOL(scnprintf);

/**
 * vsprintf() - as vsnprintf(), for a buffer that is large enough
 * @buf: where to
 * @fmt: the conversions
 * @args: arguments for them
 *
 * Return: the length of the text, without the NUL.
 */
int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}
UM_EXPORT_SYMBOL_AS("um_k_vsprintf");

/**
 * sprintf() - as vsnprintf(), for a buffer that is large enough
 * @buf: where to
 * @fmt: the conversions
 * @...: arguments for them
 *
 * Return: the length of the text, without the NUL.
 */
int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return n;
}
UM_EXPORT_SYMBOL_AS("um_k_sprintf");
