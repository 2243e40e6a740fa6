// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and directories of /sys and /dev as any program meets them: flags of
 * open(), positions, directories in parts, vectors, and what only a real file
 * system lets a program do.
 */
#include <dirent.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "thing.h"

/* ---- paths --------------------------------------------------------------- */

static void path_leads_to_what_there_is(void **state)
{
	char name[300] = "/dev/";

	load_hello();
	t_expect(t_open("", O_RDONLY), -ENOENT);
	t_expect(t_open("/nowhere", O_RDONLY), -ENOENT);
	t_expect(t_open(THING "/absent", O_RDONLY), -ENOENT);
	t_expect(t_open(VALUE "/below", O_RDONLY), -ENOTDIR);
	t_expect(t_open(VALUE "/", O_RDONLY), -ENOTDIR);
	t_expect(t_open(VALUE "/.", O_RDONLY), -ENOTDIR);
	memset(name + 5, 'x', sizeof(name) - 6);
	t_expect(t_open(name, O_RDONLY), -ENAMETOOLONG);
	t_expect(t_open(THING, O_RDWR), -EISDIR);
}

static void path_may_have_dots_and_many_slashes(void **state)
{
	load_hello();
	t_expect_text("/../sys/..//sys///devices/./../devices/virtual/mdev_test/thing/value",
		      "hello");
	t_expect_text(THING "/./../thing//value", "hello");
	t_expect_text("/sys/class/mdev_test/../../../sys/class/mdev_test/thing/value", "hello");
}

static void link_is_followed_unless_it_is_asked_for(void **state)
{
	char target[128];
	struct t_stat st;

	load_hello();
	t_expect(t_readlink(LINK, target, sizeof(target)) > 0, true);
	assert_string_equal(target, "../../devices/virtual/mdev_test/thing");
	t_expect(t_readlink(VALUE, target, sizeof(target)), -EINVAL);
	t_expect(t_lstat(LINK, &st), 0);
	t_expect(st.mode & S_IFMT, S_IFLNK);
	t_expect(t_stat(LINK, &st), 0);
	t_expect(st.mode & S_IFMT, S_IFDIR);
	t_expect(t_lstat(LINK "/", &st), 0);
	t_expect(st.mode & S_IFMT, S_IFDIR);
	/* a link behind a link, each from where it lies */
	t_expect_text(LINK "/subsystem/thing/value", "hello");
}

static void descriptor_does_what_it_was_opened_for(void **state)
{
	char byte = 'x';
	int fd, other;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_write(fd, &byte, 1), -EBADF);
	other = open_it(VALUE, O_WRONLY);
	t_expect(t_read(other, &byte, 1), -EBADF);
	t_expect(t_close(other), 0);
	t_expect(t_close(other), -EBADF);
	t_expect(t_read(other, &byte, 1), -EBADF);
	t_expect(t_poll(other, POLLIN, 0), POLLNVAL);
	t_expect(t_read(-1, &byte, 1), -EBADF);
	/* the lowest that is free is given */
	t_expect(open_it(VALUE, O_RDONLY) == other, true);
	t_close(other);
	t_close(fd);
	fd = open_it(THING, O_RDONLY);
	t_expect(t_read(fd, &byte, 1), -EISDIR);
	t_expect(t_write(fd, &byte, 1), -EBADF);
	t_close(fd);
}

/* ---- open ---------------------------------------------------------------- */

static void direct_io_is_refused(void **state)
{
	load_hello();
	t_expect(t_open(VALUE, O_RDONLY | O_DIRECT), -EINVAL);
	t_expect(t_open(THING, O_RDONLY | O_DIRECT), -EINVAL);
	/* what cannot be opened at all is told first */
	t_expect(t_open(THING "/do", O_RDONLY | O_DIRECT), -EACCES);
}

static void link_that_must_be_a_directory_is_none(void **state)
{
	load_hello();
	t_expect(t_open(LINK, O_RDONLY | O_NOFOLLOW), -ELOOP);
	t_expect(t_open(LINK, O_RDONLY | O_NOFOLLOW | O_DIRECTORY), -ENOTDIR);
	t_expect(t_close(t_open(LINK, O_RDONLY | O_DIRECTORY)), 0);
	t_expect(t_open(VALUE, O_RDONLY | O_DIRECTORY), -ENOTDIR);
	/* a slash behind it follows it */
	t_expect(t_close(t_open(LINK "/", O_RDONLY | O_NOFOLLOW)), 0);
}

