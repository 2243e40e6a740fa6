// SPDX-License-Identifier: GPL-2.0-only
/*
 * The library: numbers, UUIDs and formats as a kernel parses and prints them;
 * strings, memory, arithmetic. What keeps things is in collections.c.
 */
#include "lines.h"
#include "mdev_test.h"

#define LIB	DIR_TEST "/lib"
#define CASES	DIR_TEST "/lib_cases/case"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("lib_test", NULL), 0);
	t_expect(t_insmod("lib_cases", NULL), 0);
}

#include "cases.h"

struct parse {
	const char *input;	/* "function base|text" */
	const char *result;	/* "0 value", or the error */
};

static void parses(const struct parse *table, size_t n)
{
	char want[64];
	size_t i;

	load();
	for (i = 0; i < n; i++) {
		t_expect(t_put(LIB "/kstrto", table[i].input), strlen(table[i].input));
		snprintf(want, sizeof(want), "%s\n", table[i].result);
		t_expect_text(LIB "/result", want);
	}
}

#define PARSES(table)	parses(table, sizeof(table) / sizeof((table)[0]))

#define INVALID	"-22"
#define RANGE	"-34"

static void numbers_with_their_bases(void **state)
{
	static const struct parse table[] = {
		{ "int 0|42", "0 42" }, { "int 0|0x2a", "0 42" }, { "int 0|0X2A", "0 42" },
		{ "int 0|052", "0 42" }, { "int 10|052", "0 52" }, { "int 16|2a", "0 42" },
		{ "int 16|0x2a", "0 42" }, { "int 8|52", "0 42" }, { "int 2|101", "0 5" },
		{ "int 0|0", "0 0" }, { "int 0|00", "0 0" }, { "int 0|-0", "0 0" },
		{ "int 0|08", INVALID }, { "int 8|8", INVALID }, { "int 10|a", INVALID },
		{ "int 10|0x1", INVALID }, { "int 0|0x", INVALID }, { "int 16|g", INVALID },
		{ "int 0|0b1", INVALID },
	};

	PARSES(table);
}

static void one_newline_may_follow(void **state)
{
	static const struct parse table[] = {
		{ "int 0|42\n", "0 42" }, { "int 0|42\n\n", INVALID }, { "int 0|\n", INVALID },
		{ "int 0|", INVALID }, { "int 0| 42", INVALID }, { "int 0|42 ", INVALID },
		{ "int 0|42x", INVALID }, { "int 0|4 2", INVALID }, { "int 0|4.2", INVALID },
	};

	PARSES(table);
}

static void signs(void **state)
{
	static const struct parse table[] = {
		{ "int 0|-42", "0 -42" }, { "int 0|+42", "0 42" }, { "int 0|-0x10", "0 -16" },
		{ "int 0|--1", INVALID }, { "int 0|+-1", INVALID }, { "int 0|-", INVALID },
		{ "uint 0|+42", "0 42" }, { "uint 0|-1", INVALID }, { "uint 0|-0", INVALID },
		{ "ull 0|+-1", INVALID },
	};

	PARSES(table);
}

static void ranges(void **state)
{
	static const struct parse table[] = {
		{ "u8 0|255", "0 255" }, { "u8 0|256", RANGE },
		{ "s8 0|127", "0 127" }, { "s8 0|128", RANGE },
		{ "s8 0|-128", "0 -128" }, { "s8 0|-129", RANGE },
		{ "u16 0|65535", "0 65535" }, { "u16 0|65536", RANGE },
		{ "s16 0|-32768", "0 -32768" }, { "s16 0|32768", RANGE },
		{ "int 0|2147483647", "0 2147483647" }, { "int 0|2147483648", RANGE },
		{ "int 0|-2147483648", "0 -2147483648" }, { "int 0|-2147483649", RANGE },
		{ "uint 0|4294967295", "0 4294967295" }, { "uint 0|4294967296", RANGE },
		{ "ull 0|18446744073709551615", "0 18446744073709551615" },
		{ "ull 0|18446744073709551616", RANGE },
		{ "ull 0|0xffffffffffffffff", "0 18446744073709551615" },
		{ "ull 0|0x10000000000000000", RANGE },
		{ "ll 0|9223372036854775807", "0 9223372036854775807" },
		{ "ll 0|9223372036854775808", RANGE },
		{ "ll 0|-9223372036854775808", "0 -9223372036854775808" },
		{ "ll 0|-9223372036854775809", RANGE },
		{ "ul 0|18446744073709551615", "0 18446744073709551615" },
		{ "l 0|-9223372036854775808", "0 -9223372036854775808" },
	};

	PARSES(table);
}

