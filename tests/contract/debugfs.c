// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs: files of variables, what is refused, and removal while files are open or
 * their operations run. On a kernel whose debugfs nobody has mounted nothing is shown.
 */
#include "mdev_test.h"

#define DEBUGFS	"/sys/kernel/debug"
#define TOP	DEBUGFS "/umdev_test"
#define TEST	DIR_TEST "/debugfs_test"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("debugfs_test", NULL), 0);
	if (!t_exists(TOP))
		t_skip("debugfs is not mounted");
}

static void run(const char *command)
{
	t_expect(t_put(TEST "/do", command), strlen(command));
}

static void expect_file(const char *name, const char *want)
{
	char path[128];

	snprintf(path, sizeof(path), TOP "/%s", name);
	t_expect_text(path, want);
}

static long put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), TOP "/%s", name);
	return t_put(path, text);
}

/* ---- variables ------------------------------------------------------------ */

static void numbers_have_their_format(void **state)
{
	load();
	expect_file("u8", "200\n");
	expect_file("x8", "0xc8\n");
	expect_file("u16", "60000\n");
	expect_file("x16", "0xea60\n");
	expect_file("u32", "4000000000\n");
	expect_file("x32", "0xee6b2800\n");
	expect_file("u64", "18000000000000000000\n");
	expect_file("x64", "0xf9ccd8a1c5080000\n");
	expect_file("ulong", "7\n");
	expect_file("size_t", "8\n");
	expect_file("atomic", "-5\n");
}

static void numbers_are_written_in_any_base_and_cut(void **state)
{
	load();
	t_expect(put("u8", "0x1ff"), 5);
	expect_file("u8", "255\n");
	t_expect(put("x8", "010\n"), 4);
	expect_file("u8", "8\n");
	t_expect(put("u16", "65537"), 5);
	expect_file("x16", "0x0001\n");
	t_expect(put("u64", "18446744073709551615"), 20);
	expect_file("x64", "0xffffffffffffffff\n");
	t_expect(put("u64", "18446744073709551616"), -ERANGE);
	t_expect(put("u8", "-1"), -EINVAL);
	t_expect(put("u8", "x"), -EINVAL);
	t_expect(put("u8", ""), -EINVAL);
	t_expect(put("atomic", "-77"), 3);
	expect_file("atomic", "-77\n");
	expect_file("u8", "8\n");
}

static void number_is_that_of_the_first_read(void **state)
{
	char text[8];
	int fd;

	load();
	fd = open_it(TOP "/u8", O_RDWR);
	t_expect(t_read(fd, text, 2), 2);
	assert_memory_equal(text, "20", 2);
	t_expect(t_write(fd, "7", 1), 1);
	t_expect(t_read(fd, text, sizeof(text)), 2);
	assert_memory_equal(text, "0\n", 2);
	t_expect(t_lseek(fd, 0, SEEK_SET), -ESPIPE);
	t_expect(t_close(fd), 0);
	expect_file("u8", "7\n");
}

static void what_a_mode_does_not_allow_is_refused(void **state)
{
	char text[8];
	int fd;

	load();
	fd = open_it(TOP "/only_read", O_RDWR);
	t_expect(t_write(fd, "1", 1), -EACCES);
	t_expect(t_close(fd), 0);
	fd = open_it(TOP "/only_written", O_RDWR);
	t_expect(t_read(fd, text, 8), -EACCES);
	t_expect(t_write(fd, "1", 1), 1);
	t_expect(t_close(fd), 0);
	expect_file("u8", "1\n");
	fd = open_it(TOP "/mute", O_RDWR);
	t_expect(t_read(fd, text, 8), -EACCES);
	t_expect(t_write(fd, "1", 1), -EACCES);
	t_expect(t_close(fd), 0);
}

static void bool_is_yes_or_no(void **state)
{
	load();
	expect_file("bool", "Y\n");
	t_expect(put("bool", "0"), 1);
	expect_file("bool", "N\n");
	t_expect(put("bool", "on\n"), 3);
	expect_file("bool", "Y\n");
	t_expect(put("bool", "maybe"), 5);
	expect_file("bool", "Y\n");
}

static void functions_of_a_number_are_asked(void **state)
{
	char text[8];

	load();
	expect_file("number", "0\n");
	t_expect(put("number", "99"), -EBUSY);
	t_expect(put("number", "13"), 2);
	t_expect(t_get(TOP "/number", text, sizeof(text)), -EDOM);
	t_expect(put("number", "14"), 2);
	expect_file("number", "14\n");
	expect_file("simple", "<3>\n");
	t_expect(put("simple", "4"), 1);
	expect_file("simple", "<4>\n");
}

