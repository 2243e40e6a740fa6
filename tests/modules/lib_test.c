// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small library functions, asked over sysfs.
 *
 * The device "lib" of the class mdev_test has
 *	kstrto	"<function> <base>|<text>": the text is parsed
 *	uuid	a text, parsed as guid_t and as uuid_t
 *	result	what came of the last of these: error, and value if there is none
 *	formats, odd_formats
 *		one line "name: text" for each format of printk
 *	once	"width", "precision" or "conversion": a format that does not fit;
 *		result is how much was printed
 *	scans	one line "name: count values" for each sscanf()
 *	strings, bitmaps, xarrays, refcounts, lists, various
 *		one line "name: results" for each function of that kind
 *	ksize	of a block of 10 bytes
 *	twice	written to: registers one notifier two times; result is the error
 */
#include <linux/bitmap.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/idr.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uuid.h>
#include <linux/xarray.h>

#include "mdev_test.h"

static char result[128];

/* ---- kstrto -------------------------------------------------------------- */

#define PARSER(_name, _type, _fmt)					\
static int parse_##_name(const char *text, unsigned int base)		\
{									\
	_type value = 0;						\
	int ret = kstrto##_name(text, base, &value);			\
									\
	if (ret)							\
		snprintf(result, sizeof(result), "%d\n", ret);		\
	else								\
		snprintf(result, sizeof(result), "0 " _fmt "\n", value);	\
	return 0;							\
}

PARSER(ull, unsigned long long, "%llu")
PARSER(ll, long long, "%lld")
PARSER(ul, unsigned long, "%lu")
PARSER(l, long, "%ld")
PARSER(uint, unsigned int, "%u")
PARSER(int, int, "%d")
PARSER(u16, u16, "%u")
PARSER(s16, s16, "%d")
PARSER(u8, u8, "%u")
PARSER(s8, s8, "%d")

static int parse_bool(const char *text, unsigned int base)
{
	bool value;
	int ret = kstrtobool(text, &value);

	if (ret)
		snprintf(result, sizeof(result), "%d\n", ret);
	else
		snprintf(result, sizeof(result), "0 %d\n", value);
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(const char *text, unsigned int base);
} parsers[] = {
	{ "ull", parse_ull }, { "ll", parse_ll }, { "ul", parse_ul }, { "l", parse_l },
	{ "uint", parse_uint }, { "int", parse_int }, { "u16", parse_u16 },
	{ "s16", parse_s16 }, { "u8", parse_u8 }, { "s8", parse_s8 }, { "bool", parse_bool },
};

static ssize_t kstrto_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	const char *text = strchr(buf, '|');
	unsigned int base, i;
	char name[8];

	if (!text || sscanf(buf, "%7s %u", name, &base) != 2)
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(parsers); i++)
		if (!strcmp(parsers[i].name, name)) {
			parsers[i].parse(text + 1, base);
			return count;
		}
	return -EINVAL;
}
static DEVICE_ATTR_WO(kstrto);

static ssize_t uuid_store(struct device *dev, struct device_attribute *attr,
			  const char *buf, size_t count)
{
	guid_t guid;
	uuid_t uuid;
	int ret;

	if (count < UUID_STRING_LEN)
		return -EINVAL;
	ret = guid_parse(buf, &guid);
	if (!ret)
		ret = uuid_parse(buf, &uuid);
	if (ret)
		snprintf(result, sizeof(result), "%d %d\n", ret, uuid_is_valid(buf));
	else
		snprintf(result, sizeof(result), "0 %pUl %pUb %*phN\n", &guid, &uuid, 16, &guid);
	return count;
}
static DEVICE_ATTR_WO(uuid);

static ssize_t result_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", result);
}
static DEVICE_ATTR_RO(result);

/* ---- formats ------------------------------------------------------------- */

struct out {
	char *buf;
	int len;
};

static void line(struct out *out, const char *name, const char *fmt, ...) __printf(3, 4);
static void line(struct out *out, const char *name, const char *fmt, ...)
{
	va_list args;

	out->len += sysfs_emit_at(out->buf, out->len, "%s: ", name);
	va_start(args, fmt);
	out->len += vscnprintf(out->buf + out->len, PAGE_SIZE - out->len, fmt, args);
	va_end(args);
	out->len += sysfs_emit_at(out->buf, out->len, "\n");
}

static void line_va(struct out *out, const char *name, const char *fmt, ...) __printf(3, 4);
static void line_va(struct out *out, const char *name, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	line(out, name, "[%pV]", &vaf);
	va_end(args);
}

static const u8 bytes[16] = {
	0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
	0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
};

static const char *no_string;

static int print(char *buf, const char *fmt, ...) __printf(2, 3);
static int print(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsprintf(buf, fmt, args);
	va_end(args);
	return n;
}

static bool prints_no_error_as_pointer(void)
{
	char error[32], pointer[32];

	snprintf(error, sizeof(error), "%pe", bytes);
	snprintf(pointer, sizeof(pointer), "%p", bytes);
	return !strcmp(error, pointer);
}

