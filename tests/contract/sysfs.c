// SPDX-License-Identifier: GPL-2.0-only
/*
 * sysfs as a process sees it: files, groups, links, and what happens to those
 * who use a file while it is being removed.
 */
#include "thing.h"

#define PAGE	4096

/* ---- reading and writing ------------------------------------------------- */

static void store_is_given_what_was_written(void **state)
{
	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	t_expect_text(THING "/value", "hello");
	t_expect_text(THING "/length", "5\n");
	/* a shorter text ends in a NUL of its own */
	t_expect(t_put(THING "/value", "ab"), 2);
	t_expect_text(THING "/value", "ab");
}

static void empty_write_does_not_reach_the_store(void **state)
{
	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	t_expect(t_put_bytes(THING "/value", "", 0), 0);
	t_expect_text(THING "/length", "5\n");
}

static void store_is_given_a_page_at_most(void **state)
{
	char text[PAGE + 100];

	load_thing();
	memset(text, 'x', sizeof(text));
	t_expect(t_put_bytes(THING "/value", text, PAGE - 1), PAGE - 1);
	t_expect_text(THING "/length", "4095\n");
	t_expect(t_put_bytes(THING "/value", text, PAGE), PAGE);
	t_expect_text(THING "/length", "4096\n");
	t_expect(t_put_bytes(THING "/value", text, sizeof(text)), PAGE);
	t_expect_text(THING "/length", "4096\n");
}

static void store_that_takes_less_makes_a_short_write(void **state)
{
	int fd;

	load_thing();
	fd = open_it(THING "/sip", O_WRONLY);
	t_expect(t_write(fd, "abcdefgh", 8), 3);
	t_expect(t_write(fd, "defgh", 5), 3);
	t_expect(t_write(fd, "gh", 2), 2);
	t_close(fd);
}

static void offset_of_a_write_does_not_matter(void **state)
{
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_WRONLY);
	t_expect(t_pwrite(fd, "hello", 5, 3), 5);
	t_expect_text(THING "/value", "hello");
	t_close(fd);
}

static void reading_goes_on_where_it_stopped(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_read(fd, buf, 2), 2);
	assert_memory_equal(buf, "he", 2);
	t_expect(t_read(fd, buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "llo", 3);
	t_expect(t_read(fd, buf, sizeof(buf)), 0);
	t_close(fd);
}

static void rest_of_a_read_is_of_the_same_show(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_read(fd, buf, 2), 2);
	t_expect(t_put(THING "/value", "WORLD"), 5);
	t_expect(t_read(fd, buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "llo", 3);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	t_expect(t_read(fd, buf, sizeof(buf)), 5);
	assert_memory_equal(buf, "WORLD", 5);
	t_close(fd);
}

static void reading_at_an_offset(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_pread(fd, buf, sizeof(buf), 3), 2);
	assert_memory_equal(buf, "lo", 2);
	t_expect(t_pread(fd, buf, sizeof(buf), 5), 0);
	t_expect(t_pread(fd, buf, sizeof(buf), 100000), 0);
	t_expect(t_pread(fd, buf, 0, 0), 0);
	t_expect(t_pread(fd, buf, 1, -1), -EINVAL);
	/* pread() leaves the position alone */
	t_expect(t_read(fd, buf, 1), 1);
	assert_memory_equal(buf, "h", 1);
	t_close(fd);
}

static void show_of_a_page_less_one_is_whole(void **state)
{
	char buf[2 * PAGE];

	load_thing();
	t_expect(t_get(THING "/limit", buf, sizeof(buf)), PAGE - 1);
	assert_memory_equal(buf, "0123456789", 10);
	t_expect(buf[PAGE - 2], '4');
}

