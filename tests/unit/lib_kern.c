// SPDX-License-Identifier: GPL-2.0-only
/* Corner cases of the kernel's library; see lib.c. */
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>
#include <umdev/umdev.h>
#include <asm/unaligned.h>

#include "compat/levels.h"
#include "lib.h"

/* ---- printf ---------------------------------------------------------------- */

static char text[1024];

static const char *f(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return text;
}

static void printf_numbers(void)
{
	CHECK_STR(f("%d %i %u", -1, 42, 4000000000U), "-1 42 4000000000");
	CHECK_STR(f("%x %X %#x %o %#o", 255, 255, 255, 8, 8), "ff FF 0xff 10 010");
	CHECK_STR(f("%#x %#o", 0, 0), "0x0 0");
	CHECK_STR(f("%5d|%-5d|%05d", 42, 42, -42), "   42|42   |-0042");
	CHECK_STR(f("%+d % d", 5, 5), "+5  5");
	CHECK_STR(f("%.3d|%5.3d|%#06x", 7, 7, 7), "007|  007|0x0007");
	CHECK_STR(f("%llu %lld", ~0ULL, LLONG_MIN),
		  "18446744073709551615 -9223372036854775808");
	CHECK_STR(f("%hhd %hd %hhu", 0x1ff, 0x1ffff, 0x1ff), "-1 -1 255");
	CHECK_STR(f("%zu %zd %ld %lu", (size_t)7, (ssize_t)-7, -8L, 8UL), "7 -7 -8 8");
	CHECK_STR(f("%*d|%-*d|%*d", 4, 1, 4, 2, -4, 3), "   1|2   |3   ");
}

static void printf_strings(void)
{
	CHECK_STR(f("%s|%5s|%-5s|%.2s", "abc", "abc", "abc", "abc"),
		  "abc|  abc|abc  |ab");
	CHECK_STR(f("%c%c%%|%3c", 'a', 'b', 'c'), "ab%|  c");
	CHECK_STR(f("%s %s", (char *)NULL, (char *)ERR_PTR(-5)), "(null) (efault)");
	CHECK_STR(f("%.*s", 2, "abc"), "ab");
}

static void printf_short_buffers(void)
{
	char buf[4] = "xyz";

	CHECK_EQ(snprintf(buf, sizeof(buf), "%s", "abcdef"), 6);
	CHECK_STR(buf, "abc");
	CHECK_EQ(scnprintf(buf, sizeof(buf), "%s", "abcdef"), 3);
	CHECK_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	CHECK_EQ(scnprintf(buf, 0, "%d", 12345), 0);
	CHECK_STR(buf, "abc");
	CHECK_EQ(scnprintf(buf, 1, "%d", 12345), 0);
	CHECK_STR(buf, "");
}

static void printf_uuids(void)
{
	guid_t g = GUID_INIT(0x00112233, 0x4455, 0x6677,
			     0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff);

	CHECK_STR(f("%pUl", &g), "00112233-4455-6677-8899-aabbccddeeff");
	CHECK_STR(f("%pUL", &g), "00112233-4455-6677-8899-AABBCCDDEEFF");
	CHECK_STR(f("%pUb", &g), "33221100-5544-7766-8899-aabbccddeeff");
	CHECK_STR(f("%pUB", &g), "33221100-5544-7766-8899-AABBCCDDEEFF");
	CHECK_STR(f("%pU", &g), "33221100-5544-7766-8899-aabbccddeeff");
	CHECK_STR(f("%pUl", NULL), "(null)");
	CHECK_EQ(snprintf(text, 5, "%pUl", &g), UUID_STRING_LEN);
	CHECK_STR(text, "0011");
}

static const char *nested(const char *fmt, ...)
{
	struct va_format vf = { .fmt = fmt };
	static char out[100];
	va_list args;

	va_start(args, fmt);
	vf.va = &args;
	snprintf(out, sizeof(out), "<%pV>", &vf);
	va_end(args);
	return out;
}