static void nothing_is_created_in_sysfs(void **state)
{
	load_hello();
	t_expect(t_open(THING "/new", O_CREAT | O_RDWR), -EACCES);
	t_expect(t_open(THING "/new/", O_CREAT | O_RDWR), -EISDIR);
	t_expect(t_open(THING "/absent/new", O_CREAT | O_RDWR), -ENOENT);
	t_expect(t_open(VALUE "/new", O_CREAT | O_RDWR), -ENOTDIR);
	t_expect(t_open(VALUE, O_CREAT | O_EXCL | O_RDWR), -EEXIST);
	t_expect(t_open(LINK, O_CREAT | O_EXCL | O_RDONLY), -EEXIST);
	t_expect(t_open(THING, O_CREAT | O_RDONLY), -EISDIR);
	t_expect(t_open(THING "/.", O_CREAT | O_RDONLY), -EISDIR);
	t_expect(t_open(VALUE "/", O_CREAT | O_RDONLY), -EISDIR);
	t_expect(t_open(THING, O_CREAT | O_DIRECTORY), -EINVAL);
	/* what is there is opened */
	t_expect(t_close(t_open(VALUE, O_CREAT | O_RDWR)), 0);
	t_expect(t_open(THING, O_TMPFILE | O_RDWR), -EOPNOTSUPP);
	t_expect(t_open(THING, O_TMPFILE | O_RDONLY), -EINVAL);
	t_expect(t_open(VALUE, O_TMPFILE | O_RDWR), -ENOTDIR);
}

static void path_descriptor_stands_for_the_path_only(void **state)
{
	struct t_stat st;
	char buf[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_PATH);
	t_expect(t_read(fd, buf, 1), -EBADF);
	t_expect(t_write(fd, "x", 1), -EBADF);
	t_expect(t_lseek(fd, 0, SEEK_SET), -EBADF);
	t_expect(t_ioctl_raw(fd, FIONCLEX, 0), -EBADF);
	t_expect(t_poll(fd, POLLIN, 0), POLLNVAL);
	t_expect(t_fstat(fd, &st), 0);
	t_expect(st.mode, S_IFREG | 0644);
	t_expect(t_close(fd), 0);
	/* no driver is asked, and what the file cannot do is no matter */
	fd = open_it(THING "/do", O_PATH | O_RDWR);
	t_expect(t_close(fd), 0);
	fd = open_it(LINK, O_PATH | O_NOFOLLOW);
	t_expect(t_fstat(fd, &st), 0);
	t_expect(st.mode & S_IFMT, S_IFLNK);
	t_expect(t_close(fd), 0);
}

/* ---- positions ----------------------------------------------------------- */

static void position_may_be_beyond_the_end(void **state)
{
	char buf[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_lseek(fd, 100000, SEEK_SET), 100000);
	t_expect(t_read(fd, buf, sizeof(buf)), 0);
	t_expect(t_lseek(fd, 0, SEEK_END), 4096);
	t_expect(t_lseek(fd, -4094, SEEK_CUR), 2);
	t_expect(t_read(fd, buf, sizeof(buf)), 3);
	t_expect(t_lseek(fd, -1, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 0x7fffffff, SEEK_SET), 0x7fffffff);
	t_expect(t_lseek(fd, 0x80000000, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 1, SEEK_CUR), -EINVAL);
	t_close(fd);
}

static void attribute_is_all_data(void **state)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_lseek(fd, 5, SEEK_DATA), 5);
	t_expect(t_lseek(fd, 5, SEEK_HOLE), 4096);
	t_expect(t_lseek(fd, 4096, SEEK_DATA), -ENXIO);
	t_expect(t_lseek(fd, 4096, SEEK_HOLE), -ENXIO);
	t_close(fd);
}