/* Nothing is kept from one read to the next: each is a show of its own. */
static void preallocated_file_is_shown_for_each_piece(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	run("prealloc", 0);
	t_expect(t_put(THING "/prealloc", "abcdef"), 6);
	fd = open_it(THING "/prealloc", O_RDONLY);
	t_expect(t_read(fd, buf, 2), 2);
	assert_memory_equal(buf, "ab", 2);
	t_expect(t_put(THING "/value", "uvwxyz"), 6);
	t_expect(t_read(fd, buf, sizeof(buf)), 4);
	assert_memory_equal(buf, "wxyz", 4);
	t_expect(t_read(fd, buf, sizeof(buf)), 0);
	t_close(fd);
	run("unprealloc", 0);
}

static void longer_show_is_cut_with_a_message(void **state)
{
	char buf[2 * PAGE];

	load_thing();
	t_expect(t_put(THING "/page", "4096"), 4);
	t_expect(t_get(THING "/page", buf, sizeof(buf)), PAGE - 1);
	assert_true(t_kmsg_has("returned bad count"));
	t_kmsg_flush();
	t_expect(t_put(THING "/page", "100000"), 6);
	t_expect(t_get(THING "/page", buf, sizeof(buf)), PAGE - 1);
	assert_true(t_kmsg_has("returned bad count"));
	t_kmsg_flush();
	t_expect(t_put(THING "/page", "4095"), 4);
	t_expect(t_get(THING "/page", buf, sizeof(buf)), PAGE - 1);
	assert_false(t_kmsg_has("returned bad count"));
}

static void error_of_a_show_is_the_reads(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	t_expect(t_put(THING "/page", "-75"), 3);
	t_expect(t_get(THING "/page", buf, sizeof(buf)), -EOVERFLOW);
	fd = open_it(THING "/page", O_RDONLY);
	t_expect(t_pread(fd, buf, sizeof(buf), 5), -EOVERFLOW);
	t_close(fd);
	t_expect(t_put(THING "/page", "0"), 1);
	t_expect(t_get(THING "/page", buf, sizeof(buf)), 0);
}

static void attribute_without_callbacks_is_eio(void **state)
{
	char buf[16];

	load_thing();
	t_expect(t_get(THING "/mute", buf, sizeof(buf)), -EIO);
	t_expect(t_put(THING "/mute", "x"), -EIO);
}

static void bad_pointer_is_efault(void **state)
{
	int fd;

	load_thing();
	t_expect(t_put(THING "/value", "hello"), 5);
	fd = open_it(THING "/value", O_RDWR);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 5), -EFAULT);
	t_expect(t_write_raw(fd, T_BAD_ADDR, 5), -EFAULT);
	t_expect_text(THING "/value", "hello");
	t_close(fd);
}

/* ---- modes, sizes, paths ------------------------------------------------- */

static void modes_are_the_attributes(void **state)
{
	struct t_stat st;

	load_thing();
	t_expect(t_stat(THING "/value", &st), 0);
	t_expect(st.mode, 0100644);
	t_expect(st.size, PAGE);
	t_expect(t_stat(THING "/length", &st), 0);
	t_expect(st.mode, 0100444);
	t_expect(t_stat(THING "/do", &st), 0);
	t_expect(st.mode, 0100200);
	t_expect(t_stat(THING, &st), 0);
	t_expect(st.mode, 0040755);
	t_expect(t_lstat(THING "/subsystem", &st), 0);
	t_expect(st.mode, 0120777);
	t_expect(t_stat(THING "/subsystem", &st), 0);
	t_expect(st.mode, 0040755);
}

static void mode_binds_the_superuser_too(void **state)
{
	load_thing();
	t_expect(t_open(THING "/length", O_WRONLY), -EACCES);
	t_expect(t_open(THING "/length", O_RDWR), -EACCES);
	t_expect(t_open(THING "/do", O_RDONLY), -EACCES);
}

static void changed_mode_counts_for_later_opens(void **state)
{
	struct t_stat st;
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_WRONLY);
	run("chmod", 0);
	t_expect(t_stat(THING "/value", &st), 0);
	t_expect(st.mode, 0100444);
	t_expect(t_open(THING "/value", O_WRONLY), -EACCES);
	t_expect(t_write(fd, "x", 1), 1);
	t_close(fd);
	run("chmod_absent", -ENOENT);
}

