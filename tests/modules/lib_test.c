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
 *	strings, various
 *		one line "name: results" for each function of that kind
 *	ksize	of a block of 10 bytes
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uuid.h>

#include "lines.h"
#include "mdev_test.h"

static char result[128];

/* ---- kstrto -------------------------------------------------------------- */

/* A failure leaves the value alone. */
#define PARSER(_name, _type, _fmt)					\
static int parse_##_name(const char *text, unsigned int base)		\
{									\
	_type value = 77;						\
	int ret = kstrto##_name(text, base, &value);			\
									\
	if (ret)							\
		snprintf(result, sizeof(result), "%d%s\n", ret,		\
			 value == 77 ? "" : " written");		\
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

static void line_va(struct out *out, const char *name, const char *fmt, ...) __printf(3, 4);
static void line_va(struct out *out, const char *name, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	line(out, "%s: [%pV]", name, &vaf);
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
	line(out, "pUb: %pUb", bytes);
	line(out, "pUB: %pUB", bytes);
	line(out, "pUl: %pUl", bytes);
	line(out, "pUL: %pUL", bytes);
	line(out, "pU: %pU", bytes);
	line(out, "ph: %*ph", 4, bytes + 12);
	line(out, "phC: %*phC", 4, bytes + 12);
	line(out, "phD: %*phD", 4, bytes + 12);
	line(out, "phN: %*phN", 4, bytes + 12);
	line(out, "ph3: %3ph", bytes);
	line(out, "pe: %pe", ERR_PTR(-ENOMEM));
	line(out, "pe_defer: %pe", ERR_PTR(-EPROBE_DEFER));
	line(out, "pe_unknown: %pe|%7pe", ERR_PTR(-1234), ERR_PTR(-1234));
	line(out, "pe_no_error: %d", prints_no_error_as_pointer());
	line_va(out, "pV", "%d %s", 7, "seven");
	line(out, "px: %px", (void *)0x1234);
	line(out, "null_string: %s", READ_ONCE(no_string));
	line(out, "null_pointer: %p", NULL);
}

static void number_formats(struct out *out)
{
	char text[16];
	int n = 0;

	line(out, "d: %d|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42);
	line(out, "negative: %d|%6d|%-6d|%06d|%u", -42, -42, -42, -42, -42);
	line(out, "x: %x|%X|%#x|%08x|%#010x", 0xbeef, 0xbeef, 0xbeef, 0xbeef, 0xbeef);
	line(out, "o: %o|%#o|%#o", 8, 8, 0);
	line(out, "sizes: %lld|%llu|%lx|%zu|%hd|%hhd", -1LL, -1ULL, -1UL, (size_t)7,
	     (short)-2, (signed char)-3);
	line(out, "more_sizes: %td|%hu|%hhu", &bytes[2] - &bytes[5], (unsigned short)-1,
	     (unsigned char)-1);
	line(out, "precision: %.3d|%8.3d|%-8.3d|%.0d", 5, 5, 5, 0);
	line(out, "star: %*d|%-*d|%.*d|%*d", 6, 1, 6, 2, 3, 3, -4, 4);
	line(out, "strings: %s|%5s|%-5s|%.2s|%.10s|%5.1s", "abc", "abc", "abc", "abc", "abc",
	     "abc");
	line(out, "chars: %c%c|%3c|%-3c|%%", 'a', 'b', 'c', 'd');
	n = print(text, "%s-%d", "abc", 5);
	line(out, "unbounded: %d %s", n, text);
	n = snprintf(NULL, 0, "%d", 12345);
	line(out, "length: %d", n);
	n = scnprintf(out->buf + out->len + 64, 4, "%s", "abcdef");
	line(out, "cut: %d", n);
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
	line(out, "other_set: %d %s %s", n, s, t);
	n = sscanf("]x", "%5[]x]", s);
	line(out, "empty_set: %d", n);
	n = sscanf("17 8", "%o %o", &u, &v);
	line(out, "octal: %d %x", n, u);
	n = sscanf("5%6", "%d%%%d", &a, &b);
	line(out, "percent: %d %d %d", n, a, b);
	n = sscanf("5x6", "%d%%%d", &a, &b);
	line(out, "no_percent: %d", n);
	/* the width ends inside what is no digit */
	n = sscanf("0x1f", "%2i%x", &a, &u);
	line(out, "prefix_cut: %d %d %x", n, a, u);
	n = sscanf("-5", "%1d%d", &a, &b);
	line(out, "minus_cut: %d", n);
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
	line(out, "sizes: %d %u %ld %llu %zu %d", n, h, l, q, z, c);
}

static ssize_t scans_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };
	char s[16] = "-", t[16] = "-";
	unsigned int u = 0;
	int a = 0, b = 0, n;
	char c = '-';

	n = sscanf("12 -34", "%d %d", &a, &b);
	line(&out, "two: %d %d %d", n, a, b);
	n = sscanf("0x1f 017", "%i %i", &a, &b);
	line(&out, "bases: %d %d %d", n, a, b);
	n = sscanf("beef", "%x", &u);
	line(&out, "hex: %d %x", n, u);
	n = sscanf("hello world", "%3s%s", s, t);
	line(&out, "words: %d %s %s", n, s, t);
	n = sscanf("a=5", "%c=%u", &c, &u);
	line(&out, "literal: %d %c %u", n, c, u);
	n = sscanf("a:5", "%c=%u", &c, &u);
	line(&out, "mismatch: %d", n);
	n = sscanf("12345", "%2d%d", &a, &b);
	line(&out, "width: %d %d %d", n, a, b);
	n = sscanf("abc123", "%5[abc]%d", s, &a);
	line(&out, "set: %d %s %d", n, s, a);
	n = sscanf("x 9", "%*s %d", &a);
	line(&out, "skip: %d %d", n, a);
	n = sscanf("", "%d", &a);
	line(&out, "empty: %d", n);
	n = sscanf("zzz", "%d", &a);
	line(&out, "no_number: %d", n);
	n = sscanf("7 rest", "%d%n", &a, &b);
	line(&out, "so_far: %d %d %d", n, a, b);
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
	line(out, "strscpy: %ld %s", n, buf);
	memset(buf, 'z', sizeof(buf));
	/* the compiler knows neither size, so nothing is cut to it */
	n = strscpy(hide(buf), hide("ghi"), (size_t)INT_MAX);
	line(out, "strscpy_long: %ld %s", n, buf);
	memset(buf, 'z', sizeof(buf));
	n = strscpy_pad(buf, "ab", 5);
	line(out, "strscpy_pad: %ld %6phN", n, buf);
	memset(buf, 'z', sizeof(buf));
	memcpy_and_pad(buf, 5, "abc", 3, '-');
	line(out, "pad: %.6s", buf);
	memcpy_and_pad(buf, 2, "XYZ", 3, '-');
	line(out, "pad_cut: %.6s", buf);
}