/* Digits that are too many do not hide what is wrong behind them. */
static void garbage_behind_an_overflow(void **state)
{
	static const struct parse table[] = {
		{ "ull 0|99999999999999999999999", RANGE },
		{ "u8 0|999x", INVALID },
	};

	PARSES(table);
}

static void booleans(void **state)
{
	static const struct parse table[] = {
		{ "bool 0|1", "0 1" }, { "bool 0|0", "0 0" }, { "bool 0|y", "0 1" },
		{ "bool 0|Y", "0 1" }, { "bool 0|n", "0 0" }, { "bool 0|N", "0 0" },
		{ "bool 0|on", "0 1" }, { "bool 0|oN", "0 1" }, { "bool 0|of", "0 0" },
		{ "bool 0|True", "0 1" }, { "bool 0|off", "0 0" }, { "bool 0|OFF", "0 0" }, { "bool 0|yes", "0 1" },
		{ "bool 0|1 and more", "0 1" }, { "bool 0|o", INVALID },
		{ "bool 0|2", INVALID }, { "bool 0|", INVALID }, { "bool 0|x", INVALID },
	};

	PARSES(table);
}

static void uuids(void **state)
{
	load();
	t_expect(t_put(LIB "/uuid", "00112233-4455-6677-8899-AABBccddeeff"), 36);
	t_expect_text(LIB "/result",
		      "0 00112233-4455-6677-8899-aabbccddeeff "
		      "00112233-4455-6677-8899-aabbccddeeff "
		      "33221100554477668899aabbccddeeff\n");
	/* what follows is not looked at */
	t_expect(t_put(LIB "/uuid", "00112233-4455-6677-8899-aabbccddeeffzz"), 38);
	t_expect_text(LIB "/result",
		      "0 00112233-4455-6677-8899-aabbccddeeff "
		      "00112233-4455-6677-8899-aabbccddeeff "
		      "33221100554477668899aabbccddeeff\n");
	t_expect(t_put(LIB "/uuid", "00112233_4455-6677-8899-aabbccddeeff"), 36);
	t_expect_text(LIB "/result", "-22 0\n");
	t_expect(t_put(LIB "/uuid", "00112233-4455-6677-8899-aabbccddeefg"), 36);
	t_expect_text(LIB "/result", "-22 0\n");
	t_expect(t_put(LIB "/uuid", "{0112233-4455-6677-8899-aabbccddeef}"), 36);
	t_expect_text(LIB "/result", "-22 0\n");
}

static void formats_of_numbers(void **state)
{
	load();
	line_is(LIB "/formats", "d", "42|   42|42   |00042|+42| 42");
	line_is(LIB "/formats", "negative", "-42|   -42|-42   |-00042|4294967254");
	line_is(LIB "/formats", "x", "beef|BEEF|0xbeef|0000beef|0x0000beef");
	line_is(LIB "/formats", "o", "10|010|0");
	line_is(LIB "/formats", "sizes", "-1|18446744073709551615|ffffffffffffffff|7|-2|-3");
	line_is(LIB "/formats", "precision", "005|     005|005     |0");
	line_is(LIB "/formats", "star", "     1|2     |003|4   ");
	line_is(LIB "/formats", "more_sizes", "-3|65535|255");
	line_is(LIB "/formats", "unbounded", "5 abc-5");
	line_is(LIB "/formats", "length", "5");
	line_is(LIB "/formats", "cut", "3");
}

static void formats_of_strings(void **state)
{
	load();
	line_is(LIB "/formats", "strings", "abc|  abc|abc  |ab|abc|    a");
	line_is(LIB "/formats", "chars", "ab|  c|d  |%");
	line_is(LIB "/formats", "null_string", "(null)");
}