static void wrong_paths(void **state)
{
	char buf[16], path[600];

	load_thing();
	t_expect(t_open(THING "/nothing", O_RDONLY), -ENOENT);
	t_expect(t_open(THING "/value/x", O_RDONLY), -ENOTDIR);
	t_expect(t_open(THING "/nothing/x", O_RDONLY), -ENOENT);
	t_expect(t_open("", O_RDONLY), -ENOENT);
	snprintf(path, sizeof(path), THING "/%0300d", 0);
	/* sysfs sets no limit to a name, it just does not find it */
	t_expect(t_open(path, O_RDONLY), -ENOENT);
	snprintf(path, sizeof(path), "/dev/%0300d", 0);
	t_expect(t_open(path, O_RDONLY), -ENAMETOOLONG);
	t_expect(t_open(THING, O_WRONLY), -EISDIR);
	t_expect(t_open(THING "/value", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	t_expect(t_open(THING "/subsystem", O_RDONLY | O_NOFOLLOW), -ELOOP);
	t_expect(t_readlink(THING "/value", buf, sizeof(buf)), -EINVAL);
	t_expect(t_readlink(THING "/nothing", buf, sizeof(buf)), -ENOENT);
	t_expect(t_list(THING "/value", buf, sizeof(buf)), -ENOTDIR);
	t_expect(t_list(THING "/nothing", buf, sizeof(buf)), -ENOENT);
}

static void wrong_descriptors(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	t_expect(t_read(12345, buf, 1), -EBADF);
	t_expect(t_close(12345), -EBADF);
	t_expect(t_read(-1, buf, 1), -EBADF);
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_write(fd, "x", 1), -EBADF);
	t_close(fd);
	fd = open_it(THING "/value", O_WRONLY);
	t_expect(t_read(fd, buf, 1), -EBADF);
	t_close(fd);
	t_expect(t_read(fd, buf, 1), -EBADF);
	fd = open_it(THING, O_RDONLY);
	t_expect(t_read(fd, buf, 1), -EISDIR);
	t_close(fd);
}

static void ioctl_on_a_file_is_enotty(void **state)
{
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_ioctl_raw(fd, 0x1234, 0), -ENOTTY);
	t_close(fd);
}

static void seeking(void **state)
{
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_RDONLY);
	t_expect(t_lseek(fd, 7, SEEK_SET), 7);
	t_expect(t_lseek(fd, 3, SEEK_CUR), 10);
	t_expect(t_lseek(fd, -11, SEEK_CUR), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_END), PAGE);
	t_expect(t_lseek(fd, 0, 99), -EINVAL);
	t_close(fd);
	/* a directory has no size */
	fd = open_it(THING, O_RDONLY);
	t_expect(t_lseek(fd, 0, SEEK_DATA), -ENXIO);
	t_expect(t_lseek(fd, -1, SEEK_HOLE), -ENXIO);
	t_close(fd);
}

/* ---- removal and those who are inside ------------------------------------ */

static void open_handle_of_a_removed_file_is_enodev(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_RDWR);
	run("unvalue", 0);
	t_expect(t_read(fd, buf, sizeof(buf)), -ENODEV);
	t_expect(t_write(fd, "x", 1), -ENODEV);
	/* a new file of the name is another file */
	run("value", 0);
	t_expect(t_write(fd, "x", 1), -ENODEV);
	t_expect(t_put(THING "/value", "y"), 1);
	t_expect(t_close(fd), 0);
}

static void open_handle_outlives_module_and_object(void **state)
{
	char buf[16];
	int fd;

	load_thing();
	fd = open_it(THING "/value", O_RDWR);
	t_expect(t_rmmod("sysfs_test"), 0);
	t_expect(t_read(fd, buf, sizeof(buf)), -ENODEV);
	t_expect(t_close(fd), 0);
}