static void printf_pointers(void)
{
	const u8 mac[] = { 0, 1, 2, 0xa, 0xb, 0xc };
	const u8 ip[] = { 192, 168, 0, 1 };
	phys_addr_t pa = 0x1234;

	CHECK_STR(f("%*ph|%*phC|%*phD|%*phN", 3, mac, 3, mac, 3, mac, 3, mac + 3),
		  "00 01 02|00:01:02|00-01-02|0a0b0c");
	CHECK_STR(f("%3ph", mac + 3), "0a 0b 0c");
	CHECK_STR(f("%pM %pm %pMF %pMR", mac, mac, mac, mac),
		  "00:01:02:0a:0b:0c 0001020a0b0c 00-01-02-0a-0b-0c 0c:0b:0a:02:01:00");
	CHECK_STR(f("%pI4 %pi4", ip, ip), "192.168.0.1 192.168.000.001");
	CHECK_STR(f("%pa", &pa), "0x0000000000001234");
	CHECK_STR(f("%px", (void *)0xabcUL), "0000000000000abc");
	CHECK_STR(f("%p", NULL), "0000000000000000");
	CHECK_STR(f("%pe %pe", ERR_PTR(-ENOMEM), ERR_PTR(-EPROBE_DEFER)),
		  "-ENOMEM -EPROBE_DEFER");
	CHECK_STR(nested("%d %s %pUl", 1, "two", NULL), "<1 two (null)>");
}

static void printf_hides_pointers(void)
{
	char first[40];

	snprintf(first, sizeof(first), "%p", text);
	CHECK_EQ(strlen(first), 16);
	CHECK(!strncmp(first, "00000000", 8));
	CHECK_STR(f("%p", text), first);
	CHECK_STR(f("%pK", text), first);
	CHECK(strcmp(f("%px", text), first) != 0);
}

static void printf_symbols(void)
{
	CHECK_STR(f("%ps", printf_symbols), "printf_symbols");
	CHECK(strstr(f("%pS", printf_symbols), "printf_symbols") == text);
}

static void printf_bitmaps(void)
{
	DECLARE_BITMAP(map, 70) = { 0x8000000000000007UL, 1 };

	CHECK_STR(f("%*pb", 70, map), "01,80000000,00000007");
	CHECK_STR(f("%*pbl", 70, map), "0-2,63-64");
}

static void printf_unknown_conversion_warns(void)
{
	const char *bad = "a%yb";

	case_expects("unsupported %y");
	CHECK_STR(f(bad), "a");
	bad = "%pOF";
	case_expects("%pO is not in the shim");
	f(bad, text);
}

static void scanf_values(void)
{
	unsigned int u = 0, x = 0;
	int d = 0, i = 0, n = 0;
	char word[8], set[8], c = 0;
	u8 byte = 0;

	CHECK_EQ(sscanf("-5 7 0x1f ff", "%d %u %i %x", &d, &u, &i, &x), 4);
	CHECK(d == -5 && u == 7 && i == 0x1f && x == 0xff);
	CHECK_EQ(sscanf("abc,42", "%3[a-c],%n%hhu", set, &n, &byte), 1);
	CHECK_EQ(sscanf("abc,42", "%7[abc],%n%hhu", set, &n, &byte), 2);
	CHECK_STR(set, "abc");
	CHECK(n == 4 && byte == 42);
	CHECK_EQ(sscanf("  word rest", "%7s%c", word, &c), 2);
	CHECK_STR(word, "word");
	CHECK_EQ(c, ' ');
	CHECK_EQ(sscanf("1234", "%2d%2d", &d, &i), 2);
	CHECK(d == 12 && i == 34);
	CHECK_EQ(sscanf("skipped 8", "%*s %d", &d), 1);
	CHECK_EQ(d, 8);
	CHECK_EQ(sscanf("x", "%d", &d), 0);
	CHECK_EQ(sscanf("", "%d", &d), 0);
}

/* ---- numbers ------------------------------------------------------------------ */

#define BAD(fn, type, s, base, err)					\
do {									\
	type __v = 77;							\
	CHECK_EQ(fn(s, base, &__v), err);				\
	CHECK_EQ(__v, 77);						\
} while (0)
#define GOOD(fn, type, s, base, want)					\
do {									\
	type __v = 77;							\
	CHECK_EQ(fn(s, base, &__v), 0);					\
	CHECK(__v == (type)(want));					\
} while (0)

static void kstrto_takes_the_whole_string(void)
{
	GOOD(kstrtoint, int, "42", 10, 42);
	GOOD(kstrtoint, int, "42\n", 10, 42);
	GOOD(kstrtoint, int, "+42", 10, 42);
	GOOD(kstrtoint, int, "-42", 10, -42);
	GOOD(kstrtoint, int, "-0", 10, 0);
	BAD(kstrtoint, int, "", 10, -EINVAL);
	BAD(kstrtoint, int, "\n", 10, -EINVAL);
	BAD(kstrtoint, int, " 42", 10, -EINVAL);
	BAD(kstrtoint, int, "42 ", 10, -EINVAL);
	BAD(kstrtoint, int, "42\n\n", 10, -EINVAL);
	BAD(kstrtoint, int, "42x", 10, -EINVAL);
	BAD(kstrtoint, int, "+-42", 10, -EINVAL);
	BAD(kstrtoint, int, "-+42", 10, -EINVAL);
	BAD(kstrtouint, unsigned int, "-1", 10, -EINVAL);
}