static void bytes_and_arrays_are_read(void **state)
{
	char text[16];
	int fd;

	load();
	expect_file("array", "1 4294967295 30\n");
	fd = open_it(TOP "/blob", O_RDWR);
	t_expect(t_read(fd, text, sizeof(text)), 4);
	assert_memory_equal(text, "bl\0b", 4);
	t_expect(t_pread(fd, text, 2, 3), 1);
	t_expect(text[0], 'b');
	t_expect(t_write(fd, "x", 1), -EINVAL);
	t_expect(t_lseek(fd, 1, SEEK_SET), 1);
	t_expect(t_close(fd), 0);
	expect_file("registers", "FIRST = 0x00000011\nSECOND = 0x22334455\nLAST = 0xffffffff\n");
	expect_file("record", "of debugfs_test\n");
}

static void file_without_operations_ignores_all(void **state)
{
	load();
	expect_file("nothing", "");
	t_expect(put("nothing", "text"), 4);
	expect_file("nothing", "");
}

/* ---- the tree ------------------------------------------------------------- */

static void entries_are_what_they_were_made_as(void **state)
{
	struct t_stat st;

	load();
	t_expect(t_stat(TOP, &st), 0);
	t_expect(st.mode, S_IFDIR | 0755);
	t_expect(st.nlink, 3);
	t_expect(t_stat(TOP "/u8", &st), 0);
	t_expect(st.mode, S_IFREG | 0644);
	t_expect(st.size, 0);
	t_expect(t_stat(TOP "/blob", &st), 0);
	t_expect(st.mode, S_IFREG | 0444);
	t_expect(t_stat(TOP "/sized", &st), 0);
	t_expect(st.size, 123);
	t_expect(t_lstat(TOP "/link", &st), 0);
	t_expect(st.mode, S_IFLNK | 0777);
	expect_link(TOP "/link", "sub/held");
	expect_file("link", "text\n");
	expect_list(TOP "/sub", "bare deep held");
	expect_list(TOP "/sub/deep", "leaf");
	expect_file("sub/../sub/deep/../held", "text\n");
	t_expect(t_chmod(TOP "/u8", 0600), 0);
	t_expect(t_stat(TOP "/u8", &st), 0);
	t_expect(st.mode, S_IFREG | 0600);
}

static void programs_make_and_take_nothing(void **state)
{
	load();
	t_expect(t_mkdir(TOP "/new"), -EPERM);
	t_expect(t_open(TOP "/new", O_WRONLY | O_CREAT), -EACCES);
	t_expect(t_mkdir(TOP "/sub"), -EEXIST);
	t_expect(t_open(TOP "/sub", O_WRONLY), -EISDIR);
	t_expect(t_open(TOP "/u8/x", O_RDONLY), -ENOTDIR);
}

static void errors_are_handed_on(void **state)
{
	load();
	run("errors");
	t_expect(t_kmsg_has("debugfs: Directory 'sub' with parent 'umdev_test' already present!"), true);
	t_expect(t_kmsg_has("debugfs: File 'u8' in directory 'umdev_test' already present!"), true);
}

/* ---- removal -------------------------------------------------------------- */

static void removed_file_is_an_error_to_who_has_it_open(void **state)
{
	char text[8];
	int fd, number;

	load();
	fd = open_it(TOP "/sub/held", O_RDONLY);
	number = open_it(TOP "/u8", O_RDWR);
	t_expect(t_read(fd, text, 2), 2);
	t_expect(t_ioctl_raw(fd, 0x5501, 0), 5);
	clear_log();
	run("remove_all");
	t_expect(t_exists(TOP), false);
	t_expect(t_read(fd, text, 2), -EIO);
	t_expect(t_lseek(fd, 0, SEEK_SET), -EIO);
	t_expect(t_ioctl_raw(fd, 0x5501, 0), -EIO);
	t_expect(t_read(number, text, 2), -EIO);
	t_expect(t_write(number, "1", 1), -EIO);
	expect_log("");
	/* and the driver hears of its end */
	t_expect(t_close(fd), 0);
	expect_log("df_release held\n");
	t_expect(t_close(number), 0);
}

/* Somebody reads @path, and is held in @at; whoever removes it waits for that. */
static struct t_task *removal_behind(char *path, const char *at, struct t_task **reader)
{
	struct t_task *remover;
	char step[64];

	load();
	hold(at);
	snprintf(step, sizeof(step), "remove %s", strrchr(path, '/') + 1);
	*reader = t_get_start(path);
	expect_held(*reader, at);
	remover = t_put_start(TEST "/do", step);
	t_expect(t_task_wait_blocked(remover), true);
	return remover;
}

static void removal_waits_for_an_operation(void **state)
{
	struct t_task *reader, *remover = removal_behind(TOP "/sub/held", "df_read", &reader);

	release("df_read");
	t_expect(t_task_join(reader), 5);
	t_expect(t_task_join(remover), strlen("remove held"));
	t_expect(t_open(TOP "/sub/held", O_RDONLY), -ENOENT);
	expect_list(TOP "/sub", "bare deep");
}