static void removing_waits_for_a_running_show(void **state)
{
	struct t_task *reader, *remover;
	char buf[16], list[1024];

	load_thing();
	hold("show");
	reader = t_get_start(THING "/value");
	expect_held(reader, "show");
	remover = t_put_start(THING "/do", "unvalue");
	assert_true(t_task_wait_blocked(remover));
	/* no new user is let in meanwhile */
	t_expect(t_get(THING "/value", buf, sizeof(buf)) < 0, true);
	t_expect(t_list(THING, list, sizeof(list)) > 0, true);
	assert_null(strstr(list, "value"));
	release("show");
	t_expect(t_task_join(reader), 0);
	t_expect(t_task_join(remover), 7);
	assert_false(t_exists(THING "/value"));
}

static void removing_waits_for_a_running_store(void **state)
{
	struct t_task *writer, *remover;

	load_thing();
	hold("store");
	writer = t_put_start(THING "/value", "slow");
	expect_held(writer, "store");
	remover = t_put_start(THING "/do", "unvalue");
	assert_true(t_task_wait_blocked(remover));
	release("store");
	t_expect(t_task_join(writer), 4);
	t_expect(t_task_join(remover), 7);
}

static void unloading_waits_for_a_running_store(void **state)
{
	struct t_task *writer, *unloader;

	load_thing();
	hold("store");
	writer = t_put_start(THING "/value", "slow");
	expect_held(writer, "store");
	unloader = t_rmmod_start("sysfs_test");
	assert_true(t_task_wait_blocked(unloader));
	release("store");
	t_expect(t_task_join(writer), 4);
	t_expect(t_task_join(unloader), 0);
}

static void file_can_remove_itself(void **state)
{
	load_thing();
	run("file", 0);
	t_expect(t_put(THING "/suicide", "1"), 1);
	assert_false(t_exists(THING "/suicide"));
	expect_log("won thing\n");
	run("file", 0);
	assert_true(t_exists(THING "/suicide"));
	run("unfile", 0);
}

static void file_that_gives_its_protection_up_can_be_removed_by_itself(void **state)
{
	load_thing();
	run("unprotected", 0);
	t_expect(t_put(THING "/unprotected", "1"), 1);
	assert_false(t_exists(THING "/unprotected"));
	/* and made again */
	run("unprotected", 0);
	t_expect(t_put(THING "/unprotected", "1"), 1);
}

static void file_of_a_taken_name_is_eexist_with_a_message(void **state)
{
	load_thing();
	run("value", -EEXIST);
	assert_true(t_kmsg_has("cannot create duplicate filename "
			       "'/devices/virtual/mdev_test/thing/value'"));
	t_expect(t_put(THING "/value", "x"), 1);
	/* what is not there is removed in silence */
	t_kmsg_flush();
	run("unvalue", 0);
	run("unvalue", 0);
	run("value", 0);
}

static void protection_of_a_file_that_is_gone_cannot_be_broken(void **state)
{
	load_thing();
	run("unprotect_absent", -ENOENT);
}

static void of_two_writers_that_remove_the_file_one_wins(void **state)
{
	struct t_task *first, *second;

	load_thing();
	run("file", 0);
	hold("suicide");
	hold("won");
	first = t_put_start(THING "/suicide", "1");
	second = t_put_start(THING "/suicide", "1");
	assert_true(t_task_wait_blocked(first));
	assert_true(t_task_wait_blocked(second));
	t_expect_text(CONTROL "/held", "suicide 2\n");
	release("suicide");
	/* one is held after winning, the other waits for the end of that store */
	assert_true(t_task_wait_blocked(first));
	assert_true(t_task_wait_blocked(second));
	expect_log("won thing\n");
	release("won");
	t_expect(t_task_join(first), 1);
	t_expect(t_task_join(second), 1);
	expect_log("won thing\nlost thing\n");
	assert_false(t_exists(THING "/suicide"));
}

