// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of sysfs in the hands of a program that means no good, or knows no better:
 * flags that make no sense, positions at the ends of what there is, memory that ends in
 * the middle of a call, calls that are for other sorts of files, and files that have
 * gone. What a program does in earnest is in sysfs.c and files.c.
 */
#include <dirent.h>
#include <limits.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "thing.h"

#define PAGE	4096

static void expect_position(int fd, long pos)
{
	t_expect(t_lseek(fd, 0, SEEK_CUR), pos);
}

/* ---- flags --------------------------------------------------------------- */

static void appending_is_writing(void **state)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_WRONLY | O_APPEND);
	t_expect(t_write(fd, "abc", 3), 3);
	expect_position(fd, 3);
	t_expect(t_pwrite(fd, "de", 2, 100), 2);
	expect_position(fd, 3);
	t_expect_text(VALUE, "de");
	t_close(fd);
}

static void truncating_changes_nothing(void **state)
{
	char text[8];
	int fd;

	load_hello();
	t_expect(t_close(t_open(VALUE, O_WRONLY | O_TRUNC)), 0);
	t_expect_text(VALUE, "hello");
	/* whoever may only read may, too: root is not asked */
	fd = open_it(THING "/length", O_RDONLY | O_TRUNC);
	t_expect(t_read(fd, text, sizeof(text)), 2);
	t_close(fd);
	t_expect(t_open(THING "/length", O_WRONLY | O_TRUNC), -EACCES);
	t_expect(t_open(THING, O_RDONLY | O_TRUNC), -EISDIR);
	t_expect(t_open(LINK, O_RDONLY | O_TRUNC), -EISDIR);
}

/* Neither reading nor writing, which some devices take for "for ioctl() only". */
static void access_mode_three_is_neither(void **state)
{
	char byte;
	int fd;

	load_hello();
	fd = open_it(VALUE, O_WRONLY | O_RDWR);
	t_expect(t_read(fd, &byte, 1), -EBADF);
	t_expect(t_write(fd, "x", 1), -EBADF);
	t_expect(t_lseek(fd, 3, SEEK_SET), 3);
	t_expect(t_ftruncate(fd, 0), -EINVAL);
	t_close(fd);
	/* so that nothing is asked that they could not do */
	t_expect(t_close(t_open(THING "/do", O_WRONLY | O_RDWR)), 0);
	t_expect(t_close(t_open(THING "/length", O_WRONLY | O_RDWR)), 0);
}

static void flags_without_meaning_are_ignored(void **state)
{
	char text[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR | O_NONBLOCK | O_SYNC | O_NOCTTY | O_CLOEXEC | O_NOATIME);
	t_expect(t_read(fd, text, sizeof(text)), 5);
	t_expect(t_write(fd, "x", 1), 1);
	t_close(fd);
	t_expect(t_close(t_open(THING, O_RDONLY | O_NONBLOCK | O_APPEND)), 0);
}

#define LARGEFILE	0100000		/* of each file that a program of 64 bits opens */

static void flags_can_be_changed_later(void **state)
{
	int fd, path;

	load_hello();
	fd = open_it(VALUE, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_CREAT | O_TRUNC);
	t_expect(t_fcntl(fd, F_GETFL, 0), O_RDWR | O_NOFOLLOW | LARGEFILE);
	t_expect(t_fcntl(fd, F_SETFL, O_WRONLY | O_APPEND | O_NONBLOCK | O_SYNC | O_TRUNC), 0);
	/* what it is for, it stays for */
	t_expect(t_fcntl(fd, F_GETFL, 0),
		 O_RDWR | O_NOFOLLOW | O_APPEND | O_NONBLOCK | LARGEFILE);
	t_expect(t_write(fd, "x", 1), 1);
	t_expect(t_fcntl(fd, F_SETFL, O_DIRECT), -EINVAL);
	t_expect(t_fcntl(fd, F_SETFL, 0), 0);
	t_expect(t_fcntl(fd, F_GETFL, 0), O_RDWR | O_NOFOLLOW | LARGEFILE);
	t_expect(t_fcntl(fd, 12345, 0), -EINVAL);
	path = open_it(VALUE, O_PATH | O_RDWR | O_APPEND);
	t_expect(t_fcntl(path, F_GETFL, 0), O_PATH);
	t_expect(t_fcntl(path, F_SETFL, O_NONBLOCK), -EBADF);
	t_expect(t_fcntl(path, 12345, 0), -EBADF);
	t_close(path);
	t_close(fd);
	t_expect(t_fcntl(fd, F_GETFL, 0), -EBADF);
	t_expect(t_fcntl(-1, F_SETFL, 0), -EBADF);
}

static void duplicate_has_a_number_and_shares_the_flags(void **state)
{
	int fd, copy;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	copy = t_fcntl(fd, F_DUPFD, fd + 20);
	t_expect(copy == fd + 20, true);
	/* from where the first was the lowest is free */
	t_expect(t_fcntl(fd, F_DUPFD_CLOEXEC, 0) == fd + 1, true);
	t_expect(t_fcntl(copy, F_SETFL, O_NONBLOCK), 0);
	t_expect(t_fcntl(fd, F_GETFL, 0), O_NONBLOCK | LARGEFILE);
	t_expect(t_fcntl(fd, F_DUPFD, 1 << 30), -EINVAL);
	t_close(fd + 1);
	t_close(copy);
	copy = t_fcntl(fd, F_DUPFD, 0);
	t_expect(copy == fd + 1, true);
	t_close(copy);
	t_close(fd);
}