static void kstrto_reads_prefixes(void)
{
	GOOD(kstrtoul, unsigned long, "0x1F", 0, 0x1f);
	GOOD(kstrtoul, unsigned long, "0X1f", 16, 0x1f);
	GOOD(kstrtoul, unsigned long, "1f", 16, 0x1f);
	GOOD(kstrtoul, unsigned long, "017", 0, 15);
	GOOD(kstrtoul, unsigned long, "0", 0, 0);
	BAD(kstrtoul, unsigned long, "0x", 0, -EINVAL);
	BAD(kstrtoul, unsigned long, "0x", 16, -EINVAL);
	BAD(kstrtoul, unsigned long, "09", 0, -EINVAL);
	BAD(kstrtoul, unsigned long, "0x1f", 10, -EINVAL);
	BAD(kstrtoul, unsigned long, "1f", 0, -EINVAL);
}

static void kstrto_checks_the_range(void)
{
	GOOD(kstrtoull, unsigned long long, "18446744073709551615", 10, ULLONG_MAX);
	BAD(kstrtoull, unsigned long long, "18446744073709551616", 10, -ERANGE);
	BAD(kstrtoull, unsigned long long, "99999999999999999999999x", 10, -ERANGE);
	GOOD(kstrtoll, long long, "-9223372036854775808", 10, LLONG_MIN);
	BAD(kstrtoll, long long, "-9223372036854775809", 10, -ERANGE);
	BAD(kstrtoll, long long, "9223372036854775808", 10, -ERANGE);
	GOOD(kstrtou8, u8, "255", 10, 255);
	BAD(kstrtou8, u8, "256", 10, -ERANGE);
	GOOD(kstrtos8, s8, "-128", 10, -128);
	BAD(kstrtos8, s8, "128", 10, -ERANGE);
	GOOD(kstrtoint, int, "-2147483648", 10, INT_MIN);
	BAD(kstrtoint, int, "2147483648", 10, -ERANGE);
	BAD(kstrtouint, unsigned int, "4294967296", 10, -ERANGE);
	GOOD(kstrtou16, u16, "0xffff", 0, 0xffff);
}

static void kstrtobool_looks_at_the_start(void)
{
	bool v = false;

	CHECK(!kstrtobool("yes", &v) && v);
	CHECK(!kstrtobool("0\n", &v) && !v);
	CHECK(!kstrtobool("On", &v) && v);
	CHECK(!kstrtobool("oFf", &v) && !v);
	CHECK(!kstrtobool("True", &v) && v);
	CHECK_EQ(kstrtobool("o", &v), -EINVAL);
	CHECK_EQ(kstrtobool("", &v), -EINVAL);
	CHECK_EQ(kstrtobool("2", &v), -EINVAL);
	CHECK_EQ(kstrtobool(NULL, &v), -EINVAL);
}

static void kstrto_from_user(void)
{
	char *user = um_user_alloc(16);
	unsigned int v = 0;

	memcpy(um_user_ptr(user), "123\nxyz", 7);
	CHECK_EQ(kstrtouint_from_user(user, 4, 10, &v), 0);
	CHECK_EQ(v, 123);
	CHECK_EQ(kstrtouint_from_user(user, 5, 10, &v), -EINVAL);
	CHECK_EQ(kstrtouint_from_user((void *)8, 4, 10, &v), -EFAULT);
	um_user_free(user);
}

