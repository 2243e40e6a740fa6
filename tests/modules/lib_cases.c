// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions of the library that need nothing but arguments, and memory of the kernel's,
 * each with its corners. The device "lib_cases" of the class mdev_test has a file "case",
 * to which the name of a case (cases.h) is written.
 */
#include <asm/unaligned.h>
#include <linux/bitmap.h>
#include <linux/crc32.h>
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>
#include <linux/vmalloc.h>

#include "cases.h"
#include "compat/levels.h"
#include "formatted.h"
#include "mdev_test.h"
#if KAPI_SINCE(6, 12)	/* kernel.h brought it before */
#include <linux/hex.h>
#endif

/* ---- formats -------------------------------------------------------------------- */

static void printf_corners(void)
{
	CHECK_STR(f("%#x %#o %#06x", 0, 0, 7), "0x0 0 0x0007");
	CHECK_STR(f("%llu %lld", ~0ULL, LLONG_MIN),
		  "18446744073709551615 -9223372036854775808");
	CHECK_STR(f("%hhd %hd %hhu", 0x1ff, 0x1ffff, 0x1ff), "-1 -1 255");
	CHECK_STR(f("%s", (char *)ERR_PTR(-5)), "(efault)");
	CHECK_STR(f("%pUl", NULL), "(null)");
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

	CHECK_STR(f("%pM %pm %pMF %pMR", mac, mac, mac, mac),
		  "00:01:02:0a:0b:0c 0001020a0b0c 00-01-02-0a-0b-0c 0c:0b:0a:02:01:00");
	CHECK_STR(f("%pI4 %pi4", ip, ip), "192.168.0.1 192.168.000.001");
	CHECK_STR(f("%pa", &pa), "0x0000000000001234");
	CHECK_STR(nested("%d %s %pUl", 1, "two", NULL), "<1 two (null)>");
}

static void printf_hides_pointers(void)
{
	char first[40];

	snprintf(first, sizeof(first), "%p", text);
	CHECK_EQ(strlen(first), 16);
	/* before there are random numbers nobody can tell from it where anything is, either */
	CHECK(strstarts(first, "00000000") || !strcmp(first, "(____ptrval____)"));
	CHECK_STR(f("%p", text), first);
	CHECK_STR(f("%pK", text), first);
	CHECK(strcmp(f("%px", text), first) != 0);
}

static void printf_symbols(void)
{
	/* and where in it, in the kernel's own words */
	CHECK(strstarts(f("%pS", printf_symbols), "printf_symbols"));
	CHECK(strstr(text, " [lib_cases]"));
}

static void printf_bitmaps(void)
{
	DECLARE_BITMAP(map, 70) = { 0x8000000000000007UL, 1 };

	CHECK_STR(f("%*pb", 70, map), "01,80000000,00000007");
	CHECK_STR(f("%*pbl", 70, map), "0-2,63-64");
}

static void scanf_values(void)
{
	char word[8], set[8], c = 0;
	int d = 0, n = 0;
	u8 byte = 0;

	CHECK_EQ(sscanf("abc,42", "%3[a-c],%n%hhu", set, &n, &byte), 1);
	CHECK_EQ(sscanf("abc,42", "%7[abc],%n%hhu", set, &n, &byte), 2);
	CHECK_STR(set, "abc");
	CHECK(n == 4 && byte == 42);
	CHECK_EQ(sscanf("  word rest", "%7s%c", word, &c), 2);
	CHECK_STR(word, "word");
	CHECK_EQ(c, ' ');
	CHECK_EQ(sscanf("x", "%d", &d), 0);
}

/* ---- strings and numbers ---------------------------------------------------------- */

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

/* ---- memory ------------------------------------------------------------------------ */

static void krealloc_keeps_the_bytes(void)
{
	char *p = kmalloc(8, GFP_KERNEL), *q;

	CHECK(p);
	strcpy(p, "kept");
	/* too large a product leaves the block alone */
	CHECK(!krealloc_array(p, SIZE_MAX / 2, 4, GFP_KERNEL));
	q = krealloc_array(p, 4096, 4, GFP_KERNEL);
	CHECK(q);
	CHECK_STR(q, "kept");
	CHECK(ZERO_OR_NULL_PTR(krealloc(q, 0, GFP_KERNEL)));
}