static void formats_of_uuids(void **state)
{
	load();
	line_is(LIB "/formats", "pUb", "00112233-4455-6677-8899-aabbccddeeff");
	line_is(LIB "/formats", "pUB", "00112233-4455-6677-8899-AABBCCDDEEFF");
	line_is(LIB "/formats", "pUl", "33221100-5544-7766-8899-aabbccddeeff");
	line_is(LIB "/formats", "pUL", "33221100-5544-7766-8899-AABBCCDDEEFF");
	line_is(LIB "/formats", "pU", "00112233-4455-6677-8899-aabbccddeeff");
}

static void formats_of_bytes(void **state)
{
	load();
	line_is(LIB "/formats", "ph", "cc dd ee ff");
	line_is(LIB "/formats", "phC", "cc:dd:ee:ff");
	line_is(LIB "/formats", "phD", "cc-dd-ee-ff");
	line_is(LIB "/formats", "phN", "ccddeeff");
	line_is(LIB "/formats", "ph3", "00 11 22");
}

static void formats_of_errors_and_pointers(void **state)
{
	load();
	line_is(LIB "/formats", "pe", "-ENOMEM");
	line_is(LIB "/formats", "pe_defer", "-EPROBE_DEFER");
	line_is(LIB "/formats", "pe_unknown", "-1234|  -1234");
	line_is(LIB "/formats", "pe_no_error", "1");
	line_is(LIB "/formats", "pV", "[7 seven]");
	line_is(LIB "/formats", "px", "0000000000001234");
	line_is(LIB "/formats", "null_pointer", "0000000000000000");
}

/* Once in the life of a kernel: nothing else may print such formats. */
static void what_does_not_fit_a_format_is_told_once(void **state)
{
	load();
	t_expect_splat("field width 9000000 too large");
	t_expect(t_put(LIB "/once", "width"), 5);
	t_expect(t_put(LIB "/once", "width"), 5);
	t_expect_splat("precision 40000 too large");
	t_expect(t_put(LIB "/once", "precision"), 9);
	t_expect(t_put(LIB "/once", "precision"), 9);
	t_expect_splat("Please remove unsupported %y in format string");
	t_expect(t_put(LIB "/once", "conversion"), 10);
	t_expect(t_put(LIB "/once", "conversion"), 10);
	/* the text ends there */
	t_expect_text(LIB "/result", "14\n");
}

static void precisions_may_be_negative_or_too_large(void **state)
{
	load();
	line_is(LIB "/odd_formats", "negative_precision", "[][5][       5]");
	line_is(LIB "/odd_formats", "wide_constant", "[5]");
	line_is(LIB "/odd_formats", "precise_constant", "[5]");
}

static void formats_are_cut_to_the_precision(void **state)
{
	load();
	line_is(LIB "/odd_formats", "uuid_cut", "00112233|        3322|00    |");
	line_is(LIB "/odd_formats", "name_cut", "-EN|   -EN|");
	line_is(LIB "/odd_formats", "mac_cut", "00:11|0011");
	line_is(LIB "/odd_formats", "complaint_cut", "(nu||(n");
	line_is(LIB "/odd_formats", "empty_bitmap", "[][]");
}

static void pointers_take_flags(void **state)
{
	load();
	line_is(LIB "/odd_formats", "error_zeroes", "-0001234|-1234   |-1234");
	line_is(LIB "/odd_formats", "pointer_prefix", "0x00000000001234|      0x1234");
	line_is(LIB "/odd_formats", "ip4_orders",
		"17.34.51.68 17.34.51.68 17.34.51.68 68.51.34.17 68.51.34.17 068.051.034.017");
}

static void errors_of_the_kernel_alone_have_names(void **state)
{
	load();
	line_is(LIB "/odd_formats", "inner_errors",
		"-ENOTSYNC -EBADCOOKIE -ETOOSMALL -ESERVERFAULT -EBADTYPE -EJUKEBOX "
		"-EIOCBQUEUED -ERECALLCONFLICT");
}

