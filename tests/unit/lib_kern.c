// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's library: what fails, what is told, and messages; see lib.c. */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <umdev/umdev.h>

#include "../modules/formatted.h"
#include "lib.h"

/* ---- printf ---------------------------------------------------------------- */

static void printf_unknown_conversion_warns(void)
{
	const char *bad = "a%yb";

	case_expects("unsupported %y");
	CHECK_STR(f(bad), "a");
	bad = "%pC";
	case_expects("%pC is not in the shim");
	f(bad, text);
	bad = "%pA";
	case_expects("%pA is for code in Rust");
	CHECK_STR(f(bad, text), "(%pA?)");
}

/* The fields behind the names are as wide as Debian's kernel has them. */
static void printf_page_flags(void)
{
	unsigned long flags = 0x17ffffc0002036UL, none = 0, all = ~0UL;

	CHECK_STR(f("%pGp", &flags), "0x17ffffc0002036(referenced|uptodate|lru|active|private|"
		  "node=0|zone=2|lastcpupid=0x1fffff)");
	CHECK_STR(f("%pGp", &none), "0x0(node=0|zone=0|lastcpupid=0x0)");
	CHECK(strstr(f("%pGp", &all), "|arch_2|node=1023|zone=7|lastcpupid=0x1fffff)"));
}

/* A kernel without device trees, as Debian's is on this machine. */
static void printf_device_trees(void)
{
	CHECK_STR(f("%pOF", NULL), "(%pOF?)");
	CHECK_STR(f("%pOFf", text), "(%pOF?)");
	CHECK_STR(f("%.4pOF", text), "(%pO");
}

/* ---- allocation --------------------------------------------------------------------------------------- */

static void kmalloc_fails_and_does_not(void)
{
	char *p = kzalloc(5000, GFP_KERNEL);

	case_fails_next();
	CHECK(krealloc(p, 10, GFP_KERNEL) == p);
	CHECK(!krealloc(p, 10000, GFP_KERNEL));
	kfree(p);
	case_expects("more than KMALLOC_MAX_SIZE");
	CHECK(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
	case_fails_next();
	p = kmalloc(1, GFP_KERNEL | __GFP_NOFAIL);
	CHECK(p && case_fault_pending());
	kfree(p);
	case_fails_next();
	CHECK(!kcalloc(1, 1, GFP_KERNEL));
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

static void copies_fail(void)
{
	char *user = um_user_alloc(8);

	case_fails_next();
	CHECK(!kstrdup("x", GFP_KERNEL));
	case_fails_next();
	CHECK(!kasprintf(GFP_KERNEL, "x"));
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

const struct kern_case lib_cases[] = {
	CASE(printf_unknown_conversion_warns), CASE(printf_page_flags),
	CASE(printf_device_trees),
	CASE(kmalloc_fails_and_does_not), CASE(kmem_caches), CASE(copies_fail),
	CASE(messages_have_levels), CASE(messages_are_measured_without_a_buffer),
	CASE(messages_continue), CASE(messages_of_a_stack),
	CASE(messages_are_cut), CASE(messages_debug_on_demand),
	CASE(messages_limited), CASE(messages_hex_dump), CASE(messages_ring_wraps),
	{ NULL, NULL }
};