static void binary_file_is_read_beyond_its_end(void **state)
{
	char buf[8];
	int fd;

	load_hello();
	run("group", 0);
	fd = open_it(THING "/looks/blob", O_RDWR);
	t_expect(t_lseek(fd, 100, SEEK_SET), 100);
	t_expect(t_read(fd, buf, sizeof(buf)), 0);
	t_expect(t_write(fd, "x", 1), -EFBIG);
	t_close(fd);
	run("ungroup", 0);
}

static void directory_has_positions_too(void **state)
{
	int fd;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	t_expect(t_lseek(fd, 0x7fffffff, SEEK_SET), 0x7fffffff);
	t_expect(t_lseek(fd, 0x80000000, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 0x200000000, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_DATA), -ENXIO);
	t_close(fd);
}

/* ---- directories --------------------------------------------------------- */

/* Names in the order of the directory, joined by spaces; how many calls it took. */
static int list_in_parts(int fd, size_t part, char *names)
{
	char buf[512];
	ssize_t len, at;
	int calls = 0;

	names[0] = '\0';
	while ((len = t_getdents(fd, buf, part)) > 0) {
		calls++;
		for (at = 0; at < len;) {
			struct dirent64 *d = (void *)(buf + at);

			sprintf(names + strlen(names), "%s ", d->d_name);
			at += d->d_reclen;
		}
	}
	t_expect(len, 0);
	return calls;
}

static void directory_is_the_same_in_parts(void **state)
{
	char whole[1024], parts[1024];
	int fd;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	list_in_parts(fd, 512, whole);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	t_expect(list_in_parts(fd, 40, parts) > 5, true);
	assert_string_equal(whole, parts);
	assert_int_equal(strncmp(whole, ". .. ", 5), 0);
	assert_non_null(strstr(whole, " value "));
	t_close(fd);
}

static void position_of_an_entry_can_be_gone_back_to(void **state)
{
	char buf[512], again[512];
	struct dirent64 *d;
	ssize_t len;
	int64_t pos;
	int fd;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	t_expect(t_getdents(fd, buf, 24), 24);
	t_expect(t_getdents(fd, buf, 24), 24);
	/* of "..": where the first entry is */
	pos = ((struct dirent64 *)buf)->d_off;
	len = t_getdents(fd, buf, 60);
	t_expect(len > 0, true);
	t_expect(t_lseek(fd, 0, SEEK_CUR) > pos, true);
	t_expect(t_lseek(fd, pos, SEEK_SET), pos);
	t_expect(t_getdents(fd, again, 60), len);
	d = (void *)again;
	assert_string_equal(d->d_name, ((struct dirent64 *)buf)->d_name);
	t_close(fd);
}

/* What was there all the time is told once, whatever comes and goes meanwhile. */
static void entries_come_and_go_between_two_parts(void **state)
{
	char names[1024] = "";
	/* room for the type, though 48 bytes are asked for */
	char buf[2 * sizeof(struct dirent64)] __attribute__((aligned(8)));
	bool twice = false;
	ssize_t len;
	int fd, n = 0;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	while ((len = t_getdents(fd, buf, 48)) > 0) {
		struct dirent64 *d = (void *)buf;

		run(n++ & 1 ? "ungroup" : "group", 0);
		sprintf(names + strlen(names), " %s", d->d_name);
		twice = twice || !strcmp(d->d_name, "value");
		if (len > d->d_reclen)
			sprintf(names + strlen(names), " %s",
				((struct dirent64 *)(buf + d->d_reclen))->d_name);
	}
	t_expect(len, 0);
	assert_non_null(strstr(names, " value"));
	assert_null(strstr(strstr(names, " value") + 6, " value"));
	assert_non_null(strstr(names, " length"));
	assert_non_null(strstr(names, " mute"));
	if (n & 1)
		run("ungroup", 0);
	t_close(fd);
}

#define CROWD	200