static void root_may_all_but_execute(void **state)
{
	load_hello();
	t_expect(t_access(VALUE, 0), 0);
	t_expect(t_access(VALUE, 4 | 2), 0);
	/* though open() will refuse it */
	t_expect(t_access(THING "/do", 4), 0);
	t_expect(t_access(THING "/length", 2), 0);
	t_expect(t_access(VALUE, 1), -EACCES);
	t_expect(t_access(THING, 7), 0);
	t_expect(t_access(LINK, 7), 0);
	t_expect(t_access(VALUE, 8), -EINVAL);
	t_expect(t_access(VALUE, -1), -EINVAL);
	t_expect(t_access(THING "/absent", 0), -ENOENT);
	t_expect(t_access(VALUE "/below", 0), -ENOTDIR);
	/* nothing there is a program */
	t_expect(t_chmod(VALUE, 0755), 0);
	t_expect(t_access(VALUE, 1), -EACCES);
	t_expect(t_chmod(VALUE, 0644), 0);
}

/* ---- positions ----------------------------------------------------------- */

static void positions_end_where_they_are_no_numbers_any_more(void **state)
{
	char byte;
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_pread(fd, &byte, 1, INT64_MAX), -EINVAL);
	t_expect(t_pread(fd, &byte, 1, INT64_MAX - 1), 0);
	t_expect(t_pread(fd, &byte, 1, INT64_MIN), -EINVAL);
	t_expect(t_pwrite(fd, "x", 1, INT64_MAX), -EINVAL);
	t_expect(t_pwrite(fd, "x", 1, INT64_MIN), -EINVAL);
	t_expect_text(VALUE, "hello");
	t_expect(t_pwrite(fd, "far", 3, INT64_MAX - 3), 3);
	t_expect_text(VALUE, "far");
	t_close(fd);
}

static void seeking_does_not_wrap(void **state)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_lseek(fd, 1, SEEK_SET), 1);
	t_expect(t_lseek(fd, INT64_MAX, SEEK_CUR), -EINVAL);
	t_expect(t_lseek(fd, INT64_MIN, SEEK_CUR), -EINVAL);
	t_expect(t_lseek(fd, INT64_MIN, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, INT64_MAX, SEEK_END), -EINVAL);
	t_expect(t_lseek(fd, -PAGE - 1, SEEK_END), -EINVAL);
	t_expect(t_lseek(fd, -PAGE, SEEK_END), 0);
	t_expect(t_lseek(fd, 1, SEEK_END), PAGE + 1);
	t_expect(t_lseek(fd, -1, SEEK_DATA), -ENXIO);
	t_expect(t_lseek(fd, 0, -1), -EINVAL);
	t_expect(t_lseek(fd, 0, 5), -EINVAL);
	expect_position(fd, PAGE + 1);
	t_close(fd);
}

/* What is written moves the position of what is read. */
static void reads_and_writes_share_a_position(void **state)
{
	char text[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_read(fd, text, 2), 2);
	t_expect(t_write(fd, "HELLO", 5), 5);
	expect_position(fd, 7);
	t_expect(t_read(fd, text, sizeof(text)), 0);
	t_expect(t_lseek(fd, 1, SEEK_SET), 1);
	t_expect(t_read(fd, text, sizeof(text)), 4);
	assert_memory_equal(text, "ELLO", 4);
	t_close(fd);
}

/* A jump back is shown anew, one to where it was is not. */
static void what_is_read_again_is_shown_again(void **state)
{
	char text[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_read(fd, text, 3), 3);
	t_expect(t_put(VALUE, "WORLD"), 5);
	t_expect(t_lseek(fd, 3, SEEK_SET), 3);
	t_expect(t_read(fd, text, 1), 1);
	assert_memory_equal(text, "l", 1);
	t_expect(t_lseek(fd, 2, SEEK_SET), 2);
	t_expect(t_read(fd, text, 3), 3);
	assert_memory_equal(text, "RLD", 3);
	t_close(fd);
}

static void long_attribute_is_read_in_any_pieces(void **state)
{
	static const size_t sizes[] = { 1, 7, 64, 1000, 4094, 4095 };
	char whole[PAGE + 1], piece[PAGE];
	ssize_t n, at;
	size_t i;
	int fd;

	load_hello();
	t_expect(t_get(THING "/limit", whole, sizeof(whole)), PAGE - 1);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fd = open_it(THING "/limit", O_RDONLY);
		/* the first hundred of pieces, and then from near the end */
		for (at = 0; at < 100 && (n = t_read(fd, piece, sizes[i])) > 0; at += n)
			assert_memory_equal(piece, whole + at, n);
		t_expect(t_lseek(fd, PAGE - 3, SEEK_SET), PAGE - 3);
		t_expect(t_read(fd, piece, sizes[i]), sizes[i] == 1 ? 1 : 2);
		assert_memory_equal(piece, whole + PAGE - 3, 1);
		t_close(fd);
	}
}

