// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creation, removal and unregistration against each other, freely running.
 *
 * What can be forced with a held callback is tested beside the behaviour it
 * belongs to; here tasks run into each other as they like, and whatever
 * happens has to be one of the results that the contract allows.
 */
#include "mdev_test.h"

#define ROUNDS	30

/* The n-th UUID of a family that no other test uses. */
static void uuid_of(char *buf, unsigned int n)
{
	snprintf(buf, UUID_LEN + 1, "00000000-0000-4000-8000-%012x", n);
}

static long create_uuid(const char *uuid)
{
	return t_put(TYPE_1(PARENT0) "/create", uuid);
}

static long remove_uuid(const char *uuid)
{
	char path[128];

	snprintf(path, sizeof(path), BUS "/devices/%s/remove", uuid);
	return t_put(path, "1");
}

static bool allowed(long ret, const long *list)
{
	for (; *list; list++)
		if (ret == *list)
			return true;
	print_error("%ld is not among the results allowed here\n", ret);
	return false;
}

/* ---- everybody for himself ----------------------------------------------- */

static long churn(void *arg)
{
	unsigned int base = *(unsigned int *)arg, i;
	char uuid[UUID_LEN + 1];

	for (i = 0; i < ROUNDS; i++) {
		uuid_of(uuid, base + i);
		t_expect(create_uuid(uuid), UUID_LEN);
		t_expect(remove_uuid(uuid), 1);
	}
	return 0;
}

static void tasks_create_and_remove_their_own(void **state)
{
	static unsigned int base[] = { 1000, 2000, 3000, 4000 };
	struct t_task *task[4];
	int i;

	load_parent(NULL);
	load_driver(NULL);
	for (i = 0; i < 4; i++)
		task[i] = t_race_start("churn", churn, &base[i]);
	for (i = 0; i < 4; i++)
		t_expect(t_task_join(task[i]), 0);
	expect_list(BUS "/devices", "");
	expect_list(TYPE_1(PARENT0) "/devices", "");
}

/* ---- all for the same UUID ----------------------------------------------- */

static long claim(void *arg)
{
	return create_uuid(arg);
}

static void one_of_several_creators_gets_the_uuid(void **state)
{
	struct t_task *task[4];
	int i, round, got;

	load_parent(NULL);
	for (round = 0; round < ROUNDS; round++) {
		for (got = 0, i = 0; i < 4; i++)
			task[i] = t_race_start("claim", claim, UUID_A);
		for (i = 0; i < 4; i++) {
			long ret = t_task_join(task[i]);

			if (ret == UUID_LEN)
				got++;
			else
				t_expect(ret, -EEXIST);
		}
		t_expect(got, 1);
		discard(MDEV_A);
	}
}

static long create_often(void *arg)
{
	static const long results[] = { UUID_LEN, -EEXIST, -ENODEV, -ENOENT, 0 };
	int i;

	for (i = 0; i < ROUNDS; i++)
		t_expect(allowed(create_uuid(arg), results), true);
	return 0;
}

static long remove_often(void *arg)
{
	static const long results[] = { 1, -EAGAIN, -ENODEV, -ENOENT, 0 };
	int i;

	for (i = 0; i < ROUNDS; i++)
		t_expect(allowed(remove_uuid(arg), results), true);
	return 0;
}

static void removing_right_after_it_became_active(void **state)
{
	struct t_task *creator, *a, *b;

	load_parent(NULL);
	load_driver(NULL);
	creator = t_race_start("creator", create_often, UUID_A);
	a = t_race_start("remover", remove_often, UUID_A);
	b = t_race_start("remover too", remove_often, UUID_A);
	t_expect(t_task_join(creator), 0);
	t_expect(t_task_join(a), 0);
	t_expect(t_task_join(b), 0);
}

/* ---- against unregistration ---------------------------------------------- */

static long create_many(void *arg)
{
	static const long results[] = { UUID_LEN, -ENODEV, -ENOENT, 0 };
	unsigned int base = *(unsigned int *)arg, i;
	char uuid[UUID_LEN + 1];

	for (i = 0; i < ROUNDS; i++) {
		uuid_of(uuid, base + i);
		t_expect(allowed(create_uuid(uuid), results), true);
	}
	return 0;
}

static void creating_while_the_parent_unregisters_orphans_nothing(void **state)
{
	static unsigned int base[] = { 1000, 2000 };
	struct t_task *a, *b;
	int round;

	load_parent(NULL);
	load_driver(NULL);
	for (round = 0; round < 5; round++) {
		a = t_race_start("creator", create_many, &base[0]);
		b = t_race_start("creator too", create_many, &base[1]);
		vendor("unregister", "0", 0);
		t_expect(t_task_join(a), 0);
		t_expect(t_task_join(b), 0);
		expect_list(BUS "/devices", "");
		vendor("register", "0", 0);
	}
}