/* Each call sees some; behind each, another of those with an odd number goes. */
static void what_stays_is_listed_once_while_others_go(void **state)
{
	char buf[2 * sizeof(struct dirent64)] __attribute__((aligned(8))), command[32];
	unsigned char seen[CROWD] = { 0 };
	int fd, i, odd = 1;
	ssize_t len, at;

	load_hello();
	run("add crowd", 0);
	for (i = 0; i < CROWD; i++) {
		snprintf(command, sizeof(command), "add_below m%d crowd", i);
		run(command, 0);
	}
	fd = open_it(THING "/crowd", O_RDONLY);
	while ((len = t_getdents(fd, buf, 256)) > 0) {
		for (at = 0; at < len;) {
			struct dirent64 *d = (void *)(buf + at);

			at += d->d_reclen;
			if (sscanf(d->d_name, "m%d", &i) == 1)
				seen[i]++;
		}
		if (odd < CROWD) {
			snprintf(command, sizeof(command), "put m%d", odd);
			run(command, 0);
			odd += 2;
		}
	}
	t_expect(len, 0);
	t_close(fd);
	for (i = 0; i < CROWD; i++) {
		if (i & 1)
			t_expect(seen[i] <= 1, true);
		else
			t_expect(seen[i], 1);
	}
}

static void buffer_must_hold_an_entry(void **state)
{
	char buf[64];
	int fd;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	t_expect(t_getdents(fd, buf, 16), -EINVAL);
	t_expect(t_getdents(fd, buf, 24), 24);
	t_close(fd);
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_getdents(fd, buf, sizeof(buf)), -ENOTDIR);
	t_close(fd);
	t_expect(t_getdents(fd, buf, sizeof(buf)), -EBADF);
}

static void entry_tells_its_type(void **state)
{
	char buf[512];
	ssize_t len, at;
	int fd, n = 0;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	while ((len = t_getdents(fd, buf, sizeof(buf))) > 0) {
		for (at = 0; at < len;) {
			struct dirent64 *d = (void *)(buf + at);

			at += d->d_reclen;
			if (!strcmp(d->d_name, "value"))
				t_expect(d->d_type, DT_REG);
			else if (!strcmp(d->d_name, "subsystem"))
				t_expect(d->d_type, DT_LNK);
			else if (!strcmp(d->d_name, "."))
				t_expect(d->d_type, DT_DIR);
			else
				continue;
			n++;
		}
	}
	t_expect(n, 3);
	t_close(fd);
}

/* No program could use such a name, and none is given it. */
static void name_with_a_slash_ends_the_list(void **state)
{
	char list[512];
	char text[16];

	load_hello();
	run("odd a/b", 0);
	t_expect(t_list(THING, list, sizeof(list)), -EIO);
	t_expect(t_get(THING "/a/b", text, sizeof(text)), -ENOENT);
	run("unodd", 0);
	t_expect(t_list(THING, list, sizeof(list)) > 0, true);
	run("odd", 0);
	t_expect(t_list(THING, list, sizeof(list)), -EIO);
	run("unodd", 0);
}

static void long_name_is_listed_whole(void **state)
{
	char list[1024], name[301];

	load_hello();
	memset(name, 'n', 300);
	name[300] = '\0';
	run("odd long", 0);
	t_expect(t_list(THING, list, sizeof(list)) > 300, true);
	assert_non_null(strstr(list, name));
	run("unodd", 0);
}

static void directory_counts_its_directories(void **state)
{
	struct t_stat st;
	unsigned int before;

	load_hello();
	t_expect(t_stat(THING, &st), 0);
	before = st.nlink;
	run("group", 0);
	run("file", 0);
	t_expect(t_stat(THING, &st), 0);
	t_expect(st.nlink, before + 1);
	t_expect(t_stat(THING "/looks", &st), 0);
	t_expect(st.nlink, 2);
	t_expect(t_stat(VALUE, &st), 0);
	t_expect(st.nlink, 1);
	t_expect(t_lstat(LINK, &st), 0);
	t_expect(st.nlink, 1);
	run("ungroup", 0);
	run("unfile", 0);
	t_expect(t_stat(THING, &st), 0);
	t_expect(st.nlink, before);
}

/* ---- what sysfs lets nobody do ------------------------------------------- */

static void directories_are_the_kernels_alone(void **state)
{
	load_hello();
	t_expect(t_mkdir(THING "/new"), -EPERM);
	t_expect(t_mkdir(THING "/new/"), -EPERM);
	t_expect(t_mkdir(VALUE), -EEXIST);
	t_expect(t_mkdir(THING "/."), -EEXIST);
	t_expect(t_mkdir(THING "/absent/new"), -ENOENT);
	t_expect(t_mkdir(VALUE "/new"), -ENOTDIR);
	t_expect(t_rmdir(THING), -EPERM);
	t_expect(t_rmdir(VALUE), -ENOTDIR);
	t_expect(t_rmdir(THING "/absent"), -ENOENT);
	t_expect(t_rmdir(THING "/."), -EINVAL);
	t_expect(t_rmdir(THING "/.."), -ENOTEMPTY);
	t_expect(t_rmdir("/sys"), -EBUSY);
}