static void binary_attribute_ends_at_its_size(void **state)
{
	char buf[100];
	int fd;

	load_hello();
	run("group", 0);
	fd = open_it(THING "/looks/blob", O_RDWR);
	t_expect(t_pwrite(fd, "abcdefgh", 8, 60), 4);
	t_expect(t_pwrite(fd, "x", 1, 64), -EFBIG);
	t_expect(t_pwrite(fd, "x", 1, INT64_MAX - 1), -EFBIG);
	t_expect(t_pwrite(fd, "", 0, 64), -EFBIG);
	t_expect(t_pread(fd, buf, sizeof(buf), 58), 6);
	assert_memory_equal(buf + 2, "abcd", 4);
	t_expect(t_pread(fd, buf, 1, 64), 0);
	t_expect(t_pread(fd, buf, 1, INT64_MAX - 1), 0);
	t_expect(t_read(fd, buf, sizeof(buf)), 64);
	expect_position(fd, 64);
	t_expect(t_write(fd, "x", 1), -EFBIG);
	t_expect(t_lseek(fd, 0, SEEK_END), 64);
	t_expect(t_lseek(fd, -1, SEEK_END), 63);
	t_expect(t_write(fd, "xy", 2), 1);
	t_close(fd);
	run("ungroup", 0);
}

/* ---- memory -------------------------------------------------------------- */

static void count_may_be_larger_than_memory(void **state)
{
	struct t_user *u = t_user_alloc(PAGE);
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_read_raw(fd, t_user_addr(u), SIZE_MAX), -EFAULT);
	t_expect(t_read_raw(fd, t_user_addr(u), SSIZE_MAX), -EFAULT);
	t_expect(t_write_raw(fd, t_user_addr(u), SIZE_MAX), -EFAULT);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 0), 0);
	t_expect(t_write_raw(fd, T_BAD_ADDR, 0), 0);
	t_expect(t_read_raw(fd, ULONG_MAX, 1), -EFAULT);
	t_expect(t_read_raw(fd, ULONG_MAX, 0), -EFAULT);
	expect_position(fd, 0);
	t_expect_text(VALUE, "hello");
	t_close(fd);
	t_user_free(u);
}

/* The last bytes of a page, behind which there is none. */
static void what_fits_is_read_and_the_rest_later(void **state)
{
	struct t_user *u = t_user_alloc(PAGE);
	unsigned long end = t_user_addr(u) + PAGE;
	char text[8];
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_read_raw(fd, end - 3, 8), 3);
	expect_position(fd, 3);
	assert_memory_equal((char *)t_user_ptr(u) + PAGE - 3, "hel", 3);
	t_expect(t_read_raw(fd, end, 8), -EFAULT);
	expect_position(fd, 3);
	t_expect(t_read(fd, text, sizeof(text)), 2);
	assert_memory_equal(text, "lo", 2);
	t_close(fd);
	t_user_free(u);
}

static void what_is_not_whole_is_not_stored(void **state)
{
	struct t_user *u = t_user_alloc(PAGE);
	int fd;

	load_hello();
	memcpy((char *)t_user_ptr(u) + PAGE - 3, "abc", 3);
	fd = open_it(VALUE, O_WRONLY);
	t_expect(t_write_raw(fd, t_user_addr(u) + PAGE - 3, 5), -EFAULT);
	expect_position(fd, 0);
	t_expect_text(VALUE, "hello");
	t_expect(t_write_raw(fd, t_user_addr(u) + PAGE - 3, 3), 3);
	t_expect_text(VALUE, "abc");
	t_close(fd);
	t_user_free(u);
}

static void binary_attribute_is_read_whole_or_not(void **state)
{
	struct t_user *u = t_user_alloc(PAGE);
	int fd;

	load_hello();
	run("group", 0);
	fd = open_it(THING "/looks/blob", O_RDWR);
	t_expect(t_read_raw(fd, t_user_addr(u) + PAGE - 3, 8), -EFAULT);
	expect_position(fd, 0);
	t_expect(t_write_raw(fd, t_user_addr(u) + PAGE - 3, 8), -EFAULT);
	expect_position(fd, 0);
	t_user_readonly(u);
	t_expect(t_read_raw(fd, t_user_addr(u), 8), -EFAULT);
	t_expect(t_write_raw(fd, t_user_addr(u), 8), 8);
	t_close(fd);
	t_user_free(u);
	run("ungroup", 0);
}

/* ---- calls for other sorts of files -------------------------------------- */

static long map(int fd, size_t length, int prot, int flags, int64_t offset)
{
	int err;

	t_mmap(length, prot, flags, fd, offset, &err);
	return err;
}

static void attribute_is_not_mapped(void **state)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(map(fd, PAGE, PROT_READ, MAP_SHARED, 0), -ENODEV);
	t_expect(map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), -ENODEV);
	t_expect(map(fd, PAGE, PROT_READ, MAP_PRIVATE, 0), -ENODEV);
	t_expect(map(fd, 0, PROT_READ, MAP_SHARED, 0), -EINVAL);
	t_close(fd);
	fd = open_it(VALUE, O_WRONLY);
	t_expect(map(fd, PAGE, PROT_WRITE, MAP_SHARED, 0), -EACCES);
	t_close(fd);
	fd = open_it(VALUE, O_RDONLY);
	t_expect(map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0), -EACCES);
	t_expect(map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0), -ENODEV);
	t_close(fd);
	fd = open_it(THING, O_RDONLY);
	t_expect(map(fd, PAGE, PROT_READ, MAP_SHARED, 0), -ENODEV);
	t_close(fd);
	t_expect(map(fd, PAGE, PROT_READ, MAP_SHARED, 0), -EBADF);
}