static void pointer_formats(struct out *out)
{
	line(out, "pUb", "%pUb", bytes);
	line(out, "pUB", "%pUB", bytes);
	line(out, "pUl", "%pUl", bytes);
	line(out, "pUL", "%pUL", bytes);
	line(out, "pU", "%pU", bytes);
	line(out, "ph", "%*ph", 4, bytes + 12);
	line(out, "phC", "%*phC", 4, bytes + 12);
	line(out, "phD", "%*phD", 4, bytes + 12);
	line(out, "phN", "%*phN", 4, bytes + 12);
	line(out, "ph3", "%3ph", bytes);
	line(out, "pe", "%pe", ERR_PTR(-ENOMEM));
	line(out, "pe_defer", "%pe", ERR_PTR(-EPROBE_DEFER));
	line(out, "pe_unknown", "%pe|%7pe", ERR_PTR(-1234), ERR_PTR(-1234));
	line(out, "pe_no_error", "%d", prints_no_error_as_pointer());
	line_va(out, "pV", "%d %s", 7, "seven");
	line(out, "px", "%px", (void *)0x1234);
	line(out, "null_string", "%s", READ_ONCE(no_string));
	line(out, "null_pointer", "%p", NULL);
}

static void number_formats(struct out *out)
{
	char text[16];
	int n = 0;

	line(out, "d", "%d|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42);
	line(out, "negative", "%d|%6d|%-6d|%06d|%u", -42, -42, -42, -42, -42);
	line(out, "x", "%x|%X|%#x|%08x|%#010x", 0xbeef, 0xbeef, 0xbeef, 0xbeef, 0xbeef);
	line(out, "o", "%o|%#o|%#o", 8, 8, 0);
	line(out, "sizes", "%lld|%llu|%lx|%zu|%hd|%hhd", -1LL, -1ULL, -1UL, (size_t)7,
	     (short)-2, (signed char)-3);
	line(out, "more_sizes", "%td|%hu|%hhu", &bytes[2] - &bytes[5], (unsigned short)-1,
	     (unsigned char)-1);
	line(out, "precision", "%.3d|%8.3d|%-8.3d|%.0d", 5, 5, 5, 0);
	line(out, "star", "%*d|%-*d|%.*d|%*d", 6, 1, 6, 2, 3, 3, -4, 4);
	line(out, "strings", "%s|%5s|%-5s|%.2s|%.10s|%5.1s", "abc", "abc", "abc", "abc", "abc",
	     "abc");
	line(out, "chars", "%c%c|%3c|%-3c|%%", 'a', 'b', 'c', 'd');
	n = print(text, "%s-%d", "abc", 5);
	line(out, "unbounded", "%d %s", n, text);
	n = snprintf(NULL, 0, "%d", 12345);
	line(out, "length", "%d", n);
	n = scnprintf(out->buf + out->len + 64, 4, "%s", "abcdef");
	line(out, "cut", "%d", n);
}

/* Formats that a compiler would not let pass. */
static void odd(struct out *out, const char *name, const char *fmt, ...)
{
	va_list args;

	out->len += sysfs_emit_at(out->buf, out->len, "%s: ", name);
	va_start(args, fmt);
	out->len += vscnprintf(out->buf + out->len, PAGE_SIZE - out->len, fmt, args);
	va_end(args);
	out->len += sysfs_emit_at(out->buf, out->len, "\n");
}

static void odd_precisions(struct out *out)
{
	odd(out, "negative_precision", "[%.*s][%.*d][%8.*d]", -1, "abc", -1, 5, -3, 5);
	odd(out, "wide_constant", "[%9000000d]", 5);
	odd(out, "precise_constant", "[%.40000d]", 5);
	odd(out, "uuid_cut", "%.8pUb|%12.4pUl|%-6.2pUb|", bytes, bytes, bytes);
	odd(out, "name_cut", "%.3pe|%6.3pe|", ERR_PTR(-ENOMEM), ERR_PTR(-ENOMEM));
	odd(out, "mac_cut", "%.5pM|%.4pm", bytes, bytes);
	odd(out, "complaint_cut", "%.3pUb|%*ph|%.2s", NULL, 0, NULL, NULL);
	odd(out, "empty_bitmap", "[%*pb][%*pbl]", 0, bytes, 0, bytes);
}

static void odd_pointers(struct out *out)
{
	odd(out, "error_zeroes", "%08pe|%-8pe|%+pe", ERR_PTR(-1234), ERR_PTR(-1234),
	    ERR_PTR(-1234));
	odd(out, "pointer_prefix", "%#px|%#12px", (void *)0x1234, (void *)0x1234);
	odd(out, "inner_errors", "%pe %pe %pe %pe %pe %pe %pe %pe", ERR_PTR(-522), ERR_PTR(-523),
	    ERR_PTR(-525), ERR_PTR(-526), ERR_PTR(-527), ERR_PTR(-528), ERR_PTR(-529),
	    ERR_PTR(-530));
	odd(out, "ip4_orders", "%pI4 %pI4n %pI4b %pI4h %pI4l %pi4l", bytes + 1, bytes + 1,
	    bytes + 1, bytes + 1, bytes + 1, bytes + 1);
	odd(out, "function", "%ps", odd_pointers);
	odd(out, "kernels_function", "%ps", kfree);
	odd(out, "no_function", "%ps %ps", (void *)0x1234, NULL);
}

static void sizes_as_text(struct out *out)
{
	static const struct {
		u64 size, blocks;
	} sizes[] = {
		{ 0, 1 }, { 3, 1 }, { 512, 1 }, { 999, 1 }, { 1100, 1 }, { 3, 512 },
		{ 3000, 1900 }, { U64_MAX, 1 }, { U64_MAX, 4096 }, { U64_MAX, U64_MAX },
		{ 1999999, 1 }, { 1048575, 1 },
	};
	char ten[16], two[16];
	int i;

	out->len += sysfs_emit_at(out->buf, out->len, "sizes_as_text: ");
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		string_get_size(sizes[i].size, sizes[i].blocks, STRING_UNITS_10, ten, sizeof(ten));
		string_get_size(sizes[i].size, sizes[i].blocks, STRING_UNITS_2, two, sizeof(two));
		out->len += sysfs_emit_at(out->buf, out->len, "%s %s|", ten, two);
	}
	out->len += sysfs_emit_at(out->buf, out->len, "\n");
}