static void files_are_the_kernels_alone(void **state)
{
	load_hello();
	t_expect(t_unlink(VALUE), -EPERM);
	t_expect(t_unlink(LINK), -EPERM);
	t_expect(t_unlink(VALUE "/"), -ENOTDIR);
	t_expect(t_unlink(THING), -EISDIR);
	t_expect(t_unlink(THING "/."), -EISDIR);
	t_expect(t_unlink(THING "/absent"), -ENOENT);
	t_expect(t_exists(VALUE), true);
}

static void names_are_the_kernels_alone(void **state)
{
	load_hello();
	t_expect(t_rename(VALUE, THING "/new"), -EPERM);
	t_expect(t_rename(VALUE, THING "/length"), -EPERM);
	t_expect(t_rename(VALUE, VALUE), 0);
	t_expect(t_rename(THING "/absent", THING "/new"), -ENOENT);
	t_expect(t_rename(VALUE, THING "/new/"), -ENOTDIR);
	t_expect(t_rename(VALUE, "/dev/value"), -EXDEV);
	t_expect(t_rename(THING "/.", THING "/new"), -EBUSY);
	t_expect(t_exists(VALUE), true);
}

static void permissions_can_be_changed(void **state)
{
	struct t_stat st;
	char text[8];

	load_hello();
	t_expect(t_chmod(VALUE, 0444), 0);
	t_expect(t_stat(VALUE, &st), 0);
	t_expect(st.mode, S_IFREG | 0444);
	/* even root is refused what nobody may */
	t_expect(t_open(VALUE, O_RDWR), -EACCES);
	t_expect(t_chmod(VALUE, 0200), 0);
	t_expect(t_get(VALUE, text, sizeof(text)), -EACCES);
	t_expect(t_put(VALUE, "x"), 1);
	t_expect(t_chmod(VALUE, 04644), 0);
	t_expect(t_stat(VALUE, &st), 0);
	t_expect(st.mode, S_IFREG | 04644);
	t_expect(t_chmod(THING, 0700), 0);
	t_expect(t_stat(THING, &st), 0);
	t_expect(st.mode, S_IFDIR | 0700);
	/* of what it points at */
	t_expect(t_chmod(LINK, 0755), 0);
	t_expect(t_stat(THING, &st), 0);
	t_expect(st.mode, S_IFDIR | 0755);
	t_expect(t_chmod(THING "/absent", 0444), -ENOENT);
}

static void size_does_not_change(void **state)
{
	struct t_stat st;
	int fd;

	load_hello();
	t_expect(t_truncate(VALUE, 0), 0);
	t_expect(t_truncate(VALUE, 100000), 0);
	t_expect(t_truncate(VALUE, 0x80000000), -EFBIG);
	t_expect(t_truncate(VALUE, -1), -EINVAL);
	t_expect(t_truncate(THING, 0), -EISDIR);
	t_expect(t_truncate(THING "/absent", 0), -ENOENT);
	t_expect(t_stat(VALUE, &st), 0);
	t_expect(st.size, 4096);
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_ftruncate(fd, 0), 0);
	t_expect(t_ftruncate(fd, -1), -EINVAL);
	t_close(fd);
	t_expect(t_ftruncate(fd, 0), -EBADF);
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_ftruncate(fd, 0), -EINVAL);
	t_close(fd);
	t_expect_text(VALUE, "hello");
}

/* ---- descriptors and vectors --------------------------------------------- */

static void duplicate_shares_the_position(void **state)
{
	char buf[8];
	int fd, copy;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	copy = t_dup(fd);
	t_expect(copy >= 0 && copy != fd, true);
	t_expect(t_read(fd, buf, 2), 2);
	t_expect(t_read(copy, buf, 2), 2);
	assert_memory_equal(buf, "ll", 2);
	t_close(fd);
	t_expect(t_lseek(copy, 0, SEEK_SET), 0);
	t_expect(t_read(copy, buf, 8), 5);
	t_close(copy);
	t_expect(t_dup(copy), -EBADF);
}