static void ioctls_of_filesystems_are_not_for_attributes(void **state)
{
	int64_t bytes = -1;
	int fd, n = 0;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_ioctl(fd, FIONBIO, &n, sizeof(n)), 0);
	t_expect(t_ioctl(fd, FIOASYNC, &n, sizeof(n)), 0);
	n = 1;
	t_expect(t_ioctl(fd, FIOASYNC, &n, sizeof(n)), -ENOTTY);
	t_expect(t_ioctl(fd, FIOQSIZE, &bytes, sizeof(bytes)), 0);
	t_expect(bytes, 0);
	t_expect(t_ioctl_raw(fd, FIONBIO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, FIGETBSZ, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, FIOCLEX, T_BAD_ADDR), 0);
	t_expect(t_ioctl_raw(fd, 0, 0), -ENOTTY);
	t_expect(t_ioctl_raw(fd, ~0UL, ~0UL), -ENOTTY);
	/* the terminal's */
	t_expect(t_ioctl_raw(fd, TCGETS, T_BAD_ADDR), -ENOTTY);
	t_expect(t_ioctl_raw(fd, FS_IOC_GETFLAGS, T_BAD_ADDR), -ENOTTY);
	t_close(fd);
	t_expect(t_ioctl_raw(fd, FIOCLEX, 0), -EBADF);
}