static ssize_t odd_formats_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	odd_precisions(&out);
	odd_pointers(&out);
	sizes_as_text(&out);
	return out.len;
}
static DEVICE_ATTR_RO(odd_formats);

/* What does not fit is told once in the life of a kernel: the second is silent. */
static ssize_t once_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct out out = { .buf = kzalloc(PAGE_SIZE, GFP_KERNEL) };

	if (!out.buf)
		return -ENOMEM;
	if (sysfs_streq(buf, "width"))
		odd(&out, "width", "%*d", 9000000, 5);
	else if (sysfs_streq(buf, "precision"))
		odd(&out, "precision", "%.*d", 40000, 5);
	else
		odd(&out, "conversion", "a%yb");
	scnprintf(result, sizeof(result), "%zu\n", strnlen(out.buf, PAGE_SIZE));
	kfree(out.buf);
	return count;
}
static DEVICE_ATTR_WO(once);

static ssize_t formats_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	number_formats(&out);
	pointer_formats(&out);
	return out.len;
}
static DEVICE_ATTR_RO(formats);

/* ---- scans --------------------------------------------------------------- */

static void odd_scans(struct out *out)
{
	char s[16] = "-", t[16] = "-";
	unsigned int u = 0, v = 0;
	int a = 0, b = 0, n;

	n = sscanf("ab:cd", "%5[^:]:%5s", s, t);
	line(out, "other_set", "%d %s %s", n, s, t);
	n = sscanf("]x", "%5[]x]", s);
	line(out, "empty_set", "%d", n);
	n = sscanf("17 8", "%o %o", &u, &v);
	line(out, "octal", "%d %x", n, u);
	n = sscanf("5%6", "%d%%%d", &a, &b);
	line(out, "percent", "%d %d %d", n, a, b);
	n = sscanf("5x6", "%d%%%d", &a, &b);
	line(out, "no_percent", "%d", n);
	/* the width ends inside what is no digit */
	n = sscanf("0x1f", "%2i%x", &a, &u);
	line(out, "prefix_cut", "%d %d %x", n, a, u);
	n = sscanf("-5", "%1d%d", &a, &b);
	line(out, "minus_cut", "%d", n);
}

static void scans_of_sizes(struct out *out)
{
	unsigned long long q = 0;
	unsigned short h = 0;
	signed char c = 0;
	size_t z = 0;
	long l = 0;
	int n;

	n = sscanf("65535 -5000000000 18446744073709551615 7 -8", "%hu %ld %llu %zu %hhd",
		   &h, &l, &q, &z, &c);
	line(out, "sizes", "%d %u %ld %llu %zu %d", n, h, l, q, z, c);
}

static ssize_t scans_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };
	char s[16] = "-", t[16] = "-";
	unsigned int u = 0;
	int a = 0, b = 0, n;
	char c = '-';

	n = sscanf("12 -34", "%d %d", &a, &b);
	line(&out, "two", "%d %d %d", n, a, b);
	n = sscanf("0x1f 017", "%i %i", &a, &b);
	line(&out, "bases", "%d %d %d", n, a, b);
	n = sscanf("beef", "%x", &u);
	line(&out, "hex", "%d %x", n, u);
	n = sscanf("hello world", "%3s%s", s, t);
	line(&out, "words", "%d %s %s", n, s, t);
	n = sscanf("a=5", "%c=%u", &c, &u);
	line(&out, "literal", "%d %c %u", n, c, u);
	n = sscanf("a:5", "%c=%u", &c, &u);
	line(&out, "mismatch", "%d", n);
	n = sscanf("12345", "%2d%d", &a, &b);
	line(&out, "width", "%d %d %d", n, a, b);
	n = sscanf("abc123", "%5[abc]%d", s, &a);
	line(&out, "set", "%d %s %d", n, s, a);
	n = sscanf("x 9", "%*s %d", &a);
	line(&out, "skip", "%d %d", n, a);
	n = sscanf("", "%d", &a);
	line(&out, "empty", "%d", n);
	n = sscanf("zzz", "%d", &a);
	line(&out, "no_number", "%d", n);
	n = sscanf("7 rest", "%d%n", &a, &b);
	line(&out, "so_far", "%d %d %d", n, a, b);
	odd_scans(&out);
	scans_of_sizes(&out);
	return out.len;
}
static DEVICE_ATTR_RO(scans);