static long open_path(void *path)
{
	return t_open(path, O_RDONLY);
}

static long list_path(void *path)
{
	char names[64];

	return t_list(path, names, sizeof(names));
}

/* Its directory is locked: what is there is found all the same. */
static void whoever_looks_for_a_file_waits_for_its_removal_too(void **state)
{
	struct t_task *reader, *remover, *opener, *other, *lister;
	int fd;

	remover = removal_behind(TOP "/sub/held", "df_read", &reader);
	opener = t_task_start("opener", open_path, TOP "/sub/held");
	t_expect(t_task_wait_blocked(opener), true);
	other = t_task_start("other", open_path, TOP "/sub/nothing");
	t_expect(t_task_wait_blocked(other), true);
	lister = t_task_start("lister", list_path, TOP "/sub");
	t_expect(t_task_wait_blocked(lister), true);
	fd = t_open(TOP "/sub/bare", O_RDONLY);
	t_expect(fd >= 0, true);
	t_expect(t_close(fd), 0);
	t_expect(t_open(TOP "/nowhere", O_RDONLY), -ENOENT);
	release("df_read");
	t_expect(t_task_join(reader), 5);
	t_expect(t_task_join(remover), strlen("remove held"));
	t_expect(t_task_join(opener), -ENOENT);
	t_expect(t_task_join(other), -ENOENT);
	t_expect(t_task_join(lister), strlen("bare deep"));
}

static void removal_waits_for_an_open(void **state)
{
	struct t_task *reader, *remover = removal_behind(TOP "/sub/held", "df_open", &reader);

	release("df_open");
	/* opened, and gone before it was read */
	t_expect(t_task_join(remover), strlen("remove held"));
	t_expect(t_task_join(reader), -EIO);
}

static void open_that_the_driver_refuses_leaves_nothing(void **state)
{
	load();
	answer("df_open -7");
	t_expect(t_open(TOP "/sub/held", O_RDONLY), -7);
	answer("df_open 0");
	expect_file("sub/held", "text\n");
}

static void unprotected_file_is_removed_at_once(void **state)
{
	struct t_task *reader;

	load();
	hold("df_before");
	reader = t_get_start(TOP "/sub/bare");
	expect_held(reader, "df_before");
	run("remove bare");
	release("df_before");
	t_expect(t_task_join(reader), -EIO);
}

static void what_is_got_is_waited_for(void **state)
{
	struct t_task *reader, *remover = removal_behind(TOP "/sub/bare", "df_within", &reader);

	release("df_within");
	t_expect(t_task_join(reader), 0);
	t_expect(t_task_join(remover), strlen("remove bare"));
}

static void directory_is_removed_with_all_below_it(void **state)
{
	int fd;

	load();
	fd = open_it(TOP "/sub", O_RDONLY | O_DIRECTORY);
	run("remove deep");
	expect_list(TOP "/sub", "bare held");
	run("remove_all");
	t_expect(t_exists(TOP), false);
	t_expect(t_close(fd), 0);
}

static void open_file_pins_its_module(void **state)
{
	int fd;

	load();
	fd = open_it(TOP "/sub/held", O_RDONLY);
	t_expect(t_rmmod("debugfs_test"), -EWOULDBLOCK);
	t_expect(t_close(fd), 0);
	t_expect(t_rmmod("debugfs_test"), 0);
	t_expect(t_exists(TOP), false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(numbers_have_their_format),
		T_TEST(numbers_are_written_in_any_base_and_cut),
		T_TEST(number_is_that_of_the_first_read),
		T_TEST(what_a_mode_does_not_allow_is_refused),
		T_TEST(bool_is_yes_or_no),
		T_TEST(functions_of_a_number_are_asked),
		T_TEST(bytes_and_arrays_are_read),
		T_TEST(file_without_operations_ignores_all),
		T_TEST(entries_are_what_they_were_made_as),
		T_TEST(programs_make_and_take_nothing),
		T_TEST(errors_are_handed_on),
		T_TEST(removed_file_is_an_error_to_who_has_it_open),
		T_TEST(removal_waits_for_an_operation),
		T_TEST(whoever_looks_for_a_file_waits_for_its_removal_too),
		T_TEST(removal_waits_for_an_open),
		T_TEST(open_that_the_driver_refuses_leaves_nothing),
		T_TEST(unprotected_file_is_removed_at_once),
		T_TEST(what_is_got_is_waited_for),
		T_TEST(directory_is_removed_with_all_below_it),
		T_TEST(open_file_pins_its_module),
	};

	return t_run("debugfs", tests);
}