static void directory_is_neither_read_nor_written(void **state)
{
	char byte = 'x';
	struct t_vec vec = { &byte, 1 };
	int fd, n;

	load_hello();
	fd = open_it(THING, O_RDONLY);
	t_expect(t_pread(fd, &byte, 1, 0), -EISDIR);
	t_expect(t_pwrite(fd, "x", 1, 0), -EBADF);
	t_expect(t_readv(fd, &vec, 1), -EISDIR);
	t_expect(t_writev(fd, &vec, 1), -EBADF);
	t_expect(t_ftruncate(fd, 0), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_END), 0);
	t_expect(t_lseek(fd, -1, SEEK_SET), -EINVAL);
	t_expect(t_ioctl(fd, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(t_ioctl_raw(fd, FIBMAP, T_BAD_ADDR), -ENOTTY);
	t_expect(t_poll(fd, POLLIN | POLLOUT | POLLPRI, 0), POLLIN | POLLOUT);
	t_close(fd);
}

static void vectors_may_be_empty_or_end_early(void **state)
{
	char a[2], b[8];
	struct t_vec in[] = { { a, 0 }, { a, 2 }, { b, 0 }, { b, sizeof(b) } };
	struct t_vec out[] = { { "", 0 }, { "ab", 2 }, { "", 0 }, { "cd", 2 } };
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	t_expect(t_readv(fd, in, 4), 5);
	assert_memory_equal(a, "he", 2);
	assert_memory_equal(b, "llo", 3);
	t_expect(t_readv(fd, in, 0), 0);
	t_expect(t_writev(fd, out, 4), 4);
	t_expect_text(VALUE, "abcd");
	t_expect(t_writev(fd, out, 1), 0);
	t_expect_text(VALUE, "abcd");
	t_close(fd);
}

/* ---- from one to another ------------------------------------------------- */

static void attribute_is_sent_to_another(void **state)
{
	int64_t pos = 1;
	int in, out;

	load_hello();
	in = open_it(VALUE, O_RDONLY);
	out = open_it(THING "/page", O_WRONLY);
	t_expect(t_put(VALUE, "64"), 2);
	t_expect(t_sendfile(out, in, NULL, 100), 2);
	expect_position(in, 2);
	expect_position(out, 2);
	/* at its end nothing is stored */
	t_expect(t_sendfile(out, in, NULL, 100), 0);
	t_expect(t_sendfile(out, in, &pos, 100), 1);
	t_expect(pos, 2);
	expect_position(in, 2);
	t_close(out);
	/* in as many stores as it takes */
	t_expect(t_put(VALUE, "abcdefgh"), 8);
	out = open_it(THING "/sip", O_WRONLY);
	pos = 0;
	t_expect(t_sendfile(out, in, &pos, 8), 8);
	expect_position(out, 8);
	t_close(out);
	t_close(in);
	t_expect(t_sendfile(out, in, NULL, 1), -EBADF);
}

static void sending_is_refused_by_either_side(void **state)
{
	int in, out, dir;
	int64_t pos;

	load_hello();
	in = open_it(VALUE, O_RDONLY);
	out = open_it(THING "/page", O_WRONLY);
	/* store() does not take it */
	t_expect(t_sendfile(out, in, NULL, 5), -EINVAL);
	expect_position(in, 0);
	t_expect(t_sendfile(in, in, NULL, 5), -EBADF);
	t_expect(t_sendfile(out, out, NULL, 5), -EBADF);
	t_expect(t_sendfile(out, in, NULL, 0), 0);
	pos = -1;
	t_expect(t_sendfile(out, in, &pos, 1), -EINVAL);
	pos = INT64_MAX;
	t_expect(t_sendfile(out, in, &pos, 1), -EINVAL);
	t_expect(t_fcntl(out, F_SETFL, O_APPEND), 0);
	t_expect(t_sendfile(out, in, NULL, 5), -EINVAL);
	t_expect(t_fcntl(out, F_SETFL, 0), 0);
	dir = open_it(THING, O_RDONLY);
	t_expect(t_sendfile(out, dir, NULL, 5), -EINVAL);
	t_expect(t_sendfile(dir, in, NULL, 5), -EBADF);
	t_close(dir);
	t_close(out);
	run("unvalue", 0);
	out = open_it(THING "/sip", O_WRONLY);
	t_expect(t_sendfile(out, in, NULL, 5), -ENODEV);
	t_close(out);
	t_close(in);
}

static void range_is_copied_as_far_as_stat_says(void **state)
{
	int64_t from = 1, to = 0;
	int in, out, dir;

	load_hello();
	in = open_it(VALUE, O_RDONLY);
	out = open_it(THING "/sip", O_WRONLY);
	t_expect(t_copy_file_range(in, &from, out, &to, 100, 0), 4);
	t_expect(from, 5);
	t_expect(to, 4);
	from = PAGE;
	t_expect(t_copy_file_range(in, &from, out, &to, 100, 0), 0);
	t_expect(t_copy_file_range(in, NULL, out, NULL, 2, 0), 2);
	expect_position(in, 2);
	expect_position(out, 2);
	t_expect(t_copy_file_range(in, NULL, out, NULL, 2, 1), -EINVAL);
	t_expect(t_copy_file_range(out, NULL, in, NULL, 2, 0), -EBADF);
	from = INT64_MAX;
	t_expect(t_copy_file_range(in, &from, out, NULL, 2, 0), 0);
	from = -1;
	t_expect(t_copy_file_range(in, &from, out, NULL, 2, 0), -EOVERFLOW);
	from = -100;
	t_expect(t_copy_file_range(in, &from, out, NULL, 2, 0), -EINVAL);
	dir = open_it(THING, O_RDONLY);
	t_expect(t_copy_file_range(dir, NULL, out, NULL, 2, 0), -EISDIR);
	t_close(dir);
	t_close(out);
	/* over itself, or not */
	out = open_it(VALUE, O_WRONLY);
	from = 0;
	to = 1;
	t_expect(t_copy_file_range(in, &from, out, &to, 2, 0), -EINVAL);
	to = 2;
	t_expect(t_copy_file_range(in, &from, out, &to, 2, 0), 2);
	t_expect_text(VALUE, "he");
	t_close(out);
	t_close(in);
}

/* ---- paths --------------------------------------------------------------- */

static void dots_behind_a_link_are_of_where_it_leads(void **state)
{
	char list[4096], target[64];
	struct t_stat st;

	load_hello();
	t_expect_text(LINK "/../thing/value", "hello");
	t_expect_text(LINK "/../../mdev_test/thing/./subsystem/thing/value", "hello");
	t_expect(t_list(LINK "/..", list, sizeof(list)) > 0, true);
	assert_non_null(strstr(list, "control"));
	t_expect(t_stat(LINK "/../../../../../../../../..", &st), 0);
	t_expect(st.mode & S_IFMT, S_IFDIR);
	t_expect(t_readlink(LINK "/", target, sizeof(target)), -EINVAL);
	t_expect(t_readlink(LINK "/..", target, sizeof(target)), -EINVAL);
	t_expect(t_readlink(LINK "/subsystem", target, sizeof(target)) > 0, true);
	assert_string_equal(target, "../../../../class/mdev_test");
	t_expect(t_readlink(THING "/value/", target, sizeof(target)), -ENOTDIR);
}

static void link_is_not_what_it_points_at(void **state)
{
	load_hello();
	run("add one", 0);
	run("link pointer one", 0);
	t_expect(t_truncate(THING "/pointer", 0), -EISDIR);
	t_expect(t_unlink(THING "/pointer"), -EPERM);
	t_expect(t_unlink(THING "/pointer/"), -ENOTDIR);
	t_expect(t_rmdir(THING "/pointer"), -ENOTDIR);
	t_expect(t_mkdir(THING "/pointer"), -EEXIST);
	t_expect(t_rename(THING "/pointer", THING "/other"), -EPERM);
	t_expect(t_open(THING "/pointer", O_WRONLY), -EISDIR);
	run("unlink pointer", 0);
}

/* The name stays, and leads nowhere. */
static void link_may_outlive_what_it_points_at(void **state)
{
	char target[64];
	struct t_stat st;

	load_hello();
	run("add one", 0);
	run("link pointer one", 0);
	run("put one", 0);
	t_expect(t_readlink(THING "/pointer", target, sizeof(target)), 3);
	assert_string_equal(target, "one");
	t_expect(t_lstat(THING "/pointer", &st), 0);
	t_expect(t_stat(THING "/pointer", &st), -ENOENT);
	t_expect(t_open(THING "/pointer", O_RDONLY), -ENOENT);
	t_expect(t_open(THING "/pointer", O_CREAT | O_RDWR), -EACCES);
	t_expect(t_mkdir(THING "/pointer"), -EEXIST);
	run("unlink pointer", 0);
}

/* ---- what has gone ------------------------------------------------------- */

static void directory_that_has_gone_is_empty(void **state)
{
	char buf[512];
	struct t_stat st;
	int fd, early;

	load_hello();
	run("add parent", 0);
	run("add_below child parent", 0);
	fd = open_it(THING "/parent", O_RDONLY);
	early = open_it(THING "/parent", O_RDONLY);
	t_expect(t_getdents(early, buf, 24), 24);
	run("put child", 0);
	run("put parent", 0);
	t_expect(t_getdents(fd, buf, sizeof(buf)), 48);
	t_expect(t_getdents(fd, buf, sizeof(buf)), 0);
	t_expect(t_getdents(early, buf, sizeof(buf)), 24);
	t_expect(t_getdents(early, buf, sizeof(buf)), 0);
	t_expect(t_fstat(fd, &st), 0);
	t_expect(st.mode, S_IFDIR | 0755);
	/* one of its name is another */
	run("add parent", 0);
	run("add_below child parent", 0);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	t_expect(t_getdents(fd, buf, sizeof(buf)), 48);
	t_close(fd);
	t_close(early);
	t_expect(st.nlink, 2);
}

static void attribute_that_has_gone_has_no_more_to_say(void **state)
{
	char text[8];
	struct t_stat st;
	int fd, late;

	load_hello();
	fd = open_it(VALUE, O_RDWR);
	late = open_it(VALUE, O_RDONLY);
	t_expect(t_read(fd, text, 2), 2);
	run("unvalue", 0);
	/* what was shown before is still there */
	t_expect(t_read(fd, text, 1), 1);
	assert_memory_equal(text, "l", 1);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	t_expect(t_read(fd, text, sizeof(text)), -ENODEV);
	t_expect(t_read(late, text, sizeof(text)), -ENODEV);
	t_expect(t_read(late, text, 0), 0);
	t_expect(t_write(fd, "x", 1), -ENODEV);
	t_expect(t_write(fd, "", 0), -ENODEV);
	t_expect(t_lseek(fd, 0, SEEK_END), PAGE);
	t_expect(t_fstat(fd, &st), 0);
	t_expect(st.mode, S_IFREG | 0644);
	t_expect(st.size, PAGE);
	t_expect(t_ftruncate(fd, 0), 0);
	t_close(fd);
	t_close(late);
}

static void nothing_is_spliced_without_a_pipe(void **state)
{
	int in, out;

	load_hello();
	in = open_it(VALUE, O_RDONLY);
	out = open_it(THING "/page", O_WRONLY);
	t_expect(t_splice(in, out, 5, 0), -EINVAL);
	t_expect(t_splice(in, out, 0, 0), 0);
	t_expect(t_splice(-1, out, 0, 0), 0);
	t_expect(t_splice(in, out, 5, 0x10), -EINVAL);
	t_expect(t_splice(out, in, 5, 0), -EBADF);
	t_expect(t_splice(in, -1, 5, 0), -EBADF);
	t_expect(t_tee(in, out, 5, 0), -EINVAL);
	t_expect(t_tee(in, out, 0, 0), 0);
	t_expect(t_tee(-1, out, 0, 0x10), -EINVAL);
	t_expect(t_tee(-1, out, 5, 0), -EBADF);
	t_expect(t_tee(in, in, 5, 0), -EBADF);
	expect_position(in, 0);
	t_close(in);
	t_close(out);
}

/* ---- what a program may hang on any file ----------------------------------- */

#define CREATE	1
#define REPLACE	2

static void names_of_extended_attributes_are_checked(void **state)
{
	char name[257 + 8] = "trusted.", text[8];

	load_hello();
	t_expect(t_getxattr(VALUE, "user.a", text, sizeof(text)), -ENODATA);
	t_expect(t_setxattr(VALUE, "user.a", "x", 1, 0), -EOPNOTSUPP);
	t_expect(t_removexattr(VALUE, "user.a"), -EOPNOTSUPP);
	t_expect(t_getxattr(VALUE, "system.posix_acl_access", text, sizeof(text)), -EOPNOTSUPP);
	t_expect(t_setxattr(VALUE, "nonsense", "x", 1, 0), -EOPNOTSUPP);
	t_expect(t_getxattr(VALUE, "nonsense", text, sizeof(text)), -EOPNOTSUPP);
	t_expect(t_getxattr(VALUE, "trusted.", text, sizeof(text)), -EINVAL);
	t_expect(t_setxattr(VALUE, "trusted.", "x", 1, 0), -EINVAL);
	t_expect(t_getxattr(VALUE, "", text, sizeof(text)), -ERANGE);
	t_expect(t_setxattr(VALUE, "", "x", 1, 0), -ERANGE);
	memset(name + 8, 'n', 248);
	t_expect(t_setxattr(VALUE, name, "x", 1, 0), -ERANGE);
	t_expect(t_setxattr(VALUE, "trusted.a", "x", 1, 4), -EINVAL);
	t_expect(t_getxattr(THING "/absent", "trusted.a", text, sizeof(text)), -ENOENT);
	t_expect(t_setxattr(VALUE "/below", "trusted.a", "x", 1, 0), -ENOTDIR);
	t_expect(t_listxattr(VALUE, text, sizeof(text)), 0);
}

static void extended_attribute_is_kept_for_its_file(void **state)
{
	static char large[65537];
	char text[16] = "";

	load_hello();
	t_expect(t_getxattr(VALUE, "trusted.a", text, sizeof(text)), -ENODATA);
	t_expect(t_setxattr(VALUE, "trusted.a", "x", 1, REPLACE), -ENODATA);
	t_expect(t_removexattr(VALUE, "trusted.a"), -ENODATA);
	t_expect(t_setxattr(VALUE, "trusted.a", "first", 5, CREATE), 0);
	t_expect(t_setxattr(VALUE, "trusted.a", "x", 1, CREATE), -EEXIST);
	t_expect(t_setxattr(VALUE, "trusted.a", "second", 6, REPLACE), 0);
	t_expect(t_getxattr(VALUE, "trusted.a", NULL, 0), 6);
	t_expect(t_getxattr(VALUE, "trusted.a", text, 5), -ERANGE);
	t_expect(t_getxattr(VALUE, "trusted.a", text, sizeof(text)), 6);
	assert_string_equal(text, "second");
	t_expect(t_listxattr(VALUE, NULL, 0), 10);
	t_expect(t_listxattr(VALUE, text, 9), -ERANGE);
	t_expect(t_listxattr(VALUE, text, sizeof(text)), 10);
	assert_string_equal(text, "trusted.a");
	/* nothing is something, too */
	t_expect(t_setxattr(VALUE, "trusted.a", "", 0, 0), 0);
	t_expect(t_getxattr(VALUE, "trusted.a", text, sizeof(text)), 0);
	t_expect(t_setxattr(VALUE, "trusted.a", large, sizeof(large), 0), -E2BIG);
	/* no other file has it, and none of the same name later */
	t_expect(t_listxattr(THING "/length", text, sizeof(text)), 0);
	t_expect(t_listxattr(THING, text, sizeof(text)), 0);
	t_expect(t_removexattr(VALUE, "trusted.a"), 0);
	t_expect(t_listxattr(VALUE, NULL, 0), 0);
	t_expect_text(VALUE, "hello");
}

static void extended_attributes_go_with_their_directory(void **state)
{
	char text[8];

	load_hello();
	run("add one", 0);
	t_expect(t_setxattr(THING "/one", "trusted.a", "x", 1, 0), 0);
	t_expect(t_setxattr(LINK, "trusted.b", "y", 1, 0), 0);
	t_expect(t_getxattr(THING, "trusted.b", text, sizeof(text)), 1);
	run("put one", 0);
	t_expect(t_getxattr(THING "/one", "trusted.a", text, sizeof(text)), -ENOENT);
	run("add one", 0);
	t_expect(t_getxattr(THING "/one", "trusted.a", text, sizeof(text)), -ENODATA);
	t_expect(t_removexattr(THING, "trusted.b"), 0);
}

static void lock_is_of_the_open_file(void **state)
{
	int one, two, copy;

	load_hello();
	one = open_it(VALUE, O_RDONLY);
	two = open_it(VALUE, O_WRONLY);
	t_expect(t_flock(one, LOCK_SH | LOCK_NB), 0);
	t_expect(t_flock(two, LOCK_SH | LOCK_NB), 0);
	t_expect(t_flock(one, LOCK_EX | LOCK_NB), -EWOULDBLOCK);
	/* and the one that it had is lost */
	t_expect(t_flock(two, LOCK_EX | LOCK_NB), 0);
	t_expect(t_flock(one, LOCK_SH | LOCK_NB), -EWOULDBLOCK);
	/* the store is not asked */
	t_expect(t_put(VALUE, "text"), 4);
	copy = t_dup(two);
	t_expect(t_close(two), 0);
	t_expect(t_flock(one, LOCK_SH | LOCK_NB), -EWOULDBLOCK);
	t_expect(t_flock(copy, LOCK_UN), 0);
	t_expect(t_flock(copy, LOCK_UN), 0);
	t_expect(t_flock(one, LOCK_EX | LOCK_NB), 0);
	t_expect(t_flock(one, LOCK_EX | LOCK_NB), 0);
	t_expect(t_close(one), 0);
	t_expect(t_flock(copy, LOCK_EX | LOCK_NB), 0);
	t_expect(t_close(copy), 0);
}

static void lock_needs_a_file_and_a_sort(void **state)
{
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_flock(fd, 0), -EINVAL);
	t_expect(t_flock(fd, LOCK_SH | LOCK_EX), -EINVAL);
	t_expect(t_flock(fd, LOCK_EX | 0x40), -EINVAL);
	t_close(fd);
	t_expect(t_flock(fd, LOCK_EX), -EBADF);
	t_expect(t_flock(-1, LOCK_UN), -EBADF);
	fd = open_it(VALUE, O_PATH);
	t_expect(t_flock(fd, LOCK_EX), -EBADF);
	t_close(fd);
	fd = open_it(VALUE, O_WRONLY | O_RDWR);
	t_expect(t_flock(fd, LOCK_EX | LOCK_NB), -EBADF);
	t_close(fd);
	fd = open_it(THING, O_RDONLY);
	t_expect(t_flock(fd, LOCK_EX | LOCK_NB), 0);
	t_close(fd);
}