/* ---- strings ------------------------------------------------------------- */

static noinline char *hide(const char *text)
{
	OPTIMIZER_HIDE_VAR(text);
	return (char *)text;
}

static void copied(struct out *out)
{
	char buf[16];
	long n;

	n = strscpy(buf, "abcdef", 4);
	line(out, "strscpy", "%ld %s", n, buf);
	memset(buf, 'z', sizeof(buf));
	/* the compiler knows neither size, so nothing is cut to it */
	n = strscpy(hide(buf), hide("ghi"), (size_t)INT_MAX);
	line(out, "strscpy_long", "%ld %s", n, buf);
	memset(buf, 'z', sizeof(buf));
	n = strscpy_pad(buf, "ab", 5);
	line(out, "strscpy_pad", "%ld %6phN", n, buf);
	memset(buf, 'z', sizeof(buf));
	memcpy_and_pad(buf, 5, "abc", 3, '-');
	line(out, "pad", "%.6s", buf);
	memcpy_and_pad(buf, 2, "XYZ", 3, '-');
	line(out, "pad_cut", "%.6s", buf);
}

static void searched(struct out *out)
{
	char text[] = "a-b-c", *s = text;

	line(out, "strnstr", "%s|%d|%d", strnstr("abcabd", "bd", 6), !strnstr("abc", "bc", 2),
	     strnstr(text, "", 0) == text);
	line(out, "memscan", "%d %d", (int)((char *)memscan(text, 'b', 5) - text),
	     (int)((char *)memscan(text, 'x', 5) - text));
	line(out, "memchr_inv", "%s|%d", (char *)memchr_inv("aab", 'a', 3),
	     !memchr_inv("aaa", 'a', 3));
	s = strreplace(text, '-', '+');
	line(out, "strreplace", "%s %d", text, (int)(s - text));
}

static void filled(struct out *out)
{
	u64 q[3] = { 0 };
	u32 l[3] = { 0 };
	u16 h[3] = { 0 };

	memset16(h, 0x1234, 2);
	memset32(l, 0x12345678, 2);
	memset64(q, 0x123456789abcdef0ULL, 2);
	line(out, "memset16", "%x %x %x", h[0], h[1], h[2]);
	line(out, "memset32", "%x %x %x", l[0], l[1], l[2]);
	line(out, "memset64", "%llx %llx %llx", q[0], q[1], q[2]);
}

/* A size that no string has: told once in the life of a kernel. */
static ssize_t oversize_store(struct device *dev, struct device_attribute *attr,
			      const char *text, size_t count)
{
	bool known = sysfs_streq(text, "known");
	size_t size = (size_t)INT_MAX + 1 + count;
	char buf[16] = "";
	long n;

	if (sysfs_streq(text, "fortified"))
		return IS_ENABLED(CONFIG_FORTIFY_SOURCE) ? count : -EOPNOTSUPP;
	n = known ? strscpy(buf, hide("ghi"), size) : strscpy(hide(buf), hide("ghi"), size);
	scnprintf(result, sizeof(result), "%ld %s\n", n, buf);
	return count;
}
static DEVICE_ATTR_WO(oversize);

/* One more for the counter of an eventfd. */
static ssize_t signal_store(struct device *dev, struct device_attribute *attr, const char *text,
			    size_t count)
{
	struct eventfd_ctx *ctx;
	int fd, err = kstrtoint(text, 10, &fd);

	if (err)
		return err;
	ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	eventfd_signal(ctx, 1);
	eventfd_ctx_put(ctx);
	return count;
}
static DEVICE_ATTR_WO(signal);

static ssize_t say_store(struct device *dev, struct device_attribute *attr, const char *text,
			 size_t count)
{
	pr_info("lib_test says %s\n", text);
	return count;
}
static DEVICE_ATTR_WO(say);

static ssize_t strings_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	copied(&out);
	searched(&out);
	filled(&out);
	return out.len;
}
static DEVICE_ATTR_RO(strings);

/* ---- bitmaps ------------------------------------------------------------- */

#define BITS	70