/* ---- groups -------------------------------------------------------------- */

static void named_group_is_a_directory(void **state)
{
	load_thing();
	run("group", 0);
	expect_list(THING "/looks", "blob colour weight");
	t_expect_text(THING "/looks/colour", "blue\n");
	run("ungroup", 0);
	assert_false(t_exists(THING "/looks"));
}

static void is_visible_hides_and_changes_modes(void **state)
{
	struct t_stat st;

	load_thing();
	run("group", 0);
	assert_false(t_exists(THING "/looks/ghost"));
	t_expect(t_stat(THING "/looks/weight", &st), 0);
	t_expect(st.mode, 0100400);
	run("ungroup", 0);
}

static void group_of_a_taken_name_is_eexist(void **state)
{
	load_thing();
	run("group", 0);
	run("group", -EEXIST);
	expect_list(THING "/looks", "blob colour weight");
	run("ungroup", 0);
}

static void group_without_attributes_warns(void **state)
{
	load_thing();
	t_expect_splat("attrs not set by subsystem for group");
	run("hollow", -EINVAL);
	assert_false(t_exists(THING "/hollow"));
}

static void removing_a_group_that_is_not_there_warns(void **state)
{
	load_thing();
	t_expect_splat("sysfs group 'looks' not found for kobject 'thing'");
	run("ungroup", 0);
}

/* By name: the file that was in the way goes with the group's own. */
static void failing_group_undoes_itself(void **state)
{
	load_thing();
	run("clash", -EEXIST);
	assert_false(t_exists(THING "/ghost"));
	assert_false(t_exists(THING "/value"));
	assert_true(t_kmsg_has("cannot create duplicate filename "
			       "'/devices/virtual/mdev_test/thing/value'"));
}

static void failing_group_undoes_those_before(void **state)
{
	load_thing();
	run("bad_groups", -EEXIST);
	assert_false(t_exists(THING "/looks"));
	assert_false(t_exists(THING "/colour"));
	assert_false(t_exists(THING "/ghost"));
	run("groups", 0);
	assert_true(t_exists(THING "/looks"));
	assert_true(t_exists(THING "/colour"));
	run("ungroups", 0);
	assert_false(t_exists(THING "/colour"));
}

static void no_groups_are_fine(void **state)
{
	load_thing();
	run("no_groups", 0);
}

static void update_asks_again_what_is_visible(void **state)
{
	load_thing();
	run("group", 0);
	run("ghost 1", 0);
	expect_list(THING "/looks", "blob colour weight");
	run("update", 0);
	expect_list(THING "/looks", "colour ghost weight");
	run("ghost 0", 0);
	run("update", 0);
	expect_list(THING "/looks", "blob colour weight");
	run("ungroup", 0);
}

static void update_of_a_group_that_is_not_there_is_einval(void **state)
{
	load_thing();
	run("update", -EINVAL);
	assert_true(t_kmsg_has("Can't update unknown attr grp name: thing/looks"));
	assert_false(t_exists(THING "/looks"));
}

/* The second group has no name: its files are just made. */
static void update_of_groups_is_one_after_the_other(void **state)
{
	load_thing();
	run("update_groups", -EINVAL);
	run("group", 0);
	run("ghost 1", 0);
	run("update_groups", 0);
	expect_list(THING "/looks", "colour ghost weight");
	t_expect_text(THING "/colour", "blue\n");
	run("ungroups", 0);
	assert_false(t_exists(THING "/colour"));
	assert_false(t_exists(THING "/looks"));
}

static void merged_files_join_the_group(void **state)
{
	load_thing();
	run("merge", -ENOENT);
	run("group", 0);
	run("merge", 0);
	expect_list(THING "/looks", "blob colour ghost suicide weight");
	t_expect_text(THING "/looks/ghost", "boo\n");
	run("unmerge", 0);
	expect_list(THING "/looks", "blob colour weight");
	run("ungroup", 0);
	/* without the group it is no event */
	run("unmerge", 0);
}