static long lock_and_close(void *path)
{
	int fd = t_open(path, O_RDONLY);
	long ret = t_flock(fd, LOCK_EX);

	t_close(fd);
	return ret;
}

static void lock_is_waited_for(void **state)
{
	struct t_task *task;
	int fd;

	load_hello();
	fd = open_it(VALUE, O_RDONLY);
	t_expect(t_flock(fd, LOCK_SH), 0);
	task = t_task_start("locker", lock_and_close, VALUE);
	t_expect(t_task_wait_blocked(task), true);
	t_expect(t_flock(fd, LOCK_UN), 0);
	t_expect(t_task_join(task), 0);
	t_expect(t_flock(fd, LOCK_EX), 0);
	task = t_task_start("locker", lock_and_close, VALUE);
	t_expect(t_task_wait_blocked(task), true);
	t_close(fd);
	t_expect(t_task_join(task), 0);
}

static void expect_same(const struct t_stat *a, const struct t_stat *b)
{
	t_expect(a->mode, b->mode);
	t_expect(a->size, b->size);
	t_expect(a->nlink, b->nlink);
	t_expect(a->rdev, b->rdev);
}

static void extended_stat_says_what_stat_does(void **state)
{
	struct t_stat st, all;

	load_hello();
	t_expect(t_stat(VALUE, &st), 0);
	t_expect(t_statx(VALUE, 0, 0x7ff, &all), 0);
	expect_same(&all, &st);
	/* whatever is asked for, and in whatever way */
	t_expect(t_statx(VALUE, 0x2000, 0, &all), 0);
	expect_same(&all, &st);
	t_expect(t_statx(VALUE, 0x4000, 0x7fffffff, &all), 0);
	expect_same(&all, &st);
	t_expect(t_statx(LINK, 0x100, 0x7ff, &all), 0);
	t_expect(all.mode, S_IFLNK | 0777);
	t_expect(t_statx(VALUE, 0x6000, 0, &all), -EINVAL);
	t_expect(t_statx(VALUE, 0x10, 0, &all), -EINVAL);
	t_expect(t_statx(VALUE, 0, 0x80000000, &all), -EINVAL);
	t_expect(t_statx("", 0, 0, &all), -ENOENT);
	t_expect(t_statx(VALUE "/below", 0, 0, &all), -ENOTDIR);
}

