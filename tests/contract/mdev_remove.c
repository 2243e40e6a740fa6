// SPDX-License-Identifier: GPL-2.0-only
/*
 * Removing an mdev: a number written to its remove file.
 */
#include "mdev_test.h"

static void load_with_a(void)
{
	load_parent(NULL);
	load_driver(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	clear_log();
}

/* ---- what is written ----------------------------------------------------- */

static void what_is_no_number_is_einval(void **state)
{
	static const char *const bad[] = {
		"x", "-1", "1x", "0x", " 1", "1 ", "--", "1\n\n", "\n", "0b1", "08",
		"99999999999999999999999999", "+", "0x10000000000000000",
	};
	unsigned int i;

	load_with_a();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		t_expect(t_put(MDEV_A "/remove", bad[i]), -EINVAL);
	expect_log("");
	assert_true(t_exists(MDEV_A "/remove"));
}

static void number_out_of_range_is_refused(void **state)
{
	load_with_a();
	t_expect(t_put(MDEV_A "/remove", "18446744073709551616") < 0, true);
	assert_true(t_exists(MDEV_A));
}

static void empty_write_removes_nothing(void **state)
{
	load_with_a();
	t_expect(t_put_bytes(MDEV_A "/remove", "", 0), 0);
	expect_log("");
	assert_true(t_exists(MDEV_A "/remove"));
}

static void write_of_a_page_and_more_is_einval(void **state)
{
	char more[5000];

	load_with_a();
	memset(more, '1', sizeof(more));
	t_expect(t_put_bytes(MDEV_A "/remove", more, 4096), -EINVAL);
	t_expect(t_put_bytes(MDEV_A "/remove", more, sizeof(more)), -EINVAL);
	expect_log("");
	assert_true(t_exists(MDEV_A "/remove"));
}

static void zero_does_nothing(void **state)
{
	load_with_a();
	t_expect(t_put(MDEV_A "/remove", "0"), 1);
	t_expect(t_put(MDEV_A "/remove", "0\n"), 2);
	t_expect(t_put(MDEV_A "/remove", "0x0"), 3);
	t_expect(t_put(MDEV_A "/remove", "000"), 3);
	expect_log("");
	assert_true(t_exists(MDEV_A "/remove"));
}

static void any_other_number_removes(void **state)
{
	static const char *const good[] = {
		"1", "1\n", "0x1f", "017", "+1", "18446744073709551615", "2",
	};
	unsigned int i;

	load_parent(NULL);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		create(TYPE_1(PARENT0), UUID_A);
		t_expect(t_put(MDEV_A "/remove", good[i]), strlen(good[i]));
		assert_false(t_exists(MDEV_A));
	}
}

static void remove_is_write_only(void **state)
{
	struct t_stat st;

	load_with_a();
	t_expect(t_stat(MDEV_A "/remove", &st), 0);
	t_expect(st.mode & 07777, 0200);
	t_expect(t_open(MDEV_A "/remove", O_RDONLY), -EACCES);
}

/* ---- what happens -------------------------------------------------------- */

static void driver_is_unbound_before_the_vendors_remove(void **state)
{
	load_with_a();
	discard(MDEV_A);
	expect_log("unbind " UUID_A "\nremove " UUID_A "\n");
}

static void everything_goes(void **state)
{
	load_with_a();
	discard(MDEV_A);
	assert_false(t_exists(MDEV_A));
	expect_list(TYPE_1(PARENT0) "/devices", "");
	expect_list(BUS "/devices", "");
	assert_false(t_exists(DRIVER "/" UUID_A));
}

static void removal_is_announced(void **state)
{
	struct t_uevent ev;

	load_with_a();
	t_uevent_flush();
	discard(MDEV_A);
	assert_true(t_uevent_find("unbind", "/" UUID_A, &ev));
	assert_true(t_uevent_find("remove", "/" UUID_A, &ev));
	if (t_framework_has("class_ids"))
		assert_string_equal(t_uevent_get(&ev, "MODALIAS"), "mdev:c23");
}

static void device_is_gone_when_the_vendors_remove_runs(void **state)
{
	struct t_task *remover;

	load_with_a();
	hold("remove");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "remove");
	assert_false(t_exists(MDEV_A));
	expect_list(TYPE_1(PARENT0) "/devices", "");
	release("remove");
	t_expect(t_task_join(remover), 1);
}

static void remove_file_and_links_go_before_the_driver(void **state)
{
	struct t_task *remover;

	load_with_a();
	hold("unbind");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "unbind");
	assert_false(t_exists(MDEV_A "/remove"));
	assert_false(t_exists(MDEV_A "/mdev_type"));
	expect_list(TYPE_1(PARENT0) "/devices", "");
	t_expect(t_put(MDEV_A "/remove", "1"), -ENOENT);
	release("unbind");
	t_expect(t_task_join(remover), 1);
}

static void error_of_the_vendors_remove_is_logged_and_ignored(void **state)
{
	char line[256];

	load_with_a();
	answer("remove -16");
	discard(MDEV_A);
	assert_true(t_kmsg_find("Remove failed: err=-16", line, sizeof(line)));
	assert_non_null(strstr(line, UUID_A));
	expect_list(BUS "/devices", "");
	answer("remove 0");
	create(TYPE_1(PARENT0), UUID_A);
}

