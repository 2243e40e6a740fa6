// SPDX-License-Identifier: GPL-2.0-only
/*
 * Containers as a kernel has them: lists without locks, FIFOs of elements and of
 * records, the radix tree.
 */
#include "mdev_test.h"

#define CONTAINERS	DIR_TEST "/containers/"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("containers_test", NULL), 0);
}

static void has_lines(const char *file, const char *const *lines, size_t n)
{
	size_t i;

	load();
	for (i = 0; i < n; i++)
		if (!t_has_line(file, lines[i])) {
			char text[4096] = "";

			t_get(file, text, sizeof(text));
			fail_msg("no %sin:\n%s", lines[i], text);
		}
}

#define HAS_LINES(file, lines)	has_lines(file, lines, sizeof(lines) / sizeof((lines)[0]))

static void llist_is_taken_the_youngest_first(void **state)
{
	static const char *const lines[] = {
		"empty: 1 1\n", "add: 1 0\n", "batch: 0 0\n", "first: 3 then 4\n", "all: 421\n",
		"taken: 1\n", "turned: 124\n", "none: 0\n", "alone: 1 1\n",
	};

	HAS_LINES(CONTAINERS "llist", lines);
}

/* From 6.7 on. */
static void llist_nodes_know_whether_they_are_on_a_list(void **state)
{
	load();
	if (!t_has_line(CONTAINERS "llist", "on a list: 0 1 0\n")) {
		t_expect(t_has_line(CONTAINERS "llist", "this one: 0 1\n"), false);
		t_skip("nodes do not know it in this release");
	}
	t_expect(t_has_line(CONTAINERS "llist", "this one: 0 1\n"), true);
}

static void kfifo_of_elements(void **state)
{
	static const char *const lines[] = {
		"made: 4 4 0 1\n", "empty: 1 0\n", "put: 1 1\n", "in: 3 0\n", "full: 1 0 0\n",
		"peek: 1 5, 16 bytes\n", "get: 1 6\n", "in locked: 2\n", "out peek: 4 7867\n",
		"out locked: 3 786, 1 left\n", "reset: 0\n",
	};

	HAS_LINES(CONTAINERS "kfifo", lines);
}

static void kfifo_with_a_buffer_of_its_own(void **state)
{
	static const char *const lines[] = {
		"alloc: 0 8\n", "put u16: 1 2\n", "freed: 0\n", "alloc 1: -22\n",
		"alloc of one with a buffer: -22\n", "init: 0 16\n", "bytes: 16\n",
		"out: 4 some\n",
	};

	HAS_LINES(CONTAINERS "kfifo", lines);
}

static void kfifo_of_records(void **state)
{
	static const char *const lines[] = {
		"made: 1 15\n", "in: 5 2\n", "left: 9 bytes, room 6\n", "too long: 0\n", "next: 5\n",
		"peek: 5 hello\n", "out: 3 hel\n", "in again: 7\n", "wrapped: 7 wrapped, empty 1\n",
		"none: 0\n", "large: 300 300 302\n",
	};

	HAS_LINES(CONTAINERS "kfifo_records", lines);
}

static void kfifo_is_filled_by_a_user(void **state)
{
	struct t_user *user = t_user_alloc(16);
	char address[32];

	load();
	memcpy(t_user_ptr(user), "0123456789abcdef", 16);
	/* as the comparison of the targets knows an address */
	snprintf(address, sizeof(address), "0x%016lx", t_user_addr(user));
	t_expect(t_put(CONTAINERS "kfifo_user", address), strlen(address));
	t_expect_text(CONTAINERS "kfifo_user",
		      "bytes: 8 of 16 012345, 6 more, 8 back, empty 1\n"
		      "from nowhere: -14 0\n"
		      "record: 4, to nowhere -14, then 0 4\n");
	assert_memory_equal(t_user_ptr(user), "6789abcdcdef", 12);
	t_user_free(user);
}

static void radix_tree_keeps_items_by_index(void **state)
{
	static const char *const lines[] = {
		"empty: 1 1\n", "insert: 0 0 0\n", "again: -17\n", "lookup: b 1\n", "preloaded: 0\n",
		"walk: 3=a 5=d 70=b 1099511627776=c\n", "from 4: 5=d 70=b 1099511627776=c\n",
		"gang: 2 d b\n", "slot: 1 1\n", "replaced: b\n", "delete: 1 1\n",
		"delete item: 1 1\n", "deleted: 1 0\n",
	};

	HAS_LINES(CONTAINERS "radix_tree", lines);
}

static void radix_tree_tags_items(void **state)
{
	static const char *const lines[] = {
		"tag: 1 1 0\n", "tags: 1 0\n", "tagged: 70=b 1099511627776=c\n",
		"gang tagged: 1\n", "clear: 1 0\n",
	};

	HAS_LINES(CONTAINERS "radix_tree", lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(llist_is_taken_the_youngest_first),
		T_TEST(llist_nodes_know_whether_they_are_on_a_list),
		T_TEST(kfifo_of_elements),
		T_TEST(kfifo_with_a_buffer_of_its_own),
		T_TEST(kfifo_of_records),
		T_TEST(kfifo_is_filled_by_a_user),
		T_TEST(radix_tree_keeps_items_by_index),
		T_TEST(radix_tree_tags_items),
	};

	return t_run("containers", tests);
}