static void file_has_no_handle(void **state)
{
	load_hello();
	t_expect(t_name_to_handle(VALUE, 0), -EOPNOTSUPP);
	t_expect(t_name_to_handle(THING, 0), -EOPNOTSUPP);
	t_expect(t_name_to_handle(LINK, 0x400), -EOPNOTSUPP);
	t_expect(t_name_to_handle(VALUE, 0x100), -EINVAL);
	t_expect(t_name_to_handle("", 0), -ENOENT);
	t_expect(t_name_to_handle(THING "/absent", 0), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(appending_is_writing),
		T_TEST(truncating_changes_nothing),
		T_TEST(access_mode_three_is_neither),
		T_TEST(flags_without_meaning_are_ignored),
		T_TEST(flags_can_be_changed_later),
		T_TEST(duplicate_has_a_number_and_shares_the_flags),
		T_TEST(root_may_all_but_execute),
		T_TEST(positions_end_where_they_are_no_numbers_any_more),
		T_TEST(seeking_does_not_wrap),
		T_TEST(reads_and_writes_share_a_position),
		T_TEST(what_is_read_again_is_shown_again),
		T_TEST(long_attribute_is_read_in_any_pieces),
		T_TEST(binary_attribute_ends_at_its_size),
		T_TEST(count_may_be_larger_than_memory),
		T_TEST(what_fits_is_read_and_the_rest_later),
		T_TEST(what_is_not_whole_is_not_stored),
		T_TEST(binary_attribute_is_read_whole_or_not),
		T_TEST(attribute_is_not_mapped),
		T_TEST(ioctls_of_filesystems_are_not_for_attributes),
		T_TEST(directory_is_neither_read_nor_written),
		T_TEST(vectors_may_be_empty_or_end_early),
		T_TEST(attribute_is_sent_to_another),
		T_TEST(sending_is_refused_by_either_side),
		T_TEST(range_is_copied_as_far_as_stat_says),
		T_TEST(dots_behind_a_link_are_of_where_it_leads),
		T_TEST(link_is_not_what_it_points_at),
		T_TEST(link_may_outlive_what_it_points_at),
		T_TEST(directory_that_has_gone_is_empty),
		T_TEST(attribute_that_has_gone_has_no_more_to_say),
		T_TEST(nothing_is_spliced_without_a_pipe),
		T_TEST(names_of_extended_attributes_are_checked),
		T_TEST(extended_attribute_is_kept_for_its_file),
		T_TEST(extended_attributes_go_with_their_directory),
		T_TEST(lock_is_of_the_open_file),
		T_TEST(lock_needs_a_file_and_a_sort),
		T_TEST(lock_is_waited_for),
		T_TEST(extended_stat_says_what_stat_does),
		T_TEST(file_has_no_handle),
	};

	return t_run("attributes", tests);
}
