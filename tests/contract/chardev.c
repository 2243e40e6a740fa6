// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices as a process sees them: numbers, nodes, positions, the
 * ioctls that every file has, poll, and eventfds that a driver is given. What a
 * driver copies and maps is in user_memory.c.
 */
#include <linux/fs.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../modules/chardev_test.h"
#include "mdev_test.h"

#define CHARDEV	DIR_TEST "/chardev"
#define PLAIN	"/dev/chardev_plain"
#define PAGE	4096

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("chardev_test", NULL), 0);
	t_kmsg_flush();
}

static void run(const char *command, long want)
{
	t_expect(t_put(CHARDEV "/do", command), want < 0 ? want : (long)strlen(command));
}

/* ---- numbers --------------------------------------------------------------- */

static void numbers_overlap_only_where_they_are_the_same(void **state)
{
	load();
	run("region 510 4", 0);
	run("region 510 3", -EBUSY);
	run("region 510 4", -EBUSY);
	run("region 510 5", -EBUSY);
	run("region 510 2", 0);
	run("region 510 6", 0);
	run("unregion 510 2", 0);
	run("unregion 510 4", 0);
	run("unregion 510 6", 0);
	run("our_numbers", -EBUSY);
}

static void numbers_that_cannot_be_are_refused(void **state)
{
	load();
	run("region 512 0", -EINVAL);
	assert_true(t_kmsg_has("CHRDEV \"chardev_region\" major requested (512) is greater "
			       "than the maximum (511)"));
	run("too_many", -EINVAL);
	assert_true(t_kmsg_has("CHRDEV \"chardev_many\" minor range requested (1-1048576) is out "
			       "of range of maximum range (0-1048575) for a single major"));
}

static void region_may_run_into_the_next_major(void **state)
{
	load();
	run("region_over", 0);
	run("region_over taken", -EBUSY);
}

static void majors_are_given_until_there_are_none(void **state)
{
	load();
	run("all_majors", -EBUSY);
	assert_true(t_kmsg_has("CHRDEV \"chardev_all\" dynamic allocation region is full"));
}

static void number_without_a_driver_is_enxio(void **state)
{
	load();
	t_expect(t_open("/dev/chardev_empty", O_RDONLY), -ENXIO);
	run("old", 0);
	t_expect(t_close(open_it("/dev/chardev_old", O_RDONLY)), 0);
	run("unold", 0);
	t_expect(t_open("/dev/chardev_old", O_RDONLY), -ENXIO);
	run("unold_node", 0);
	t_expect(t_open("/dev/chardev_old", O_RDONLY), -ENOENT);
}

static void number_zero_is_no_device(void **state)
{
	load();
	t_expect_splat("cdev_add");
	run("number_zero", -EBUSY);
}

/* Seeking tells the two apart: one has no llseek operation. */
static void smaller_range_of_numbers_wins(void **state)
{
	int fd, narrow;

	load();
	run("wide", 0);
	run("narrow", 0);
	narrow = open_it("/dev/chardev_wide", O_RDONLY);
	t_expect(t_lseek(narrow, 1, SEEK_SET), -ESPIPE);
	run("unnarrow", 0);
	t_close(narrow);
	fd = open_it("/dev/chardev_wide", O_RDONLY);
	t_expect(t_lseek(fd, 1, SEEK_SET), 0);
	t_close(fd);
	run("unwide", 0);
}

static void device_of_a_going_module_is_enxio(void **state)
{
	struct t_task *unloader;

	load();
	t_expect(t_close(open_it(PLAIN, O_RDONLY)), 0);
	clear_log();
	hold("exit");
	unloader = t_rmmod_start("chardev_test");
	assert_true(t_task_wait_blocked(unloader));
	/* opened before; never opened; with an owner of its operations only */
	t_expect(t_open(PLAIN, O_RDONLY), -ENXIO);
	t_expect(t_open("/dev/chardev_noop", O_RDONLY), -ENXIO);
	t_expect(t_open("/dev/chardev_ownerless", O_RDONLY), -ENXIO);
	release("exit");
	t_expect(t_task_join(unloader), 0);
	t_expect(t_open(PLAIN, O_RDONLY), -ENOENT);
	/* nor does it get a file of its own any more */
	expect_log("late_file none\n");
}

static void open_file_keeps_the_module(void **state)
{
	int fd;

	load();
	fd = open_it("/dev/chardev_ownerless", O_RDONLY);
	t_expect(t_rmmod("chardev_test"), -EWOULDBLOCK);
	t_close(fd);
	t_expect(t_rmmod("chardev_test"), 0);
}