static void later_writer_gets_enodev(void **state)
{
	struct t_task *remover;
	int fd;

	load_with_a();
	fd = t_open(MDEV_A "/remove", O_WRONLY);
	t_expect(fd >= 0, true);
	hold("remove");
	remover = t_put_start(MDEV_A "/remove", "1");
	expect_held(remover, "remove");
	t_expect(t_write(fd, "1", 1), -ENODEV);
	release("remove");
	t_expect(t_task_join(remover), 1);
	t_expect(t_write(fd, "1", 1), -ENODEV);
	t_close(fd);
}

/* ---- two at once --------------------------------------------------------- */

static long write_one(void *arg)
{
	return t_write(*(int *)arg, "1", 1);
}

/*
 * Both have the file open before either writes. Whoever comes to the store
 * while the other is still inside succeeds too; who comes later gets -ENODEV.
 */
static void remove_twice_at_once_both_succeed(void **state)
{
	struct t_task *first, *second;
	int a, b, i;
	long x, y;

	load_parent(NULL);
	for (i = 0; i < 50; i++) {
		create(TYPE_1(PARENT0), UUID_A);
		clear_log();
		a = t_open(MDEV_A "/remove", O_WRONLY);
		b = t_open(MDEV_A "/remove", O_WRONLY);
		first = t_race_start("first", write_one, &a);
		second = t_race_start("second", write_one, &b);
		x = t_task_join(first);
		y = t_task_join(second);
		t_expect(x == 1 || y == 1, true);
		t_expect(x == 1 || x == -ENODEV, true);
		t_expect(y == 1 || y == -ENODEV, true);
		expect_log("remove " UUID_A "\n");
		t_close(a);
		t_close(b);
	}
}

static void different_mdevs_are_removed_at_the_same_time(void **state)
{
	struct t_task *first, *second;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT0), UUID_B);
	hold("remove");
	first = t_put_start(MDEV_A "/remove", "1");
	expect_held(first, "remove");
	second = t_put_start(MDEV_B "/remove", "1");
	assert_true(t_task_wait_blocked(second));
	t_expect_text(CONTROL "/held", "remove 2\n");
	release("remove");
	t_expect(t_task_join(first), 1);
	t_expect(t_task_join(second), 1);
}

/* ---- against unregistration ---------------------------------------------- */

static void remove_during_unregistration_is_enodev(void **state)
{
	struct t_task *unregister;
	int a, b;
	long x, y;

	load_parent(NULL);
	create(TYPE_1(PARENT0), UUID_A);
	create(TYPE_1(PARENT0), UUID_B);
	a = t_open(MDEV_A "/remove", O_WRONLY);
	b = t_open(MDEV_B "/remove", O_WRONLY);
	hold("remove");
	unregister = t_put_start(VENDOR "/unregister", "0");
	expect_held(unregister, "remove");
	/* one of them is being removed, the other's turn has not come */
	x = t_write(a, "1", 1);
	y = t_write(b, "1", 1);
	t_expect(x, -ENODEV);
	t_expect(y, -ENODEV);
	release("remove");
	t_expect(t_task_join(unregister), 1);
	t_close(a);
	t_close(b);
	expect_list(BUS "/devices", "");
}

/* ---- before the creation has ended --------------------------------------- */

static void remove_during_probe_is_eagain_and_the_file_stays(void **state)
{
	struct t_task *creator;
	struct t_uevent ev;

	load_parent(NULL);
	load_driver(NULL);
	t_uevent_flush();
	hold(probe_point());
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, probe_point());
	assert_true(t_uevent_find("add", "/" UUID_A, &ev));
	t_expect(t_put(MDEV_A "/remove", "1"), -EAGAIN);
	t_expect(t_put(MDEV_A "/remove", "0"), 1);
	assert_true(t_exists(MDEV_A "/remove"));
	release(probe_point());
	t_expect(t_task_join(creator), UUID_LEN);
	discard(MDEV_A);
	expect_points(UUID_A, "create probe unbind remove");
}

static void unregistration_during_probe_waits_and_removes(void **state)
{
	struct t_task *creator, *unregister;

	load_parent(NULL);
	load_driver(NULL);
	hold(probe_point());
	creator = t_put_start(TYPE_1(PARENT0) "/create", UUID_A);
	expect_held(creator, probe_point());
	unregister = t_put_start(VENDOR "/unregister", "0");
	assert_true(t_task_wait_blocked(unregister));
	release(probe_point());
	t_expect(t_task_join(creator), UUID_LEN);
	t_expect(t_task_join(unregister), 1);
	expect_points(UUID_A, "create probe unbind remove");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(what_is_no_number_is_einval),
		T_TEST(number_out_of_range_is_refused),
		T_TEST(empty_write_removes_nothing),
		T_TEST(write_of_a_page_and_more_is_einval),
		T_TEST(zero_does_nothing),
		T_TEST(any_other_number_removes),
		T_TEST(remove_is_write_only),
		T_NEEDS("mdev_drivers", driver_is_unbound_before_the_vendors_remove),
		T_TEST(everything_goes),
		T_TEST(removal_is_announced),
		T_NEEDS("parent_ops", device_is_gone_when_the_vendors_remove_runs),
		T_NEEDS("mdev_drivers", remove_file_and_links_go_before_the_driver),
		T_NEEDS("parent_ops", error_of_the_vendors_remove_is_logged_and_ignored),
		T_TEST(later_writer_gets_enodev),
		T_TEST(remove_twice_at_once_both_succeed),
		T_TEST(different_mdevs_are_removed_at_the_same_time),
		T_TEST(remove_during_unregistration_is_enodev),
		T_BETTER(remove_during_probe_is_eagain_and_the_file_stays),
		T_TEST(unregistration_during_probe_waits_and_removes),
	};

	return t_run("mdev_remove", tests);
}