static void searched(struct out *out)
{
	char text[] = "a-b-c", *s = text;

	line(out, "strnstr: %s|%d|%d", strnstr("abcabd", "bd", 6), !strnstr("abc", "bc", 2),
	     strnstr(text, "", 0) == text);
	line(out, "memscan: %d %d", (int)((char *)memscan(text, 'b', 5) - text),
	     (int)((char *)memscan(text, 'x', 5) - text));
	line(out, "memchr_inv: %s|%d", (char *)memchr_inv("aab", 'a', 3),
	     !memchr_inv("aaa", 'a', 3));
	s = strreplace(text, '-', '+');
	line(out, "strreplace: %s %d", text, (int)(s - text));
}

static void filled(struct out *out)
{
	u64 q[3] = { 0 };
	u32 l[3] = { 0 };
	u16 h[3] = { 0 };

	memset16(h, 0x1234, 2);
	memset32(l, 0x12345678, 2);
	memset64(q, 0x123456789abcdef0ULL, 2);
	line(out, "memset16: %x %x %x", h[0], h[1], h[2]);
	line(out, "memset32: %x %x %x", l[0], l[1], l[2]);
	line(out, "memset64: %llx %llx %llx", q[0], q[1], q[2]);
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
	line(out, "random: %llx %llx %llx %llx", any[0], any[1], any[2], any[3]);
	line(out, "never_stuck: %llx", all[0] | all[1] | all[2] | all[3]);
}

/* Version and variant, where each kind has them. */
static void generated(struct out *out)
{
	unsigned char raw_uuid[16], raw_guid[16];
	uuid_t uuid;

	generate_random_uuid(raw_uuid);
	generate_random_guid(raw_guid);
	uuid_gen(&uuid);
	line(out, "raw_ids: %x %x %x %x", raw_uuid[6] >> 4, raw_uuid[8] >> 6, raw_guid[7] >> 4,
	     raw_guid[8] >> 6);
	line(out, "ids: %x %x", uuid.b[6] >> 4, uuid.b[8] >> 6);
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
	line(out, "ratelimit: %d %d %d %d", pass[0], pass[1], pass[2], pass[3]);
	first = printk_timed_ratelimit(&last, 100000);
	second = printk_timed_ratelimit(&last, 100000);
	line(out, "timed: %d %d", first, second);
}

static void dumped(struct out *out)
{
	static const u8 __aligned(8) data[] = "0123456789abcdef";
	char text[80];

	hex_dump_to_buffer(data, 16, 16, 2, text, sizeof(text), false);
	line(out, "hex2: %s", text);
	hex_dump_to_buffer(data, 16, 16, 8, text, sizeof(text), true);
	line(out, "hex8: %s", text);
	/* a row that is neither 16 nor 32 bytes is 16, a group that does not divide it 1 */
	hex_dump_to_buffer(data, 3, 7, 2, text, sizeof(text), false);
	line(out, "hex_odd: %s", text);
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
	line(out, "misaligned: %d %d", misaligned, huge);
}

static ssize_t various_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };
	char *end;

	drawn(&out);
	generated(&out);
	limited(&out);
	dumped(&out);
	line(&out, "simple: %ld %ld %lld", simple_strtol("12x", &end, 10),
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