static void kmalloc_has_limits(void)
{
	char *p = kmalloc(0, GFP_KERNEL);

	CHECK(p == ZERO_SIZE_PTR);
	kfree(p);
	kfree(NULL);
	p = kzalloc(100, GFP_KERNEL);
	CHECK(p && !memchr_inv(p, 0, 100));
	kfree_sensitive(p);
	CHECK(!kmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	CHECK(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
}

static void construct(void *object)
{
	strcpy(object, "made");
}

static void cache_constructs_its_objects(void)
{
	struct kmem_cache *cache = kmem_cache_create("lib_cases", 64, 0, 0, construct);
	char *object;

	CHECK(cache);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(object);
	CHECK_STR(object, "made");
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

static void kvfree_takes_vmalloc_memory_and_kvmalloc_has_a_limit(void)
{
	void *p = vmalloc(100);

	CHECK(p);
	CHECK(is_vmalloc_addr(p) && vmalloc_to_page(p));
	CHECK(vmalloc_to_pfn(p) == page_to_pfn(vmalloc_to_page(p)));
	kvfree(p);
	p = kvmalloc(KMALLOC_MAX_SIZE * 2, GFP_KERNEL);
	CHECK(p);
	kvfree(p);
	CHECK(!kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN));
}

/* There is no user memory at NULL: who gets that far says -EFAULT. */
static void copy_of_user_memory_has_a_limit_unless_it_is_virtual(void)
{
	CHECK_EQ(PTR_ERR(memdup_user(NULL, KMALLOC_MAX_SIZE + 1)), -ENOMEM);
	CHECK_EQ(PTR_ERR(vmemdup_user(NULL, KMALLOC_MAX_SIZE + 1)), -EFAULT);
}

static void page_has_addresses_and_flags(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	char *p;

	CHECK(page);
	p = page_address(page);
	CHECK(virt_to_phys(p + 5) == page_to_phys(page) + 5 && virt_to_page(p + 5) == page);
	SetPageReserved(page);
	CHECK(PageReserved(page));
	ClearPageReserved(page);
	CHECK(!PageReserved(page));
	CHECK(!PageDirty(page) && set_page_dirty(page) && PageDirty(page));
	/* it is dirty already */
	CHECK(!set_page_dirty(page));
	__free_page(page);
}

static void order_is_that_of_enough_pages(void)
{
	CHECK(get_order(1) == 0 && get_order(PAGE_SIZE) == 0);
	CHECK(get_order(PAGE_SIZE + 1) == 1 && get_order(PAGE_SIZE << 4) == 4);
}

static void second_vfree_warns(void)
{
	void *p = vmalloc(100);

	vfree(p);
	vfree(p);
}

static void strings_are_duplicated(void)
{
	char *s = kasprintf(GFP_KERNEL, "%s-%d", "mtty", 1);

	CHECK(s);
	CHECK_STR(s, "mtty-1");
	kfree(s);
	s = kstrndup("abcdef", 3, GFP_KERNEL);
	CHECK(s);
	CHECK_STR(s, "abc");
	kfree(s);
	CHECK(!kstrdup(NULL, GFP_KERNEL));
	s = kmemdup("ab", 2, GFP_KERNEL);
	CHECK(s && !memcmp(s, "ab", 2));
	kfree(s);
	/* a constant of a module is not one of the kernel's: it is copied */
	s = (char *)kstrdup_const("constant", GFP_KERNEL);
	CHECK(s);
	CHECK_STR(s, "constant");
	kfree_const(s);
}

/* The check values of CRC-32 and of its form with the highest bit first. */
static void checksums_are_those_of_everybody(void)
{
	CHECK_EQ(~crc32_le(~0, "123456789", 9), 0xcbf43926);
	CHECK_EQ(crc32_be(~0, "123456789", 9), 0x0376e6e7);
}

static const struct mdev_test_case cases[] = {
	CASE(printf_corners),
	CASE(printf_short_buffers),
	CASE(printf_pointers),
	CASE(printf_hides_pointers),
	CASE(printf_symbols),
	CASE(printf_bitmaps),
	CASE(scanf_values),
	CASE(simple_strto_stops),
	CASE(strings_copied),
	CASE(strings_taken_apart),
	CASE(strings_words_of),
	CASE(ctype_is_latin_1),
	CASE(uuid_random),
	CASE(hex_both_ways),
	CASE(hex_dump_lines),
	CASE(arithmetic),
	CASE(ticks_round_up),
	CASE(krealloc_keeps_the_bytes),
	CASE(kmalloc_has_limits),
	CASE(cache_constructs_its_objects),
	CASE(kvfree_takes_vmalloc_memory_and_kvmalloc_has_a_limit),
	CASE(copy_of_user_memory_has_a_limit_unless_it_is_virtual),
	CASE(page_has_addresses_and_flags),
	CASE(order_is_that_of_enough_pages),
	CASE(second_vfree_warns),
	CASE(strings_are_duplicated),
	CASE(checksums_are_those_of_everybody),
};

static ssize_t case_store(struct device *dev, struct device_attribute *attr, const char *name,
			  size_t count)
{
	return mdev_test_run_case(cases, ARRAY_SIZE(cases), name, count);
}
static DEVICE_ATTR_WO(case);

static struct attribute *lib_cases_attrs[] = {
	&dev_attr_case.attr,
	NULL
};
ATTRIBUTE_GROUPS(lib_cases);

static struct device *lib_cases;

static int __init lib_cases_init(void)
{
	lib_cases = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, lib_cases_groups,
					      "lib_cases");
	return PTR_ERR_OR_ZERO(lib_cases);
}

static void __exit lib_cases_exit(void)
{
	device_unregister(lib_cases);
}

module_init(lib_cases_init);
module_exit(lib_cases_exit);
MODULE_DESCRIPTION("Cases of library functions");
MODULE_LICENSE("GPL v2");
