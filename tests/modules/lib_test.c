// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small library functions, asked over sysfs.
 *
 * The device "lib" of the class mdev_test has
 *	kstrto	"<function> <base>|<text>": the text is parsed
 *	uuid	a text, parsed as guid_t and as uuid_t
 *	result	what came of the last of these: error, and value if there is none
 *	formats	one line "name: text" for each format of printk
 *	scans	one line "name: count values" for each sscanf()
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uuid.h>

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
	line_va(out, "pV", "%d %s", 7, "seven");
	line(out, "px", "%px", (void *)0x1234);
	line(out, "null_string", "%s", READ_ONCE(no_string));
	line(out, "null_pointer", "%p", NULL);
}

static void number_formats(struct out *out)
{
	int n = 0;

	line(out, "d", "%d|%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42, 42);
	line(out, "negative", "%d|%6d|%-6d|%06d|%u", -42, -42, -42, -42, -42);
	line(out, "x", "%x|%X|%#x|%08x|%#010x", 0xbeef, 0xbeef, 0xbeef, 0xbeef, 0xbeef);
	line(out, "o", "%o|%#o|%#o", 8, 8, 0);
	line(out, "sizes", "%lld|%llu|%lx|%zu|%hd|%hhd", -1LL, -1ULL, -1UL, (size_t)7,
	     (short)-2, (signed char)-3);
	line(out, "precision", "%.3d|%8.3d|%-8.3d|%.0d", 5, 5, 5, 0);
	line(out, "star", "%*d|%-*d|%.*d|%*d", 6, 1, 6, 2, 3, 3, -4, 4);
	line(out, "strings", "%s|%5s|%-5s|%.2s|%.10s|%5.1s", "abc", "abc", "abc", "abc", "abc",
	     "abc");
	line(out, "chars", "%c%c|%3c|%-3c|%%", 'a', 'b', 'c', 'd');
	n = snprintf(NULL, 0, "%d", 12345);
	line(out, "length", "%d", n);
	n = scnprintf(out->buf + out->len + 64, 4, "%s", "abcdef");
	line(out, "cut", "%d", n);
}

static ssize_t formats_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct out out = { .buf = buf };

	number_formats(&out);
	pointer_formats(&out);
	return out.len;
}
static DEVICE_ATTR_RO(formats);

/* ---- scans --------------------------------------------------------------- */

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
	return out.len;
}
static DEVICE_ATTR_RO(scans);

static struct attribute *lib_attrs[] = {
	&dev_attr_kstrto.attr,
	&dev_attr_uuid.attr,
	&dev_attr_result.attr,
	&dev_attr_formats.attr,
	&dev_attr_scans.attr,
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