/* ---- nodes -------------------------------------------------------------------- */

static void exclamation_mark_makes_a_directory(void **state)
{
	struct t_stat st;

	load();
	run("node chardev!deep!down", 0);
	t_expect(t_stat("/dev/chardev/deep/down", &st), 0);
	t_expect(st.mode, 0020600);
	t_expect(t_stat("/dev/chardev/deep", &st), 0);
	t_expect(st.mode, 0040755);
	assert_true(t_exists(DIR_TEST "/chardev!deep!down"));
	expect_list("/dev/chardev/deep", "down");
	run("unnode", 0);
	assert_false(t_exists("/dev/chardev/deep"));
	assert_false(t_exists("/dev/chardev"));
}

/* The device does not fail for it. */
static void node_below_a_node_cannot_be_made(void **state)
{
	load();
	run("node chardev!leaf", 0);
	run("node_below chardev!leaf!below", 0);
	assert_true(t_exists(DIR_TEST "/chardev!leaf!below"));
	t_expect(t_open("/dev/chardev/leaf/below", O_RDONLY), -ENOTDIR);
	run("unnode", 0);
	assert_false(t_exists("/dev/chardev"));
}

/* ---- positions ------------------------------------------------------------------ */

static void data_and_holes_of_a_device_without_a_size(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_lseek(fd, 0, SEEK_DATA), -ENXIO);
	t_expect(t_lseek(fd, 7, SEEK_HOLE), -ENXIO);
	t_expect(t_lseek(fd, -1, SEEK_DATA), -EINVAL);
	t_expect(t_lseek(fd, 5, SEEK_SET), 5);
	t_expect(t_lseek(fd, -1, SEEK_HOLE), 0);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 0);
	t_close(fd);
}

static void seek_that_does_nothing_tells_the_position(void **state)
{
	char buf[8];
	int fd;

	load();
	fd = open_it("/dev/chardev_noop", O_RDONLY);
	t_expect(t_read(fd, buf, 5), 5);
	t_expect(t_lseek(fd, 0, SEEK_SET), 5);
	t_expect(t_read(fd, buf, 5), 5);
	t_expect(t_lseek(fd, -100, SEEK_END), 10);
	t_close(fd);
}

static void file_that_cannot_seek_has_no_positions(void **state)
{
	char buf[8];
	int fd;

	load();
	fd = open_it("/dev/chardev_stream", O_RDONLY);
	t_expect(t_lseek(fd, 0, SEEK_SET), -ESPIPE);
	t_expect(t_pread(fd, buf, 1, 0), -ESPIPE);
	t_expect(t_read(fd, buf, 1), 1);
	t_close(fd);
}

/* The addresses of the upper half are positions below 0. */
static void positions_may_be_unsigned(void **state)
{
	char buf[16];
	int fd;

	load();
	fd = open_it("/dev/chardev_unsigned", O_RDONLY);
	t_expect(t_lseek(fd, -16, SEEK_SET), -16);
	t_expect(t_read(fd, buf, 8), 8);
	t_expect(buf[0], -16);
	t_expect(t_lseek(fd, 0, SEEK_CUR), -8);
	t_expect(t_read(fd, buf, 8), -EOVERFLOW);
	t_expect(t_pread(fd, buf, 16, INT64_MAX - 4), 16);
	t_close(fd);
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_lseek(fd, -16, SEEK_SET), -EINVAL);
	t_expect(t_pread(fd, buf, 16, INT64_MAX - 4), -EINVAL);
	t_close(fd);
}

static void reads_and_writes_move_the_position(void **state)
{
	char buf[16] = "";
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_write(fd, "hello world", 11), 11);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 11);
	t_expect(t_lseek(fd, 6, SEEK_SET), 6);
	t_expect(t_read(fd, buf, 5), 5);
	assert_string_equal(buf, "world");
	/* these two say where, and leave it */
	t_expect(t_pread(fd, buf, 5, 0), 5);
	assert_string_equal(buf, "hello");
	t_expect(t_pwrite(fd, "abcde", 5, 60), 4);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 11);
	t_expect(t_pwrite(fd, "abcde", 5, 64), 0);
	t_expect(t_pread(fd, buf, 5, -1), -EINVAL);
	t_expect(t_lseek(fd, -1, SEEK_SET), -EINVAL);
	t_expect(t_lseek(fd, 0, 99), -EINVAL);
	t_close(fd);
}