/* The one that was in the way goes too. */
static void failing_merge_undoes_itself(void **state)
{
	load_thing();
	run("group", 0);
	run("bad_merge", -EEXIST);
	expect_list(THING "/looks", "blob weight");
	assert_true(t_kmsg_has("cannot create duplicate filename "
			       "'/devices/virtual/mdev_test/thing/looks/colour'"));
	run("ungroup", 0);
}

static void file_is_added_to_a_group_or_to_the_object(void **state)
{
	load_thing();
	run("group_file looks", -ENOENT);
	run("group_unfile looks", 0);
	run("group", 0);
	run("group_file looks", 0);
	t_expect_text(THING "/looks/ghost", "boo\n");
	run("group_file looks", -EEXIST);
	run("group_unfile looks", 0);
	expect_list(THING "/looks", "blob colour weight");
	run("ungroup", 0);
	run("group_file", 0);
	t_expect_text(THING "/ghost", "boo\n");
	run("group_unfile", 0);
	assert_false(t_exists(THING "/ghost"));
}

/* ---- files in a row ------------------------------------------------------ */

static void files_come_and_go_in_a_row(void **state)
{
	load_thing();
	run("files", 0);
	t_expect_text(THING "/colour", "blue\n");
	assert_true(t_exists(THING "/weight"));
	run("unfiles", 0);
	assert_false(t_exists(THING "/colour"));
	assert_false(t_exists(THING "/weight"));
}

static void failing_row_undoes_itself(void **state)
{
	load_thing();
	run("bad_files", -EEXIST);
	assert_false(t_exists(THING "/colour"));
	assert_false(t_exists(THING "/value"));
	assert_false(t_exists(THING "/weight"));
}

/* ---- binary files -------------------------------------------------------- */

static void binary_file_is_read_and_written_anywhere(void **state)
{
	char buf[128];
	struct t_stat st;
	int fd;

	load_thing();
	run("group", 0);
	t_expect(t_stat(THING "/looks/blob", &st), 0);
	t_expect(st.size, 64);
	fd = open_it(THING "/looks/blob", O_RDWR);
	t_expect(t_pwrite(fd, "abc", 3, 10), 3);
	t_expect(t_pread(fd, buf, 5, 9), 5);
	assert_memory_equal(buf, "\0abc\0", 5);
	t_expect(t_pread(fd, buf, sizeof(buf), 60), 4);
	t_expect(t_pread(fd, buf, sizeof(buf), 64), 0);
	t_expect(t_pread(fd, buf, sizeof(buf), 65), 0);
	t_expect(t_pwrite(fd, buf, 10, 60), 4);
	t_expect(t_pwrite(fd, buf, 1, 64), -EFBIG);
	t_expect(t_read(fd, buf, sizeof(buf)), 64);
	t_expect(t_read(fd, buf, sizeof(buf)), 0);
	t_close(fd);
	run("ungroup", 0);
}

static void binary_file_without_a_size_has_no_bounds(void **state)
{
	char buf[128];
	struct t_stat st;
	int fd;

	load_thing();
	run("bin", 0);
	run("bin", -EEXIST);
	t_expect(t_stat(THING "/endless", &st), 0);
	t_expect(st.mode, 0100444);
	t_expect(st.size, 0);
	fd = open_it(THING "/endless", O_RDONLY);
	t_expect(t_pread(fd, buf, sizeof(buf), 0), 64);
	t_expect(t_pread(fd, buf, sizeof(buf), 60), 4);
	t_expect(t_pread(fd, buf, sizeof(buf), 64), 0);
	t_expect(t_pread(fd, buf, sizeof(buf), 1000000), 0);
	run("unbin", 0);
	t_expect(t_pread(fd, buf, sizeof(buf), 0), -ENODEV);
	t_close(fd);
	assert_false(t_exists(THING "/endless"));
}