static void functions_are_named_with_their_module(void **state)
{
	load();
	line_is(LIB "/odd_formats", "function", "odd_pointers [lib_test]");
	line_is(LIB "/odd_formats", "kernels_function", "kfree");
	line_is(LIB "/odd_formats", "no_function", "0x1234 0x0");
}

static void sizes_are_told_in_three_digits(void **state)
{
	load();
	line_is(LIB "/odd_formats", "sizes_as_text",
		"0 B 0 B|3.00 B 3.00 B|512 B 512 B|999 B 999 B|1.10 kB 1.07 KiB|"
		"1.54 kB 1.50 KiB|5.70 MB 5.44 MiB|18.4 EB 16.0 EiB|75.6 ZB 64.0 ZiB|"
		"340 UNK 256 UNK|2.00 MB 1.91 MiB|1.05 MB 1024 KiB|");
}

static void scans(void **state)
{
	load();
	line_is(LIB "/scans", "two", "2 12 -34");
	line_is(LIB "/scans", "bases", "2 31 15");
	line_is(LIB "/scans", "hex", "1 beef");
	line_is(LIB "/scans", "words", "2 hel lo");
	line_is(LIB "/scans", "literal", "2 a 5");
	line_is(LIB "/scans", "mismatch", "1");
	line_is(LIB "/scans", "width", "2 12 345");
	line_is(LIB "/scans", "set", "2 abc 123");
	line_is(LIB "/scans", "skip", "1 9");
	line_is(LIB "/scans", "empty", "0");
	line_is(LIB "/scans", "no_number", "0");
	line_is(LIB "/scans", "so_far", "1 7 1");
}

static void scans_where_libc_differs(void **state)
{
	load();
	line_is(LIB "/scans", "other_set", "2 ab cd");
	line_is(LIB "/scans", "empty_set", "0");
	line_is(LIB "/scans", "octal", "1 f");
	line_is(LIB "/scans", "percent", "2 5 6");
	line_is(LIB "/scans", "no_percent", "1");
	line_is(LIB "/scans", "prefix_cut", "2 0 1f");
	line_is(LIB "/scans", "minus_cut", "0");
	line_is(LIB "/scans", "sizes", "5 65535 -5000000000 18446744073709551615 7 -8");
}

static void message_is_read_with_its_bytes_escaped(void **state)
{
	char line[128];

	load();
	t_expect(t_put(LIB "/say", "a\\b\tc\nd\177e\303\244"), 11);
	t_expect(t_kmsg_find("lib_test says", line, sizeof(line)), true);
	assert_string_equal(strstr(line, "lib_test says"),
			    "lib_test says a\\x5cb\\x09c\\x0ad\\x7fe\\xc3\\xa4");
}

static void strings_are_copied_within_bounds(void **state)
{
	load();
	line_is(LIB "/strings", "strscpy", "-7 abc");
	line_is(LIB "/strings", "strscpy_long", "3 ghi");
	line_is(LIB "/strings", "strscpy_pad", "2 61620000007a");
	line_is(LIB "/strings", "pad", "abc--z");
	line_is(LIB "/strings", "pad_cut", "XYc--z");
}

static void string_of_no_such_size_is_refused(void **state)
{
	load();
	t_expect_splat("lib/string.c");
	t_expect(t_put(LIB "/oversize", "unknown"), 7);
	t_expect_text(LIB "/result", "-7 \n");
}

static void strings_are_searched_within_bounds(void **state)
{
	load();
	line_is(LIB "/strings", "strnstr", "bd|1|1");
	line_is(LIB "/strings", "memscan", "2 5");
	line_is(LIB "/strings", "memchr_inv", "b|1");
	line_is(LIB "/strings", "strreplace", "a+b+c 5");
}

static void memory_is_set_word_by_word(void **state)
{
	load();
	line_is(LIB "/strings", "memset16", "1234 1234 0");
	line_is(LIB "/strings", "memset32", "12345678 12345678 0");
	line_is(LIB "/strings", "memset64", "123456789abcdef0 123456789abcdef0 0");
}