static void bitmaps_combined(struct out *out, unsigned long *a, unsigned long *b)
{
	DECLARE_BITMAP(map, BITS);
	int ret;

	ret = bitmap_and(map, a, b, BITS);
	line(out, "and", "%d %*pbl", ret, BITS, map);
	bitmap_or(map, a, b, BITS);
	line(out, "or", "%*pbl", BITS, map);
	bitmap_xor(map, a, b, BITS);
	line(out, "xor", "%*pbl", BITS, map);
	ret = bitmap_andnot(map, a, b, BITS);
	line(out, "andnot", "%d %*pbl", ret, BITS, map);
	ret = bitmap_and(map, map, b, BITS);
	line(out, "nothing", "%d %d", ret, bitmap_empty(map, BITS));
	bitmap_complement(map, a, BITS);
	line(out, "complement", "%*pbl", BITS, map);
	line(out, "disjoint", "%d %d", bitmap_intersects(map, a, BITS),
	     bitmap_intersects(a, b, BITS));
	bitmap_or(map, map, a, BITS);
	line(out, "full", "%d %u", bitmap_full(map, BITS), bitmap_weight(map, BITS));
	line(out, "subset", "%d %d", bitmap_subset(a, map, BITS), bitmap_subset(map, a, BITS));
	line(out, "equal", "%d %d", bitmap_equal(a, a, BITS), bitmap_equal(a, map, BITS));
}

static void bitmaps_searched(struct out *out, unsigned long *a)
{
	int ret;

	line(out, "find", "%lu %lu %lu %lu", find_first_bit(a, BITS), find_next_bit(a, BITS, 9),
	     find_next_zero_bit(a, BITS, 3), find_last_bit(a, BITS));
	line(out, "zero_area", "%lu %lu", bitmap_find_next_zero_area(a, BITS, 0, 5, 0),
	     bitmap_find_next_zero_area(a, BITS, 0, 5, 7));
	ret = bitmap_find_free_region(a, BITS, 3);
	line(out, "free_region", "%d %*pbl", ret, BITS, a);
	line(out, "allocate_region", "%d %d", bitmap_allocate_region(a, 8, 3),
	     bitmap_allocate_region(a, 24, 1));
	bitmap_release_region(a, 8, 3);
	line(out, "release_region", "%*pbl", BITS, a);
}

static ssize_t bitmaps_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned long *a = bitmap_zalloc(BITS, GFP_KERNEL);
	struct out out = { .buf = buf };
	DECLARE_BITMAP(b, BITS);
	bool was, is;

	if (!a)
		return -ENOMEM;
	bitmap_zero(b, BITS);
	bitmap_set(a, 3, 5);
	bitmap_set(a, 60, 10);
	bitmap_set(b, 6, 60);
	bitmap_clear(b, 8, 50);
	line(&out, "set", "%*pbl %*pbl", BITS, a, BITS, b);
	bitmaps_combined(&out, a, b);
	bitmaps_searched(&out, a);
	was = test_and_set_bit(0, b);
	is = test_and_set_bit(0, b);
	line(&out, "test_and_set", "%d %d", was, is);
	was = test_and_clear_bit(0, b);
	is = test_and_clear_bit(0, b);
	line(&out, "test_and_clear", "%d %d", was, is);
	bitmap_free(a);
	return out.len;
}
static DEVICE_ATTR_RO(bitmaps);

/* ---- xarrays ------------------------------------------------------------- */

static void xarray_found(struct out *out)
{
	unsigned long index, sum = 0;
	struct xarray xa;
	void *entry;

	xa_init(&xa);
	xa_store(&xa, 1, xa_mk_value(1), GFP_KERNEL);
	xa_store(&xa, 100, xa_mk_value(100), GFP_KERNEL);
	xa_store(&xa, 100000, xa_mk_value(100000), GFP_KERNEL);
	xa_for_each_range(&xa, index, entry, 2, 100000)
		sum += xa_to_value(entry);
	line(out, "range", "%lu", sum);
	/* a smaller tree does for what is left */
	entry = xa_erase(&xa, 100000);
	line(out, "erase", "%lu %lu %lu %d", xa_to_value(entry), xa_to_value(xa_load(&xa, 1)),
	     xa_to_value(xa_load(&xa, 100)), !xa_load(&xa, 100000));
	xa_destroy(&xa);
	line(out, "empty", "%d", xa_empty(&xa));
}

static void xarray_reserved(struct out *out)
{
	unsigned long index = 0;
	struct xarray xa;
	int reserved, busy;

	xa_init(&xa);
	reserved = xa_reserve(&xa, 3, GFP_KERNEL);
	xa_store(&xa, 5, xa_mk_value(5), GFP_KERNEL);
	xa_find(&xa, &index, ULONG_MAX, XA_PRESENT);
	busy = xa_insert(&xa, 3, xa_mk_value(3), GFP_KERNEL);
	line(out, "reserved", "%d %d %lu %d", reserved, !xa_load(&xa, 3), index, busy);
	index = 0;
	line(out, "only_reserved", "%d", !xa_find(&xa, &index, 4, XA_PRESENT));
	xa_release(&xa, 3);
	xa_release(&xa, 5);
	line(out, "released", "%d %lu", xa_insert(&xa, 3, xa_mk_value(3), GFP_KERNEL),
	     xa_to_value(xa_load(&xa, 5)));
	xa_destroy(&xa);
}

/* What is neither a value nor a pointer is stored, unless the tree itself uses it. */
static void xarray_internal(struct out *out)
{
	struct xarray xa;
	void *old;

	xa_init(&xa);
	xa_store(&xa, 1, xa_mk_internal(300), GFP_KERNEL);
	old = xa_store(&xa, 1, xa_mk_value(1), GFP_KERNEL);
	line(out, "internal", "%d %lu %lu", xa_is_internal(old), xa_to_internal(old),
	     xa_to_value(xa_load(&xa, 1)));
	xa_destroy(&xa);
}