/* ---- names ---------------------------------------------------------------- */

/* As FNV does; a kernel with another hash finds them as well. */
static void names_that_hash_alike_are_two(void **state)
{
	load_thing();
	run("add costarring", 0);
	run("add liquid", 0);
	assert_true(t_exists(THING "/costarring"));
	assert_true(t_exists(THING "/liquid"));
	run("put costarring", 0);
	assert_false(t_exists(THING "/costarring"));
	assert_true(t_exists(THING "/liquid"));
	run("add costarring", 0);
	assert_true(t_exists(THING "/costarring"));
	run("put liquid", 0);
	assert_false(t_exists(THING "/liquid"));
	assert_true(t_exists(THING "/costarring"));
}

static void object_keeps_its_name_when_renamed_to_it(void **state)
{
	load_thing();
	run("add one", 0);
	run("rename one one", 0);
	assert_true(t_exists(THING "/one"));
}

/* ---- links --------------------------------------------------------------- */

static void link_is_relative(void **state)
{
	load_thing();
	run("add one", 0);
	run("add two", 0);
	run("add_below deep two", 0);
	run("link short one", 0);
	expect_link(THING "/short", "one");
	run("link long deep", 0);
	expect_link(THING "/long", "two/deep");
	expect_link(THING "/subsystem", "../../../../class/mdev_test");
	run("unlink short", 0);
	assert_false(t_exists(THING "/short"));
	assert_true(t_exists(THING "/one"));
	run("unlink long", 0);
}

static void link_of_a_taken_name_is_eexist(void **state)
{
	load_thing();
	run("add one", 0);
	run("link value one", -EEXIST);
	run("link one one", -EEXIST);
}

static void link_to_a_deleted_object_is_enoent(void **state)
{
	load_thing();
	run("add one", 0);
	run("del one", 0);
	run("link short one", -ENOENT);
}

static void renamed_link_leads_where_it_did(void **state)
{
	load_thing();
	run("add one", 0);
	run("link short one", 0);
	run("rename_link short brief", 0);
	assert_false(t_exists(THING "/short"));
	expect_link(THING "/brief", "one");
	run("rename_link short brief", -ENOENT);
	run("rename_link brief value", -EEXIST);
	/* what is no link to the object */
	run("rename_link subsystem system", -EINVAL);
	run("rename_link value brief", -EINVAL);
	run("unlink brief", 0);
}

static void link_in_a_group_leads_out_of_it(void **state)
{
	load_thing();
	run("add one", 0);
	run("link_in looks short", -ENOENT);
	run("unlink_in looks short", 0);
	run("group", 0);
	run("link_in looks short", 0);
	expect_link(THING "/looks/short", "../one");
	run("link_in looks colour", -EEXIST);
	run("unlink_in looks short", 0);
	expect_list(THING "/looks", "blob colour weight");
	run("ungroup", 0);
}

/* The link is there; only where it leads cannot be said. */
static void link_that_leads_too_deep_is_enametoolong(void **state)
{
	char command[128], above[48], name[48], text[4096];
	int i;

	load_thing();
	run("add one", 0);
	strcpy(above, "one");
	for (i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%040d", i);
		snprintf(command, sizeof(command), "add_below %s %s", name, above);
		run(command, 0);
		strcpy(above, name);
	}
	snprintf(command, sizeof(command), "link deep %s", above);
	run(command, 0);
	t_expect(t_readlink(THING "/deep", text, sizeof(text)), -ENAMETOOLONG);
	t_expect(t_open(THING "/deep", O_RDONLY), -ENAMETOOLONG);
	run("unlink deep", 0);
}

static void link_leads_on(void **state)
{
	struct t_stat st;

	load_thing();
	run("add one", 0);
	run("add_below deep one", 0);
	run("link short one", 0);
	t_expect(t_stat(THING "/short/deep", &st), 0);
	t_expect_text("/sys/class/mdev_test/thing/length", "0\n");
	run("unlink short", 0);
}