static void removing_while_the_parent_unregisters_removes_once(void **state)
{
	char uuid[UUID_LEN + 1], log[8192];
	struct t_task *task;
	int round, i;

	load_parent(NULL);
	for (round = 0; round < 10; round++) {
		create(TYPE_1(PARENT0), UUID_A);
		for (i = 0; i < 3; i++) {
			uuid_of(uuid, i);
			t_expect(create_uuid(uuid), UUID_LEN);
		}
		clear_log();
		task = t_race_start("remover", remove_often, UUID_A);
		vendor("unregister", "0", 0);
		t_expect(t_task_join(task), 0);
		t_expect(t_get(CONTROL "/log", log, sizeof(log)) > 0, true);
		assert_non_null(strstr(log, "remove " UUID_A));
		assert_null(strstr(strstr(log, UUID_A) + 1, UUID_A));
		expect_list(BUS "/devices", "");
		vendor("register", "0", 0);
	}
}

static long register_often(void *arg)
{
	static const long results[] = { 1, -EEXIST, 0 };
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++)
		t_expect(allowed(t_put(VENDOR "/register", "0"), results), true);
	return 0;
}

static long unregister_often(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++)
		t_expect(t_put(VENDOR "/unregister", "0"), 1);
	return 0;
}

static void registering_against_unregistering(void **state)
{
	static unsigned int base[] = { 1000 };
	struct t_task *a, *b, *c;

	load_parent(NULL);
	a = t_race_start("register", register_often, NULL);
	b = t_race_start("unregister", unregister_often, NULL);
	c = t_race_start("creator", create_many, &base[0]);
	t_expect(t_task_join(a), 0);
	t_expect(t_task_join(b), 0);
	t_expect(t_task_join(c), 0);
	t_put(VENDOR "/register", "0");
	create(TYPE_1(PARENT0), UUID_A);
}

static void two_unregister_at_once(void **state)
{
	struct t_task *first;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	hold("remove");
	first = t_put_start(VENDOR "/unregister", "0");
	expect_held(first, "remove");
	/* another task is at it: nothing is left for this one to do */
	vendor("unregister", "0", 0);
	release("remove");
	t_expect(t_task_join(first), 1);
	expect_log("create " UUID_A "\nremove " UUID_A "\n");
}

/* ---- against the driver -------------------------------------------------- */

static long rebind_often(void *arg)
{
	/* -EAGAIN: bound by hand before the device is ready to be probed */
	static const long results[] = { UUID_LEN, -ENODEV, -EBUSY, -EAGAIN, -ENOENT, 0 };
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		t_expect(allowed(t_put(DRIVER "/unbind", UUID_A), results), true);
		t_expect(allowed(t_put(DRIVER "/bind", UUID_A), results), true);
	}
	return 0;
}

static void rebinding_while_others_create_and_remove(void **state)
{
	struct t_task *a, *b, *c;

	load_parent(NULL);
	load_driver(NULL);
	a = t_race_start("creator", create_often, UUID_A);
	b = t_race_start("remover", remove_often, UUID_A);
	c = t_race_start("rebind", rebind_often, NULL);
	t_expect(t_task_join(a), 0);
	t_expect(t_task_join(b), 0);
	t_expect(t_task_join(c), 0);
}

static long read_often(void *arg)
{
	char buf[4096];
	int i;

	(void)arg;
	for (i = 0; i < ROUNDS; i++) {
		t_get(MDEV_A "/vendor/type", buf, sizeof(buf));
		t_get(MDEV_A "/vendor/parent", buf, sizeof(buf));
		t_get(TYPE_1(PARENT0) "/self", buf, sizeof(buf));
		t_list(TYPE_1(PARENT0) "/devices", buf, sizeof(buf));
		t_list(BUS "/devices", buf, sizeof(buf));
	}
	return 0;
}

static void reading_while_others_create_and_remove(void **state)
{
	struct t_task *a, *b, *c;

	load_parent(NULL);
	a = t_race_start("creator", create_often, UUID_A);
	b = t_race_start("remover", remove_often, UUID_A);
	c = t_race_start("reader", read_often, NULL);
	vendor("unregister", "0", 0);
	vendor("register", "0", 0);
	t_expect(t_task_join(a), 0);
	t_expect(t_task_join(b), 0);
	t_expect(t_task_join(c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(tasks_create_and_remove_their_own),
		T_TEST(one_of_several_creators_gets_the_uuid),
		T_TEST(removing_right_after_it_became_active),
		T_TEST(creating_while_the_parent_unregisters_orphans_nothing),
		T_TEST(removing_while_the_parent_unregisters_removes_once),
		T_NEEDS("parent_ops", registering_against_unregistering),
		T_NEEDS("parent_ops", two_unregister_at_once),
		T_NEEDS("mdev_drivers", rebinding_while_others_create_and_remove),
		T_TEST(reading_while_others_create_and_remove),
	};

	return t_run("mdev_races", tests);
}