static void xarray_locked(struct out *out)
{
	struct xarray bh, irq;
	bool marked, cleared;
	void *old, *erased;

	xa_init_flags(&bh, XA_FLAGS_LOCK_BH);
	xa_init_flags(&irq, XA_FLAGS_LOCK_IRQ);
	xa_store_bh(&bh, 2, xa_mk_value(2), GFP_KERNEL);
	old = xa_store_bh(&bh, 2, xa_mk_value(3), GFP_KERNEL);
	xa_lock_bh(&bh);
	erased = __xa_erase(&bh, 2);
	xa_unlock_bh(&bh);
	line(out, "bh", "%lu %lu", xa_to_value(old), xa_to_value(erased));
	xa_store_irq(&irq, 2, xa_mk_value(2), GFP_KERNEL);
	old = xa_erase_irq(&irq, 2);
	line(out, "irq", "%lu %d", xa_to_value(old), xa_empty(&irq));

	xa_lock_irq(&irq);
	__xa_store(&irq, 200, xa_mk_value(9), GFP_ATOMIC);
	__xa_set_mark(&irq, 200, XA_MARK_1);
	marked = xa_get_mark(&irq, 200, XA_MARK_1);
	__xa_clear_mark(&irq, 200, XA_MARK_1);
	cleared = !xa_get_mark(&irq, 200, XA_MARK_1);
	old = __xa_erase(&irq, 200);
	xa_unlock_irq(&irq);
	line(out, "locked", "%d %d %lu", marked, cleared, xa_to_value(old));
	xa_destroy(&bh);
	xa_destroy(&irq);
}

static void xarray_ids(struct out *out)
{
	u32 id = 0, first, next = UINT_MAX;
	struct xarray xa;
	int ret, wrapped;

	xa_init_flags(&xa, XA_FLAGS_ALLOC);
	/* NULL keeps an index here */
	xa_store(&xa, 0, NULL, GFP_KERNEL);
	ret = xa_alloc(&xa, &id, xa_mk_value(1), xa_limit_32b, GFP_KERNEL);
	line(out, "null_kept", "%d %u %d", ret, id, !xa_load(&xa, 0));
	xa_erase(&xa, 0);
	ret = xa_alloc_cyclic(&xa, &first, &xa, xa_limit_32b, &next, GFP_KERNEL);
	wrapped = xa_alloc_cyclic(&xa, &id, &xa, xa_limit_32b, &next, GFP_KERNEL);
	line(out, "wrapped", "%d %u %d %u %u", ret, first, wrapped, id, next);
	ret = xa_alloc_cyclic(&xa, &id, &xa, xa_limit_32b, &next, GFP_KERNEL);
	line(out, "after", "%d %u", ret, id);
	xa_destroy(&xa);
}

static int add_digit(int id, void *p, void *data)
{
	*(int *)data = *(int *)data * 10 + id;
	return 0;
}

static void idr_of_nulls(struct out *out)
{
	int id, walked = 0, entries = 0, ids[4];
	struct idr idr;
	void *p;

	idr_init(&idr);
	ids[0] = idr_alloc(&idr, &idr, 1, 0, GFP_KERNEL);
	ids[1] = idr_alloc(&idr, NULL, 1, 0, GFP_KERNEL);
	ids[2] = idr_alloc(&idr, &idr, 1, 0, GFP_KERNEL);
	ids[3] = idr_alloc(&idr, NULL, 1, 0, GFP_KERNEL);
	idr_for_each(&idr, add_digit, &walked);
	idr_for_each_entry(&idr, p, id)
		add_digit(id, p, &entries);
	line(out, "idr_nulls", "%d %d %d %d %d %d", ids[0], ids[1], ids[2], ids[3],
	     walked, entries);
	idr_destroy(&idr);
}

static ssize_t xarrays_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	xarray_found(&out);
	xarray_reserved(&out);
	xarray_internal(&out);
	xarray_locked(&out);
	xarray_ids(&out);
	idr_of_nulls(&out);
	return out.len;
}
static DEVICE_ATTR_RO(xarrays);

/* ---- refcounts ----------------------------------------------------------- */

/* Each returns whether the count got to 0, with the lock held; and frees that. */
static bool dec_and_lock(refcount_t *r)
{
	static DEFINE_SPINLOCK(lock);
	bool zero = refcount_dec_and_lock(r, &lock);

	if (zero)
		spin_unlock(&lock);
	return zero;
}

static bool dec_and_lock_irqsave(refcount_t *r)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	bool zero = refcount_dec_and_lock_irqsave(r, &lock, &flags);

	if (zero)
		spin_unlock_irqrestore(&lock, flags);
	return zero;
}

static bool dec_and_mutex_lock(refcount_t *r)
{
	static DEFINE_MUTEX(lock);
	bool zero = refcount_dec_and_mutex_lock(r, &lock);

	if (zero)
		mutex_unlock(&lock);
	return zero;
}