#define FROM_USER(fn, type, s, want_err, want)				\
do {									\
	type __v = 0;							\
	strcpy(um_user_ptr(user), s);					\
	CHECK_EQ(fn##_from_user(user, strlen(s), 0, &__v), want_err);	\
	CHECK(__v == (type)(want));					\
} while (0)

static void kstrto_from_user_has_every_type(void)
{
	char *user = um_user_alloc(128);
	bool on = false;

	FROM_USER(kstrtoull, unsigned long long, "18446744073709551615\n", 0, ULLONG_MAX);
	FROM_USER(kstrtoll, long long, "-9223372036854775808", 0, LLONG_MIN);
	FROM_USER(kstrtoul, unsigned long, "0xffffffffffffffff", 0, ULONG_MAX);
	FROM_USER(kstrtol, long, "-1", 0, -1);
	FROM_USER(kstrtoint, int, "-2147483648", 0, INT_MIN);
	FROM_USER(kstrtou16, u16, "65536", -ERANGE, 0);
	FROM_USER(kstrtou8, u8, "255", 0, 255);
	FROM_USER(kstrtou8, u8, "-1", -EINVAL, 0);
	strcpy(um_user_ptr(user), "off and so on");
	CHECK_EQ(kstrtobool_from_user(user, 1, &on), -EINVAL);
	CHECK_EQ(kstrtobool_from_user(user, 13, &on), 0);
	CHECK(!on);
	strcpy(um_user_ptr(user), "Y\n");
	CHECK(!kstrtobool_from_user(user, 2, &on) && on);
	CHECK_EQ(kstrtobool_from_user((void *)8, 2, &on), -EFAULT);
	um_user_free(user);
}

static void simple_strto_stops(void)
{
	char *end;

	CHECK_EQ(simple_strtoul("12ab", &end, 10), 12);
	CHECK_STR(end, "ab");
	CHECK_EQ(simple_strtol("-0x1g", &end, 0), -1);
	CHECK_STR(end, "g");
	CHECK_EQ(simple_strtoul("zz", &end, 10), 0);
	CHECK_STR(end, "zz");
	CHECK_EQ(memparse("4K", &end), 4096);
	CHECK_STR(end, "");
	CHECK_EQ(memparse("0x10M,rest", &end), 16 << 20);
	CHECK_STR(end, ",rest");
	CHECK_EQ(memparse("3\n", &end), 3);
}

/* ---- strings -------------------------------------------------------------------- */

static void strings_copied(void)
{
	char buf[6];

	CHECK_EQ(strscpy(buf, "abc", sizeof(buf)), 3);
	CHECK_EQ(strscpy(buf, "abcdef", sizeof(buf)), -E2BIG);
	CHECK_STR(buf, "abcde");
	CHECK_EQ(strscpy(buf, "x", 0), -E2BIG);
	memset(buf, 'z', sizeof(buf));
	CHECK_EQ(strscpy_pad(buf, "ab", sizeof(buf)), 2);
	CHECK(!memchr_inv(buf + 2, 0, 4));
#if KAPI_STRLCPY
	CHECK_EQ(strlcpy(buf, "abcdefgh", sizeof(buf)), 8);
	CHECK_STR(buf, "abcde");
#endif
	strcpy(buf, "ab");
	CHECK_EQ(strlcat(buf, "cdefg", sizeof(buf)), 7);
	CHECK_STR(buf, "abcde");
}

static void strings_taken_apart(void)
{
	char buf[] = "  two words \n", list[] = "a,,b", *rest = list;
	static const char * const names[] = { "one", "two", NULL, "three" };

	CHECK_STR(strim(buf), "two words");
	CHECK_STR(strsep(&rest, ","), "a");
	CHECK_STR(strsep(&rest, ","), "");
	CHECK_STR(strsep(&rest, ","), "b");
	CHECK(!strsep(&rest, ","));
	CHECK(sysfs_streq("one\n", "one") && sysfs_streq("one", "one\n"));
	CHECK(!sysfs_streq("one", "one\n\n") && !sysfs_streq("one", "onet"));
	CHECK_EQ(match_string(names, 4, "two"), 1);
	CHECK_EQ(match_string(names, 4, "three"), -EINVAL);
	CHECK_EQ(sysfs_match_string(names, "one\n"), 0);
	CHECK_EQ(str_has_prefix("mdev_bus", "mdev"), 4);
	CHECK_EQ(str_has_prefix("mde", "mdev"), 0);
	CHECK_STR(kbasename("a/b/c.c"), "c.c");
	CHECK(!strnchr("abc", 2, 'c') && strnchr("abc", 3, 'c'));
	CHECK_EQ((char *)memchr_inv("aaab", 'a', 4) ? 1 : 0, 1);
}

static void strings_words_of(void)
{
	int n = 0;
	char **argv = argv_split(GFP_KERNEL, "  a bc\td ", &n);

	CHECK_EQ(n, 3);
	CHECK_STR(argv[0], "a");
	CHECK_STR(argv[2], "d");
	CHECK(!argv[3]);
	argv_free(argv);
}

static void ctype_is_latin_1(void)
{
	CHECK(isspace('\t') && isspace(0xa0) && !isspace('a'));
	CHECK(isupper(0xc4) && islower(0xe4) && !isalpha(0xd7) && !isalpha(0xf7));
	CHECK_EQ(toupper('z'), 'Z');
	CHECK_EQ(tolower(0xc4), 0xe4);
	CHECK(isprint('~') && !isprint(0x7f) && iscntrl(0x7f));
	CHECK(isxdigit('F') && !isxdigit('g') && ispunct('!'));
}

static void sizes_for_people(void)
{
	char buf[20];

	string_get_size(0, 1, STRING_UNITS_2, buf, sizeof(buf));
	CHECK_STR(buf, "0 B");
	string_get_size(3, 512, STRING_UNITS_2, buf, sizeof(buf));
	CHECK_STR(buf, "1.50 KiB");
	string_get_size(1, 123456789, STRING_UNITS_10, buf, sizeof(buf));
	CHECK_STR(buf, "123 MB");
}

/* ---- uuid, hex --------------------------------------------------------------------- */

static void uuid_parsing(void)
{
	const char *good = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";
	guid_t g = guid_null;
	uuid_t u = uuid_null;

	CHECK_EQ(guid_parse(good, &g), 0);
	CHECK_STR(f("%pUl", &g), good);
	CHECK_EQ(uuid_parse("83B8F4F2-509F-382F-3C1E-E6BFE0FA1001\n", &u), 0);
	CHECK_STR(f("%pUb", &u), good);
	CHECK_EQ(g.b[0], 0xf2);
	CHECK_EQ(u.b[0], 0x83);
	u = uuid_null;
	CHECK_EQ(uuid_parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa100", &u), -EINVAL);
	CHECK_EQ(uuid_parse("83b8f4f2+509f-382f-3c1e-e6bfe0fa1001", &u), -EINVAL);
	CHECK_EQ(uuid_parse("83b8f4g2-509f-382f-3c1e-e6bfe0fa1001", &u), -EINVAL);
	CHECK_EQ(uuid_parse("", &u), -EINVAL);
	CHECK(uuid_is_null(&u));
}

static void uuid_random(void)
{
	uuid_t u, v;

	uuid_gen(&u);
	uuid_gen(&v);
	CHECK(!uuid_equal(&u, &v));
	CHECK((u.b[6] & 0xf0) == 0x40 && (u.b[8] & 0xc0) == 0x80);
}

static void hex_both_ways(void)
{
	u8 bin[3];
	char out[7] = "";

	CHECK_EQ(hex2bin(bin, "00aAfF", 3), 0);
	CHECK(bin[0] == 0 && bin[1] == 0xaa && bin[2] == 0xff);
	CHECK_EQ(hex2bin(bin, "0g", 1), -EINVAL);
	CHECK(bin2hex(out, "\x01\xab\xcd", 3) == out + 6);
	CHECK_STR(out, "01abcd");
	CHECK_EQ(hex_to_bin('x'), -1);
}

static void hex_dump_lines(void)
{
	char line[100];

	CHECK_EQ(hex_dump_to_buffer("ABC\n", 4, 16, 1, line, sizeof(line), true), 54 - 1);
	CHECK_STR(line, "41 42 43 0a                                      ABC.");
	hex_dump_to_buffer("ABCD", 4, 16, 4, line, sizeof(line), false);
	CHECK_STR(line, "44434241");
	CHECK_EQ(hex_dump_to_buffer("ABCD", 4, 16, 1, line, 4, false), 11);
	CHECK_STR(line, "41 ");
}

/* ---- bits, sorting, arithmetic ------------------------------------------------------------------- */

static void bitmap_operations(void)
{
	DECLARE_BITMAP(a, 130) = { 0 };
	DECLARE_BITMAP(b, 130);
	unsigned long bit;
	int n = 0;

	CHECK(bitmap_empty(a, 130));
	bitmap_set(a, 60, 10);
	CHECK_EQ(find_first_bit(a, 130), 60);
	CHECK_EQ(find_next_zero_bit(a, 130, 60), 70);
	CHECK_EQ(find_next_bit(a, 130, 70), 130);
	CHECK_EQ(find_last_bit(a, 130), 69);
	CHECK_EQ(bitmap_weight(a, 130), 10);
	for_each_set_bit(bit, a, 130)
		n += bit;
	CHECK_EQ(n, 645);
	bitmap_fill(b, 130);
	CHECK(bitmap_full(b, 130) && bitmap_subset(a, b, 130));
	CHECK(bitmap_andnot(b, b, a, 130) && !bitmap_intersects(a, b, 130));
	CHECK_EQ(bitmap_weight(b, 130), 120);
	CHECK_EQ(bitmap_find_next_zero_area(a, 130, 55, 8, 7), 72);
	CHECK_EQ(bitmap_find_free_region(a, 130, 6), -ENOMEM);
	CHECK_EQ(bitmap_find_free_region(a, 130, 5), 0);
	bitmap_release_region(a, 0, 5);
	CHECK_EQ(bitmap_weight(a, 130), 10);
}

static int int_cmp(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void sort_and_search(void)
{
	int v[200], i, key = 7;

	for (i = 0; i < 200; i++)
		v[i] = (i * 37) % 200;
	sort(v, 200, sizeof(int), int_cmp, NULL);
	for (i = 0; i < 200; i++)
		CHECK_EQ(v[i], i);
	CHECK(bsearch(&key, v, 200, sizeof(int), int_cmp) == &v[7]);
	key = 200;
	CHECK(!bsearch(&key, v, 200, sizeof(int), int_cmp));
	CHECK(!bsearch(&key, v, 0, sizeof(int), int_cmp));
}

static void arithmetic(void)
{
	u64 q = 1000000007ULL * 10;
	size_t bytes;
	u8 small;

	CHECK(ilog2(1) == 0 && ilog2(4095) == 11 && ilog2(1ULL << 63) == 63);
	CHECK(roundup_pow_of_two(1) == 1 && roundup_pow_of_two(5) == 8);
	CHECK(rounddown_pow_of_two(5) == 4 && is_power_of_2(64) && !is_power_of_2(0));
	CHECK(order_base_2(1) == 0 && order_base_2(5) == 3);
	CHECK_EQ(do_div(q, 7), 1000000007ULL * 10 % 7);
	CHECK(check_mul_overflow(SIZE_MAX, (size_t)2, &bytes));
	CHECK(check_add_overflow((u8)250, (u8)6, &small));
	CHECK(array_size(SIZE_MAX, 2) == SIZE_MAX);
	CHECK(check_shl_overflow(1U, 8, &small) && !check_shl_overflow(1U, 7, &small));
	CHECK_EQ(get_unaligned_be32("\x01\x02\x03\x04"), 0x01020304);
	CHECK_EQ(get_unaligned_le16("\x01\x02"), 0x0201);
}

/* ---- allocation --------------------------------------------------------------------------------------- */

static void kmalloc_corners(void)
{
	char *p = kmalloc(0, GFP_KERNEL);
	int i;

	CHECK(p == ZERO_SIZE_PTR);
	kfree(p);
	kfree(NULL);
	p = kzalloc(100, GFP_KERNEL);
	CHECK(!memchr_inv(p, 0, 100));
	p = krealloc(p, 5000, GFP_KERNEL);
	CHECK(!memchr_inv(p, 0, 100));
	case_fails_next();
	CHECK(krealloc(p, 10, GFP_KERNEL) == p);
	CHECK(!krealloc(p, 10000, GFP_KERNEL));
	kfree_sensitive(p);
	CHECK(!kmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	CHECK(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
	case_expects("more than KMALLOC_MAX_SIZE");
	CHECK(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	case_fails_next();
	p = kmalloc(1, GFP_KERNEL | __GFP_NOFAIL);
	CHECK(p && case_fault_pending());
	kfree(p);
	case_fails_next();
	CHECK(!kcalloc(1, 1, GFP_KERNEL));
	p = kvmalloc(KMALLOC_MAX_SIZE * 2, GFP_KERNEL);
	CHECK(p);
	for (i = 0; i < 3; i++)
		p[i * 1000] = i;
	kvfree(p);
}

struct item {
	int key;
};

static void kmem_caches(void)
{
	struct kmem_cache *cache = KMEM_CACHE(item, SLAB_HWCACHE_ALIGN);
	struct item *a = kmem_cache_zalloc(cache, GFP_KERNEL);

	CHECK(IS_ALIGNED((unsigned long)a, 64) && !a->key);
	case_expects("item: Slab cache still has objects");
	kmem_cache_destroy(cache);
	kmem_cache_free(cache, a);
	kmem_cache_destroy(cache);
}

static void strings_duplicated(void)
{
	char *s = kasprintf(GFP_KERNEL, "%s-%d", "mtty", 1);

	CHECK_STR(s, "mtty-1");
	kfree(s);
	s = kstrndup("abcdef", 3, GFP_KERNEL);
	CHECK_STR(s, "abc");
	kfree(s);
	CHECK(!kstrdup(NULL, GFP_KERNEL));
	case_fails_next();
	CHECK(!kstrdup("x", GFP_KERNEL));
	case_fails_next();
	CHECK(!kasprintf(GFP_KERNEL, "x"));
	s = kmemdup("ab", 2, GFP_KERNEL);
	CHECK(!memcmp(s, "ab", 2));
	kfree(s);
	/* a constant of this program is not one of the kernel's: it is copied */
	s = (char *)kstrdup_const("constant", GFP_KERNEL);
	CHECK_STR(s, "constant");
	kfree_const(s);
}

static void user_memory_duplicated(void)
{
	char *user = um_user_alloc(8), *s;

	strcpy(um_user_ptr(user), "hello");
	s = memdup_user(user, 6);
	CHECK_STR(s, "hello");
	kfree(s);
	s = memdup_user_nul(user, 2);
	CHECK_STR(s, "he");
	kfree(s);
	s = strndup_user(user, 8);
	CHECK_STR(s, "hello");
	kfree(s);
	CHECK_EQ(PTR_ERR(strndup_user(user, 5)), -EINVAL);
	CHECK_EQ(PTR_ERR(memdup_user((void *)8, 1)), -EFAULT);
	case_fails_next();
	CHECK_EQ(PTR_ERR(memdup_user(user, 6)), -ENOMEM);
	um_user_free(user);
}

/* ---- messages --------------------------------------------------------------------------------------------- */

#undef pr_fmt
#define pr_fmt(fmt) "lib: " fmt

static const char *message(u64 *seq, int want_level)
{
	static char line[1100];
	uint64_t at = *seq;
	int level = -1;
	ssize_t n = um_kmsg_read(&at, &level, line, sizeof(line));

	*seq = at;
	if (!n)
		return "";
	if (level != want_level)
		return "wrong level";
	return line;
}

static void messages_have_levels(void)
{
	u64 seq = um_kmsg_seq();

	pr_info("one %d\n", 1);
	pr_err("two\n");
	printk("three\n");
	printk("%sfour\n", KERN_NOTICE);
	pr_debug("not printed\n");
	printk(KERN_INFO "tab\there\\\n");
	CHECK_STR(message(&seq, 6), "lib: one 1");
	CHECK_STR(message(&seq, 3), "lib: two");
	CHECK_STR(message(&seq, 4), "three");
	CHECK_STR(message(&seq, 5), "four");
	CHECK_STR(message(&seq, 6), "tab\\x09here\\x5c");
	CHECK_STR(message(&seq, 6), "");
	CHECK_EQ(seq, um_kmsg_seq());
}

static void messages_are_measured_without_a_buffer(void)
{
	uint64_t seq = um_kmsg_seq();
	int level = -1;

	pr_info("12345\n");
	CHECK_EQ(um_kmsg_read(&seq, &level, NULL, 0), strlen("lib: 12345"));
	CHECK_EQ(level, 6);
	CHECK_EQ(seq, um_kmsg_seq());
}

static void messages_continue(void)
{
	u64 seq = um_kmsg_seq();

	pr_info("a");
	CHECK_STR(message(&seq, 6), "");
	pr_cont(" b");
	pr_cont(" c\n");
	CHECK_STR(message(&seq, 6), "lib: a b c");
	pr_info("open");
	pr_info("next\n");
	pr_cont("alone\n");
	CHECK_STR(message(&seq, 6), "lib: open");
	CHECK_STR(message(&seq, 6), "lib: next");
	CHECK_STR(message(&seq, 4), "alone");
}

static void messages_are_cut(void)
{
	u64 seq = um_kmsg_seq();
	char *big = kmalloc(2001, GFP_KERNEL);

	memset(big, 'x', 2000);
	big[2000] = '\0';
	printk(KERN_INFO "%s\n", big);
	pr_info("end\n");
	CHECK_EQ(strlen(message(&seq, 6)), 1024 - 32 - 1 - 2);
	CHECK_STR(message(&seq, 6), "lib: end");
	kfree(big);
}

static void messages_debug_on_demand(void)
{
	u64 seq = um_kmsg_seq();

	um_debug("other,lib_kern.c");
	pr_debug("on\n");
	um_debug("lib");
	pr_debug("by module\n");
	um_debug(NULL);
	pr_debug("off\n");
	CHECK_STR(message(&seq, 7), "lib: on");
	CHECK_STR(message(&seq, 7), "lib: by module");
	CHECK_STR(message(&seq, 7), "");
}

static void messages_limited(void)
{
	u64 seq = um_kmsg_seq();
	int i, n = 0;

	for (i = 0; i < 30; i++)
		pr_info_ratelimited("again\n");
	for (i = 0; i < 3; i++)
		pr_info_once("once\n");
	while (strstr(message(&seq, 6), "again"))
		n++;
	CHECK_EQ(n, 10);
	CHECK_EQ(seq, um_kmsg_seq());
	/* one limit for all that ask for none of their own */
	for (i = 0, n = 0; i < 30; i++)
		n += printk_ratelimit();
	CHECK_EQ(n, 10);
}

static void messages_hex_dump(void)
{
	u64 seq = um_kmsg_seq();

	print_hex_dump(KERN_INFO, "p: ", DUMP_PREFIX_OFFSET, 16, 1,
		       "0123456789abcdefXY", 18, false);
	CHECK_STR(message(&seq, 6),
		  "p: 00000000: 30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66");
	CHECK_STR(message(&seq, 6), "p: 00000010: 58 59");
	print_hex_dump(KERN_ERR, "q: ", DUMP_PREFIX_NONE, 32, 4, "0123", 4, true);
	CHECK_STR(message(&seq, 3), "q: 33323130                                                                 0123");
	/* 20 is no length of a row: 16 is */
	print_hex_dump(KERN_INFO, "", DUMP_PREFIX_OFFSET, 20, 1, text, 17, false);
	message(&seq, 6);
	CHECK(strstarts(message(&seq, 6), "00000010: "));
	print_hex_dump(KERN_INFO, "", DUMP_PREFIX_ADDRESS, 16, 1, text, 1, false);
	CHECK(strstarts(message(&seq, 6), f("%p: ", text)));
}

static void messages_of_a_stack(void)
{
	u64 seq = um_kmsg_seq();
	bool found = false;
	const char *line;

	dump_stack();
	while (*(line = message(&seq, 4)))
		found |= strstr(line, "messages_of_a_stack") != NULL;
	CHECK(found);
	CHECK_EQ(seq, um_kmsg_seq());
}

static void messages_ring_wraps(void)
{
	u64 seq = um_kmsg_seq(), i;

	for (i = 0; i < 5000; i++)
		pr_info("%llu\n", i);
	CHECK_STR(message(&seq, 6), "lib: 2952");
	CHECK_EQ(um_kmsg_seq() - seq, 2047);
}

#define CASE(fn) { #fn, fn }

static void ticks_round_up(void)
{
	CHECK_EQ(msecs_to_jiffies(0), 0);
	CHECK_EQ(msecs_to_jiffies(1), 1);
	CHECK_EQ(msecs_to_jiffies(1000), HZ);
	CHECK_EQ(msecs_to_jiffies(-1), MAX_JIFFY_OFFSET);
	CHECK_EQ(usecs_to_jiffies(1), 1);
	CHECK_EQ(usecs_to_jiffies(1000000), HZ);
	CHECK_EQ(jiffies_to_msecs(HZ), 1000);
}

const struct kern_case lib_cases[] = {
	CASE(ticks_round_up),
	CASE(printf_numbers), CASE(printf_strings), CASE(printf_short_buffers),
	CASE(printf_uuids), CASE(printf_pointers), CASE(printf_hides_pointers),
	CASE(printf_symbols), CASE(printf_bitmaps),
	CASE(printf_unknown_conversion_warns), CASE(scanf_values),
	CASE(kstrto_takes_the_whole_string), CASE(kstrto_reads_prefixes),
	CASE(kstrto_checks_the_range), CASE(kstrtobool_looks_at_the_start),
	CASE(kstrto_from_user), CASE(kstrto_from_user_has_every_type),
	CASE(simple_strto_stops),
	CASE(strings_copied), CASE(strings_taken_apart), CASE(strings_words_of),
	CASE(ctype_is_latin_1), CASE(sizes_for_people),
	CASE(uuid_parsing), CASE(uuid_random), CASE(hex_both_ways),
	CASE(hex_dump_lines),
	CASE(bitmap_operations), CASE(sort_and_search), CASE(arithmetic),
	CASE(kmalloc_corners), CASE(kmem_caches), CASE(strings_duplicated),
	CASE(user_memory_duplicated),
	CASE(messages_have_levels), CASE(messages_are_measured_without_a_buffer),
	CASE(messages_continue), CASE(messages_of_a_stack),
	CASE(messages_are_cut), CASE(messages_debug_on_demand),
	CASE(messages_limited), CASE(messages_hex_dump), CASE(messages_ring_wraps),
	{ NULL, NULL }
};
