// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, UUIDs and formats as a kernel parses and prints them.
 */
#include "mdev_test.h"

#define LIB	DIR_TEST "/lib"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("lib_test", NULL), 0);
}

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
		{ "bool 0|off", "0 0" }, { "bool 0|OFF", "0 0" }, { "bool 0|yes", "0 1" },
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

/* The line of this name in a file, compared. */
static void line_is(const char *path, const char *name, const char *want)
{
	char text[4097], key[64], *line;

	t_expect(t_get(path, text, sizeof(text)) > 0, true);
	snprintf(key, sizeof(key), "\n%s: ", name);
	line = !strncmp(text, key + 1, strlen(key) - 1) ? text - 1 : strstr(text, key);
	assert_non_null(line);
	line += strlen(key);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, want);
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
	line_is(LIB "/formats", "pV", "[7 seven]");
	line_is(LIB "/formats", "px", "0000000000001234");
	line_is(LIB "/formats", "null_pointer", "0000000000000000");
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
		T_TEST(scans),
	};

	return t_run("lib", tests);
}