static void two_and_one(struct out *out, const char *name, bool (*dec)(refcount_t *r))
{
	refcount_t r = REFCOUNT_INIT(2);
	bool two = dec(&r), one = dec(&r);

	line(out, name, "%d %d %u", two, one, refcount_read(&r));
}

static ssize_t refcounts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int added, taken, inc, dec, sub;
	struct out out = { .buf = buf };
	refcount_t r;

	two_and_one(&out, "spinlock", dec_and_lock);
	two_and_one(&out, "irqsave", dec_and_lock_irqsave);
	two_and_one(&out, "mutex", dec_and_mutex_lock);
	two_and_one(&out, "if_one", refcount_dec_if_one);
	refcount_set(&r, 3);
	__refcount_add(2, &r, &added);
	taken = __refcount_add_not_zero(4, &r, &inc);
	line(&out, "add", "%d %d %d", added, taken, inc);
	__refcount_inc(&r, &inc);
	__refcount_dec(&r, &dec);
	taken = __refcount_sub_and_test(9, &r, &sub);
	line(&out, "before", "%d %d %d %d", inc, dec, taken, sub);
	taken = __refcount_inc_not_zero(&r, &inc);
	line(&out, "zero", "%d %d", taken, inc);
	return out.len;
}
static DEVICE_ATTR_RO(refcounts);

/* ---- lists, sorting, notifiers --------------------------------------------- */

static unsigned int swaps;

static int compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void swap_ints(void *a, void *b, int size)
{
	swap(*(int *)a, *(int *)b);
	swaps += size == sizeof(int);
}

static char called[8];
static int answer;

static int note(const char *name)
{
	strlcat(called, name, sizeof(called));
	return answer;
}

static int note_a(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("a");
}

static int note_b(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("b");
}

static int note_c(struct notifier_block *nb, unsigned long action, void *data)
{
	return note("c");
}

static BLOCKING_NOTIFIER_HEAD(chain);
static struct notifier_block nb_a = { .notifier_call = note_a };
static struct notifier_block nb_b = { .notifier_call = note_b, .priority = 5 };
static struct notifier_block nb_c = { .notifier_call = note_c };

static void call_chain(struct out *out, const char *name, int ret)
{
	called[0] = '\0';
	answer = ret;
	ret = blocking_notifier_call_chain(&chain, 1, NULL);
	line(out, name, "%s %x", called, ret);
}

static void notified(struct out *out)
{
	call_chain(out, "nobody", NOTIFY_OK);
	blocking_notifier_chain_register(&chain, &nb_a);
	blocking_notifier_chain_register(&chain, &nb_b);
	blocking_notifier_chain_register(&chain, &nb_c);
	call_chain(out, "by_priority", NOTIFY_OK);
	call_chain(out, "stopped", notifier_from_errno(-EIO));
	blocking_notifier_chain_unregister(&chain, &nb_b);
	call_chain(out, "one_less", NOTIFY_DONE);
	line(out, "unknown", "%d", blocking_notifier_chain_unregister(&chain, &nb_b));
	blocking_notifier_chain_unregister(&chain, &nb_a);
	blocking_notifier_chain_unregister(&chain, &nb_c);
}

static ssize_t lists_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int v[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
	struct out out = { .buf = buf };
	struct list_head node;
	LIST_HEAD(from);
	LIST_HEAD(to);

	swaps = 0;
	sort(v, ARRAY_SIZE(v), sizeof(int), compare_ints, swap_ints);
	line(&out, "sorted", "%d%d%d%d%d%d%d%d %d", v[0], v[1], v[2], v[3], v[4], v[5], v[6],
	     v[7], swaps > 0);
	list_add(&node, &from);
	list_cut_position(&to, &from, &from);
	line(&out, "cut_none", "%d %d", list_empty(&to), list_empty(&from));
	list_cut_position(&to, &from, &node);
	line(&out, "cut_all", "%d %d", list_empty(&to), list_empty(&from));
	notified(&out);
	return out.len;
}
static DEVICE_ATTR_RO(lists);

static ssize_t twice_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	int ret;

	blocking_notifier_chain_register(&chain, &nb_a);
	ret = blocking_notifier_chain_register(&chain, &nb_a);
	snprintf(result, sizeof(result), "%d\n", ret);
	blocking_notifier_chain_unregister(&chain, &nb_a);
	return count;
}
static DEVICE_ATTR_WO(twice);

/* ---- various --------------------------------------------------------------- */

/* All bits that were ever set, and those that always were. */
static void drawn(struct out *out)
{
	u64 any[4] = { 0 }, all[4] = { ~0ULL, ~0ULL, ~0ULL, ~0ULL };
	int i, k;

	for (i = 0; i < 64; i++) {
		u64 v[4] = { get_random_u8(), get_random_u16(), get_random_u32(),
			     get_random_u64() };

		for (k = 0; k < 4; k++) {
			any[k] |= v[k];
			all[k] &= v[k];
		}
	}
	line(out, "random", "%llx %llx %llx %llx", any[0], any[1], any[2], any[3]);
	line(out, "never_stuck", "%llx", all[0] | all[1] | all[2] | all[3]);
}