static void attribute_is_read_and_written_by_vectors(void **state)
{
	char a[3] = "", b[8] = "";
	struct t_vec in[] = { { a, 2 }, { b, sizeof(b) } };
	struct t_vec out[] = { { "he", 2 }, { "l", 1 }, { "p!", 2 } };
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_readv(fd, in, 2), 5);
	assert_string_equal(a, "he");
	assert_memory_equal(b, "llo", 3);
	t_expect(t_readv(fd, in, 2), 0);
	t_expect(t_writev(fd, out, 3), -EBADF);
	t_close(fd);
	/* one store() for all */
	fd = open_it(VALUE, O_WRONLY);
	t_expect(t_writev(fd, out, 3), 5);
	t_expect(t_writev(fd, out, 0), 0);
	t_close(fd);
	t_expect_text(VALUE, "help!");
	t_expect_text(THING "/length", "5\n");
}

/* ---- ioctl and poll ------------------------------------------------------ */

static void attribute_answers_what_any_file_does(void **state)
{
	int n = -1, fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_ioctl(fd, FIONREAD, &n, sizeof(n)), 0);
	t_expect(n, 4096);
	t_expect(t_lseek(fd, 96, SEEK_SET), 96);
	t_expect(t_ioctl(fd, FIONREAD, &n, sizeof(n)), 0);
	t_expect(n, 4000);
	t_expect(t_ioctl_raw(fd, FIONREAD, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, FIBMAP, T_BAD_ADDR), -EFAULT);
	n = 0;
	t_expect(t_ioctl(fd, FIBMAP, &n, sizeof(n)), -EINVAL);
	t_expect(t_ioctl(fd, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(n, 4096);
	t_expect(t_ioctl(fd, _IO('m', 1), NULL, 0), -ENOTTY);
	t_close(fd);
	fd = open_it(THING, O_RDONLY);
	t_expect(t_ioctl(fd, FIONREAD, &n, sizeof(n)), -ENOTTY);
	t_close(fd);
}

static void negative_descriptor_is_passed_over_by_poll(void **state)
{
	t_expect(t_poll(-1, POLLIN, 0), 0);
	t_expect(t_poll(-5, POLLIN, 1), 0);
	t_expect(t_poll(999999, POLLIN, 0), POLLNVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(path_leads_to_what_there_is),
		T_TEST(path_may_have_dots_and_many_slashes),
		T_TEST(link_is_followed_unless_it_is_asked_for),
		T_TEST(descriptor_does_what_it_was_opened_for),
		T_TEST(direct_io_is_refused),
		T_TEST(link_that_must_be_a_directory_is_none),
		T_TEST(nothing_is_created_in_sysfs),
		T_TEST(path_descriptor_stands_for_the_path_only),
		T_TEST(position_may_be_beyond_the_end),
		T_TEST(attribute_is_all_data),
		T_TEST(binary_file_is_read_beyond_its_end),
		T_TEST(directory_has_positions_too),
		T_TEST(directory_is_the_same_in_parts),
		T_TEST(position_of_an_entry_can_be_gone_back_to),
		T_TEST(entries_come_and_go_between_two_parts),
		T_TEST(what_stays_is_listed_once_while_others_go),
		T_TEST(buffer_must_hold_an_entry),
		T_TEST(entry_tells_its_type),
		T_TEST(name_with_a_slash_ends_the_list),
		T_TEST(long_name_is_listed_whole),
		T_TEST(directory_counts_its_directories),
		T_TEST(directories_are_the_kernels_alone),
		T_TEST(files_are_the_kernels_alone),
		T_TEST(names_are_the_kernels_alone),
		T_TEST(permissions_can_be_changed),
		T_TEST(size_does_not_change),
		T_TEST(duplicate_shares_the_position),
		T_TEST(attribute_is_read_and_written_by_vectors),
		T_TEST(attribute_answers_what_any_file_does),
		T_TEST(negative_descriptor_is_passed_over_by_poll),
	};

	return t_run("files", tests);
}
