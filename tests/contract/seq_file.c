// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of records: what a reader gets of them, by whatever pieces and from
 * wherever; records that are skipped, too large, or fail.
 */
#include <unistd.h>

#include "mdev_test.h"

#define NUMBERS	"/dev/seq_numbers"
#define SINGLE	"/dev/seq_single"
#define LIST	"/dev/seq_list"

#define FIVE	"number 0\nnumber 1\nnumber 2\nnumber 3\nnumber 4\n"

static void load(const char *params)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("seq_test", params), 0);
}

static void unload(void)
{
	t_expect(t_rmmod("seq_test"), 0);
	t_expect(t_rmmod("mdev_test_control"), 0);
}

static int open_numbers(const char *params)
{
	int fd;

	load(params);
	fd = t_open(NUMBERS, O_RDONLY);
	t_expect(fd >= 0, true);
	return fd;
}

/* All of it, by reads of @piece bytes; the length. */
static size_t read_all(int fd, char *text, size_t size, size_t piece)
{
	size_t n = 0;
	ssize_t ret;

	while ((ret = t_read(fd, text + n, piece)) > 0) {
		t_expect(ret <= (ssize_t)piece, true);
		n += ret;
		t_expect(n + piece < size, true);
	}
	t_expect(ret, 0);
	text[n] = '\0';
	return n;
}

static void expect_read(int fd, size_t piece, const char *want)
{
	char text[16384];

	size_t n = read_all(fd, text, sizeof(text), piece);

	assert_string_equal(text, want);
	t_expect(n, strlen(want));
}

static void records_come_one_after_another(void **state)
{
	int fd = open_numbers(NULL);

	expect_read(fd, 4096, FIVE);
	t_expect(t_close(fd), 0);
}

static void pieces_of_any_size_give_the_same(void **state)
{
	static const size_t pieces[] = { 1, 3, 9, 10, 44, 45, 46 };
	unsigned int i;
	int fd;

	load(NULL);
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		fd = t_open(NUMBERS, O_RDONLY);
		expect_read(fd, pieces[i], FIVE);
		t_expect(t_close(fd), 0);
	}
}

static void any_position_can_be_read_from(void **state)
{
	char text[64];
	int fd = open_numbers(NULL), at;

	for (at = 44; at >= 0; at -= 11) {
		t_expect(t_pread(fd, text, sizeof(text), at), 45 - at);
		assert_memory_equal(text, &FIVE[at], 45 - at);
	}
	t_expect(t_pread(fd, text, sizeof(text), 45), 0);
	t_expect(t_pread(fd, text, sizeof(text), 1000), 0);
	/* and that moves nothing */
	t_expect(t_read(fd, text, 9), 9);
	assert_memory_equal(text, "number 0\n", 9);
	t_expect(t_close(fd), 0);
}

static void position_can_be_set(void **state)
{
	char text[16];
	int fd = open_numbers(NULL);

	t_expect(t_lseek(fd, 18, SEEK_SET), 18);
	t_expect(t_read(fd, text, 9), 9);
	assert_memory_equal(text, "number 2\n", 9);
	t_expect(t_lseek(fd, 9, SEEK_CUR), 36);
	t_expect(t_read(fd, text, 9), 9);
	assert_memory_equal(text, "number 4\n", 9);
	t_expect(t_lseek(fd, -1, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, -100, SEEK_CUR), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_END), -EINVAL);
	t_expect(t_lseek(fd, 0, SEEK_SET), 0);
	expect_read(fd, 100, FIVE);
	t_expect(t_close(fd), 0);
}

static void skipped_record_is_not_there(void **state)
{
	int fd = open_numbers("skip=0");

	expect_read(fd, 4096, "number 1\nnumber 2\nnumber 3\nnumber 4\n");
	t_expect(t_close(fd), 0);
	unload();
	fd = open_numbers("skip=3 count=5");
	expect_read(fd, 7, "number 0\nnumber 1\nnumber 2\nnumber 4\n");
	t_expect(t_close(fd), 0);
}

static void record_of_any_size_is_whole(void **state)
{
	static char text[16384];
	int fd = open_numbers("large=2");
	size_t i;

	t_expect(read_all(fd, text, sizeof(text), 4000), 45 + 6000);
	assert_memory_equal(text, "number 0\nnumber 1\nnumber 2x", 27);
	for (i = 26; i < 26 + 6000; i++)
		assert_int_equal(text[i], 'x');
	assert_string_equal(text + i, "\nnumber 3\nnumber 4\n");
	t_expect(t_pread(fd, text, 10, 6025), 10);
	assert_memory_equal(text, "x\nnumber 3", 10);
	t_expect(t_close(fd), 0);
}

static void error_comes_behind_what_was_read(void **state)
{
	char text[64];
	int fd = open_numbers("fail=2");

	t_expect(t_read(fd, text, sizeof(text)), 18);
	t_expect(t_read(fd, text, sizeof(text)), -EIO);
	t_expect(t_read(fd, text, sizeof(text)), -EIO);
	t_expect(t_pread(fd, text, sizeof(text), 9), 9);
	t_expect(t_pread(fd, text, sizeof(text), 30), -EIO);
	t_expect(t_close(fd), 0);
	unload();
	fd = open_numbers("fail=0");
	t_expect(t_read(fd, text, sizeof(text)), -EIO);
	t_expect(t_close(fd), 0);
}

static void nothing_is_an_empty_file(void **state)
{
	int fd = open_numbers("count=0");

	expect_read(fd, 100, "");
	t_expect(t_close(fd), 0);
}

static void buffer_that_cannot_be_written_is_efault(void **state)
{
	char text[16];
	int fd = open_numbers(NULL);

	t_expect(t_read_raw(fd, T_BAD_ADDR, 8), -EFAULT);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 0), 0);
	t_expect(t_read(fd, text, 9), 9);
	assert_memory_equal(text, "number 0\n", 9);
	t_expect(t_write(fd, "x", 1), -EBADF);
	t_expect(t_close(fd), 0);
}

static void one_record_by_each_function(void **state)
{
	int fd;

	load(NULL);
	fd = t_open(SINGLE, O_RDONLY);
	expect_read(fd, 4096,
		    "text\n18446744073709551615 42, -42\nwide    |wider\n"
		    "a\\040b\\011c\\012d\nbytes\n"
		    "dump 00000000: 00 01 fe 41 7a                                   ...Az\n"
		    "own\n");
	t_expect(t_close(fd), 0);
	fd = t_open(SINGLE, O_RDWR);
	t_expect(t_pwrite(fd, "x", 1, 0), -ESPIPE);
	t_expect(t_write(fd, "x", 1), -EINVAL);
	t_expect(t_close(fd), 0);
}

static void list_with_a_head(void **state)
{
	int fd;

	load(NULL);
	fd = t_open(LIST, O_RDONLY);
	expect_read(fd, 5, "entries:\nfirst\nsecond\nthird\n");
	t_expect(t_close(fd), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(records_come_one_after_another),
		T_TEST(pieces_of_any_size_give_the_same),
		T_TEST(any_position_can_be_read_from),
		T_TEST(position_can_be_set),
		T_TEST(skipped_record_is_not_there),
		T_TEST(record_of_any_size_is_whole),
		T_TEST(error_comes_behind_what_was_read),
		T_TEST(nothing_is_an_empty_file),
		T_TEST(buffer_that_cannot_be_written_is_efault),
		T_TEST(one_record_by_each_function),
		T_TEST(list_with_a_head),
	};

	return t_run("seq_file", tests);
}
