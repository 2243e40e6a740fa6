// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child process and what its parent has open: files that both have are the same
 * files, descriptors are each one's own, and a driver's file lives until the last
 * of them has closed and unmapped it.
 */
#include <sys/mman.h>

#include "../modules/user_memory_test.h"
#include "thing.h"

#define NODE	"/dev/user_memory"
#define WAIT	DIR_TEST "/locking/run"
#define GO	DIR_TEST "/locking/end"
#define PAGE	4096

static int load_value(void)
{
	load_hello();
	return open_it(VALUE, O_RDONLY);
}

/* ---- descriptors --------------------------------------------------------- */

static long read_two(void *fd)
{
	char buf[2];

	return t_read(*(int *)fd, buf, sizeof(buf));
}

static void child_reads_on_in_the_same_file(void **state)
{
	int fd = load_value();
	char buf[8];

	t_expect(t_fork(read_two, &fd), 2);
	t_expect(t_read(fd, buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "llo", 3);
	t_close(fd);
}

static long close_it(void *fd)
{
	return t_close(*(int *)fd);
}

static void child_closes_for_itself(void **state)
{
	int fd = load_value();
	char buf[8];

	t_expect(t_fork(close_it, &fd), 0);
	t_expect(t_read(fd, buf, sizeof(buf)), 5);
	t_close(fd);
	t_expect(t_fork(close_it, &fd), -EBADF);
}

/* It gets the lowest free number. */
static long open_as(void *next)
{
	return t_open(VALUE, O_RDONLY) == *(int *)next;
}

static void child_opens_for_itself(void **state)
{
	int fd = load_value(), next = t_dup(fd);
	char buf[8];

	t_close(next);
	t_expect(t_fork(open_as, &next), true);
	t_expect(t_read(next, buf, sizeof(buf)), -EBADF);
	t_expect(t_fork(open_as, &next), true);
	t_close(fd);
}

static long fork_and_read(void *fd)
{
	return t_close(*(int *)fd) ?: t_fork(read_two, fd);
}

static void child_of_a_child_has_what_that_has(void **state)
{
	int fd = load_value();

	t_expect(t_fork(fork_and_read, &fd), -EBADF);
	t_expect(t_fork(read_two, &fd), 2);
	t_close(fd);
}

/* ---- how long a driver's file lives -------------------------------------- */

static int load_device(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("locking_test", NULL), 0);
	t_expect(t_insmod("user_memory_test", NULL), 0);
	return open_it(NODE, O_RDWR);
}

static long wait_as_child(void *unused)
{
	return t_put(WAIT, "wait");
}

static long fork_and_wait(void *unused)
{
	return t_fork(wait_as_child, NULL);
}

static struct t_task *start_child(void)
{
	struct t_task *child = t_task_start("child", fork_and_wait, NULL);

	t_expect(t_task_wait_blocked(child), true);
	return child;
}

static void end_child(struct t_task *child)
{
	t_expect(t_put(GO, "complete"), 8);
	t_expect(t_task_join(child), 4);
}

static void device_is_open_until_the_child_has_ended(void **state)
{
	int fd = load_device();
	struct t_task *child = start_child();

	t_close(fd);
	t_expect(t_rmmod("user_memory_test"), -EWOULDBLOCK);
	end_child(child);
	t_expect(t_rmmod("user_memory_test"), 0);
}

static void driver_is_told_of_the_childs_mapping(void **state)
{
	int fd = load_device(), err;
	struct t_task *child;
	char *p;

	p = t_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, UT_MAP_TOLD * PAGE, &err);
	t_expect(err, 0);
	t_close(fd);
	clear_log();
	child = start_child();
	expect_log("vm_open told\n");
	t_expect(t_munmap(p, PAGE), 0);
	expect_log("vm_open told\nvm_close told\n");
	t_expect(t_rmmod("user_memory_test"), -EWOULDBLOCK);
	clear_log();
	end_child(child);
	t_expect(t_rmmod("user_memory_test"), 0);
	expect_logged("vm_close told\n");
}

static long touch(void *p)
{
	*(volatile char *)p = 'c';
	return *(volatile char *)p;
}

static void child_sees_the_drivers_page(void **state)
{
	int fd = load_device(), err;
	char *p;

	p = t_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, UT_MAP_TOLD * PAGE, &err);
	t_expect(err, 0);
	p[0] = 'a';
	t_expect(t_fork(touch, p), 'c');
	t_expect(p[0], 'c');
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(child_reads_on_in_the_same_file),
		T_TEST(child_closes_for_itself),
		T_TEST(child_opens_for_itself),
		T_TEST(child_of_a_child_has_what_that_has),
		T_TEST(device_is_open_until_the_child_has_ended),
		T_TEST(driver_is_told_of_the_childs_mapping),
		T_TEST(child_sees_the_drivers_page),
	};

	return t_run("fork", tests);
}