static void file_without_operations_says_so(void **state)
{
	char byte;
	int fd, err;

	load();
	fd = open_it("/dev/chardev_bare", O_RDWR);
	t_expect(t_read(fd, &byte, 1), -EINVAL);
	t_expect(t_write(fd, "x", 1), -EINVAL);
	t_expect(t_pread(fd, &byte, 1, 0), -ESPIPE);
	t_expect(t_lseek(fd, 0, SEEK_SET), -ESPIPE);
	t_expect(t_ioctl_raw(fd, CD_FLAGS, 0), -ENOTTY);
	t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 0, &err);
	t_expect(err, -ENODEV);
	/* it is always ready */
	t_expect(t_poll(fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	t_close(fd);
}

static void device_is_no_directory_and_is_there(void **state)
{
	load();
	t_expect(t_open(PLAIN "/below", O_RDONLY), -ENOTDIR);
	t_expect(t_open(PLAIN, O_RDWR | O_CREAT | O_EXCL), -EEXIST);
	t_expect(t_close(t_open(PLAIN, O_RDWR | O_CREAT)), 0);
}

/* ---- ioctls, closing --------------------------------------------------------------- */

static void ioctls_that_every_file_has(void **state)
{
	int fd, on = 1, off = 0, n = 0;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_ioctl(fd, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(n, PAGE);
	/* of regular files only; the driver does not know it */
	t_expect(t_ioctl(fd, FIONREAD, &n, sizeof(n)), -ENOTTY);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 0);
	t_expect(t_ioctl(fd, FIONBIO, &on, sizeof(on)), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 1);
	t_expect(t_ioctl(fd, FIONBIO, &off, sizeof(off)), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 0);
	t_expect(t_ioctl_raw(fd, FIONBIO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, FIOCLEX, 0), 0);
	t_expect(t_ioctl_raw(fd, FIONCLEX, 0), 0);
	/* nobody is to be told, so that stays off */
	t_expect(t_ioctl(fd, FIOASYNC, &off, sizeof(off)), 0);
	t_expect(t_ioctl(fd, FIOASYNC, &on, sizeof(on)), -ENOTTY);
	t_expect(t_ioctl_raw(fd, FIOASYNC, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, 0x6399, 0), -ENOTTY);
	t_close(fd);
}

static void opened_without_blocking_it_does_not_block(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR | O_NONBLOCK);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 1);
	t_close(fd);
}

static void driver_sees_flags_that_are_changed_later(void **state)
{
	int fd, copy;

	load();
	fd = open_it(PLAIN, O_RDWR | O_NONBLOCK);
	t_expect(t_fcntl(fd, F_SETFL, 0), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 0);
	copy = t_fcntl(fd, F_DUPFD_CLOEXEC, fd + 3);
	t_expect(copy == fd + 3, true);
	t_expect(t_fcntl(copy, F_SETFL, O_NONBLOCK | O_RDONLY), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 1);
	t_expect(t_fcntl(fd, F_SETFL, O_DIRECT), -EINVAL);
	t_expect(t_ioctl(copy, CD_FLAGS, NULL, 0), 1);
	t_close(copy);
	t_close(fd);
}

static void device_without_splice_is_neither_sent_nor_copied(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_sendfile(fd, fd, NULL, 1), -EINVAL);
	t_expect(t_copy_file_range(fd, NULL, fd, NULL, 1, 0), -EINVAL);
	t_close(fd);
	t_expect(t_access(PLAIN, 4 | 2), 0);
	t_expect(t_access(PLAIN, 1), -EACCES);
}

static void error_of_the_flush_is_the_closes(void **state)
{
	char buf[4];
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	answer("flush -5");
	t_expect(t_close(fd), -EIO);
	/* closed it is all the same */
	t_expect(t_read(fd, buf, 1), -EBADF);
	answer("flush 0");
	t_expect(t_rmmod("chardev_test"), 0);
}