/* Version and variant, where each kind has them. */
static void generated(struct out *out)
{
	unsigned char raw_uuid[16], raw_guid[16];
	uuid_t uuid;

	generate_random_uuid(raw_uuid);
	generate_random_guid(raw_guid);
	uuid_gen(&uuid);
	line(out, "raw_ids", "%x %x %x %x", raw_uuid[6] >> 4, raw_uuid[8] >> 6, raw_guid[7] >> 4,
	     raw_guid[8] >> 6);
	line(out, "ids", "%x %x", uuid.b[6] >> 4, uuid.b[8] >> 6);
}

static void limited(struct out *out)
{
	unsigned long last = 0;
	bool first, second;
	struct ratelimit_state rs;
	int pass[4];

	ratelimit_state_init(&rs, 5 * HZ, 2);
	pass[0] = __ratelimit(&rs);
	pass[1] = __ratelimit(&rs);
	pass[2] = __ratelimit(&rs);
	/* as if six seconds had gone by */
	rs.begin -= 6 * HZ;
	pass[3] = __ratelimit(&rs);
	line(out, "ratelimit", "%d %d %d %d", pass[0], pass[1], pass[2], pass[3]);
	first = printk_timed_ratelimit(&last, 100000);
	second = printk_timed_ratelimit(&last, 100000);
	line(out, "timed", "%d %d", first, second);
}

static void dumped(struct out *out)
{
	static const u8 __aligned(8) data[] = "0123456789abcdef";
	char text[80];

	hex_dump_to_buffer(data, 16, 16, 2, text, sizeof(text), false);
	line(out, "hex2", "%s", text);
	hex_dump_to_buffer(data, 16, 16, 8, text, sizeof(text), true);
	line(out, "hex8", "%s", text);
	/* a row that is neither 16 nor 32 bytes is 16, a group that does not divide it 1 */
	hex_dump_to_buffer(data, 3, 7, 2, text, sizeof(text), false);
	line(out, "hex_odd", "%s", text);
}

/* How many blocks of a size that is a power of two are not aligned to it. */
static void alignments(struct out *out)
{
	int misaligned = 0, huge = 0;
	size_t size;
	void *p;

	for (size = 16; size <= PAGE_SIZE * 4; size *= 2) {
		p = kmalloc(size, GFP_KERNEL);
		misaligned += !IS_ALIGNED((unsigned long)p, size);
		kfree(p);
		p = kvmalloc(size, GFP_KERNEL);
		huge += !IS_ALIGNED((unsigned long)p, size < PAGE_SIZE ? size : PAGE_SIZE);
		kvfree(p);
	}
	line(out, "misaligned", "%d %d", misaligned, huge);
}

static ssize_t various_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };
	char *end;

	drawn(&out);
	generated(&out);
	limited(&out);
	dumped(&out);
	line(&out, "simple", "%ld %ld %lld", simple_strtol("12x", &end, 10),
	     simple_strtol("-0x1f", &end, 0), simple_strtoll("077", &end, 0));
	alignments(&out);
	return out.len;
}
static DEVICE_ATTR_RO(various);

static ssize_t ksize_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	void *p = kmalloc(10, GFP_KERNEL);
	size_t size = ksize(p);

	kfree(p);
	return sysfs_emit(buf, "%zu\n", size);
}
static DEVICE_ATTR_RO(ksize);

static struct attribute *lib_attrs[] = {
	&dev_attr_ksize.attr,
	&dev_attr_kstrto.attr,
	&dev_attr_uuid.attr,
	&dev_attr_result.attr,
	&dev_attr_formats.attr,
	&dev_attr_odd_formats.attr,
	&dev_attr_once.attr,
	&dev_attr_scans.attr,
	&dev_attr_strings.attr,
	&dev_attr_oversize.attr,
	&dev_attr_signal.attr,
	&dev_attr_say.attr,
	&dev_attr_bitmaps.attr,
	&dev_attr_xarrays.attr,
	&dev_attr_refcounts.attr,
	&dev_attr_lists.attr,
	&dev_attr_twice.attr,
	&dev_attr_various.attr,
	NULL
};
ATTRIBUTE_GROUPS(lib);

static struct device *lib;

static void lib_release(struct device *dev)
{
	kfree(dev);
}

static int __init lib_test_init(void)
{
	int ret;

	lib = kzalloc(sizeof(*lib), GFP_KERNEL);
	if (!lib)
		return -ENOMEM;
	device_initialize(lib);
	lib->class = &mdev_test_class;
	lib->groups = lib_groups;
	lib->release = lib_release;
	ret = dev_set_name(lib, "lib");
	if (!ret)
		ret = device_add(lib);
	if (ret)
		put_device(lib);
	return ret;
}

static void __exit lib_test_exit(void)
{
	device_unregister(lib);
}

module_init(lib_test_init);
module_exit(lib_test_exit);
MODULE_DESCRIPTION("Library functions over sysfs");
MODULE_LICENSE("GPL v2");
