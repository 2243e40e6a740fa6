// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resizable hash table: what is in it, and how it follows that in size.
 */
#include "mdev_test.h"

#define TABLE	DIR_TEST "/table"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("rhashtable_test", NULL), 0);
}

static void run(const char *command, long want)
{
	t_expect(t_put(TABLE "/do", command), want < 0 ? want : (long)strlen(command));
}

static void finds(const char *range, const char *value)
{
	char command[64], text[64];

	snprintf(command, sizeof(command), "find %s", range);
	run(command, 0);
	snprintf(text, sizeof(text), "%s\n", value);
	t_expect_text(TABLE "/result", text);
}

static unsigned int buckets(void)
{
	char text[32];

	t_expect(t_get(TABLE "/buckets", text, sizeof(text)) > 0, true);
	return atol(text);
}

static void what_was_inserted_is_found(void **state)
{
	load();
	finds("5 6", "none");
	run("insert 5 6", 0);
	finds("5 6", "50");
	finds("6 7", "none");
	t_expect_text(TABLE "/objects", "1 1 5\n");
}

static void key_that_is_there_is_eexist(void **state)
{
	load();
	run("insert 5 6", 0);
	run("insert 5 6", -EEXIST);
	run("find_or_insert 5 99", 0);
	t_expect_text(TABLE "/result", "50\n");
	run("find_or_insert 6 99", 0);
	t_expect_text(TABLE "/result", "none\n");
	finds("6 7", "99");
	t_expect_text(TABLE "/objects", "2 2 11\n");
}

static void key_can_be_there_twice_for_who_does_not_look(void **state)
{
	load();
	run("insert 5 6", 0);
	run("insert_blindly 5 99", 0);
	t_expect_text(TABLE "/objects", "2 2 10\n");
	finds("5 6", "99");
}

static void what_was_removed_is_gone(void **state)
{
	load();
	run("insert 1 4", 0);
	run("remove 2 3", 0);
	finds("2 3", "none");
	run("remove 2 3", -ENOENT);
	run("remove_stranger 1", -ENOENT);
	t_expect_text(TABLE "/objects", "2 2 4\n");
	run("insert 2 3", 0);
	finds("1 4", "30");
}

static void object_takes_the_place_of_another(void **state)
{
	load();
	run("insert 1 4", 0);
	run("replace 2 77", 0);
	finds("2 3", "77");
	t_expect_text(TABLE "/objects", "3 3 6\n");
	run("replace 9 77", -ENOENT);
}

static void table_grows_and_shrinks(void **state)
{
	load();
	t_expect(buckets(), 64);
	run("insert 0 2000", 0);
	t_expect(buckets() >= 2000, true);
	finds("0 2000", "19990");
	t_expect_text(TABLE "/objects", "2000 2000 1999000\n");
	run("remove 0 1990", 0);
	/* whose reader waits for the worker, as a walk over the objects must */
	t_expect(t_has_line(TABLE "/buckets", "4096\n"), false);
	finds("1990 2000", "19990");
	t_expect_text(TABLE "/objects", "10 10 19945\n");
	/* with ten it may have 32, by when that came to it; fewer are too few for those */
	run("remove 1990 1993", 0);
	t_expect(buckets(), 16);
}

static void nothing_is_missed_while_the_table_is_resized(void **state)
{
	struct t_task *task;
	int i, round;

	load();
	run("insert 0 10", 0);
	for (round = 0; round < 8; round++) {
		task = t_put_start(TABLE "/do", round % 2 ? "remove 10 3000" : "insert 10 3000");
		for (i = 0; i < 100; i++)
			finds("0 10", "90");
		t_expect(t_task_join(task), strlen("insert 10 3000"));
	}
}

static void limit_is_e2big(void **state)
{
	load();
	run("insert_limited 0 32", 0);
	run("insert_limited 32 33", -E2BIG);
	run("insert_limited 0 1", -EEXIST);
}

static void hint_is_the_first_size(void **state)
{
	load();
	run("init hinted", 0);
	t_expect_text(TABLE "/result", "512\n");
}

static void table_without_key_is_einval(void **state)
{
	load();
	run("init keyless", -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(what_was_inserted_is_found),
		T_TEST(key_that_is_there_is_eexist),
		T_TEST(key_can_be_there_twice_for_who_does_not_look),
		T_TEST(what_was_removed_is_gone),
		T_TEST(object_takes_the_place_of_another),
		T_TEST(table_grows_and_shrinks),
		T_TEST(nothing_is_missed_while_the_table_is_resized),
		T_TEST(limit_is_e2big),
		T_TEST(hint_is_the_first_size),
		T_TEST(table_without_key_is_einval),
	};

	return t_run("rhashtable", tests);
}