static void random_numbers_and_ids(void **state)
{
	load();
	line_is(LIB "/various", "random", "ff ffff ffffffff ffffffffffffffff");
	line_is(LIB "/various", "never_stuck", "0");
	line_is(LIB "/various", "raw_ids", "4 2 4 2");
	line_is(LIB "/various", "ids", "4 2");
}

static void memory_is_aligned_to_its_size(void **state)
{
	load();
	line_is(LIB "/various", "misaligned", "0 0");
}

static void messages_are_limited_by_time(void **state)
{
	load();
	t_kmsg_flush();
	line_is(LIB "/various", "ratelimit", "1 1 0 1");
	assert_true(t_kmsg_has("limited: 1 callbacks suppressed"));
	line_is(LIB "/various", "timed", "1 0");
}

static void bytes_are_dumped_in_groups(void **state)
{
	load();
	line_is(LIB "/various", "hex2", "3130 3332 3534 3736 3938 6261 6463 6665");
	line_is(LIB "/various", "hex8",
		"3736353433323130 6665646362613938  0123456789abcdef");
	line_is(LIB "/various", "hex_odd", "30 31 32");
	line_is(LIB "/various", "simple", "12 -31 63");
}

static void second_vfree_warns(void **state)
{
	t_expect_splat("Trying to vfree() nonexistent vm area");
	run_case_of("second_vfree_warns");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(numbers_with_their_bases),
		T_TEST(one_newline_may_follow),
		T_TEST(signs),
		T_TEST(ranges),
		T_TEST(garbage_behind_an_overflow),
		T_TEST(booleans),
		T_TEST(uuids),
		T_TEST(formats_of_numbers),
		T_TEST(formats_of_strings),
		T_TEST(formats_of_uuids),
		T_TEST(formats_of_bytes),
		T_TEST(formats_of_errors_and_pointers),
		T_TEST(precisions_may_be_negative_or_too_large),
		T_TEST(formats_are_cut_to_the_precision),
		T_TEST(pointers_take_flags),
		T_TEST(errors_of_the_kernel_alone_have_names),
		T_TEST(functions_are_named_with_their_module),
		T_TEST(sizes_are_told_in_three_digits),
		T_TEST(what_does_not_fit_a_format_is_told_once),
		T_TEST(scans),
		T_TEST(scans_where_libc_differs),
		T_TEST(message_is_read_with_its_bytes_escaped),
		T_TEST(strings_are_copied_within_bounds),
		T_TEST(string_of_no_such_size_is_refused),
		T_TEST(strings_are_searched_within_bounds),
		T_TEST(memory_is_set_word_by_word),
		T_TEST(random_numbers_and_ids),
		T_TEST(memory_is_aligned_to_its_size),
		T_TEST(messages_are_limited_by_time),
		T_TEST(bytes_are_dumped_in_groups),
		T_CASE(printf_corners),
		T_CASE(printf_short_buffers),
		T_CASE(printf_pointers),
		T_CASE(printf_hides_pointers),
		T_CASE(printf_symbols),
		T_CASE(printf_bitmaps),
		T_CASE(scanf_values),
		T_CASE(simple_strto_stops),
		T_CASE(strings_copied),
		T_CASE(strings_taken_apart),
		T_CASE(strings_words_of),
		T_CASE(ctype_is_latin_1),
		T_CASE(uuid_random),
		T_CASE(hex_both_ways),
		T_CASE(hex_dump_lines),
		T_CASE(arithmetic),
		T_CASE(ticks_round_up),
		T_CASE(krealloc_keeps_the_bytes),
		T_CASE(kmalloc_has_limits),
		T_CASE(cache_constructs_its_objects),
		T_CASE(kvfree_takes_vmalloc_memory_and_kvmalloc_has_a_limit),
		T_CASE(copy_of_user_memory_has_a_limit_unless_it_is_virtual),
		T_CASE(page_has_addresses_and_flags),
		T_CASE(order_is_that_of_enough_pages),
		T_TEST(second_vfree_warns),
		T_CASE(strings_are_duplicated),
		T_CASE(checksums_are_those_of_everybody),
	};

	return t_run("lib", tests);
}