static void directory_lists_everything_sorted(void **state)
{
	char list[1024];

	load_thing();
	run("add one", 0);
	t_expect(t_list(THING, list, sizeof(list)) > 0, true);
	assert_non_null(strstr(list, "do length limit"));
	assert_non_null(strstr(list, "mute one page"));
	assert_non_null(strstr(list, "sip subsystem uevent value"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(store_is_given_what_was_written),
		T_TEST(empty_write_does_not_reach_the_store),
		T_TEST(store_is_given_a_page_at_most),
		T_TEST(store_that_takes_less_makes_a_short_write),
		T_TEST(offset_of_a_write_does_not_matter),
		T_TEST(reading_goes_on_where_it_stopped),
		T_TEST(rest_of_a_read_is_of_the_same_show),
		T_TEST(reading_at_an_offset),
		T_TEST(show_of_a_page_less_one_is_whole),
		T_TEST(preallocated_file_is_shown_for_each_piece),
		T_TEST(longer_show_is_cut_with_a_message),
		T_TEST(error_of_a_show_is_the_reads),
		T_TEST(attribute_without_callbacks_is_eio),
		T_TEST(bad_pointer_is_efault),
		T_TEST(modes_are_the_attributes),
		T_TEST(mode_binds_the_superuser_too),
		T_TEST(changed_mode_counts_for_later_opens),
		T_TEST(wrong_paths),
		T_TEST(wrong_descriptors),
		T_TEST(ioctl_on_a_file_is_enotty),
		T_TEST(seeking),
		T_TEST(open_handle_of_a_removed_file_is_enodev),
		T_TEST(open_handle_outlives_module_and_object),
		T_TEST(removing_waits_for_a_running_show),
		T_TEST(removing_waits_for_a_running_store),
		T_TEST(unloading_waits_for_a_running_store),
		T_TEST(file_can_remove_itself),
		T_TEST(of_two_writers_that_remove_the_file_one_wins),
		T_TEST(file_that_gives_its_protection_up_can_be_removed_by_itself),
		T_TEST(file_of_a_taken_name_is_eexist_with_a_message),
		T_TEST(protection_of_a_file_that_is_gone_cannot_be_broken),
		T_TEST(named_group_is_a_directory),
		T_TEST(is_visible_hides_and_changes_modes),
		T_TEST(group_of_a_taken_name_is_eexist),
		T_TEST(group_without_attributes_warns),
		T_TEST(removing_a_group_that_is_not_there_warns),
		T_TEST(failing_group_undoes_itself),
		T_TEST(failing_group_undoes_those_before),
		T_TEST(no_groups_are_fine),
		T_TEST(update_asks_again_what_is_visible),
		T_TEST(update_of_a_group_that_is_not_there_is_einval),
		T_TEST(update_of_groups_is_one_after_the_other),
		T_TEST(merged_files_join_the_group),
		T_TEST(failing_merge_undoes_itself),
		T_TEST(file_is_added_to_a_group_or_to_the_object),
		T_TEST(files_come_and_go_in_a_row),
		T_TEST(failing_row_undoes_itself),
		T_TEST(binary_file_is_read_and_written_anywhere),
		T_TEST(binary_file_without_a_size_has_no_bounds),
		T_TEST(names_that_hash_alike_are_two),
		T_TEST(object_keeps_its_name_when_renamed_to_it),
		T_TEST(link_is_relative),
		T_TEST(link_of_a_taken_name_is_eexist),
		T_TEST(link_to_a_deleted_object_is_enoent),
		T_TEST(renamed_link_leads_where_it_did),
		T_TEST(link_in_a_group_leads_out_of_it),
		T_TEST(link_that_leads_too_deep_is_enametoolong),
		T_TEST(link_leads_on),
		T_TEST(directory_lists_everything_sorted),
	};

	return t_run("sysfs", tests);
}