static void anonymous_file_reads_and_seeks_but_has_no_pread(void **state)
{
	int fd, anon, n = 0;
	char buf[16];

	load();
	fd = open_it(PLAIN, O_RDONLY);
	anon = t_ioctl(fd, CD_ANON, NULL, 0);
	t_expect(anon >= 0, true);
	t_expect(t_ioctl(anon, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(n, PAGE);
	t_close(fd);
	/* which keeps the module by itself */
	t_expect(t_rmmod("chardev_test"), -EWOULDBLOCK);
	t_expect(t_read(anon, buf, 4), 4);
	assert_memory_equal(buf, "anon", 4);
	t_expect(t_pread(anon, buf, 4, 0), -ESPIPE);
	t_expect(t_write(anon, buf, 4), -EBADF);
	t_expect(t_lseek(anon, 2, SEEK_SET), 2);
	t_expect(t_read(anon, buf, sizeof(buf)), 7);
	assert_memory_equal(buf, "onymous", 7);
	t_expect(t_ioctl_raw(anon, CD_FLAGS, 0), -ENOTTY);
	t_close(anon);
}

/* A release runs when the call is over that put the file, not under its locks. */
static void release_waits_for_the_end_of_the_call(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl_raw(fd, CD_FPUT, 0), 0);
	t_close(fd);
}

/* ---- poll, eventfds ------------------------------------------------------------------- */

static long poll_main(void *fd)
{
	return t_poll(*(int *)fd, POLLIN, -1);
}

static void poll_waits_for_the_device(void **state)
{
	struct t_task *task;
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_poll(fd, POLLIN, 0), 0);
	t_expect(t_poll(fd, POLLIN, 1), 0);
	task = t_task_start("poll", poll_main, &fd);
	t_expect(t_task_wait_blocked(task), true);
	t_expect(t_ioctl_raw(fd, CD_READABLE, 1), 0);
	t_expect(t_task_join(task), POLLIN);
	t_expect(t_poll(fd, POLLIN | POLLOUT, -1), POLLIN);
	t_expect(t_ioctl_raw(fd, CD_READABLE, 0), 0);
	t_close(fd);
}

static void signal_ends_a_poll(void **state)
{
	struct t_task *task;
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	task = t_task_start("poll", poll_main, &fd);
	t_expect(t_task_wait_blocked(task), true);
	t_task_interrupt(task);
	t_expect(t_task_join(task), -EINTR);
	t_close(fd);
}

static void eventfd_is_signalled_after_its_close(void **state)
{
	int fd, real = t_eventfd(), other = t_eventfd();

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl_raw(fd, CD_EVENTFD, real), 0);
	t_expect(t_ioctl_raw(fd, CD_SAME_EVENTFD, real), 1);
	t_expect(t_ioctl_raw(fd, CD_SAME_EVENTFD, other), 0);
	t_expect(t_ioctl_raw(fd, CD_SIGNAL, 0), 0);
	t_expect(t_ioctl_raw(fd, CD_SIGNAL, 0), 0);
	t_expect(t_eventfd_take(real), 2);
	close(real);
	t_expect(t_ioctl_raw(fd, CD_SIGNAL, 0), 0);
	t_expect(t_ioctl_raw(fd, CD_DROP_EVENTFD, 0), 0);
	t_expect(t_eventfd_take(other), 0);
	close(other);
	t_close(fd);
}

static void what_is_no_eventfd_is_refused(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl_raw(fd, CD_EVENTFD, -1UL), -EBADF);
	t_expect(t_ioctl_raw(fd, CD_EVENTFD, 999999), -EBADF);
	t_expect(t_ioctl_raw(fd, CD_EVENTFD, fd), -EINVAL);
	t_close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(numbers_overlap_only_where_they_are_the_same),
		T_TEST(numbers_that_cannot_be_are_refused),
		T_TEST(region_may_run_into_the_next_major),
		T_TEST(majors_are_given_until_there_are_none),
		T_TEST(number_without_a_driver_is_enxio),
		T_TEST(number_zero_is_no_device),
		T_TEST(smaller_range_of_numbers_wins),
		T_TEST(device_of_a_going_module_is_enxio),
		T_TEST(open_file_keeps_the_module),
		T_TEST(exclamation_mark_makes_a_directory),
		T_TEST(node_below_a_node_cannot_be_made),
		T_TEST(data_and_holes_of_a_device_without_a_size),
		T_TEST(seek_that_does_nothing_tells_the_position),
		T_TEST(file_that_cannot_seek_has_no_positions),
		T_TEST(positions_may_be_unsigned),
		T_TEST(reads_and_writes_move_the_position),
		T_TEST(file_without_operations_says_so),
		T_TEST(device_is_no_directory_and_is_there),
		T_TEST(ioctls_that_every_file_has),
		T_TEST(opened_without_blocking_it_does_not_block),
		T_TEST(driver_sees_flags_that_are_changed_later),
		T_TEST(device_without_splice_is_neither_sent_nor_copied),
		T_TEST(error_of_the_flush_is_the_closes),
		T_TEST(anonymous_file_reads_and_seeks_but_has_no_pread),
		T_TEST(release_waits_for_the_end_of_the_call),
		T_TEST(poll_waits_for_the_device),
		T_TEST(signal_ends_a_poll),
		T_TEST(eventfd_is_signalled_after_its_close),
		T_TEST(what_is_no_eventfd_is_refused),
	};

	return t_run("chardev", tests);
}
