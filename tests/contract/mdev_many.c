// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many mdevs at once: each is to be found, none is lost or left.
 */
#include "mdev_test.h"

#define MANY	300

static void path_of(char *path, size_t size, int i, const char *file)
{
	snprintf(path, size, PARENT0 "/83b8f4f2-509f-382f-3c1e-e6bfe0fa%04d%s", i, file);
}

static void create_many(void)
{
	char uuid[48];
	int i;

	for (i = 0; i < MANY; i++) {
		snprintf(uuid, sizeof(uuid), "83b8f4f2-509f-382f-3c1e-e6bfe0fa%04d", i);
		t_expect(t_put(TYPE_1(PARENT0) "/create", uuid), UUID_LEN);
	}
}

/* Those listed are every @step-th, in the order of their names. */
static void expect_every(int step)
{
	static char text[MANY * (UUID_LEN + 1) + 1];
	char *name, *rest = text;
	int i = 0;

	t_expect(t_list(BUS "/devices", text, sizeof(text)) >= 0, true);
	while ((name = strtok_r(rest, " ", &rest))) {
		t_expect(atoi(name + UUID_LEN - 4), i);
		i += step;
	}
	t_expect(i, MANY);
}

static void many_mdevs_are_all_listed(void **state)
{
	load_parent(NULL);
	create_many();
	expect_every(1);
}

static void each_of_many_mdevs_is_found(void **state)
{
	char path[128];
	int i;

	load_parent(NULL);
	create_many();
	for (i = 0; i < MANY; i++) {
		path_of(path, sizeof(path), i, "/remove");
		assert_true(t_exists(path));
	}
	path_of(path, sizeof(path), MANY, "");
	assert_false(t_exists(path));
}

static void removing_some_of_many_leaves_the_others(void **state)
{
	char path[128];
	int i;

	load_parent(NULL);
	create_many();
	for (i = MANY - 1; i >= 0; i--) {
		path_of(path, sizeof(path), i, "/remove");
		if (i % 20)
			t_expect(t_put(path, "1"), 1);
	}
	expect_every(20);
	t_expect(t_put(TYPE_1(PARENT0) "/create", "83b8f4f2-509f-382f-3c1e-e6bfe0fa0020"), -EEXIST);
	t_expect(t_put(TYPE_1(PARENT0) "/create", "83b8f4f2-509f-382f-3c1e-e6bfe0fa0021"),
		 UUID_LEN);
}

static void unregistering_the_parent_removes_many(void **state)
{
	load_parent(NULL);
	create_many();
	t_expect(t_put(VENDOR "/unregister", "0"), 1);
	expect_list(BUS "/devices", "");
}

/* The core's table has 2^14 chains; these share one, by the kernel's jhash() and by ours. */
static void mdevs_of_one_hash_chain_are_told_apart(void **state)
{
	static const char *const uuid[] = {
		"83b8f4f2-509f-382f-3c1e-e6bfe0015e26",
		"83b8f4f2-509f-382f-3c1e-e6bfe004847e",
		"83b8f4f2-509f-382f-3c1e-e6bfe0089163",
	};
	char path[128];
	int i;

	load_parent(NULL);
	for (i = 0; i < 3; i++)
		t_expect(t_put(TYPE_1(PARENT0) "/create", uuid[i]), UUID_LEN);
	for (i = 0; i < 3; i++)
		t_expect(t_put(TYPE_1(PARENT0) "/create", uuid[i]), -EEXIST);
	snprintf(path, sizeof(path), PARENT0 "/%s/remove", uuid[1]);
	t_expect(t_put(path, "1"), 1);
	t_expect(t_put(TYPE_1(PARENT0) "/create", uuid[0]), -EEXIST);
	t_expect(t_put(TYPE_1(PARENT0) "/create", uuid[2]), -EEXIST);
	t_expect(t_put(TYPE_1(PARENT0) "/create", uuid[1]), UUID_LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(many_mdevs_are_all_listed),
		T_TEST(each_of_many_mdevs_is_found),
		T_TEST(removing_some_of_many_leaves_the_others),
		T_TEST(unregistering_the_parent_removes_many),
		T_TEST(mdevs_of_one_hash_chain_are_told_apart),
	};

	return t_run("mdev_many", tests);
}
